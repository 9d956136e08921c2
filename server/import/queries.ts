import type { Span } from '../../geo/import/span.ts'
import type { ImportChoices, ImportFinding, ImportReport, ImportState, Found } from '../../geo/import/import.ts'
import { OVERLAP_TOLERANCE_M2, REPAIR_TOLERANCE, AREA_TOLERANCE } from '../../geo/import/import.ts'
import type { FeatureAct, Layer } from '../../geo/layer/layer.ts'
import { M2_PER_MU } from '../../geo/unit/unit.ts'
import type { Queryable, Sql, Tx } from '../database/connect.ts'
import type { Preview } from '../format/open.ts'
import { boxAround, LEAST_SHARE, townsOf } from '../layer/queries.ts'
import type { Batch } from './stage.ts'

export interface Progress {
  phase: 'reading' | 'comparing' | 'storing' | 'undoing'
  done: number
  of: number
}

export interface ImportRow {
  id: number
  layer: string
  state: ImportState
  version: number
  fileName: string
  fileSize: number
  sha256: string
  preview: Preview
  choices: ImportChoices | null
  progress: Progress | null
  report: ImportReport | null
  failure: { key: string; params: Record<string, unknown> } | null
  cancelled: boolean
  by: string
  origin: string
  demo: boolean
  at: string
  changedAt: string
}

const columns = (sql: Queryable) =>
  sql`id, layer, state, version, file_name, file_size::float8 as file_size, sha256, preview, choices, progress, report, failure, cancelled, by, origin, demo, at, changed_at`

/** Imports, the newest first. */
export async function imports(sql: Queryable, most: number): Promise<ImportRow[]> {
  return [...(await sql<ImportRow[]>`select ${columns(sql)} from import order by id desc limit ${most}`)]
}

export async function importOf(sql: Queryable, id: number): Promise<ImportRow | null> {
  const [row] = await sql<ImportRow[]>`select ${columns(sql)} from import where id = ${id}`
  return row ?? null
}

/** Where the district lies, by the boundaries in use; before there are any, the whole country. */
export async function groundOfDistrict(sql: Queryable): Promise<[number, number, number, number]> {
  const [row] = await sql<{ west: number | null; south: number; east: number; north: number }[]>`
    select ST_XMin(e) as west, ST_YMin(e) as south, ST_XMax(e) as east, ST_YMax(e) as north
    from (select ST_Extent(b.geom) as e from boundary b join boundary_set s on s.id = b.set_id and s.current) g`
  return row?.west == null ? [73, 3, 136, 54] : [row.west, row.south, row.east, row.north]
}

/** Holds the import until the transaction ends. */
export async function holdImport(tx: Tx, id: number): Promise<ImportRow | null> {
  const [row] = await tx<ImportRow[]>`select ${columns(tx)} from import where id = ${id} for update`
  return row ?? null
}

/** Bytes in one piece of a file. */
const PIECE = 4 * 1024 * 1024

export async function insertImport(tx: Tx, row: Pick<ImportRow, 'layer' | 'fileName' | 'sha256' | 'preview' | 'by' | 'origin' | 'demo' | 'at'>, bytes: Uint8Array): Promise<number> {
  const [added] = await tx<{ id: number }[]>`
    insert into import (layer, state, file_name, file_size, sha256, preview, by, origin, demo, at, changed_at)
    values (${row.layer}, 'read', ${row.fileName}, ${bytes.length}, ${row.sha256}, ${tx.json(row.preview as never)}, ${row.by}, ${row.origin}, ${row.demo}, ${row.at}, ${row.at}) returning id`
  const { id } = added!
  for (let no = 0; no * PIECE < bytes.length; no++) {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset + no * PIECE, Math.min(PIECE, bytes.length - no * PIECE))
    await tx`insert into import_chunk (import_id, no, bytes) values (${id}, ${no}, ${piece})`
  }
  return id
}

/** The file as it was handed in; null: it is gone. */
export async function importBytes(sql: Queryable, id: number): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = []
  for (let no = 0; ; no++) {
    const [row] = await sql<{ bytes: Uint8Array }[]>`select bytes from import_chunk where import_id = ${id} and no = ${no}`
    if (!row) break
    pieces.push(row.bytes)
  }
  return pieces.length ? new Uint8Array(Buffer.concat(pieces)) : null
}

/** What a person changes of an import, each time its next version. */
export async function updateImport(tx: Tx, id: number, change: { state: ImportState; at: string; who?: Pick<ImportRow, 'by' | 'origin' | 'demo'>; layer?: string; preview?: Preview; choices?: ImportChoices | null }): Promise<void> {
  await tx`
    update import set version = version + 1, state = ${change.state}, changed_at = ${change.at}, failure = null, progress = null, cancelled = false, held_until = null,
           layer = coalesce(${change.layer ?? null}, layer),
           by = coalesce(${change.who?.by ?? null}, by), origin = coalesce(${change.who?.origin ?? null}, origin), demo = coalesce(${change.who?.demo ?? null}::boolean, demo),
           preview = coalesce(${change.preview ? tx.json(change.preview as never) : null}::jsonb, preview),
           choices = case when ${change.choices === undefined} then choices else ${change.choices ? tx.json(change.choices as never) : null}::jsonb end,
           report = case when ${change.state} in ('read', 'checking') then null else report end
    where id = ${id}`
}

export async function askToCancel(tx: Tx, id: number, at: string): Promise<void> {
  await tx`update import set cancelled = true, changed_at = ${at} where id = ${id}`
}

/** How long whoever works on an import may be silent before another goes on with it. */
const HELD = '120 seconds'

/** An import that waits for work, held by the caller; null: there is none. */
export async function claimImport(sql: Sql): Promise<ImportRow | null> {
  const [row] = await sql<ImportRow[]>`
    update import set held_until = now() + ${HELD}::interval
    where id = (select id from import where state in ('checking', 'storing', 'undoing') and (held_until is null or held_until < now()) order by changed_at limit 1 for update skip locked)
    returning ${columns(sql)}`
  return row ?? null
}

/** Says how far the work is, and that it goes on. @returns whether it should: nobody has cancelled it */
export async function goOn(sql: Queryable, id: number, progress: Progress): Promise<boolean> {
  const [row] = await sql<{ cancelled: boolean }[]>`
    update import set progress = ${sql.json(progress as never)}, held_until = now() + ${HELD}::interval where id = ${id} returning cancelled`
  return row ? !row.cancelled : false
}

export async function isCancelled(sql: Queryable, id: number): Promise<boolean> {
  const [row] = await sql<{ cancelled: boolean }[]>`select cancelled from import where id = ${id}`
  return row?.cancelled ?? true
}

/** Work that is over, in whichever way. */
export async function endWork(sql: Queryable, id: number, end: { state: ImportState; report?: ImportReport; failure?: ImportRow['failure'] }): Promise<void> {
  await sql`
    update import set state = ${end.state}, version = version + 1, progress = null, held_until = null, cancelled = false,
           report = coalesce(${end.report ? sql.json(end.report as never) : null}::jsonb, report), failure = ${end.failure ? sql.json(end.failure as never) : null}::jsonb
    where id = ${id}`
}

/** The file and its staged features are no longer needed. */
export async function clearImport(sql: Queryable, id: number): Promise<void> {
  await sql`delete from import_feature where import_id = ${id}`
  await sql`delete from import_chunk where import_id = ${id}`
}

/** Imports that nobody has touched since an instant and that wait for a person. */
export async function forgottenImports(sql: Queryable, before: string): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`select id from import where state in ('read', 'checked', 'failed') and changed_at < ${before} order by id`
  return rows.map(({ id }) => id)
}

// ── The dry run ──

export async function clearStaged(sql: Queryable, id: number): Promise<void> {
  await sql`delete from import_feature where import_id = ${id}`
}

/** The field whose number is an area in mu, to be held against the map. */
export function declaredField({ figure, fields }: Layer): string | null {
  return figure === 'area' ? (Object.entries(fields).find(([, { type, unit }]) => type === 'number' && unit === '亩')?.[0] ?? null) : null
}

/** Stages a batch behind `from` features, each looked at by itself: validity with repair, the towns, and what is declared against what is measured. */
export async function stage(sql: Queryable, id: number, layer: Layer, repair: boolean, from: number, { keys, properties, shapes, findings }: Batch): Promise<void> {
  const declared = declaredField(layer)
  const isArea = layer.geometry === 'polygon'
  await sql`
    with read as materialized (
      select ${from} + t.i as i, nullif(t.key, '') as key, t.properties::jsonb as properties, nullif(t.shape, '')::geometry as before, t.findings::jsonb as findings, t.findings <> '[]' as faulty
      from unnest(string_to_array(${keys}, E'\n'), string_to_array(${properties}, E'\n'), string_to_array(${shapes}, E'\n'), string_to_array(${findings}, E'\n'))
        with ordinality as t (key, properties, shape, findings, i)
    ),
    judged as materialized (
      select *, case when ${isArea} and not ST_IsValid(before) then ST_IsValidReason(before) end as reason, nullif(properties->>${declared ?? ''}::text, '') as declared from read
    ),
    mended as materialized (
      select *, case when reason is not null then ST_CollectionExtract(ST_MakeValid(before), 3) else before end as sound from judged
    ),
    measured as materialized (
      select *, measured_area_m2(geom) as area_m2, measured_length_m(geom) as length_m, measured_small(geom) as small, ST_Transform(geom, 3857) as geom_3857,
             case when reason is not null then coalesce(abs(ST_Area(before) - ST_Area(geom)) / nullif(ST_Area(geom), 0) * ST_Area(geom::geography), 1e12) end as changed
      from (select *, case when ${isArea} then ST_ForcePolygonCCW(sound) else sound end as geom from mended offset 0) wound
    ),
    decided as materialized (
      select *, reason is not null and (${!repair} or ST_IsEmpty(geom) or changed > greatest(${REPAIR_TOLERANCE.m2}::float8, ${REPAIR_TOLERANCE.share}::float8 * area_m2)) as bad from measured
    ),
    -- Town by town, each prepared once for all shapes. Most lie inside one and meet no other: only the rest are cut to see how much lies where.
    met as materialized (
      select d.i, b.town, ST_ContainsProperly(b.geom, d.geom) as inside
      from boundary b join boundary_set s on s.id = b.set_id and s.current cross join lateral (select i, geom from decided where not bad and geom && b.geom offset 0) d
      where ST_Intersects(b.geom, d.geom)
    ),
    home as materialized (select i, min(town) as town from met group by i having count(*) = 1 and bool_and(inside)),
    cut as materialized (
      select d.i, p.towns, p.covered
      from (select i, geom from decided where i in (select i from met) and i not in (select i from home)) d cross join lateral (${townsOf(sql, sql`d.geom`)}) p
    ),
    placed as materialized (
      select d.*, case when h.town is null then c.towns else array[h.town] end as towns,
             h.town is null and not bad and d.geom is not null and coalesce(c.covered, 0) < ${1 - LEAST_SHARE}::float8 as outside,
             area_m2 / ${M2_PER_MU}::float8 as mu
      from decided d left join home h using (i) left join cut c using (i)
    )
    insert into import_feature (import_id, i, key, properties, geom, lies_in, towns, outside, faulty, geom_3857, area_m2, length_m, small, findings)
    select ${id}, i, key, properties, case when bad then before else geom end, towns[1], coalesce(towns, '{}'), outside, faulty or bad, geom_3857, area_m2, length_m, small,
      findings
        || case when bad then jsonb_build_array(jsonb_build_object('finding', 'invalid', 'params', jsonb_build_object('what', reason)))
                when reason is not null then jsonb_build_array(jsonb_build_object('finding', 'repaired', 'params', jsonb_build_object('what', reason, 'm2', round(changed::numeric, 2)))) else '[]' end
        || case when outside then '[{"finding": "outside", "params": {}}]'::jsonb else '[]' end
        || case when cardinality(towns) > 1 then '[{"finding": "crosses", "params": {}}]'::jsonb else '[]' end
        || case when not bad and not faulty and declared is not null and abs(declared::float8 - mu) > greatest(${AREA_TOLERANCE.mu}::float8, ${AREA_TOLERANCE.share}::float8 * mu)
                then jsonb_build_array(jsonb_build_object('finding', 'area', 'params', jsonb_build_object('declared', declared::float8, 'measured', round(mu::numeric, 2)))) else '[]' end
    from placed`
}

export async function countStaged(sql: Queryable, id: number): Promise<number> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from import_feature where import_id = ${id}`
  return row!.n
}

/** Statistics for what has just been written: without them the joins below are planned for an empty table. */
export async function learnStaged(sql: Sql): Promise<void> {
  await sql`analyze import_feature (import_id, i, key, faulty, target)`
}

/** The same for the layers, after many features came or went: until then tiles and the next import would be planned for how much there was before. */
export async function learnFeatures(sql: Sql): Promise<void> {
  await sql`analyze feature, feature_version`
}

export interface Slice {
  from: number
  until: number
}

/** Keys: missing where they are needed, twice in the file, taken in the layer; and the feature of the layer that has the same. */
export async function meetByKey(sql: Queryable, id: number, layer: Layer, mode: ImportChoices['mode']): Promise<void> {
  const byKey = mode !== 'add'
  await sql`
    with keyed as (
      select s.i, s.key, count(*) over (partition by s.key) as times, f.id as target,
             f.id is not null and f.properties = s.properties and f.geom is not distinct from s.geom as same
      from import_feature s left join feature f on f.layer = ${layer.id} and f.key = s.key where s.import_id = ${id}
    ),
    wrong as (
      select i, target, same,
             case when key is null then case when ${byKey} then jsonb_build_array(jsonb_build_object('finding', 'no-key', 'params', '{}'::jsonb)) else '[]' end
                  when times > 1 then jsonb_build_array(jsonb_build_object('finding', 'key-twice', 'params', jsonb_build_object('what', key)))
                  when ${!byKey} and target is not null then jsonb_build_array(jsonb_build_object('finding', 'key-taken', 'params', jsonb_build_object('what', key)))
                  else '[]' end as found
      from keyed
    )
    update import_feature f set findings = f.findings || w.found, faulty = f.faulty or w.found <> '[]', target = case when ${byKey} then w.target end, same = ${byKey} and coalesce(w.same, false)
    from wrong w where f.import_id = ${id} and f.i = w.i and (w.found <> '[]' or w.target is not null)`
}

/** Whether the layer has anything that an import may meet. */
export async function anyFeatures(sql: Queryable, layer: string): Promise<boolean> {
  const [row] = await sql<{ any: boolean }[]>`select exists (select from feature where layer = ${layer}) as any`
  return row!.any
}

/**
 * Doubles and overlaps for a span of the file: within it among the pairs that may meet, and with the layer (`held`) by place. Of areas only those of one
 * class: what protects lies over what is grown.
 */
export async function compareStaged(sql: Queryable, id: number, layer: Layer, held: boolean, { from, until, ones, others }: Span): Promise<void> {
  const isArea = layer.geometry === 'polygon'
  const legend = layer.legend.field
  await sql`
    with pair as materialized (select * from unnest(${ones}::int[], ${others}::int[]) as p (i, other)),
    in_file as (
      select a.i, b.i as other, a.geom ~= b.geom and ST_Equals(a.geom, b.geom) as equal, a.geom as one, b.geom as two
      from pair p join import_feature a on a.import_id = ${id} and a.i = p.i join import_feature b on b.import_id = ${id} and b.i = p.other
      where not a.faulty and not b.faulty and ((a.geom ~= b.geom and ST_Equals(a.geom, b.geom)) or (${isArea} and a.properties->>${legend}::text is not distinct from b.properties->>${legend}::text and ST_Relate(a.geom, b.geom, '2********')))
    ),
    in_layer as (
      select a.i, coalesce(f.properties->>${layer.title}::text, f.key, f.id::text) as other, a.geom ~= f.geom and ST_Equals(a.geom, f.geom) as equal, a.geom as one, f.geom as two
      from import_feature a join feature f on f.layer = ${layer.id} and f.geom_3857 && ${boxAround(sql, sql`a.geom`)} and f.id is distinct from a.target
      where ${held} and a.import_id = ${id} and a.i > ${from} and a.i <= ${until} and a.geom is not null and not a.faulty
        and ((a.geom ~= f.geom and ST_Equals(a.geom, f.geom)) or (${isArea} and f.properties->>${legend}::text is not distinct from a.properties->>${legend}::text and ST_Relate(a.geom, f.geom, '2********')))
    ),
    found as (
      select i, jsonb_build_object('finding', case when equal then 'twice' else 'overlaps' end, 'params', jsonb_build_object('other', other, 'm2', round(m2::numeric, 1))) as one
      from (select *, case when equal then 0 when ${isArea} then ST_Area(ST_Intersection(one, two)::geography) else 0 end as m2 from in_file) m where equal or m2 > ${OVERLAP_TOLERANCE_M2}::float8
      union all
      select i, jsonb_build_object('finding', case when equal then 'in-layer' else 'overlaps-layer' end, 'params', jsonb_build_object('what', other, 'm2', round(m2::numeric, 1)))
      from (select *, case when equal then 0 when ${isArea} then ST_Area(ST_Intersection(one, two)::geography) else 0 end as m2 from in_layer) m where equal or m2 > ${OVERLAP_TOLERANCE_M2}::float8
    )
    update import_feature f set findings = f.findings || l.list
    from (select i, jsonb_agg(one) as list from (select i, one, row_number() over (partition by i) as n from found) r where n <= 5 group by i) l
    where f.import_id = ${id} and f.i = l.i`
}

export async function reportOf(sql: Queryable, id: number, layer: Layer, mode: ImportChoices['mode']): Promise<ImportReport> {
  const counted = sql<[Omit<ImportReport, 'findings' | 'byTown' | 'deleted' | 'box'> & { west: number | null; south: number; east: number; north: number; deleted: number }]>`
    select count(*)::int as features, count(*) filter (where not faulty)::int as good, count(*) filter (where faulty)::int as faulty,
           count(*) filter (where not faulty and target is null)::int as created, count(*) filter (where not faulty and target is not null and not same)::int as changed,
           count(*) filter (where not faulty and same)::int as same,
           ST_XMin(ST_Extent(geom) filter (where not faulty)) as west, ST_YMin(ST_Extent(geom) filter (where not faulty)) as south,
           ST_XMax(ST_Extent(geom) filter (where not faulty)) as east, ST_YMax(ST_Extent(geom) filter (where not faulty)) as north,
           (select count(*)::int from feature f where ${mode === 'replace'} and f.layer = ${layer.id}
             and not exists (select from import_feature s where s.import_id = ${id} and s.target = f.id and not s.faulty)) as deleted
    from import_feature where import_id = ${id}`
  const findings = sql<{ finding: ImportFinding; n: number }[]>`
    select x->>'finding' as finding, count(distinct i)::int as n from import_feature, jsonb_array_elements(findings) x where import_id = ${id} and findings <> '[]' group by 1 order by 1`
  const inTowns = sql<{ town: string; n: number }[]>`
    select lies_in as town, count(*)::int as n from import_feature where import_id = ${id} and not faulty and lies_in is not null group by 1 order by 1`
  const [[row], found, towns] = await Promise.all([counted, findings, inTowns])
  const { west, south, east, north, ...counts } = row
  return {
    ...counts,
    findings: Object.fromEntries(found.map(({ finding, n }) => [finding, n])),
    box: west === null ? null : [west, south, east, north],
    byTown: Object.fromEntries(towns.map(({ town, n }) => [town, n])),
  }
}

export interface StagedRow {
  i: number
  key: string | null
  title: string | null
  findings: Found[]
  faulty: boolean
  town: string | null
  geometry: object | null
}

/** Features of the file with something found, by their place in it. */
export async function stagedFindings(sql: Queryable, id: number, titleField: string, finding: string | null, page: { after: number; limit: number }): Promise<StagedRow[]> {
  return [
    ...(await sql<StagedRow[]>`
      select i, key, left(properties->>${titleField}::text, 100) as title, findings, faulty, lies_in as town,
             case when geom is not null and ST_NPoints(geom) < 2000 then ST_AsGeoJSON(geom, 7)::json end as geometry
      from import_feature
      where import_id = ${id} and i > ${page.after} and findings <> '[]' and (${finding}::text is null or findings @> jsonb_build_array(jsonb_build_object('finding', ${finding}::text)))
      order by i limit ${page.limit}`),
  ]
}

// ── Storing and undoing ──

export interface StoreParts {
  id: number
  layer: string
  by: string
  at: string
  reason: string
  source: string
  licence: string
  demo: boolean
}

/** Until the transaction ends: a slice is put in order of place without a file in between. */
export async function sortInMemory(tx: Tx): Promise<void> {
  await tx`set local work_mem = '64MB'`
}

/** Anew, under the lock of the layer: what has the same key now. */
export async function meetAgain(tx: Tx, id: number, layer: string): Promise<void> {
  await tx`
    update import_feature s set target = f.id, same = f.properties = s.properties and f.geom is not distinct from s.geom
    from import_feature o left join feature f on f.layer = ${layer} and f.key = o.key
    where s.import_id = ${id} and o.import_id = s.import_id and o.i = s.i and s.target is distinct from f.id`
}

/** The line of history of each row that the part `written` of a statement gives. */
function kept(sql: Queryable, { id, layer, by, at, reason }: StoreParts, act: FeatureAct) {
  return sql`
    insert into feature_version (feature_id, version, layer, at, by, act, reason, cause, key, properties, geom, town, unit, source, licence, demo)
    select id, version, ${layer}, ${at}::timestamptz, ${by}, ${act}, ${reason}, ${causeOf(id)}, key, properties, geom, town, unit, source, licence, demo from written`
}

/** What the history of features calls an import. */
export const causeOf = (id: number) => `import/${id}`

/** Whether anything of the file is in the layer already. */
export async function anyMeets(tx: Tx, id: number): Promise<boolean> {
  const [row] = await tx<{ meets: boolean }[]>`select exists (select from import_feature where import_id = ${id} and target is not null and not faulty and not same) as meets`
  return row!.meets
}

export async function storeCreated(tx: Tx, parts: StoreParts, { from, until }: Slice): Promise<void> {
  const { id, layer, by, at, source, licence, demo } = parts
  await tx`
    with written as (
      insert into feature (layer, version, key, properties, geom, geom_3857, area_m2, length_m, small, town, towns, outside, unit, source, licence, demo, changed_by, changed_at)
      select ${layer}, 1, key, properties, geom, geom_3857, area_m2, length_m, small, lies_in, towns, outside, null, ${source}, ${licence}, ${demo}, ${by}, ${at}::timestamptz
      from import_feature where import_id = ${id} and i > ${from} and i <= ${until} and not faulty and target is null order by geom nulls last, i
      returning id, version, key, properties, geom, town, unit, source, licence, demo
    )
    ${kept(tx, parts, 'create')}`
}

export async function storeChanged(tx: Tx, parts: StoreParts, { from, until }: Slice): Promise<void> {
  const { id, layer, by, at, source, licence, demo } = parts
  await tx`
    with written as (
      update feature f set version = f.version + 1, properties = s.properties, geom = s.geom, geom_3857 = s.geom_3857, area_m2 = s.area_m2, length_m = s.length_m, small = s.small, town = coalesce(s.lies_in, f.town), towns = s.towns, outside = s.outside,
                           source = ${source}, licence = ${licence}, demo = f.demo or ${demo}, changed_by = ${by}, changed_at = ${at}::timestamptz
      from import_feature s
      where f.layer = ${layer} and s.target = f.id and s.import_id = ${id} and s.i > ${from} and s.i <= ${until} and not s.faulty and not s.same
      returning f.id, f.version, f.key, f.properties, f.geom, f.town, f.unit, f.source, f.licence, f.demo
    )
    ${kept(tx, parts, 'change')}`
}

/** Of a layer that is replaced: what the file does not have. */
export async function storeDeleted(tx: Tx, parts: StoreParts): Promise<void> {
  const { id, layer } = parts
  await tx`
    with written as (
      delete from feature f where f.layer = ${layer}
        and not exists (select from import_feature s where s.import_id = ${id} and s.target = f.id and not s.faulty)
        and not exists (select from feature_version v where v.layer = ${layer} and v.cause = ${causeOf(id)} and v.feature_id = f.id)
      returning id, version + 1 as version, key, properties, geom, town, unit, source, licence, demo
    )
    ${kept(tx, parts, 'delete')}`
}

/** How many features are no longer as the import left them. */
export async function changedSince(tx: Tx, id: number, layer: string): Promise<number> {
  const [row] = await tx<{ n: number }[]>`
    select count(distinct v.feature_id)::int as n from feature_version v
    where v.layer = ${layer} and v.cause = ${causeOf(id)} and exists (select from feature_version w where w.feature_id = v.feature_id and w.version > v.version)`
  return row!.n
}
