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
  refused: { action: string; path: string; method: string; why: string; target: unknown; field: string | null },
): Promise<void> {
  await insert(sql, actor, { action: 'refused', subject: refused.path, before: null, after: refused })
}

async function insert(sql: Queryable, actor: Pick<Actor, 'name' | 'looksAs' | 'origin'>, entry: AuditEntry): Promise<void> {
  await sql`
    insert into audit (actor, looks_as, origin, action, subject, before, after)
    values (${actor.name}, ${actor.looksAs}, ${actor.origin}, ${entry.action}, ${entry.subject},
            ${sql.json(entry.before as never)}, ${sql.json(entry.after as never)})`
}

/** A line of the trail as it is read. */
export interface AuditLine {
  id: number
  at: string
  actor: string
  /** How the account is called now; null where it is none: the server itself, the operator, a visitor. */
  person: string | null
  looksAs: string | null
  origin: string
  action: string
  subject: string
  before: unknown
  after: unknown
}

/** What the trail is searched by; what is left out does not narrow it. Days are China's. */
export interface AuditFilter {
  actor?: string | undefined
  /** The whole word (`report.return`) or its first part (`report`). */
  action?: string | undefined
  subject?: string | undefined
  /** Anywhere in what was there before or after, in the subject, or in the person's name. */
  text?: string | undefined
  from?: string | undefined
  until?: string | undefined
}

/** Lines that fit, the newest first, from before a line on. */
export async function auditLines(sql: Queryable, filter: AuditFilter, page: { before: number | null; limit: number }): Promise<AuditLine[]> {
  const rows = await sql<(Omit<AuditLine, 'id'> & { id: string })[]>`
    select l.id, l.at, l.actor, a.person, l.looks_as, l.origin, l.action, l.subject, l.before, l.after
    from audit l left join account a on a.name = l.actor
    where ${fits(sql, filter)} and (${page.before}::bigint is null or l.id < ${page.before})
    order by l.id desc limit ${page.limit}`
  return rows.map((row) => ({ ...row, id: Number(row.id) }))
}

/** How many lines fit, counted no further than asked: the trail is long. */
export async function countAuditLines(sql: Queryable, filter: AuditFilter, most: number): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from (select 1 from audit l left join account a on a.name = l.actor where ${fits(sql, filter)} limit ${most}) as fitting`
  return row?.n ?? 0
}

function fits(sql: Queryable, { actor, action, subject, text, from, until }: AuditFilter) {
  // What is typed is meant as it stands: no wildcards.
  const like = text ? `%${text.replace(/[\\%_]/g, '\\$&')}%` : null
  return sql`
    (${actor ?? null}::text is null or l.actor = ${actor ?? null} or l.looks_as = ${actor ?? null})
    and (${action ?? null}::text is null or l.action = ${action ?? null} or starts_with(l.action, ${action ?? ''} || '.'))
    and (${subject ?? null}::text is null or l.subject = ${subject ?? null} or starts_with(l.subject, ${subject ?? ''} || '/'))
    and (${like}::text is null or l.subject ilike ${like} or a.person ilike ${like} or l.before::text ilike ${like} or l.after::text ilike ${like})
    and (${from ?? null}::date is null or l.at >= ${from ?? null}::date::timestamp at time zone 'Asia/Shanghai')
    and (${until ?? null}::date is null or l.at < (${until ?? null}::date + 1)::timestamp at time zone 'Asia/Shanghai')`
}

/** Every action and everybody that the trail speaks of, to choose from. */
export async function auditChoices(sql: Queryable): Promise<{ actions: string[]; actors: { name: string; person: string | null }[] }> {
  const actions = await sql<{ action: string }[]>`select distinct action from audit order by action`
  const actors = await sql<{ name: string; person: string | null }[]>`
    select l.actor as name, a.person from (select distinct actor from audit) l left join account a on a.name = l.actor order by a.person is null, l.actor`
  return { actions: actions.map(({ action }) => action), actors: [...actors] }
}
