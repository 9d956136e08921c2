import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectedShare, scheduleOf, stepPassed } from '../../../geo/light/schedule.ts'
import { dayNumber, isoDay } from '../../../geo/month/day.ts'
import { measureOf, RICE_MILESTONES, YEAR } from './fixture.ts'

const expected = (date: string, deadline: string | null, milestones = [] as typeof RICE_MILESTONES) =>
  expectedShare(scheduleOf(measureOf({ milestones }), deadline, YEAR.plan), dayNumber(date))

describe('the expected share', () => {
  it.each([
    ['2022-12-31', 0],
    ['2023-01-01', 0],
    ['2023-01-02', 1 / 364],
    ['2023-07-02', 182 / 364],
    ['2023-09-30', 272 / 364],
    ['2023-12-30', 363 / 364],
    ['2023-12-31', 1],
    ['2024-03-01', 1],
  ])('should be linear from the first day to the deadline: %s → %f', (date, share) => {
    expect(expected(date, '2023-12-31')).toBeCloseTo(share, 12)
  })

  it('should reach 1 on the deadline of the task and stay there', () => {
    expect(expected('2023-10-30', '2023-10-31')).toBeLessThan(1)
    expect(expected('2023-10-31', '2023-10-31')).toBe(1)
    expect(expected('2023-11-01', '2023-10-31')).toBe(1)
  })

  it('should take the last day of the plan where no deadline was understood', () => {
    expect(expected('2023-09-30', null)).toBe(expected('2023-09-30', '2023-12-31'))
  })

  it.each([
    ['2023-01-01', 0],
    ['2023-03-27', 0.425],
    ['2023-06-20', 0.85],
    ['2023-11-30', 1],
    ['2023-12-15', 1],
  ])('should run through the milestones of the rice: %s → %f', (date, share) => {
    expect(expected(date, '2023-12-31', RICE_MILESTONES)).toBeCloseTo(share, 12)
  })

  it('should run on from the last milestone to 1 on the deadline', () => {
    const [planting] = RICE_MILESTONES
    expect(expected('2023-12-31', '2023-12-31', [planting!])).toBe(1)
    expect(expected('2023-09-25', '2023-12-31', [planting!])).toBeCloseTo(0.925, 12)
  })

  it('should never ask for less than an earlier milestone asked for', () => {
    const falling = [
      { name: 'a', due: '2023-03-31', share: 0.6, source: null },
      { name: 'b', due: '2023-06-30', share: 0.4, source: null },
    ]
    expect(expected('2023-06-30', '2023-12-31', falling)).toBe(0.6)
  })

  it('should leave aside milestones after the deadline and before the start', () => {
    const outside = [
      { name: 'a', due: '2022-12-01', share: 0.6, source: null },
      { name: 'b', due: '2023-11-30', share: 0.7, source: null },
    ]
    expect(expected('2023-05-01', '2023-10-31', outside)).toBe(expected('2023-05-01', '2023-10-31'))
  })

  it('should never fall and stay within 0 and 1, whatever the milestones', () => {
    const date = fc.integer({ min: dayNumber('2022-11-01'), max: dayNumber('2024-02-28') }).map(isoDay)
    const milestone = fc.record({
      name: fc.string(),
      due: date,
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      source: fc.constant(null),
    })
    fc.assert(
      fc.property(fc.array(milestone, { maxLength: 5 }), fc.option(date), (milestones, deadline) => {
        const schedule = scheduleOf(measureOf({ milestones }), deadline, YEAR.plan)
        let before = 0
        for (let day = dayNumber('2022-12-01'); day <= dayNumber('2024-03-31'); day++) {
          const share = expectedShare(schedule, day)
          expect(share).toBeGreaterThanOrEqual(before - 1e-12)
          expect(share).toBeLessThanOrEqual(1)
          before = share
        }
        expect(before).toBe(1)
      }),
      { numRuns: 60 },
    )
  })
})

describe('a due day', () => {
  const schedule = scheduleOf(measureOf({ milestones: RICE_MILESTONES }), '2023-12-31', YEAR.plan)
  it.each([
    ['2023-06-20', null],
    ['2023-06-21', '水稻种植'],
    ['2023-11-30', '水稻种植'],
    ['2023-12-01', '水稻收割'],
    ['2024-01-01', '水稻收割'],
  ])('should have passed from the next day on: by %s %s', (date, milestone) => {
    expect(stepPassed(schedule, dayNumber(date))?.milestone ?? null).toBe(milestone)
  })
})
