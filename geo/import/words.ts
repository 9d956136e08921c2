/** A sentence in both languages, as the server sends it. */
export interface Words {
  'zh-CN': string
  en: string
}
