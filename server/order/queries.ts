import type { OrderAct, OrderSource, OrderState } from '../../geo/order/order.ts'
import type { Queryable, Tx } from '../database/connect.ts'

/** An order as it stands, with the lead departments of its task. */
export interface OrderRow {
  id: number
  year: number
  no: number
  source: OrderSource
  sourceKey: string | null
  ownerTown: string | null
  ownerDepartment: string | null
  task: number | null
  measure: string | null
  town: string | null
  month: string | null
  title: string
  demand: string
  issuedBy: string
  issuedAt: string
  dueOn: string
  state: OrderState
  answer: string | null
  answeredAt: string | null
  closedAt: string | null
  version: number
  changedAt: string
  demo: boolean
  departments: string[]
}

export interface OrderFilter {
  id?: number
  sourceKey?: string
  source?: OrderSource
  month?: string
  task?: number
  town?: string
  /** Of a meeting: keys that begin so. */
  sourcePrefix?: string
  openOnly?: boolean
}

/** Orders of a plan, those that are due first on top; closed ones below, the newest first. */
export async function ordersOf(sql: Queryable, planId: number, filter: OrderFilter = {}): Promise<OrderRow[]> {
  const rows = await sql<OrderRow[]>`
    select o.id, p.year, o.no, o.source, o.source_key, o.owner_town, o.owner_department, o.task_no as task, o.measure_id as measure, o.town, o.month,
           o.title, o.demand, o.issued_by, o.issued_at, o.due_on, o.state, o.answer, o.answered_at, o.closed_at, o.version, o.changed_at, o.demo,
           coalesce(t.leads, '{}') as departments
    from supervision_order o join plan p on p.id = o.plan_id left join task t on t.plan_id = o.plan_id and t.no = o.task_no
    where o.plan_id = ${planId}
      and (${filter.id ?? null}::int is null or o.id = ${filter.id ?? null})
      and (${filter.sourceKey ?? null}::text is null or o.source_key = ${filter.sourceKey ?? null})
      and (${filter.sourcePrefix ?? null}::text is null or starts_with(o.source_key, ${filter.sourcePrefix ?? null}))
      and (${filter.source ?? null}::text is null or o.source = ${filter.source ?? null})
      and (${filter.month ?? null}::text is null or o.month = ${filter.month ?? null})
      and (${filter.task ?? null}::int is null or o.task_no = ${filter.task ?? null})
      and (${filter.town ?? null}::text is null or o.town = ${filter.town ?? null} or o.owner_town = ${filter.town ?? null})
      and (${!filter.openOnly} or o.state in ('issued', 'answered'))
    order by case o.state when 'issued' then 0 when 'answered' then 1 else 2 end, case when o.state in ('issued', 'answered') then o.due_on end, o.no desc`
  return [...rows]
}

export async function orderOf(sql: Queryable, planId: number, id: number): Promise<OrderRow | null> {
  return (await ordersOf(sql, planId, { id }))[0] ?? null
}

/** Holds an order until the transaction ends, so that nobody changes it meanwhile. */
export async function holdOrder(tx: Tx, planId: number, id: number): Promise<OrderRow | null> {
  await tx`select id from supervision_order where plan_id = ${planId} and id = ${id} for update`
  return orderOf(tx, planId, id)
}

export type NewOrderRow = Pick<OrderRow, 'source' | 'sourceKey' | 'ownerTown' | 'ownerDepartment' | 'task' | 'measure' | 'town' | 'month' | 'title' | 'demand' | 'issuedBy' | 'issuedAt' | 'dueOn' | 'demo'>

/** Stores a new order under the next number; null where its source key has one already. The caller has the turn `orders`. */
export async function insertOrder(tx: Tx, planId: number, order: NewOrderRow): Promise<number | null> {
  const [row] = await tx<{ id: number }[]>`
    insert into supervision_order (plan_id, no, source, source_key, owner_town, owner_department, task_no, measure_id, town, month, title, demand, issued_by,
                                   issued_at, due_on, state, changed_at, demo)
    select ${planId}, coalesce(max(no), 0) + 1, ${order.source}, ${order.sourceKey}, ${order.ownerTown}, ${order.ownerDepartment}, ${order.task}::int,
           ${order.measure}, ${order.town}, ${order.month}, ${order.title}, ${order.demand}, ${order.issuedBy}, ${order.issuedAt}::timestamptz, ${order.dueOn}::date,
           'issued', ${order.issuedAt}::timestamptz, ${order.demo}::boolean
    from supervision_order where plan_id = ${planId}
    on conflict (plan_id, source_key) do nothing returning id`
  return row?.id ?? null
}

export type OrderChange = Pick<OrderRow, 'version' | 'state' | 'dueOn' | 'answer' | 'answeredAt' | 'closedAt' | 'changedAt'>

export async function updateOrder(tx: Tx, id: number, to: OrderChange): Promise<void> {
  await tx`
    update supervision_order set version = ${to.version}, state = ${to.state}, due_on = ${to.dueOn}, answer = ${to.answer}, answered_at = ${to.answeredAt},
                                 closed_at = ${to.closedAt}, changed_at = ${to.changedAt}
    where id = ${id}`
}

export interface OrderEvent {
  version: number
  at: string
  by: string
  act: OrderAct
  state: OrderState
  words: string
  dueOn: string
}

export async function insertOrderEvent(tx: Tx, orderId: number, event: OrderEvent): Promise<void> {
  await tx`insert into order_event ${tx({ orderId, ...event })}`
}

/** Everything that happened to an order, oldest first. */
export async function orderEvents(sql: Queryable, orderId: number): Promise<OrderEvent[]> {
  return [...(await sql<OrderEvent[]>`select version, at, by, act, state, words, due_on from order_event where order_id = ${orderId} order by version`)]
}

/** The lead departments of a task; null where the plan has no such task. */
export async function leadsOfTask(sql: Queryable, planId: number, task: number): Promise<string[] | null> {
  const [row] = await sql<{ leads: string[] }[]>`select leads from task where plan_id = ${planId} and no = ${task}`
  return row?.leads ?? null
}
