/** Completion: how much of a measure's quota is approved, in a town or over the whole district. */

import { courseOf, valueOn } from '../light/course.ts'
import { dayNumber } from '../month/day.ts'
import type { Measure, MeasureKind } from '../plan/plan.ts'
import type { Series } from '../report/report.ts'

export interface Completion {
  /** Approved value, in the measure's unit (percentage for `stage`); null: no data, or nothing that could be summed. */
  value: number | null
  /** In the measure's unit; 100 for `stage` in one unit; null: no number. */
  target: number | null
  /** value / target, 0…(over 1 when exceeded); null where one of them is missing. */
  share: number | null
  /** How many of the units with a quota have an approved value, of how many. */
  reported: number
  units: number
}

/** Kinds whose values and quotas add up over the units; percentages and stages never do. */
const SUMMED: readonly MeasureKind[] = ['amount', 'count', 'length', 'keep']

/** Do a measure's values add up over towns? Not for rates and stages, nor for anything in percent. */
export function addsUp(measure: Pick<Measure, 'kind' | 'unit'>): boolean {
  return SUMMED.includes(measure.kind) && measure.unit !== '%'
}

/**
 * A measure's completion in one unit at a date; value and target are null without a quota there. `knownAt`: see geo/light/lights.
 */
export function completionIn(
  measure: Measure,
  town: string,
  series: readonly Series[],
  asOf: string,
  knownAt: string | null = null,
): Completion {
  const quota = measure.quotas.find((candidate) => candidate.town === town)
  if (!quota) return { value: null, target: null, share: null, reported: 0, units: 0 }
  const value = approvedValue(measure.id, town, series, asOf, knownAt)
  const target = measure.kind === 'stage' ? 100 : quota.target
  return { value, target, share: shareOrNull(value, target), reported: value === null ? 0 : 1, units: 1 }
}

/**
 * A measure's completion over all its units: sums of values and of quotas where they add up. A measure with one quota alone (the
 * district's) is that unit's, whatever its kind; for other rates and stages value and share are null: their average would be a number that
 * nobody reported. Units without data are missing from the value and not from the target.
 */
export function completionOfAll(
  measure: Measure,
  series: readonly Series[],
  asOf: string,
  knownAt: string | null = null,
): Completion {
  const units = measure.quotas.map((quota) => completionIn(measure, quota.town, series, asOf, knownAt))
  if (units.length === 1) return units[0]!
  const values = units.flatMap((unit) => (unit.value === null ? [] : [unit.value]))
  const counts = { reported: values.length, units: units.length }
  if (!addsUp(measure)) return { value: null, target: null, share: null, ...counts }
  const value = values.length ? sum(values) : null
  const target = sum(units.map((unit) => unit.target ?? 0))
  return { value, target, share: shareOrNull(value, target), ...counts }
}

/** A sum of decimals without the binary fractions' dust: 0.1 + 0.2 is 0.3. */
export function sum(values: readonly number[]): number {
  return Math.round(values.reduce((total, value) => total + value, 0) * 1e6) / 1e6
}

function approvedValue(
  measure: string,
  town: string,
  series: readonly Series[],
  asOf: string,
  knownAt: string | null,
): number | null {
  const own = series.find((candidate) => candidate.measure === measure && candidate.town === town)
  return own ? valueOn(courseOf(own.points, knownAt), dayNumber(asOf)) : null
}

function shareOrNull(value: number | null, target: number | null): number | null {
  return value === null || target === null || target === 0 ? null : value / target
}
