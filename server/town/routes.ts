import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { cachedJson } from '../cache.ts'
import { instantOf } from '../clock.ts'
import { askedInstant, pastQuery } from '../past/asked.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, route, router, wholeNumber } from '../route.ts'
import { storableText } from '../storable.ts'
import {
  boundarySets,
  currentSet,
  currentSetId,
  reportOfSet,
  setOf,
  setThen,
  townFeatures,
  type BoundaryCredit,
  type BoundarySet,
} from './queries.ts'
import {
  boundaryReportSchema,
  boundarySetSchema,
  districtSchema,
  storeFieldsSchema,
  townCollectionSchema,
} from './schemas.ts'
import type { BoundaryFile } from './read.ts'
import { examineFile, mustBeStorable, restoreBoundaries, storeBoundaries } from './store.ts'

const idParam = z.object({ id: wholeNumber(1) })
/** Plain OpenAPI schemas, so that nothing parses the body before the reader does: what is no JSON gets the reader's answer. */
const fileBody = {
  description: 'the GeoJSON itself, or a form with it as `file`',
  content: {
    'application/geo+json': { schema: { type: 'object' } },
    'application/json': { schema: { type: 'object' } },
    'multipart/form-data': { schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } },
  },
} as const

/**
 * The file that a request brings and the fields beside it (of the form; else of the query).
 * @throws Problem file-missing
 */
async function fileOfRequest(c: Context): Promise<{ file: BoundaryFile; fields: Record<string, string> }> {
  const query = c.req.query()
  if (!/^multipart\/form-data/i.test(c.req.header('content-type') ?? '')) {
    return {
      file: { name: query.name ?? 'boundaries.geojson', bytes: new Uint8Array(await c.req.arrayBuffer()) },
      fields: query,
    }
  }
  const form = await c.req.parseBody().catch(() => {
    throw new Problem('file-missing', {}, 'file')
  })
  const { file, ...rest } = form
  if (!(file instanceof File)) throw new Problem('file-missing', {}, 'file')
  const fields = Object.fromEntries(
    Object.entries(rest).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
  return { file: { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }, fields: { ...query, ...fields } }
}

/** @throws Problem request-invalid naming the field */
function storeFields(fields: Record<string, string>) {
  const parsed = storeFieldsSchema.safeParse(fields)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.map(String).join('/') ?? ''
  throw new Problem('request-invalid', { field, why: issue?.message ?? '' }, field)
}

const creditOf = (set: BoundarySet | null): BoundaryCredit | null =>
  set && { kind: set.kind, source: set.source, licence: set.licence, credit: set.credit }

export const townRoutes = router()
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/api/towns',
      summary: 'The towns with the boundaries in use, in the district’s order; what has no boundary has geometry null',
      request: { query: pastQuery },
      responses: {
        200: { description: 'GeoJSON, WGS84', content: { 'application/geo+json': { schema: townCollectionSchema } } },
        304: { description: 'unchanged' },
        ...failures(400),
      },
    }),
    async (c) => {
      const then = askedInstant(c.req.valid('query').at, c.var.clock)
      if (then) {
        const use = await setThen(c.var.sql, QINGPU.code, then.at)
        const make = async () => ({
          type: 'FeatureCollection',
          set: use?.setId ?? null,
          boundary: creditOf(use && (await setOf(c.var.sql, QINGPU.code, use.setId))),
          inUse: use && { since: use.since, assumed: use.assumed },
          features: await townFeatures(c.var.sql, QINGPU.code, use?.setId ?? null),
        })
        return cachedJson(c, c.var.sql, `towns/${use?.setId}/${use?.since}/${use?.assumed}`, make, 'application/geo+json') as never
      }
      // A set never changes once it is stored, and the towns change only with the version: the id in use names the answer.
      const setId = await currentSetId(c.var.sql, QINGPU.code)
      const make = async () => ({
        type: 'FeatureCollection',
        set: setId,
        boundary: creditOf(await currentSet(c.var.sql, QINGPU.code)),
        features: await townFeatures(c.var.sql, QINGPU.code, setId),
      })
      return cachedJson(c, c.var.sql, `towns/${setId}`, make, 'application/geo+json') as never
    },
  )
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/api/district',
      summary: 'The district, its towns and regions, and where the boundaries in use come from',
      responses: { 200: json(districtSchema, 'the district') },
    }),
    async (c) => c.json({ ...QINGPU, boundary: creditOf(await currentSet(c.var.sql, QINGPU.code)) }, 200),
  )
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/api/towns/boundaries',
      summary: 'Every set of boundaries that was ever in use, newest first',
      responses: { 200: json(z.array(boundarySetSchema), 'sets') },
    }),
    async (c) => c.json(await boundarySets(c.var.sql, QINGPU.code), 200),
  )
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/api/towns/boundaries/{id}/report',
      summary: 'What the check found when a set came in',
      request: { params: idParam },
      responses: { 200: json(boundaryReportSchema, 'the report'), ...failures(404) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const report = await reportOfSet(c.var.sql, QINGPU.code, id)
      if (!report) throw new Problem('not-found', { what: `boundary-set/${id}` }, 'id')
      return c.json(report, 200)
    },
  )
  .openapi(
    // Storing nothing, yet not for everybody: computing overlaps is work that a stranger should not be able to order.
    route('boundary.replace', {
      method: 'post',
      path: '/api/towns/boundaries/check',
      summary: 'Checks a file of boundaries: names, shapes, overlaps, gaps, areas; stores nothing',
      request: { body: fileBody },
      responses: { 200: json(boundaryReportSchema, 'what was found'), ...failures(401, 403, 413, 422) },
    }),
    async (c) => {
      const { file } = await fileOfRequest(c)
      const { report } = await examineFile(c.var.sql, file, QINGPU)
      return c.json(report, 200)
    },
  )
  .openapi(
    route('boundary.replace', {
      method: 'post',
      path: '/api/towns/boundaries',
      summary:
        'Puts the boundaries of a file into use, all or nothing; `kind`, `source`, `licence`, `credit` as query or form fields',
      request: { body: fileBody },
      responses: {
        201: json(z.object({ id: z.int(), report: boundaryReportSchema }), 'stored and in use'),
        ...failures(400, 401, 403, 409, 413, 422),
      },
    }),
    async (c) => {
      const { file, fields } = await fileOfRequest(c)
      const { acceptWarnings = false, replaces = null, name, ...credit } = storeFields(fields)
      const named = { ...file, name: name ?? storableText(file.name) }
      const examined = await examineFile(c.var.sql, named, QINGPU)
      mustBeStorable(examined, acceptWarnings)
      const options = { ...credit, acceptWarnings, replaces, at: instantOf(c.var.clock) }
      const id = await begin(c, (tx) => storeBoundaries(tx, c.var.actor, named, examined, QINGPU, options))
      return c.json({ id, report: examined.report }, 201, { location: `/api/towns/boundaries/${id}/report` })
    },
  )
  .openapi(
    route('boundary.replace', {
      method: 'post',
      path: '/api/towns/boundaries/{id}/restore',
      summary: 'Puts an earlier set back into use',
      request: { params: idParam },
      responses: { 200: json(z.array(boundarySetSchema), 'sets, newest first'), ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await begin(c, (tx) => restoreBoundaries(tx, c.var.actor, id, QINGPU, instantOf(c.var.clock)))
      return c.json(await boundarySets(c.var.sql, QINGPU.code), 200)
    },
  )
