import type { LightInput } from '../../../geo/light/lights.ts'
import { monthEnd, monthsWithDates } from '../../../geo/month/month.ts'
import type { Measure, Quota } from '../../../geo/plan/plan.ts'
import type { Point, Progress, ReportState } from '../../../geo/report/report.ts'

export const TOWN = '310118102'

export const YEAR: Pick<Progress, 'plan' | 'months' | 'rules'> = {
  plan: { year: 2023, startsOn: '2023-01-01', endsOn: '2023-12-31' },
  months: monthsWithDates(2023),
  rules: [{ version: 1, validFrom: '2023-01-01', green: 5, yellow: 20 }],
}

export const RICE_MILESTONES = [
  { name: '水稻种植', due: '2023-06-20', share: 0.85, source: null },
  { name: '水稻收割', due: '2023-11-30', share: 1, source: null },
]

export function quotaOf(target: number | null, town = TOWN): Quota {
  return { town, target, source: null, requirementSource: null, townSource: null }
}

export function measureOf(part: Partial<Measure> = {}, target: number | null = 100): Measure {
  return {
    id: '14.1',
    name: '粮食生产',
    unit: '亩',
    kind: 'amount',
    direction: 'atLeast',
    allocation: 'named',
    target,
    targetText: null,
    targetSource: null,
    milestones: [],
    quotas: [quotaOf(target)],
    ...part,
  }
}

/** A point of a month, handed in on its last day and approved two days later, as its state has it. */
export function point(
  month: string,
  value: number | null,
  state: ReportState = 'approved',
  part: Partial<Point> = {},
): Point {
  const day = monthEnd(month)
  return {
    month,
    value,
    state,
    submittedAt: state === 'draft' ? null : `${day}T10:00:00+08:00`,
    approvedAt: state === 'approved' || state === 'published' ? `${day}T18:00:00+08:00` : null,
    demo: false,
    ...part,
  }
}

/** An input for `lightOf`: 100 亩 until the end of the year, unless told otherwise. */
export function input(
  asOf: string,
  points: Point[],
  measure: Measure = measureOf(),
  part: Partial<LightInput> = {},
): LightInput {
  return {
    task: { no: 14, deadline: '2023-12-31' },
    measure,
    quota: measure.quotas[0]!,
    points,
    progress: YEAR,
    asOf,
    ...part,
  }
}
