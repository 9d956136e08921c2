import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { Problem } from '../problems.ts'
import { failures, json, route, router, wholeNumber, type App } from '../route.ts'
import { currentSetId, townFeatures, type TownFeature } from '../town/queries.ts'

/**
 * OGC API – Features, Part 1: Core (OGC 17-069r4), so that desktop GIS programs read the towns as they are in use. Read-only; longitude, latitude
 * on WGS84 (CRS84), the standard's default.
 */
const CONFORMANCE = ['core', 'geojson', 'oas30'].map((name) => `http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/${name}`)
const CRS84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'
const DEFAULT_LIMIT = 10
const MAX_LIMIT = 1000

const linkSchema = z.object({ href: z.string(), rel: z.string(), type: z.string(), title: z.string().optional() })
const collectionSchema = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  crs: z.array(z.string()),
  extent: z.looseObject({}),
  links: z.array(linkSchema),
})
const collectionParam = z.object({ collection: z.string().max(40) })
const featureSchema = z.looseObject({ type: z.literal('Feature') })
const geoJson = <S extends z.ZodType>(schema: S, description: string) => ({ description, content: { 'application/geo+json': { schema } } })

/** The one collection so far. */
const TOWNS = {
  id: 'towns',
  title: '街镇 Towns',
  description: '街镇边界，property `boundary` 说明是否正式 / town boundaries; `boundary` says whether they are official or schematic (示意)',
}

/** The address of a path as the caller sees it: behind a proxy the request itself does not tell. */
const address = (c: Context<App>, path: string) => new URL(path, c.var.environment.publicOrigin ?? c.req.url).href
const base = (c: Context<App>) => address(c, '/ogc')
const here = (c: Context<App>) => {
  const { pathname, search } = new URL(c.req.url)
  return address(c, pathname + search)
}
const link = (href: string, rel: string, type = 'application/json', title?: string) => ({ href, rel, type, ...(title ? { title } : {}) })

/** `minLon,minLat,maxLon,maxLat`; with heights (six numbers) these are left aside. */
function bboxOf(text: string | undefined): [number, number, number, number] | null {
  if (text === undefined) return null
  const numbers = text.split(',').map(Number)
  const box = numbers.length === 6 ? [numbers[0], numbers[1], numbers[3], numbers[4]] : numbers
  if (box.length !== 4 || box.some((n) => n === undefined || !Number.isFinite(n)) || box[1]! > box[3]!) {
    throw new Problem('request-invalid', { field: 'bbox', why: 'minLon,minLat,maxLon,maxLat' }, 'bbox')
  }
  return box as [number, number, number, number]
}

type Positions = number | Positions[]

function touches(feature: TownFeature, [west, south, east, north]: [number, number, number, number]): boolean {
  if (!feature.geometry) return false
  const [w, s, e, n] = extentOf(feature.geometry.coordinates as Positions[])
  return w <= east && e >= west && s <= north && n >= south
}

function extentOf(coordinates: Positions[]): [number, number, number, number] {
  const flat = coordinates.flat(4) as number[]
  const [lons, lats] = [flat.filter((_, i) => i % 2 === 0), flat.filter((_, i) => i % 2 === 1)]
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
}

async function towns(c: Context<App>): Promise<TownFeature[]> {
  return townFeatures(c.var.sql, QINGPU.code, await currentSetId(c.var.sql, QINGPU.code))
}

async function collectionOf(c: Context<App>) {
  const shapes = (await towns(c)).flatMap((f) => (f.geometry ? [extentOf(f.geometry.coordinates as Positions[])] : []))
  const bbox = shapes.length
    ? [Math.min(...shapes.map((b) => b[0])), Math.min(...shapes.map((b) => b[1])), Math.max(...shapes.map((b) => b[2])), Math.max(...shapes.map((b) => b[3]))]
    : [-180, -90, 180, 90]
  const self = `${base(c)}/collections/${TOWNS.id}`
  return {
    ...TOWNS,
    itemType: 'feature',
    crs: [CRS84],
    extent: { spatial: { bbox: [bbox], crs: CRS84 } },
    links: [link(self, 'self'), link(`${self}/items`, 'items', 'application/geo+json', TOWNS.title)],
  }
}

function mustBeTowns(collection: string): void {
  if (collection !== TOWNS.id) throw new Problem('not-found', { what: `collection/${collection}` }, 'collection')
}

export const ogcRoutes = router()
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/ogc',
      summary: 'OGC API – Features: landing page',
      responses: { 200: json(z.object({ title: z.string(), description: z.string(), links: z.array(linkSchema) }), 'landing page') },
    }),
    (c) =>
      c.json(
        {
          title: '乡图 Xiangtu',
          description: `${QINGPU.name} ${QINGPU.nameEn}`,
          links: [
            link(base(c), 'self'),
            link(address(c, '/api/openapi.json'), 'service-desc', 'application/vnd.oai.openapi+json;version=3.1'),
            link(address(c, '/api/docs'), 'service-doc', 'text/html'),
            link(`${base(c)}/conformance`, 'conformance'),
            link(`${base(c)}/collections`, 'data'),
          ],
        },
        200,
      ),
  )
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/ogc/conformance',
      summary: 'OGC API – Features: conformance classes',
      responses: { 200: json(z.object({ conformsTo: z.array(z.string()) }), 'classes') },
    }),
    (c) => c.json({ conformsTo: CONFORMANCE }, 200),
  )
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/ogc/collections',
      summary: 'OGC API – Features: collections',
      responses: { 200: json(z.object({ links: z.array(linkSchema), collections: z.array(collectionSchema) }), 'collections') },
    }),
    async (c) => c.json({ links: [link(`${base(c)}/collections`, 'self')], collections: [await collectionOf(c)] }, 200),
  )
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/ogc/collections/{collection}',
      summary: 'OGC API – Features: one collection',
      request: { params: collectionParam },
      responses: { 200: json(collectionSchema, 'the collection'), ...failures(404) },
    }),
    async (c) => {
      mustBeTowns(c.req.valid('param').collection)
      return c.json(await collectionOf(c), 200)
    },
  )
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/ogc/collections/{collection}/items',
      summary: 'OGC API – Features: features, by bounding box and page',
      request: {
        params: collectionParam,
        query: z.object({
          bbox: z.string().max(200).optional(),
          limit: wholeNumber(1).optional().openapi({ default: DEFAULT_LIMIT }),
          offset: wholeNumber(0).optional().openapi({ default: 0 }),
        }),
      },
      responses: {
        200: geoJson(z.looseObject({ type: z.literal('FeatureCollection'), features: z.array(featureSchema) }), 'features'),
        ...failures(400, 404),
      },
    }),
    async (c) => {
      mustBeTowns(c.req.valid('param').collection)
      const { bbox, limit: asked = DEFAULT_LIMIT, offset = 0 } = c.req.valid('query')
      const limit = Math.min(asked, MAX_LIMIT)
      const box = bboxOf(bbox)
      const matched = (await towns(c)).filter((feature) => !box || touches(feature, box))
      const page = matched.slice(offset, offset + limit).map((feature) => ({ ...feature, id: feature.properties.code }))
      const at = (start: number) => {
        const url = new URL(here(c))
        url.searchParams.set('offset', String(start))
        return url.href
      }
      const links = [link(here(c), 'self', 'application/geo+json')]
      if (offset + limit < matched.length) links.push(link(at(offset + limit), 'next', 'application/geo+json'))
      const body = { type: 'FeatureCollection', features: page, links, numberMatched: matched.length, numberReturned: page.length, timeStamp: new Date().toISOString() }
      return c.body(JSON.stringify(body), 200, { 'content-type': 'application/geo+json' }) as never
    },
  )
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/ogc/collections/{collection}/items/{id}',
      summary: 'OGC API – Features: one feature',
      request: { params: collectionParam.extend({ id: z.string().max(40) }) },
      responses: { 200: geoJson(featureSchema, 'the feature'), ...failures(404) },
    }),
    async (c) => {
      const { collection, id } = c.req.valid('param')
      mustBeTowns(collection)
      const feature = (await towns(c)).find(({ properties }) => properties.code === id)
      if (!feature) throw new Problem('not-found', { what: `${collection}/${id}` }, 'id')
      const self = `${base(c)}/collections/${collection}`
      const links = [link(here(c), 'self', 'application/geo+json'), link(self, 'collection')]
      return c.body(JSON.stringify({ ...feature, id, links }), 200, { 'content-type': 'application/geo+json' }) as never
    },
  )
