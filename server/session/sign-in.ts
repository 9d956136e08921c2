import type { Context } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import { clearFailures, countFailure, credentialsOf } from '../account/queries.ts'
import { verifyPassword } from '../account/password.ts'
import { audit } from '../audit/queries.ts'
import { instantOf } from '../clock.ts'
import { Problem } from '../problems.ts'
import type { App } from '../route.ts'
import { addressOf, COOKIE, hashToken, newToken, signedInBy } from './person.ts'
import { insertSession } from './queries.ts'

/** Wrong passwords in a row after which an account is locked, and for how long. */
export const LOCK_AFTER = 5
const LOCK_MINUTES = 15

/**
 * Checks account and password and opens a session, whose cookie goes with the answer. Success and failure stand in the audit trail.
 * @throws Problem sign-in-failed (the same whether the account or the password is wrong), account-locked, account-disabled, demo-account-elsewhere
 */
export async function signInByPassword(c: Context<App>, name: string, password: string): Promise<void> {
  const { sql, clock, environment } = c.var
  const account = await credentialsOf(sql, name)
  const now = clock.now()
  if (account?.lockedUntil && Date.parse(account.lockedUntil) > now.getTime()) {
    await refused(c, name, 'locked')
    throw new Problem('account-locked', { until: inChina(account.lockedUntil) })
  }
  const right = await verifyPassword(password, account?.password ?? null)
  if (!account || !right) {
    const until = new Date(now.getTime() + LOCK_MINUTES * 60_000).toISOString()
    const locked = await sql.begin(async (tx) => {
      const state = account ? await countFailure(tx, name, LOCK_AFTER, until) : null
      await audit(tx, { name: account ? name : 'anonymous', looksAs: null, origin: addressOf(c) }, { action: 'session.refused', subject: `account/${name.slice(0, 63)}`, before: null, after: { why: 'password', lockedUntil: state?.lockedUntil ?? null } })
      return state?.lockedUntil && Date.parse(state.lockedUntil) > now.getTime() ? state.lockedUntil : null
    })
    if (locked) throw new Problem('account-locked', { until: inChina(locked) })
    throw new Problem('sign-in-failed', {}, 'password')
  }
  if (account.disabledAt) {
    await refused(c, name, 'disabled')
    throw new Problem('account-disabled')
  }
  if (account.demo && !environment.local) {
    await refused(c, name, 'demo')
    throw new Problem('demo-account-elsewhere')
  }
  await openSession(c, name, 'password')
}

/** Opens a session for an account that has shown who it is, and sets its cookie. */
export async function openSession(c: Context<App>, account: string, by: 'password' | 'single sign-on'): Promise<void> {
  const { sql, clock, environment } = c.var
  const token = newToken()
  const now = clock.now()
  const expiresAt = new Date(now.getTime() + environment.sessionHours * 3_600_000)
  await sql.begin(async (tx) => {
    await clearFailures(tx, account)
    await insertSession(tx, {
      tokenHash: hashToken(token),
      account,
      origin: addressOf(c),
      agent: (c.req.header('user-agent') ?? '').slice(0, 300),
      createdAt: now.toISOString(),
      expiresAt: expiresAt.toISOString(),
      bySso: by === 'single sign-on',
    })
    await audit(tx, { name: account, looksAs: null, origin: addressOf(c) }, { action: 'session.begin', subject: `account/${account}`, before: null, after: { by } })
  })
  c.set('signedIn', await signedInBy(c, hashToken(token)))
  setCookie(c, COOKIE, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: environment.publicOrigin?.startsWith('https:') ?? false,
    maxAge: environment.sessionHours * 3600,
  })
}

export function forgetCookie(c: Context<App>): void {
  deleteCookie(c, COOKIE, { path: '/' })
}

/** A refused sign-in that changes nothing but the trail. */
export async function refused(c: Context<App>, name: string, why: string): Promise<void> {
  await c.var.sql.begin((tx) =>
    audit(tx, { name, looksAs: null, origin: addressOf(c) }, { action: 'session.refused', subject: `account/${name}`, before: null, after: { why, at: instantOf(c.var.clock) } }),
  )
}

/** An instant as people in China read it, to the minute. */
function inChina(instant: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' }).format(new Date(instant))
}
