/**
 * What is odd about a value that a town enters: errors that must be mended, and warnings that may be right and then need a reason. Pure; the
 * sheet shows them in the cell while one types, and the server decides with the same function.
 */
import { isStanding } from '../light/judge.ts'
import type { Measure } from '../plan/plan.ts'

export const REPORT_CHECKS = {
  'not-a-number': 'error',
  negative: 'error',
  'over-hundred': 'error', // a rate, or the percentage of a stage, over 100
  'not-whole': 'error', // 2.5 villages
  'value-missing': 'error', // nothing to hand in
  'below-last': 'warning', // a cumulative value that fell
  'over-quota': 'warning', // more than 120 % of the quota
  'unit-scale': 'warning', // 亩 where 万亩 is meant, or the other way
  'below-keep': 'warning', // what must not fall below its target does
} as const satisfies Record<string, 'error' | 'warning'>
export type ReportCheck = keyof typeof REPORT_CHECKS

/** A warning that somebody answered with a reason. */
export interface Answer {
  check: ReportCheck
  reason: string
}

export interface CheckedValue {
  measure: Pick<Measure, 'kind' | 'unit' | 'direction'>
  /** In the measure's unit; null: none. */
  target: number | null
  /** What is entered; null: nothing. NaN: something that is no number. */
  value: number | null
  /** The newest approved or claimed value of an earlier month. */
  last: number | null
}

/** More than this share of the quota is worth a second look. */
const OVER_QUOTA = 1.2
/** A value so many times the quota, or so small a part of it, is likely in the wrong unit: 亩 and 万亩 differ by 10,000. */
const SCALE = 1000

/** Everything odd about a value, errors first. What was wrong in the same way last month (a scale) is not asked about again. */
export function checksOf({ measure, target, value, last }: CheckedValue): ReportCheck[] {
  if (value === null) return []
  if (!Number.isFinite(value)) return ['not-a-number']
  const found: ReportCheck[] = []
  const percent = measure.kind === 'stage' || measure.unit === '%'
  if (value < 0) found.push('negative')
  if (percent && value > 100) found.push('over-hundred')
  if (measure.kind === 'count' && !Number.isInteger(value)) found.push('not-whole')
  if (found.length) return found
  const adds = !percent && !isStanding(measure)
  if (last !== null && value < last && (adds || measure.kind === 'stage')) found.push('below-last')
  if (target !== null && target > 0 && !percent) {
    const share = value / target
    if (share >= SCALE || (value > 0 && share <= 1 / SCALE && measure.kind !== 'count')) found.push('unit-scale')
    else if (adds && measure.direction === 'atLeast' && share > OVER_QUOTA) found.push('over-quota')
    if (measure.kind === 'keep' && value < target) found.push('below-keep')
  }
  return found
}

export function isError(check: ReportCheck): boolean {
  return REPORT_CHECKS[check] === 'error'
}

/** What still stands in the way of handing a value in: errors, and warnings without a reason. Words alone may be handed in where the value is null. */
export function openChecks(input: CheckedValue, words: string, answers: readonly Answer[]): ReportCheck[] {
  if (input.value === null && words.trim() === '') return ['value-missing']
  return checksOf(input).filter((check) => isError(check) || !answers.some((answer) => answer.check === check && answer.reason.trim() !== ''))
}
