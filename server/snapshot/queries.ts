import type { Action } from '../../geo/right/right.ts'
import type { ReportMark } from '../../geo/snapshot/frozen.ts'
import type { FileFormat, SnapshotKind, SnapshotStatus } from '../../geo/snapshot/request.ts'
import type { Queryable, Sql, Tx } from '../database/connect.ts'
import type { Frozen } from '../frozen/frozen.ts'

export interface SnapshotRow extends Frozen {
  id: number
  /** Rights that whoever reads it must have everywhere, besides the usual one; its maker needs none. */
  needs: Action[]
  kind: SnapshotKind
  planId: number | null
  status: SnapshotStatus
  progress: number
  title: string
  pages: number
  madeBy: string
  maker: string
  madeAt: string
  failure: string | null
}

/** The report whose approved value counts for each measure and unit at the end of a month, by `measure|town`. */
export async function reportMarks(sql: Queryable, planId: number, month: string): Promise<Map<string, ReportMark>> {
  const rows = await sql<{ measure: string; town: string; id: string; version: number; month: string }[]>`
    select distinct on (measure_id, town) measure_id as measure, town, id, approved_version as version, month from report
    where plan_id = ${planId} and month <= ${month} and approved_value is not null and approved_version is not null
    order by measure_id, town, month desc`
  return new Map(rows.map(({ measure, town, id, ...row }) => [`${measure}|${town}`, { ...row, id: Number(id) }]))
}

export async function insertSnapshot(
  tx: Tx,
  row: Pick<SnapshotRow, 'kind' | 'title' | 'pages' | 'madeBy' | 'maker' | 'madeAt' | 'sha256' | 'content'> & { planId: number; drawings: string; sheets?: string; needs?: Action[] },
): Promise<number> {
  const [made] = await tx<{ id: number }[]>`
    insert into snapshot (kind, plan_id, title, pages, made_by, maker, made_at, sha256, content, drawings, sheets, needs)
    values (${row.kind}, ${row.planId}, ${row.title}, ${row.pages}, ${row.madeBy}, ${row.maker}, ${row.madeAt}, ${row.sha256}, ${row.content}, ${row.drawings}, ${row.sheets ?? null}, ${row.needs ?? []})
    returning id`
  return made!.id
}

export async function snapshotOf(sql: Queryable, kind: SnapshotKind, id: number): Promise<SnapshotRow | null> {
  const [row] = await sql<SnapshotRow[]>`
    select id, kind, plan_id, status, progress, title, pages, made_by, maker, made_at, failure, needs, sha256, content from snapshot where id = ${id} and kind = ${kind}`
  return row ?? null
}

/** The pages as they were drawn. */
export async function drawingsOf(sql: Queryable, id: number): Promise<string | null> {
  const [row] = await sql<{ drawings: string }[]>`select drawings from snapshot where id = ${id}`
  return row?.drawings ?? null
}

export interface SnapshotListed {
  id: number
  kind: SnapshotKind
  status: SnapshotStatus
  progress: number
  title: string
  pages: number
  madeBy: string
  maker: string
  madeAt: string
  sha256: string
  content: string
  formats: FileFormat[]
}

/** The newest snapshots and atlases, and packs where they may be seen; somebody's own, or those with a hash that begins so. */
export async function snapshotList(sql: Queryable, filter: { madeBy: string | null; hash: string | null; packs: boolean; reader: { account: string; has: readonly Action[] }; limit: number }): Promise<SnapshotListed[]> {
  return [...(await sql<SnapshotListed[]>`
    select s.id, s.kind, s.status, s.progress, s.title, s.pages, s.made_by, s.maker, s.made_at, s.sha256, s.content,
           coalesce((select array_agg(f.format order by f.format) from snapshot_file f where f.snapshot_id = s.id), '{}') as formats
    from snapshot s
    where (${filter.madeBy}::text is null or s.made_by = ${filter.madeBy})
      and (${filter.hash}::text is null or left(s.sha256, 12) = ${filter.hash})
      and (${filter.packs} or s.kind <> 'pack')
      and (s.needs <@ ${[...filter.reader.has]}::text[] or s.made_by = ${filter.reader.account})
    order by s.id desc limit ${filter.limit}`)]
}

/** How many somebody has waiting or being made. */
export async function waitingOf(sql: Queryable, madeBy: string): Promise<number> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from snapshot where made_by = ${madeBy} and status in ('queued', 'running')`
  return row!.n
}

export interface ClaimedSnapshot {
  id: number
  kind: SnapshotKind
  title: string
  content: string
  drawings: string
  sheets: string | null
  madeAt: string
  attempts: number
}

/** Whoever takes it makes it; one that nobody has spoken of for two minutes was somebody's who is gone. */
export async function claimSnapshot(sql: Sql): Promise<ClaimedSnapshot | null> {
  const [row] = await sql<ClaimedSnapshot[]>`
    update snapshot set status = 'running', touched_at = now(), attempts = attempts + 1
    where id = (select id from snapshot where status = 'queued' or (status = 'running' and touched_at < now() - interval '2 minutes')
                order by id limit 1 for update skip locked)
    returning id, kind, title, content, drawings, sheets, made_at, attempts`
  return row ?? null
}

/** Says how far it is. @returns whether it is still wanted */
export async function touchSnapshot(sql: Sql, id: number, progress: number): Promise<boolean> {
  const rows = await sql`update snapshot set progress = ${progress}, touched_at = now() where id = ${id} and status = 'running' returning id`
  return rows.length > 0
}

export async function insertFile(sql: Sql, id: number, format: FileFormat, bytes: Uint8Array): Promise<void> {
  await sql`
    insert into snapshot_file (snapshot_id, format, bytes) values (${id}, ${format}, ${Buffer.from(bytes)})
    on conflict (snapshot_id, format) do update set bytes = excluded.bytes`
}

export async function endSnapshot(sql: Sql, id: number, status: 'ready' | 'failed' | 'queued', failure: string | null): Promise<void> {
  await sql`update snapshot set status = ${status}, progress = ${status === 'ready' ? 1 : 0}, failure = ${failure} where id = ${id} and status = 'running'`
}

/** Calls off what waits or is being made. @returns whether there was something to call off */
export async function cancelSnapshot(tx: Tx, id: number): Promise<boolean> {
  const rows = await tx`update snapshot set status = 'cancelled' where id = ${id} and status in ('queued', 'running') returning id`
  return rows.length > 0
}

export async function formatsOf(sql: Queryable, id: number): Promise<FileFormat[]> {
  const rows = await sql<{ format: FileFormat }[]>`select format from snapshot_file where snapshot_id = ${id} order by format`
  return rows.map(({ format }) => format)
}

export async function fileOf(sql: Queryable, id: number, format: FileFormat): Promise<Uint8Array | null> {
  const [row] = await sql<{ bytes: Uint8Array }[]>`select bytes from snapshot_file where snapshot_id = ${id} and format = ${format}`
  return row?.bytes ?? null
}

/** How much of a layer has a place, in a town or in all, by class. */
export async function layerClasses(
  sql: Queryable,
  layer: string,
  field: string,
  town: string | null,
): Promise<{ class: string | null; features: number; areaM2: number; lengthM: number; demo: boolean }[]> {
  return [
    ...(await sql<{ class: string | null; features: number; areaM2: number; lengthM: number; demo: boolean }[]>`
      select properties->>${field}::text as class, count(*)::int as features, coalesce(sum(area_m2), 0)::float8 as area_m2, coalesce(sum(length_m), 0)::float8 as length_m,
             coalesce(bool_or(demo), false) as demo
      from feature where layer = ${layer} and geom is not null and (${town}::text is null or town = ${town}::text or ${town}::text = any (towns)) group by 1 order by 1`),
  ]
}

/** A layer's shapes as GeoJSON, smoothed by so many degrees, the largest first; of areas only those from a size on. */
export async function layerShapes(
  sql: Queryable,
  layer: string,
  field: string,
  { town, tolerance, leastM2, most }: { town: string | null; tolerance: number; leastM2: number; most: number },
): Promise<{ class: string | null; shape: string }[]> {
  return [
    ...(await sql<{ class: string | null; shape: string }[]>`
      select properties->>${field}::text as class, ST_AsGeoJSON(case when ${tolerance}::float8 > 0 then ST_SimplifyPreserveTopology(geom, ${tolerance}::float8) else geom end, 6) as shape
      from feature
      where layer = ${layer} and geom is not null and (${town}::text is null or town = ${town}::text or ${town}::text = any (towns)) and coalesce(area_m2, 0) >= ${leastM2}::float8
      order by coalesce(area_m2, length_m, 0) desc, id limit ${most}`),
  ]
}

/** A cell is shown where this much of it is covered. */
const COVERED = 0.1

/**
 * What a layer's features cover of a grid, by where their middles lie: each cell with its commonest class; designations (`outlines`), which lie over
 * uses, for themselves. `under`: only areas smaller than this; null: places, of which one is enough.
 */
export async function layerCells(
  sql: Queryable,
  layer: string,
  field: string,
  { town, step, cellM2, under, outlines }: { town: string | null; step: readonly [number, number]; cellM2: number; under: number | null; outlines: readonly string[] },
): Promise<{ x: number; y: number; class: string | null }[]> {
  return [
    ...(await sql<{ x: number; y: number; class: string | null }[]>`
      select x, y, class from (
        select *, sum(weight) over place as covered, row_number() over (partition by x, y, over order by weight desc, class) as rank
        from (
          select floor((ST_XMin(geom) + ST_XMax(geom)) / 2 / ${step[0]}::float8)::int as x, floor((ST_YMin(geom) + ST_YMax(geom)) / 2 / ${step[1]}::float8)::int as y,
                 properties->>${field}::text as class, coalesce(properties->>${field}::text = any (${[...outlines]}::text[]), false) as over,
                 sum(case when ${under}::float8 is null then 1 else area_m2 end) as weight
          from feature
          where layer = ${layer} and geom is not null and (${town}::text is null or town = ${town}::text or ${town}::text = any (towns))
            and (${under}::float8 is null or area_m2 < ${under}::float8)
          group by 1, 2, 3, 4
        ) part window place as (partition by x, y, over)
      ) cell
      where rank = 1 and (${under}::float8 is null or covered >= ${COVERED * cellM2}::float8) order by y, x, class`),
  ]
}
