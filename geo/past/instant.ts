/**
 * 往日: what stood at an instant. Whoever asks names a day, which means its end by China's clock, or an instant. Pure; now is an argument.
 */
import type { FeatureAct } from '../layer/layer.ts'
import { dayNumber, dayOfInstant } from '../month/day.ts'

export const INSTANT_FAULTS = {
  form: { zh: '应为日期（如 2023-06-30）或带时区的时刻', en: 'must be a date such as 2023-06-30, or an instant with its offset' },
  future: { zh: '还没有到', en: 'is yet to come' },
} as const
export type InstantFault = keyof typeof INSTANT_FAULTS

export interface Instant {
  /** ISO text; what was done at it counts. */
  at: string
  /** The day that it lies in. */
  day: string
}

/** The years that a plan can be of. */
const [EARLIEST, LATEST] = ['1900', '3000']

/** The instant that a text names, or what is wrong with the text. Of today only what has been until now can be asked for. */
export function readInstant(text: string, now: string): Instant | InstantFault {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) {
    if (!isDay(text)) return 'form'
    const today = dayOfInstant(now)
    if (text > today) return 'future'
    return { at: text === today ? now : endOfDay(text), day: text }
  }
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/.test(text) || !isDay(text.slice(0, 10)) || Number.isNaN(Date.parse(text))) return 'form'
  if (Date.parse(text) > Date.parse(now)) return 'future'
  return { at: text, day: dayOfInstant(text) }
}

/** The end of a day by China's clock, to the microsecond: that is what the database counts in. */
export const endOfDay = (day: string): string => `${day}T23:59:59.999999+08:00`

function isDay(date: string): boolean {
  if (date < EARLIEST || date >= LATEST) return false
  try {
    return dayNumber(date) >= -Infinity
  } catch {
    return false
  }
}

/** Of a feature's history, oldest first, the version that stood at an instant; null: it was not there yet, or not any more. */
export function stoodAt<V extends { at: string; act: FeatureAct }>(versions: readonly V[], at: string): V | null {
  const last = versions.findLast((version) => Date.parse(version.at) <= Date.parse(at))
  return last && last.act !== 'delete' ? last : null
}
