import type { Topic } from '../../geo/message/subscription.ts'
import type { Role } from '../../geo/right/role.ts'
import type { PackOrder } from '../../geo/pack/pack.ts'
import type { Queryable, Tx } from '../database/connect.ts'

/** The orders of a plan that are not ended, as a pack shows them, by number. */
export async function packOrders(sql: Queryable, planId: number): Promise<PackOrder[]> {
  return [
    ...(await sql<PackOrder[]>`
      select o.no, p.year, coalesce(o.owner_town, o.owner_department) as owner, o.title, to_char(o.issued_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as issued_on,
             o.due_on, o.state, o.demo
      from supervision_order o join plan p on p.id = o.plan_id where o.plan_id = ${planId} and o.state in ('issued', 'answered') order by o.no`),
  ]
}

/** Closings since an instant that no pack was made of yet: of each month that is closed now its newest. */
export async function closingsWithoutPack(sql: Queryable, since: string): Promise<{ planId: number; month: string; version: number }[]> {
  return [
    ...(await sql<{ planId: number; month: string; version: number }[]>`
      select distinct on (f.plan_id, f.month) f.plan_id, f.month, f.version
      from month_freeze f join month m on m.plan_id = f.plan_id and m.id = f.month
      where m.closed_on is not null and f.at > ${since}::timestamptz
        and not exists (select 1 from month_pack k where k.plan_id = f.plan_id and k.month = f.month and k.version = f.version)
        and not exists (select 1 from month_freeze n where n.plan_id = f.plan_id and n.month = f.month and n.version > f.version)
      order by f.plan_id, f.month, f.version desc`),
  ]
}

/** @returns whether nobody else was first */
export async function insertMonthPack(tx: Tx, { planId, month, version }: { planId: number; month: string; version: number }, snapshotId: number): Promise<boolean> {
  const rows = await tx`
    insert into month_pack (plan_id, month, version, snapshot_id) values (${planId}, ${month}, ${version}, ${snapshotId}) on conflict do nothing returning version`
  return rows.length > 0
}

export interface ReadyPack {
  planId: number
  month: string
  version: number
  id: number
  title: string
  pages: number
  demo: boolean
}

/** Packs that are ready and that nobody has been told of; held until the transaction ends. */
export async function untoldPacks(tx: Tx): Promise<ReadyPack[]> {
  return [
    ...(await tx<ReadyPack[]>`
      select k.plan_id, k.month, k.version, s.id, s.title, s.pages, (s.content::jsonb->>'demo')::boolean as demo
      from month_pack k join snapshot s on s.id = k.snapshot_id where k.told_at is null and s.status = 'ready' order by s.id for update of k skip locked`),
  ]
}

export async function markTold(tx: Tx, { planId, month, version }: ReadyPack, at: string): Promise<void> {
  await tx`update month_pack set told_at = ${at} where plan_id = ${planId} and month = ${month} and version = ${version}`
}

/** Who asked for something and may still have it. */
export async function subscribersOf(sql: Queryable, topic: Topic, roles: readonly Role[]): Promise<string[]> {
  const rows = await sql<{ account: string }[]>`
    select s.account from subscription s join account a on a.name = s.account
    where s.topic = ${topic} and a.disabled_at is null
      and exists (select 1 from account_role r where r.account = s.account and r.role = any (${[...roles]})) order by s.account`
  return rows.map(({ account }) => account)
}
