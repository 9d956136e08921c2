/**
 * A demonstration year: plausible monthly values for every measure and unit of a plan. Pure and the same every time; there are no real
 * figures, so every report carries `demo`. The plan may be any that was read: subjects are told by their words, stories by their cast.
 */

import { chanceOf } from './chance.ts'
import type { Chance } from './chance.ts'
import { STORIES } from './stories.ts'
import type { Story } from './stories.ts'
import { valuesOf } from './values.ts'
import { expectedShare, scheduleOf } from '../../geo/light/schedule.ts'
import type { Schedule } from '../../geo/light/schedule.ts'
import { dayNumber, isoDay } from '../../geo/month/day.ts'
import { monthAfter, monthEnd, monthsOf } from '../../geo/month/month.ts'
import { formatNumber } from '../../geo/number/format.ts'
import type { Measure, Quota, Task } from '../../geo/plan/plan.ts'
import type { Report } from '../../geo/report/report.ts'

/** What every text of a demonstration report begins with. */
export const DEMO_WORDS = '演示数据'

/** A report that has no id yet: storing gives it one. */
export type DemoReport = Omit<Report, 'id'>

/** The part of a task that the demonstration needs. */
export type DemoTask = Pick<Task, 'no' | 'name' | 'deadline' | 'measures'>

/**
 * Reports of all months of a plan's year for every measure × unit with a quota, in the list's order and by month. Values are cumulative
 * and never fall (save levels: rates and what is kept); counts are whole numbers. Date-times are by China's clock; those of the last months
 * lie partly after the year's end, as reviews take some days.
 */
export function demoYear(
  plan: { year: number; startsOn: string; endsOn: string },
  tasks: readonly DemoTask[],
): DemoReport[] {
  return tasks.flatMap((task) =>
    task.measures.flatMap((measure) =>
      measure.quotas.flatMap((quota) => (hasDuty(measure, quota) ? yearOf(plan, task, measure, quota) : [])),
    ),
  )
}

/** The stories that are played in a series. */
export function storiesOf(task: Pick<Task, 'name'>, measure: Measure, quota: Quota): Story[] {
  return STORIES.filter(
    ({ cast }) =>
      cast.town === quota.town &&
      (cast.task?.test(task.name) ?? true) &&
      (cast.measure?.test(measure.name) ?? true) &&
      (cast.kinds?.includes(measure.kind) ?? true),
  )
}

function hasDuty(measure: Measure, quota: Quota): boolean {
  return measure.kind === 'stage' || (quota.target !== null && quota.target > 0) || measure.kind === 'keep'
}

function yearOf(
  plan: { year: number; startsOn: string; endsOn: string },
  task: DemoTask,
  measure: Measure,
  quota: Quota,
): DemoReport[] {
  const stories = storiesOf(task, measure, quota)
  const schedule = scheduleOf(measure, task.deadline, plan)
  const months = monthsOf(plan.year)
  const expected = months.map((month) => expectedShare(schedule, dayNumber(monthEnd(month))))
  const needed = months.map((month) => milestonesBefore(schedule, monthEnd(monthAfter(month))))
  const chance = chanceOf(`${plan.year} ${measure.id} ${quota.town}`)
  const values = valuesOf({ task, measure, target: quota.target ?? 100, expected, needed, stories, chance })
  return months.flatMap((month, i) => {
    const own = stories.filter((story) => touches(story, i + 1))
    const report = reportOf(measure, quota, month, values[i]!, own, chance)
    return report ? [report] : []
  })
}

/** The share that milestones before a date ask for; 0 if there are none. The deadline is no milestone: not everyone is done in time. */
function milestonesBefore(schedule: Schedule, date: string): number {
  const passed = schedule.steps.filter((step) => step.milestone !== null && step.day < dayNumber(date))
  return passed.at(-1)?.share ?? 0
}

function reportOf(
  measure: Measure,
  quota: Quota,
  month: string,
  value: number,
  stories: readonly Story[],
  chance: Chance,
): DemoReport | null {
  const times = timesOf(month, chance)
  const report: DemoReport = {
    measure: measure.id,
    town: quota.town,
    month,
    value,
    words: `${DEMO_WORDS}：${summaryOf(measure, value)}${stories.map((story) => story.words).join('')}`,
    state: 'approved',
    ...times,
    demo: true,
  }
  for (const { happening } of stories) {
    if (happening.kind === 'silence' && happening.month === monthNumber(month)) return null
    if (happening.kind === 'silence') Object.assign(report, timesFrom(happening.nextOn, times))
    if (happening.kind === 'waiting') Object.assign(report, { state: 'submitted', approvedAt: null })
    if (happening.kind === 'returned') Object.assign(report, { state: 'returned', approvedAt: null })
  }
  return report
}

/** Does something of the story happen in this month (1…12)? After a silence the next month's report is the one that comes late. */
function touches({ happening }: Story, month: number): boolean {
  if (happening.kind === 'lag' || happening.kind === 'shares')
    return month >= happening.from && month < happening.from + happening.shares.length
  return happening.month === month || (happening.kind === 'silence' && happening.month + 1 === month)
}

/** Handed in from the 25th to the 5th of the next month, in working hours; approved one to six days later. */
function timesOf(month: string, chance: Chance): { submittedAt: string; approvedAt: string } {
  const first = dayNumber(`${month}-25`)
  const last = dayNumber(monthEnd(month)) + 4
  const submitted = chance.whole(first, last)
  const approved = submitted + chance.whole(1, 6)
  return { submittedAt: instant(submitted, chance), approvedAt: instant(approved, chance) }
}

function timesFrom(date: string, times: { submittedAt: string; approvedAt: string }) {
  const day = dayNumber(date)
  return {
    submittedAt: date + times.submittedAt.slice(10),
    approvedAt: isoDay(day + 2) + times.approvedAt.slice(10),
  }
}

function instant(day: number, chance: Chance): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${isoDay(day)}T${two(chance.whole(9, 16))}:${two(chance.whole(0, 59))}:00+08:00`
}

function summaryOf(measure: Measure, value: number): string {
  if (measure.kind === 'stage') return value >= 100 ? '已完成。' : `推进中，完成 ${formatNumber(value)}%。`
  const amount = `${formatNumber(value)}${measure.unit === '%' ? '%' : ` ${measure.unit}`}`
  return measure.kind === 'rate' || measure.kind === 'keep' ? `现为 ${amount}。` : `累计完成 ${amount}。`
}

function monthNumber(month: string): number {
  return Number(month.slice(5))
}
