/** A measure's rows: each unit's quota with its light in the month shown and in every month of the year. */
import type { Light, LightColour } from '../../geo/light/light.ts'
import type { Measure, Quota } from '../../geo/plan/plan.ts'
import type { MonthLights, Plan } from '../plan/plan.ts'

export interface MeasureRow {
  quota: Quota
  light: Light | undefined
  /** Null from the month on that nobody has reported for yet: nothing is known of it, which is not the same as red. */
  months: { month: string; light: LightColour | null }[]
}

/** Rows in the document's order of quotas. */
export function rowsOfMeasure(
  plan: Pick<Plan, 'months' | 'newestMonth' | 'lightsAt'>,
  measure: Measure,
  now: MonthLights,
): MeasureRow[] {
  const year = plan.months.map((month) => ({ month, lights: month <= plan.newestMonth ? plan.lightsAt(month) : null }))
  return measure.quotas.map((quota) => ({
    quota,
    light: now.light(measure.id, quota.town),
    months: year.map(({ month, lights }) => ({ month, light: lights?.light(measure.id, quota.town)?.light ?? null })),
  }))
}
