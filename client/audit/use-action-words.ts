import { useI18n } from 'vue-i18n'

/** What the trail's nouns, actions and actors without an account are called; what has no words of its own here keeps its key. */
export function useActionWords() {
  const { t, te } = useI18n()
  const words = (key: string) => (te(key) || te(key, 'zh-CN') ? t(key) : null)
  const noun = (key: string) => words(`audit.noun.${key}`) ?? key
  const action = (key: string) => {
    const [first = '', ...rest] = key.split('.')
    if (rest.length === 0) return noun(first)
    const verb = rest.at(-1)!
    return t('audit.phrase', { noun: words(`audit.noun.${first}`) ?? rest.slice(0, -1).concat(first).join('.'), verb: words(`audit.verb.${verb}`) ?? verb })
  }
  const system = (actor: string) => words(`audit.system.${actor.replace(/\W+/g, '-')}`)
  return { noun, action, system }
}
