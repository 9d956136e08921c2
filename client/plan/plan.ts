/**
 * A plan with its year of progress, as the screens ask about it: who has which light in which month. Pure; the lights of a month are
 * computed when they are first asked for and kept.
 */
import { lightsOf } from '../../geo/light/lights.ts'
import { monthLights, type MonthLights } from '../../geo/light/month-lights.ts'
import { monthEnd } from '../../geo/month/month.ts'
import { newestMonth } from '../../geo/month/newest.ts'
import type { Measure, Task } from '../../geo/plan/plan.ts'
import type { Progress, Series } from '../../geo/report/report.ts'
import type { Town } from '../../geo/town/town.ts'
import type { DistrictAnswer, PlanSummary, TownCollection } from '../api.ts'

export type { MonthLights }

export interface Plan {
  summary: PlanSummary
  year: number
  tasks: Task[]
  progress: Progress
  district: DistrictAnswer
  shapes: TownCollection
  /** Towns, subdistricts and the park in the district's order, without the district. */
  towns: Town[]
  /** The same with the district itself as the last one. */
  units: Town[]
  /** Month ids of the year, in order. */
  months: string[]
  /** The month to begin with: the last one that anything was approved for; if nothing was, today's, or the year's first. */
  newestMonth: string
  /** The past day whose knowledge this is; null: all that is known. */
  at: string | null
  /** Nobody has reported anything yet. */
  empty: boolean
  /** Some value is synthetic. */
  demo: boolean
  task: (no: number | null) => Task | undefined
  measure: (id: string | null) => Measure | undefined
  town: (code: string | null) => Town | undefined
  series: (measure: string, town: string) => Series | undefined
  lightsAt: (month: string) => MonthLights
}

export interface PlanParts {
  summary: PlanSummary
  tasks: Task[]
  progress: Progress
  district: DistrictAnswer
  shapes: TownCollection
}

/** `at`: as it was known at the end of that day, which the progress must have been asked for. */
export function createPlan({ summary, tasks, progress, district, shapes }: PlanParts, today: string, at: string | null = null): Plan {
  const byNo = new Map(tasks.map((task) => [task.no, task]))
  const measures = new Map(tasks.flatMap((task) => task.measures.map((measure) => [measure.id, measure])))
  const { code, name, nameEn } = district
  const units: Town[] = [...district.towns, { code, name, nameEn, shortName: name, kind: 'district' }]
  const byCode = new Map(units.map((unit) => [unit.code, unit]))
  const series = new Map(progress.series.map((s) => [`${s.measure} ${s.town}`, s]))
  const asked = at?.slice(0, 7) ?? null
  const ids = progress.months.map((month) => month.id)
  // Of months that had not begun nothing was known.
  const begun = asked === null ? ids : ids.filter((id) => id <= asked)
  const months = begun.length ? begun : ids.slice(0, 1)
  const kept = new Map<string, MonthLights>()
  return {
    summary,
    year: summary.year,
    tasks,
    progress,
    district,
    shapes,
    towns: district.towns,
    units,
    months,
    at,
    newestMonth: (asked !== null && months.includes(asked) && asked) || newestMonth({ series: progress.series, months: progress.months.filter(({ id }) => months.includes(id)) }, today),
    empty: progress.series.every((s) => s.points.length === 0),
    demo: progress.series.some((s) => s.points.some((p) => p.demo)),
    task: (no) => (no === null ? undefined : byNo.get(no)),
    measure: (id) => (id === null ? undefined : measures.get(id)),
    town: (unit) => (unit === null ? undefined : byCode.get(unit)),
    series: (measure, town) => series.get(`${measure} ${town}`),
    lightsAt(month) {
      let lights = kept.get(month)
      const end = monthEnd(month)
      const asOf = at !== null && at < end ? at : end
      if (!lights) kept.set(month, (lights = monthLights(month, lightsOf(tasks, progress, asOf, at === null ? {} : { knownAt: at }), asOf)))
      return lights
    },
  }
}
