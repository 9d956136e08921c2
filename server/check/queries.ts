import type { MultiPolygon, Polygon } from 'geojson'
import { PERMANENT, type Overlay, type Part, type Verdict } from '../../geo/check/check.ts'
import type { CheckGround } from '../../geo/check/content.ts'
import type { Acknowledgement, CheckChange, CheckSight, CheckSource, CheckState, Differences, RunCause } from '../../geo/check/record.ts'
import { FARMLAND } from '../../geo/layer/farmland.ts'
import { M2_PER_MU } from '../../geo/unit/unit.ts'
import type { Queryable, Tx } from '../database/connect.ts'
import type { Frozen } from '../frozen/frozen.ts'
import { boxAround, townsOf } from '../layer/queries.ts'

export interface OverlayRow extends Overlay {
  /** What of the plot lies on permanent basic farmland, to be marked on the map; null: nothing. */
  touched: MultiPolygon | null
  /** The plot without that: the smallest change that avoids it; null: nothing is left. */
  remaining: MultiPolygon | null
  remainingM2: number
  /** The towns that the plot lies in by the boundaries in use, most of it first. */
  towns: string[]
  /** Of the parcels that it meets: another one, when one of them is another. */
  fingerprint: string
  dataVersion: number
}

/** One for the same parcels in the same versions, placed in the same towns. */
const fingerprintOf = (sql: Queryable) => sql`md5(coalesce(string_agg(concat_ws('/', f.id, f.version, f.town), ',' order by f.id), ''))`
/** Parcels that meet a shape. */
const meets = (sql: Queryable, geom: ReturnType<Queryable>) => sql`f.layer = ${FARMLAND.id} and f.geom_3857 && ${boxAround(sql, geom)} and ST_Intersects(f.geom, ${geom})`

/**
 * One definition of area for parcels and for parts of them: on the ellipsoid, along edges that are straight in longitude and latitude, as overlays cut
 * them. Without points in between an edge of 2 km would run along its geodesic, 5 cm beside, and the parts would not add up.
 */
const STEP_DEGREES = 0.0005

/**
 * A plot (valid, WGS84) overlaid with the farmland as it is now, in one statement: all of it is of one data version. Parts below the tolerance come
 * with their shapes.
 */
export async function overlayOf(sql: Queryable, plot: Polygon | MultiPolygon, toleranceMu: number): Promise<OverlayRow> {
  const [row] = await sql<(Omit<OverlayRow, 'parts' | 'dataVersion'> & { parts: Part[] | null; dataVersion: string })[]>`
    with plot as materialized (select ST_SetSRID(ST_GeomFromGeoJSON(${JSON.stringify(plot)}), 4326) as geom),
    cut as materialized (
      select f.id, f.properties, f.town, f.demo, f.geom as parcel,
             case when ST_Covers(p.geom, f.geom) then f.geom else ST_CollectionExtract(ST_Intersection(f.geom, p.geom), 3) end as geom
      from plot p join feature f on ${meets(sql, sql`p.geom`)}
    ),
    part as materialized (
      select *, ST_Area(ST_Segmentize(geom, ${STEP_DEGREES}::float8)::geography) as area_m2, ST_Area(ST_Segmentize(parcel, ${STEP_DEGREES}::float8)::geography) as parcel_m2
      from cut where not ST_IsEmpty(geom)
    ),
    together as materialized (
      select (select ST_Union(geom) from part) as farmland, (select ST_Union(geom) from part where properties->>'kind' = ${PERMANENT}) as permanent
    ),
    shapes as materialized (
      select p.geom as plot, t.farmland, t.permanent,
             case when t.permanent is null then ST_Multi(p.geom)
                  -- Nothing is left. Asked first: embedded, a shape without its very self is more than GEOS can do.
                  when ST_Covers(t.permanent, p.geom) then 'SRID=4326;MULTIPOLYGON EMPTY'::geometry
                  else ST_Multi(ST_CollectionExtract(ST_Difference(p.geom, t.permanent), 3)) end as remaining
      from plot p, together t
    )
    select ST_Area(ST_Segmentize(plot, ${STEP_DEGREES}::float8)::geography) as plot_m2,
           coalesce(ST_Area(ST_Segmentize(farmland, ${STEP_DEGREES}::float8)::geography), 0) as farmland_m2,
           coalesce(ST_Area(ST_Segmentize(permanent, ${STEP_DEGREES}::float8)::geography), 0) as permanent_m2,
           case when permanent is not null then ST_AsGeoJSON(ST_Multi(permanent), 8)::json end as touched,
           case when not ST_IsEmpty(remaining) then ST_AsGeoJSON(remaining, 8)::json end as remaining,
           case when ST_IsEmpty(remaining) then 0 else ST_Area(ST_Segmentize(remaining, ${STEP_DEGREES}::float8)::geography) end as remaining_m2,
           coalesce((select array_to_json(t.towns) from (${townsOf(sql, sql`(select geom from plot)`)}) t), '[]') as towns,
           (select ${fingerprintOf(sql)} from feature f, plot p where ${meets(sql, sql`p.geom`)}) as fingerprint,
           coalesce((select version from layer_version where layer = ${FARMLAND.id}), 0)::text as data_version,
           (select json_agg(json_build_object(
              'id', id, 'number', properties->>'number', 'kind', properties->>'kind', 'owner', properties->>'owner', 'crop', properties->>'crop',
              'town', town, 'demo', demo, 'areaM2', area_m2, 'parcelM2', parcel_m2,
              'shape', case when area_m2 < ${toleranceMu * M2_PER_MU}::float8 then ST_AsGeoJSON(geom, 8)::json end)) from part) as parts
    from shapes`
  const { parts, dataVersion, ...areas } = row!
  return { ...areas, parts: parts ?? [], dataVersion: Number(dataVersion) }
}

/** The land in a box, thinned out to what is seen at a scale: parcels, the largest first, and towns. */
export async function groundOf(sql: Queryable, [west, south, east, north]: readonly number[], step: number, most: number): Promise<CheckGround> {
  const box: ReturnType<Queryable> = sql`ST_MakeEnvelope(${west!}::float8, ${south!}::float8, ${east!}::float8, ${north!}::float8, 4326)`
  const seen = (geom: ReturnType<Queryable>) => sql`ST_CollectionExtract(ST_MakeValid(ST_Simplify(ST_ClipByBox2D(${geom}, ${box}), ${step}::float8)), 3)`
  // The largest are chosen before anything is cut: a plot may be as large as a town.
  const parcels = await sql<CheckGround['parcels']>`
    select kind, ST_AsGeoJSON(shape, 7)::json as geometry
    from (
      select id, area_m2, kind, ${seen(sql`geom`)} as shape
      from (select f.id, f.area_m2, f.properties->>'kind' as kind, f.geom from feature f where f.layer = ${FARMLAND.id} and f.geom_3857 && ${boxAround(sql, box)} order by f.area_m2 desc, f.id limit ${most + 1}) l
    ) g
    where shape is not null and not ST_IsEmpty(shape) order by area_m2 desc, id`
  const towns = await sql<CheckGround['towns']>`
    select town, ST_AsGeoJSON(shape, 7)::json as geometry
    from (select b.town, ${seen(sql`b.geom`)} as shape from boundary b join boundary_set s on s.id = b.set_id and s.current where b.geom && ${box}) g
    where shape is not null and not ST_IsEmpty(shape) order by town`
  return { parcels: parcels.slice(0, most), cut: parcels.length > most, towns: [...towns] }
}

/** A check that is kept. */
export interface CheckRow {
  id: number
  year: number
  no: number
  applicant: string
  purpose: string
  source: CheckSource
  sourceWords: string
  areaMu: number
  toleranceMu: number
  town: string | null
  towns: string[]
  departments: string[]
  state: CheckState
  stateWords: string
  /** Number of the newest run, and what it found. */
  run: number
  verdict: Verdict
  permanentMu: number
  /** Up to this run somebody has looked at what was found. */
  acknowledgedRun: number
  /** The run whose verdict is the check's, and what that one found. */
  standingRun: number
  standingVerdict: Verdict
  standingMu: number
  /** Up to this version of the farmland the newest run holds. */
  dataVersion: number
  version: number
  madeBy: string
  madeAt: string
  changedAt: string
  demo: boolean
}

const columns = (sql: Queryable) => sql`
  c.id, c.year, c.no, c.applicant, c.purpose, c.source, c.source_words, c.area_mu, c.tolerance_mu, c.town, c.towns, c.departments, c.state, c.state_words, c.run, c.verdict,
  c.permanent_mu, c.acknowledged_run, c.standing_run, s.verdict as standing_verdict, s.permanent_mu as standing_mu, c.data_version::float8 as data_version, c.version, c.made_by,
  c.made_at, c.changed_at, c.demo`
/** Each with the run that stands. */
const checks = (sql: Queryable) => sql`farmland_check c join farmland_check_run s on s.check_id = c.id and s.no = c.standing_run`

export interface CheckFilter {
  state?: CheckState | undefined
  /** That stands, or that the newest run has found. */
  verdict?: Verdict | undefined
  town?: string | undefined
  /** A later run found something else. */
  changed?: boolean | undefined
  change?: CheckChange | undefined
  /** In applicant, purpose or number. */
  text?: string | undefined
}

function matches(sql: Queryable, sight: CheckSight, { state, verdict, town, changed, change, text }: CheckFilter) {
  const like = text ? `%${text.replace(/[\\%_]/g, '\\$&')}%` : null
  return sql`
    (${sight.everywhere}::boolean or c.towns && ${[...sight.towns]}::text[] or c.departments && ${[...sight.departments]}::text[] or c.made_by = ${sight.account})
    and (${state ?? null}::text is null or c.state = ${state ?? null}::text)
    and (${verdict ?? null}::text is null or ${verdict ?? null}::text in (c.verdict, s.verdict))
    and (${town ?? null}::text is null or ${town ?? null}::text = any (c.towns))
    and (${changed ?? null}::boolean is null or (c.run > 1) = ${changed ?? null}::boolean)
    and (${change ?? null}::text is null or ${change ?? null}::text = case when c.run = 1 then 'none' when c.run > c.acknowledged_run then 'new' else 'seen' end)
    and (${like}::text is null or c.applicant ilike ${like}::text or c.purpose ilike ${like}::text
         or '核查' || c.year || '-' || case when c.no < 10000 then lpad(c.no::text, 4, '0') else c.no::text end ilike ${like}::text)`
}

/** A page of checks, the newest first. */
export async function checksOf(sql: Queryable, sight: CheckSight, filter: CheckFilter, page: { limit: number; offset: number }): Promise<CheckRow[]> {
  return [
    ...(await sql<CheckRow[]>`
      select ${columns(sql)} from ${checks(sql)} where ${matches(sql, sight, filter)} order by c.year desc, c.no desc limit ${page.limit} offset ${page.offset}`),
  ]
}

export interface CheckCounts {
  total: number
  open: number
  /** A later run found something else; of them, what nobody has acknowledged. */
  changed: number
  unacknowledged: number
}

/** How many fit. */
export async function countChecks(sql: Queryable, sight: CheckSight, filter: CheckFilter): Promise<CheckCounts> {
  const [row] = await sql<CheckCounts[]>`
    select count(*)::int as total, (count(*) filter (where c.state = 'open'))::int as open, (count(*) filter (where c.run > 1))::int as changed,
           (count(*) filter (where c.run > c.acknowledged_run))::int as unacknowledged
    from ${checks(sql)} where ${matches(sql, sight, filter)}`
  return row!
}

export async function checkOf(sql: Queryable, id: number): Promise<CheckRow | null> {
  const [row] = await sql<CheckRow[]>`select ${columns(sql)} from ${checks(sql)} where c.id = ${id}`
  return row ?? null
}

/** The plot as it was given: to the millimetre, as it is stored. */
export async function plotOf(sql: Queryable, id: number): Promise<MultiPolygon> {
  const [row] = await sql<{ plot: MultiPolygon }[]>`select ST_AsGeoJSON(plot, 8)::json as plot from farmland_check where id = ${id}`
  return row!.plot
}

/** Holds a check until the transaction ends. Locked first, and read afterwards: whoever waits for the lock would else join the row that stood before, and find nothing. */
export async function holdCheck(tx: Tx, id: number): Promise<CheckRow | null> {
  await tx`select from farmland_check where id = ${id} for update`
  return checkOf(tx, id)
}

export type NewCheck = Omit<CheckRow, 'id' | 'no' | 'state' | 'stateWords' | 'run' | 'acknowledgedRun' | 'standingRun' | 'standingVerdict' | 'standingMu' | 'version' | 'changedAt'> & { plot: MultiPolygon; fingerprint: string }

/** Stores a check under the year's next number; the caller has the turn `checks`. */
export async function insertCheck(tx: Tx, check: NewCheck): Promise<{ id: number; no: number }> {
  const [row] = await tx<{ id: number; no: number }[]>`
    insert into farmland_check (year, no, applicant, purpose, source, source_words, plot, area_mu, tolerance_mu, town, towns, departments, state, verdict, permanent_mu,
                                data_version, fingerprint, made_by, made_at, changed_at, demo)
    values (${check.year}, (select n.no + 1 from farmland_check_numbers(${check.year}) n), ${check.applicant}, ${check.purpose}, ${check.source}, ${check.sourceWords},
            ST_SetSRID(ST_GeomFromGeoJSON(${JSON.stringify(check.plot)}), 4326), ${check.areaMu}, ${check.toleranceMu}, ${check.town}, ${check.towns}::text[],
            ${check.departments}::text[], 'open', ${check.verdict}, ${check.permanentMu}, ${check.dataVersion}, ${check.fingerprint}, ${check.madeBy}, ${check.madeAt},
            ${check.madeAt}, ${check.demo})
    returning id, no`
  return row!
}

export interface NewRun extends Frozen {
  checkId: number
  no: number
  at: string
  by: string
  cause: RunCause
  dataVersion: number
  verdict: Verdict
  permanentMu: number
  differences: Differences | null
}

export async function insertRun(tx: Tx, run: NewRun): Promise<void> {
  await tx`
    insert into farmland_check_run (check_id, no, at, by, cause, data_version, verdict, permanent_mu, differences, sha256, content)
    values (${run.checkId}, ${run.no}, ${run.at}, ${run.by}, ${run.cause}, ${run.dataVersion}, ${run.verdict}, ${run.permanentMu},
            ${run.differences === null ? null : tx.json(run.differences as never)}, ${run.sha256}, ${run.content})`
}

export type RunRow = Omit<NewRun, 'checkId' | 'content'>

/** The runs of a check, the newest first, without what they froze. */
export async function runsOf(sql: Queryable, id: number): Promise<RunRow[]> {
  return [
    ...(await sql<RunRow[]>`
      select no, at, by, cause, data_version::float8 as data_version, verdict, permanent_mu, differences, sha256 from farmland_check_run where check_id = ${id} order by no desc`),
  ]
}

/** What a run froze; null: there is no such run. */
export async function frozenRun(sql: Queryable, id: number, no: number): Promise<(Frozen & { at: string; by: string }) | null> {
  const [row] = await sql<(Frozen & { at: string; by: string })[]>`select content, sha256, at, by from farmland_check_run where check_id = ${id} and no = ${no}`
  return row ?? null
}

/** What the newest run found, and up to which version it holds. */
export async function putRun(tx: Tx, id: number, run: Pick<CheckRow, 'run' | 'verdict' | 'permanentMu' | 'dataVersion'> & { fingerprint: string; at: string }): Promise<void> {
  await tx`
    update farmland_check set run = ${run.run}, verdict = ${run.verdict}, permanent_mu = ${run.permanentMu}, data_version = ${run.dataVersion}, fingerprint = ${run.fingerprint},
                              version = version + 1, changed_at = ${run.at} where id = ${id}`
}

/** What was acknowledged of a check, the newest first. */
export async function acknowledgementsOf(sql: Queryable, id: number): Promise<Acknowledgement[]> {
  return [
    ...(await sql<Acknowledgement[]>`
      select no, at, by, run, stood, stands, data_version::float8 as data_version, words from farmland_check_acknowledgement where check_id = ${id} order by no desc`),
  ]
}

export async function insertAcknowledgement(tx: Tx, id: number, { no, at, by, run, stood, stands, dataVersion, words }: Acknowledgement): Promise<void> {
  await tx`
    insert into farmland_check_acknowledgement (check_id, no, at, by, run, stood, stands, data_version, words)
    values (${id}, ${no}, ${at}, ${by}, ${run}, ${stood}, ${stands}, ${dataVersion}, ${words})`
}

/** Which run was looked at last, and which one stands. */
export async function putStanding(tx: Tx, id: number, { run, stands, at }: Pick<Acknowledgement, 'run' | 'stands' | 'at'>): Promise<void> {
  await tx`update farmland_check set acknowledged_run = ${run}, standing_run = ${stands}, version = version + 1, changed_at = ${at} where id = ${id}`
}

/** The newest run of these checks holds up to a version too. */
export async function confirmChecks(tx: Tx, ids: readonly number[], dataVersion: number): Promise<void> {
  await tx`update farmland_check set data_version = greatest(data_version, ${dataVersion}) where id = any (${[...ids]}::int[]) and state = 'open'`
}

export async function putState(tx: Tx, id: number, state: CheckState, words: string, at: string): Promise<void> {
  await tx`update farmland_check set state = ${state}, state_words = ${words}, version = version + 1, changed_at = ${at} where id = ${id}`
}

/** Finds anew in which towns every plot lies, after the boundaries were replaced. What runs froze stays as it was. */
export async function placeChecksAnew(tx: Tx): Promise<void> {
  await tx`
    update farmland_check c set town = p.towns[1], towns = coalesce(p.towns, '{}')
    from farmland_check d cross join lateral (${townsOf(tx, tx`d.plot`)}) p
    where d.id = c.id and c.towns is distinct from coalesce(p.towns, '{}')`
}

/** Open checks that the farmland has got ahead of, by number from after one on; `same`: none of the parcels that the plot meets is another. */
export async function checksBehind(sql: Queryable, after: number, limit: number): Promise<{ id: number; same: boolean; dataVersion: number }[]> {
  return [
    ...(await sql<{ id: number; same: boolean; dataVersion: number }[]>`
      select c.id, c.fingerprint = (select ${fingerprintOf(sql)} from feature f where ${meets(sql, sql`c.plot`)}) as same, v.version::float8 as data_version
      from farmland_check c join layer_version v on v.layer = ${FARMLAND.id} and c.data_version < v.version
      where c.state = 'open' and c.id > ${after} order by c.id limit ${limit}`),
  ]
}
