import type { Context, MiddlewareHandler } from 'hono'
import { timingSafeEqual, createHash } from 'node:crypto'
import { OpenAPIHono, createRoute, z, type RouteConfig } from '@hono/zod-openapi'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Logger } from 'pino'
import type { Sql } from './database/connect.ts'
import { isLoopback, type Environment } from './environment.ts'
import { Problem } from './problems.ts'

/** Who may use a route. `operator` is whoever runs the installation: on loopback by being there, from elsewhere by the operator key. */
export const WHO_MAY = {
  anyone: '任何人 / anyone who reaches the server',
  operator: '管理员 / the operator: from this machine, or with the operator key',
} as const
export type WhoMay = keyof typeof WHO_MAY

/** Who writes, as the audit trail names them. */
export interface Actor {
  name: string
  /** The address that the request came from. */
  origin: string
}

/** What every handler has at hand. */
export interface App {
  Variables: {
    sql: Sql
    environment: Environment
    log: Logger
    actor: Actor
  }
}

/** A whole number in a path or a query: plain digits, within bounds that the database's integers can hold. */
export function wholeNumber(least: number, most = 2 ** 31 - 1) {
  return z.string().regex(/^\d{1,10}$/, 'must be a whole number').transform(Number).pipe(z.int().min(least).max(most)).openapi({ type: 'integer', minimum: least, maximum: most })
}

/** A router of the house: a failed validation becomes a problem that names the field. */
export function router() {
  return new OpenAPIHono<App>({
    defaultHook: (result) => {
      if (result.success) return
      const issue = result.error.issues[0]
      const path = issue?.path.map(String).join('/') ?? ''
      const field = result.target === 'json' ? `/${path}` : path
      throw new Problem('request-invalid', { field, why: issue?.message ?? '' }, field)
    },
  })
}

/**
 * Declares a route: its path, what it takes and gives, and who may use it. The declaration is the one source of the OpenAPI
 * description, of the validation, of the typed client and of the check of rights.
 */
export function route<const P extends string, const R extends Omit<RouteConfig, 'path'> & { path: P }>(whoMay: WhoMay, config: R) {
  return createRoute<P, R>({
    ...config,
    'x-who-may': whoMay,
    description: [config.description, `Who may: ${WHO_MAY[whoMay]}.`].filter(Boolean).join('\n\n'),
    ...(whoMay === 'operator' ? { security: [{ operatorKey: [] as string[] }] } : {}),
    middleware: [rights(whoMay)],
  })
}

function rights(whoMay: WhoMay): MiddlewareHandler<App> {
  return async (c, next) => {
    if (whoMay === 'operator') c.set('actor', operator(c))
    await next()
  }
}

/** What proxies add to what they pass on. */
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/**
 * The operator behind a request.
 * @throws Problem operator-needed, operator-key-unset
 */
function operator(c: Context<App>): Actor {
  const { operatorKey, host, publicOrigin } = c.var.environment
  const origin = addressOf(c)
  if (operatorKey) {
    const given = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1]
    if (given && same(given, operatorKey)) return { name: 'operator', origin }
    throw new Problem('operator-needed')
  }
  // Without a key only who sits at this machine may write. A proxy makes every address look local: then nobody may.
  const proxied = publicOrigin !== null || PROXY_HEADERS.some((name) => c.req.header(name) !== undefined)
  if (!proxied && isLoopback(host) && isLoopback(origin)) return { name: 'operator', origin }
  throw new Problem('operator-key-unset')
}

/** The address of the other end; requests that tests hand in without a socket count as local. */
function addressOf(c: Context): string {
  const incoming = (c.env as { incoming?: unknown } | undefined)?.incoming
  return incoming ? (getConnInfo(c).remote.address ?? 'unknown') : '127.0.0.1'
}

/** Compares without telling by its time how much was right. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    words: z.object({ 'zh-CN': z.string(), en: z.string() }),
    params: z.record(z.string(), z.unknown()),
    field: z.string().nullable(),
  })
  .openapi('Problem')

/** The `responses` entry of a JSON body. */
export function json<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

/** The `responses` entries of failures, each as problem+json (RFC 9457). */
export function failures<const N extends number>(...statuses: N[]) {
  const entry = { description: 'RFC 9457 problem', content: { 'application/problem+json': { schema: problemSchema } } }
  return Object.fromEntries(statuses.map((status) => [status, entry])) as Record<never, never>
}
