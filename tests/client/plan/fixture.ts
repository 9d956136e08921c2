import { monthsWithDates } from '../../../geo/month/month.ts'
import type { Measure, Task } from '../../../geo/plan/plan.ts'
import type { Point, Series } from '../../../geo/report/report.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'
import { createPlan, type Plan } from '../../../client/plan/plan.ts'

/** A measure with a quota for each town code given. */
export function measureOf(id: string, quotas: Record<string, number | null>, more: Partial<Measure> = {}): Measure {
  return {
    id,
    name: `指标${id}`,
    unit: '亩',
    kind: 'amount',
    direction: 'atLeast',
    allocation: 'named',
    target: null,
    targetText: null,
    targetSource: null,
    milestones: [],
    quotas: Object.entries(quotas).map(([town, target]) => ({
      town,
      target,
      source: null,
      requirementSource: null,
      townSource: null,
    })),
    ...more,
  }
}

export function taskOf(no: number, measures: Measure[], more: Partial<Task> = {}): Task {
  return {
    no,
    municipalNo: no,
    category: { no: 1, name: '类别一' },
    name: `任务${no}`,
    requirement: '',
    leads: ['区农业农村委'],
    partners: [],
    deadline: '2023-12-31',
    deadlineText: '12月底',
    townText: '',
    towns: [],
    mechanisms: [],
    measures,
    place: { table: 0, rows: [no], page: null },
    ...more,
  }
}

/** Approved values by month number. */
export function seriesOf(
  measure: string,
  town: string,
  values: Record<number, number>,
  more: Partial<Point> = {},
): Series {
  const points = Object.entries(values).map(([m, value]): Point => {
    const month = `2023-${m.padStart(2, '0')}`
    return {
      month,
      value,
      state: 'approved',
      submittedAt: `${month}-28T10:00:00+08:00`,
      approvedAt: `${month}-28T12:00:00+08:00`,
      demo: false,
      ...more,
    }
  })
  return { measure, town, points }
}

export function planOf(tasks: Task[], series: Series[] = [], today = '2023-06-15', at: string | null = null): Plan {
  return createPlan(
    {
      summary: {
        year: 2023,
        district: '青浦区',
        title: '清单',
        tasks: tasks.length,
        measures: 0,
        reports: 1,
        source: { name: '', sha256: '', storedAt: '' },
      },
      tasks,
      progress: {
        plan: { year: 2023, startsOn: '2023-01-01', endsOn: '2023-12-31' },
        months: monthsWithDates(2023),
        rules: [{ version: 1, validFrom: '2023-01-01', green: 5, yellow: 20 }],
        series,
      },
      district: { ...QINGPU, boundary: { kind: '示意', source: '', licence: '', credit: '' } },
      shapes: { type: 'FeatureCollection', features: [] },
    },
    today,
    at,
  )
}
