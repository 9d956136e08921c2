/** The steps of a year that can be looked back on: each month's last day that is over, and now. Pure. */
import { monthEnd, monthsOf } from '../../geo/month/month.ts'

/** Null: now. */
export type Step = string | null

export function stepsOf(year: number, today: string): Step[] {
  return [...monthsOf(year).map(monthEnd).filter((day) => day < today), null] // prettier-ignore
}

/** The last step that is over on a day; −1: none of the year. */
export function indexOf(steps: readonly Step[], at: Step): number {
  return at === null ? steps.length - 1 : steps.findLastIndex((step) => step !== null && step <= at)
}

/** The step so many away; from a day between two steps the first one is the nearer of them. */
export function stepFrom(steps: readonly Step[], at: Step, by: number): Step {
  const index = indexOf(steps, at)
  const isBetween = index < 0 || steps[index] !== at
  const next = index + by + (isBetween && by < 0 ? 1 : 0)
  return steps[Math.min(Math.max(next, 0), steps.length - 1)]!
}
