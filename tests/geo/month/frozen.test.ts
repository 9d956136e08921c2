import { describe, expect, it } from 'vitest'
import { differencesOf, frozenMonthOf, readFrozen, type Freezing, type FrozenSubmission } from '../../../geo/month/frozen.ts'
import type { Task } from '../../../geo/plan/plan.ts'
import { measureOf, point, TOWN, YEAR } from '../light/fixture.ts'

const TASK = {
  no: 14,
  name: '粮食生产',
  category: { no: 3, name: '产业' },
  leads: ['区农业农村委'],
  deadline: '2023-12-31',
  mechanisms: [],
  measures: [measureOf()],
} as unknown as Task
const MONTH = YEAR.months[5]!
const POINTS = [point('2023-05', 40), point('2023-06', 60, 'approved', { submittedAt: '2023-07-03T09:00:00+08:00', approvedAt: '2023-07-20T09:00:00+08:00' })]

function frozen(part: Partial<Freezing> = {}) {
  return frozenMonthOf({
    plan: { year: 2023, district: '青浦区', districtCode: '310118', title: '清单', startsOn: '2023-01-01', endsOn: '2023-12-31', listSha256: 'f' },
    month: MONTH,
    closedOn: '2023-07-10',
    tasks: [TASK],
    progress: { ...YEAR, series: [{ measure: '14.1', town: TOWN, points: POINTS }] },
    submissions: [],
    boundaries: { id: 1, kind: '示意', sha256: 'a', source: 's' },
    units: [{ code: TOWN, name: '朱家角镇', nameEn: 'Zhujiajiao' }],
    knownAt: null,
    ...part,
  })
}

describe('a frozen month', () => {
  it('should hold the month’s own reports, the lights of its last day and the rule that held', () => {
    expect(frozen()).toMatchObject({
      asOf: '2023-06-30',
      month: { id: '2023-06', closedOn: '2023-07-10' },
      rule: { green: 5, yellow: 20 },
      values: [{ measure: '14.1', town: TOWN, month: '2023-06', value: 60 }],
      lights: [{ measure: '14.1', value: 60, light: 'green' }],
      standings: [{ town: TOWN, approved: 1 }],
      tasks: [{ no: 14, leads: ['区农业农村委'], measures: [{ id: '14.1', unit: '亩' }] }],
    })
  })

  it('should know nothing of what came after the day that it is to be known at', () => {
    expect(frozen({ knownAt: '2023-07-10' })).toMatchObject({
      values: [{ value: 60, state: 'submitted', approvedAt: null }],
      lights: [{ value: 40, claimed: 0.6 }],
      standings: [{ waiting: 1 }],
    })
    expect(frozen({ knownAt: '2023-07-01' })).toMatchObject({ values: [], lights: [{ value: 40, claimed: null }], standings: [{ missing: 1 }] })
  })

  it('should hold what was reported besides numbers, and who had not', () => {
    const task = { ...TASK, mechanisms: [{ mechanism: 'finding', period: null, source: null }] } as Task
    const found: FrozenSubmission = { task: 14, kind: 'finding', item: '', town: TOWN, month: '2023-06', state: 'submitted', done: false, words: '两处待清理', submittedAt: '2023-07-03T09:00:00+08:00', approvedAt: null, demo: true }
    expect(frozen({ tasks: [task], submissions: [found] })).toMatchObject({ submissions: [found], standings: [{ approved: 1, waiting: 1 }], demo: true })
    expect(frozen({ tasks: [task] })).toMatchObject({ submissions: [], standings: [{ approved: 1, missing: 1, open: [{ subject: '14/finding' }] }], demo: false })
  })

  it('should be read in the format of before submissions were frozen, too', () => {
    const now = frozen({ knownAt: '2023-07-10' })
    const { submissions: _, ...rest } = now
    const before = { ...rest, format: 1, standings: now.standings.map((unit) => ({ ...unit, open: unit.open.map(({ subject, ...cell }) => ({ ...cell, measure: subject })) })) }
    expect(readFrozen(JSON.stringify(before))).toEqual({ ...now, format: 1 })
    expect(readFrozen(JSON.stringify(now))).toEqual(now)
  })

  it('should be compared with the lights of today', () => {
    const then = frozen({ knownAt: '2023-07-10' }).lights
    const now = frozen().lights
    expect(differencesOf(now, now)).toEqual([])
    expect(differencesOf(then, now)).toMatchObject([{ task: 14, measure: '14.1', town: TOWN, then: { value: 40 }, now: { value: 60 } }])
    expect(differencesOf(then, [])).toEqual([])
  })
})
