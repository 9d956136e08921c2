/** What a tile costs: our query and encoder against plain ST_AsMVT, on the same PostgreSQL, over parcels drawn for the purpose. */
import pino from 'pino'
import { FARMLAND } from '../../geo/layer/farmland.ts'
import { openDatabase } from '../../server/database/open.ts'
import type { Sql } from '../../server/database/connect.ts'
import { readEnvironment } from '../../server/environment.ts'
import { layerFigures } from '../../server/layer/queries.ts'
import { extentAt, layerTile } from '../../server/tile/make.ts'
import { countCells, MARGIN, type TileAddress } from '../../server/tile/queries.ts'
import { startCluster } from '../database/cluster.ts'
import { compare, type Comparison } from './measure.ts'

const PARCELS = 200_000
const [MANY, FEW] = [1_000_000, 10_000]
/** A tile in the district's middle at each of these. */
const ZOOMS = [10, 11, 12, 13, 14, 15]
const FROM_AFAR = [9, ...ZOOMS, 16]
/** The day that is looked back to: since then a twentieth of the parcels has changed. */
const THEN = '2023-05-31T23:59:59+08:00'
const [LON, LAT] = [121.09, 31.13]
const tileAt = (z: number): TileAddress => ({ z, x: Math.floor(((LON + 180) / 360) * 2 ** z), y: Math.floor(((1 - Math.asinh(Math.tan((LAT * Math.PI) / 180)) / Math.PI) / 2) * 2 ** z) })

/** Parcels side by side over 0.39 × 0.32 degrees, eight corners each, in the order of place; every twentieth has another kind since June. */
async function draw(sql: Sql, parcels: number): Promise<void> {
  await sql.begin((tx) => countCells(tx, 'farmland', 'kind'))
  const side = Math.ceil(Math.sqrt(parcels))
  await sql`
    with written as (
      insert into feature (layer, version, key, properties, geom, towns, source, demo, changed_by, changed_at)
      select 'farmland', 1, 'bench/' || i, jsonb_build_object('number', 'B' || i, 'kind', (array['grain', 'vegetable', 'permanent'])[1 + i % 3]), geom, '{}', 'bench', true, 'bench', '2023-03-01'
      from (
        select i, ST_SetSRID(ST_Buffer(ST_MakePoint(120.9 + (i % ${side}::int) * ${0.39 / side}::float8, 30.97 + (i / ${side}::int) * ${0.32 / side}::float8), ${(0.4 * 0.32) / side}::float8, 2), 4326) as geom
        from generate_series(0, ${parcels - 1}::int) i
      ) p order by geom
      returning id, version, key, properties, geom
    )
    insert into feature_version (feature_id, version, layer, at, by, act, key, properties, geom, source, licence, demo)
    select id, version, 'farmland', '2023-03-01', 'bench', 'create', key, properties, geom, 'bench', '', true from written where id % 20 = 0`
  await sql`update feature set version = 2, properties = properties || '{"kind": "facility"}', changed_at = '2023-06-01' where layer = 'farmland' and id % 20 = 0`
  for (const table of ['feature', 'feature_past', 'feature_cell', 'feature_cell_change']) await sql.unsafe(`vacuum analyze ${table}`)
}

/** As the route makes it. */
const tile = (sql: Sql, address: TileAddress, at: string | null = null) => layerTile(sql, { layer: 'farmland', legend: 'kind', title: 'number', at }, 'polygon', address)

const open = (url: string) => openDatabase(readEnvironment({ DATABASE_URL: url }), pino({ level: 'silent' }), () => {})
const kB = ({ length }: Uint8Array) => `${Math.round(length / 1024)} kB`

/** @returns the comparisons, or why there are none */
export async function tiles(): Promise<Comparison[] | { reason: string }> {
  const cluster = await startCluster()
  if ('reason' in cluster) return cluster
  const database = await open(cluster.url)
  const { sql } = database
  try {
    await draw(sql, PARCELS)
    const comparisons: Comparison[] = []
    for (const z of ZOOMS) {
      const at = tileAt(z)
      const extent = extentAt(z)
      const plain = async () => sql`
        select ST_AsMVT(q, 'farmland', ${extent}::int, 'geom', 'id') as mvt from (
          select id, properties->>'kind' as class, properties->>'number' as name, town, demo,
                 ST_AsMVTGeom(geom_3857, ST_TileEnvelope(${z}, ${at.x}, ${at.y}), ${extent}::int, ${MARGIN * extent}::int, true) as geom
          from feature where layer = 'farmland' and geom_3857 && ST_TileEnvelope(${z}, ${at.x}, ${at.y}, margin => ${MARGIN}::float8)
        ) q`
      const run = () => tile(sql, at)
      comparisons.push(await compare(`a tile at z${z} of ${PARCELS} parcels`, { label: `ours, ${kB(await run())}`, run }, { label: 'ST_AsMVT', run: plain }))
    }
    return comparisons
  } finally {
    await database.close()
    await cluster.stop()
  }
}

/** What a very large layer costs: tiles of a million parcels against those of ten thousand at the same place, and as of a past day against now. */
export async function millions(): Promise<Comparison[] | { reason: string }> {
  const cluster = await startCluster()
  if ('reason' in cluster) return cluster
  const many = await open(cluster.url)
  await many.sql`create database few`
  const few = await open(cluster.url.replace(/\/postgres$/, '/few'))
  try {
    await draw(many.sql, MANY)
    await draw(few.sql, FEW)
    const comparisons: Comparison[] = []
    for (const z of FROM_AFAR) {
      const at = tileAt(z)
      const [ours, theirs, then] = [() => tile(many.sql, at), () => tile(few.sql, at), () => tile(many.sql, at, THEN)]
      const label = `${MANY} parcels, ${kB(await ours())}`
      comparisons.push(await compare(`a tile at z${z}`, { label, run: ours }, { label: `${FEW} parcels, ${kB(await theirs())}`, run: theirs }))
      comparisons.push(await compare(`a tile at z${z} of a past day`, { label: `${MANY} parcels, ${kB(await then())}`, run: then }, { label: 'now', run: ours }))
    }
    const figures = (sql: Sql, at: string | null) => () => layerFigures(sql, FARMLAND, at)
    comparisons.push(await compare('how much there is, by class and town', { label: `${MANY} parcels`, run: figures(many.sql, null) }, { label: `${FEW} parcels`, run: figures(few.sql, null) }))
    comparisons.push(await compare('how much there was', { label: `${MANY} parcels`, run: figures(many.sql, THEN) }, { label: 'now', run: figures(many.sql, null) }))
    return comparisons
  } finally {
    await few.close()
    await many.close()
    await cluster.stop()
  }
}
