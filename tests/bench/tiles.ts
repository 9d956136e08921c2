/** What a tile costs: our query and encoder against plain ST_AsMVT, on the same PostgreSQL, over parcels drawn for the purpose. */
import pino from 'pino'
import { openDatabase } from '../../server/database/open.ts'
import type { Sql } from '../../server/database/connect.ts'
import { readEnvironment } from '../../server/environment.ts'
import { encodeTile } from '../../server/tile/encode.ts'
import { countCells, crowdSource, isCrowded, layerSource, MARGIN, tileFeatures, type TileAddress } from '../../server/tile/queries.ts'
import { extentAt } from '../../server/tile/routes.ts'
import { startCluster } from '../database/cluster.ts'
import { compare, type Comparison } from './measure.ts'

const PARCELS = 200_000
/** A tile in the district's middle at each of these. */
const ZOOMS = [10, 11, 12, 13, 14, 15]

/** Parcels side by side over 0.39 × 0.32 degrees, eight corners each, in the order of place. */
async function draw(sql: Sql): Promise<void> {
  const side = Math.ceil(Math.sqrt(PARCELS))
  await sql`
    insert into feature (layer, version, key, properties, geom, towns, source, demo, changed_by, changed_at)
    select 'farmland', 1, 'bench/' || i, jsonb_build_object('number', 'B' || i, 'kind', (array['grain', 'vegetable', 'permanent'])[1 + i % 3]), geom, '{}', 'bench', true, 'bench', now()
    from (
      select i, ST_SetSRID(ST_Buffer(ST_MakePoint(120.9 + (i % ${side}::int) * ${0.39 / side}::float8, 30.97 + (i / ${side}::int) * ${0.32 / side}::float8), ${(0.4 * 0.32) / side}::float8, 2), 4326) as geom
      from generate_series(0, ${PARCELS - 1}::int) i
    ) p order by geom`
  await sql`analyze feature`
}

/** @returns the comparisons, or why there are none */
export async function tiles(): Promise<Comparison[] | { reason: string }> {
  const cluster = await startCluster()
  if ('reason' in cluster) return cluster
  const database = await openDatabase(readEnvironment({ DATABASE_URL: cluster.url }), pino({ level: 'silent' }), () => {})
  const { sql } = database
  try {
    await sql.begin((tx) => countCells(tx, 'farmland', 'kind'))
    await draw(sql)
    const comparisons: Comparison[] = []
    for (const z of ZOOMS) {
      const at: TileAddress = { z, x: Math.floor(((121.09 + 180) / 360) * 2 ** z), y: Math.floor(((1 - Math.asinh(Math.tan((31.13 * Math.PI) / 180)) / Math.PI) / 2) * 2 ** z) }
      const extent = extentAt(z)
      const ours = async () => {
        const sourceOf = (await isCrowded(sql, 'farmland', at)) ? crowdSource : layerSource
        return encodeTile('farmland', extent, await tileFeatures(sql, sourceOf(sql, 'farmland', 'kind', 'number', at), 'polygon', at, extent))
      }
      const plain = async () => sql`
        select ST_AsMVT(q, 'farmland', ${extent}::int, 'geom', 'id') as mvt from (
          select id, properties->>'kind' as class, properties->>'number' as name, town, demo,
                 ST_AsMVTGeom(geom_3857, ST_TileEnvelope(${z}, ${at.x}, ${at.y}), ${extent}::int, ${MARGIN * extent}::int, true) as geom
          from feature where layer = 'farmland' and geom_3857 && ST_TileEnvelope(${z}, ${at.x}, ${at.y}, margin => ${MARGIN}::float8)
        ) q`
      const { length } = await ours()
      comparisons.push(await compare(`a tile at z${z} of ${PARCELS} parcels`, { label: `ours, ${Math.round(length / 1024)} kB`, run: ours }, { label: 'ST_AsMVT', run: plain }))
    }
    return comparisons
  } finally {
    await database.close()
    await cluster.stop()
  }
}
