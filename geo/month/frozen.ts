/**
 * A month as it was closed: everything that its map, matrix and meeting showed, in one record that needs nothing else to be read. It is
 * stored as canonical JSON with its hash and never changes; a month that is reopened and closed again gets another one beside it.
 */
import { dayOfInstant } from './day.ts'
import { monthEnd, type Month } from './month.ts'
import { standingsOf, type StandingCell, type UnitStanding } from './standing.ts'
import type { Light, LightRule } from '../light/light.ts'
import { lightsOf } from '../light/lights.ts'
import { ruleAt } from '../light/rule.ts'
import type { Task } from '../plan/plan.ts'
import type { Point, Progress } from '../report/report.ts'
import type { SubmissionPoint } from '../submission/submission.ts'

/** Where the boundaries of the map came from that day. */
export interface FrozenBoundaries {
  id: number
  kind: string
  sha256: string
  source: string
}

export interface FrozenUnit {
  code: string
  name: string
  nameEn: string
}

export interface FrozenTask {
  no: number
  name: string
  category: { no: number; name: string }
  leads: string[]
  deadline: string | null
  measures: { id: string; name: string; unit: string; kind: string; direction: string }[]
}

export interface FrozenValue extends Point {
  measure: string
  town: string
}

/** A text, an inspection, a search or a milestone as it was handed in; two for one where an approved one was being corrected. */
export interface FrozenSubmission extends SubmissionPoint {
  done: boolean | null
  words: string
  submittedAt: string | null
  approvedAt: string | null
  demo: boolean
}

export interface FrozenMonth {
  kind: 'xiangtu.month'
  /** 1: frozen before submissions were. */
  format: 1 | 2
  plan: { year: number; district: string; districtCode: string; title: string; startsOn: string; endsOn: string; listSha256: string }
  month: Omit<Month, 'closedOn'> & { closedOn: string }
  /** The day that the lights are of: the month's last. */
  asOf: string
  /** The thresholds that held, and all that the plan had. */
  rule: LightRule
  rules: LightRule[]
  boundaries: FrozenBoundaries | null
  units: FrozenUnit[]
  tasks: FrozenTask[]
  /** Every report of the month that had left its town. */
  values: FrozenValue[]
  /** What was reported besides numbers. */
  submissions: FrozenSubmission[]
  lights: Light[]
  /** Who had reported and who had not. */
  standings: UnitStanding[]
  /** Synthetic figures are among them. */
  demo: boolean
}

export interface Freezing {
  plan: FrozenMonth['plan']
  month: Month
  /** The day of closing. */
  closedOn: string
  tasks: readonly Task[]
  progress: Progress
  /** The month's submissions that had left their towns, as they were known on `knownAt`. */
  submissions: readonly FrozenSubmission[]
  boundaries: FrozenBoundaries | null
  units: readonly FrozenUnit[]
  /** Only what had happened by the end of this day counts: for a past that is written down later. Null: all that is known. */
  knownAt: string | null
}

/** The month as it stands, ready to be kept. */
export function frozenMonthOf({ plan, month, closedOn, tasks, progress, submissions, boundaries, units, knownAt }: Freezing): FrozenMonth {
  const asOf = monthEnd(month.id)
  const known = knownAt === null ? progress : { ...progress, series: progress.series.map((series) => ({ ...series, points: knownOn(series.points, knownAt) })) }
  const lights = lightsOf(tasks, known, asOf)
  return {
    kind: 'xiangtu.month',
    format: 2,
    plan,
    month: { ...month, closedOn },
    asOf,
    rule: ruleAt(progress.rules, asOf),
    rules: progress.rules,
    boundaries,
    units: [...units],
    tasks: tasks.map((task) => ({
      no: task.no,
      name: task.name,
      category: task.category,
      leads: task.leads,
      deadline: task.deadline,
      measures: task.measures.map(({ id, name, unit, kind, direction }) => ({ id, name, unit, kind, direction })),
    })),
    values: known.series.flatMap(({ measure, town, points }) => points.filter((point) => point.month === month.id).map((point) => ({ measure, town, ...point }))),
    submissions: [...submissions],
    lights,
    standings: standingsOf(tasks, known, submissions, month.id),
    demo: lights.some(({ demo }) => demo) || submissions.some(({ demo }) => demo),
  }
}

/** What format 1 had otherwise: cells were measures only, and named so. */
type Format1 = Omit<FrozenMonth, 'submissions' | 'standings'> & { format: 1; standings: (Omit<UnitStanding, 'open'> & { open: (Omit<StandingCell, 'subject'> & { measure: string })[] })[] }

/** A stored month as it is read today, whatever its format. */
export function readFrozen(content: string): FrozenMonth {
  const stored = JSON.parse(content) as Format1 | (FrozenMonth & { format: 2 })
  if (stored.format === 2) return stored
  const standings = stored.standings.map((unit) => ({ ...unit, open: unit.open.map(({ measure, ...cell }) => ({ ...cell, subject: measure })) }))
  return { ...stored, submissions: [], standings }
}

/** A light that is another one today than when the month was closed. */
export interface FrozenDifference {
  task: number
  measure: string
  town: string
  then: Pick<Light, 'light' | 'value'>
  now: Pick<Light, 'light' | 'value'>
}

/** What became of a frozen month since: corrected values, and lights that are others. What the plan no longer has is left aside. */
export function differencesOf(frozen: readonly Light[], now: readonly Light[]): FrozenDifference[] {
  const present = new Map(now.map((light) => [`${light.measure}|${light.town}`, light]))
  return frozen.flatMap(({ task, measure, town, light, value }) => {
    const other = present.get(`${measure}|${town}`)
    if (!other || (other.light === light && other.value === value)) return []
    return [{ task, measure, town, then: { light, value }, now: { light: other.light, value: other.value } }]
  })
}

/** What of a series was there at the end of a day: later reports were not, later approvals still waited. */
function knownOn(points: readonly Point[], day: string): Point[] {
  return points.flatMap((point) => {
    if (point.submittedAt !== null && dayOfInstant(point.submittedAt) > day) return []
    if (point.approvedAt !== null && dayOfInstant(point.approvedAt) > day) return [{ ...point, state: 'submitted' as const, approvedAt: null }]
    return [point]
  })
}
