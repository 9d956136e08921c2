import { describe, expect, it } from 'vitest'
import { measureOf, planOf, seriesOf, taskOf } from './fixture.ts'

const BAIHE = '310118110'
const JINZE = '310118104'
const task = taskOf(1, [measureOf('1.1', { [BAIHE]: 100, [JINZE]: 100 }), measureOf('1.2', { [BAIHE]: 10 })])

describe('a plan as the screens ask about it', () => {
  it('should begin with the newest month that anything was approved for', () => {
    const plan = planOf(
      [task],
      [
        seriesOf('1.1', BAIHE, { 1: 10, 4: 40 }),
        seriesOf('1.1', JINZE, { 6: 50 }, { state: 'submitted', approvedAt: null }),
      ],
    )
    expect(plan.newestMonth).toBe('2023-04')
    expect(plan.empty).toBe(false)
  })

  it('should begin with today’s month when nothing was reported, or with the year’s first', () => {
    expect(planOf([task], [], '2023-06-15').newestMonth).toBe('2023-06')
    expect(planOf([task], [], '2026-01-01').newestMonth).toBe('2023-01')
    expect(planOf([task]).empty).toBe(true)
  })

  it('should count a task once in a town, by its worst measure', () => {
    const plan = planOf(
      [task],
      [seriesOf('1.1', BAIHE, { 9: 75 }), seriesOf('1.2', BAIHE, { 9: 1 }), seriesOf('1.1', JINZE, { 9: 75 })],
    )
    const september = plan.lightsAt('2023-09')
    expect(september.lights).toHaveLength(3)
    expect(september.counts).toEqual({ grey: 0, green: 1, yellow: 0, red: 1 })
    expect(september.taskLight(1, BAIHE)).toMatchObject({ light: 'red', because: { measure: '1.2' } })
    expect(september.ofTown(JINZE).map(({ light }) => light)).toEqual(['green'])
    expect(september.taskLight(1, '310118001')).toBeUndefined()
  })

  it('should be of a past day the months that had begun, each judged by then', () => {
    const series = [seriesOf('1.1', BAIHE, { 4: 30, 5: 40 })]
    const [then, now] = [planOf([task], series, '2026-01-01', '2023-05-20'), planOf([task], series, '2026-01-01')]
    expect([then.at, then.newestMonth, then.months.length, then.lightsAt('2023-05').asOf, then.lightsAt('2023-04').asOf]).toEqual(['2023-05-20', '2023-05', 5, '2023-05-20', '2023-04-30'])
    // May's report counts from its end and was approved on the 28th only.
    expect([then.lightsAt('2023-05').light('1.1', BAIHE)?.value, now.lightsAt('2023-05').light('1.1', BAIHE)?.value]).toEqual([30, 40])
    expect(planOf([task], [], '2026-01-01', '2022-05-20').months).toEqual(['2023-01'])
    expect(planOf([task], [], '2026-01-01', '2024-05-20').months).toHaveLength(12)
  })

  it('should compute a month once', () => {
    const plan = planOf([task])
    expect(plan.lightsAt('2023-03')).toBe(plan.lightsAt('2023-03'))
  })

  it('should know the district as a unit', () => {
    const plan = planOf([task])
    expect(plan.town('310118')).toMatchObject({ kind: 'district', name: '青浦区' })
    expect(plan.towns.some(({ kind }) => kind === 'district')).toBe(false)
  })
})
