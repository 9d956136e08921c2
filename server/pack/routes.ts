import { z } from '@hono/zod-openapi'
import { LANGS } from '../../geo/number/in-words.ts'
import { PAPERS, type NamedPaper } from '../../geo/snapshot/paper.ts'
import { PAGE_LIMITS } from '../../geo/snapshot/request.ts'
import { instantOf, todayOf } from '../clock.ts'
import { isoMonth } from '../plan/schemas.ts'
import { planOfPath } from '../plan/routes.ts'
import { begin, failures, json, route, router, wholeNumber } from '../route.ts'
import { cancel, detail, file, fileRoute, idParam, pageOf, TYPES } from '../snapshot/record.ts'
import { madeSchema, pageSchema, snapshotSchema } from '../snapshot/schemas.ts'
import { keepSnapshot } from '../snapshot/store.ts'
import { makeWaiting } from '../snapshot/work.ts'
import { isStorable } from '../storable.ts'
import { drawPack } from './store.ts'

const askedSchema = z
  .object({
    plan: z.coerce.number().int().min(1900).max(2999),
    month: isoMonth,
    paper: z.enum(Object.keys(PAPERS) as [NamedPaper, ...NamedPaper[]]).default('A4-landscape'),
    lang: z.enum(LANGS).default('zh-CN'),
    title: z.string().max(PAGE_LIMITS.title).refine((text) => isStorable(text), 'holds a NUL or half a character').default(''),
  })
  .openapi('PackRequest')

export const packRoutes = router()
  .openapi(
    route('pack.make', {
      method: 'post',
      path: '/api/packs',
      summary: 'The month’s dispatch pack (月调度材料): cover, district, light matrix, changes, problems, a page a unit and open orders, as PDF, PPTX and XLSX',
      request: { body: { required: true, content: { 'application/json': { schema: askedSchema } } } },
      responses: { 202: json(madeSchema, 'it is being made'), ...failures(400, 401, 403, 404, 422, 429) },
    }),
    async (c) => {
      const { sql, log, actor, clock, environment } = c.var
      const { plan: year, ...asked } = c.req.valid('json')
      const plan = await planOfPath(c, year)
      const drawn = await drawPack(sql, { plan, actor, today: todayOf(clock), origin: environment.publicOrigin ?? new URL(c.req.url).origin }, asked)
      const id = await begin(c, (tx) => keepSnapshot(tx, { actor, now: instantOf(clock) }, drawn))
      void makeWaiting(sql, log).catch((error: unknown) => log.warn({ err: error }, 'packs'))
      return c.json({ id, hash: drawn.sha256 }, 202)
    },
  )
  .openapi(
    route('pack.read', {
      method: 'get',
      path: '/api/packs/{id}',
      summary: 'A dispatch pack: how far it is, what it froze, and what has changed since',
      request: { params: idParam },
      responses: { 200: json(snapshotSchema, 'the pack'), ...failures(401, 403, 404) },
    }),
    async (c) => c.json((await detail(c, 'pack', c.req.valid('param').id)) as never, 200),
  )
  .openapi(
    route('pack.make', {
      method: 'post',
      path: '/api/packs/{id}/cancel',
      summary: 'Calls off what is still being made',
      request: { params: idParam },
      responses: { 200: json(snapshotSchema, 'the pack'), ...failures(401, 403, 404) },
    }),
    async (c) => c.json((await cancel(c, 'pack', c.req.valid('param').id)) as never, 200),
  )
  .openapi(
    route('pack.read', {
      method: 'get',
      path: '/api/packs/{id}/pages/{page}',
      summary: 'One page of a pack as it was drawn, in millimetres',
      request: { params: idParam.extend({ page: wholeNumber(1, 1000) }) },
      responses: { 200: json(pageSchema, 'the page'), ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { id, page } = c.req.valid('param')
      return c.json((await pageOf(c, 'pack', id, page)) as never, 200)
    },
  )
  .openapi(fileRoute('pack.read', '/api/packs/{id}/file.pdf', TYPES.pdf, 'All pages in one PDF'), (c) => file(c, 'pack', c.req.valid('param').id, 'pdf'))
  .openapi(fileRoute('pack.read', '/api/packs/{id}/file.pptx', TYPES.pptx, 'All pages as slides'), (c) => file(c, 'pack', c.req.valid('param').id, 'pptx'))
  .openapi(fileRoute('pack.read', '/api/packs/{id}/file.xlsx', TYPES.xlsx, 'The same figures as a workbook'), (c) => file(c, 'pack', c.req.valid('param').id, 'xlsx'))
  .openapi(fileRoute('pack.read', '/api/packs/{id}/file.zip', TYPES.zip, 'PDF, PPTX and XLSX together'), (c) => file(c, 'pack', c.req.valid('param').id, 'zip'))
