/** Who has reported for a month and who has not, numbers and submissions alike: what the office looks at before it closes. Pure: from the plan and what is known. */

import { courseOf, valueOn } from '../light/course.ts'
import { dutyOf, isStanding, shareOf } from '../light/judge.ts'
import type { LitTask } from '../light/lights.ts'
import { scheduleOf } from '../light/schedule.ts'
import type { Task } from '../plan/plan.ts'
import type { Point, Progress, ReportState } from '../report/report.ts'
import { dueIn, subjectOf, type SubmissionPoint } from '../submission/submission.ts'
import { dayNumber } from './day.ts'
import { monthBefore, monthEnd } from './month.ts'

/** How far one cell of a month has come: it counts, it waits for somebody's word, it was sent back, nothing has come. */
export const CELL_STANDINGS = ['approved', 'waiting', 'returned', 'missing'] as const
export type CellStanding = (typeof CELL_STANDINGS)[number]

export type StandingCounts = Record<CellStanding, number> & { expected: number }

export interface StandingCell {
  task: number
  /** A measure (`14.1`), or a submission of the task (`17/finding`). */
  subject: string
  town: string
  standing: CellStanding
}

/** One unit's month: its counts, and every cell that does not count yet. */
export interface UnitStanding extends StandingCounts {
  town: string
  open: StandingCell[]
}

/** The part of a task that says what its units owe in a month. */
export type OwedTask = LitTask & Pick<Task, 'mechanisms'>

/**
 * A month's cells by unit, in the order in which the list names the units. Expected is a report for every duty that is not done already (who
 * has done it all before the month began need not report on, and is counted only if they did), and every submission that falls due.
 */
export function standingsOf(tasks: readonly OwedTask[], progress: Progress, submissions: readonly SubmissionPoint[], month: string): UnitStanding[] {
  const handed = Map.groupBy(
    submissions.filter((one) => one.month === month),
    (one) => `${subjectOf(one)}|${one.town}`,
  )
  const series = new Map(progress.series.map(({ measure, town, points }) => [`${measure}|${town}`, points]))
  const units = new Map<string, UnitStanding>()
  const count = (cell: StandingCell) => {
    const unit = units.get(cell.town) ?? { town: cell.town, ...noStandings(), open: [] }
    units.set(cell.town, unit)
    unit.expected++
    unit[cell.standing]++
    if (cell.standing !== 'approved') unit.open.push(cell)
  }
  for (const task of tasks) {
    for (const measure of task.measures) {
      const schedule = scheduleOf(measure, task.deadline, progress.plan)
      for (const { town, target } of measure.quotas) {
        const duty = dutyOf(measure, target, schedule)
        const points = series.get(`${measure.id}|${town}`) ?? []
        const standing = standingOf(points.filter((point) => point.month === month))
        if (standing === 'missing' && (duty.target === null || isDoneBefore(duty, points, month))) continue
        count({ task: task.no, subject: measure.id, town, standing })
      }
    }
    for (const due of dueIn(task, month)) {
      const subject = subjectOf(due)
      count({ task: task.no, subject, town: due.town, standing: standingOf(handed.get(`${subject}|${due.town}`) ?? []) })
    }
  }
  return [...units.values()]
}

/** All units' counts together. */
export function sumStandings(units: readonly StandingCounts[]): StandingCounts {
  const sum = noStandings()
  for (const unit of units) {
    sum.expected += unit.expected
    for (const standing of CELL_STANDINGS) sum[standing] += unit[standing]
  }
  return sum
}

/** How the month's own report stands. A correction that waits does not undo what counts. */
function standingOf(own: readonly { state: ReportState }[]): CellStanding {
  if (own.some(({ state }) => state === 'approved' || state === 'published')) return 'approved'
  if (own.some(({ state }) => state === 'submitted' || state === 'endorsed')) return 'waiting'
  return own.some(({ state }) => state === 'returned') ? 'returned' : 'missing'
}

function isDoneBefore(duty: ReturnType<typeof dutyOf>, points: readonly Point[], month: string): boolean {
  if (duty.target === null || duty.kind === 'rate' || isStanding(duty)) return false
  const value = valueOn(courseOf(points, null), dayNumber(monthEnd(monthBefore(month))))
  return value !== null && shareOf(duty.target, value) >= 1
}

function noStandings(): StandingCounts {
  return { expected: 0, approved: 0, waiting: 0, returned: 0, missing: 0 }
}
