import type { DecisionKind, DecisionOutcome } from '../../geo/meeting/decision.ts'
import type { OrderState } from '../../geo/order/order.ts'
import type { Queryable, Tx } from '../database/connect.ts'

export interface MeetingRow {
  version: number
  heldOn: string | null
  place: string
  chair: string
  words: string
}

/** What was noted of a month's meeting; null: nothing yet. */
export async function meetingOf(sql: Queryable, planId: number, month: string): Promise<MeetingRow | null> {
  const [row] = await sql<MeetingRow[]>`select version, held_on, place, chair, words from meeting where plan_id = ${planId} and month = ${month}`
  return row ?? null
}

/** Writes a meeting's notes on top of the version given (0: none yet); false when there is another one. */
export async function writeMeeting(tx: Tx, planId: number, month: string, given: MeetingRow): Promise<boolean> {
  const rows = await tx`
    insert into meeting (plan_id, month, version, held_on, place, chair, words)
    values (${planId}, ${month}, ${given.version + 1}, ${given.heldOn}, ${given.place}, ${given.chair}, ${given.words})
    on conflict (plan_id, month) do update set
      version = excluded.version, held_on = excluded.held_on, place = excluded.place, chair = excluded.chair, words = excluded.words
    where meeting.version = excluded.version - 1
    returning version`
  return rows.length > 0
}

export interface DecisionRow {
  id: number
  month: string
  kind: DecisionKind
  task: number | null
  town: string | null
  department: string | null
  words: string
  dueOn: string | null
  at: string
  by: string
  /** The supervision order that came of it, as it stands. */
  order: { id: number; no: number; state: OrderState; dueOn: string; answer: string | null } | null
  outcomes: DecisionOutcome[]
}

/** All decisions of a plan's meetings up to a month, oldest first, with what became of them. */
export async function decisionsUpTo(sql: Queryable, planId: number, month: string): Promise<DecisionRow[]> {
  const rows = await sql<DecisionRow[]>`
    select d.id, d.month, d.kind, d.task_no as task, d.town, d.department, d.words, d.due_on, d.at, d.by,
           case when s.id is not null then json_build_object('id', s.id, 'no', s.no, 'state', s.state, 'dueOn', s.due_on, 'answer', s.answer) end as "order",
           coalesce((
             select json_agg(json_build_object('month', o.month, 'outcome', o.outcome, 'words', o.words, 'by', o.by,
                                               'at', to_char(o.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by o.id)
             from decision_outcome o where o.decision_id = d.id), '[]') as outcomes
    from decision d left join supervision_order s on s.id = d.order_id
    where d.plan_id = ${planId} and d.month <= ${month}
    order by d.month, d.id`
  return [...rows]
}

/** One decision, held until the transaction ends. */
export async function holdDecision(tx: Tx, planId: number, id: number): Promise<boolean> {
  return (await tx`select id from decision where plan_id = ${planId} and id = ${id} for update`).length > 0
}

export type NewDecision = Omit<DecisionRow, 'id' | 'order' | 'outcomes'>

export async function insertDecision(tx: Tx, planId: number, given: NewDecision): Promise<number> {
  const [row] = await tx<{ id: number }[]>`
    insert into decision (plan_id, month, kind, task_no, town, department, words, due_on, at, by)
    values (${planId}, ${given.month}, ${given.kind}, ${given.task}, ${given.town}, ${given.department}, ${given.words}, ${given.dueOn},
            ${given.at}, ${given.by})
    returning id`
  return row!.id
}

export async function setOrder(tx: Tx, decision: number, order: number): Promise<void> {
  await tx`update decision set order_id = ${order} where id = ${decision}`
}

export async function insertOutcome(tx: Tx, decision: number, given: DecisionOutcome): Promise<void> {
  await tx`
    insert into decision_outcome (decision_id, month, outcome, words, at, by)
    values (${decision}, ${given.month}, ${given.outcome}, ${given.words}, ${given.at}, ${given.by})`
}
