/**
 * The judgement: one value, one expectation, one colour. Every light of the product is decided here (design §5).
 *
 * What "done" means: the value as a share of the target; for `stage` the percentage itself.
 * - `amount`, `count`, `length`, `stage`: cumulative, compared with the schedule.
 * - `rate` to be reached is a level, never a sum: the level's share of the target is compared with the same schedule, so it has to stand at
 *   the target by the deadline and may grow until then. It can fall again, and then it is no longer done.
 * - `keep` and everything `atMost` have no schedule once there is a value: they hold or they do not, on any day.
 * Where nothing was ever approved the schedule counts for every kind: silence is not a breach, but it grows as the year goes.
 */

import type { LightColour, LightRule, ReasonKey } from './light.ts'
import { expectedShare, stepPassed } from './schedule.ts'
import type { Schedule, Step } from './schedule.ts'
import type { Direction, MeasureKind } from '../plan/plan.ts'

/** What is to be done by whom until when: the part of a measure and its quota that the judgement needs. */
export interface Duty {
  kind: MeasureKind
  direction: Direction
  /** In the measure's unit; 100 for `stage`; null: no quota. */
  target: number | null
  schedule: Schedule
}

export interface Judgement {
  light: LightColour
  reasonKey: ReasonKey
  /** Expected share, 0…1. */
  expected: number
  /** Done share, 0…; null: no data. */
  done: number | null
  /** expected − done in percentage points; null when there is no schedule. */
  gap: number | null
  /** The milestone or deadline that has passed unmet. */
  missed: Step | null
}

/** Shares differ by less than this only because of binary fractions. */
const SAME_SHARE = 1e-9

/**
 * The duty that a quota is. A target of 0 is none, except for what must not be exceeded ("no case at all") or must be kept; a `stage` has
 * no number in the list, its whole is 100 %.
 */
export function dutyOf(
  measure: { kind: MeasureKind; direction: Direction },
  target: number | null,
  schedule: Schedule,
): Duty {
  const { kind, direction } = measure
  if (kind === 'stage') return { kind, direction, target: 100, schedule }
  const none = target === 0 && !isStanding(measure)
  return { kind, direction, target: none ? null : target, schedule }
}

/** Standing duties hold on every day of the year or are broken; the others have a schedule to meet. */
export function isStanding(duty: { kind: MeasureKind; direction: Direction }): boolean {
  return duty.kind === 'keep' || duty.direction === 'atMost'
}

/** A value as a share of the duty's target, 0…; 1 for keeping a target of 0, which takes nothing. */
export function shareOf(target: number, value: number): number {
  return target === 0 ? (value <= 0 ? 1 : 1 + value) : value / target
}

/** The light on a day (its number), for the approved value of that day (null: nothing was ever approved). */
export function judge(
  duty: Duty,
  value: number | null,
  day: number,
  rule: Pick<LightRule, 'green' | 'yellow'>,
): Judgement {
  if (duty.target === null) return judgement('grey', 'no-quota', 0, null, null, null)
  if (value === null) return judgeSilence(duty, day, rule)
  if (isStanding(duty)) return judgeStanding(duty, duty.target, value)

  const expected = expectedShare(duty.schedule, day)
  const done = shareOf(duty.target, value)
  const gap = gapOf(expected, done)
  if (done >= 1) return judgement('green', 'done', expected, done, gap, null)
  const passed = stepPassed(duty.schedule, day)
  if (passed && done + SAME_SHARE < passed.share) {
    const reasonKey = isDeadline(passed, duty.schedule) ? 'deadline-passed' : 'milestone-passed'
    return judgement('red', reasonKey, expected, done, gap, passed)
  }
  if (expected === 0) return judgement('grey', 'not-due', expected, done, gap, null)
  const light = colourOfGap(gap, rule)
  return judgement(light, light === 'green' ? 'on-schedule' : 'behind', expected, done, gap, null)
}

/** Green, yellow or red for a gap in percentage points. */
export function colourOfGap(gap: number, rule: Pick<LightRule, 'green' | 'yellow'>): LightColour {
  if (gap <= rule.green) return 'green'
  return gap <= rule.yellow ? 'yellow' : 'red'
}

function judgeSilence(duty: Duty, day: number, rule: Pick<LightRule, 'green' | 'yellow'>): Judgement {
  const expected = expectedShare(duty.schedule, day)
  const gap = gapOf(expected, 0)
  const missed = stepPassed(duty.schedule, day)
  if (missed && missed.share > 0) return judgement('red', 'no-report', expected, null, gap, missed)
  if (expected === 0) return judgement('grey', 'not-due', expected, null, gap, null)
  return judgement(colourOfGap(gap, rule), 'no-report', expected, null, gap, null)
}

function judgeStanding(duty: Duty, target: number, value: number): Judgement {
  const done = shareOf(target, value)
  if (duty.direction === 'atMost')
    return value > target
      ? judgement('red', 'above-limit', 1, done, null, null)
      : judgement('green', 'within-limit', 1, done, null, null)
  return value < target
    ? judgement('red', 'below-keep', 1, done, null, null)
    : judgement('green', 'keep-held', 1, done, null, null)
}

/** One shape for every judgement, as thousands are made for one map. */
function judgement(
  light: LightColour,
  reasonKey: ReasonKey,
  expected: number,
  done: number | null,
  gap: number | null,
  missed: Step | null,
): Judgement {
  return { light, reasonKey, expected, done, gap, missed }
}

/** In percentage points, free of the binary fractions' dust (0.25 − 0.05 is 20 points, not 20.000000000000004). */
function gapOf(expected: number, done: number): number {
  return Math.round((expected - done) * 1e8) / 1e6
}

function isDeadline(step: Step, schedule: Schedule): boolean {
  return step.day === schedule.steps.at(-1)!.day
}
