import type { MiddlewareHandler, Context } from 'hono'
import { OpenAPIHono, createRoute, z, type RouteConfig } from '@hono/zod-openapi'
import type { Logger } from 'pino'
import { ACTIONS, can, REFUSALS, refusalOf, type Action, type Refusal, type Target } from '../geo/right/right.ts'
import { ROLES, type Person, type Role } from '../geo/right/role.ts'
import type { Clock } from './clock.ts'
import type { Sql, Tx } from './database/connect.ts'
import { beginAs } from './database/wall.ts'
import type { Environment } from './environment.ts'
import { Problem } from './problems.ts'
import { actorOf, personOfRequest, signedIn, type SignedIn } from './session/person.ts'
import type { WallTokenRow } from './wall/queries.ts'
import { wallActor, wallSecretOf, wallTokenOf } from './wall/token.ts'

/** Who may use a route, besides the actions of geo/right: those that need no right, or only to be known. */
export const WHO_MAY = {
  anyone: '任何人 / anyone who reaches the server',
  reader: '登录用户；READING=anyone 时任何人 / whoever is signed in; with READING=anyone, anyone',
  'signed-in': '登录用户（以他人身份查看时只读）/ whoever is signed in; reads only, while looking as somebody else',
  wall: '大屏令牌；或可以查看的人 / a wall by its token, or whoever may read',
  'own-session': '登录用户，只关系到自己的登录状态 / whoever is signed in, about nothing but their own session',
} as const
/** Of several actions any one will do to come in; the handler looks at the place. */
export type WhoMay = keyof typeof WHO_MAY | Action | readonly Action[]

/** Who asks, as the audit trail names them. */
export interface Actor {
  /** The account; `operator` by key; what the server does by itself has names of its own. */
  name: string
  /** The account that an administrator looks as. */
  looksAs: string | null
  /** The address that the request came from. */
  origin: string
  /** Null: the server itself. */
  person: Person | null
  /** What a demonstration account enters is marked 演示 like everything synthetic. */
  demo: boolean
}

/** What every handler has at hand. */
export interface App {
  Variables: {
    sql: Sql
    /** Whether the database's second wall stands. */
    wall: boolean
    environment: Environment
    clock: Clock
    log: Logger
    actor: Actor
    /** Undefined until somebody asked; null: nobody is signed in. */
    signedIn: SignedIn | null | undefined
    /** Where a wall asks, by its token. */
    wallToken: WallTokenRow | undefined
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
    description: [config.description, `Who may: ${wordsOf(whoMay)}.`].filter(Boolean).join('\n\n'),
    ...(whoMay === 'anyone' ? {} : { security: [{ session: [] as string[] }, { operatorKey: [] as string[] }] }),
    middleware: [rights(whoMay)],
  })
}

function wordsOf(whoMay: WhoMay): string {
  if (typeof whoMay !== 'string') return whoMay.map(wordsOf).join('; ')
  if (whoMay in WHO_MAY) return WHO_MAY[whoMay as keyof typeof WHO_MAY]
  const { zh, en, who } = ACTIONS[whoMay as Action]
  const roles = Object.entries(who).map(([role, reach]) => `${ROLES[role as Role].zh}${reach === 'own' ? '（本单位）' : ''}`)
  return `${zh} / ${en}: ${roles.join('、')}`
}

const READS = new Set(['GET', 'HEAD'])

/** The check of rights that {@link route} puts before a handler. */
export function rights(whoMay: WhoMay): MiddlewareHandler<App> {
  return async (c, next) => {
    const secret = wallSecretOf(c)
    if (secret !== null) {
      // A wall's token opens what the wall shows, and not even what is open to anyone.
      if (whoMay !== 'wall') throw new Problem('wall-token-elsewhere')
      const token = await wallTokenOf(c, secret)
      c.set('wallToken', token)
      c.set('actor', wallActor(c, token))
      return next()
    }
    if (whoMay === 'anyone' || ((whoMay === 'reader' || whoMay === 'wall') && c.var.environment.reading === 'anyone')) {
      c.set('actor', await actorOf(c, await personOfRequest(c)))
      return next()
    }
    const person = await personOfRequest(c)
    if (!person) throw new Problem('sign-in-needed')
    c.set('actor', await actorOf(c, person))
    const session = (await signedIn(c))?.session
    if (session?.mustChange && session.account === person.account && whoMay !== 'signed-in') throw new Problem('password-change-needed')
    // Looking as somebody changes nothing, not even what needs no right of its own.
    if (whoMay === 'signed-in' && person.readOnly && !READS.has(c.req.method)) throw notAllowed('looking-as', { zh: '代为操作', en: 'do this' })
    if (!(typeof whoMay === 'string' && whoMay in WHO_MAY)) {
      const actions = (typeof whoMay === 'string' ? [whoMay] : whoMay) as readonly Action[]
      if (!actions.some((action) => can(person, action))) mustBeAllowed(c, actions[0]!)
    }
    await next()
  }
}

/**
 * Refuses unless the person of the request may do this there (without a target: anywhere). server/app.ts puts refusals into the audit trail.
 * @throws Problem sign-in-needed, not-allowed
 */
export function mustBeAllowed(c: Context<App>, action: Action, target?: Target): void {
  mustAllow(c.var.actor.person, action, target)
}

/**
 * The same of a person, for what is decided inside of a transaction.
 * @throws Problem sign-in-needed, not-allowed
 */
export function mustAllow(person: Person | null, action: Action, target?: Target): void {
  const refusal = refusalOf(person, action, target)
  if (refusal === 'signed-out') throw new Problem('sign-in-needed')
  if (refusal) throw notAllowed(refusal, ACTIONS[action], { action, target: target ?? null })
}

/** The problem that tells what was refused, and why. */
function notAllowed(refusal: Refusal, what: { zh: string; en: string }, more: Record<string, unknown> = {}): Problem {
  const { zh: why, en: whyEn } = REFUSALS[refusal]
  return new Problem('not-allowed', { ...more, refusal, what: what.zh, whatEn: what.en, why, whyEn })
}

/** A visitor who is not signed in: unlike the system itself, bound to no place at all. */
const NOBODY: Person = { account: 'anonymous', name: '', grants: [], readOnly: true }

/** A transaction on behalf of whoever makes the request, behind the database's second wall. All or nothing. */
export function begin<T>(c: Context<App>, work: (tx: Tx) => Promise<T>): Promise<T> {
  return beginAs(c.var.sql, c.var.wall, c.var.actor.person ?? NOBODY, work)
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
