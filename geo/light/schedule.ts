/**
 * Schedules: which share of a measure is expected on which day (design §5). A broken line from 0 on the plan's first day through the
 * milestones to 1 on the deadline; a due day is the last one in time, so the full share is expected on it and it has passed on the next.
 */

import { dayNumber } from '../month/day.ts'
import type { Measure } from '../plan/plan.ts'

/** A point that the line runs through. */
export interface Step {
  /** Number of the due day (see geo/month/day). */
  day: number
  /** 0…1, never less than the step before. */
  share: number
  /** The milestone's name; null for the deadline. */
  milestone: string | null
}

export interface Schedule {
  /** Number of the day on which the expected share is still 0. */
  startsOn: number
  /** In order of their days; the last one is the deadline, with share 1. Never empty. */
  steps: readonly Step[]
}

/**
 * A measure's schedule in a plan's year. Without a deadline the plan's last day is one. A milestone that asks for less than an earlier one
 * asks for as much; one that lies outside the plan's start and the deadline does not count: the deadline is the stricter word.
 */
export function scheduleOf(
  measure: Pick<Measure, 'milestones'>,
  deadline: string | null,
  plan: { startsOn: string; endsOn: string },
): Schedule {
  const startsOn = dayNumber(plan.startsOn)
  const end = dayNumber(deadline ?? plan.endsOn)
  const steps: Step[] = []
  let asked = 0
  for (const { name, due, share } of measure.milestones.toSorted(
    (a, b) => a.due.localeCompare(b.due) || a.share - b.share,
  )) {
    const day = dayNumber(due)
    if (day <= startsOn || day > end) continue
    asked = Math.min(1, Math.max(asked, share))
    steps.push({ day, share: asked, milestone: name })
  }
  if (steps.at(-1)?.day !== end || asked < 1) steps.push({ day: end, share: 1, milestone: null })
  return { startsOn, steps }
}

/** The share expected by the end of a day, 0…1: piecewise linear, 0 up to the start, 1 from the deadline on. */
export function expectedShare(schedule: Schedule, day: number): number {
  if (day <= schedule.startsOn && schedule.steps[0]!.day > day) return 0
  let fromDay = schedule.startsOn
  let fromShare = 0
  for (const step of schedule.steps) {
    if (day < step.day) return fromShare + ((step.share - fromShare) * (day - fromDay)) / (step.day - fromDay)
    fromDay = step.day
    fromShare = step.share
  }
  return 1
}

/** The step with the largest share whose day has passed; null while none has. Of equal shares the earliest: that one was missed first. */
export function stepPassed(schedule: Schedule, day: number): Step | null {
  let passed: Step | null = null
  for (const step of schedule.steps) {
    if (step.day >= day) break
    if (!passed || step.share > passed.share) passed = step
  }
  return passed
}
