/** A reviewer's list: the stored reports with what the rules of geo say about each, for the person who asks. */
import { checksOf, type ReportCheck } from '../../geo/report/check.ts'
import { nextActs, refusalOfAct, type FlowPlace, type FlowRefusal, type FlowReport, type ReportAct, type ReviewLevel } from '../../geo/report/flow.ts'
import { can } from '../../geo/right/right.ts'
import { departmentsOf, townsOf, type Person } from '../../geo/right/role.ts'
import { changesSince, daysWaited, deskOf, REVIEW_LISTS, waitsTooLong, type ChangedPart, type ReviewSettings } from '../../geo/review/review.ts'
import { audit } from '../audit/queries.ts'
import { calendar } from '../calendar/queries.ts'
import type { Queryable, Tx } from '../database/connect.ts'
import type { PlanRow } from '../plan/queries.ts'
import { Problem } from '../problems.ts'
import { monthsOfPlan } from '../report/queries.ts'
import { flowOf, placeOf } from '../report/store.ts'
import type { Actor } from '../route.ts'
import { reviewSettingsOf, reviewsOf, updateReviewLevels, type ReviewFilter, type ReviewRow, type Scope } from './queries.ts'

export interface Review extends Omit<ReviewRow, 'kind' | 'unit' | 'direction'> {
  /** What is odd about the value; warnings among it were answered with a reason. */
  checks: ReportCheck[]
  /** What is different from what was decided on last; null: nothing was. */
  changed: ChangedPart[] | null
  /** Whose turn it is; null: it does not wait. */
  desk: ReviewLevel | null
  /** Since when it waits there, and how many working days that is. */
  since: string | null
  days: number | null
  over: boolean
  /** What the person may do next. */
  next: ReportAct[]
  /** Why they may not decide on it although it waits; null: they may, or it does not wait. */
  refusal: FlowRefusal | null
}

export interface Asked {
  plan: PlanRow
  person: Person | null
  today: string
}

/** What a person may see of the reports under review. */
export function scopeOf(person: Person | null): Scope {
  return {
    everywhere: can(person, 'report.read', { town: '*', departments: [] }),
    towns: person ? townsOf(person) : [],
    departments: person ? departmentsOf(person) : [],
  }
}

/** Reports as a reviewer sees them, with the settings that they were judged by. */
export async function listReviews(sql: Queryable, asked: Asked, filter: ReviewFilter): Promise<{ settings: ReviewSettings; reviews: Review[] }> {
  const { plan, person, today } = asked
  const settings = await reviewSettingsOf(sql, plan.id)
  const months = new Map((await monthsOfPlan(sql, plan.id)).map((month) => [month.id, month]))
  const workdays = await calendar(sql)
  const rows = await reviewsOf(sql, plan.id, scopeOf(person), filter)
  const reviews = rows.map(({ kind, unit, direction, ...row }): Review => {
    const place = placeOf({ reviewLevels: settings.levels }, row, row, months.get(row.month)!, today)
    const flow = flowOf({ ...row, enteredBy: row.enteredBy.account })
    const desk = deskOf(row.state, place)
    const since = desk === null ? null : row.state === 'endorsed' ? row.changedAt : row.submittedAt
    const days = since === null ? null : daysWaited(workdays, since, today)
    return {
      ...row,
      checks: checksOf({ measure: { kind, unit, direction }, target: row.target, value: row.value, last: row.last?.value ?? null }),
      changed: row.decided && row.decided.version < row.version ? changesSince(row.decided, row) : null,
      desk,
      since,
      days,
      over: days !== null && waitsTooLong(days, settings.days),
      next: nextActs(flow, place, person),
      refusal: desk && refusalAt(desk, flow, place, person),
    }
  })
  return { settings, reviews }
}

/** Why a person may not decide on what waits. Whose turn comes after the town's is told that it is not theirs yet. */
function refusalAt(desk: ReviewLevel, flow: FlowReport, place: FlowPlace, person: Person | null): FlowRefusal | null {
  if (desk === 'department') return refusalOfAct('approve', flow, place, person)
  const refusal = refusalOfAct('endorse', flow, place, person)
  return refusal === 'role' || refusal === 'scope' ? refusalOfAct('approve', flow, place, person) : refusal
}

/** Most that is listed at once; a month of a plan has about 450 reports. */
export const MOST_REVIEWS = 2000

/** What waits longer on somebody's desk than the plan's days: all of it, for reminding them. */
export async function reviewsOver(sql: Queryable, plan: PlanRow, today: string): Promise<Review[]> {
  const everybodys: Person = { account: '', name: '', grants: [{ role: 'auditor', scope: '' }], readOnly: true }
  const { reviews } = await listReviews(sql, { plan, person: everybodys, today }, { states: REVIEW_LISTS.waiting, limit: MOST_REVIEWS })
  return reviews.filter(({ over }) => over)
}

/**
 * Changes by whom reports are reviewed; holds for what waits already, too.
 * @throws Problem version-conflict
 */
export async function changeReviewLevels(tx: Tx, actor: Actor, plan: PlanRow, to: Pick<ReviewSettings, 'levels' | 'version'>): Promise<ReviewSettings> {
  const before = await reviewSettingsOf(tx, plan.id)
  if (!(await updateReviewLevels(tx, plan.id, to))) throw new Problem('version-conflict', { current: before.version, given: to.version })
  const after = await reviewSettingsOf(tx, plan.id)
  await audit(tx, actor, { action: 'review.levels', subject: `plan/${plan.year}`, before: { levels: before.levels }, after: { levels: after.levels } })
  return after
}
