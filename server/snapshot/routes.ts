import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { can, type Action } from '../../geo/right/right.ts'
import type { Person } from '../../geo/right/role.ts'
import type { FrozenSnapshot } from '../../geo/snapshot/frozen.ts'
import { FINDINGS, PAGE_LAYERS } from '../../geo/snapshot/layers.ts'
import type { AtlasPer } from '../../geo/snapshot/request.ts'
import { instantOf } from '../clock.ts'
import { planOfPath } from '../plan/routes.ts'
import { begin, failures, json, route, router, wholeNumber, type App } from '../route.ts'
import { snapshotList } from './queries.ts'
import { layersSeenBy, pageLayers } from './layers.ts'
import { cancel, detail, file, fileRoute, idParam, lacks, pageOf, TYPES } from './record.ts'
import { askedAtlasSchema, askedSchema, layersParam, listedSchema, madeSchema, pageLayerSchema, pageSchema, snapshotSchema } from './schemas.ts'
import { drawSnapshot, keepSnapshot, type AskedSnapshot } from './store.ts'
import { makeWaiting } from './work.ts'

const body = <S extends z.ZodType>(schema: S) => ({ required: true, content: { 'application/json': { schema } } })

/** Rights that records may need, as far as somebody has them. */
function hasEverywhere(person: Person | null): Action[] {
  const needed = [...new Set(PAGE_LAYERS.flatMap(({ sees }) => (sees === 'reader' ? [] : [sees])))]
  const without = lacks(person, needed)
  return needed.filter((action) => !without.includes(action))
}

/** Freezes, queues, and sees to it that somebody makes it: this process at once, or another if this one ends. */
async function make(c: Context<App>, kind: 'snapshot' | 'atlas', asked: AskedSnapshot, per: AtlasPer | null, tasks: readonly number[] | null) {
  const plan = await planOfPath(c, asked.view.plan)
  const origin = c.var.environment.publicOrigin ?? new URL(c.req.url).origin
  const { sql, log, actor } = c.var
  const drawn = await drawSnapshot(sql, { plan, actor, origin }, kind, asked, per, tasks)
  const id = await begin(c, (tx) => keepSnapshot(tx, { actor, now: instantOf(c.var.clock) }, drawn))
  void makeWaiting(sql, log).catch((error: unknown) => log.warn({ err: error }, 'snapshots'))
  return { id, hash: drawn.sha256 }
}

export const snapshotRoutes = router()
  .openapi(
    route('snapshot.make', {
      method: 'post',
      path: '/api/snapshots',
      summary: 'Freezes a view with its figures and makes PNG, PDF, PPTX and SVG of it',
      request: { body: body(askedSchema) },
      responses: { 202: json(madeSchema, 'it is being made'), ...failures(400, 401, 403, 404, 422, 429) },
    }),
    async (c) => c.json(await make(c, 'snapshot', c.req.valid('json'), null, null), 202),
  )
  .openapi(
    route('snapshot.make', {
      method: 'get',
      path: '/api/page-layers',
      summary: 'Layers as a page draws them: generalised where there are many features; of the district, or finely of one town',
      request: { query: z.object({ plan: wholeNumber(1900, 2999).optional(), layers: layersParam, town: z.string().regex(/^[0-9A-Za-z]{6,12}$/).optional() }) },
      responses: { 200: json(z.array(pageLayerSchema), 'layers, from the lowest up'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const { plan: year, layers, town } = c.req.valid('query')
      if (layers.length === 0) return c.json([], 200)
      const { sql, actor, environment } = c.var
      const plan = year === undefined ? null : await planOfPath(c, year)
      const seen = layersSeenBy(actor.person, layers, environment.reading === 'anyone').filter((id) => plan !== null || id !== FINDINGS)
      return c.json((await pageLayers(sql, plan?.id ?? 0, actor.person, seen, town ?? null)) as never, 200)
    },
  )
  .openapi(
    route('snapshot.read', {
      method: 'get',
      path: '/api/snapshots',
      summary: 'Snapshots, atlases, and for whoever may see them the months’ dispatch packs, newest first',
      request: {
        query: z.object({
          mine: z.stringbool().optional().openapi({ description: 'only what the caller made', type: 'boolean' }),
          hash: z.string().regex(/^[0-9a-f]{12}$/).optional().openapi({ description: 'the hash’s first twelve digits, as they stand in the link on the page' }),
        }),
      },
      responses: { 200: json(z.array(listedSchema), 'snapshots'), ...failures(400, 401, 403) },
    }),
    async (c) => {
      const { mine, hash } = c.req.valid('query')
      const rows = await snapshotList(c.var.sql, { madeBy: mine ? c.var.actor.name : null, hash: hash ?? null, packs: can(c.var.actor.person, 'pack.read'), reader: { account: c.var.actor.name, has: hasEverywhere(c.var.actor.person) }, limit: 200 })
      return c.json(
        rows.map(({ content, sha256, ...row }) => {
          const { request, demo } = JSON.parse(content) as FrozenSnapshot
          return { ...row, hash: sha256, month: request.view.month, paper: request.paper, template: request.template, demo }
        }),
        200,
      )
    },
  )
  .openapi(
    route('snapshot.read', {
      method: 'get',
      path: '/api/snapshots/{id}',
      summary: 'A snapshot: how far it is, what it froze, and what has changed since',
      request: { params: idParam },
      responses: { 200: json(snapshotSchema, 'the snapshot'), ...failures(401, 403, 404) },
    }),
    async (c) => c.json((await detail(c, 'snapshot', c.req.valid('param').id)) as never, 200),
  )
  .openapi(
    route('snapshot.make', {
      method: 'post',
      path: '/api/snapshots/{id}/cancel',
      summary: 'Calls off what is still being made',
      request: { params: idParam },
      responses: { 200: json(snapshotSchema, 'the snapshot'), ...failures(401, 403, 404) },
    }),
    async (c) => c.json((await cancel(c, 'snapshot', c.req.valid('param').id)) as never, 200),
  )
  .openapi(fileRoute('snapshot.read', '/api/snapshots/{id}/file.png', TYPES.png, 'The page as a picture, in as many pixels as its paper and resolution ask for'), (c) => file(c, 'snapshot', c.req.valid('param').id, 'png'))
  .openapi(fileRoute('snapshot.read', '/api/snapshots/{id}/file.pdf', TYPES.pdf, 'The page as vectors in true size, with text that can be selected'), (c) => file(c, 'snapshot', c.req.valid('param').id, 'pdf'))
  .openapi(fileRoute('snapshot.read', '/api/snapshots/{id}/file.pptx', TYPES.pptx, 'The page as a slide with text and tables that can be edited'), (c) => file(c, 'snapshot', c.req.valid('param').id, 'pptx'))
  .openapi(fileRoute('snapshot.read', '/api/snapshots/{id}/file.svg', TYPES.svg, 'The page as SVG, for designers'), (c) => file(c, 'snapshot', c.req.valid('param').id, 'svg'))
  .openapi(
    route('snapshot.make', {
      method: 'post',
      path: '/api/atlases',
      summary: 'The same view once for each town or task, with a cover and an index',
      description: 'A title may name what each page is about: `{district}`, `{town}`, `{task}`, `{no}`, `{month}`.',
      request: { body: body(askedAtlasSchema) },
      responses: { 202: json(madeSchema, 'it is being made'), ...failures(400, 401, 403, 404, 422, 429) },
    }),
    async (c) => {
      const { per, tasks, ...asked } = c.req.valid('json')
      return c.json(await make(c, 'atlas', asked, per, per === 'task' ? tasks : null), 202)
    },
  )
  .openapi(
    route('snapshot.read', {
      method: 'get',
      path: '/api/atlases/{id}',
      summary: 'An atlas: how far it is, what it froze, and what has changed since',
      request: { params: idParam },
      responses: { 200: json(snapshotSchema, 'the atlas'), ...failures(401, 403, 404) },
    }),
    async (c) => c.json((await detail(c, 'atlas', c.req.valid('param').id)) as never, 200),
  )
  .openapi(
    route('snapshot.make', {
      method: 'post',
      path: '/api/atlases/{id}/cancel',
      summary: 'Calls off what is still being made',
      request: { params: idParam },
      responses: { 200: json(snapshotSchema, 'the atlas'), ...failures(401, 403, 404) },
    }),
    async (c) => c.json((await cancel(c, 'atlas', c.req.valid('param').id)) as never, 200),
  )
  .openapi(
    route('snapshot.read', {
      method: 'get',
      path: '/api/atlases/{id}/pages/{page}',
      summary: 'One page of an atlas as it was drawn, in millimetres',
      request: { params: idParam.extend({ page: wholeNumber(1, 1000) }) },
      responses: { 200: json(pageSchema, 'the page'), ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { id, page } = c.req.valid('param')
      return c.json((await pageOf(c, 'atlas', id, page)) as never, 200)
    },
  )
  .openapi(fileRoute('snapshot.read', '/api/atlases/{id}/file.pdf', TYPES.pdf, 'All pages in one PDF'), (c) => file(c, 'atlas', c.req.valid('param').id, 'pdf'))
  .openapi(fileRoute('snapshot.read', '/api/atlases/{id}/file.pptx', TYPES.pptx, 'All pages as slides'), (c) => file(c, 'atlas', c.req.valid('param').id, 'pptx'))
  .openapi(fileRoute('snapshot.read', '/api/atlases/{id}/file.zip', TYPES.zip, 'Each page as a picture'), (c) => file(c, 'atlas', c.req.valid('param').id, 'zip'))
