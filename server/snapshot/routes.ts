import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { lightsOf } from '../../geo/light/lights.ts'
import { differencesOf } from '../../geo/month/frozen.ts'
import { can } from '../../geo/right/right.ts'
import type { Drawing } from '../../geo/snapshot/drawing.ts'
import type { FrozenSnapshot } from '../../geo/snapshot/frozen.ts'
import type { AtlasPer, FileFormat, SnapshotKind } from '../../geo/snapshot/request.ts'
import { svgOf, svgText } from '../../geo/snapshot/svg.ts'
import { audit } from '../audit/queries.ts'
import { instantOf } from '../clock.ts'
import { holds } from '../frozen/frozen.ts'
import { planById, tasksOf } from '../plan/queries.ts'
import { planOfPath } from '../plan/routes.ts'
import { Problem } from '../problems.ts'
import { progressOf } from '../report/queries.ts'
import { begin, failures, json, mustBeAllowed, route, router, wholeNumber, type App } from '../route.ts'
import { cancelSnapshot, drawingsOf, fileOf, formatsOf, snapshotList, snapshotOf, type SnapshotRow } from './queries.ts'
import { askedAtlasSchema, askedSchema, listedSchema, madeSchema, pageSchema, snapshotSchema } from './schemas.ts'
import { drawSnapshot, keepSnapshot, type AskedSnapshot } from './store.ts'
import { makeWaiting } from './work.ts'

const idParam = z.object({ id: wholeNumber(1) })
const body = <S extends z.ZodType>(schema: S) => ({ required: true, content: { 'application/json': { schema } } })
const TYPES: Record<FileFormat | 'svg', string> = {
  png: 'image/png',
  pdf: 'application/pdf',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  zip: 'application/zip',
  svg: 'image/svg+xml',
}

/** Freezes, queues, and sees to it that somebody makes it: this process at once, or another if this one ends. */
async function make(c: Context<App>, kind: SnapshotKind, asked: AskedSnapshot, per: AtlasPer | null, tasks: readonly number[] | null) {
  const plan = await planOfPath(c, asked.view.plan)
  const origin = c.var.environment.publicOrigin ?? new URL(c.req.url).origin
  const { sql, log, actor } = c.var
  const drawn = await drawSnapshot(sql, { plan, actor, origin }, kind, asked, per, tasks)
  const id = await begin(c, (tx) => keepSnapshot(tx, { actor, now: instantOf(c.var.clock) }, drawn))
  void makeWaiting(sql, log).catch((error: unknown) => log.warn({ err: error }, 'snapshots'))
  return { id, hash: drawn.sha256 }
}

/** @throws Problem not-found */
async function existing(c: Context<App>, kind: SnapshotKind, id: number): Promise<SnapshotRow> {
  const row = await snapshotOf(c.var.sql, kind, id)
  if (!row) throw new Problem('not-found', { what: `${kind}/${id}` }, 'id')
  return row
}

async function detail(c: Context<App>, kind: SnapshotKind, id: number) {
  const { sql } = c.var
  const row = await existing(c, kind, id)
  const content = JSON.parse(row.content) as FrozenSnapshot
  const plan = row.planId === null || row.status === 'queued' || row.status === 'running' ? null : await planById(sql, row.planId)
  const now = plan ? lightsOf(await tasksOf(sql, plan.id), await progressOf(sql, plan), content.asOf, { history: false }) : []
  const { planId: _plan, content: _content, sha256, ...rest } = row
  return {
    ...rest,
    hash: sha256,
    formats: await formatsOf(sql, id),
    holds: holds(row),
    mine: row.madeBy === c.var.actor.name,
    content,
    since: differencesOf(content.lights, now),
  }
}

/** @throws Problem not-found, snapshot-not-ready */
async function file(c: Context<App>, kind: SnapshotKind, id: number, format: FileFormat | 'svg'): Promise<Response> {
  const row = await existing(c, kind, id)
  const bytes = format === 'svg' ? await svgFile(c, id) : await fileOf(c.var.sql, id, format)
  if (!bytes) throw new Problem('snapshot-not-ready', { format, status: row.status })
  const name = encodeURIComponent(`${row.title.replace(/[\\/:*?"<>|\s]+/g, ' ')}.${format}`)
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: {
      'content-type': TYPES[format],
      'content-disposition': `${c.req.query('inline') === undefined ? 'attachment' : 'inline'}; filename="${kind}-${id}.${format}"; filename*=UTF-8''${name}`,
      etag: `"${row.sha256.slice(0, 32)}-${id}-${format}"`,
      'cache-control': 'private, no-cache',
    },
  })
}

async function svgFile(c: Context<App>, id: number): Promise<Uint8Array | null> {
  const drawings = await drawingsOf(c.var.sql, id)
  if (!drawings) return null
  const [first] = JSON.parse(drawings) as { drawing: Drawing }[]
  return new TextEncoder().encode(svgText(svgOf(first!.drawing)))
}

async function cancel(c: Context<App>, kind: SnapshotKind, id: number) {
  const row = await existing(c, kind, id)
  if (row.madeBy !== c.var.actor.name && !can(c.var.actor.person, 'snapshot.cancel')) mustBeAllowed(c, 'snapshot.cancel')
  await begin(c, async (tx) => {
    if (await cancelSnapshot(tx, id)) await audit(tx, c.var.actor, { action: `${kind}.cancel`, subject: `${kind}/${id}`, before: { status: row.status }, after: { status: 'cancelled' } })
  })
  return detail(c, kind, id)
}

const fileRoute = <const P extends string>(path: P, type: string, summary: string) =>
  route('snapshot.read', {
    method: 'get',
    path,
    summary,
    description: 'With `?inline` it is shown in place of being saved.',
    request: { params: idParam, query: z.object({ inline: z.string().optional() }) },
    responses: { 200: { description: 'the file', content: { [type]: { schema: { type: 'string' as const, format: 'binary' } } } }, ...failures(401, 403, 404, 409) },
  })

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
    route('snapshot.read', {
      method: 'get',
      path: '/api/snapshots',
      summary: 'Snapshots and atlases, newest first',
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
      const rows = await snapshotList(c.var.sql, { madeBy: mine ? c.var.actor.name : null, hash: hash ?? null, limit: 200 })
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
  .openapi(fileRoute('/api/snapshots/{id}/file.png', TYPES.png, 'The page as a picture, in as many pixels as its paper and resolution ask for'), (c) => file(c, 'snapshot', c.req.valid('param').id, 'png'))
  .openapi(fileRoute('/api/snapshots/{id}/file.pdf', TYPES.pdf, 'The page as vectors in true size, with text that can be selected'), (c) => file(c, 'snapshot', c.req.valid('param').id, 'pdf'))
  .openapi(fileRoute('/api/snapshots/{id}/file.pptx', TYPES.pptx, 'The page as a slide with text and tables that can be edited'), (c) => file(c, 'snapshot', c.req.valid('param').id, 'pptx'))
  .openapi(fileRoute('/api/snapshots/{id}/file.svg', TYPES.svg, 'The page as SVG, for designers'), (c) => file(c, 'snapshot', c.req.valid('param').id, 'svg'))
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
      await existing(c, 'atlas', id)
      const found = (JSON.parse((await drawingsOf(c.var.sql, id)) ?? '[]') as { name: string; drawing: Drawing }[])[page - 1]
      if (!found) throw new Problem('not-found', { what: `atlas/${id}/pages/${page}` }, 'page')
      return c.json(found as never, 200)
    },
  )
  .openapi(fileRoute('/api/atlases/{id}/file.pdf', TYPES.pdf, 'All pages in one PDF'), (c) => file(c, 'atlas', c.req.valid('param').id, 'pdf'))
  .openapi(fileRoute('/api/atlases/{id}/file.pptx', TYPES.pptx, 'All pages as slides'), (c) => file(c, 'atlas', c.req.valid('param').id, 'pptx'))
  .openapi(fileRoute('/api/atlases/{id}/file.zip', TYPES.zip, 'Each page as a picture'), (c) => file(c, 'atlas', c.req.valid('param').id, 'zip'))
