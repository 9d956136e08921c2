/**
 * 月调度: the office sets a month's dates, closes it, which freezes it, and reopens it only with a reason. Pure: from the months and today
 * to what may be done and why not.
 */
import { monthEnd, type Month } from './month.ts'

/** What can be done to a month; each leaves a line that stays. */
export const MONTH_ACTS = {
  dates: { zh: '调整日期', en: 'change the dates' },
  close: { zh: '关账', en: 'close' },
  reopen: { zh: '重开', en: 'reopen' },
} as const
export type MonthAct = keyof typeof MONTH_ACTS

export const MONTH_REFUSALS = {
  'not-over': { zh: '本月还没有结束', en: 'the month is not over yet' },
  'earlier-open': { zh: '前面的月份还没有关账，请按月份先后关账', en: 'an earlier month is still open; months close in their order' },
  closed: { zh: '本月已经关账', en: 'the month is closed already' },
  'not-closed': { zh: '本月没有关账', en: 'the month is not closed' },
} as const
export type MonthRefusal = keyof typeof MONTH_REFUSALS

/** Why a month cannot be closed on a day; null: it can. Figures add up over the year, so months close one after the other. */
export function refusalOfClosing(month: Month, months: readonly Month[], today: string): MonthRefusal | null {
  if (month.closedOn !== null) return 'closed'
  if (today < monthEnd(month.id)) return 'not-over'
  return months.some((earlier) => earlier.id < month.id && earlier.closedOn === null) ? 'earlier-open' : null
}

export function refusalOfReopening(month: Pick<Month, 'closedOn'>): MonthRefusal | null {
  return month.closedOn === null ? 'not-closed' : null
}

export const DATE_FAULTS = {
  order: { zh: '应依次为：开放、截止、关账', en: 'opening, due and closing must follow each other' },
  early: { zh: '不能早于本月第一天开放', en: 'it cannot open before the month begins' },
} as const

/** What is wrong with a month's dates; null: nothing. */
export function faultOfDates(id: string, dates: Pick<Month, 'opensOn' | 'dueOn' | 'closesOn'>): keyof typeof DATE_FAULTS | null {
  if (dates.opensOn < `${id}-01`) return 'early'
  return dates.opensOn <= dates.dueOn && dates.dueOn <= dates.closesOn ? null : 'order'
}
