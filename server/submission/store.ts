/** What is done to submissions: the same acts, refusals and versions as with reports (server/report/store), for what is no number. */
import type { Told } from '../../geo/message/message.ts'
import type { Task } from '../../geo/plan/plan.ts'
import { stateAfter, type ReportAct, type ReviewLevel } from '../../geo/report/flow.ts'
import { daysWaited, deskOf, waitsTooLong } from '../../geo/review/review.ts'
import { dueIn, gapsOf, SUBMISSION_KINDS, subjectOf, type SubmissionKey } from '../../geo/submission/submission.ts'
import { unitNames } from '../../geo/town/names.ts'
import { countAttachments } from '../attachment/queries.ts'
import { audit } from '../audit/queries.ts'
import { calendar } from '../calendar/queries.ts'
import type { Queryable, Tx } from '../database/connect.ts'
import { tell } from '../message/tell.ts'
import { bumpRevision, tasksOf } from '../plan/queries.ts'
import { Problem } from '../problems.ts'
import { holdOpenMonths } from '../report/queries.ts'
import { mustBePossible, placeOf, type ActContext } from '../report/store.ts'
import { reviewSettingsOf } from '../review/queries.ts'
import { insertSubmissionVersion, submissionForUpdate, writeSubmission, type SubmissionRow } from './queries.ts'

export interface SubmissionChange extends SubmissionKey {
  /** The version that the person has before their eyes; 0: nothing there yet. */
  version: number
  /** For `save` and `correct`. */
  done?: boolean | null
  words?: string
  reason?: string
}

/**
 * Does one act to each of the submissions.
 * @returns the submissions as they are now, in the order given
 * @throws Problem not-found (nobody asks for it), not-allowed, report-refused, version-conflict, submission-incomplete, reason-missing
 */
export async function actOnSubmissions(tx: Tx, context: ActContext, act: ReportAct, changes: readonly SubmissionChange[]): Promise<SubmissionRow[]> {
  const { plan } = context
  const months = new Map((await holdOpenMonths(tx, plan.id)).map((month) => [month.id, month]))
  const tasks = new Map((await tasksOf(tx, plan.id)).map((task) => [task.no, task]))
  const done: SubmissionRow[] = []
  const order = [...changes.keys()].sort((a, b) => keyText(changes[a]!).localeCompare(keyText(changes[b]!)))
  for (const i of order) {
    const change = changes[i]!
    const field = changes.length > 1 ? `/submissions/${i}` : ''
    const month = months.get(change.month)
    const task = tasks.get(change.task)
    const before = await submissionForUpdate(tx, plan.id, change)
    // What was reported stays in reach, also when the office no longer asks for it.
    if (!month || !task || (!before && !isAskedFor(task, change))) throw new Problem('not-found', { what: `submission/${keyText(change)}` }, field)
    mustBePossible(act, { key: keyText(change), change, before, field }, placeOf(plan, task, change, month, context.today), context.actor.person)
    done[i] = await step(tx, context, act, change, before, field)
  }
  if (changes.length && act !== 'save') await bumpRevision(tx, plan.id)
  if (act === 'return') await tell(tx, done.map((row) => returnedOf(row, tasks.get(row.task)!)), context.now)
  return done
}

/** Whoever entered what came back is told, with what was asked. */
function returnedOf(row: SubmissionRow, task: Task): Told {
  const { zh, en } = unitNames(row.town)
  const params = { unit: zh, unitEn: en, month: row.month, name: `${task.name}：${SUBMISSION_KINDS[row.kind].zh}`, reason: row.reason ?? '', ...(row.demo ? { demo: true } : {}) }
  return { kind: 'report-returned', key: `submission-returned/${row.id}/${row.version}`, to: [{ account: row.enteredBy }], params, path: `/reports?month=${row.month}&town=${row.town}` }
}

function isAskedFor(task: Task, key: SubmissionKey): boolean {
  return dueIn(task, key.month).some(({ kind, item, town }) => kind === key.kind && item === key.item && town === key.town)
}

async function step(tx: Tx, context: ActContext, act: ReportAct, change: SubmissionChange, before: SubmissionRow | null, field: string): Promise<SubmissionRow> {
  const entered = act === 'save' || act === 'correct'
  const said = entered && change.done !== undefined ? change.done : (before?.done ?? null)
  const words = entered ? (change.words ?? before?.words ?? '') : (before?.words ?? '')
  if (act === 'submit' || act === 'correct') {
    const attachments = await countAttachments(tx, context.plan.id, { ...change, subject: subjectOf(change) })
    const gaps = gapsOf(change.kind, { done: said, words, attachments })
    if (gaps.length) throw new Problem('submission-incomplete', { key: keyText(change), gaps }, field)
  }
  const state = stateAfter(act, before?.state ?? null)
  const approved = act === 'approve'
  const version = (before?.version ?? 0) + 1
  const row = await writeSubmission(tx, context.plan.id, change, {
    version,
    state,
    done: said,
    words,
    reason: act === 'return' || act === 'correct' ? change.reason!.trim() : state === 'returned' || act === 'submit' ? (before?.reason ?? null) : null,
    enteredBy: entered || !before ? context.actor.name : before.enteredBy,
    changedAt: context.now,
    submittedAt: act === 'submit' || act === 'correct' ? context.now : (before?.submittedAt ?? null),
    approvedAt: approved ? context.now : (before?.approvedAt ?? null),
    approvedVersion: approved ? version : (before?.approvedVersion ?? null),
    demo: entered ? context.actor.demo : (before?.demo ?? context.actor.demo),
  })
  await insertSubmissionVersion(tx, row, { act, by: context.actor.name, at: context.now, reason: change.reason?.trim() || null })
  await audit(tx, context.actor, {
    action: `submission.${act}`,
    subject: `submission/${context.plan.year}/${keyText(change)}`,
    before: before && { version: before.version, state: before.state, done: before.done, words: before.words },
    after: { version: row.version, state: row.state, done: row.done, words: row.words, ...(change.reason ? { reason: change.reason } : {}) },
  })
  return row
}

/** A submission with the reviewer's clock: whose turn it is, since when, and whether that is too long. */
export interface WaitingSubmission extends SubmissionRow {
  desk: ReviewLevel | null
  since: string | null
  days: number | null
  over: boolean
}

/** The same clock as of reports (server/review/store). */
export async function withClock(sql: Queryable, planId: number, rows: readonly SubmissionRow[], today: string): Promise<WaitingSubmission[]> {
  const [settings, workdays] = [await reviewSettingsOf(sql, planId), await calendar(sql)]
  return rows.map((row) => {
    const desk = deskOf(row.state, { town: row.town, levels: settings.levels })
    const since = desk === null ? null : row.state === 'endorsed' ? row.changedAt : row.submittedAt
    const days = since === null ? null : daysWaited(workdays, since, today)
    return { ...row, desk, since, days, over: days !== null && waitsTooLong(days, settings.days) }
  })
}

function keyText(key: SubmissionKey): string {
  return `${key.month}/${key.town}/${subjectOf(key)}`
}
