import type { Geometry } from 'geojson'
import type { FeatureAct, FeatureProperties, Layer } from '../../geo/layer/layer.ts'
import type { Queryable, Tx } from '../database/connect.ts'
import { featuresAt } from '../past/queries.ts'
import { cellsOf } from '../tile/queries.ts'

/** A piece of a statement. */
type Fragment = ReturnType<Queryable>

/** A feature as it stands. */
export interface FeatureRow {
  id: number
  layer: string
  version: number
  key: string | null
  properties: FeatureProperties
  geometry: Geometry | null
  areaM2: number | null
  lengthM: number | null
  town: string | null
  towns: string[]
  outside: boolean
  unit: string | null
  source: string
  licence: string
  demo: boolean
  changedBy: string
  changedAt: string
}

/** What is given of a feature; everything else follows from the shape. */
export interface GivenFeature {
  key: string | null
  properties: FeatureProperties
  geometry: Geometry | null
  /** Where it lies, as its source says: counts where there is no shape, or the shape lies in no town. */
  town: string | null
  unit: string | null
  source: string
  licence: string
  demo: boolean
}

export interface FeatureFilter {
  ids?: readonly number[] | undefined
  /** West, south, east, north. */
  bbox?: readonly [number, number, number, number] | undefined
  town?: string | undefined
  /** The unit that it counts for: the one that it names, else its town. */
  counts?: string | undefined
  /** In the title or the key. */
  q?: { field: string; text: string } | undefined
  /** Fields and the value that each must have. */
  values?: Record<string, string | number> | undefined
  located?: boolean | undefined
  /** Those in more than one town, or partly in none. */
  crossing?: boolean | undefined
}

/** In which towns a shape lies, most of it first: what is less than a hundredth of it is the drawing's doing. */
export const LEAST_SHARE = 0.01

/** The data version of a layer; 0 before its first write. */
export async function layerVersion(sql: Queryable, layer: string): Promise<number> {
  const [row] = await sql<{ version: string }[]>`select version from layer_version where layer = ${layer}`
  return Number(row?.version ?? 0)
}

/** The data versions of all layers that were ever written. */
export async function layerVersions(sql: Queryable): Promise<Map<string, number>> {
  const rows = await sql<{ layer: string; version: string }[]>`select layer, version from layer_version order by layer`
  return new Map(rows.map(({ layer, version }) => [layer, Number(version)]))
}

/** Part of every write to a layer. Writers of one layer wait for each other here. */
export async function raiseLayerVersion(tx: Tx, layer: string, at: string | null = null): Promise<number> {
  const [row] = await tx<{ version: string }[]>`
    insert into layer_version (layer, version, changed_at) values (${layer}, 1, coalesce(${at}::timestamptz, now()))
    on conflict (layer) do update set version = layer_version.version + 1, changed_at = excluded.changed_at returning version`
  return Number(row!.version)
}

/** How much there is of a layer, by class of its legend and by town. */
export interface LayerFigure {
  class: string | null
  town: string | null
  features: number
  located: number
  demo: number
  areaM2: number
  lengthM: number
}

/** `at`: as it was then. The small ones of a layer of areas have been counted already, of which there may be a million; areas to a hundredth of a m². */
export async function layerFigures(sql: Queryable, { id, geometry, legend }: Pick<Layer, 'id' | 'geometry' | 'legend'>, at: string | null = null): Promise<LayerFigure[]> {
  const isCounted = geometry === 'polygon'
  return [
    ...(await sql<LayerFigure[]>`
      select class, town, sum(features)::int as features, sum(located)::int as located, sum(demo)::int as demo,
             round(sum(area_m2)::numeric, 2)::float8 as area_m2, round(sum(length_m)::numeric, 2)::float8 as length_m
      from (
        select properties->>${legend.field}::text as class, town, count(*) as features, count(geom) as located, count(*) filter (where demo) as demo,
               coalesce(sum(area_m2), 0) as area_m2, coalesce(sum(length_m), 0) as length_m
        from ${featuresAt(sql, id, at)} f where layer = ${id} ${isCounted ? sql`and not small` : sql``} group by 1, 2
        ${isCounted ? sql`union all select nullif(class, ''), nullif(town, ''), features, features, demo, area_m2, 0 from (${cellsOf(sql, id, at)}) counted` : sql``}
      ) own group by 1, 2 order by 1, 2`),
  ]
}

const columns = (sql: Queryable) => sql`
  f.id::float8 as id, f.layer, f.version, f.key, f.properties, ST_AsGeoJSON(f.geom, 8)::json as geometry, f.area_m2, f.length_m, f.town, f.towns, f.outside,
  f.unit, f.source, f.licence, f.demo, f.changed_by, f.changed_at`

/** North and south of here there is no Web Mercator. */
const MOST_LATITUDE = 89

function envelope(sql: Queryable, [west, south, east, north]: readonly [number, number, number, number]): Fragment {
  const latitude = (value: number) => Math.max(-MOST_LATITUDE, Math.min(MOST_LATITUDE, value))
  return sql`ST_MakeEnvelope(${west}::float8, ${latitude(south)}::float8, ${east}::float8, ${latitude(north)}::float8, 4326)`
}

/**
 * The box around a shape (WGS84) in Web Mercator, to be held against `geom_3857`: features have one index by place, for tiles and for everybody else.
 * Each axis is transformed by itself, so boxes meet there exactly where they meet in degrees.
 */
export function boxAround(sql: Queryable, geom: Fragment): Fragment {
  return sql`ST_Transform(ST_Envelope(${geom}), 3857)`
}

export function fits(sql: Queryable, layer: string, { ids, bbox, town, counts, q, values, located, crossing }: FeatureFilter) {
  const like = q ? `%${q.text.replace(/[\\%_]/g, '\\$&')}%` : null
  return sql`
    f.layer = ${layer}
    ${ids ? sql`and f.id = any (${[...ids]}::bigint[])` : sql``}
    ${bbox ? sql`and f.geom_3857 && ${boxAround(sql, envelope(sql, bbox))}` : sql``}
    ${town === undefined ? sql`` : sql`and (f.town = ${town} or (cardinality(f.towns) > 1 and ${town} = any (f.towns)))`}
    and (${counts ?? null}::text is null or coalesce(f.unit, f.town) = ${counts ?? null})
    and (${like}::text is null or f.properties->>${q?.field ?? ''}::text ilike ${like} or f.key ilike ${like})
    and (${values ? JSON.stringify(values) : null}::text is null or f.properties @> ${values ? JSON.stringify(values) : '{}'}::text::jsonb)
    and (${located ?? null}::boolean is null or (f.geom is not null) = ${located ?? null})
    and (${crossing ?? null}::boolean is null or (f.outside or cardinality(f.towns) > 1) = ${crossing ?? null})`
}

/** Features that fit, by number, from after one on; `at`: as they were then. */
export async function featuresOf(sql: Queryable, layer: string, filter: FeatureFilter, page: { after: number; limit: number }, at: string | null = null): Promise<FeatureRow[]> {
  return [
    ...(await sql<FeatureRow[]>`
      select ${columns(sql)} from ${featuresAt(sql, layer, at)} f where ${fits(sql, layer, filter)} and f.id > ${page.after} order by f.id limit ${page.limit}`),
  ]
}

async function countFeatures(sql: Queryable, layer: string, filter: FeatureFilter, at: string | null = null): Promise<number> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from ${featuresAt(sql, layer, at)} f where ${fits(sql, layer, filter)}`
  return row!.n
}

/** A page of the features that fit, and how many there are of them all. Words are looked for in every feature, of which there may be a million: once for both. */
export async function pageOf(sql: Queryable, layer: string, filter: FeatureFilter, page: { after: number; limit: number }, at: string | null = null): Promise<{ matched: number; rows: FeatureRow[] }> {
  if (!filter.q) {
    const [matched, rows] = await Promise.all([countFeatures(sql, layer, filter, at), featuresOf(sql, layer, filter, page, at)])
    return { matched, rows }
  }
  const [found] = await sql<{ matched: number; ids: number[] }[]>`
    with found as materialized (select f.id from ${featuresAt(sql, layer, at)} f where ${fits(sql, layer, filter)})
    select (select count(*)::int from found) as matched, array(select id::float8 from found where id > ${page.after} order by id limit ${page.limit}) as ids`
  const { matched, ids } = found!
  return { matched, rows: ids.length ? await featuresOf(sql, layer, { ids }, { after: 0, limit: ids.length }, at) : [] }
}

export async function featureOf(sql: Queryable, layer: string, id: number, at: string | null = null): Promise<FeatureRow | null> {
  return (await featuresOf(sql, layer, { ids: [id] }, { after: 0, limit: 1 }, at))[0] ?? null
}

/** Holds features until the transaction ends, so that nobody changes them meanwhile. @returns those that there are, by number */
export async function holdFeatures(tx: Tx, layer: string, ids: readonly number[]): Promise<FeatureRow[]> {
  await tx`select id from feature where layer = ${layer} and id = any (${[...ids]}::bigint[]) order by id for update`
  return featuresOf(tx, layer, { ids }, { after: 0, limit: ids.length })
}

/** Why the database takes a shape for wrong, and where; null: it is right. Only for shapes that geo/layer/check has passed. */
export async function invalidReason(sql: Queryable, shape: Geometry): Promise<string | null> {
  const [row] = await sql<{ valid: boolean; reason: string | null; at: string | null }[]>`
    select (d).valid as valid, (d).reason as reason, ST_AsText((d).location, 6) as at
    from (select ST_IsValidDetail(ST_SetSRID(ST_GeomFromGeoJSON(${JSON.stringify(shape)}), 4326)) as d) g`
  return row!.valid ? null : `${row!.reason} ${row!.at ?? ''}`.trim()
}

/** Given features as rows i, id, key, …, geom; `ids` are theirs, or new ones. */
function givenRows(sql: Queryable, features: readonly GivenFeature[], ids: readonly number[] | null): Fragment {
  const list = <K extends keyof GivenFeature>(name: K) => features.map((one) => one[name])
  return sql`
    select t.i, coalesce(t.id, nextval('feature_id')) as id, t.key, t.properties::jsonb as properties, t.town, t.unit, t.source, t.licence, t.demo::boolean as demo,
           ST_SetSRID(ST_GeomFromGeoJSON(t.shape), 4326) as geom
    from unnest(
      ${ids ? [...ids] : features.map(() => null)}::bigint[], ${list('key')}::text[], ${features.map(({ properties }) => JSON.stringify(properties))}::text[],
      ${list('town')}::text[], ${list('unit')}::text[], ${list('source')}::text[], ${list('licence')}::text[], ${features.map(({ demo }) => String(demo))}::text[],
      ${features.map(({ geometry }) => (geometry ? JSON.stringify(geometry) : null))}::text[]
    ) with ordinality as t (id, key, properties, town, unit, source, licence, demo, shape, i)`
}

/** The same of features as they were. */
function keptRows(sql: Queryable, layer: string, wanted: readonly { id: number; version: number }[]): Fragment {
  return sql`
    select w.i, v.feature_id as id, v.key, v.properties, v.town, v.unit, v.source, v.licence, v.demo, v.geom
    from unnest(${wanted.map(({ id }) => id)}::bigint[], ${wanted.map(({ version }) => version)}::int[]) with ordinality as w (id, version, i)
    join feature_version v on v.feature_id = w.id and v.version = w.version and v.layer = ${layer}`
}

/** Rows as they are stored: shapes on WGS84 in two dimensions, rings as RFC 7946 winds them, each with the towns that it lies in by the boundaries in use. */
function placed(sql: Queryable, rows: Fragment): Fragment {
  return sql`
    given as materialized (${rows}),
    shaped as materialized (select i, id, key, properties, town, unit, source, licence, demo, ST_ForcePolygonCCW(ST_Force2D(geom)) as geom from given),
    placed as materialized (
      select g.i, g.id, g.key, g.properties, g.unit, g.source, g.licence, g.demo, g.geom, coalesce(p.towns[1], g.town) as town, coalesce(p.towns, '{}') as towns,
             g.geom is not null and p.covered < ${1 - LEAST_SHARE}::float8 as outside
      from shaped g cross join lateral (${townsOf(sql, sql`g.geom`)}) p
    )`
}

/** The towns of one shape, and how much of it they cover (as a share). */
export function townsOf(sql: Queryable, geom: Fragment): Fragment {
  return sql`
    select array_agg(o.town order by o.share desc, o.town) filter (where o.share >= ${LEAST_SHARE}::float8) as towns, coalesce(sum(o.share), 0) as covered
    from (
      select b.town,
             case when ST_Dimension(${geom}) = 0 or ST_Covers(b.geom, ${geom}) then 1
                  when ST_Dimension(${geom}) = 1 then ST_Length(ST_Intersection(b.geom, ${geom})) / nullif(ST_Length(${geom}), 0)
                  else ST_Area(ST_Intersection(b.geom, ${geom})) / nullif(ST_Area(${geom}), 0) end as share
      from boundary b join boundary_set s on s.id = b.set_id and s.current
      where b.geom && ${geom} and ST_Intersects(b.geom, ${geom})
    ) o`
}

/** Who writes, when, why, and in the course of what (`import/12`). */
export interface Writing {
  by: string
  at: string
  reason?: string
  cause?: string
}

/** The line of history of each row that the part `written` of a statement gives: features as they are now, or for the last time were. */
function kept(sql: Queryable, layer: string, act: FeatureAct, { by, at, reason = '', cause }: Writing): Fragment {
  return sql`
    insert into feature_version (feature_id, version, layer, at, by, act, reason, cause, key, properties, geom, town, unit, source, licence, demo)
    select id, version, ${layer}, ${at}::timestamptz, ${by}, ${act}, ${reason}, ${cause ?? null}, key, properties, geom, town, unit, source, licence, demo from written`
}

/**
 * Stores new features with the first line of their history; what lies together is stored together, so that it is read together. Like the other
 * writes here it checks no rights, raises no data version and leaves no trail: {@link import('./store.ts').editFeatures} does, for what people do by hand.
 * @returns their numbers, in the order given
 */
export async function insertFeatures(tx: Tx, layer: string, features: readonly GivenFeature[], writing: Writing): Promise<number[]> {
  const { by, at } = writing
  const rows = await tx<{ id: number }[]>`
    with ${placed(tx, givenRows(tx, features, null))},
    written as (
      insert into feature (id, layer, version, key, properties, geom, town, towns, outside, unit, source, licence, demo, changed_by, changed_at)
      select id, ${layer}, 1, key, properties, geom, town, towns, outside, unit, source, licence, demo, ${by}, ${at}::timestamptz from placed order by geom nulls last, i
      returning id, version, key, properties, geom, town, unit, source, licence, demo
    ),
    kept as (${kept(tx, layer, 'create', writing)})
    select id::float8 as id from placed order by i`
  return rows.map(({ id }) => id)
}

/** Stores features anew, each as its next version, with the line of its history. */
export async function updateFeatures(tx: Tx, layer: string, features: readonly (GivenFeature & { id: number })[], writing: Writing): Promise<void> {
  const { by, at } = writing
  await tx`
    with ${placed(tx, givenRows(tx, features, features.map(({ id }) => id)))},
    written as (
      update feature f set version = f.version + 1, key = p.key, properties = p.properties, geom = p.geom, town = p.town, towns = p.towns, outside = p.outside,
                           unit = p.unit, source = p.source, licence = p.licence, demo = p.demo, changed_by = ${by}, changed_at = ${at}::timestamptz
      from placed p where f.layer = ${layer} and f.id = p.id returning f.id, f.version, f.key, f.properties, f.geom, f.town, f.unit, f.source, f.licence, f.demo
    )
    ${kept(tx, layer, 'change', writing)}` // prettier-ignore
}

/** Takes features away; their history stays and ends with this line. */
export async function deleteFeatures(tx: Tx, layer: string, ids: readonly number[], writing: Writing): Promise<void> {
  await tx`
    with written as (
      delete from feature where layer = ${layer} and id = any (${[...ids]}::bigint[])
      returning id, version + 1 as version, key, properties, geom, town, unit, source, licence, demo
    )
    ${kept(tx, layer, 'delete', writing)}`
}

/** Puts features back as they were in a version, under their old numbers; those that are gone come back. Their history goes on. */
export async function restoreFeatures(tx: Tx, layer: string, wanted: readonly { id: number; version: number }[], writing: Writing): Promise<void> {
  const { by, at } = writing
  const ids = wanted.map(({ id }) => id)
  await tx`
    with ${placed(tx, keptRows(tx, layer, wanted))},
    last as (select feature_id, max(version) as version from feature_version where feature_id = any (${ids}::bigint[]) group by feature_id),
    written as (
      insert into feature as f (id, layer, version, key, properties, geom, town, towns, outside, unit, source, licence, demo, changed_by, changed_at)
      select p.id, ${layer}, l.version + 1, p.key, p.properties, p.geom, p.town, p.towns, p.outside, p.unit, p.source, p.licence, p.demo, ${by}, ${at}::timestamptz
      from placed p join last l on l.feature_id = p.id
      on conflict (layer, id) do update set version = excluded.version, key = excluded.key, properties = excluded.properties, geom = excluded.geom, town = excluded.town,
        towns = excluded.towns, outside = excluded.outside, unit = excluded.unit, source = excluded.source, licence = excluded.licence, demo = excluded.demo,
        changed_by = excluded.changed_by, changed_at = excluded.changed_at
      returning f.id, f.version, f.key, f.properties, f.geom, f.town, f.unit, f.source, f.licence, f.demo
    )
    ${kept(tx, layer, 'restore', writing)}`
}

/** Which versions of features one can go back to, as `number/version`: those in which they were there. */
export async function keptVersions(sql: Queryable, layer: string, ids: readonly number[]): Promise<Set<string>> {
  const rows = await sql<{ one: string }[]>`
    select feature_id || '/' || version as one from feature_version where layer = ${layer} and feature_id = any (${[...ids]}::bigint[]) and act <> 'delete'`
  return new Set(rows.map(({ one }) => one))
}

/** Everything that was done in the course of one thing, oldest first: to undo an import, restore what was there before and delete what it brought. */
export async function versionsOfCause(sql: Queryable, layer: string, cause: string): Promise<{ id: number; version: number; act: FeatureAct }[]> {
  return [
    ...(await sql<{ id: number; version: number; act: FeatureAct }[]>`
      select feature_id::float8 as id, version, act from feature_version where layer = ${layer} and cause = ${cause} order by feature_id, version`),
  ]
}

/** Finds anew in which town every feature lies, after the boundaries were replaced. @returns the layers where something changed */
export async function reassignTowns(tx: Tx, at: string | null = null): Promise<string[]> {
  const rows = await tx<{ layer: string }[]>`
    with moved as (
      update feature f set town = coalesce(p.towns[1], f.town), towns = coalesce(p.towns, '{}'), outside = p.covered < ${1 - LEAST_SHARE}::float8, placed_at = coalesce(${at}::timestamptz, now())
      from feature g cross join lateral (${townsOf(tx, tx`g.geom`)}) p
      where g.layer = f.layer and g.id = f.id and g.geom is not null
        and (f.towns is distinct from coalesce(p.towns, '{}') or f.outside is distinct from (p.covered < ${1 - LEAST_SHARE}::float8))
      returning f.layer
    )
    select distinct layer from moved order by layer`
  return rows.map(({ layer }) => layer)
}

export interface FeatureVersionRow {
  version: number
  at: string
  by: string
  /** How the account is called; null where it is none. */
  person: string | null
  act: FeatureAct
  reason: string
  key: string | null
  properties: FeatureProperties
  geometry: Geometry | null
  town: string | null
  unit: string | null
  source: string
  licence: string
  demo: boolean
}

/** Everything that a feature was, oldest first; also of one that is gone. */
export async function featureHistory(sql: Queryable, layer: string, id: number): Promise<FeatureVersionRow[]> {
  return [
    ...(await sql<FeatureVersionRow[]>`
      select v.version, v.at, v.by, a.person, v.act, v.reason, v.key, v.properties, ST_AsGeoJSON(v.geom, 8)::json as geometry, v.town, v.unit, v.source, v.licence, v.demo
      from feature_version v left join account a on a.name = v.by where v.layer = ${layer} and v.feature_id = ${id} order by v.version`),
  ]
}
