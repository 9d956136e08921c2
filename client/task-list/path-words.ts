/** Paths and values of corrections in words. */
import { useI18n } from 'vue-i18n'

/** `tasks/14/measures/14.1/quotas/赵巷镇/target` → 任务 14 · 指标 14.1 · 赵巷镇 · 任务量. */
export function usePathWords(): (path: string) => string {
  const { t, te } = useI18n()
  return (path) => {
    const [, task, ...rest] = path.split('/').map(decode)
    const words = task === undefined ? [] : [t('taskList.taskNo', { no: task })]
    for (let i = 0; i < rest.length; i++) {
      const part = rest[i]!
      if (part === 'measures' && rest[i + 1]) words.push(t('taskList.measureNo', { id: rest[++i]! }))
      else if (part === 'quotas' && rest[i + 1]) words.push(rest[++i]!)
      else words.push(te(`taskList.field.${part}`) ? t(`taskList.field.${part}`) : part)
    }
    return words.join(' · ') || path
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** A value that was read or corrected, for people. */
export function useValueWords(): (value: unknown) => string {
  const { t } = useI18n()
  const words = (value: unknown): string => {
    if (value === null || value === undefined || value === '') return t('taskList.nothing')
    if (Array.isArray(value)) return value.map(words).join('、')
    if (typeof value !== 'object') return String(value)
    const { town, target, name } = value as { town?: unknown; target?: unknown; name?: unknown }
    return [town, target, name]
      .filter((part) => part !== undefined && part !== null)
      .map(String)
      .join(' ')
  }
  return words
}
