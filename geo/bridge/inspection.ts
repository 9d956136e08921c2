/** When a bridge's structure is to be looked at again (巡检周期), as a light. Pure: the day is given. */
import type { LightColour } from '../light/light.ts'
import { dayNumber } from '../month/day.ts'
import { formatDate, type Lang } from '../number/in-words.ts'

/** So many days before it is due, a bridge is told to be coming up. */
export const NOTICE_DAYS = 30

export interface Inspection {
  light: LightColour
  /** ISO date: the last day on which it is still in time; null: it was never inspected, or nobody says how often it is to be. */
  due: string | null
  /** Days until it is due; negative: it has been due for so long. */
  days: number | null
}

/** A date so many months later; the month's last day where it has no such day. */
export function monthsAfter(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))).toISOString().slice(0, 10)
}

/**
 * Within the cycle green, due within {@link NOTICE_DAYS} yellow, overdue or never inspected red: nobody has seen whether it holds. Grey where no
 * cycle is given. An inspection after the day that is asked about is not known then.
 */
export function inspectionOf({ cycle, inspectedOn }: Record<string, unknown>, today: string): Inspection {
  if (typeof cycle !== 'number' || !(cycle >= 1)) return { light: 'grey', due: null, days: null }
  if (typeof inspectedOn !== 'string' || inspectedOn > today) return { light: 'red', due: null, days: null }
  const due = monthsAfter(inspectedOn, Math.trunc(cycle))
  const days = dayNumber(due) - dayNumber(today)
  return { light: days < 0 ? 'red' : days <= NOTICE_DAYS ? 'yellow' : 'green', due, days }
}

/** Why: 应于2023年8月12日前检查，已过期 34 天. */
export function inspectionText({ light, due, days }: Inspection, lang: Lang): string {
  const en = lang === 'en'
  if (due === null || days === null) return light === 'grey' ? (en ? 'No inspection cycle given' : '没有检查周期') : en ? 'Never inspected' : '没有检查记录'
  const day = formatDate(due, lang)
  if (days < 0) return en ? `Due by ${day}, overdue for ${-days} days` : `应于${day}前检查，已过期 ${-days} 天`
  return en ? `Due by ${day}, in ${days} days` : `应于${day}前检查，还有 ${days} 天`
}
