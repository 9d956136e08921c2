import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { servicesOf, type Layer } from '../../geo/layer/layer.ts'
import { layerOf, LAYERS } from '../../geo/layer/layers.ts'
import { can } from '../../geo/right/right.ts'
import { cachedJson } from '../cache.ts'
import { instantOf } from '../clock.ts'
import type { Queryable } from '../database/connect.ts'
import { askedInstant, pastQuery } from '../past/asked.ts'
import { readPast, versionThen, versionsThen } from '../past/queries.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, mustBeAllowed, route, router, wholeNumber, type App } from '../route.ts'
import { featureHistory, featureOf, layerFigures, layerVersion, layerVersions, pageOf, type FeatureFilter, type FeatureRow } from './queries.ts'
import { featureCollectionSchema, featureQuerySchema, featureSchema, editedSchema, editsSchema, featureVersionSchema, layerSchema, reasonedSchema } from './schemas.ts'
import { editFeatures, mustBeSound, type Edited, type Edits, type SentFeature } from './store.ts'

const layerParam = z.object({ layer: z.string().max(60) })
const featureParam = layerParam.extend({ id: z.string().regex(/^\d{1,15}$/, 'must be a whole number').transform(Number).openapi({ type: 'integer', minimum: 1 }) })
const DEFAULT_LIMIT = 200

/** Those who may edit some layer come in; which one, and where, is looked at then. */
const EDITORS = [...new Set(LAYERS.map(({ edits }) => edits))]

/** Whether whoever asks may see a layer. */
export const maySee = (c: Context<App>, { sees }: Layer) => sees === 'reader' || can(c.var.actor.person, sees)

/**
 * The layer of a path, if whoever asks may see it.
 * @throws Problem not-found, sign-in-needed, not-allowed
 */
export function layerOfPath(c: Context<App>, id: string): Layer {
  const layer = layerOf(id)
  if (!layer) throw new Problem('not-found', { what: `layer/${id}` }, 'layer')
  if (layer.sees !== 'reader') mustBeAllowed(c, layer.sees)
  return layer
}

function layerToEdit(c: Context<App>, id: string): Layer {
  const layer = layerOfPath(c, id)
  mustBeAllowed(c, layer.edits)
  return layer
}

type Reasoned = { reason?: string | undefined }

/** Checks what is sent, then does it in one transaction: all of it or nothing. */
async function edit(c: Context<App>, layer: Layer, edits: Edits, reason: string | undefined): Promise<Edited> {
  for (const sent of [...(edits.add ?? []), ...(edits.change ?? [])]) await mustBeSound(c.var.sql, layer, sent)
  return begin(c, (tx) => editFeatures(tx, c.var.actor, layer, edits, { at: instantOf(c.var.clock), reason: reason ?? '' }))
}

/** As the description of the API has shapes: their coordinates' depth depends on the type. */
type WireGeometry = { type: string; coordinates: never[] }

function onWire(layer: Layer, { id, geometry, properties, ...about }: FeatureRow) {
  const measures = servicesOf(layer, properties).map(({ year, measure }) => `${year}/${measure}`)
  return { type: 'Feature' as const, id, geometry: geometry as WireGeometry | null, properties: properties as Record<string, string>, about: { ...about, measures } }
}

/** @throws Problem request-invalid where a field is none of the layer's, or an option none of the field's */
export function filterOf(layer: Layer, { bbox, town, counts, q, filter, located, crossing }: z.output<typeof featureQuerySchema>): FeatureFilter {
  const values = Object.fromEntries((filter?.split(',') ?? []).map((pair) => pair.split(':') as [string, string]))
  for (const [name, value] of Object.entries(values)) {
    const { type, options = {} } = Object.hasOwn(layer.fields, name) ? layer.fields[name]! : {}
    if (type === 'whole' ? !/^\d{1,9}$/.test(value) : type !== 'choice' || !Object.hasOwn(options, value)) throw new Problem('request-invalid', { field: 'filter', why: `${name}:${value}` }, 'filter')
  }
  const typed = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, layer.fields[name]!.type === 'whole' ? Number(value) : value]))
  const yes = (given: 'yes' | 'no' | undefined) => given && given === 'yes'
  return { bbox, town, q: q ? { field: layer.title, text: q } : undefined, values: filter ? typed : undefined, counts, located: yes(located), crossing: yes(crossing) }
}

const body = (schema: z.ZodType) => ({ required: true, content: { 'application/json': { schema } } })
const changeSchema = reasonedSchema.extend({ version: z.int().openapi({ description: 'the version that was changed; another one now is a conflict' }) })

export const layerRoutes = router()
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/layers',
      summary: 'The layers of the planning map: how each is declared, how much there is of it by class and town, and its data version; with `at` as it was',
      request: { query: pastQuery },
      responses: { 200: json(z.array(layerSchema), 'layers, from the lowest up'), 304: { description: 'unchanged' }, ...failures(400, 401) },
    }),
    async (c) => {
      const seen = LAYERS.filter((layer) => maySee(c, layer))
      const then = askedInstant(c.req.valid('query').at, c.var.clock)
      if (then) {
        const of = await versionsThen(c.var.sql, then.at)
        const figured = (tx: Queryable) => Promise.all(seen.map(async (layer) => ({ ...layer, version: of(layer.id).version, figures: await layerFigures(tx, layer, then.at) })))
        const make = () => readPast(c.var.sql, figured)
        return cachedJson(c, c.var.sql, `layers/then/${seen.map(({ id }) => `${id}:${of(id).version}/${of(id).count}`).join()}`, make) as never
      }
      const versions = await layerVersions(c.var.sql)
      const make = () => Promise.all(seen.map(async (layer) => ({ ...layer, version: versions.get(layer.id) ?? 0, figures: await layerFigures(c.var.sql, layer) })))
      return cachedJson(c, c.var.sql, `layers/${seen.map(({ id }) => `${id}:${versions.get(id) ?? 0}`).join()}`, make) as never
    },
  )
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/layers/{layer}/features',
      summary: 'Features of a layer as GeoJSON: within a box, a town, of a kind; a page at a time; with `at` as they were',
      request: { params: layerParam, query: featureQuerySchema.extend(pastQuery.shape) },
      responses: { 200: { description: 'GeoJSON, WGS84', content: { 'application/geo+json': { schema: featureCollectionSchema } } }, ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const layer = layerOfPath(c, c.req.valid('param').layer)
      const query = c.req.valid('query')
      const filter = filterOf(layer, query)
      const { after = 0, limit = DEFAULT_LIMIT } = query
      const { sql } = c.var
      const then = askedInstant(query.at, c.var.clock)?.at ?? null
      const [version, { matched: numberMatched, rows }] = await Promise.all([
        then ? versionThen(sql, layer.id, then).then((one) => one.version) : layerVersion(sql, layer.id),
        pageOf(sql, layer.id, filter, { after, limit: limit + 1 }, then),
      ])
      const features = rows.slice(0, limit).map((row) => onWire(layer, row))
      const next = rows.length > limit ? features.at(-1)!.id : null
      return c.json({ type: 'FeatureCollection' as const, version, numberMatched, numberReturned: features.length, next, features }, 200, { 'content-type': 'application/geo+json' }) as never
    },
  )
  .openapi(
    route(EDITORS, {
      method: 'post',
      path: '/api/layers/{layer}/features',
      summary: 'Adds a feature; its town follows from its shape',
      request: { params: layerParam, body: body(reasonedSchema) },
      responses: { 201: json(featureSchema, 'the feature'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const layer = layerToEdit(c, c.req.valid('param').layer)
      const { reason, ...sent } = c.req.valid('json') as SentFeature & Reasoned
      const { added } = await edit(c, layer, { add: [sent] }, reason)
      return c.json(onWire(layer, added[0]!), 201)
    },
  )
  .openapi(
    route(EDITORS, {
      method: 'post',
      path: '/api/layers/{layer}/edits',
      summary: 'Adds, changes, removes and restores features in one go, all or nothing: what a split or a merge needs',
      request: { params: layerParam, body: body(editsSchema) },
      responses: { 200: json(editedSchema, 'the features as they are now'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const layer = layerToEdit(c, c.req.valid('param').layer)
      const { reason, ...edits } = c.req.valid('json') as Edits & Reasoned
      const { added, changed, restored, removed } = await edit(c, layer, edits, reason)
      const wired = (rows: readonly FeatureRow[]) => rows.map((row) => onWire(layer, row))
      return c.json({ added: wired(added), changed: wired(changed), restored: wired(restored), removed }, 200)
    },
  )
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/layers/{layer}/features/{id}',
      summary: 'One feature; with `at` as it was',
      request: { params: featureParam, query: pastQuery },
      responses: { 200: json(featureSchema, 'the feature'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const { layer: name, id } = c.req.valid('param')
      const layer = layerOfPath(c, name)
      const then = askedInstant(c.req.valid('query').at, c.var.clock)
      const feature = await featureOf(c.var.sql, layer.id, id, then?.at)
      if (!feature) throw new Problem('not-found', { what: `feature/${layer.id}/${id}` }, 'id')
      return c.json(onWire(layer, feature), 200)
    },
  )
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/layers/{layer}/features/{id}/versions',
      summary: 'Everything that a feature was, oldest first; also of one that is gone',
      request: { params: featureParam },
      responses: { 200: json(z.array(featureVersionSchema), 'versions'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const { layer: name, id } = c.req.valid('param')
      const layer = layerOfPath(c, name)
      const versions = await featureHistory(c.var.sql, layer.id, id)
      if (versions.length === 0) throw new Problem('not-found', { what: `feature/${layer.id}/${id}` }, 'id')
      return c.json(versions as never, 200)
    },
  )
  .openapi(
    route(EDITORS, {
      method: 'put',
      path: '/api/layers/{layer}/features/{id}',
      summary: 'Puts a feature in place of what it was; needs the version that was changed',
      request: { params: featureParam, body: body(changeSchema) },
      responses: { 200: json(featureSchema, 'the feature as it is now'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const { layer: name, id } = c.req.valid('param')
      const layer = layerToEdit(c, name)
      const { reason, ...sent } = c.req.valid('json') as SentFeature & Reasoned & { version: number }
      const { changed } = await edit(c, layer, { change: [{ ...sent, id }] }, reason)
      return c.json(onWire(layer, changed[0]!), 200)
    },
  )
  .openapi(
    route(EDITORS, {
      method: 'delete',
      path: '/api/layers/{layer}/features/{id}',
      summary: 'Takes a feature away; its history stays',
      request: { params: featureParam, query: z.object({ version: wholeNumber(1), reason: z.string().max(500).optional() }) },
      responses: { 204: { description: 'gone' }, ...failures(400, 401, 403, 404, 409) },
    }),
    async (c) => {
      const { layer: name, id } = c.req.valid('param')
      const layer = layerToEdit(c, name)
      const { version, reason } = c.req.valid('query')
      await edit(c, layer, { remove: [{ id, version }] }, reason)
      return c.body(null, 204)
    },
  )
