import type { Feature, MultiPolygon, Point, Polygon } from 'geojson'
import type { BoundaryReport, TownReference } from '../../geo/town/check.ts'
import type { TownBoundary } from '../../geo/town/boundary-file.ts'
import type { Ground } from '../../geo/town/ground.ts'
import { labelPoint } from '../../geo/town/label.ts'
import type { BoundaryKind, District, Town } from '../../geo/town/town.ts'
import type { Queryable, Sql, Tx } from '../database/connect.ts'

/** What a set of boundaries says of itself, wherever the boundaries are shown. */
export interface BoundaryCredit {
  kind: Exclude<BoundaryKind, 'none'>
  source: string
  licence: string
  credit: string
}

export interface BoundarySet extends BoundaryCredit {
  id: number
  fileName: string
  sha256: string
  storedBy: string
  storedAt: string
  current: boolean
  towns: number
  areaKm2: number
}

export type NewBoundarySet = BoundaryCredit & {
  fileName: string
  sha256: string
  storedBy: string
  report: BoundaryReport
}

export type TownFeature = Feature<
  Polygon | MultiPolygon | null,
  Town & { boundary: BoundaryKind; areaKm2: number | null; labelPoint: [number, number] | null }
>

/** Writes the district's towns as they are known to this version; what is the same already is left alone. */
export async function upsertTowns(tx: Tx, district: District): Promise<void> {
  // Places in the list move out of the way first: two towns may swap theirs.
  await tx`update town set ordinal = -1 - ordinal where district = ${district.code} and ordinal >= 0`
  const rows = district.towns.map((town, ordinal) => ({ ...town, district: district.code, ordinal }))
  await tx`
    insert into town ${tx(rows, 'code', 'district', 'name', 'shortName', 'nameEn', 'kind', 'ordinal')}
    on conflict (code) do update set
      district = excluded.district, name = excluded.name, short_name = excluded.short_name,
      name_en = excluded.name_en, kind = excluded.kind, ordinal = excluded.ordinal`
}

/** Lets one transaction at a time change which boundaries are in use; readers do not wait. */
export async function lockBoundarySets(tx: Tx): Promise<void> {
  await tx`lock table boundary_set in share row exclusive mode`
}

/** The set in use, or null before the first one. */
export async function currentSet(sql: Queryable, district: string): Promise<BoundarySet | null> {
  return (await boundarySets(sql, district, 'current')).at(0) ?? null
}

/** A set by its number. */
export async function setOf(sql: Queryable, district: string, id: number): Promise<BoundarySet | null> {
  return (await boundarySets(sql, district)).find((set) => set.id === id) ?? null
}

/** The sets that were ever in use, newest first; or only the one in use. */
export async function boundarySets(
  sql: Queryable,
  district: string,
  which: 'all' | 'current' = 'all',
): Promise<BoundarySet[]> {
  return [
    ...(await sql<BoundarySet[]>`
      select s.id, s.kind, s.source, s.licence, s.credit, s.file_name, s.sha256, s.stored_by, s.stored_at, s.current,
             b.towns, b.area_km2
      from boundary_set s
      cross join lateral (
        select count(*)::int as towns, coalesce(round(sum(area_m2)::numeric / 1e6, 2)::float8, 0) as area_km2
        from boundary where set_id = s.id
      ) b
      where s.district = ${district} and (s.current or ${which === 'all'})
      order by s.id desc`),
  ]
}

/** What the check found when a set came in; null: there is no such set. */
export async function reportOfSet(sql: Queryable, district: string, id: number): Promise<BoundaryReport | null> {
  const [row] = await sql<{ report: BoundaryReport }[]>`
    select report from boundary_set where district = ${district} and id = ${id}`
  return row?.report ?? null
}

/** The id alone: what names the version of everything that shows boundaries. */
export async function currentSetId(sql: Queryable, district: string): Promise<number | null> {
  const [row] = await sql<{ id: number }[]>`select id from boundary_set where district = ${district} and current`
  return row?.id ?? null
}

/** Size and middle of each town's boundary in a set: what new boundaries are compared with. */
export async function townReferences(sql: Queryable, setId: number): Promise<TownReference[]> {
  const rows = await sql<{ town: string; areaM2: number; lon: number; lat: number }[]>`
    select town, area_m2, ST_X(middle) as lon, ST_Y(middle) as lat
    from boundary cross join lateral ST_Centroid(geom) as middle
    where set_id = ${setId} order by town`
  return rows.map(({ lon, lat, ...row }) => ({ ...row, middle: [lon, lat] }))
}

/** Coordinates nearer than this (degrees; a millimetre) are one and the same: overlays on a grid never fail, however the figures were computed. */
const GRID = 1e-8

/**
 * What boundaries from a file cover: whether each shape is valid, where two overlap, where the towns leave gaps. In SQL because GEOS copes with
 * computed coordinates (a clipper in JavaScript gave up on borders whose points lie on one line but for the last digit), and takes less time.
 * Rings must be closed and coordinates finite (`readBoundaries` sees to it): embedded, an exception of GEOS costs a restart.
 */
export async function groundOf(sql: Sql, boundaries: TownBoundary[]): Promise<Ground> {
  if (boundaries.length === 0) return { shapes: [], overlaps: [], gaps: [] }
  const [row] = await sql<[Ground]>`
    with given as materialized (
      select town, ST_SetSRID(ST_GeomFromGeoJSON(shape), 4326) as geom
      from jsonb_to_recordset(${sql.json(boundaries as never)}) as b(town text, shape jsonb)
    ),
    shape as materialized (
      select town, geom as given, ST_IsValidDetail(geom) as detail,
             case when ST_IsValid(geom) then geom else ST_CollectionExtract(ST_MakeValid(geom), 3) end as geom
      from given
    ),
    overlap as (
      select jsonb_build_array(a.town, b.town) as towns,
             (ST_Dump(ST_CollectionExtract(ST_Intersection(a.geom, b.geom, ${GRID}::float8), 3))).geom
      from shape a join shape b on a.town < b.town and a.geom && b.geom
    ),
    whole as materialized (select ST_Union(geom, ${GRID}::float8) as geom from shape),
    -- A hole of the whole, less the towns that lie in it as islands.
    hole as (
      select (ST_Dump(ST_CollectionExtract(ST_Difference(ST_MakePolygon(ST_ExteriorRing(ring.geom)), whole.geom, ${GRID}::float8), 3))).geom
      from whole, ST_Dump(whole.geom) part, ST_DumpRings(part.geom) ring
      where ring.path[1] > 0
    ),
    gap as (
      select (select coalesce(jsonb_agg(s.town order by s.town), '[]') from shape s where ST_DWithin(s.geom, hole.geom, ${GRID * 10}::float8)) as towns,
             hole.geom
      from hole
    ),
    piece as (
      select 'overlap' as kind, towns, geom from overlap union all select 'gap', towns, geom from gap
    ),
    measured as (
      select kind, jsonb_build_object(
               'towns', towns, 'areaM2', area,
               'widthM', case when perimeter > 0 then 2 * area / perimeter else 0 end,
               'at', jsonb_build_array(ST_X(middle), ST_Y(middle))) as piece
      from piece
      cross join lateral (
        select ST_Area(geom::geography) as area, ST_Perimeter(geom::geography) as perimeter, ST_PointOnSurface(geom) as middle
      ) m
    )
    select
      (select coalesce(jsonb_agg(jsonb_build_object(
         'town', town, 'areaM2', ST_Area(geom::geography),
         'invalid', case when not (detail).valid then jsonb_build_object(
           'why', (detail).reason,
           -- On the plane, as both are computed alike there; put into square metres by the shape's own scale.
           'changedM2', coalesce(abs(ST_Area(given) - ST_Area(geom)) * ST_Area(geom::geography) / nullif(ST_Area(geom), 0), 1e12), 'at', jsonb_build_array(ST_X((detail).location), ST_Y((detail).location))) end,
         'repaired', case when not (detail).valid then ST_AsGeoJSON(ST_ForcePolygonCCW(geom), 9)::jsonb end
       ) order by town), '[]') from shape) as shapes,
      (select coalesce(jsonb_agg(piece), '[]') from measured where kind = 'overlap') as overlaps,
      (select coalesce(jsonb_agg(piece), '[]') from measured where kind = 'gap') as gaps`
  return row
}

/** All towns of a district in its order, with the boundaries of one set; what has none (the park) has geometry null. */
export async function townFeatures(sql: Queryable, district: string, setId: number | null): Promise<TownFeature[]> {
  const rows = await sql<
    (Town & {
      boundary: BoundaryKind
      areaM2: number | null
      geometry: Polygon | MultiPolygon | null
      label: Point | null
    })[]
  >`
    select t.code, t.name, t.short_name, t.name_en, t.kind, coalesce(s.kind, 'none') as boundary, b.area_m2,
           ST_AsGeoJSON(case when ST_NumGeometries(b.geom) = 1 then ST_GeometryN(b.geom, 1) else b.geom end, 6)::json as geometry,
           ST_AsGeoJSON(b.label, 5)::json as label
    from town t
    left join boundary b on b.town = t.code and b.set_id = ${setId}
    left join boundary_set s on s.id = b.set_id
    where t.district = ${district}
    order by t.ordinal`
  return rows.map(({ geometry, label, areaM2, boundary, ...town }) => ({
    type: 'Feature',
    properties: {
      ...town,
      boundary,
      areaKm2: areaM2 == null ? null : Math.round(areaM2 / 1e4) / 100,
      labelPoint: (label?.coordinates as [number, number] | undefined) ?? null,
    },
    geometry,
  }))
}

/** Stores a set with its boundaries and puts it into use; part of the caller's transaction, after lockBoundarySets. */
export async function insertBoundarySet(
  tx: Tx,
  district: string,
  set: NewBoundarySet,
  boundaries: TownBoundary[],
  at: string | null = null,
): Promise<number> {
  await tx`update boundary_set set current = false where district = ${district} and current`
  const [row] = await tx<{ id: number }[]>`
    insert into boundary_set (district, kind, file_name, sha256, source, licence, credit, report, stored_by, stored_at, current)
    values (${district}, ${set.kind}, ${set.fileName}, ${set.sha256}, ${set.source}, ${set.licence}, ${set.credit},
            ${tx.json(set.report as never)}, ${set.storedBy}, coalesce(${at}::timestamptz, now()), true)
    returning id`
  const id = row!.id
  for (const { town, shape } of boundaries) {
    const [lon, lat] = labelPoint(shape)
    await tx`
      insert into boundary (set_id, town, geom, area_m2, label)
      select ${id}, ${town}, geom, ST_Area(geom::geography), ST_SetSRID(ST_MakePoint(${lon}, ${lat}), 4326)
      from (select ST_Multi(ST_SetSRID(ST_GeomFromGeoJSON(${JSON.stringify(shape)}), 4326)) as geom) g`
  }
  await keepBoundaryUse(tx, district, id, at)
  return id
}

/** What PostGIS finds wrong with the shapes of a set: the second net under the check in geo. */
export async function invalidBoundaries(tx: Tx, setId: number): Promise<{ town: string; why: string }[]> {
  return [
    ...(await tx<{ town: string; why: string }[]>`
      select town, ST_IsValidReason(geom) as why from boundary where set_id = ${setId} and not ST_IsValid(geom) order by town`),
  ]
}

/** Puts an earlier set back into use; part of the caller's transaction, after lockBoundarySets. */
export async function useBoundarySet(tx: Tx, district: string, id: number, at: string | null = null): Promise<void> {
  await tx`update boundary_set set current = false where district = ${district} and current`
  await tx`update boundary_set set current = true where district = ${district} and id = ${id}`
  await keepBoundaryUse(tx, district, id, at)
}

/** From when on a set is in use. */
async function keepBoundaryUse(tx: Tx, district: string, id: number, at: string | null): Promise<void> {
  await tx`insert into boundary_use (district, set_id, since) values (${district}, ${id}, coalesce(${at}::timestamptz, now()))`
}

/** Which boundaries were in use at an instant. */
export interface BoundaryUse {
  setId: number
  since: string
  /** It was not in use yet, but no earlier one is known. */
  assumed: boolean
}

/** The set in use at an instant; before the first one that one, which is the nearest to the truth that there is. Null: there never was any. */
export async function setThen(sql: Queryable, district: string, at: string): Promise<BoundaryUse | null> {
  const [row] = await sql<BoundaryUse[]>`
    select set_id, since, since > ${at}::timestamptz as assumed from boundary_use where district = ${district}
    order by since > ${at}::timestamptz, case when since <= ${at}::timestamptz then since end desc nulls last, since, id desc limit 1`
  return row ?? null
}
