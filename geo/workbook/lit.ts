/** Lights as cells: colour, shape and word; and whether anything is known at all. */
import { LIGHTS, type LightColour } from '../light/light.ts'
import type { LightCounts, TaskLight } from '../light/task-light.ts'
import type { Lang } from '../number/in-words.ts'
import type { SheetCell } from './sheet.ts'
import { WORKBOOK_WORDS } from './words.ts'

/** Trouble first. */
export const BY_TROUBLE: readonly LightColour[] = [...LIGHTS].reverse()

/** Nothing was ever approved for any of its measures. */
export function isUnknown({ lights }: Pick<TaskLight, 'lights'>): boolean {
  return lights.every(({ done }) => done === null)
}

/** A task's light in a unit. Null: it has no quota there, and the cell stays empty. */
export function lightCell(light: TaskLight | null, lang: Lang): SheetCell {
  const words = WORKBOOK_WORDS[lang]
  if (!light) return { value: null }
  const marks = [isUnknown(light) && words.noData, light.wasRed && words.wasRed, light.late && words.late].filter(Boolean)
  return { value: [words.light[light.light], ...marks].join(' '), light: light.light, align: 'center' }
}

/** 红 3，黄 2，绿 7: what is nought is left out. */
export function countsText(counts: LightCounts, lang: Lang): string {
  const words = WORKBOOK_WORDS[lang].lightShort
  return BY_TROUBLE.filter((light) => counts[light] > 0).map((light) => `${words[light]} ${counts[light]}`).join(lang === 'en' ? ', ' : '，')
}
