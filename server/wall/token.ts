/**
 * Who hangs on the wall: from the header `Authorization: Wall <secret>` to the token. In a header and not in a cookie, so that it goes with the
 * wall's own requests only and no other site can make a browser send it; and only the hash is kept, like that of a session's cookie.
 */
import type { Context } from 'hono'
import { tokenState, TOKEN_REFUSALS, type TokenRefusal } from '../../geo/wall/token.ts'
import { instantOf } from '../clock.ts'
import { Problem } from '../problems.ts'
import type { Actor, App } from '../route.ts'
import { addressOf, hashToken } from '../session/person.ts'
import { touchWallToken, wallTokenByHash, type WallTokenRow } from './queries.ts'

/** A token is marked as used at most this often. */
const TOUCH_MS = 60_000

/** The secret that the request brings; null: it is none of a wall. */
export function wallSecretOf(c: Context<App>): string | null {
  return /^Wall (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? null
}

/**
 * The token of a secret, if it is still good.
 * @throws Problem wall-token-refused
 */
export async function wallTokenOf(c: Context<App>, secret: string): Promise<WallTokenRow> {
  const { sql, clock } = c.var
  const token = secret.length <= 100 ? await wallTokenByHash(sql, hashToken(secret)) : null
  if (!token) throw refused('unknown')
  const state = tokenState(token, instantOf(clock))
  if (state !== 'good') throw refused(state)
  if (token.seenAt === null || clock.now().getTime() - Date.parse(token.seenAt) > TOUCH_MS) await touchWallToken(sql, token.id, addressOf(c), instantOf(clock))
  return token
}

/** A wall as the audit trail would name it: nobody, bound to no place. */
export function wallActor(c: Context<App>, { id, name }: WallTokenRow): Actor {
  const account = `wall/${id}`
  return { name: account, looksAs: null, origin: addressOf(c), person: { account, name, grants: [], readOnly: true }, demo: false }
}

function refused(why: TokenRefusal): Problem {
  return new Problem('wall-token-refused', { refusal: why, why: TOKEN_REFUSALS[why].zh, whyEn: TOKEN_REFUSALS[why].en })
}
