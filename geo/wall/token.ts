/**
 * Viewing tokens of walls: a screen in a corridor has nobody who signs in. A token reads what the wall shows and nothing else, until it is
 * revoked or, where it has a last day, runs out. Pure.
 */
export const TOKEN_STATES = {
  good: { zh: '在用', en: 'in use' },
  revoked: { zh: '已停用', en: 'revoked' },
  expired: { zh: '已过期', en: 'expired' },
} as const satisfies Record<string, { zh: string; en: string }>
export type TokenState = keyof typeof TOKEN_STATES

/** Why a wall is refused. */
export const TOKEN_REFUSALS = {
  unknown: { zh: '没有这个令牌', en: 'there is no such token' },
  revoked: { zh: '令牌已停用', en: 'the token was revoked' },
  expired: { zh: '令牌已过期', en: 'the token has run out' },
} as const satisfies Record<string, { zh: string; en: string }>
export type TokenRefusal = keyof typeof TOKEN_REFUSALS

/** What a token is at an instant (ISO, UTC). */
export function tokenState(token: { revokedAt: string | null; expiresAt: string | null }, now: string): TokenState {
  if (token.revokedAt !== null) return 'revoked'
  return token.expiresAt !== null && Date.parse(token.expiresAt) <= Date.parse(now) ? 'expired' : 'good'
}
