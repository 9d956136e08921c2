import { describe, expect, it } from 'vitest'
import { lightOf, lightsOf } from '../../../geo/light/lights.ts'
import type { MeasureKind } from '../../../geo/plan/plan.ts'
import { input, measureOf, point, quotaOf, RICE_MILESTONES, TOWN, YEAR } from './fixture.ts'

const rice = measureOf({ milestones: RICE_MILESTONES }, 21600)

describe('a light by the schedule', () => {
  // On 30 September 272 of 364 days have gone: 74.725 % are expected of 100 亩.
  it.each([
    [100, 'green', 'done'],
    [120, 'green', 'done'],
    [80, 'green', 'on-schedule'],
    [69.73, 'green', 'on-schedule'],
    [69.72, 'yellow', 'behind'],
    [54.73, 'yellow', 'behind'],
    [54.72, 'red', 'behind'],
    [0, 'red', 'behind'],
  ] as const)('should make %f of 100 at the end of September %s (%s)', (value, colour, reasonKey) => {
    expect(lightOf(input('2023-09-30', [point('2023-09', value)]))).toMatchObject({ light: colour, reasonKey, value })
  })

  it('should give expected, done and gap as the design says: gap = expected − done in points', () => {
    const light = lightOf(input('2023-09-30', [point('2023-09', 60)]))
    expect(light.expected).toBeCloseTo(0.747253, 6)
    expect(light.done).toBe(0.6)
    expect(light.gap).toBeCloseTo(14.725275, 6)
  })

  it('should count a gap on the threshold as inside, in spite of binary fractions', () => {
    const measure = measureOf({ milestones: [{ name: '', due: '2023-06-30', share: 0.25, source: null }] }, 100)
    expect(lightOf(input('2023-06-30', [point('2023-06', 20)], measure)).light).toBe('green')
    expect(lightOf(input('2023-06-30', [point('2023-06', 5)], measure)).light).toBe('yellow')
  })

  it('should be grey while nothing is due, and not because little is', () => {
    expect(lightOf(input('2023-01-01', []))).toMatchObject({ light: 'grey', reasonKey: 'not-due', since: null })
    expect(lightOf(input('2022-12-31', []))).toMatchObject({ light: 'grey', reasonKey: 'not-due', since: null })
    expect(lightOf(input('2023-01-02', [])).light).toBe('green')
  })

  it('should be red from the day after the deadline if anything is missing, and not on the day', () => {
    const points = [point('2023-11', 99)]
    expect(lightOf(input('2023-12-31', points))).toMatchObject({ light: 'green', expected: 1 })
    expect(lightOf(input('2024-01-01', points))).toMatchObject({
      light: 'red',
      reasonKey: 'deadline-passed',
      since: '2024-01-01',
    })
  })

  it('should be red from the day after a milestone that was missed, until it is made good', () => {
    const points = [point('2023-05', 17000), point('2023-06', 18000), point('2023-07', 18360)]
    expect(lightOf(input('2023-06-20', points, rice)).light).toBe('yellow')
    expect(lightOf(input('2023-06-21', points, rice))).toMatchObject({
      light: 'red',
      reasonKey: 'milestone-passed',
      since: '2023-06-21',
    })
    expect(lightOf(input('2023-07-30', points, rice))).toMatchObject({ light: 'red', since: '2023-06-21' })
    expect(lightOf(input('2023-07-31', points, rice))).toMatchObject({
      light: 'green',
      since: '2023-07-31',
      wasRed: true,
    })
  })

  it('should take a milestone as met when exactly its share is done', () => {
    expect(lightOf(input('2023-06-30', [point('2023-06', 18360)], rice)).light).toBe('green')
    expect(lightOf(input('2023-06-30', [point('2023-06', 18359)], rice)).light).toBe('red')
  })

  it('should count silence as the whole expected share, without calling it zero', () => {
    const light = lightOf(input('2023-03-31', []))
    expect(light).toMatchObject({ light: 'red', reasonKey: 'no-report', done: null, value: null, late: true })
    expect(light.gap).toBeCloseTo((100 * 89) / 364, 6)
  })

  it('should be grey without a quota', () => {
    const measure = measureOf({ quotas: [quotaOf(null)] })
    expect(lightOf(input('2023-09-30', [], measure))).toMatchObject({
      light: 'grey',
      reasonKey: 'no-quota',
      late: false,
    })
    expect(lightOf(input('2023-09-30', [], measureOf({}, 0)))).toMatchObject({ light: 'grey', reasonKey: 'no-quota' })
  })

  it('should use the thresholds valid on the day', () => {
    const progress = { ...YEAR, rules: [...YEAR.rules, { version: 2, validFrom: '2023-10-01', green: 10, yellow: 30 }] }
    const points = [point('2023-09', 67)]
    expect(lightOf(input('2023-09-30', points, measureOf(), { progress })).light).toBe('yellow')
    expect(lightOf(input('2023-10-01', points, measureOf(), { progress }))).toMatchObject({
      light: 'green',
      since: '2023-10-01',
    })
  })
})

describe('a light by the kind of measure', () => {
  const light = (kind: MeasureKind, value: number, target: number | null, asOf = '2023-09-30') =>
    lightOf(input(asOf, [point('2023-08', value)], measureOf({ kind, unit: '%' }, target)))

  it('should take the percentage of a stage as what is done', () => {
    expect(light('stage', 70, null)).toMatchObject({ light: 'green', done: 0.7, target: null })
    expect(light('stage', 100, null)).toMatchObject({ light: 'green', reasonKey: 'done' })
    expect(light('stage', 40, null).light).toBe('red')
  })

  it('should compare a rate as a level with the schedule, and call it done only at the target', () => {
    expect(light('rate', 98, 98)).toMatchObject({ light: 'green', reasonKey: 'done' })
    expect(light('rate', 97, 98)).toMatchObject({ light: 'green', reasonKey: 'on-schedule' })
    expect(light('rate', 60, 98)).toMatchObject({ light: 'yellow', reasonKey: 'behind' })
    expect(light('rate', 97, 98, '2024-01-01')).toMatchObject({ light: 'red', reasonKey: 'deadline-passed' })
  })

  it('should let a rate fall back from its target', () => {
    const measure = measureOf({ kind: 'rate', unit: '%' }, 98)
    const points = [point('2023-11', 98.5), point('2023-12', 97)]
    expect(lightOf(input('2023-12-30', points, measure)).reasonKey).toBe('done')
    expect(lightOf(input('2024-01-01', points, measure)).reasonKey).toBe('deadline-passed')
  })

  it('should be red at once when what is to be kept falls below its target, and green otherwise', () => {
    const measure = measureOf({ kind: 'keep', unit: '万亩' }, 0.4168)
    const points = [point('2023-01', 0.4168), point('2023-08', 0.41), point('2023-09', 0.42)]
    expect(lightOf(input('2023-02-28', points, measure))).toMatchObject({
      light: 'green',
      reasonKey: 'keep-held',
      gap: null,
    })
    expect(lightOf(input('2023-09-15', points, measure))).toMatchObject({
      light: 'red',
      reasonKey: 'below-keep',
      since: '2023-08-31',
    })
    expect(lightOf(input('2023-09-30', points, measure))).toMatchObject({
      light: 'green',
      since: '2023-09-30',
      wasRed: true,
    })
  })

  it('should be red over a limit and green up to it, whatever the date', () => {
    const measure = measureOf({ kind: 'rate', unit: '%', direction: 'atMost' }, 5)
    expect(lightOf(input('2023-02-28', [point('2023-01', 5)], measure))).toMatchObject({
      light: 'green',
      reasonKey: 'within-limit',
    })
    expect(lightOf(input('2024-02-01', [point('2023-01', 2)], measure)).light).toBe('green')
    expect(lightOf(input('2023-02-28', [point('2023-01', 5.1)], measure))).toMatchObject({
      light: 'red',
      reasonKey: 'above-limit',
    })
  })

  it('should hold a limit of no case at all', () => {
    const none = measureOf({ kind: 'count', unit: '起', direction: 'atMost' }, 0)
    expect(lightOf(input('2023-02-28', [point('2023-01', 0)], none)).light).toBe('green')
    expect(lightOf(input('2023-02-28', [point('2023-01', 1)], none)).light).toBe('red')
  })

  it('should not call silence a breach of what is to be kept, but let it weigh more and more', () => {
    const measure = measureOf({ kind: 'keep' }, 10)
    expect(lightOf(input('2023-01-15', [], measure))).toMatchObject({ light: 'green', reasonKey: 'no-report' })
    expect(lightOf(input('2023-06-30', [], measure))).toMatchObject({ light: 'red', reasonKey: 'no-report' })
  })
})

describe('which reports count', () => {
  it('should count a month from its last day on', () => {
    const points = [point('2023-08', 60), point('2023-09', 80)]
    expect(lightOf(input('2023-09-29', points)).value).toBe(60)
    expect(lightOf(input('2023-09-30', points)).value).toBe(80)
  })

  it('should count approved and published values and show claims beside', () => {
    const claimed = lightOf(input('2023-09-30', [point('2023-08', 60), point('2023-09', 80, 'submitted')]))
    expect(claimed).toMatchObject({ value: 60, done: 0.6, claimed: 0.8 })
    expect(lightOf(input('2023-09-30', [point('2023-09', 80, 'published')]))).toMatchObject({
      value: 80,
      claimed: null,
    })
    for (const state of ['draft', 'returned'] as const)
      expect(lightOf(input('2023-09-30', [point('2023-08', 60), point('2023-09', 80, state)]))).toMatchObject({
        value: 60,
        claimed: null,
      })
  })

  it('should drop a claim that a later approved month has overtaken, but show it at the earlier date', () => {
    const points = [point('2023-07', 50, 'submitted'), point('2023-08', 60)]
    expect(lightOf(input('2023-08-30', points))).toMatchObject({ value: null, claimed: 0.5 })
    expect(lightOf(input('2023-08-31', points))).toMatchObject({ value: 60, claimed: null })
  })

  it('should not show a claim that claims nothing new', () => {
    expect(lightOf(input('2023-09-30', [point('2023-08', 60), point('2023-09', 60, 'submitted')])).claimed).toBeNull()
  })

  it('should keep the last value where a month is missing or says words only', () => {
    expect(lightOf(input('2023-09-30', [point('2023-07', 60), point('2023-08', null)])).value).toBe(60)
  })

  it('should know at an earlier date only what was approved by the end of it', () => {
    const points = [
      point('2023-08', 60, 'approved', { approvedAt: '2023-09-08T09:00:00+08:00' }),
      point('2023-09', 80, 'approved', {
        submittedAt: '2023-10-02T09:00:00+08:00',
        approvedAt: '2023-10-09T20:00:00.000Z',
      }),
    ]
    const knownAt = (date: string) => lightOf(input('2023-09-30', points, measureOf(), { knownAt: date }))
    expect(knownAt('2023-09-07')).toMatchObject({ value: null, claimed: 0.6 })
    expect(knownAt('2023-10-01')).toMatchObject({ value: 60, claimed: null })
    expect(knownAt('2023-10-09')).toMatchObject({ value: 60, claimed: 0.8 })
    expect(knownAt('2023-10-10')).toMatchObject({ value: 80, claimed: null })
    expect(lightOf(input('2023-09-30', points)).value).toBe(80)
  })

  it('should carry the mark of demonstration values', () => {
    expect(lightOf(input('2023-09-30', [point('2023-08', 60, 'approved', { demo: true })])).demo).toBe(true)
    expect(lightOf(input('2023-09-30', [point('2023-10', 60, 'approved', { demo: true })])).demo).toBe(false)
  })
})

describe('the flag for late reports', () => {
  const august = point('2023-08', 66)
  it.each([
    ['2023-10-05', [august], false],
    ['2023-10-06', [august], true],
    ['2023-10-06', [august, point('2023-09', 70, 'draft')], true],
    ['2023-10-06', [august, point('2023-09', 70, 'returned')], true],
    ['2023-10-06', [august, point('2023-09', 70, 'submitted')], false],
    ['2023-10-06', [point('2023-09', 70, 'submitted')], false],
    ['2023-10-06', [point('2023-09', 70, 'submitted', { submittedAt: '2023-10-07T09:00:00+08:00' })], true],
    ['2023-10-06', [point('2023-08', 100)], false],
  ])('should on %s, given %j, be %s', (asOf, points, late) => {
    expect(lightOf(input(asOf, points)).late).toBe(late)
  })

  it('should watch a level to the end, also where its target is reached', () => {
    const rate = measureOf({ kind: 'rate', unit: '%' }, 98)
    expect(lightOf(input('2023-10-06', [point('2023-08', 99)], rate)).late).toBe(true)
  })

  it('should not be a colour', () => {
    expect(lightOf(input('2023-10-06', [point('2023-08', 80)]))).toMatchObject({ light: 'green', late: true })
  })
})

describe('the lights of a plan', () => {
  const tasks = [
    { no: 14, deadline: '2023-12-31', measures: [measureOf({ quotas: [quotaOf(100), quotaOf(50, '310118103')] })] },
    { no: 15, deadline: null, measures: [measureOf({ id: '15.1', kind: 'stage', quotas: [quotaOf(null)] })] },
  ]
  const progress = {
    ...YEAR,
    series: [
      { measure: '14.1', town: TOWN, points: [point('2023-09', 80)] },
      { measure: '99.1', town: TOWN, points: [point('2023-09', 80)] },
    ],
  }

  it('should be one for each quota, in the order of the list', () => {
    const lights = lightsOf(tasks, progress, '2023-09-30')
    expect(lights.map(({ task, measure, town, light }) => [task, measure, town, light])).toEqual([
      [14, '14.1', TOWN, 'green'],
      [14, '14.1', '310118103', 'red'],
      [15, '15.1', TOWN, 'red'],
    ])
  })

  it('should be the same as one by one', () => {
    const [first] = lightsOf(tasks, progress, '2023-09-30')
    const measure = tasks[0]!.measures[0]!
    expect(first).toEqual(lightOf(input('2023-09-30', progress.series[0]!.points, measure)))
  })

  it('should leave out the history when not asked for it', () => {
    const [, red] = lightsOf(tasks, progress, '2023-09-30', { history: false })
    expect(red).toMatchObject({ light: 'red', since: null, wasRed: false })
    expect(red!.reason).not.toContain('自')
  })

  it('should work for a plan without rules of its own', () => {
    expect(lightsOf(tasks, { ...progress, rules: [] }, '2023-09-30')[0]!.light).toBe('green')
  })
})
