import type { Queryable, Tx } from '../database/connect.ts'
import type { Actor } from '../route.ts'

/** The server itself as an actor: the schedule, the first start. */
export function bySystem(name: string): Actor {
  return { name, looksAs: null, origin: 'server', person: null, demo: false }
}

export interface AuditEntry {
  /** Noun and verb: `plan.store`, `town.boundaries.replace`. */
  action: string
  /** The record concerned, e.g. `plan/2023`. */
  subject: string
  before: unknown
  after: unknown
}

/** Writes one line of the append-only audit trail, in the transaction of the write that it speaks of. */
export async function audit(tx: Tx, actor: Pick<Actor, 'name' | 'looksAs' | 'origin'>, entry: AuditEntry): Promise<void> {
  await insert(tx, actor, entry)
}

/** The same for many writes at once. */
export async function auditAll(tx: Tx, actor: Pick<Actor, 'name' | 'looksAs' | 'origin'>, entries: readonly AuditEntry[]): Promise<void> {
  await tx`
    insert into audit (actor, looks_as, origin, action, subject, before, after)
    select ${actor.name}, ${actor.looksAs}, ${actor.origin}, t.action, t.subject, t.before::jsonb, t.after::jsonb
    from unnest(
      ${entries.map(({ action }) => action)}::text[], ${entries.map(({ subject }) => subject)}::text[],
      ${entries.map(({ before }) => JSON.stringify(before ?? null))}::text[], ${entries.map(({ after }) => JSON.stringify(after ?? null))}::text[]
    ) with ordinality as t (action, subject, before, after, i)
    order by t.i`
}

/** What somebody was not allowed to do. There is no write that it could go with. */
export async function recordRefusal(
  sql: Queryable,
  actor: Pick<Actor, 'name' | 'looksAs' | 'origin'>,
  refused: { action: string; path: string; method: string; why: string; target: unknown },
): Promise<void> {
  await insert(sql, actor, { action: 'refused', subject: refused.path, before: null, after: refused })
}

async function insert(sql: Queryable, actor: Pick<Actor, 'name' | 'looksAs' | 'origin'>, entry: AuditEntry): Promise<void> {
  await sql`
    insert into audit (actor, looks_as, origin, action, subject, before, after)
    values (${actor.name}, ${actor.looksAs}, ${actor.origin}, ${entry.action}, ${entry.subject},
            ${sql.json(entry.before as never)}, ${sql.json(entry.after as never)})`
}
