import type { Attachment, AttachmentType } from '../../geo/attachment/attachment.ts'
import type { Queryable, Tx } from '../database/connect.ts'

/** The cell of a sheet that an attachment hangs on. */
export interface AttachmentCell {
  task: number
  town: string
  month: string
  subject: string
}

export interface AttachmentRow extends Attachment, AttachmentCell {}

type Stored = Omit<AttachmentRow, 'id' | 'place'> & { id: string; lon: number | null; lat: number | null }
const fromStored = ({ lon, lat, ...row }: Stored): AttachmentRow => ({ ...row, id: Number(row.id), place: lon === null || lat === null ? null : [lon, lat] })

/** Attachments of a plan that were not taken away, without their bytes; any of the filters may be left out. */
export async function attachmentsOf(
  sql: Queryable,
  planId: number,
  filter: { month?: string; town?: string; task?: number; subject?: string; id?: number; placed?: boolean },
): Promise<AttachmentRow[]> {
  const rows = await sql<Stored[]>`
    select id, task_no as task, town, month, subject, name, type, size, taken_at, ST_X(place) as lon, ST_Y(place) as lat, added_by, added_at, demo
    from attachment
    where plan_id = ${planId} and removed_at is null
      and (${filter.month ?? null}::text is null or month = ${filter.month ?? null})
      and (${filter.town ?? null}::text is null or town = ${filter.town ?? null})
      and (${filter.task ?? null}::int is null or task_no = ${filter.task ?? null})
      and (${filter.subject ?? null}::text is null or subject = ${filter.subject ?? null})
      and (${filter.id ?? null}::bigint is null or id = ${filter.id ?? null})
      and (not ${filter.placed ?? false} or place is not null)
    order by id`
  return rows.map(fromStored)
}

/** How many hang on a cell. */
export async function countAttachments(sql: Queryable, planId: number, cell: Omit<AttachmentCell, 'task'>): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from attachment
    where plan_id = ${planId} and month = ${cell.month} and town = ${cell.town} and subject = ${cell.subject} and removed_at is null`
  return row?.n ?? 0
}

/** An attachment wherever it is, with the plan that it belongs to; null where there is none, or it was taken away. */
export async function attachmentById(sql: Queryable, id: number): Promise<(AttachmentRow & { planId: number; sha256: string }) | null> {
  const [row] = await sql<(Stored & { planId: number; sha256: string })[]>`
    select id, plan_id, task_no as task, town, month, subject, name, type, size, sha256, taken_at, ST_X(place) as lon, ST_Y(place) as lat, added_by, added_at, demo
    from attachment where id = ${id} and removed_at is null`
  return row ? { ...fromStored(row), planId: row.planId, sha256: row.sha256 } : null
}

export async function bytesOfAttachment(sql: Queryable, id: number): Promise<Uint8Array> {
  const [row] = await sql<{ bytes: Uint8Array }[]>`select bytes from attachment where id = ${id}`
  return row!.bytes
}

export interface NewAttachment extends AttachmentCell {
  name: string
  type: AttachmentType
  bytes: Uint8Array
  sha256: string
  takenAt: string | null
  place: [number, number] | null
  addedBy: string
  addedAt: string
  demo: boolean
}

export async function insertAttachment(tx: Tx, planId: number, file: NewAttachment): Promise<AttachmentRow> {
  const [row] = await tx<Stored[]>`
    insert into attachment (plan_id, task_no, town, month, subject, name, type, size, sha256, bytes, taken_at, place, added_by, added_at, demo)
    values (${planId}, ${file.task}, ${file.town}, ${file.month}, ${file.subject}, ${file.name}, ${file.type}, ${file.bytes.length}, ${file.sha256},
            ${Buffer.from(file.bytes)}, ${file.takenAt},
            ${file.place === null ? null : `SRID=4326;POINT(${file.place[0]} ${file.place[1]})`}::geometry, ${file.addedBy}, ${file.addedAt}, ${file.demo})
    returning id, task_no as task, town, month, subject, name, type, size, taken_at, ST_X(place) as lon, ST_Y(place) as lat, added_by, added_at, demo`
  return fromStored(row!)
}

export async function markRemoved(tx: Tx, id: number, by: string, at: string): Promise<void> {
  await tx`update attachment set removed_by = ${by}, removed_at = ${at} where id = ${id}`
}
