/** The wall in a corridor (/wall), and the tokens that it is looked at by. (The database's second wall is another: database/wall.ts.) */
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { countsBetween, ledgerDay, sumCounts } from '../../geo/finding/counts.ts'
import { isOrderOverdue } from '../../geo/order/order.ts'
import { can } from '../../geo/right/right.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { wallContent } from '../../geo/wall/content.ts'
import { tokenState } from '../../geo/wall/token.ts'
import { audit } from '../audit/queries.ts'
import { cachedJson } from '../cache.ts'
import { instantOf, todayOf } from '../clock.ts'
import { beginAs } from '../database/wall.ts'
import { findingDays } from '../finding/queries.ts'
import { ordersOf } from '../order/queries.ts'
import { planOf, plans, tasksOf, type PlanRow } from '../plan/queries.ts'
import { Problem } from '../problems.ts'
import { progressOf } from '../report/queries.ts'
import { begin, failures, json, route, router, wholeNumber, type App } from '../route.ts'
import { hashToken, newToken } from '../session/person.ts'
import { isStorable } from '../storable.ts'
import { currentSet, currentSetId, townFeatures } from '../town/queries.ts'
import { insertWallToken, revokeWallToken, wallTokenById, wallTokens, type WallTokenRow } from './queries.ts'
import { wallDueSchema, wallSchema, wallTokenSchema } from './schemas.ts'

const planQuery = z.object({ plan: wholeNumber(1900, 2999).optional().openapi({ description: 'the plan’s year; without it the newest that anybody has reported for' }) })
const idParam = z.object({ id: wholeNumber(1) })
/** A wall shows so many; whoever wants all of them opens the list. */
const MOST_ORDERS = 6

/** @throws Problem plan-unknown */
async function planShown(c: Context<App>, year: number | undefined): Promise<PlanRow> {
  const stored = year === undefined ? await plans(c.var.sql) : []
  const asked = year ?? (stored.find(({ reports }) => reports > 0) ?? stored[0])?.year
  const plan = asked === undefined ? null : await planOf(c.var.sql, asked)
  if (!plan) throw new Problem('plan-unknown', { year: asked ?? '' }, 'plan')
  return plan
}

/** Orders and findings are not for everybody: for a token that was issued so, and for who may read all of them. */
function mayShowDue(c: Context<App>): boolean {
  if (c.var.wallToken) return c.var.wallToken.due
  const { person } = c.var.actor
  return (['order.read', 'finding.read'] as const).every((action) => can(person, action, { town: '*', departments: [] }))
}

const shown = (token: WallTokenRow, now: string) => ({ ...token, state: tokenState(token, now) })

export const wallRoutes = router()
  .openapi(
    route('wall', {
      method: 'get',
      path: '/api/wall',
      summary: 'What the wall shows: counts by town, category and month, the reasons of what is behind, and the towns’ shapes',
      request: { query: planQuery },
      responses: { 200: json(wallSchema, 'figures of the newest month'), 304: { description: 'unchanged' }, ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const { sql } = c.var
      const today = todayOf(c.var.clock)
      const plan = await planShown(c, c.req.valid('query').plan)
      const setId = await currentSetId(sql, QINGPU.code)
      const make = async () => {
        const [tasks, progress, features, set] = await Promise.all([tasksOf(sql, plan.id), progressOf(sql, plan), townFeatures(sql, QINGPU.code, setId), currentSet(sql, QINGPU.code)])
        const { code, name, nameEn, towns } = QINGPU
        return {
          ...wallContent({ plan, district: { code, name, nameEn }, towns, tasks, progress }, today),
          shapes: { type: 'FeatureCollection', set: setId, boundary: set && { kind: set.kind, source: set.source, licence: set.licence, credit: set.credit }, features },
        }
      }
      return cachedJson(c, sql, `wall/${plan.id}/${plan.revision}/${setId}/${today}`, make) as never
    },
  )
  .openapi(
    route('wall', {
      method: 'get',
      path: '/api/wall/due',
      summary: 'Supervision orders and findings in numbers; null: neither the token nor the person may see them',
      request: { query: planQuery },
      responses: { 200: json(z.object({ due: z.union([wallDueSchema, z.null()]) }), 'numbers'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const headers = { 'cache-control': 'no-store' }
      const plan = await planShown(c, c.req.valid('query').plan)
      if (!mayShowDue(c)) return c.json({ due: null }, 200, headers)
      const today = todayOf(c.var.clock)
      const day = ledgerDay(plan, today)
      // The right is decided above and only numbers and titles leave: asked as the server itself, as a token is no person of any place.
      const [orders, days] = await beginAs(c.var.sql, c.var.wall, null, async (tx) => [
        await ordersOf(tx, plan.id, { openOnly: true }),
        await findingDays(tx, plan.id, { everywhere: true, towns: [], departments: [] }, {}, today),
      ])
      const overdue = orders.map((order) => isOrderOverdue(order, day))
      const towns = [...Map.groupBy(days, ({ town }) => town)].map(([town, its]) => ({ town, ...countsBetween(its, `${day.slice(0, 7)}-01`, day) }))
      const { left, overdue: late } = sumCounts(towns)
      const due = {
        day,
        orders: {
          issued: orders.filter(({ state }) => state === 'issued').length,
          answered: orders.filter(({ state }) => state === 'answered').length,
          overdue: overdue.filter(Boolean).length,
          next: orders.slice(0, MOST_ORDERS).map(({ no, title, ownerTown, ownerDepartment, dueOn, demo }, i) => ({ no, title, owner: ownerTown ?? ownerDepartment ?? '', dueOn, overdue: overdue[i]!, demo })),
        },
        findings: { left, overdue: late, towns: towns.filter((one) => one.left > 0).map(({ town, left: its, overdue: itsLate }) => ({ town, left: its, overdue: itsLate })).sort((a, b) => b.left - a.left) },
        demo: orders.some(({ demo }) => demo) || days.some(({ demo }) => demo),
      }
      return c.json({ due }, 200, headers)
    },
  )
  .openapi(
    route('wall.manage', {
      method: 'get',
      path: '/api/wall/tokens',
      summary: 'The walls’ viewing tokens with their last use; the secrets are kept nowhere',
      responses: { 200: json(z.array(wallTokenSchema), 'tokens, those in use first'), ...failures(401, 403) },
    }),
    async (c) => {
      const now = instantOf(c.var.clock)
      return c.json((await wallTokens(c.var.sql)).map((token) => shown(token, now)), 200, { 'cache-control': 'no-store' })
    },
  )
  .openapi(
    route('wall.manage', {
      method: 'post',
      path: '/api/wall/tokens',
      summary: 'Issues a viewing token; its secret is in the answer and nowhere else',
      request: {
        body: {
          required: true,
          content: {
            'application/json': {
              schema: z.object({
                name: z.string().trim().min(1).max(100).refine((text) => isStorable(text), 'holds a NUL or half a character'),
                due: z.boolean().openapi({ description: 'may it show supervision orders and findings?' }),
                expiresAt: z.iso.datetime({ offset: true }).nullable().openapi({ description: 'null: until it is revoked' }),
              }),
            },
          },
        },
      },
      responses: { 201: json(z.object({ token: wallTokenSchema, secret: z.string() }), 'issued'), ...failures(400, 401, 403) },
    }),
    async (c) => {
      const { name, due, expiresAt } = c.req.valid('json')
      const now = instantOf(c.var.clock)
      if (expiresAt !== null && Date.parse(expiresAt) <= Date.parse(now)) throw new Problem('request-invalid', { field: '/expiresAt', why: '须在当前时间之后 / must lie ahead' }, '/expiresAt')
      const secret = newToken()
      const token = await begin(c, async (tx) => {
        const id = await insertWallToken(tx, { name, due, hash: hashToken(secret), issuedBy: c.var.actor.name, issuedAt: now, expiresAt })
        await audit(tx, c.var.actor, { action: 'wall.issue', subject: `wall/${id}`, before: null, after: { name, due, expiresAt } })
        return (await wallTokenById(tx, id))!
      })
      return c.json({ token: shown(token, now), secret }, 201, { 'cache-control': 'no-store' })
    },
  )
  .openapi(
    route('wall.manage', {
      method: 'post',
      path: '/api/wall/tokens/{id}/revoke',
      summary: 'Revokes a token for good: its wall goes dark with its next question',
      request: { params: idParam },
      responses: { 200: json(wallTokenSchema, 'the token'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const now = instantOf(c.var.clock)
      const token = await begin(c, async (tx) => {
        const before = await wallTokenById(tx, id)
        if (!before) throw new Problem('not-found', { what: `wall/${id}` }, 'id')
        // Twice is once: who comes second finds it done.
        if (await revokeWallToken(tx, id, c.var.actor.name, now)) {
          await audit(tx, c.var.actor, { action: 'wall.revoke', subject: `wall/${id}`, before: { name: before.name, due: before.due, expiresAt: before.expiresAt }, after: null })
        }
        return (await wallTokenById(tx, id))!
      })
      return c.json(shown(token, now), 200)
    },
  )
