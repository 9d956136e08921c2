import { describe, expect, it } from 'vitest'
import { monthOfSide, sideOf, sideText } from '../../../client/past/sides.ts'
import { indexOf, stepFrom, stepsOf } from '../../../client/past/steps.ts'

describe('the steps of a year', () => {
  it('should be the ends of the months that are over, and now', () => {
    expect(stepsOf(2023, '2023-03-31')).toEqual(['2023-01-31', '2023-02-28', null])
    expect(stepsOf(2023, '2026-11-26')).toHaveLength(13)
    expect(stepsOf(2027, '2026-11-26')).toEqual([null])
  })

  const steps = stepsOf(2023, '2023-06-15')
  it.each([
    [null, -1, '2023-05-31'],
    [null, 1, null],
    ['2023-05-31', 1, null],
    ['2023-02-28', -1, '2023-01-31'],
    ['2023-01-31', -3, '2023-01-31'],
    // From between two steps the nearer one comes first.
    ['2023-03-10', -1, '2023-02-28'],
    ['2023-03-10', 1, '2023-03-31'],
    ['2022-07-01', 1, '2023-01-31'],
    ['2022-07-01', -1, '2023-01-31'],
    [null, -99, '2023-01-31'],
    ['2023-02-28', 99, null],
  ])('should go from %s by %i to %s', (at, by, to) => expect(stepFrom(steps, at, by)).toBe(to))

  it('should know the last one that is over on a day', () => {
    expect([indexOf(steps, '2022-12-31'), indexOf(steps, '2023-01-31'), indexOf(steps, '2023-03-30'), indexOf(steps, null)]).toEqual([-1, 0, 1, 5])
  })
})

describe('the sides of a comparison', () => {
  it.each([
    [{ at: null, layer: null }, 'now'],
    [{ at: '2023-06-30', layer: null }, '2023-06-30'],
    [{ at: '2023-06-30', layer: 'demonstration-villages' }, '2023-06-30.demonstration-villages'],
    [{ at: null, layer: 'roads' }, 'now.roads'],
  ])('should come back from the URL as they were: %j', (side, text) => {
    expect(sideText(side)).toBe(text)
    expect(sideOf(text)).toEqual(side)
  })

  it.each(['', 'then', '2023-6-30', '2023-13-01', 'now.', 'now.Roads', undefined, ['now']])('should not be read from %j', (text) => expect(sideOf(text)).toBeNull())

  it('should be months on the map of the district', () => expect(['2023-06', '2023-6', 'now', null].map(monthOfSide)).toEqual(['2023-06', null, null, null]))
})
