import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import type { Task } from '../../geo/plan/plan.ts'

/** Pinyin of Chinese texts by task number: whole syllables and their initials, `wendingliangshi wdls`. */
type Index = ReadonlyMap<number, string>

/**
 * Words to look tasks up by in Latin letters. The dictionary is large, so it comes only when a search has letters in it.
 * @returns a function that gives a task's pinyin, empty until the dictionary is there
 */
export function usePinyin(tasks: () => readonly Task[], search: () => string): ComputedRef<(task: Task) => string> {
  const index = shallowRef<{ of: readonly Task[]; index: Index } | null>(null)
  watch(
    [tasks, search],
    async ([list, text]) => {
      if (!/[a-z]/i.test(text) || index.value?.of === list) return
      const { pinyin } = await import('pinyin-pro')
      const spell = (words: string) => {
        const syllables = pinyin(words, { toneType: 'none', type: 'array', nonZh: 'removed', v: true })
        return `${syllables.join('')} ${syllables.map((syllable) => syllable[0]).join('')}`
      }
      index.value = {
        of: list,
        index: new Map(list.map((task) => [task.no, [task.name, ...task.leads].map(spell).join(' ')])),
      }
    },
    { immediate: true },
  )
  return computed(() => {
    const known = index.value?.index
    return (task) => known?.get(task.no) ?? ''
  })
}
