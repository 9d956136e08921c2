import type { Queryable, Tx } from '../database/connect.ts'

export interface WallTokenRow {
  id: number
  name: string
  due: boolean
  issuedBy: string
  issuedAt: string
  expiresAt: string | null
  revokedBy: string | null
  revokedAt: string | null
  seenAt: string | null
  seenFrom: string | null
  uses: number
}

/** Every token that was ever issued: those that are good first, then the newest. */
export async function wallTokens(sql: Queryable): Promise<WallTokenRow[]> {
  return [
    ...(await sql<WallTokenRow[]>`
      select id, name, due, issued_by, issued_at, expires_at, revoked_by, revoked_at, seen_at, seen_from, uses from wall_token
      order by revoked_at is not null, id desc`),
  ]
}

export async function wallTokenById(sql: Queryable, id: number): Promise<WallTokenRow | null> {
  const [row] = await sql<WallTokenRow[]>`
    select id, name, due, issued_by, issued_at, expires_at, revoked_by, revoked_at, seen_at, seen_from, uses from wall_token where id = ${id}`
  return row ?? null
}

/** The token with this hash, whatever has become of it. */
export async function wallTokenByHash(sql: Queryable, hash: string): Promise<WallTokenRow | null> {
  const [row] = await sql<WallTokenRow[]>`
    select id, name, due, issued_by, issued_at, expires_at, revoked_by, revoked_at, seen_at, seen_from, uses from wall_token where token_hash = ${hash}`
  return row ?? null
}

export async function insertWallToken(tx: Tx, token: Pick<WallTokenRow, 'name' | 'due' | 'issuedBy' | 'issuedAt' | 'expiresAt'> & { hash: string }): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into wall_token (name, token_hash, due, issued_by, issued_at, expires_at)
    values (${token.name}, ${token.hash}, ${token.due}, ${token.issuedBy}, ${token.issuedAt}, ${token.expiresAt}) returning id`
  return row!.id
}

export async function revokeWallToken(tx: Tx, id: number, by: string, at: string): Promise<boolean> {
  const rows = await tx`update wall_token set revoked_by = ${by}, revoked_at = ${at} where id = ${id} and revoked_at is null returning id`
  return rows.length > 0
}

export async function touchWallToken(sql: Queryable, id: number, from: string, at: string): Promise<void> {
  await sql`update wall_token set seen_at = ${at}, seen_from = ${from}, uses = uses + 1 where id = ${id}`
}
