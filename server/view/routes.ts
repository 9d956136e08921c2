/** Views that a person has saved to present. Each is its person's alone; to show one to somebody else, its address is sent. */
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { MOST_SAVED_VIEWS, reordered } from '../../geo/view/saved.ts'
import { audit } from '../audit/queries.ts'
import { instantOf } from '../clock.ts'
import type { Tx } from '../database/connect.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, route, router, wholeNumber, type App } from '../route.ts'
import { isStorable } from '../storable.ts'
import { holdSavedView, insertSavedView, orderSavedViews, savedViews, setSavedViewRemoved, updateSavedView, type SavedViewRow } from './queries.ts'

const idParam = z.object({ id: wholeNumber(1) })
const name = z.string().trim().min(1).max(60).refine((text) => isStorable(text), 'holds a NUL or half a character')
/** What URLSearchParams writes, and nothing that would lead to another address. */
const query = z.string().max(1000).regex(/^[\w=&%.+*~-]*$/, 'must be the query of an address')
const viewSchema = z.object({ id: z.int(), name: z.string(), query: z.string() }).openapi('SavedView')
const viewsSchema = z.array(viewSchema)

/** Whose views: of whom one looks as, those. */
const accountOf = (c: Context<App>) => c.var.actor.person!.account

/** @throws Problem not-found */
async function held(tx: Tx, c: Context<App>, id: number, removed: boolean): Promise<SavedViewRow> {
  const view = await holdSavedView(tx, accountOf(c), id)
  if (!view || (view.removedAt !== null) !== removed) throw new Problem('not-found', { what: `view/${id}` }, 'id')
  return view
}

export const viewRoutes = router()
  .openapi(
    route('signed-in', {
      method: 'get',
      path: '/api/views',
      summary: 'One’s own saved views, in one’s own order',
      responses: { 200: json(viewsSchema, 'views'), ...failures(401) },
    }),
    async (c) => c.json(await begin(c, (tx) => savedViews(tx, accountOf(c))), 200, { 'cache-control': 'no-store' }),
  )
  .openapi(
    route('signed-in', {
      method: 'post',
      path: '/api/views',
      summary: 'Saves a view, as the last one',
      request: { body: { required: true, content: { 'application/json': { schema: z.object({ name, query }) } } } },
      responses: { 201: json(viewSchema, 'the view'), ...failures(400, 401, 403, 409) },
    }),
    async (c) => {
      const given = c.req.valid('json')
      const id = await begin(c, async (tx) => {
        if ((await savedViews(tx, accountOf(c))).length >= MOST_SAVED_VIEWS) throw new Problem('state-conflict', { state: `已有 ${MOST_SAVED_VIEWS} 个视图 / ${MOST_SAVED_VIEWS} views` })
        const made = await insertSavedView(tx, accountOf(c), { ...given, at: instantOf(c.var.clock) })
        await audit(tx, c.var.actor, { action: 'view.save', subject: `view/${made}`, before: null, after: given })
        return made
      })
      return c.json({ id, ...given }, 201)
    },
  )
  .openapi(
    route('signed-in', {
      method: 'put',
      path: '/api/views/order',
      summary: 'Puts one’s views into another order',
      request: { body: { required: true, content: { 'application/json': { schema: z.object({ ids: z.array(z.int()).max(MOST_SAVED_VIEWS) }) } } } },
      responses: { 200: json(viewsSchema, 'views in the new order'), ...failures(400, 401, 403, 409) },
    }),
    async (c) => {
      const views = await begin(c, async (tx) => {
        const before = (await savedViews(tx, accountOf(c))).map(({ id }) => id)
        const ids = reordered(before, c.req.valid('json').ids)
        if (!ids) throw new Problem('state-conflict', { state: '视图已增减，请重新载入 / views were added or removed' })
        await orderSavedViews(tx, accountOf(c), ids)
        await audit(tx, c.var.actor, { action: 'view.order', subject: `account/${accountOf(c)}`, before, after: ids })
        return savedViews(tx, accountOf(c))
      })
      return c.json(views, 200)
    },
  )
  .openapi(
    route('signed-in', {
      method: 'put',
      path: '/api/views/{id}',
      summary: 'Gives a view another name, or another content',
      request: { params: idParam, body: { required: true, content: { 'application/json': { schema: z.object({ name, query }) } } } },
      responses: { 200: json(viewSchema, 'the view'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const given = c.req.valid('json')
      await begin(c, async (tx) => {
        const before = await held(tx, c, id, false)
        await updateSavedView(tx, id, given)
        await audit(tx, c.var.actor, { action: 'view.change', subject: `view/${id}`, before: { name: before.name, query: before.query }, after: given })
      })
      return c.json({ id, ...given }, 200)
    },
  )
  .openapi(
    route('signed-in', {
      method: 'delete',
      path: '/api/views/{id}',
      summary: 'Takes a view away; it can be had back',
      request: { params: idParam },
      responses: { 204: { description: 'gone' }, ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await begin(c, async (tx) => {
        const before = await held(tx, c, id, false)
        await setSavedViewRemoved(tx, id, instantOf(c.var.clock))
        await audit(tx, c.var.actor, { action: 'view.remove', subject: `view/${id}`, before: { name: before.name, query: before.query }, after: null })
      })
      return c.body(null, 204)
    },
  )
  .openapi(
    route('signed-in', {
      method: 'post',
      path: '/api/views/{id}/restore',
      summary: 'Has a view back that was taken away, where it stood',
      request: { params: idParam },
      responses: { 200: json(viewSchema, 'the view'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const view = await begin(c, async (tx) => {
        const before = await held(tx, c, id, true)
        await setSavedViewRemoved(tx, id, null)
        await audit(tx, c.var.actor, { action: 'view.restore', subject: `view/${id}`, before: null, after: { name: before.name, query: before.query } })
        return { id, name: before.name, query: before.query }
      })
      return c.json(view, 200)
    },
  )
