import type { LightRule } from '../../geo/light/light.ts'
import type { Month } from '../../geo/month/month.ts'
import type { Progress, Report, Series } from '../../geo/report/report.ts'
import type { Queryable, Tx } from '../database/connect.ts'
import type { PlanRow } from '../plan/queries.ts'

/** Everything that a year's lights are computed from. */
export async function progressOf(sql: Queryable, plan: PlanRow): Promise<Progress> {
  const [months, rules, series] = await Promise.all([monthsOfPlan(sql, plan.id), rulesOf(sql, plan.id), seriesOf(sql, plan.id)])
  return { plan: { year: plan.year, startsOn: plan.startsOn, endsOn: plan.endsOn }, months, rules, series }
}

async function monthsOfPlan(sql: Queryable, planId: number): Promise<Month[]> {
  return [...(await sql<Month[]>`select id, opens_on, due_on, closed_on from month where plan_id = ${planId} order by id`)]
}

async function rulesOf(sql: Queryable, planId: number): Promise<LightRule[]> {
  const rows = await sql<{ version: number; validFrom: string; green: string; yellow: string }[]>`
    select version, valid_from, green, yellow from light_rule where plan_id = ${planId} order by valid_from, version`
  return rows.map((row) => ({ ...row, green: Number(row.green), yellow: Number(row.yellow) }))
}

async function seriesOf(sql: Queryable, planId: number): Promise<Series[]> {
  const rows = await sql<(Series['points'][number] & { measure: string; town: string; value: string | null })[]>`
    select measure_id as measure, town, month, value, state, submitted_at, approved_at, demo
    from report where plan_id = ${planId} order by measure_id, town, month`
  const series: Series[] = []
  for (const { measure, town, ...point } of rows) {
    let last = series.at(-1)
    if (!last || last.measure !== measure || last.town !== town) series.push((last = { measure, town, points: [] }))
    last.points.push({ ...point, value: point.value == null ? null : Number(point.value) })
  }
  return series
}

/** Reports with their words; any of the filters may be left out. */
export async function reportsOf(sql: Queryable, planId: number, filter: { task?: number; measure?: string; town?: string; month?: string }): Promise<Report[]> {
  const rows = await sql<(Omit<Report, 'id' | 'value'> & { id: string; value: string | null })[]>`
    select r.id, r.measure_id as measure, r.town, r.month, r.value, r.words, r.state, r.submitted_at, r.approved_at, r.demo
    from report r join measure m on m.plan_id = r.plan_id and m.id = r.measure_id
    where r.plan_id = ${planId}
      and (${filter.task ?? null}::int is null or m.task_no = ${filter.task ?? null})
      and (${filter.measure ?? null}::text is null or r.measure_id = ${filter.measure ?? null})
      and (${filter.town ?? null}::text is null or r.town = ${filter.town ?? null})
      and (${filter.month ?? null}::text is null or r.month = ${filter.month ?? null})
    order by m.task_no, m.ordinal, r.town, r.month`
  return rows.map((row) => ({ ...row, id: Number(row.id), value: row.value == null ? null : Number(row.value) }))
}

/** The type's number in PostgreSQL; the driver takes an array of booleans for one boolean unless told. */
const BOOLEAN = 16

/** Stores reports that did not exist; part of the caller's transaction. */
export async function insertReports(tx: Tx, planId: number, reports: Omit<Report, 'id'>[]): Promise<void> {
  // One array a column: thousands of rows in one statement, far from the limit on parameters.
  await tx`
    insert into report (plan_id, measure_id, town, month, value, words, state, submitted_at, approved_at, demo)
    select ${planId}, * from unnest(
      ${reports.map((r) => r.measure)}::text[], ${reports.map((r) => r.town)}::text[], ${reports.map((r) => r.month)}::text[],
      ${reports.map((r) => r.value?.toString() ?? null)}::numeric[], ${reports.map((r) => r.words)}::text[], ${reports.map((r) => r.state)}::text[],
      ${reports.map((r) => r.submittedAt)}::timestamptz[], ${reports.map((r) => r.approvedAt)}::timestamptz[], ${tx.array(reports.map((r) => r.demo), BOOLEAN)}::boolean[])`
}
