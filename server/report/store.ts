/**
 * What is done to reports, one at a time or many at once: load, decide (geo/report/flow), write the version, the report and the audit entry,
 * all in the caller's transaction. Whatever is wrong with one of many stops them all.
 */
import { ACTS_WITH_REASON, FLOW_REFUSALS, refusalOfAct, REPORT_ACTS, stateAfter, type FlowPlace, type FlowReport, type ReportAct } from '../../geo/report/flow.ts'
import { isError, openChecks, checksOf, type Answer } from '../../geo/report/check.ts'
import { monthState } from '../../geo/month/month.ts'
import { ACTIONS, REFUSALS } from '../../geo/right/right.ts'
import { audit } from '../audit/queries.ts'
import type { Tx } from '../database/connect.ts'
import { bumpRevision, type PlanRow } from '../plan/queries.ts'
import { Problem } from '../problems.ts'
import type { Actor } from '../route.ts'
import { dutyForReport, insertReportVersion, lastValueBefore, monthsOfPlan, reportForUpdate, writeReport, type ReportRow } from './queries.ts'

/** Which cell of a plan a report fills. */
export interface ReportKey {
  measure: string
  town: string
  month: string
}

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
 * Does one act to each of the reports.
 * @returns the reports as they are now, in the order given
 * @throws Problem not-found, not-allowed, report-refused (state, closed month, own entry), version-conflict, report-invalid, reason-missing
 */
export async function actOnReports(tx: Tx, context: ActContext, act: ReportAct, changes: readonly ReportChange[]): Promise<ReportRow[]> {
  const { plan } = context
  const months = new Map((await monthsOfPlan(tx, plan.id)).map((month) => [month.id, month]))
  const done: ReportRow[] = []
  // In one order for everybody: two people who act on the same reports wait for each other instead of blocking both.
  const order = [...changes.keys()].sort((a, b) => keyText(changes[a]!).localeCompare(keyText(changes[b]!)))
  for (const i of order) {
    const change = changes[i]!
    const month = months.get(change.month)
    const duty = await dutyForReport(tx, plan.id, change.measure, change.town)
    if (!month || !duty) throw new Problem('not-found', { what: `report/${keyText(change)}` }, fieldOf(changes, i))
    const before = await reportForUpdate(tx, plan.id, change)
    const flow: FlowReport = { state: before?.state ?? null, enteredBy: before?.enteredBy ?? null, hasApproved: before?.approvedVersion != null }
    const place: FlowPlace = { town: change.town, departments: duty.leads, levels: plan.reviewLevels, month: monthState(month, context.today) }
    const field = fieldOf(changes, i)
    // First the rights, then the version: whoever may not touch it is told nothing of it.
    const refusal = refusalOfAct(act, flow, place, context.actor.person)
    if (refusal && refusal in REFUSALS) throw notAllowed(act, refusal as keyof typeof REFUSALS, field)
    if ((before?.version ?? 0) !== change.version) {
      throw new Problem('version-conflict', { current: before?.version ?? 0, given: change.version, key: keyText(change), report: before }, field)
    }
    if (refusal) {
      const words = FLOW_REFUSALS[refusal as keyof typeof FLOW_REFUSALS]
      throw new Problem('report-refused', { key: keyText(change), act, refusal, state: flow.state, what: REPORT_ACTS[act].zh, whatEn: REPORT_ACTS[act].en, why: words.zh, whyEn: words.en }, field)
    }
    if (ACTS_WITH_REASON.includes(act) && !change.reason?.trim()) throw new Problem('reason-missing', { key: keyText(change) }, field)
    done[i] = await step(tx, context, act, change, before, duty, field)
  }
  if (changes.length) await bumpRevision(tx, plan.id)
  return done
}

type Duty = NonNullable<Awaited<ReturnType<typeof dutyForReport>>>

async function step(tx: Tx, context: ActContext, act: ReportAct, change: ReportChange, before: ReportRow | null, duty: Duty, field: string): Promise<ReportRow> {
  const entered = act === 'save' || act === 'correct'
  const value = entered ? (change.value ?? null) : (before?.value ?? null)
  const words = entered ? (change.words ?? before?.words ?? '') : (before?.words ?? '')
  const answers = entered ? (change.answers ?? before?.answers ?? []) : (before?.answers ?? [])
  if (entered || act === 'submit') {
    const last = await lastValueBefore(tx, context.plan.id, change)
    const checked = { measure: duty, target: duty.target, value, last }
    // A draft may be half done; only what no draft can hold is refused.
    const open = act === 'save' ? checksOf(checked).filter((check) => check === 'not-a-number') : openChecks(checked, words, answers)
    if (open.length) throw new Problem('report-invalid', { key: keyText(change), checks: open, fatal: open.some(isError) }, field)
  }
  const state = stateAfter(act, before?.state ?? null)
  const reason = act === 'return' || act === 'correct' ? change.reason!.trim() : state === 'returned' || act === 'submit' ? (before?.reason ?? null) : null
  const approved = act === 'approve'
  const row = await writeReport(tx, context.plan.id, change, {
    version: (before?.version ?? 0) + 1,
    changedAt: context.now,
    enteredBy: entered || !before ? context.actor.name : before.enteredBy,
    value,
    words,
    answers,
    state,
    reason,
    submittedAt: act === 'submit' || act === 'correct' ? context.now : (before?.submittedAt ?? null),
    approvedAt: approved ? context.now : (before?.approvedAt ?? null),
    approvedValue: approved ? value : (before?.approvedValue ?? null),
    approvedVersion: approved ? (before?.version ?? 0) + 1 : (before?.approvedVersion ?? null),
    demo: entered ? context.actor.demo : (before?.demo ?? context.actor.demo),
  })
  await insertReportVersion(tx, row, { act, by: context.actor.name, at: context.now, reason: change.reason?.trim() || null })
  await audit(tx, context.actor, {
    action: `report.${act}`,
    subject: `report/${context.plan.year}/${keyText(change)}`,
    before: before && { version: before.version, state: before.state, value: before.value, words: before.words },
    after: { version: row.version, state: row.state, value: row.value, words: row.words, ...(change.reason ? { reason: change.reason } : {}) },
  })
  return row
}

function notAllowed(act: ReportAct, refusal: keyof typeof REFUSALS, field: string): Problem {
  if (refusal === 'signed-out') return new Problem('sign-in-needed')
  const { zh: what, en: whatEn } = ACTIONS[REPORT_ACTS[act].action]
  const { zh: why, en: whyEn } = REFUSALS[refusal]
  return new Problem('not-allowed', { action: REPORT_ACTS[act].action, refusal, what, whatEn, why, whyEn }, field)
}

function keyText({ month, town, measure }: ReportKey): string {
  return `${month}/${town}/${measure}`
}

function fieldOf(changes: readonly unknown[], i: number): string {
  return changes.length > 1 ? `/reports/${i}` : ''
}
