import type { Grant } from '../../geo/right/role.ts'
import type { Queryable, Tx } from '../database/connect.ts'

/** The session behind a cookie, with the person it stands for. */
export interface SessionRow {
  id: number
  account: string
  person: string
  /** The password is one for a first time; not where single sign-on opened the session. */
  mustChange: boolean
  demo: boolean
  grants: Grant[]
  looksAs: string | null
  looksAsPerson: string | null
  looksAsGrants: Grant[] | null
  seenAt: string
  expiresAt: string
}

/** The session of a token's hash, unless it has ended or run out, or its account is disabled. */
export async function sessionOf(sql: Queryable, tokenHash: string, now: string, idleMinutes: number): Promise<SessionRow | null> {
  const [row] = await sql<SessionRow[]>`
    select s.id, s.account, a.person, a.must_change and not s.by_sso as must_change, a.demo, s.looks_as, b.person as looks_as_person, s.seen_at, s.expires_at,
           coalesce((select json_agg(json_build_object('role', r.role, 'scope', r.scope)) from account_role r where r.account = a.name), '[]') as grants,
           (select json_agg(json_build_object('role', r.role, 'scope', r.scope)) from account_role r where r.account = b.name) as looks_as_grants
    from session s join account a on a.name = s.account left join account b on b.name = s.looks_as
    where s.token_hash = ${tokenHash} and s.ended_at is null and a.disabled_at is null
      and s.expires_at > ${now}::timestamptz and s.seen_at > ${now}::timestamptz - make_interval(mins => ${idleMinutes})`
  return row ?? null
}

export async function insertSession(
  tx: Tx,
  session: { tokenHash: string; account: string; origin: string; agent: string; createdAt: string; expiresAt: string; bySso: boolean },
): Promise<void> {
  await tx`
    insert into session (token_hash, account, origin, agent, created_at, seen_at, expires_at, by_sso)
    values (${session.tokenHash}, ${session.account}, ${session.origin}, ${session.agent}, ${session.createdAt}, ${session.createdAt}, ${session.expiresAt}, ${session.bySso})`
}

export async function touchSession(sql: Queryable, id: number, now: string): Promise<void> {
  await sql`update session set seen_at = ${now} where id = ${id}`
}

export async function endSession(tx: Tx, id: number, now: string): Promise<void> {
  await tx`update session set ended_at = ${now} where id = ${id} and ended_at is null`
}

/** Ends all sessions of an account but one; gives how many. */
export async function endOtherSessions(tx: Tx, account: string, but: number | null, now: string): Promise<number> {
  const rows = await tx`update session set ended_at = ${now} where account = ${account} and ended_at is null and id is distinct from ${but} returning id`
  return rows.length
}

export async function setLooksAs(tx: Tx, id: number, account: string | null): Promise<void> {
  await tx`update session set looks_as = ${account} where id = ${id}`
}

export interface OpenSession {
  id: number
  origin: string
  agent: string
  createdAt: string
  seenAt: string
}

/** The sessions of an account that are still open, newest first. */
export async function openSessions(sql: Queryable, account: string, now: string, idleMinutes: number): Promise<OpenSession[]> {
  const rows = await sql<OpenSession[]>`
    select id, origin, agent, created_at, seen_at from session
    where account = ${account} and ended_at is null and expires_at > ${now}::timestamptz and seen_at > ${now}::timestamptz - make_interval(mins => ${idleMinutes})
    order by seen_at desc`
  return [...rows]
}

/** Sessions that ended or ran out long ago are of no use any more; what was done in them stands in the audit trail. */
export async function deleteOldSessions(sql: Queryable, before: string): Promise<number> {
  const rows = await sql`delete from session where coalesce(ended_at, expires_at) < ${before} returning id`
  return rows.length
}
