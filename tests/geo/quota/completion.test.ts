import { describe, expect, it } from 'vitest'
import { addsUp, completionIn, completionOfAll, sum } from '../../../geo/quota/completion.ts'
import { measureOf, point, quotaOf } from '../light/fixture.ts'

const grain = measureOf({ quotas: [quotaOf(100, 'a'), quotaOf(300, 'b'), quotaOf(50, 'c')] }, 450)
const series = [
  { measure: '14.1', town: 'a', points: [point('2023-08', 0.1), point('2023-09', 80)] },
  { measure: '14.1', town: 'b', points: [point('2023-08', 0.2), point('2023-09', 200, 'submitted')] },
]

describe('completion', () => {
  it('should be the approved share of the quota in a town', () => {
    expect(completionIn(grain, 'a', series, '2023-09-30')).toEqual({
      value: 80,
      target: 100,
      share: 0.8,
      reported: 1,
      units: 1,
    })
  })

  it('should tell no data from zero and no quota from both', () => {
    expect(completionIn(grain, 'c', series, '2023-09-30')).toMatchObject({
      value: null,
      target: 50,
      share: null,
      reported: 0,
    })
    expect(completionIn(grain, 'd', series, '2023-09-30')).toMatchObject({ value: null, target: null, units: 0 })
  })

  it('should sum over the district what adds up, and say who is missing', () => {
    expect(completionOfAll(grain, series, '2023-08-31')).toEqual({
      value: 0.3,
      target: 450,
      share: 0.3 / 450,
      reported: 2,
      units: 3,
    })
    expect(completionOfAll(grain, [], '2023-08-31')).toMatchObject({ value: null, share: null, reported: 0 })
  })

  it.each([
    ['rate', '%'],
    ['stage', ''],
    ['keep', '%'],
  ] as const)('should never sum a %s in %j', (kind, unit) => {
    const measure = { ...grain, kind, unit }
    expect(addsUp(measure)).toBe(false)
    expect(completionOfAll(measure, series, '2023-09-30')).toMatchObject({
      value: null,
      target: null,
      share: null,
      reported: 2,
      units: 3,
    })
  })

  it("should take the district's own value of a measure that is the district's alone", () => {
    const rate = measureOf({ kind: 'rate', unit: '%', quotas: [quotaOf(98, '310118')] }, 98)
    const own = [{ measure: '14.1', town: '310118', points: [point('2023-09', 98.5)] }]
    expect(completionOfAll(rate, own, '2023-09-30')).toMatchObject({ value: 98.5, target: 98, units: 1 })
  })

  it('should add decimals without dust', () => {
    expect(sum([0.1, 0.2, 0.4168])).toBe(0.7168)
  })
})
