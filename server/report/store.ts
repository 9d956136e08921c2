/**
 * What is done to reports, one at a time or many at once: load, decide (geo/report/flow), write the version, the report and the audit entry,
 * all in the caller's transaction. Whatever is wrong with one of many stops them all.
 */
import { ACTS_WITH_REASON, FLOW_REFUSALS, nextActs, refusalOfAct, REPORT_ACTS, stateAfter, type FlowPlace, type FlowReport, type ReportAct } from '../../geo/report/flow.ts'
import { isError, openChecks, checksOf, type Answer } from '../../geo/report/check.ts'
import { monthState, type Month } from '../../geo/month/month.ts'
import { ACTIONS, REFUSALS } from '../../geo/right/right.ts'
import type { Person } from '../../geo/right/role.ts'
import type { Told } from '../../geo/message/message.ts'
import { unitNames } from '../../geo/town/names.ts'
import { auditAll, type AuditEntry } from '../audit/queries.ts'
import type { Tx } from '../database/connect.ts'
import { recordLights } from '../light/record.ts'
import { tell } from '../message/tell.ts'
import { bumpRevision, type PlanRow } from '../plan/queries.ts'
import { Problem } from '../problems.ts'
import type { Actor } from '../route.ts'
import {
  measureNames,
  dutiesForReports,
  holdOpenMonths,
  insertReportVersions,
  lastValuesBefore,
  reportsForUpdate,
  writeReports,
  type ReportDuty,
  type ReportKey,
  type ReportRow,
  type ReportWrite,
} from './queries.ts'

export type { ReportKey }

export interface ReportChange extends ReportKey {
  /** The version that the person has before their eyes; 0: nothing there yet. */
  version: number
  /** For `save` and `correct`. */
  value?: number | null
  words?: string
  answers?: Answer[]
  reason?: string
}

export interface ActContext {
  plan: PlanRow
  actor: Actor
  /** ISO instant and, in China, ISO date. */
  now: string
  today: string
}

/**
 * Does one act to each of the reports. The number of queries does not grow with their number.
 * @returns the reports as they are now, in the order given, with what the actor may do to each next
 * @throws Problem not-found, not-allowed, report-refused (state, closed month, own entry), version-conflict, report-invalid, reason-missing:
 *   of the first at fault in the order of month, town and measure
 */
export async function actOnReports(tx: Tx, context: ActContext, act: ReportAct, changes: readonly ReportChange[]): Promise<ReportWithNext[]> {
  if (changes.length === 0) return []
  const { plan } = context
  const months = new Map((await holdOpenMonths(tx, plan.id)).map((month) => [month.id, month]))
  const order = [...changes.keys()].sort((a, b) => compare(keyText(changes[a]!), keyText(changes[b]!)))
  const sorted = order.map((i) => changes[i]!)
  const duties = await dutiesForReports(tx, plan.id, sorted)
  const held = new Map((await reportsForUpdate(tx, plan.id, sorted)).map((row) => [keyText(row), row]))
  const entering = act === 'save' || act === 'correct' || act === 'submit'
  const last = entering ? await lastValuesBefore(tx, plan.id, sorted) : []
  const place = (change: ReportKey, duty: ReportDuty) => placeOf(plan, duty, change, months.get(change.month)!, context.today)
  const writes = sorted.map((change, n): ReportWrite => {
    const field = fieldOf(changes, order[n]!)
    const duty = duties[n]
    if (!months.has(change.month) || !duty) throw new Problem('not-found', { what: `report/${keyText(change)}` }, field)
    if (n > 0 && keyText(sorted[n - 1]!) === keyText(change)) throw new Problem('request-invalid', { field, why: 'the same report twice' }, field)
    const before = held.get(keyText(change)) ?? null
    mustBePossible(act, { key: keyText(change), change, before, field }, place(change, duty), context.actor.person)
    if (entering) mustBeSound(act, { change, before, field }, duty, last[n] ?? null)
    return writeOf(context, act, change, before)
  })
  const rows = (await writeReports(tx, plan.id, writes)).map((row, n) => {
    if (row) return row
    // Two people entered the first value at once. The second is told.
    throw new Problem('version-conflict', { current: 1, given: 0, key: keyText(sorted[n]!) }, fieldOf(changes, order[n]!))
  })
  const reasons = sorted.map(({ reason }) => reason?.trim() || null)
  await insertReportVersions(tx, rows, { act, by: context.actor.name, at: context.now, reasons })
  await auditAll(tx, context.actor, rows.map((row, n) => entryOf(context, act, sorted[n]!, held.get(keyText(row)) ?? null, row)))
  // Drafts are nobody's business but the town's: they change no page, and the many savings of many towns need not wait for each other.
  if (act !== 'save') await bumpRevision(tx, plan.id)
  if (act === 'approve' || act === 'publish') await recordLights(tx, plan, context, 'report', [...new Set(rows.map(({ measure }) => measure))])
  if (act === 'return') await tell(tx, await returnedOf(tx, plan, rows), context.now)
  const done: ReportWithNext[] = []
  rows.forEach((row, n) => (done[order[n]!] = { ...row, next: nextActs(flowOf(row), place(row, duties[n]!), context.actor.person) }))
  return done
}

/** Whoever entered what came back is told, with what was asked. */
async function returnedOf(tx: Tx, plan: PlanRow, rows: readonly ReportRow[]): Promise<Told[]> {
  const names = await measureNames(tx, plan.id)
  return rows.map((row) => {
    const { zh, en } = unitNames(row.town)
    const params = { unit: zh, unitEn: en, month: row.month, name: names.get(row.measure) ?? row.measure, reason: row.reason ?? '', ...(row.demo ? { demo: true } : {}) }
    return { kind: 'report-returned', key: `report-returned/${row.id}/${row.version}`, to: [{ account: row.enteredBy }], params, path: `/reports?month=${row.month}&town=${row.town}` }
  })
}

/** A report and what the person who asks may do to it next. */
export interface ReportWithNext extends ReportRow {
  next: ReportAct[]
}

/** A report as far as its way goes. */
export function flowOf(row: Pick<ReportRow, 'state' | 'enteredBy' | 'approvedVersion'> | null): FlowReport {
  return { state: row?.state ?? null, enteredBy: row?.enteredBy ?? null, hasApproved: row?.approvedVersion != null }
}

/** Where a report stands, as far as its way goes. */
export function placeOf(plan: Pick<PlanRow, 'reviewLevels'>, duty: Pick<ReportDuty, 'leads'>, key: Pick<ReportKey, 'town'>, month: Pick<Month, 'opensOn' | 'closedOn'>, today: string): FlowPlace {
  return { town: key.town, departments: duty.leads, levels: plan.reviewLevels, month: monthState(month, today) }
}

/** One of many: what is to be done, what was there before, and where it stands in the request. */
interface One {
  change: ReportChange
  before: ReportRow | null
  field: string
}

/**
 * Refuses what is not possible for this person, there, on that version. First the rights, then the version: whoever may not touch it is told
 * nothing of it.
 * @throws Problem not-allowed, version-conflict, report-refused, reason-missing
 */
export function mustBePossible(
  act: ReportAct,
  one: { key: string; change: { version: number; reason?: string }; before: (Parameters<typeof flowOf>[0] & { version: number }) | null; field: string },
  place: FlowPlace,
  person: Person | null,
): void {
  const { key, change, before, field } = one
  const refusal = refusalOfAct(act, flowOf(before), place, person)
  if (refusal && refusal in REFUSALS) throw notAllowed(act, refusal as keyof typeof REFUSALS, field)
  if ((before?.version ?? 0) !== change.version) {
    throw new Problem('version-conflict', { current: before?.version ?? 0, given: change.version, key, report: before }, field)
  }
  if (refusal) {
    const words = FLOW_REFUSALS[refusal as keyof typeof FLOW_REFUSALS]
    const { zh: what, en: whatEn } = REPORT_ACTS[act]
    throw new Problem('report-refused', { key, act, refusal, state: before?.state ?? null, what, whatEn, why: words.zh, whyEn: words.en }, field)
  }
  if (ACTS_WITH_REASON.includes(act) && !change.reason?.trim()) throw new Problem('reason-missing', { key }, field)
}

function mustBeSound(act: ReportAct, { change, before, field }: One, duty: ReportDuty, last: number | null): void {
  const { value, words, answers } = contentAfter(act, change, before)
  const checked = { measure: duty, target: duty.target, value, last }
  // A draft may be half done; only what no draft can hold is refused.
  const open = act === 'save' ? checksOf(checked).filter((check) => check === 'not-a-number') : openChecks(checked, words, answers)
  if (open.length) throw new Problem('report-invalid', { key: keyText(change), checks: open, fatal: open.some(isError) }, field)
}

function contentAfter(act: ReportAct, change: ReportChange, before: ReportRow | null): Pick<ReportRow, 'value' | 'words' | 'answers'> {
  const { value = null, words = '', answers = [] } = before ?? {}
  if (act !== 'save' && act !== 'correct') return { value, words, answers }
  return { value: change.value ?? null, words: change.words ?? words, answers: change.answers ?? answers }
}

function writeOf({ actor, now }: ActContext, act: ReportAct, change: ReportChange, before: ReportRow | null): ReportWrite {
  const content = contentAfter(act, change, before)
  const entered = act === 'save' || act === 'correct'
  const approved = act === 'approve'
  const state = stateAfter(act, before?.state ?? null)
  const version = (before?.version ?? 0) + 1
  return {
    id: before?.id ?? null,
    measure: change.measure,
    town: change.town,
    month: change.month,
    version,
    changedAt: now,
    enteredBy: entered || !before ? actor.name : before.enteredBy,
    ...content,
    state,
    reason: act === 'return' || act === 'correct' ? change.reason!.trim() : state === 'returned' || act === 'submit' ? (before?.reason ?? null) : null,
    submittedAt: act === 'submit' || act === 'correct' ? now : (before?.submittedAt ?? null),
    approvedAt: approved ? now : (before?.approvedAt ?? null),
    approvedValue: approved ? content.value : (before?.approvedValue ?? null),
    approvedVersion: approved ? version : (before?.approvedVersion ?? null),
    demo: entered ? actor.demo : (before?.demo ?? actor.demo),
  }
}

function entryOf({ plan }: ActContext, act: ReportAct, change: ReportChange, before: ReportRow | null, row: ReportRow): AuditEntry {
  return {
    action: `report.${act}`,
    subject: `report/${plan.year}/${keyText(change)}`,
    before: before && { version: before.version, state: before.state, value: before.value, words: before.words },
    after: { version: row.version, state: row.state, value: row.value, words: row.words, ...(change.reason ? { reason: change.reason } : {}) },
  }
}

export function notAllowed(act: ReportAct, refusal: keyof typeof REFUSALS, field: string): Problem {
  if (refusal === 'signed-out') return new Problem('sign-in-needed')
  const { zh: what, en: whatEn } = ACTIONS[REPORT_ACTS[act].action]
  const { zh: why, en: whyEn } = REFUSALS[refusal]
  return new Problem('not-allowed', { action: REPORT_ACTS[act].action, refusal, what, whatEn, why, whyEn }, field)
}

function keyText({ month, town, measure }: ReportKey): string {
  return `${month}/${town}/${measure}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function fieldOf(changes: readonly unknown[], i: number): string {
  return changes.length > 1 ? `/reports/${i}` : ''
}
