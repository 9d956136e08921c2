import type { LightRule } from '../../geo/light/light.ts'
import type { Month } from '../../geo/month/month.ts'
import type { Direction, MeasureKind } from '../../geo/plan/plan.ts'
import type { Answer } from '../../geo/report/check.ts'
import type { ReportAct } from '../../geo/report/flow.ts'
import type { Progress, Report, ReportState, Series } from '../../geo/report/report.ts'
import type { Queryable, Tx } from '../database/connect.ts'
import type { PlanRow } from '../plan/queries.ts'

/** Everything that a year's lights are computed from; `knownAt`: as it was known at the end of that day; `measures`: only what is about these. */
export async function progressOf(sql: Queryable, plan: PlanRow, knownAt: string | null = null, measures: readonly string[] | null = null): Promise<Progress> {
  const [months, rules, series] = await Promise.all([monthsOfPlan(sql, plan.id), rulesOf(sql, plan.id), seriesOf(sql, plan.id, knownAt, measures)])
  return { plan: { year: plan.year, startsOn: plan.startsOn, endsOn: plan.endsOn }, months, rules, series }
}

export async function monthsOfPlan(sql: Queryable, planId: number): Promise<Month[]> {
  return [...(await sql<Month[]>`select id, opens_on, due_on, closes_on, closed_on from month where plan_id = ${planId} order by id`)]
}

/** The same, held against closing until the transaction ends: a report never slips into a month that is being frozen. */
export async function holdOpenMonths(tx: Tx, planId: number): Promise<Month[]> {
  return [...(await tx<Month[]>`select id, opens_on, due_on, closes_on, closed_on from month where plan_id = ${planId} order by id for share`)]
}

/** Marks months as closed on the day that they were to be: the demonstration's past. */
export async function closeMonths(tx: Tx, planId: number, months: readonly string[]): Promise<void> {
  await tx`update month set closed_on = closes_on where plan_id = ${planId} and id in ${tx([...months])}`
}

export async function rulesOf(sql: Queryable, planId: number): Promise<LightRule[]> {
  const rows = await sql<{ version: number; validFrom: string; green: string; yellow: string }[]>`
    select version, valid_from, green, yellow from light_rule where plan_id = ${planId} order by valid_from, version`
  return rows.map((row) => ({ ...row, green: Number(row.green), yellow: Number(row.yellow) }))
}

/**
 * What has left the towns: for each report the value that counts, and after it what waits, if something does. Drafts are nobody's business but
 * the town's. `knownAt`: as the versions stood at the end of that day by China's clock.
 */
async function seriesOf(sql: Queryable, planId: number, knownAt: string | null, measures: readonly string[] | null): Promise<Series[]> {
  const rows = await sql<(Series['points'][number] & { measure: string; town: string; value: string | null })[]>`
    with facts as (
      select v.report_id,
             min(v.at) filter (where v.act in ('submit', 'correct')) as first_submitted,
             max(v.at) filter (where v.act in ('submit', 'correct')) as last_submitted,
             min(v.at) filter (where v.act = 'approve') as approved,
             max(v.version) filter (where v.act in ('approve', 'publish')) as standing,
             max(v.version) filter (where v.state <> 'draft') as newest
      from report_version v join report r on r.id = v.report_id
      where r.plan_id = ${planId}
        and (${measures ? [...measures] : null}::text[] is null or r.measure_id = any (${measures ? [...measures] : null}::text[]))
        and (${knownAt}::date is null or (v.at at time zone 'Asia/Shanghai')::date <= ${knownAt}::date)
      group by v.report_id
    )
    select r.measure_id as measure, r.town, r.month, v.value, v.state, f.first_submitted as submitted_at, f.approved as approved_at, r.demo, 0 as rank
    from facts f join report r on r.id = f.report_id join report_version v on v.report_id = f.report_id and v.version = f.standing
    union all
    select r.measure_id, r.town, r.month, v.value, v.state, f.last_submitted, null, r.demo, 1
    from facts f join report r on r.id = f.report_id join report_version v on v.report_id = f.report_id and v.version = f.newest
    where v.state in ('submitted', 'endorsed', 'returned') and (f.standing is null or f.newest > f.standing)
    order by measure, town, month, rank`
  const series: Series[] = []
  for (const { measure, town, month, value, state, submittedAt, approvedAt, demo } of rows) {
    let last = series.at(-1)
    if (!last || last.measure !== measure || last.town !== town) series.push((last = { measure, town, points: [] }))
    last.points.push({ month, value: value == null ? null : Number(value), state, submittedAt, approvedAt, demo })
  }
  return series
}

/** Reports that have left the towns, with their words; any of the filters may be left out. */
export async function reportsOf(sql: Queryable, planId: number, filter: { task?: number; measure?: string; town?: string; month?: string }): Promise<Report[]> {
  const rows = await sql<(Omit<Report, 'id' | 'value'> & { id: string; value: string | null })[]>`
    select r.id, r.measure_id as measure, r.town, r.month, r.value, r.words, r.state, r.submitted_at, r.approved_at, r.demo
    from report r join measure m on m.plan_id = r.plan_id and m.id = r.measure_id
    where r.plan_id = ${planId} and r.state <> 'draft'
      and (${filter.task ?? null}::int is null or m.task_no = ${filter.task ?? null})
      and (${filter.measure ?? null}::text is null or r.measure_id = ${filter.measure ?? null})
      and (${filter.town ?? null}::text is null or r.town = ${filter.town ?? null})
      and (${filter.month ?? null}::text is null or r.month = ${filter.month ?? null})
    order by m.task_no, m.ordinal, r.town, r.month`
  return rows.map((row) => ({ ...row, id: Number(row.id), value: row.value == null ? null : Number(row.value) }))
}

/** The type's number in PostgreSQL; the driver takes an array of booleans for one boolean unless told. */
const BOOLEAN = 16

/** Stores reports that did not exist, with the versions that they would have had; part of the caller's transaction. */
export async function insertReports(tx: Tx, planId: number, reports: Omit<Report, 'id'>[]): Promise<void> {
  // One array a column: thousands of rows in one statement, far from the limit on parameters.
  await tx`
    insert into report (plan_id, measure_id, town, month, value, words, state, submitted_at, approved_at, demo, version, changed_at, approved_value, approved_version)
    select ${planId}, t.*, case when state = 'submitted' then 1 else 2 end, coalesce(approved_at, submitted_at),
           case when state = 'approved' then value end, case when state = 'approved' then 2 end
    from unnest(
      ${reports.map((r) => r.measure)}::text[], ${reports.map((r) => r.town)}::text[], ${reports.map((r) => r.month)}::text[],
      ${reports.map((r) => r.value?.toString() ?? null)}::numeric[], ${reports.map((r) => r.words)}::text[], ${reports.map((r) => r.state)}::text[],
      ${reports.map((r) => r.submittedAt)}::timestamptz[], ${reports.map((r) => r.approvedAt)}::timestamptz[], ${tx.array(reports.map((r) => r.demo), BOOLEAN)}::boolean[]
    ) as t (measure_id, town, month, value, words, state, submitted_at, approved_at, demo)`
  await tx`
    insert into report_version (report_id, version, at, by, act, state, value, words)
    select id, 1, submitted_at, entered_by, 'submit', 'submitted', value, words from report where plan_id = ${planId} and submitted_at is not null
    union all
    select id, 2, coalesce(approved_at, submitted_at), entered_by, case state when 'approved' then 'approve' else 'return' end, state, value, words
    from report where plan_id = ${planId} and state in ('approved', 'returned')`
}

/** A report as it stands, with everything that its way needs. */
export interface ReportRow {
  id: number
  measure: string
  town: string
  month: string
  version: number
  state: ReportState
  value: number | null
  words: string
  answers: Answer[]
  reason: string | null
  enteredBy: string
  changedAt: string
  submittedAt: string | null
  approvedAt: string | null
  approvedValue: number | null
  approvedVersion: number | null
  demo: boolean
}

type StoredReport = Omit<ReportRow, 'id' | 'value' | 'approvedValue'> & { id: string; value: string | null; approvedValue: string | null }

function fromStored(row: StoredReport): ReportRow {
  const number = (text: string | null) => (text == null ? null : Number(text))
  return { ...row, id: Number(row.id), value: number(row.value), approvedValue: number(row.approvedValue) }
}

/** What each measure of a plan is called, by its id; of a `stage`, which has no name of its own, what its task is called. */
export async function measureNames(sql: Queryable, planId: number): Promise<Map<string, string>> {
  const rows = await sql<{ id: string; name: string }[]>`
    select m.id, coalesce(nullif(m.name, ''), t.name) as name from measure m join task t on t.plan_id = m.plan_id and t.no = m.task_no where m.plan_id = ${planId}`
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** Which cell of a plan a report fills. */
export interface ReportKey {
  measure: string
  town: string
  month: string
}

/**
 * Those of the reports that exist, held until the transaction ends, so that nobody changes them meanwhile. They are taken in one order by
 * everybody: two people who act on the same ones wait for each other instead of blocking both.
 */
export async function reportsForUpdate(tx: Tx, planId: number, keys: readonly ReportKey[]): Promise<ReportRow[]> {
  const rows = await tx<StoredReport[]>`
    select r.id, r.measure_id as measure, r.town, r.month, r.version, r.state, r.value, r.words, r.answers, r.reason, r.entered_by, r.changed_at,
           r.submitted_at, r.approved_at, r.approved_value, r.approved_version, r.demo
    from report r
    join (select distinct * from unnest(${keys.map((k) => k.measure)}::text[], ${keys.map((k) => k.town)}::text[], ${keys.map((k) => k.month)}::text[]))
      as k (measure, town, month) on r.measure_id = k.measure and r.town = k.town and r.month = k.month
    where r.plan_id = ${planId}
    order by r.month collate "C", r.town collate "C", r.measure_id collate "C"
    for update of r`
  return rows.map(fromStored)
}

/** The reports of one unit and month, drafts included. */
export async function reportsOfSheet(sql: Queryable, planId: number, town: string, month: string): Promise<ReportRow[]> {
  const rows = await sql<StoredReport[]>`
    select id, measure_id as measure, town, month, version, state, value, words, answers, reason, entered_by, changed_at, submitted_at, approved_at,
           approved_value, approved_version, demo
    from report where plan_id = ${planId} and town = ${town} and month = ${month}`
  return rows.map(fromStored)
}

/** What a report is about: the measure, the unit's target and the departments that lead the task. */
export interface ReportDuty {
  kind: MeasureKind
  unit: string
  direction: Direction
  target: number | null
  leads: string[]
  task: number
}

/** The duty behind each report, in the order asked; null where the unit has no quota in the measure. */
export async function dutiesForReports(sql: Queryable, planId: number, keys: readonly Pick<ReportKey, 'measure' | 'town'>[]): Promise<(ReportDuty | null)[]> {
  const rows = await sql<(Omit<ReportDuty, 'target'> & { i: number; target: string | null })[]>`
    select k.i::int, m.kind, m.unit, m.direction, q.target, t.leads, t.no as task
    from unnest(${keys.map((k) => k.measure)}::text[], ${keys.map((k) => k.town)}::text[]) with ordinality as k (measure, town, i)
    join quota q on q.plan_id = ${planId} and q.measure_id = k.measure and q.town = k.town
    join measure m on m.plan_id = q.plan_id and m.id = q.measure_id join task t on t.plan_id = m.plan_id and t.no = m.task_no`
  const duties = keys.map((): ReportDuty | null => null)
  for (const { i, target, ...duty } of rows) duties[i - 1] = { ...duty, target: target == null ? null : Number(target) }
  return duties
}

export async function dutyForReport(sql: Queryable, planId: number, measure: string, town: string): Promise<ReportDuty | null> {
  return (await dutiesForReports(sql, planId, [{ measure, town }]))[0]!
}

/** What a unit handed in last before a month, by measure: the value that counts, else the one that waits. */
export interface LastReport {
  measure: string
  month: string
  value: number | null
  words: string
  state: ReportState
}

/** The newest earlier report of each of a unit's measures; the newest value stands for one that has words only. */
export async function lastReportsBefore(sql: Queryable, planId: number, town: string, month: string): Promise<LastReport[]> {
  const rows = await sql<(Omit<LastReport, 'value'> & { value: string | null })[]>`
    select distinct on (measure_id) measure_id as measure, month, words, state,
           first_value(coalesce(approved_value, value)) over (
             partition by measure_id order by (coalesce(approved_value, value) is null), month desc) as value
    from report
    where plan_id = ${planId} and town = ${town} and month < ${month} and (approved_version is not null or state in ('submitted', 'endorsed'))
    order by measure_id, month desc`
  return rows.map((row) => ({ ...row, value: row.value == null ? null : Number(row.value) }))
}

/** Who sent a unit's reports of a month back, and when: the newest return of each that is returned now. */
export async function returnsOfSheet(sql: Queryable, planId: number, town: string, month: string): Promise<{ measure: string; by: string; at: string }[]> {
  const rows = await sql<{ measure: string; by: string; at: string }[]>`
    select distinct on (r.measure_id) r.measure_id as measure, coalesce(a.person, v.by) as by, v.at
    from report r join report_version v on v.report_id = r.id and v.act = 'return' left join account a on a.name = v.by
    where r.plan_id = ${planId} and r.town = ${town} and r.month = ${month} and r.state = 'returned'
    order by r.measure_id, v.version desc`
  return [...rows]
}

/** How far the units are with a month: how many of their cells have anything in them, were handed in, came back, count. */
export async function statesOfMonth(sql: Queryable, planId: number, month: string): Promise<{ town: string; measure: string; state: ReportState }[]> {
  const rows = await sql<{ town: string; measure: string; state: ReportState }[]>`
    select town, measure_id as measure, state from report where plan_id = ${planId} and month = ${month}`
  return [...rows]
}

/** For each report the newest value of an earlier month that was handed in, in the order asked; null if there is none. */
export async function lastValuesBefore(sql: Queryable, planId: number, keys: readonly ReportKey[]): Promise<(number | null)[]> {
  const rows = await sql<{ i: number; value: string }[]>`
    select k.i::int, last.value
    from unnest(${keys.map((k) => k.measure)}::text[], ${keys.map((k) => k.town)}::text[], ${keys.map((k) => k.month)}::text[])
      with ordinality as k (measure, town, month, i)
    cross join lateral (
      select coalesce(approved_value, value) as value from report
      where plan_id = ${planId} and measure_id = k.measure and town = k.town and month < k.month
        and (approved_version is not null or state in ('submitted', 'endorsed')) and coalesce(approved_value, value) is not null
      order by month desc limit 1
    ) as last`
  const values = keys.map((): number | null => null)
  for (const { i, value } of rows) values[i - 1] = Number(value)
  return values
}

/** A report's new state; `id` null: it is the first of its cell. */
export type ReportWrite = Omit<ReportRow, 'id'> & { id: number | null }

/**
 * Writes the new states of reports. Those that were there are held, so that the version before them is known to be right.
 * @returns them in the order given, null where somebody else entered the first value meanwhile: there was no row to hold
 */
export async function writeReports(tx: Tx, planId: number, writes: readonly ReportWrite[]): Promise<(ReportRow | null)[]> {
  const rows = [...(await insertFirst(tx, planId, writes.filter(({ id }) => id === null))), ...(await updateHeld(tx, writes.filter(({ id }) => id !== null)))]
  const byKey = new Map(rows.map((row) => [`${row.measure} ${row.town} ${row.month}`, row]))
  return writes.map((write) => byKey.get(`${write.measure} ${write.town} ${write.month}`) ?? null)
}

// "Do nothing" and not "update": whoever waits here waits for another first value only, never for a row that somebody holds.
async function insertFirst(tx: Tx, planId: number, writes: readonly ReportWrite[]): Promise<ReportRow[]> {
  if (writes.length === 0) return []
  const rows = await tx<StoredReport[]>`
    insert into report (plan_id, measure_id, town, month, version, changed_at, entered_by, value, words, answers, state, reason, submitted_at, approved_at,
                        approved_value, approved_version, demo)
    select ${planId}, t.measure, t.town, t.month, t.version, t.changed_at, t.entered_by, t.value, t.words, t.answers::jsonb, t.state, t.reason, t.submitted_at,
           t.approved_at, t.approved_value, t.approved_version, t.demo
    from ${written(tx, writes)}
    on conflict (plan_id, measure_id, town, month) do nothing
    returning id, measure_id as measure, town, month, version, state, value, words, answers, reason, entered_by, changed_at, submitted_at, approved_at,
              approved_value, approved_version, demo`
  return rows.map(fromStored)
}

async function updateHeld(tx: Tx, writes: readonly ReportWrite[]): Promise<ReportRow[]> {
  if (writes.length === 0) return []
  const rows = await tx<StoredReport[]>`
    update report r set
      version = t.version, changed_at = t.changed_at, entered_by = t.entered_by, value = t.value, words = t.words, answers = t.answers::jsonb, state = t.state,
      reason = t.reason, submitted_at = t.submitted_at, approved_at = t.approved_at, approved_value = t.approved_value,
      approved_version = t.approved_version, demo = t.demo
    from ${written(tx, writes)}
    where r.id = t.id and r.version = t.version - 1
    returning r.id, r.measure_id as measure, r.town, r.month, r.version, r.state, r.value, r.words, r.answers, r.reason, r.entered_by, r.changed_at,
              r.submitted_at, r.approved_at, r.approved_value, r.approved_version, r.demo`
  return rows.map(fromStored)
}

/** Reports as a table `t` within a statement: one array a column, so that thousands go in one round trip. */
function written(tx: Tx, writes: readonly ReportWrite[]) {
  const text = (numbers: readonly (number | null)[]) => numbers.map((n) => n?.toString() ?? null)
  return tx`unnest(
      ${text(writes.map((w) => w.id))}::bigint[], ${writes.map((w) => w.measure)}::text[], ${writes.map((w) => w.town)}::text[], ${writes.map((w) => w.month)}::text[],
      ${text(writes.map((w) => w.version))}::int[], ${writes.map((w) => w.changedAt)}::timestamptz[], ${writes.map((w) => w.enteredBy)}::text[],
      ${text(writes.map((w) => w.value))}::numeric[], ${writes.map((w) => w.words)}::text[], ${writes.map((w) => JSON.stringify(w.answers))}::text[],
      ${writes.map((w) => w.state)}::text[], ${writes.map((w) => w.reason)}::text[], ${writes.map((w) => w.submittedAt)}::timestamptz[],
      ${writes.map((w) => w.approvedAt)}::timestamptz[], ${text(writes.map((w) => w.approvedValue))}::numeric[], ${text(writes.map((w) => w.approvedVersion))}::int[],
      ${tx.array(writes.map((w) => w.demo), BOOLEAN)}::boolean[]
    ) as t (id, measure, town, month, version, changed_at, entered_by, value, words, answers, state, reason, submitted_at, approved_at, approved_value,
            approved_version, demo)`
}

/** Adds what was just written to each report's versions; reasons in the same order. */
export async function insertReportVersions(tx: Tx, rows: readonly ReportRow[], entry: { act: ReportAct; by: string; at: string; reasons: readonly (string | null)[] }): Promise<void> {
  await tx`
    insert into report_version (report_id, version, at, by, act, state, value, words, answers, reason)
    select r.id, r.version, ${entry.at}, ${entry.by}, ${entry.act}, r.state, r.value, r.words, r.answers, t.reason
    from unnest(${rows.map(({ id }) => String(id))}::bigint[], ${[...entry.reasons]}::text[]) as t (id, reason) join report r on r.id = t.id`
}

export interface ReportVersion {
  version: number
  at: string
  by: string
  /** How people call them. */
  name: string
  act: ReportAct
  state: ReportState
  value: number | null
  words: string
  answers: Answer[]
  reason: string | null
}

/** Everything that ever happened to a report, oldest first. */
export async function versionsOf(sql: Queryable, planId: number, key: { measure: string; town: string; month: string }): Promise<ReportVersion[]> {
  const rows = await sql<(Omit<ReportVersion, 'value'> & { value: string | null })[]>`
    select v.version, v.at, v.by, coalesce(a.person, v.by) as name, v.act, v.state, v.value, v.words, v.answers, v.reason
    from report_version v join report r on r.id = v.report_id left join account a on a.name = v.by
    where r.plan_id = ${planId} and r.measure_id = ${key.measure} and r.town = ${key.town} and r.month = ${key.month}
    order by v.version`
  return rows.map((row) => ({ ...row, value: row.value == null ? null : Number(row.value) }))
}
