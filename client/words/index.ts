/**
 * The screens' words. zh-CN.ts is the source, en.ts has the same keys by its type. Words of the lazy screens stand in screens.zh-CN.ts
 * and screens.en.ts and come with those screens (router.ts), so that the first screen stays small.
 */
import { createI18n } from 'vue-i18n'
import type { Lang } from '../view/view.ts'
import type screensZh from './screens.zh-CN.ts'
import zh from './zh-CN.ts'

type Words<T> = { readonly [K in keyof T]: T[K] extends string ? string : Words<T[K]> }
/** What en.ts must have: the same tree, other strings. */
export type MainWords = Words<typeof zh>
export type ScreenWords = Words<typeof screensZh>

declare module 'vue-i18n' {
  export interface DefineLocaleMessage extends MainWords, ScreenWords {}
}

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh } as never,
  missingWarn: import.meta.env?.DEV ?? false,
  fallbackWarn: false,
})

/** For code outside of components. */
export const { t } = i18n.global as unknown as { t: Translate }
type Translate = (key: string, params?: Record<string, string | number>) => string

let screensWanted = false
const loaded = new Set<string>()

/** Loads what a language still lacks and switches to it; screens' words only once a screen has wanted them. */
export async function speak(lang: Lang): Promise<void> {
  const main = `main ${lang}`
  if (lang === 'en' && !loaded.has(main)) {
    i18n.global.mergeLocaleMessage('en', (await import('./en.ts')).default)
    loaded.add(main)
  }
  const screens = `screens ${lang}`
  if (screensWanted && !loaded.has(screens)) {
    const words = lang === 'en' ? await import('./screens.en.ts') : await import('./screens.zh-CN.ts')
    i18n.global.mergeLocaleMessage(lang, words.default)
    loaded.add(screens)
  }
  i18n.global.locale.value = lang
  document.documentElement.lang = lang
}

/** For the lazy screens: their words, in the language given. */
export function speakOnScreens(lang: Lang): Promise<void> {
  screensWanted = true
  return speak(lang)
}
