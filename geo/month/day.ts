/**
 * Days: ISO dates (`2023-06-20`) as whole numbers, so that rules can count them. A date is a day of the calendar and knows no time zone;
 * only an instant (a date-time) needs one to become a day, and China has kept one clock, UTC+8, all over the country.
 */

const DAY_MS = 86_400_000
const CHINA_AHEAD_MS = 8 * 3_600_000

/**
 * The number of an ISO date, counted in days from 1970-01-01 (which is 0); the next day's is one more.
 * @throws RangeError for anything that is not a date of the calendar (`2023-02-30`)
 */
export function dayNumber(date: string): number {
  const ms = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10)))
  const day = ms / DAY_MS
  if (!Number.isInteger(day) || isoDay(day) !== date) throw new RangeError(`not an ISO date: ${date}`)
  return day
}

/** Days already written: hundreds of lights name the same few. */
const written = new Map<number, string>()
const WRITTEN_MAX = 4000

/** The ISO date of a day's number. */
export function isoDay(day: number): string {
  const known = written.get(day)
  if (known !== undefined) return known
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10)
  if (written.size < WRITTEN_MAX) written.set(day, date)
  return date
}

/** The day after an ISO date: the first on which something due on it has passed. */
export function dayAfter(date: string): string {
  return isoDay(dayNumber(date) + 1)
}

/**
 * The day on which an instant fell by China's clock: `2023-09-30T16:30:00Z` is 1 October. Without an offset the text is taken as it
 * stands, by China's clock already.
 * @throws RangeError for anything that is not a date-time
 */
export function dayOfInstant(instant: string): string {
  if (!/(Z|[+-]\d\d:?\d\d)$/.test(instant) || instant.endsWith('+08:00')) return instant.slice(0, 10)
  return new Date(Date.parse(instant) + CHINA_AHEAD_MS).toISOString().slice(0, 10)
}
