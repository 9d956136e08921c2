/** Months (月度): the reporting periods; ids are ISO, `2023-09`. */

export interface Month {
  id: string
  /** ISO dates: open for reporting from, reports due on, to be closed on, closed on (null: not closed). */
  opensOn: string
  dueOn: string
  closesOn: string
  closedOn: string | null
}

export const MONTH_STATES = ['unopened', 'open', 'closed'] as const
export type MonthState = (typeof MONTH_STATES)[number]

/** A month's state on a day: a closed one stays closed until somebody reopens it. */
export function monthState(month: Pick<Month, 'opensOn' | 'closedOn'>, today: string): MonthState {
  if (month.closedOn !== null) return 'closed'
  return month.opensOn <= today ? 'open' : 'unopened'
}

/** The twelve month ids of a year. */
export function monthsOf(year: number): string[] {
  return Array.from({ length: 12 }, (_, i) => `${year}-${String(i + 1).padStart(2, '0')}`)
}

/** Last day of a month as an ISO date. */
export function monthEnd(month: string): string {
  const [year, m] = month.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, m, 0)).toISOString().slice(0, 10)
}

/** The month that an ISO date lies in. */
export function monthOf(date: string): string {
  return date.slice(0, 7)
}

/** The month before; January's is the December of the year before. */
export function monthBefore(month: string): string {
  return shiftMonth(month, -1)
}

/** The month after. */
export function monthAfter(month: string): string {
  return shiftMonth(month, 1)
}

function shiftMonth(month: string, by: number): string {
  const [year, m] = month.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, m - 1 + by, 1)).toISOString().slice(0, 7)
}

/** The newest month that is over by the end of a day: the day's own if it is the month's last. */
export function lastMonthOver(date: string): string {
  const month = monthOf(date)
  return monthEnd(month) === date ? month : monthBefore(month)
}

/** The last day of the month before the one that a date lies in: what "against last month" compares with. */
export function lastMonthEnd(date: string): string {
  return monthEnd(monthBefore(monthOf(date)))
}

/**
 * A year's twelve months with the dates an installation starts with: reporting opens on the 25th, is due on the 5th and is to be closed on
 * the 10th of the next month. They are data from then on; a person closes.
 */
export function monthsWithDates(year: number): Month[] {
  return monthsOf(year).map((id) => ({
    id,
    opensOn: `${id}-25`,
    dueOn: `${monthAfter(id)}-05`,
    closesOn: `${monthAfter(id)}-10`,
    closedOn: null,
  }))
}
