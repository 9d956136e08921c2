import { expect, it } from 'vitest'
import { lightsOf } from '../../../geo/light/lights.ts'
import { monthsOf } from '../../../geo/month/month.ts'
import { measureOf, point, quotaOf, RICE_MILESTONES, YEAR } from './fixture.ts'

const TOWNS = Array.from({ length: 12 }, (_, i) => `town ${i}`)

/** As many measures × units as the list of 2023 has, and then some; values that wander through all colours. */
const tasks = Array.from({ length: 67 }, (_, no) => ({
  no,
  deadline: '2023-12-31',
  measures: [
    measureOf({
      id: `${no}.1`,
      milestones: no % 5 ? [] : RICE_MILESTONES,
      quotas: TOWNS.map((town) => quotaOf(100 + no, town)),
    }),
  ],
}))
const series = tasks.flatMap(({ no }) =>
  TOWNS.map((town, t) => ({
    measure: `${no}.1`,
    town,
    points: monthsOf(2023).map((month, m) => point(month, (m + 1) * (4 + ((no + t) % 6)))),
  })),
)

it('should light some 800 measures × units within the budget of a change of month, history included', () => {
  const times = (history: boolean) =>
    Array.from({ length: 25 }, () => {
      const start = performance.now()
      expect(lightsOf(tasks, { ...YEAR, series }, '2023-12-15', { history })).toHaveLength(804)
      return performance.now() - start
    })
  // The fastest of many runs: what the rules cost, not what else the machine was doing.
  expect(Math.min(...times(true))).toBeLessThan(30)
  expect(Math.min(...times(false))).toBeLessThan(5)
})
