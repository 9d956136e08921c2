import type { LightColour } from '../../geo/light/light.ts'
import { cellKey, type LightRecord, type StandingRed } from '../../geo/light/record.ts'
import type { Queryable, Tx } from '../database/connect.ts'

/** The colour last recorded of each light, by `measure|town`. */
export async function lastRecorded(sql: Queryable, planId: number, measures: readonly string[] | null = null): Promise<Map<string, LightColour>> {
  const rows = await sql<{ measure: string; town: string; light: LightColour }[]>`
    select distinct on (measure_id, town) measure_id as measure, town, light from light_record
    where plan_id = ${planId} and (${measures ? [...measures] : null}::text[] is null or measure_id = any (${measures ? [...measures] : null}::text[]))
    order by measure_id, town, id desc`
  return new Map(rows.map((row) => [cellKey(row), row.light]))
}

export async function insertLightRecords(tx: Tx, planId: number, records: readonly LightRecord[], at: string): Promise<void> {
  if (records.length === 0) return
  const rows = records.map(({ task, measure, ...record }) => ({ ...record, task, measure, at }))
  await tx`
    insert into light_record (plan_id, task_no, measure_id, town, day, light, before, reason_key, reason_params, cause, demo, at)
    select ${planId}, r.task, r.measure, r.town, r.day, r.light, r.before, r."reasonKey", r."reasonParams", r.cause, r.demo, r.at
    from jsonb_to_recordset(${tx.json(rows as never)}) as r (task int, measure text, town text, day date, light text, before text, "reasonKey" text, "reasonParams" jsonb,
                                                             cause text, demo boolean, at timestamptz)`
}

/** Changes of lights, oldest first; any of the filters may be left out. */
export async function lightRecords(sql: Queryable, planId: number, filter: { task?: number | undefined; town?: string | undefined }): Promise<LightRecord[]> {
  const rows = await sql<LightRecord[]>`
    select task_no as task, measure_id as measure, town, day, light, before, reason_key, reason_params, cause, demo from light_record
    where plan_id = ${planId} and (${filter.task ?? null}::int is null or task_no = ${filter.task ?? null})
      and (${filter.town ?? null}::text is null or town = ${filter.town ?? null})
    order by id`
  return [...rows]
}

/** Lights that are red by their last record. */
export async function standingReds(sql: Queryable, planId: number): Promise<StandingRed[]> {
  const rows = await sql<StandingRed[]>`
    select * from (
      select distinct on (measure_id, town) task_no as task, measure_id as measure, town, day as since, light, reason_key, reason_params, demo
      from light_record where plan_id = ${planId} order by measure_id, town, id desc) r
    where light = 'red' order by task, measure, town`
  return [...rows]
}

/** Lights that turned red since a day, and are red still by their last record. */
export async function newReds(sql: Queryable, planId: number, since: string): Promise<LightRecord[]> {
  const rows = await sql<LightRecord[]>`
    select * from (
      select distinct on (measure_id, town) task_no as task, measure_id as measure, town, day, light, before, reason_key, reason_params, cause, demo
      from light_record where plan_id = ${planId} order by measure_id, town, id desc) r
    where light = 'red' and day >= ${since} order by task, measure, town`
  return [...rows]
}

/** The last night that a plan's lights were recorded for, held until the transaction ends: two processes take turns. */
export async function holdRecordedOn(tx: Tx, planId: number): Promise<string | null> {
  const [row] = await tx<{ on: string | null }[]>`select lights_recorded_on as on from plan where id = ${planId} for update`
  return row?.on ?? null
}

export async function setRecordedOn(tx: Tx, planId: number, day: string): Promise<void> {
  await tx`update plan set lights_recorded_on = ${day} where id = ${planId}`
}

/** Days on which something became known of a plan's reports. */
export async function daysWithNews(sql: Queryable, planId: number, from: string, to: string): Promise<string[]> {
  const rows = await sql<{ day: string }[]>`
    select distinct (v.at at time zone 'Asia/Shanghai')::date as day from report_version v join report r on r.id = v.report_id
    where r.plan_id = ${planId} and (v.at at time zone 'Asia/Shanghai')::date between ${from}::date and ${to}::date order by day`
  return rows.map(({ day }) => day)
}
