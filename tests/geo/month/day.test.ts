import { describe, expect, it } from 'vitest'
import { dayAfter, dayNumber, dayOfInstant, isoDay } from '../../../geo/month/day.ts'
import {
  lastMonthEnd,
  lastMonthOver,
  monthAfter,
  monthBefore,
  monthEnd,
  monthsWithDates,
} from '../../../geo/month/month.ts'

describe('days', () => {
  it('should count days across the ends of months, leap days and years', () => {
    expect(dayNumber('1970-01-01')).toBe(0)
    expect(dayNumber('2023-03-01') - dayNumber('2023-02-28')).toBe(1)
    expect(dayNumber('2024-03-01') - dayNumber('2024-02-28')).toBe(2)
    expect(dayAfter('2023-12-31')).toBe('2024-01-01')
    expect(isoDay(dayNumber('2023-06-20'))).toBe('2023-06-20')
  })

  it.each(['2023-02-30', '2023-13-01', '2023-6-1', '', '今天'])('should refuse %j, which is no date', (text) => {
    expect(() => dayNumber(text)).toThrow(RangeError)
  })

  it.each([
    ['2023-09-30T16:30:00Z', '2023-10-01'],
    ['2023-09-30T15:59:59.000Z', '2023-09-30'],
    ['2023-10-01T00:10:00+08:00', '2023-10-01'],
    ['2023-09-30T18:30:00+02:00', '2023-10-01'],
    ['2023-09-30 23:00:00', '2023-09-30'],
  ])('should put %s on %s by the clock of China', (instant, day) => {
    expect(dayOfInstant(instant)).toBe(day)
  })
})

describe('months', () => {
  it('should step over the turn of the year', () => {
    expect(monthBefore('2023-01')).toBe('2022-12')
    expect(monthAfter('2023-12')).toBe('2024-01')
    expect(monthEnd('2024-02')).toBe('2024-02-29')
  })

  it('should compare with the end of the month before', () => {
    expect(lastMonthEnd('2023-03-31')).toBe('2023-02-28')
    expect(lastMonthEnd('2023-03-01')).toBe('2023-02-28')
  })

  it('should count a month as over on its last day', () => {
    expect(lastMonthOver('2023-09-30')).toBe('2023-09')
    expect(lastMonthOver('2023-09-29')).toBe('2023-08')
  })

  it('should give every month of a year its dates, the last in the next year', () => {
    const months = monthsWithDates(2023)
    expect(months).toHaveLength(12)
    expect(months[11]).toEqual({ id: '2023-12', opensOn: '2023-12-25', dueOn: '2024-01-05', closesOn: '2024-01-10', closedOn: null })
  })
})
