/**
 * Single sign-on by OpenID Connect: authorization code with PKCE, state and nonce, which wait in a short-lived cookie of the browser that began.
 * The provider says who somebody is; whether they may come in is ours: the account must exist and be enabled. At the first time the claim of
 * OIDC_CLAIM names it; from then on the provider's own identity (issuer and subject) does, so that a name given to another there opens nothing.
 */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Configuration } from 'openid-client'
import { z } from 'zod'
import { accountOfSignOn, bindSignOn, type SignOnAccount } from '../account/queries.ts'
import { audit } from '../audit/queries.ts'
import { isLoopback, type Environment } from '../environment.ts'
import { Problem } from '../problems.ts'
import type { App } from '../route.ts'
import { addressOf } from './person.ts'
import { openSession, refused } from './sign-in.ts'

const COOKIE = 'xiangtu-sso'
const COOKIE_PATH = '/api/session/sso'
/** How long one may take at the provider. */
const PATIENCE_SECONDS = 600
const PROVIDER_PATIENCE_SECONDS = 10

/** What waits in the browser until the provider sends it back. */
const waitingSchema = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), to: z.string(), until: z.number() })

/** The provider's own description of itself, asked for once it is needed and again when that failed. */
const providers = new WeakMap<Environment, Promise<Configuration>>()

/** Loaded only where it is set up. */
const client = () => import('openid-client')

/**
 * The provider's page where one shows who one is; the way back is remembered in a cookie.
 * @throws Problem not-found where there is no single sign-on, sso-away
 */
export async function beginSignOn(c: Context<App>, to: string | undefined): Promise<string> {
  const { randomState, randomNonce, randomPKCECodeVerifier, calculatePKCECodeChallenge, buildAuthorizationUrl } = await client()
  const provider = await providerOf(c)
  const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()]
  const waiting: z.infer<typeof waitingSchema> = { state, nonce, verifier, to: pathOfOurs(to), until: Date.now() + PATIENCE_SECONDS * 1000 }
  setCookie(c, COOKIE, Buffer.from(JSON.stringify(waiting)).toString('base64url'), {
    path: COOKIE_PATH,
    httpOnly: true,
    sameSite: 'Lax',
    secure: originOf(c).startsWith('https:'),
    maxAge: PATIENCE_SECONDS,
  })
  return buildAuthorizationUrl(provider, {
    redirect_uri: `${originOf(c)}${COOKIE_PATH}/callback`,
    scope: 'openid profile',
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  }).href
}

/**
 * Checks what the provider sent back and opens the session of the account that it stands for.
 * @returns where the person wanted to go
 * @throws Problem not-found, sso-away, sso-failed, sso-unknown, sso-other, account-disabled, demo-account-elsewhere
 */
export async function finishSignOn(c: Context<App>): Promise<string> {
  const provider = await providerOf(c)
  const waiting = takeWaiting(c)
  const { subject, name } = await identityOf(c, provider, waiting)
  const account = await accountFor(c, `${provider.serverMetadata().issuer} ${subject}`, name)
  if (account.disabledAt) {
    await refused(c, account.name, 'disabled')
    throw new Problem('account-disabled')
  }
  if (account.demo && !c.var.environment.local) {
    await refused(c, account.name, 'demo')
    throw new Problem('demo-account-elsewhere')
  }
  await openSession(c, account.name, 'single sign-on')
  return waiting.to
}

/** @throws Problem not-found, sso-away */
async function providerOf(c: Context<App>): Promise<Configuration> {
  const { environment, log } = c.var
  if (!environment.oidc) throw new Problem('not-found', { what: 'single sign-on' })
  const known = providers.get(environment)
  const asking = known ?? discover(environment.oidc)
  providers.set(environment, asking)
  try {
    return await asking
  } catch (error) {
    providers.delete(environment)
    log.warn({ err: error }, 'the provider of single sign-on does not describe itself')
    throw new Problem('sso-away')
  }
}

async function discover({ issuer, clientId, clientSecret }: NonNullable<Environment['oidc']>): Promise<Configuration> {
  const { discovery, allowInsecureRequests, None } = await client()
  // Plain http is for a provider on this machine (server/environment.ts takes no other).
  const insecure = isLoopback(new URL(issuer).hostname)
  return discovery(new URL(issuer), clientId, clientSecret ?? undefined, clientSecret === null ? None() : undefined, {
    timeout: PROVIDER_PATIENCE_SECONDS,
    ...(insecure ? { execute: [allowInsecureRequests] } : {}),
  })
}

/** What waited for this answer; good once. @throws Problem sso-failed */
function takeWaiting(c: Context<App>): z.infer<typeof waitingSchema> {
  const text = getCookie(c, COOKIE) ?? ''
  deleteCookie(c, COOKIE, { path: COOKIE_PATH })
  try {
    const waiting = waitingSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    if (waiting.until > Date.now()) return { ...waiting, to: pathOfOurs(waiting.to) }
  } catch {
    // Not begun in this browser, or not as we write it: as if it had run out.
  }
  throw new Problem('sso-failed')
}

/** Whom the provider vouches for. @throws Problem sso-failed */
async function identityOf(c: Context<App>, provider: Configuration, waiting: z.infer<typeof waitingSchema>): Promise<{ subject: string; name: string | null }> {
  const { authorizationCodeGrant, fetchUserInfo } = await client()
  const { oidc } = c.var.environment
  try {
    const here = new URL(c.req.url)
    const tokens = await authorizationCodeGrant(provider, new URL(`${here.pathname}${here.search}`, originOf(c)), {
      expectedState: waiting.state,
      expectedNonce: waiting.nonce,
      pkceCodeVerifier: waiting.verifier,
      idTokenExpected: true,
    })
    const claims = tokens.claims()!
    // Providers may keep what is not asked for by name out of the token and answer it only when asked.
    const claim = claims[oidc!.claim] ?? (provider.serverMetadata().userinfo_endpoint ? (await fetchUserInfo(provider, tokens.access_token, claims.sub))[oidc!.claim] : null)
    return { subject: claims.sub, name: typeof claim === 'string' ? claim.trim().toLowerCase() : null }
  } catch (error) {
    c.var.log.warn({ err: error }, 'single sign-on failed')
    throw new Problem('sso-failed')
  }
}

/** The account of an identity; bound to it now if this is its first time. @throws Problem sso-unknown, sso-other */
async function accountFor(c: Context<App>, identity: string, name: string | null): Promise<SignOnAccount> {
  const outcome = await c.var.sql.begin(async (tx) => {
    const bound = await accountOfSignOn(tx, { identity })
    if (bound) return bound
    const named = name === null ? null : await accountOfSignOn(tx, { name })
    const actor = { name: named?.name ?? 'anonymous', looksAs: null, origin: addressOf(c) }
    const refuse = async (why: 'sso-unknown' | 'sso-other') => {
      await audit(tx, actor, { action: 'session.refused', subject: `account/${(name ?? '').slice(0, 63)}`, before: null, after: { why, identity } })
      return why
    }
    if (!named) return refuse('sso-unknown')
    if (named.disabledAt) return named
    if (named.identity !== null || !(await bindSignOn(tx, named.name, identity))) return refuse('sso-other')
    await audit(tx, actor, { action: 'account.bind-sso', subject: `account/${named.name}`, before: null, after: { identity } })
    return named
  })
  if (typeof outcome === 'string') throw new Problem(outcome, { name: name ?? '' })
  return outcome
}

/** The address that browsers use: the provider sends them back there. */
function originOf(c: Context<App>): string {
  return c.var.environment.publicOrigin ?? `http://${c.req.header('host') ?? new URL(c.req.url).host}`
}

/** A path on this server and nowhere else; anything else becomes the first page. */
function pathOfOurs(to: string | undefined): string {
  if (!to?.startsWith('/') || !URL.canParse(to, 'http://ours')) return '/'
  const url = new URL(to, 'http://ours')
  return url.origin === 'http://ours' && !url.pathname.startsWith('/api/') ? `${url.pathname}${url.search}${url.hash}` : '/'
}
