import type { AttachmentType } from '../../geo/attachment/attachment.ts'
import type { FindingDays } from '../../geo/finding/counts.ts'
import type { FindingAct, FindingSource, FindingState, PhotoStage, SafetyCode } from '../../geo/finding/finding.ts'
import type { NearTown } from '../../geo/finding/place.ts'
import type { HungFindings } from '../../geo/finding/reminders.ts'
import type { Queryable, Tx } from '../database/connect.ts'

/** A finding as it stands. */
export interface FindingRow {
  id: number
  no: number
  ref: string | null
  task: number
  town: string
  atBorder: boolean
  title: string
  words: string
  address: string
  source: FindingSource
  code: SafetyCode | null
  /** [longitude, latitude], WGS84. */
  place: [number, number]
  foundOn: string
  dueOn: string
  state: FindingState
  stepWords: string
  fixedOn: string | null
  struckOn: string | null
  checkedOn: string | null
  version: number
  enteredBy: string
  changedAt: string
  demo: boolean
  photos: number
  /** Lead departments of its task. */
  departments: string[]
  /** The road that it hangs on and where, in metres from the road's start; `name` null: the road is gone. */
  road: (RoadPlace & { name: string | null }) | null
}

/** A place on a road: the number of the feature, and metres from its start. */
export interface RoadPlace {
  feature: number
  chainage: number
}

type Stored = Omit<FindingRow, 'id' | 'place' | 'road'> & { id: string; lon: number; lat: number; roadFeature: number | null; chainageM: number | null; roadName: string | null }
const fromStored = ({ lon, lat, roadFeature, chainageM, roadName, ...row }: Stored): FindingRow => ({
  ...row,
  id: Number(row.id),
  place: [lon, lat],
  road: roadFeature === null || chainageM === null ? null : { feature: roadFeature, chainage: chainageM, name: roadName },
})

/** How far somebody's sight reaches: the same as the database's own wall, so that pages and totals are right also where there is none. */
export interface Sight {
  everywhere: boolean
  towns: readonly string[]
  departments: readonly string[]
}

export interface FindingFilter {
  id?: number | undefined
  town?: string | undefined
  task?: number | undefined
  states?: readonly FindingState[] | undefined
  codes?: readonly SafetyCode[] | undefined
  source?: FindingSource | undefined
  /** Those that hang on a road. */
  road?: number | undefined
  /** Hung, and due before this day. */
  overdueOn?: string | undefined
  /** Found from, to: ISO dates. */
  from?: string | undefined
  to?: string | undefined
  /** West, south, east, north. */
  bbox?: readonly [number, number, number, number] | undefined
  text?: string | undefined
}

export const FINDING_ORDERS = ['due', 'found', 'no'] as const
export type FindingOrder = (typeof FINDING_ORDERS)[number]

/** The condition that all lists share. */
function matches(sql: Queryable, planId: number, sight: Sight, filter: FindingFilter) {
  const [west, south, east, north] = filter.bbox ?? [null, null, null, null]
  const like = filter.text ? `%${filter.text.replace(/[\\%_]/g, '\\$&')}%` : null
  return sql`
    f.plan_id = ${planId}
      and (${sight.everywhere}::boolean or f.town = any (${[...sight.towns]}::text[]) or t.leads && ${[...sight.departments]}::text[])
      and (${filter.id ?? null}::bigint is null or f.id = ${filter.id ?? null}::bigint)
      and (${filter.town ?? null}::text is null or f.town = ${filter.town ?? null}::text)
      and (${filter.task ?? null}::int is null or f.task_no = ${filter.task ?? null}::int)
      and (${filter.states ? [...filter.states] : null}::text[] is null or f.state = any (${filter.states ? [...filter.states] : null}::text[]))
      and (${filter.codes ? [...filter.codes] : null}::text[] is null or f.code = any (${filter.codes ? [...filter.codes] : null}::text[]))
      and (${filter.road ?? null}::bigint is null or f.road_feature = ${filter.road ?? null}::bigint)
      and (${filter.source ?? null}::text is null or f.source = ${filter.source ?? null}::text)
      and (${filter.overdueOn ?? null}::date is null or (f.state = 'hung' and f.due_on < ${filter.overdueOn ?? null}::date))
      and (${filter.from ?? null}::date is null or f.found_on >= ${filter.from ?? null}::date)
      and (${filter.to ?? null}::date is null or f.found_on <= ${filter.to ?? null}::date)
      and (${west}::float8 is null or f.place && ST_MakeEnvelope(${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, 4326))
      and (${like}::text is null or f.title ilike ${like}::text or f.address ilike ${like}::text or f.ref ilike ${like}::text or f.no::text = ${filter.text ?? null}::text)`
}

/** A page of findings with how many there are in all. By `due`, what is hung and due first stands on top and what is settled at the end. */
export async function findingsOf(
  sql: Queryable,
  planId: number,
  sight: Sight,
  filter: FindingFilter,
  page: { order: FindingOrder; limit: number; offset: number },
): Promise<FindingRow[]> {
  const rows = await sql<Stored[]>`
    select f.id, f.no, f.ref, f.task_no as task, f.town, f.at_border, f.title, f.words, f.address, f.source, f.code, ST_X(f.place) as lon, ST_Y(f.place) as lat,
           f.found_on, f.due_on, f.state, f.step_words, f.fixed_on, f.struck_on, f.checked_on, f.version, f.entered_by, f.changed_at, f.demo,
           (select count(*)::int from finding_photo p where p.finding_id = f.id and p.removed_at is null) as photos, t.leads as departments,
           f.road_feature::float8 as road_feature, f.chainage_m, (select r.properties->>'name' from feature r where r.layer = 'roads' and r.id = f.road_feature) as road_name
    from finding f join task t on t.plan_id = f.plan_id and t.no = f.task_no
    where ${matches(sql, planId, sight, filter)}
    order by case when ${page.order}::text = 'due' then case f.state when 'hung' then 0 when 'fixed' then 1 when 'struck' then 2 when 'checked' then 3 else 4 end end,
             case when ${page.order}::text = 'due' and f.state in ('hung', 'fixed') then f.due_on end,
             case when ${page.order}::text in ('due', 'found') then f.found_on end desc, f.no desc
    limit ${page.limit} offset ${page.offset}`
  return rows.map(fromStored)
}

/** How many findings a filter has; of them open, and overdue on a day. */
export async function countFindings(sql: Queryable, planId: number, sight: Sight, filter: FindingFilter, today: string): Promise<{ total: number; open: number; overdue: number }> {
  const [row] = await sql<{ total: number; open: number; overdue: number }[]>`
    select count(*)::int as total, (count(*) filter (where f.state in ('hung', 'fixed')))::int as open,
           (count(*) filter (where f.state = 'hung' and f.due_on < ${today}::date))::int as overdue
    from finding f join task t on t.plan_id = f.plan_id and t.no = f.task_no
    where ${matches(sql, planId, sight, filter)}`
  return row!
}

export type FindingPoint = Pick<FindingRow, 'id' | 'no' | 'task' | 'town' | 'title' | 'code' | 'place' | 'dueOn' | 'state' | 'demo'>

/** What a map needs of findings, and nothing more. */
export async function findingPoints(sql: Queryable, planId: number, sight: Sight, filter: FindingFilter, limit: number): Promise<FindingPoint[]> {
  const rows = await sql<(Omit<FindingPoint, 'id' | 'place'> & { id: string; lon: number; lat: number })[]>`
    select f.id, f.no, f.task_no as task, f.town, f.title, f.code, ST_X(f.place) as lon, ST_Y(f.place) as lat, f.due_on, f.state, f.demo
    from finding f join task t on t.plan_id = f.plan_id and t.no = f.task_no
    where ${matches(sql, planId, sight, filter)}
    order by f.no limit ${limit}`
  return rows.map(({ lon, lat, ...row }) => ({ ...row, id: Number(row.id), place: [lon, lat] }))
}

/** Days of findings as they were known at the end of a day, counted together; cancelled ones are none. */
export async function findingDays(sql: Queryable, planId: number, sight: Sight, filter: { task?: number | undefined; town?: string | undefined }, knownAt: string): Promise<FindingDays[]> {
  const rows = await sql<FindingDays[]>`
    select f.task_no as task, f.town, v.found_on, v.due_on, v.fixed_on, v.struck_on as cleared_on, count(*)::int as count, bool_or(f.demo) as demo
    from finding f join task t on t.plan_id = f.plan_id and t.no = f.task_no
    cross join lateral (
      select state, found_on, due_on, fixed_on, struck_on from finding_version
      where finding_id = f.id and (at at time zone 'Asia/Shanghai')::date <= ${knownAt}::date order by version desc limit 1
    ) v
    where ${matches(sql, planId, sight, filter)} and v.state <> 'cancelled'
    group by f.task_no, f.town, v.found_on, v.due_on, v.fixed_on, v.struck_on
    order by f.task_no, f.town, v.found_on`
  return [...rows]
}

/** What is hung and due by a day, counted together: for reminders. */
export async function hungFindings(sql: Queryable, planId: number, today: string, dueBy: string): Promise<HungFindings[]> {
  const rows = await sql<HungFindings[]>`
    select task_no as task, town, due_on, count(*)::int as count, bool_or(demo) as demo
    from finding where plan_id = ${planId} and state = 'hung' and found_on <= ${today}::date and due_on <= ${dueBy}::date
    group by task_no, town, due_on order by task_no, town, due_on`
  return [...rows]
}

/** Holds a finding until the transaction ends, so that nobody changes it meanwhile. */
export async function holdFinding(tx: Tx, planId: number, id: number): Promise<void> {
  await tx`select id from finding where plan_id = ${planId} and id = ${id} for update`
}

/** The plan that a finding belongs to. */
export async function planOfFinding(sql: Queryable, id: number): Promise<number | null> {
  const [row] = await sql<{ planId: number }[]>`select plan_id from finding where id = ${id}`
  return row?.planId ?? null
}

export type NewFinding = Pick<FindingRow, 'ref' | 'task' | 'town' | 'atBorder' | 'title' | 'words' | 'address' | 'source' | 'code' | 'place' | 'foundOn' | 'dueOn'> & { road?: RoadPlace | null }

/** A finding with all its days: the demonstration's come with a past. */
export type WholeFinding = NewFinding & Pick<FindingRow, 'state' | 'stepWords' | 'fixedOn' | 'struckOn' | 'checkedOn' | 'version'>

/** Stores new findings under the next numbers; the caller has the turn `findings`. @returns ids in the order given */
export async function insertFindings(tx: Tx, planId: number, findings: readonly WholeFinding[], entry: { by: string; at: string; demo: boolean }): Promise<number[]> {
  const rows = await tx<{ id: string }[]>`
    insert into finding (plan_id, task_no, town, at_border, no, ref, title, words, address, source, code, place, found_on, due_on, state, step_words, fixed_on, struck_on,
                         checked_on, version, entered_by, changed_at, demo, road_feature, chainage_m)
    select ${planId}, g.task, g.town, g."atBorder", (select coalesce(max(no), 0) from finding_numbers(${planId})) + g.i, g.ref, g.title, g.words, g.address, g.source, g.code,
           ST_SetSRID(ST_MakePoint(g.lon, g.lat), 4326), g."foundOn", g."dueOn", g.state, g."stepWords", g."fixedOn", g."struckOn", g."checkedOn", g.version,
           ${entry.by}, ${entry.at}::timestamptz, ${entry.demo}::boolean,
           (g.road->>'feature')::bigint, (g.road->>'chainage')::float8
    from jsonb_to_recordset(${tx.json(findings.map(({ place: [lon, lat], ...one }, i) => ({ ...one, lon, lat, i: i + 1 })) as never)})
      as g (i int, task int, town text, "atBorder" boolean, ref text, title text, words text, address text, source text, code text, lon float8, lat float8, "foundOn" date,
            "dueOn" date, state text, "stepWords" text, "fixedOn" date, "struckOn" date, "checkedOn" date, version int, road jsonb)
    order by g.i returning id`
  return rows.map(({ id }) => Number(id))
}

export interface NewVersion {
  findingId: number
  version: number
  at: string
  by: string
  act: FindingAct
  state: FindingState
  words: string
  foundOn: string
  dueOn: string
  fixedOn: string | null
  struckOn: string | null
  code: SafetyCode | null
  changed: Record<string, [unknown, unknown]> | null
}

export async function insertFindingVersions(tx: Tx, versions: readonly NewVersion[]): Promise<void> {
  await tx`
    insert into finding_version (finding_id, version, at, by, act, state, words, found_on, due_on, fixed_on, struck_on, code, changed)
    select g."findingId", g.version, g.at, g.by, g.act, g.state, g.words, g."foundOn", g."dueOn", g."fixedOn", g."struckOn", g.code, nullif(g.changed, 'null')
    from jsonb_to_recordset(${tx.json(versions as never)})
      as g ("findingId" bigint, version int, at timestamptz, by text, act text, state text, words text, "foundOn" date, "dueOn" date, "fixedOn" date, "struckOn" date,
            code text, changed jsonb)`
}

export type FindingChange = Omit<FindingRow, 'id' | 'no' | 'ref' | 'task' | 'photos' | 'departments' | 'enteredBy' | 'demo'>

export async function updateFinding(tx: Tx, id: number, to: FindingChange): Promise<void> {
  await tx`
    update finding set town = ${to.town}, at_border = ${to.atBorder}, title = ${to.title}, words = ${to.words}, address = ${to.address}, source = ${to.source}, code = ${to.code},
      place = ST_SetSRID(ST_MakePoint(${to.place[0]}::float8, ${to.place[1]}::float8), 4326), found_on = ${to.foundOn}, due_on = ${to.dueOn}, state = ${to.state},
      step_words = ${to.stepWords}, fixed_on = ${to.fixedOn}, struck_on = ${to.struckOn}, checked_on = ${to.checkedOn}, version = ${to.version}, changed_at = ${to.changedAt},
      road_feature = ${to.road?.feature ?? null}::bigint, chainage_m = ${to.road?.chainage ?? null}::float8
    where id = ${id}`
}

export type FindingVersion = Pick<NewVersion, 'version' | 'at' | 'by' | 'act' | 'state' | 'words' | 'dueOn' | 'code' | 'changed'>

/** Everything that happened to a finding, oldest first. */
export async function versionsOfFinding(sql: Queryable, id: number): Promise<FindingVersion[]> {
  return [...(await sql<FindingVersion[]>`select version, at, by, act, state, words, due_on, code, changed from finding_version where finding_id = ${id} order by version`)]
}

/** The numbers of other ledgers that a task's findings have already. */
export async function knownRefs(sql: Queryable, planId: number, refs: readonly { task: number; ref: string }[]): Promise<Set<string>> {
  if (refs.length === 0) return new Set()
  const rows = await sql<{ key: string }[]>`
    select task_no || '|' || ref as key from finding_refs(${planId})
    where task_no || '|' || ref = any (${refs.map(({ task, ref }) => `${task}|${ref}`)}::text[])`
  return new Set(rows.map(({ key }) => key))
}

/** The towns near each of some places, nearest first, by the boundaries in use. */
export async function townsNear(sql: Queryable, district: string, places: readonly (readonly [number, number])[], most: number): Promise<NearTown[][]> {
  const near: NearTown[][] = places.map(() => [])
  if (places.length === 0) return near
  const rows = await sql<{ i: string; town: string; metres: number }[]>`
    select p.i, b.town, d.metres
    from unnest(${places.map(([lon]) => lon)}::float8[], ${places.map(([, lat]) => lat)}::float8[]) with ordinality as p (lon, lat, i)
    cross join lateral (select ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326) as geom) q
    join boundary b on b.set_id = (select id from boundary_set where district = ${district} and current) and b.geom && ST_Expand(q.geom, ${most / 80_000}::float8)
    cross join lateral (select case when ST_Covers(b.geom, q.geom) then 0 else ST_Distance(b.geom::geography, q.geom::geography) end as metres) d
    where d.metres <= ${most}::float8
    order by p.i, d.metres, b.town`
  for (const { i, town, metres } of rows) near[Number(i) - 1]!.push({ town, metres })
  return near
}

/** Of what kind the boundaries in use are, and which towns have one. */
export async function boundedTowns(sql: Queryable, district: string): Promise<{ kind: 'official' | '示意'; towns: Set<string> } | null> {
  const rows = await sql<{ kind: 'official' | '示意'; town: string }[]>`
    select s.kind, b.town from boundary_set s join boundary b on b.set_id = s.id where s.district = ${district} and s.current`
  return rows.length ? { kind: rows[0]!.kind, towns: new Set(rows.map(({ town }) => town)) } : null
}

export interface PhotoRow {
  id: number
  findingId: number
  stage: PhotoStage
  name: string
  type: AttachmentType
  size: number
  takenAt: string | null
  place: [number, number] | null
  addedBy: string
  addedAt: string
  demo: boolean
}

type StoredPhoto = Omit<PhotoRow, 'id' | 'findingId' | 'place'> & { id: string; findingId: string; lon: number | null; lat: number | null }
const photoFromStored = ({ lon, lat, ...row }: StoredPhoto): PhotoRow => ({ ...row, id: Number(row.id), findingId: Number(row.findingId), place: lon === null || lat === null ? null : [lon, lat] })

/** Photos and files of a finding that were not taken away, without their bytes. */
export async function photosOfFinding(sql: Queryable, findingId: number): Promise<PhotoRow[]> {
  const rows = await sql<StoredPhoto[]>`
    select id, finding_id, stage, name, type, size, taken_at, ST_X(place) as lon, ST_Y(place) as lat, added_by, added_at, demo
    from finding_photo where finding_id = ${findingId} and removed_at is null order by id`
  return rows.map(photoFromStored)
}

/** One of them, wherever it is; null where there is none, or it was taken away. */
export async function photoById(sql: Queryable, id: number): Promise<(PhotoRow & { sha256: string }) | null> {
  const [row] = await sql<(StoredPhoto & { sha256: string })[]>`
    select id, finding_id, stage, name, type, size, sha256, taken_at, ST_X(place) as lon, ST_Y(place) as lat, added_by, added_at, demo
    from finding_photo where id = ${id} and removed_at is null`
  return row ? { ...photoFromStored(row), sha256: row.sha256 } : null
}

export async function bytesOfPhoto(sql: Queryable, id: number): Promise<Uint8Array> {
  const [row] = await sql<{ bytes: Uint8Array }[]>`select bytes from finding_photo where id = ${id}`
  return row!.bytes
}

export type NewPhoto = Omit<PhotoRow, 'id' | 'size'> & { bytes: Uint8Array; sha256: string }

export async function insertPhoto(tx: Tx, photo: NewPhoto): Promise<PhotoRow> {
  const [row] = await tx<StoredPhoto[]>`
    insert into finding_photo (finding_id, stage, name, type, size, sha256, bytes, taken_at, place, added_by, added_at, demo)
    values (${photo.findingId}, ${photo.stage}, ${photo.name}, ${photo.type}, ${photo.bytes.length}, ${photo.sha256}, ${Buffer.from(photo.bytes)}, ${photo.takenAt},
            ${photo.place === null ? null : `SRID=4326;POINT(${photo.place[0]} ${photo.place[1]})`}::geometry, ${photo.addedBy}, ${photo.addedAt}, ${photo.demo})
    returning id, finding_id, stage, name, type, size, taken_at, ST_X(place) as lon, ST_Y(place) as lat, added_by, added_at, demo`
  return photoFromStored(row!)
}

export async function markPhotoRemoved(tx: Tx, id: number, by: string, at: string): Promise<void> {
  await tx`update finding_photo set removed_by = ${by}, removed_at = ${at} where id = ${id}`
}
