/**
 * Working days: Monday to Friday, but for the days that a calendar says otherwise of: holidays, and weekend days worked in exchange (调休).
 * The calendar is data; a day that it does not name is what the week makes of it.
 */
import { dayNumber, isoDay } from './day.ts'

/** A day that is not what the week makes of it, or has a name. */
export interface CalendarDay {
  /** ISO date. */
  day: string
  working: boolean
  /** 国庆节; of a day worked in exchange, the holiday that it is worked for. */
  name: string
}

/** The exceptions by date. */
export type Calendar = ReadonlyMap<string, boolean>

export function calendarOf(days: readonly Pick<CalendarDay, 'day' | 'working'>[]): Calendar {
  return new Map(days.map(({ day, working }) => [day, working]))
}

/** 1970-01-01, day 0, was a Thursday. */
const isWeekend = (day: number) => (((day + 4) % 7) + 7) % 7 % 6 === 0

export function isWorkday(calendar: Calendar, date: string): boolean {
  return calendar.get(date) ?? !isWeekend(dayNumber(date))
}

/** Further than any holiday reaches, so that a calendar without a working day ends the search. */
const FURTHEST = 400

/**
 * The date that lies `count` working days after a date (before it, when negative); 0: the date itself if it is one, else the next.
 * @throws RangeError where the calendar has no such day within a year
 */
export function workdayFrom(calendar: Calendar, date: string, count: number): string {
  let day = dayNumber(date)
  const step = count < 0 ? -1 : 1
  let left = Math.abs(count)
  for (let i = 0; i < FURTHEST + left * 7; i++) {
    if (left === 0 && isWorkday(calendar, isoDay(day))) return isoDay(day)
    day += step
    if (left > 0 && isWorkday(calendar, isoDay(day))) left--
  }
  throw new RangeError('the calendar has no working day')
}

/** How many working days lie after `from`, up to and with `to`; 0 when `to` is not later. */
export function workdaysBetween(calendar: Calendar, from: string, to: string): number {
  let count = 0
  for (let day = dayNumber(from) + 1; day <= dayNumber(to); day++) if (isWorkday(calendar, isoDay(day))) count++
  return count
}

/** The days of holidays as they are announced: the holiday's own days, and those worked for it. */
export function daysOfHolidays(holidays: readonly { name: string; from: string; to: string; worked: readonly string[] }[]): CalendarDay[] {
  return holidays.flatMap(({ name, from, to, worked }) => {
    const off = Array.from({ length: dayNumber(to) - dayNumber(from) + 1 }, (_, i) => ({ day: isoDay(dayNumber(from) + i), working: false, name }))
    return [...off, ...worked.map((day) => ({ day, working: true, name }))]
  })
}
