import { z } from '@hono/zod-openapi'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { cachedBytes } from '../cache.ts'
import { layerVersion } from '../layer/queries.ts'
import { layerOfPath } from '../layer/routes.ts'
import { askedInstant, pastQuery } from '../past/asked.ts'
import { readPast, versionThen } from '../past/queries.ts'
import { Problem } from '../problems.ts'
import { failures, rights, route, router } from '../route.ts'
import { currentSetId, setThen } from '../town/queries.ts'
import { encodeTile } from './encode.ts'
import { extentAt, layerTile } from './make.ts'
import { CROWD, DEEPEST_OF_CELLS, tileFeatures, townSource, type Cut, type TileAddress } from './queries.ts'

/** Deeper, a tile would be smaller than a house. */
const DEEPEST = 20
const TYPE = 'application/vnd.mapbox-vector-tile'

const description = route('reader', {
  method: 'get',
  path: '/api/tiles/{layer}/{z}/{x}/{y}.mvt',
  summary: 'A vector tile of a layer of the planning map, or of `towns`: class, name, town and demo of each feature',
  description: `Web Mercator, rows from the north. Coarser from afar; where more than ${CROWD} small areas lie in a tile, it has, up to zoom ${DEEPEST_OF_CELLS}, what they cover, by class and town, with the number 0, and deeper themselves without their names. The ETag changes with the layer’s data. With \`at\` as it was then.`,
  request: {
    query: pastQuery,
    params: z.object({
      layer: z.string().openapi({ example: 'farmland' }),
      z: z.string().openapi({ type: 'integer', minimum: 0, maximum: DEEPEST }),
      x: z.string().openapi({ type: 'integer', minimum: 0 }),
      y: z.string().openapi({ type: 'integer', minimum: 0 }),
    }),
  },
  responses: { 200: { description: 'the tile; empty where there is nothing', content: { [TYPE]: { schema: { type: 'string', format: 'binary' } } } }, 304: { description: 'unchanged' }, ...failures(400, 401, 403, 404) },
})

export const tileRoutes = router()
// Declared beside the route, as the description's way to write paths knows no name with an ending behind it.
tileRoutes.openAPIRegistry.registerPath(description)
tileRoutes.get('/api/tiles/:layer/:z/:x/:y{.+\\.mvt}', rights('reader'), async (c) => {
  const { layer: name, z: zoom, x, y } = c.req.param()
  const address = addressOf({ z: zoom, x, y: y.replace(/\.mvt$/, '') })
  const { sql } = c.var
  const place = `${address.z}/${address.x}/${address.y}`
  const then = askedInstant(c.req.query('at'), c.var.clock)
  if (name === 'towns') {
    const set = then ? ((await setThen(sql, QINGPU.code, then.at))?.setId ?? null) : await currentSetId(sql, QINGPU.code)
    const extent = extentAt(address.z)
    const make = async () => encodeTile(name, extent, await tileFeatures(sql, townSource(sql, set), 'polygon', address, extent))
    return cachedBytes(c, sql, `towns/${set}/${place}`, make, TYPE)
  }
  const layer = layerOfPath(c, name)
  const version = then ? await versionThen(sql, layer.id, then.at) : { version: await layerVersion(sql, layer.id), count: 'now' }
  const cut: Cut = { layer: layer.id, legend: layer.legend.field, title: layer.title, at: then?.at ?? null }
  const make = () => (then ? readPast(sql, (tx) => layerTile(tx, cut, layer.geometry, address)) : layerTile(sql, cut, layer.geometry, address))
  const answer = await cachedBytes(c, sql, `${layer.id}/${version.version}/${version.count}/${place}`, make, TYPE)
  // What was does not change. Whoever names the version that stood then (`v`) may keep it: a year that is played asks for each month but once.
  if (then && c.req.query('v') !== undefined) answer.headers.set('cache-control', 'private, max-age=3600')
  return answer
})

/** @throws Problem request-invalid where there is no such tile */
function addressOf(given: Record<keyof TileAddress, string>): TileAddress {
  const number = (name: keyof TileAddress, most: number) => {
    const value = /^\d{1,8}$/.test(given[name]) ? Number(given[name]) : Infinity
    if (value > most) throw new Problem('request-invalid', { field: name, why: `must be a whole number from 0 to ${most}` }, name)
    return value
  }
  const zoom = number('z', DEEPEST)
  return { z: zoom, x: number('x', 2 ** zoom - 1), y: number('y', 2 ** zoom - 1) }
}
