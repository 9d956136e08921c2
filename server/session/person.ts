/** Who asks: from the cookie (a session) or the operator's key to a person, once a request. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Grant, Person } from '../../geo/right/role.ts'
import { instantOf } from '../clock.ts'
import { Problem } from '../problems.ts'
import type { Actor, App } from '../route.ts'
import { sessionOf, touchSession, type SessionRow } from './queries.ts'

export const COOKIE = 'xiangtu'

/** A session is marked as used at most this often: not every request of a page needs a write. */
const TOUCH_MS = 60_000

/** What a page that nobody looks at asks for again and again. */
const ASKED_BY_ITSELF = new Set(['/api/inbox/stream', '/api/wall', '/api/wall/due'])

/** The signed-in person with what only the session knows. */
export interface SignedIn {
  person: Person
  session: SessionRow
}

/** Whoever runs the installation, by its key: for commands and first help. May what the office and administrators may. */
const OPERATOR: Person = {
  account: 'operator',
  name: 'operator',
  grants: [
    { role: 'office', scope: '' },
    { role: 'admin', scope: '' },
  ] satisfies Grant[],
  readOnly: false,
}

/**
 * The session of the request's cookie, or null. Looked up once a request.
 */
export async function signedIn(c: Context<App>): Promise<SignedIn | null> {
  if (c.var.signedIn !== undefined) return c.var.signedIn
  const found = await lookUp(c)
  c.set('signedIn', found)
  return found
}

async function lookUp(c: Context<App>): Promise<SignedIn | null> {
  const token = getCookie(c, COOKIE)
  if (!token || token.length > 100) return null
  const found = await signedInBy(c, hashToken(token))
  // Demonstration accounts have a password that everybody knows: they are good on this machine only.
  if (!found || (found.session.demo && !c.var.environment.local)) return null
  const { sql, clock } = c.var
  // What a page asks for by itself, again and again, is no sign of a person.
  if (ASKED_BY_ITSELF.has(c.req.path)) return found
  if (clock.now().getTime() - Date.parse(found.session.seenAt) > TOUCH_MS) await touchSession(sql, found.session.id, instantOf(clock))
  return found
}

/** The session with this token's hash and its person, if it is still good. */
export async function signedInBy(c: Context<App>, tokenHash: string): Promise<SignedIn | null> {
  const { sql, clock, environment } = c.var
  const session = await sessionOf(sql, tokenHash, instantOf(clock), environment.sessionIdleMinutes)
  return session && { session, person: personOf(session) }
}

function personOf(session: SessionRow): Person {
  if (session.looksAs) return { account: session.looksAs, name: session.looksAsPerson ?? '', grants: session.looksAsGrants ?? [], readOnly: true }
  return { account: session.account, name: session.person, grants: session.grants, readOnly: false }
}

/**
 * The person behind a request: the operator by key, or who is signed in, or null.
 * @throws Problem operator-needed when a key is given that is not right
 */
export async function personOfRequest(c: Context<App>): Promise<Person | null> {
  const given = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1]
  if (given !== undefined) {
    const { operatorKey } = c.var.environment
    if (operatorKey && same(given, operatorKey)) return OPERATOR
    throw new Problem('operator-needed')
  }
  return (await signedIn(c))?.person ?? null
}

/** How the audit trail names whoever makes this request. */
export async function actorOf(c: Context<App>, person: Person | null): Promise<Actor> {
  const session = person && person !== OPERATOR ? (await signedIn(c))?.session : null
  return {
    name: session?.account ?? person?.account ?? 'anonymous',
    looksAs: session?.looksAs ?? null,
    origin: addressOf(c),
    person,
    demo: session?.demo ?? false,
  }
}

/** A new secret for a cookie: 256 bits. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** The address of the other end; requests that tests hand in without a socket count as local. Behind a proxy, whom it names last. */
export function addressOf(c: Context<App>): string {
  const incoming = (c.env as { incoming?: unknown } | undefined)?.incoming
  const socket = incoming ? (getConnInfo(c).remote.address ?? 'unknown') : '127.0.0.1'
  const forwarded = c.var.environment.publicOrigin ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  return forwarded && /^[\da-f.:]{3,45}$/i.test(forwarded) ? forwarded : socket
}

/** Compares without telling by its time how much was right. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
