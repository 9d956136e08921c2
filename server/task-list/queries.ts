import type { TaskList } from '../../geo/plan/plan.ts'
import type { Correction } from '../../geo/task-list/corrections.ts'
import type { TaskListState } from '../../geo/task-list/draft.ts'
import type { SourceDocument, SourceFormat } from '../../geo/task-list/source.ts'
import type { Queryable, Tx } from '../database/connect.ts'

export interface TaskListSummary {
  id: number
  version: number
  status: TaskListState
  name: string
  format: SourceFormat
  sha256: string
  createdAt: string
  changedAt: string
}

export interface TaskListRow extends TaskListSummary {
  /** What the door made of the file. */
  source: SourceDocument
  /** What the reader made of that, before anybody corrected it. */
  reading: TaskList
  corrections: Correction[]
  /** Keys of the problems that a person looked at and let stand. */
  confirmed: string[]
}

export async function taskLists(sql: Queryable): Promise<(TaskListSummary & { tasks: number; title: string | null })[]> {
  return [
    ...(await sql<(TaskListSummary & { tasks: number; title: string | null })[]>`
      select id, version, status, name, format, sha256, created_at, changed_at,
             jsonb_array_length(reading -> 'tasks') as tasks, reading ->> 'title' as title
      from task_list order by id desc limit 200`),
  ]
}

export async function taskListOf(sql: Queryable, id: number): Promise<TaskListRow | null> {
  const [row] = await sql<TaskListRow[]>`
    select id, version, status, name, format, sha256, created_at, changed_at, source, reading, corrections, confirmed
    from task_list where id = ${id}`
  return row ?? null
}

/** The same, locked until the transaction ends: two people who store or correct at once take turns. */
export async function taskListForUpdate(tx: Tx, id: number): Promise<TaskListRow | null> {
  const [row] = await tx<TaskListRow[]>`
    select id, version, status, name, format, sha256, created_at, changed_at, source, reading, corrections, confirmed
    from task_list where id = ${id} for update`
  return row ?? null
}

export async function fileOf(sql: Queryable, id: number): Promise<{ name: string; bytes: Uint8Array } | null> {
  const [row] = await sql<{ name: string; bytes: Uint8Array }[]>`select name, bytes from task_list where id = ${id}`
  return row ?? null
}

export async function insertTaskList(
  tx: Tx,
  list: { name: string; bytes: Uint8Array; sha256: string; source: SourceDocument; reading: TaskList },
): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into task_list (name, format, bytes, sha256, source, reading)
    values (${list.name}, ${list.source.format}, ${list.bytes}, ${list.sha256}, ${tx.json(list.source as never)}, ${tx.json(list.reading as never)})
    returning id`
  return row!.id
}

export async function updateCorrections(tx: Tx, id: number, corrections: Correction[], confirmed: string[]): Promise<void> {
  await tx`
    update task_list
    set corrections = ${tx.json(corrections as never)}, confirmed = ${tx.json(confirmed)}, version = version + 1, changed_at = now()
    where id = ${id}`
}

export async function updateStatus(tx: Tx, id: number, status: TaskListState): Promise<void> {
  await tx`update task_list set status = ${status}, version = version + 1, changed_at = now() where id = ${id}`
}

/** Drafts that nobody touched for so many days. */
export async function forgottenDrafts(tx: Tx, days: number): Promise<{ id: number; name: string }[]> {
  return [
    ...(await tx<{ id: number; name: string }[]>`
      select id, name from task_list
      where status = 'draft' and changed_at < now() - make_interval(days => ${days}) order by id for update`),
  ]
}
