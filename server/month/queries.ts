import type { MonthAct } from '../../geo/month/closing.ts'
import type { Month } from '../../geo/month/month.ts'
import type { Queryable, Tx } from '../database/connect.ts'
import type { Frozen } from '../frozen/frozen.ts'

export interface MonthRow extends Month {
  /** Grows with every act: what somebody decided on an older one is refused. */
  version: number
}

export async function monthRows(sql: Queryable, planId: number): Promise<MonthRow[]> {
  return [...(await sql<MonthRow[]>`select id, opens_on, due_on, closes_on, closed_on, version from month where plan_id = ${planId} order by id`)]
}

/** All months of a plan, held until the transaction ends: nobody reports, closes or reopens meanwhile. */
export async function holdMonths(tx: Tx, planId: number): Promise<MonthRow[]> {
  return [...(await tx<MonthRow[]>`select id, opens_on, due_on, closes_on, closed_on, version from month where plan_id = ${planId} order by id for update`)]
}

export async function writeMonth(tx: Tx, planId: number, month: Month): Promise<void> {
  await tx`
    update month set opens_on = ${month.opensOn}, due_on = ${month.dueOn}, closes_on = ${month.closesOn}, closed_on = ${month.closedOn}, version = version + 1
    where plan_id = ${planId} and id = ${month.id}`
}

export interface MonthActRow {
  act: MonthAct
  at: string
  by: string
  reason: string
  detail: Record<string, unknown>
}

export async function insertMonthAct(tx: Tx, planId: number, month: string, { act, at, by, reason, detail }: MonthActRow): Promise<void> {
  await tx`
    insert into month_act (plan_id, month, act, at, by, reason, detail)
    values (${planId}, ${month}, ${act}, ${at}, ${by}, ${reason}, ${tx.json(detail as never)})`
}

/** What was done to a month, oldest first. */
export async function monthActs(sql: Queryable, planId: number, month: string): Promise<MonthActRow[]> {
  return [...(await sql<MonthActRow[]>`select act, at, by, reason, detail from month_act where plan_id = ${planId} and month = ${month} order by id`)]
}

export interface FreezeRow {
  month: string
  version: number
  at: string
  by: string
  sha256: string
}

/** The freezes of a plan without their contents, oldest first. */
export async function freezesOf(sql: Queryable, planId: number): Promise<FreezeRow[]> {
  return [...(await sql<FreezeRow[]>`select month, version, at, by, sha256 from month_freeze where plan_id = ${planId} order by month, version`)]
}

export async function freezeOf(sql: Queryable, planId: number, month: string, version: number): Promise<(FreezeRow & Frozen) | null> {
  const [row] = await sql<(FreezeRow & Frozen)[]>`
    select month, version, at, by, sha256, content from month_freeze where plan_id = ${planId} and month = ${month} and version = ${version}`
  return row ?? null
}

/** A stamp that is another one as soon as anybody has written the row again, whatever they wrote (PostgreSQL's `xmin`); null: there is no such freeze. */
export async function freezeStamp(sql: Queryable, planId: number, month: string, version: number): Promise<string | null> {
  const [row] = await sql<{ stamp: string }[]>`
    select xmin::text as stamp from month_freeze where plan_id = ${planId} and month = ${month} and version = ${version}`
  return row?.stamp ?? null
}

/** The newest freeze of a month that is closed now; null while it is open, or was closed before there were freezes. */
export async function standingFreeze(sql: Queryable, planId: number, month: string): Promise<(FreezeRow & Frozen) | null> {
  const [row] = await sql<(FreezeRow & Frozen)[]>`
    select f.month, f.version, f.at, f.by, f.sha256, f.content
    from month_freeze f join month m on m.plan_id = f.plan_id and m.id = f.month
    where f.plan_id = ${planId} and f.month = ${month} and m.closed_on is not null
    order by f.version desc limit 1`
  return row ?? null
}

export async function insertFreeze(tx: Tx, planId: number, month: string, freeze: Frozen & { at: string; by: string }): Promise<FreezeRow> {
  const [row] = await tx<FreezeRow[]>`
    insert into month_freeze (plan_id, month, version, at, by, sha256, content)
    select ${planId}, ${month}, coalesce(max(version), 0) + 1, ${freeze.at}, ${freeze.by}, ${freeze.sha256}, ${freeze.content}
    from month_freeze where plan_id = ${planId} and month = ${month}
    returning month, version, at, by, sha256`
  return row!
}

/** The hash of the document that a plan was read from. */
export async function listSha256(sql: Queryable, taskListId: number): Promise<string> {
  const [row] = await sql<{ sha256: string }[]>`select sha256 from task_list where id = ${taskListId}`
  return row?.sha256 ?? ''
}
