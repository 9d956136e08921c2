import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayNumber, isoDay } from '../../../geo/month/day.ts'
import { calendarOf, daysOfHolidays, isWorkday, workdayFrom, workdaysBetween } from '../../../geo/month/workday.ts'

const { holidays } = JSON.parse(readFileSync(new URL('../../../seeds/calendar/china.json', import.meta.url), 'utf8')) as { holidays: Parameters<typeof daysOfHolidays>[0] }
const days = daysOfHolidays(holidays)
const calendar = calendarOf(days)
const none = calendarOf([])

describe('working days', () => {
  it.each([
    ['2023-10-06', false], // Friday of the national holiday
    ['2023-10-07', true], // Saturday, worked in exchange
    ['2023-10-08', true],
    ['2023-10-09', true],
    ['2023-06-24', false],
    ['2023-06-25', true],
    ['2024-02-18', true],
    ['2025-01-26', true],
    ['2026-02-23', false],
    ['2026-02-28', true],
    ['2026-09-20', true],
    ['2023-07-01', false], // a plain Saturday
  ])('should know of %s whether it is worked: %s', (day, working) => {
    expect(isWorkday(calendar, day)).toBe(working)
  })

  it('should count over a long holiday', () => {
    expect(workdayFrom(calendar, '2023-09-28', 1)).toBe('2023-10-07')
    expect(workdayFrom(calendar, '2023-10-07', -1)).toBe('2023-09-28')
    expect(workdayFrom(calendar, '2023-10-01', 0)).toBe('2023-10-07')
    expect(workdayFrom(none, '2023-10-06', 1)).toBe('2023-10-09')
    expect(workdaysBetween(calendar, '2023-09-28', '2023-10-09')).toBe(3)
    expect(workdaysBetween(calendar, '2023-10-09', '2023-09-28')).toBe(0)
  })

  it('should count forth and back to the same working day', () => {
    const worked = fc.integer({ min: dayNumber('2023-01-03'), max: dayNumber('2026-11-30') }).map(isoDay).filter((day) => isWorkday(calendar, day))
    fc.assert(
      fc.property(worked, fc.integer({ min: 1, max: 60 }), (day, count) => {
        const there = workdayFrom(calendar, day, count)
        expect(workdayFrom(calendar, there, -count)).toBe(day)
        expect(workdaysBetween(calendar, day, there)).toBe(count)
      }),
      { numRuns: 200 },
    )
  })

  it('should name only weekend days as worked in exchange, and no day twice', () => {
    for (const { day, working } of days) if (working) expect(isWorkday(none, day), day).toBe(false)
    expect(new Set(days.map(({ day }) => day)).size).toBe(days.length)
  })

  it('should not search for ever where no day is worked', () => {
    const closed = calendarOf(Array.from({ length: 1000 }, (_, i) => ({ day: isoDay(dayNumber('2023-01-01') + i), working: false })))
    expect(() => workdayFrom(closed, '2023-01-05', 1)).toThrow(RangeError)
  })
})
