/** Who has reported for a month and who has not: what the office looks at before it closes. Pure: from the plan and what is known. */

import { courseOf, valueOn } from '../light/course.ts'
import { dutyOf, isStanding, shareOf } from '../light/judge.ts'
import type { LitTask } from '../light/lights.ts'
import { scheduleOf } from '../light/schedule.ts'
import type { Point, Progress } from '../report/report.ts'
import { dayNumber } from './day.ts'
import { monthBefore, monthEnd } from './month.ts'

/** How far one cell of a month has come: it counts, it waits for somebody's word, it was sent back, nothing has come. */
export const CELL_STANDINGS = ['approved', 'waiting', 'returned', 'missing'] as const
export type CellStanding = (typeof CELL_STANDINGS)[number]

export type StandingCounts = Record<CellStanding, number> & { expected: number }

export interface StandingCell {
  task: number
  measure: string
  town: string
  standing: CellStanding
}

/** One unit's month: its counts, and every cell that does not count yet. */
export interface UnitStanding extends StandingCounts {
  town: string
  open: StandingCell[]
}

/**
 * A month's cells by unit, in the order in which the list names the units. Expected is a report for every duty that is not done already; who
 * has done it all before the month began need not report on, and is counted only if they did.
 */
export function standingsOf(tasks: readonly LitTask[], progress: Progress, month: string): UnitStanding[] {
  const series = new Map(progress.series.map(({ measure, town, points }) => [`${measure}|${town}`, points]))
  const units = new Map<string, UnitStanding>()
  for (const task of tasks) {
    for (const measure of task.measures) {
      const schedule = scheduleOf(measure, task.deadline, progress.plan)
      for (const { town, target } of measure.quotas) {
        const duty = dutyOf(measure, target, schedule)
        const points = series.get(`${measure.id}|${town}`) ?? []
        const standing = standingIn(points, month)
        if (standing === 'missing' && (duty.target === null || isDoneBefore(duty, points, month))) continue
        const unit = units.get(town) ?? { town, ...noStandings(), open: [] }
        units.set(town, unit)
        unit.expected++
        unit[standing]++
        if (standing !== 'approved') unit.open.push({ task: task.no, measure: measure.id, town, standing })
      }
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
function standingIn(points: readonly Point[], month: string): CellStanding {
  const own = points.filter((point) => point.month === month)
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
