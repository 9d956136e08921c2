import type { FeatureProperties, Service } from '../../geo/layer/layer.ts'
import type { Drawn } from '../../geo/reconciliation/reconciliation.ts'
import type { Range } from '../../geo/road/chainage.ts'
import type { Line } from '../../geo/shape/along.ts'
import type { Queryable } from '../database/connect.ts'

/** Services as rows measure, fits (what a feature must say), field and among (what it must have reached). */
const servicesOf = (sql: Queryable, services: readonly Service[]) => sql`
  select s.measure, s.fits, s.field, s.among from jsonb_to_recordset(${sql.json(services.map(({ measure, where, reached }) => ({ measure, fits: where, field: reached?.field ?? null, among: reached?.among ?? null })) as never)})
    as s (measure text, fits jsonb, field text, among text[])`

type Added = Omit<Drawn, 'amount' | 'into' | 'overlap' | 'beyond' | 'twice'> & { areaM2: number; lengthM: number }

/** Features of a layer by the measure that they are drawn for and the unit that they count for; sizes of those that count by now. */
export async function drawnFigures(sql: Queryable, layer: string, services: readonly Service[]): Promise<Added[]> {
  return [
    ...(await sql<Added[]>`
      select s.measure, coalesce(f.unit, f.town) as town, count(*)::int as features, count(*) filter (where r.reached)::int as counted,
             count(*) filter (where f.geom is null)::int as unlocated, count(*) filter (where cardinality(f.towns) > 1)::int as crossing,
             count(*) filter (where f.outside)::int as outside, count(*) filter (where f.unit <> f.town)::int as elsewhere, bool_or(f.demo) as demo,
             coalesce(sum(f.area_m2) filter (where r.reached), 0) as area_m2, coalesce(sum(f.length_m) filter (where r.reached), 0) as length_m
      from feature f join (${servicesOf(sql, services)}) s on f.properties @> s.fits
      cross join lateral (select s.field is null or coalesce(f.properties->>s.field, '') = any (s.among) as reached) r
      where f.layer = ${layer} group by 1, 2 order by 1, 2`),
  ]
}

/** How many features reach into a town and count for another unit. */
export async function reachingInto(sql: Queryable, layer: string, services: readonly Service[]): Promise<{ measure: string; town: string; n: number }[]> {
  return [
    ...(await sql<{ measure: string; town: string; n: number }[]>`
      select s.measure, t.town, count(*)::int as n from feature f join (${servicesOf(sql, services)}) s on f.properties @> s.fits cross join lateral unnest(f.towns) as t (town)
      where f.layer = ${layer} and cardinality(f.towns) > 1 and t.town <> coalesce(f.unit, f.town) group by 1, 2 order by 1, 2`),
  ]
}

/** A road with the ranges that count for a measure. */
export interface RoadWorks {
  id: number
  measure: string
  town: string | null
  ranges: Range[]
  line: Line | null
  length: number
}

export async function roadWorks(sql: Queryable, layer: string, services: readonly Service[]): Promise<RoadWorks[]> {
  const rows = await Promise.all(
    services.map(
      ({ measure, where, ranges }) => sql<RoadWorks[]>`
        select f.id::float8 as id, ${measure}::text as measure, coalesce(f.unit, f.town) as town, coalesce(f.properties->${ranges!}::text, '[]') as ranges,
               ST_AsGeoJSON(f.geom, 9)::json as line, coalesce(f.length_m, 0) as length
        from feature f where f.layer = ${layer} and f.properties @> ${JSON.stringify(where)}::text::jsonb order by f.id`,
    ),
  )
  return rows.flat()
}

/** A feature that stands behind a row, and what there is to look at in it. */
export interface BehindRow {
  id: number
  properties: FeatureProperties
  town: string | null
  towns: string[]
  outside: boolean
  unit: string | null
  areaM2: number | null
  lengthM: number | null
  demo: boolean
}

/** Features of a measure that count for a unit (null: for any), those that want a look first: without a place, across a boundary, then by number. */
export async function featuresBehind(sql: Queryable, layer: string, { where }: Service, town: string | null, limit: number): Promise<BehindRow[]> {
  return [
    ...(await sql<BehindRow[]>`
      select f.id::float8 as id, f.properties, f.town, f.towns, f.outside, f.unit, f.area_m2, f.length_m, f.demo
      from feature f where f.layer = ${layer} and f.properties @> ${JSON.stringify(where)}::text::jsonb and (${town}::text is null or coalesce(f.unit, f.town) = ${town}::text)
      order by (f.geom is null) desc, (cardinality(f.towns) > 1 or f.outside) desc, f.id limit ${limit}`),
  ]
}
