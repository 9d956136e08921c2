import { describe, expect, it } from 'vitest'
import { curveOf } from '../../../client/report/curve.ts'
import type { Measure } from '../../../geo/plan/plan.ts'
import { measureOf, seriesOf } from '../plan/fixture.ts'

const FRAME = { width: 364, height: 120, left: 0, right: 0, top: 10, bottom: 10 }
const PLAN = { startsOn: '2023-01-01', endsOn: '2023-12-31' }
const draw = (measure: Measure, target: number | null, values: Record<number, number>, asOf = '2023-06-30') =>
  curveOf(
    { measure, target, deadline: '2023-12-31', plan: PLAN, points: seriesOf(measure.id, 'x', values).points, asOf },
    FRAME,
  )
const rice = measureOf('1.1', {}, { milestones: [{ name: '水稻种植', due: '2023-06-20', share: 0.85, source: null }] })

describe('the schedule curve', () => {
  it('should expect the milestone’s share on its day and all on the deadline', () => {
    const { steps, yOf } = draw(rice, 100, {})!
    expect(steps.map(({ share, milestone }) => [share, milestone])).toEqual([
      [0.85, '水稻种植'],
      [1, null],
    ])
    // 20 June is day 170 of 364.
    expect(steps[0]!.x).toBeCloseTo(170)
    expect([yOf(0), yOf(1)]).toEqual([110, 10])
  })

  it('should part what was known at the date from what came later', () => {
    const { approved, later, points, today } = draw(rice, 100, { 3: 25, 6: 60, 9: 80 })!
    expect(points.map(({ share }) => share)).toEqual([0.25, 0.6, 0.8])
    expect(approved.match(/[ML]/g)).toHaveLength(3)
    expect(later.match(/[ML]/g)).toHaveLength(2)
    expect(points[1]!.x).toBeCloseTo(today)
  })

  it('should draw what is only claimed as such, and leave out what was sent back', () => {
    const points = [
      ...seriesOf('1.1', 'x', { 5: 40 }, { state: 'submitted', approvedAt: null }).points,
      ...seriesOf('1.1', 'x', { 6: 50 }, { state: 'returned' }).points,
    ]
    const curve = curveOf(
      { measure: rice, target: 100, deadline: null, plan: PLAN, points, asOf: '2023-06-30' },
      FRAME,
    )!
    expect(curve.points.map(({ month, state }) => [month, state])).toEqual([['2023-05', 'claimed']])
  })

  it('should make room for more than the target', () => {
    expect(draw(rice, 100, { 6: 130 })!.top).toBe(1.3)
  })

  it('should hold a level that must be kept against the whole year, and draw nothing without a target', () => {
    const keep = measureOf('2.1', {}, { kind: 'keep' })
    expect(draw(keep, 10, { 6: 10 })!.steps).toEqual([])
    expect(draw(keep, null, {})).toBeNull()
    expect(draw(measureOf('3.1', {}, { kind: 'stage', unit: '' }), null, { 6: 50 })!.points[0]!.share).toBe(0.5)
  })
})
