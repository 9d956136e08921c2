/**
 * Lights from records: for every measure × unit of a plan at a date, with the reason in numbers and the history. Pure: the date is given.
 *
 * `asOf` is valid time: the report of a month counts from the month's last day on, whenever it was approved. `knownAt` is knowledge time:
 * only what was approved by the end of that day counts, so that a past meeting's map can be drawn as it was.
 */

import type { Light } from './light.ts'
import { claimOn, courseOf, handedIn, valueOn } from './course.ts'
import { runsOf, ruleOn } from './history.ts'
import type { DatedRule, Run } from './history.ts'
import { dutyOf, isStanding, judge, shareOf } from './judge.ts'
import type { Duty, Judgement } from './judge.ts'
import { reasonParamsOf, reasonText } from './reason.ts'
import { FIRST_LIGHT_RULE, inOrder } from './rule.ts'
import { scheduleOf } from './schedule.ts'
import type { Schedule } from './schedule.ts'
import { dayNumber, isoDay } from '../month/day.ts'
import { lastMonthOver } from '../month/month.ts'
import type { Month } from '../month/month.ts'
import type { Measure, Quota, Task } from '../plan/plan.ts'
import type { Point, Progress } from '../report/report.ts'

/** The part of a task that lights need. */
export type LitTask = Pick<Task, 'no' | 'deadline' | 'measures'>

export interface LightOptions {
  /** ISO date: only what was approved by the end of it counts. Default: all that is known. */
  knownAt?: string | undefined
  /** Whether to compute `since` and `wasRed` (default) or leave them null and false, which is some times faster. */
  history?: boolean
}

export interface LightInput extends LightOptions {
  task: Pick<Task, 'no' | 'deadline'>
  measure: Measure
  quota: Quota
  /** The unit's reports for the measure, in the order of their months. */
  points: readonly Point[]
  progress: Pick<Progress, 'plan' | 'months' | 'rules'>
  /** ISO date. */
  asOf: string
}

/** The light of one measure in one unit at a date. */
export function lightOf(input: LightInput): Light {
  const moment = momentOf(input.progress, input.asOf, input)
  const schedule = scheduleOf(input.measure, input.task.deadline, input.progress.plan)
  return lightAt(moment, input.task.no, input.measure, input.quota, schedule, input.points)
}

/**
 * The lights of all measures and units of a plan at a date: one for each quota, in the list's order. Series of measures or units that the
 * plan does not have are left aside.
 */
export function lightsOf(
  tasks: readonly LitTask[],
  progress: Progress,
  asOf: string,
  options: LightOptions = {},
): Light[] {
  const moment = momentOf(progress, asOf, options)
  const points = new Map(progress.series.map((series) => [keyOf(series.measure, series.town), series.points]))
  const lights: Light[] = []
  for (const task of tasks)
    for (const measure of task.measures) {
      const schedule = scheduleOf(measure, task.deadline, progress.plan)
      for (const quota of measure.quotas) {
        const reported = points.get(keyOf(measure.id, quota.town)) ?? []
        lights.push(lightAt(moment, task.no, measure, quota, schedule, reported))
      }
    }
  return lights
}

/** What all lights of one date share. */
interface Moment {
  asOf: string
  day: number
  knownAt: string | null
  history: boolean
  year: number
  rules: DatedRule[]
  /** The newest month that is over, so that its reports count. */
  lastMonth: string
  /** The newest month whose reports should have been handed in before this date. */
  dueMonth: string | null
}

function momentOf(progress: Pick<Progress, 'plan' | 'months' | 'rules'>, asOf: string, options: LightOptions): Moment {
  const rules = progress.rules.length ? progress.rules : [{ ...FIRST_LIGHT_RULE, validFrom: progress.plan.startsOn }]
  return {
    asOf,
    day: dayNumber(asOf),
    knownAt: options.knownAt ?? null,
    history: options.history ?? true,
    year: progress.plan.year,
    rules: inOrder(rules).map((rule) => ({ day: dayNumber(rule.validFrom), rule })),
    lastMonth: lastMonthOver(asOf),
    dueMonth: newestDueMonth(progress.months, asOf),
  }
}

function lightAt(
  moment: Moment,
  task: number,
  measure: Measure,
  quota: Quota,
  schedule: Schedule,
  points: readonly Point[],
): Light {
  const duty = dutyOf(measure, quota.target, schedule)
  const course = courseOf(points, moment.knownAt)
  const value = valueOn(course, moment.day)
  const rule = ruleOn(moment.rules, moment.day)
  const judgement = judge(duty, value, moment.day, rule)
  const claimed = claimOn(course, moment.day)
  const runs = moment.history ? runsOf(duty, course, moment.rules, moment.day) : []
  const light: Light = {
    task,
    measure: measure.id,
    town: quota.town,
    light: judgement.light,
    expected: judgement.expected,
    done: judgement.done,
    claimed: claimed === null || claimed === value || duty.target === null ? null : shareOf(duty.target, claimed),
    value,
    target: quota.target,
    gap: judgement.gap,
    reasonKey: judgement.reasonKey,
    reasonParams: reasonParamsOf({ duty, judgement, value, rule, unit: measure.unit, year: moment.year }),
    reason: '',
    since: sinceOf(runs),
    wasRed: wasRed(runs),
    late: isLate(moment, duty, judgement, points),
    demo: points.some((point) => point.demo && point.month <= moment.lastMonth),
  }
  light.reason = reasonText(light, 'zh-CN')
  return light
}

/** The first day of the present colour; grey is no light that burns since a day. */
function sinceOf(runs: readonly Run[]): string | null {
  const present = runs.at(-1)
  return present && present.light !== 'grey' ? isoDay(present.from) : null
}

function wasRed(runs: readonly Run[]): boolean {
  return runs.at(-1)?.light !== 'red' && runs.some((run) => run.light === 'red')
}

function newestDueMonth(months: readonly Month[], asOf: string): string | null {
  let newest: string | null = null
  for (const month of months) if (month.dueOn < asOf && (newest === null || month.id > newest)) newest = month.id
  return newest
}

/**
 * Late: a month's due day has passed and neither its report nor a later one has been handed in by the date (or by `knownAt`, if that is
 * earlier). Who has done it all need not report on; a level (rate, keep, limit) is watched to the end.
 */
function isLate(moment: Moment, duty: Duty, judgement: Judgement, points: readonly Point[]): boolean {
  if (moment.dueMonth === null || duty.target === null) return false
  if (judgement.reasonKey === 'done' && duty.kind !== 'rate' && !isStanding(duty)) return false
  const by = moment.knownAt !== null && moment.knownAt < moment.asOf ? moment.knownAt : moment.asOf
  return !handedIn(points, moment.dueMonth, by)
}

function keyOf(measure: string, town: string): string {
  return `${measure}|${town}`
}
