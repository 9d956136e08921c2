import type { ReportAct } from '../../geo/report/flow.ts'
import type { ReportState } from '../../geo/report/report.ts'
import type { FrozenSubmission } from '../../geo/month/frozen.ts'
import type { SubmissionKey, SubmissionKind, SubmissionPoint } from '../../geo/submission/submission.ts'
import type { Queryable, Tx } from '../database/connect.ts'
import { Problem } from '../problems.ts'

/** A submission as it stands. */
export interface SubmissionRow extends SubmissionKey {
  id: number
  version: number
  state: ReportState
  done: boolean | null
  words: string
  reason: string | null
  enteredBy: string
  changedAt: string
  submittedAt: string | null
  approvedAt: string | null
  approvedVersion: number | null
  demo: boolean
}

type Stored = Omit<SubmissionRow, 'id'> & { id: string }
const fromStored = (row: Stored): SubmissionRow => ({ ...row, id: Number(row.id) })

/** One submission, held until the transaction ends. */
export async function submissionForUpdate(tx: Tx, planId: number, key: SubmissionKey): Promise<SubmissionRow | null> {
  const [row] = await tx<Stored[]>`
    select id, task_no as task, kind, item, town, month, version, state, done, words, reason, entered_by, changed_at, submitted_at, approved_at,
           approved_version, demo
    from submission
    where plan_id = ${planId} and task_no = ${key.task} and kind = ${key.kind} and item = ${key.item} and town = ${key.town} and month = ${key.month}
    for update`
  return row ? fromStored(row) : null
}

/** Submissions of a plan; any of the filters may be left out. Without `drafts`, only what has left the towns. */
export async function submissionsOf(
  sql: Queryable,
  planId: number,
  filter: { month?: string; town?: string; task?: number; kind?: SubmissionKind; state?: ReportState; drafts?: boolean },
): Promise<SubmissionRow[]> {
  const rows = await sql<Stored[]>`
    select id, task_no as task, kind, item, town, month, version, state, done, words, reason, entered_by, changed_at, submitted_at, approved_at,
           approved_version, demo
    from submission
    where plan_id = ${planId}
      and (${filter.month ?? null}::text is null or month = ${filter.month ?? null})
      and (${filter.town ?? null}::text is null or town = ${filter.town ?? null})
      and (${filter.task ?? null}::int is null or task_no = ${filter.task ?? null})
      and (${filter.kind ?? null}::text is null or kind = ${filter.kind ?? null})
      and (${filter.state ?? null}::text is null or state = ${filter.state ?? null})
      and (${filter.drafts ?? false} or state <> 'draft')
    order by task_no, kind, item, town, month`
  return rows.map(fromStored)
}

/** How the submissions of a plan stand that have left the towns, of all months or one: an approved one stays approved while its correction waits. */
export async function submissionPoints(sql: Queryable, planId: number, month: string | null = null): Promise<SubmissionPoint[]> {
  return [
    ...(await sql<SubmissionPoint[]>`
      select task_no as task, kind, item, town, month, case when approved_version is null then state else 'approved' end as state
      from submission
      where plan_id = ${planId} and (approved_version is not null or state <> 'draft') and (${month}::text is null or month = ${month})`),
  ]
}

/**
 * A month's submissions that had left the towns, with their words, as the versions stood at the end of a day by China's clock (null: now): the
 * one that counts, and after it what waited, if something did.
 */
export async function submissionsKnown(sql: Queryable, planId: number, month: string, knownAt: string | null): Promise<FrozenSubmission[]> {
  return [
    ...(await sql<FrozenSubmission[]>`
      with facts as (
        select v.submission_id,
               min(v.at) filter (where v.act in ('submit', 'correct')) as first_submitted,
               max(v.at) filter (where v.act in ('submit', 'correct')) as last_submitted,
               min(v.at) filter (where v.act = 'approve') as approved,
               max(v.version) filter (where v.act = 'approve') as standing,
               max(v.version) filter (where v.state <> 'draft') as newest
        from submission_version v join submission s on s.id = v.submission_id
        where s.plan_id = ${planId} and s.month = ${month} and (${knownAt}::date is null or (v.at at time zone 'Asia/Shanghai')::date <= ${knownAt}::date)
        group by v.submission_id
      )
      select s.task_no as task, s.kind, s.item, s.town, s.month, v.state, v.done, v.words, f.first_submitted as submitted_at, f.approved as approved_at, s.demo
      from facts f join submission s on s.id = f.submission_id join submission_version v on v.submission_id = s.id and v.version = f.standing
      union all
      select s.task_no, s.kind, s.item, s.town, s.month, v.state, v.done, v.words, f.last_submitted, null, s.demo
      from facts f join submission s on s.id = f.submission_id join submission_version v on v.submission_id = s.id and v.version = f.newest
      where v.state in ('submitted', 'endorsed', 'returned') and (f.standing is null or f.newest > f.standing)
      order by task, kind, item, town, approved_at nulls last`),
  ]
}

export type SubmissionWrite = Omit<SubmissionRow, 'id' | keyof SubmissionKey>

/** Writes a submission's new state; the version before it is known to be right because the row is held. */
export async function writeSubmission(tx: Tx, planId: number, key: SubmissionKey, to: SubmissionWrite): Promise<SubmissionRow> {
  const [row] = await tx<Stored[]>`
    insert into submission (plan_id, task_no, kind, item, town, month, version, state, done, words, reason, entered_by, changed_at, submitted_at,
                            approved_at, approved_version, demo)
    values (${planId}, ${key.task}, ${key.kind}, ${key.item}, ${key.town}, ${key.month}, ${to.version}, ${to.state}, ${to.done}, ${to.words}, ${to.reason},
            ${to.enteredBy}, ${to.changedAt}, ${to.submittedAt}, ${to.approvedAt}, ${to.approvedVersion}, ${to.demo})
    on conflict (plan_id, task_no, kind, item, town, month) do update set
      version = excluded.version, state = excluded.state, done = excluded.done, words = excluded.words, reason = excluded.reason,
      entered_by = excluded.entered_by, changed_at = excluded.changed_at, submitted_at = excluded.submitted_at, approved_at = excluded.approved_at,
      approved_version = excluded.approved_version, demo = excluded.demo
    where submission.version = excluded.version - 1
    returning id, task_no as task, kind, item, town, month, version, state, done, words, reason, entered_by, changed_at, submitted_at, approved_at,
              approved_version, demo`
  // Two people entered the first one at once: there was no row to hold. The second is told.
  if (!row) throw new Problem('version-conflict', { current: to.version, given: to.version - 1, key: `${key.month}/${key.town}/${key.task}/${key.kind}` })
  return fromStored(row)
}

export async function insertSubmissionVersion(tx: Tx, row: SubmissionRow, entry: { act: ReportAct; by: string; at: string; reason: string | null }): Promise<void> {
  await tx`
    insert into submission_version (submission_id, version, at, by, act, state, done, words, reason)
    values (${row.id}, ${row.version}, ${entry.at}, ${entry.by}, ${entry.act}, ${row.state}, ${row.done}, ${row.words}, ${entry.reason})`
}

export interface SubmissionVersion {
  version: number
  at: string
  by: string
  act: ReportAct
  state: ReportState
  done: boolean | null
  words: string
  reason: string | null
}

/** Everything that ever happened to a submission, oldest first. */
export async function versionsOfSubmission(sql: Queryable, planId: number, key: SubmissionKey): Promise<SubmissionVersion[]> {
  const rows = await sql<SubmissionVersion[]>`
    select v.version, v.at, v.by, v.act, v.state, v.done, v.words, v.reason
    from submission_version v join submission s on s.id = v.submission_id
    where s.plan_id = ${planId} and s.task_no = ${key.task} and s.kind = ${key.kind} and s.item = ${key.item} and s.town = ${key.town} and s.month = ${key.month}
    order by v.version`
  return [...rows]
}

/** The type's number in PostgreSQL; the driver takes an array of booleans for one boolean unless told. */
const BOOLEAN = 16

/** Stores approved submissions that did not exist, with the versions that they would have had; part of the caller's transaction. */
export async function insertApproved(
  tx: Tx,
  planId: number,
  rows: readonly (SubmissionKey & Pick<SubmissionRow, 'done' | 'words'> & { submittedAt: string; approvedAt: string })[],
): Promise<void> {
  await tx`
    insert into submission (plan_id, task_no, kind, item, town, month, version, state, done, words, entered_by, changed_at, submitted_at, approved_at, approved_version, demo)
    select ${planId}, t.task, t.kind, t.item, t.town, t.month, 2, 'approved', t.done, t.words, 'first start', t.approved_at, t.submitted_at, t.approved_at, 2, true
    from unnest(
      ${rows.map(({ task }) => String(task))}::int[], ${rows.map(({ kind }) => kind)}::text[], ${rows.map(({ item }) => item)}::text[], ${rows.map(({ town }) => town)}::text[],
      ${rows.map(({ month }) => month)}::text[], ${tx.array(rows.map(({ done }) => done) as boolean[], BOOLEAN)}::boolean[], ${rows.map(({ words }) => words)}::text[],
      ${rows.map(({ submittedAt }) => submittedAt)}::timestamptz[], ${rows.map(({ approvedAt }) => approvedAt)}::timestamptz[]
    ) as t (task, kind, item, town, month, done, words, submitted_at, approved_at)`
  await tx`
    insert into submission_version (submission_id, version, at, by, act, state, done, words)
    select id, 1, submitted_at, entered_by, 'submit', 'submitted', done, words from submission where plan_id = ${planId}
    union all
    select id, 2, approved_at, entered_by, 'approve', 'approved', done, words from submission where plan_id = ${planId}`
}
