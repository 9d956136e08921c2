import type { NoticeDraft, ObjectionState } from '../../geo/notice/notice.ts'
import type { ReportState } from '../../geo/report/report.ts'
import type { Queryable, Tx } from '../database/connect.ts'
import type { Frozen } from '../frozen/frozen.ts'

export interface NoticeRowStored {
  id: number
  planId: number | null
  year: number
  version: number
  draft: NoticeDraft
  madeBy: string
  madeAt: string
  changedAt: string
  published: number | null
}

/** All notices, drafts included, newest first. */
export async function notices(sql: Queryable): Promise<NoticeRowStored[]> {
  return [...(await sql<NoticeRowStored[]>`
    select id, plan_id, year, version, draft, made_by, made_at, changed_at, published from notice order by id desc`)]
}

export async function noticeOf(sql: Queryable, id: number): Promise<NoticeRowStored | null> {
  const [row] = await sql<NoticeRowStored[]>`
    select id, plan_id, year, version, draft, made_by, made_at, changed_at, published from notice where id = ${id}`
  return row ?? null
}

/** The same, held until the transaction ends. */
export async function holdNotice(tx: Tx, id: number): Promise<NoticeRowStored | null> {
  const [row] = await tx<NoticeRowStored[]>`
    select id, plan_id, year, version, draft, made_by, made_at, changed_at, published from notice where id = ${id} for update`
  return row ?? null
}

export async function insertNotice(tx: Tx, given: { planId: number; year: number; draft: NoticeDraft; by: string; at: string }): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into notice (plan_id, year, draft, made_by, made_at, changed_at)
    values (${given.planId}, ${given.year}, ${tx.json(given.draft as never)}, ${given.by}, ${given.at}, ${given.at})
    returning id`
  return row!.id
}

export async function writeNotice(tx: Tx, id: number, given: { draft: NoticeDraft; published: number | null; at: string }): Promise<void> {
  await tx`
    update notice set draft = ${tx.json(given.draft as never)}, published = ${given.published}, changed_at = ${given.at}, version = version + 1 where id = ${id}`
}

/** Takes a draft out that was never published. */
export async function deleteNotice(tx: Tx, id: number): Promise<void> {
  await tx`delete from notice where id = ${id} and published is null`
}

export interface NoticeVersionRow extends Frozen {
  notice: number
  version: number
  at: string
  by: string
}

/** The versions of a notice that the public has seen, oldest first. */
export async function versionsOfNotice(sql: Queryable, id: number): Promise<NoticeVersionRow[]> {
  return [...(await sql<NoticeVersionRow[]>`
    select notice_id as notice, version, at, by, sha256, content from notice_version where notice_id = ${id} order by version`)]
}

/** The newest version of every published notice, newest first. */
export async function publishedNotices(sql: Queryable): Promise<NoticeVersionRow[]> {
  return [...(await sql<NoticeVersionRow[]>`
    select v.notice_id as notice, v.version, v.at, v.by, v.sha256, v.content
    from notice n join notice_version v on v.notice_id = n.id and v.version = n.published
    order by v.at desc, n.id desc`)]
}

export async function insertNoticeVersion(tx: Tx, row: NoticeVersionRow): Promise<void> {
  await tx`
    insert into notice_version (notice_id, version, at, by, sha256, content)
    values (${row.notice}, ${row.version}, ${row.at}, ${row.by}, ${row.sha256}, ${row.content})`
}

export interface FigureRow {
  measure: string
  town: string
  /** Of the report as it stands, and of it when the value was approved. */
  version: number
  approvedVersion: number | null
  state: ReportState
  /** The value that counts; null: none is approved, or it is words only. */
  value: number | null
  demo: boolean
}

/** The reports of a month that have left their towns, with the value that counts in each. */
export async function figuresOf(sql: Queryable, planId: number, month: string): Promise<FigureRow[]> {
  const rows = await sql<(Omit<FigureRow, 'value'> & { value: string | null })[]>`
    select r.measure_id as measure, r.town, r.version, r.approved_version, r.state, r.approved_value as value, r.demo
    from report r join measure m on m.plan_id = r.plan_id and m.id = r.measure_id
    where r.plan_id = ${planId} and r.month = ${month} and (r.state <> 'draft' or r.approved_version is not null)
    order by m.task_no, m.ordinal, r.town`
  return rows.map((row) => ({ ...row, value: row.value == null ? null : Number(row.value) }))
}

export interface ObjectionRow {
  id: number
  notice: number
  noticeVersion: number
  at: string
  name: string
  contact: string
  words: string
  state: ObjectionState
  answer: string
  answeredBy: string | null
  answeredAt: string | null
  version: number
}

/** Everything that was said against a notice, oldest first. */
export async function objectionsTo(sql: Queryable, notice: number): Promise<ObjectionRow[]> {
  return [...(await sql<ObjectionRow[]>`
    select id, notice_id as notice, notice_version, at, name, contact, words, state, answer, answered_by, answered_at, version
    from objection where notice_id = ${notice} order by id`)]
}

/** How many objections wait for an answer, by notice. */
export async function openObjections(sql: Queryable): Promise<Map<number, number>> {
  const rows = await sql<{ notice: number; n: number }[]>`
    select notice_id as notice, count(*)::int as n from objection where state = 'received' group by notice_id`
  return new Map(rows.map(({ notice, n }) => [notice, n]))
}

/** How many came from one address since an instant, and from all since another. */
export async function objectionsSince(sql: Queryable, origin: string, hourAgo: string, dayAgo: string): Promise<{ own: number; all: number }> {
  const [row] = await sql<{ own: number; all: number }[]>`
    select count(*) filter (where origin = ${origin} and at > ${hourAgo})::int as own, count(*)::int as all from objection where at > ${dayAgo}`
  return row!
}

export async function insertObjection(
  tx: Tx,
  given: { notice: number; noticeVersion: number; at: string; origin: string; name: string; contact: string; words: string },
): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into objection (notice_id, notice_version, at, origin, name, contact, words)
    values (${given.notice}, ${given.noticeVersion}, ${given.at}, ${given.origin}, ${given.name}, ${given.contact}, ${given.words})
    returning id`
  return row!.id
}

/** One objection, held until the transaction ends. */
export async function holdObjection(tx: Tx, notice: number, id: number): Promise<ObjectionRow | null> {
  const [row] = await tx<ObjectionRow[]>`
    select id, notice_id as notice, notice_version, at, name, contact, words, state, answer, answered_by, answered_at, version
    from objection where notice_id = ${notice} and id = ${id} for update`
  return row ?? null
}

export async function answerObjection(tx: Tx, id: number, given: { state: ObjectionState; answer: string; by: string; at: string }): Promise<void> {
  await tx`
    update objection set state = ${given.state}, answer = ${given.answer}, answered_by = ${given.by}, answered_at = ${given.at}, version = version + 1
    where id = ${id}`
}
