import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { accountOf, demoAccounts } from '../account/queries.ts'
import { audit } from '../audit/queries.ts'
import { instantOf, todayOf } from '../clock.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, mustBeAllowed, route, router, wholeNumber, type App } from '../route.ts'
import { signedIn } from './person.ts'
import { endSession, openSessions, setLooksAs } from './queries.ts'
import { grantSchema, personSchema } from './schemas.ts'
import { forgetCookie, signInByPassword } from './sign-in.ts'
import { beginSignOn, finishSignOn } from './single-sign-on.ts'

const sessionSchema = z
  .object({
    person: z.union([personSchema, z.null()]),
    /** Whose session it is while an administrator looks as `person`. */
    realAccount: z.string().nullable(),
    mustChange: z.boolean(),
    idleMinutes: z.int(),
    reading: z.enum(['anyone', 'signed-in']),
    today: z.iso.date(),
    demo: z.array(z.object({ name: z.string(), person: z.string(), grants: z.array(grantSchema) })).openapi({
      description: 'demonstration accounts, while they can be used and nobody is signed in',
    }),
    sso: z.boolean(),
  })
  .openapi('Session')

/** What the screens must know of whoever looks at them. */
async function sessionView(c: Context<App>) {
  const { sql, environment, clock } = c.var
  const found = await signedIn(c)
  return {
    person: found?.person ?? null,
    realAccount: found?.session.looksAs ? found.session.account : null,
    mustChange: found ? found.session.mustChange && !found.session.looksAs : false,
    idleMinutes: environment.sessionIdleMinutes,
    reading: environment.reading,
    today: todayOf(clock),
    demo: !found && environment.local ? await demoAccounts(sql) : [],
    sso: environment.oidc !== null,
  }
}

/** Sends a browser on, and with a failure to the page that words it: nobody shall face bare JSON. */
async function byBrowser(c: Context<App>, work: () => Promise<string>) {
  try {
    return c.redirect(await work(), 302)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return c.redirect(`/login?failed=${error.key}`, 302)
  }
}

export const sessionRoutes = router()
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/api/session',
      summary: 'Who is signed in, and what signing in can be done with',
      responses: { 200: json(sessionSchema, 'the session') },
    }),
    async (c) => c.json(await sessionView(c), 200, { 'cache-control': 'no-store' }),
  )
  .openapi(
    route('anyone', {
      method: 'post',
      path: '/api/session',
      summary: 'Signs in with account and password; the cookie goes with the answer',
      request: {
        body: {
          required: true,
          content: { 'application/json': { schema: z.object({ account: z.string().min(1).max(100), password: z.string().min(1).max(500) }) } },
        },
      },
      responses: { 200: json(sessionSchema, 'signed in'), ...failures(400, 401, 403, 429) },
    }),
    async (c) => {
      const { account, password } = c.req.valid('json')
      await signInByPassword(c, account.trim().toLowerCase(), password)
      return c.json(await sessionView(c), 200, { 'cache-control': 'no-store' })
    },
  )
  .openapi(
    route('anyone', {
      method: 'delete',
      path: '/api/session',
      summary: 'Signs out',
      responses: { 204: { description: 'signed out' } },
    }),
    async (c) => {
      const found = await signedIn(c)
      if (found) {
        await c.var.sql.begin(async (tx) => {
          await endSession(tx, found.session.id, instantOf(c.var.clock))
          await audit(tx, c.var.actor, { action: 'session.end', subject: `account/${found.session.account}`, before: null, after: null })
        })
      }
      forgetCookie(c)
      return c.body(null, 204)
    },
  )
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/api/session/sso',
      summary: 'Sends the browser to the provider of single sign-on; `to`: where to go afterwards',
      request: { query: z.object({ to: z.string().max(500).optional() }) },
      responses: { 302: { description: 'to the provider, or to /login?failed=… with the key of the problem' } },
    }),
    (c) => byBrowser(c, () => beginSignOn(c, c.req.valid('query').to)),
  )
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/api/session/sso/callback',
      summary: 'Where the provider of single sign-on sends the browser back; the cookie goes with the answer',
      responses: { 302: { description: 'to where one wanted to go, or to /login?failed=… with the key of the problem' } },
    }),
    (c) => byBrowser(c, () => finishSignOn(c)),
  )
  .openapi(
    route('own-session', {
      method: 'put',
      path: '/api/session/looks-as',
      summary: 'An administrator looks as another person, read-only; null: as themselves again',
      request: { body: { required: true, content: { 'application/json': { schema: z.object({ account: z.string().nullable() }) } } } },
      responses: { 200: json(sessionSchema, 'the session'), ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { account } = c.req.valid('json')
      const found = await signedIn(c)
      if (!found) throw new Problem('sign-in-needed')
      if (account !== null) {
        // Who already looks as somebody is read-only: first back, then to the next.
        mustBeAllowed(c, 'account.look-as')
        const other = await accountOf(c.var.sql, account)
        if (!other || other.disabledAt) throw new Problem('not-found', { what: `account/${account}` }, 'account')
      }
      await c.var.sql.begin(async (tx) => {
        await setLooksAs(tx, found.session.id, account)
        await audit(tx, c.var.actor, { action: 'session.look-as', subject: `account/${account ?? found.session.account}`, before: found.session.looksAs, after: account })
      })
      c.set('signedIn', undefined)
      return c.json(await sessionView(c), 200, { 'cache-control': 'no-store' })
    },
  )
  .openapi(
    route('signed-in', {
      method: 'get',
      path: '/api/sessions',
      summary: 'One’s own sessions that are still open',
      responses: {
        200: json(
          z.array(z.object({ id: z.int(), origin: z.string(), agent: z.string(), createdAt: z.iso.datetime(), seenAt: z.iso.datetime(), here: z.boolean() })),
          'sessions, the newest first',
        ),
        ...failures(401),
      },
    }),
    async (c) => {
      const found = await signedIn(c)
      if (!found) return c.json([], 200)
      const rows = await openSessions(c.var.sql, found.session.account, instantOf(c.var.clock), c.var.environment.sessionIdleMinutes)
      return c.json(
        rows.map((row) => ({ ...row, here: row.id === found.session.id })),
        200,
      )
    },
  )
  .openapi(
    route('signed-in', {
      method: 'delete',
      path: '/api/sessions/{id}',
      summary: 'Ends one of one’s own sessions',
      request: { params: z.object({ id: wholeNumber(1) }) },
      responses: { 204: { description: 'ended' }, ...failures(401, 404) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const found = await signedIn(c)
      if (!found) throw new Problem('sign-in-needed')
      const now = instantOf(c.var.clock)
      const own = await openSessions(c.var.sql, found.session.account, now, c.var.environment.sessionIdleMinutes)
      if (!own.some((row) => row.id === id)) throw new Problem('not-found', { what: `session/${id}` }, 'id')
      await begin(c, async (tx) => {
        await endSession(tx, id, now)
        await audit(tx, c.var.actor, { action: 'session.end', subject: `account/${found.session.account}`, before: null, after: { session: id } })
      })
      return c.body(null, 204)
    },
  )
