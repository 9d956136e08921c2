/**
 * What an import of 200,000 parcels costs: looking at every one of them (the dry run), storing them with their history, and both, against GDAL's ogr2ogr
 * into a plain table of the same PostgreSQL, and against that with the same questions asked by hand.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pino from 'pino'
import { crsOf } from '../../geo/crs/crs.ts'
import { fromLonLat } from '../../geo/crs/transform.ts'
import type { ImportChoices } from '../../geo/import/import.ts'
import { M2_PER_MU } from '../../geo/unit/unit.ts'
import { FARMLAND } from '../../geo/layer/farmland.ts'
import { openDatabase } from '../../server/database/open.ts'
import { readEnvironment } from '../../server/environment.ts'
import { previewFile } from '../../server/format/isolated.ts'
import { formatOf } from '../../server/format/formats.ts'
import { windingOf } from '../../server/format/shape.ts'
import { countCells } from '../../server/tile/queries.ts'
import { seedTowns } from '../../server/town/seed.ts'
import { insertImport } from '../../server/import/queries.ts'
import { workOnImports } from '../../server/import/work.ts'
import { startCluster } from '../database/cluster.ts'
import { findOgr2ogr } from '../server/format/gdal.ts'
import type { Comparison } from './measure.ts'

const PARCELS = 200_000
const ROUNDS = 3

/** Parcels side by side over the district, of one kind in blocks of 63, eight corners each, as a zipped shapefile in GBK on EPSG:4549. */
async function parcels(): Promise<Uint8Array> {
  const side = Math.ceil(Math.sqrt(PARCELS))
  const crs = crsOf('EPSG:4549')!
  const change = fromLonLat(crs)
  const features = Array.from({ length: PARCELS }, (_, i) => {
    const [x, y, r] = [120.9 + ((i % side) * 0.39) / side, 30.97 + (Math.floor(i / side) * 0.32) / side, (0.4 * 0.32) / side]
    const ring = new Float64Array(18)
    for (let k = 0; k <= 8; k++) {
      ring[k * 2] = x + r * Math.cos((k * Math.PI) / 4)
      ring[k * 2 + 1] = y - r * Math.sin((k * Math.PI) / 4)
    }
    ring[16] = ring[0]!
    ring[17] = ring[1]!
    change(ring)
    // One in a hundred is declared wrongly.
    const declared = ((windingOf(ring) / 2 / M2_PER_MU) * (i % 100 ? 1 : 1.5)).toFixed(2)
    return { shape: { kind: 'polygon' as const, parts: [[ring]] }, values: [`B${i}`, ['粮田', '常年菜田', '永久基本农田'][(Math.floor((i % side) / 9) + Math.floor(i / side / 7)) % 3]!, Math.abs(Number(declared))] }
  })
  const columns = [{ name: '地块编号', type: 'text' as const }, { name: '类型', type: 'text' as const }, { name: '申报面积', type: 'number' as const }] // prettier-ignore
  return (await formatOf('shapefile').write!({ name: 'parcels', geometry: 'polygon', columns, features, crs, title: '' }, '')).bytes
}

const CHOICES: ImportChoices = {
  crs: 'EPSG:4549', swap: false, encoding: null, part: null, x: null, y: null, key: '地块编号', mode: 'merge', repair: true, leaveOut: false, source: 'bench', licence: '',
  fields: { number: { column: '地块编号' }, kind: { column: '类型' }, declaredMu: { column: '申报面积' } },
} // prettier-ignore

/** @returns the comparisons, or why there are none */
export async function imports(): Promise<Comparison[] | { reason: string }> {
  const ogr2ogr = findOgr2ogr()
  if (!ogr2ogr) return { reason: 'no ogr2ogr was found' }
  const cluster = await startCluster()
  if ('reason' in cluster) return cluster
  const folder = await mkdtemp(join(tmpdir(), 'xiangtu-bench-'))
  const database = await openDatabase(readEnvironment({ DATABASE_URL: cluster.url }), pino({ level: 'silent' }), () => {})
  const { sql } = database
  try {
    // With the boundaries that the parcels are placed by.
    await seedTowns(sql)
    const bytes = await parcels()
    const file = { name: 'parcels.zip', bytes }
    const path = join(folder, file.name)
    await writeFile(path, bytes)
    const url = new URL(cluster.url)
    const target = `PG:host=${decodeURIComponent(url.searchParams.get('host') ?? url.hostname)} port=${url.searchParams.get('port') ?? (url.port || '5432')} user=${decodeURIComponent(url.username)} dbname=${url.pathname.slice(1)}`
    const env = { ...process.env, PGPASSWORD: decodeURIComponent(url.password) }
    const theirs = () => promisify(execFile)(ogr2ogr, ['-f', 'PostgreSQL', target, `/vsizip/${path}`, '-nln', 'bench_parcels', '-overwrite', '-t_srs', 'EPSG:4326', '-lco', 'GEOMETRY_NAME=geom', '--config', 'PG_USE_COPY', 'YES'], { env })
    const id = await sql.begin(async (tx) => insertImport(tx, { layer: 'farmland', fileName: file.name, sha256: '', preview: await previewFile(file, {}, { ground: [120.8, 30.9, 121.4, 31.4], local: null }), by: 'bench', origin: 'bench', demo: true, at: new Date().toISOString() }, bytes))
    await sql.begin((tx) => countCells(tx, FARMLAND.id, FARMLAND.legend.field))
    await sql`update import set choices = ${sql.json(CHOICES as never)} where id = ${id}`
    const work = async (state: string, becomes: string) => {
      await sql`update import set state = ${state}, held_until = null where id = ${id}`
      await workOnImports(sql, { clock: { now: () => new Date() }, local: null, aside: true })
      const [row] = await sql<{ state: string }[]>`select state from import where id = ${id}`
      if (row?.state !== becomes) throw new Error(`the import is ${row?.state} instead of ${becomes}`)
    }
    const check = () => work('checking', 'checked')
    const store = () => work('storing', 'stored')
    // What a careful person would do with ogr2ogr's table: the same questions, the same layer and history, rolled back at the end.
    const byHand = async () => {
      await theirs()
      const undone = new Error('rolled back')
      const done = sql.begin(async (tx) => {
        await tx`select count(*) from bench_parcels where not ST_IsValid(geom)`
        await tx`select count(*) from bench_parcels where abs("申报面积" - ST_Area(geom::geography) * 15 / 10000) > 0.5`
        await tx`select count(*) from bench_parcels a join bench_parcels b on a.geom && b.geom and a.ogc_fid > b.ogc_fid and ST_Relate(a.geom, b.geom, '2********')`
        await tx`
          create temp table placed on commit drop as
          select p.ogc_fid, array_agg(b.town order by b.town) as towns from boundary b join boundary_set s on s.id = b.set_id and s.current join bench_parcels p on ST_Intersects(b.geom, p.geom) group by 1`
        await tx`
          with written as (
            insert into feature (layer, version, key, properties, geom, geom_3857, area_m2, small, town, towns, outside, source, demo, changed_by, changed_at)
            select 'farmland', 1, "地块编号", jsonb_build_object('number', "地块编号", 'kind', "类型", 'declaredMu', "申报面积"), p.geom, ST_Transform(p.geom, 3857), ST_Area(p.geom::geography), true, t.towns[1], coalesce(t.towns, '{}'), t.towns is null, 'bench', true, 'bench', now()
            from bench_parcels p left join placed t using (ogc_fid)
            returning id, version, layer, key, properties, geom, town, source, demo
          )
          insert into feature_version (feature_id, version, layer, at, by, act, key, properties, geom, town, source, licence, demo)
          select id, version, layer, now(), 'bench', 'create', key, properties, geom, town, source, '', demo from written`
        throw undone
      })
      await done.catch((error: unknown) => {
        if (error !== undone) throw error
      })
    }
    // What was rolled back or thrown away still lies in tables and indexes, where a running server's autovacuum would have cleared it away.
    const tidy = () => sql`vacuum analyze feature, feature_version, import_feature`
    const [looking, gdal, hand]: [number[], number[], number[]] = [[], [], []]
    for (let round = 0; round < ROUNDS; round++) {
      for (const [times, run] of round % 2 ? ([[gdal, theirs], [looking, check]] as const) : ([[looking, check], [gdal, theirs]] as const)) times.push(await seconds(run)) // prettier-ignore
      await tidy()
      hand.push(await seconds(byHand))
      await tidy()
    }
    const storing = [await seconds(store)]
    const [row] = await sql<{ n: number; measured: number }[]>`select count(*)::int as n, count(area_m2)::int as measured from feature where layer = 'farmland'`
    if (row?.n !== PARCELS || row.measured !== PARCELS) throw new Error(`the import did not end well: ${JSON.stringify(row)}`)
    const median = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!
    const compared = (name: string, label: string, times: number[], against: string, theirs: number[]): Comparison => {
      const ratios = times.map((time, i) => time / (times.length > 1 ? theirs[i]! : median(theirs)))
      return { name: `${PARCELS} parcels ${name}`, side: { label, microseconds: median(times) * 1e6 }, against: { label: against, microseconds: median(theirs) * 1e6 }, ratio: { median: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) } }
    }
    const whole = looking.map((time) => time + storing[0]!)
    return [
      compared('looked at', 'dry run', looking, 'ogr2ogr, COPY', gdal),
      compared('stored', 'with history', storing, 'ogr2ogr, COPY', gdal),
      compared('imported', 'dry run, stored', whole, 'ogr2ogr, COPY', gdal),
      compared('imported', 'dry run, stored', whole, 'ogr2ogr and SQL by hand', hand),
    ]
  } finally {
    await database.close()
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return (performance.now() - start) / 1000
}
