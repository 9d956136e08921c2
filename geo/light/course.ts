/**
 * The course of a series: which value holds from which day. A report of a month counts from the month's last day on, once it is approved;
 * what is only submitted is a claim and stands beside.
 */

import { dayNumber, dayOfInstant } from '../month/day.ts'
import { monthEnd } from '../month/month.ts'
import type { Point, ReportState } from '../report/report.ts'

/** States whose values light the map. */
const COUNTING: readonly ReportState[] = ['approved', 'published']
/** States in which a report has left the town and has not come back. */
const HANDED_IN: readonly ReportState[] = ['submitted', 'endorsed', 'approved', 'published']

/** A value and the day from which it holds. */
export interface Standing {
  day: number
  value: number
}

export interface Course {
  /** Approved values in the order of their days; the last one up to a day is the value on that day. */
  approved: readonly Standing[]
  /** Claimed values, in the order of their days. */
  claimed: readonly Standing[]
}

/**
 * The course of a series' points (in the order of their months), as known at the end of the day `knownAt` (null: all that is known). Then
 * only what was approved by that day counts, and what was only submitted by then is a claim. Reports without a number change nothing.
 */
export function courseOf(points: readonly Point[], knownAt: string | null): Course {
  const approved: Standing[] = []
  const claimed: Standing[] = []
  for (const point of points) {
    if (point.value === null) continue
    const standing = { day: lastDayOf(point.month), value: point.value }
    if (COUNTING.includes(point.state) && happenedBy(point.approvedAt, knownAt)) approved.push(standing)
    else if (HANDED_IN.includes(point.state) && happenedBy(point.submittedAt, knownAt)) claimed.push(standing)
  }
  return { approved, claimed }
}

/** The approved value that holds on a day; null while there is none. */
export function valueOn(course: Course, day: number): number | null {
  return latest(course.approved, day)?.value ?? null
}

/** What is claimed on a day for a later month than the approved value's; null if nothing is. */
export function claimOn(course: Course, day: number): number | null {
  const claim = latest(course.claimed, day)
  if (!claim) return null
  const approved = latest(course.approved, day)
  return approved && approved.day > claim.day ? null : claim.value
}

/** Has a report for this month or a later one been handed in by the end of a day? Later ones count, as values are cumulative. */
export function handedIn(points: readonly Point[], month: string, by: string): boolean {
  return points.some(
    (point) => point.month >= month && HANDED_IN.includes(point.state) && happenedBy(point.submittedAt, by),
  )
}

function latest(standings: readonly Standing[], day: number): Standing | null {
  for (let i = standings.length - 1; i >= 0; i--) if (standings[i]!.day <= day) return standings[i]!
  return null
}

function happenedBy(instant: string | null, date: string | null): boolean {
  return date === null || (instant !== null && dayOfInstant(instant) <= date)
}

const lastDays = new Map<string, number>()

/** Number of a month's last day; remembered, as every series asks for the same few. */
function lastDayOf(month: string): number {
  let day = lastDays.get(month)
  if (day === undefined) lastDays.set(month, (day = dayNumber(monthEnd(month))))
  return day
}
