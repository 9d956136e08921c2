/** What is done to orders: load, decide (geo/order), write the order, its event and the audit entry, all in the caller's transaction. */
import { ORDER_ACTS, ORDER_REFUSALS, ORDER_STATES, orderStateAfter, refusalOfOrder, type OrderAct, type OrderSource } from '../../geo/order/order.ts'
import type { Told } from '../../geo/message/message.ts'
import { orderParams, ownersOf } from '../../geo/reminder/reminders.ts'
import { unitNames } from '../../geo/town/names.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { ACTIONS, REFUSALS } from '../../geo/right/right.ts'
import { audit } from '../audit/queries.ts'
import type { Tx } from '../database/connect.ts'
import { takeTurn } from '../database/turns.ts'
import { tell } from '../message/tell.ts'
import { leadDepartments, type PlanRow } from '../plan/queries.ts'
import { Problem } from '../problems.ts'
import type { Actor } from '../route.ts'
import { holdOrder, insertOrder, insertOrderEvent, leadsOfTask, orderOf, ordersOf, updateOrder, type OrderRow } from './queries.ts'

export interface NewOrder {
  source: OrderSource
  /** The same key is never issued twice; null: may be. A meeting's: `meeting/2023-09/3`. */
  sourceKey?: string | null
  /** Who has to answer: a town (code) or a department (name as the plan writes it). */
  owner: { town: string } | { department: string }
  /** What it is about, where that is something in the plan. */
  task?: number | null
  measure?: string | null
  town?: string | null
  month?: string | null
  title: string
  demand: string
  /** ISO date. */
  dueOn: string
}

/**
 * Issues an order. Whether the actor may is the caller's to check (`mustBeAllowed(c, 'order.issue')`, or `meeting.edit` for a meeting's).
 * @param now ISO instant
 * @returns the order; where the source key had one already, that one and `created: false`
 * @throws Problem request-invalid when the owner or the task does not exist, or the due day lies before today
 */
export async function issueOrder(tx: Tx, actor: Actor, plan: PlanRow, order: NewOrder, now: string, today: string): Promise<{ order: OrderRow; created: boolean }> {
  const ownerTown = 'town' in order.owner ? order.owner.town : null
  const ownerDepartment = 'department' in order.owner ? order.owner.department : null
  if (ownerTown !== null && !QINGPU.towns.some(({ code }) => code === ownerTown)) throw invalid('owner', `没有街镇 / there is no town “${ownerTown}”`)
  if (ownerDepartment !== null && !(await leadDepartments(tx)).includes(ownerDepartment)) throw invalid('owner', `没有部门 / there is no department “${ownerDepartment}”`)
  if (order.task != null && !(await leadsOfTask(tx, plan.id, order.task))) throw invalid('task', `没有任务 / there is no task ${order.task}`)
  if (order.dueOn < today) throw invalid('dueOn', '期限已过 / the due day has passed')
  await takeTurn(tx, 'orders')
  const sourceKey = order.sourceKey ?? null
  const id = await insertOrder(tx, plan.id, {
    source: order.source,
    sourceKey,
    ownerTown,
    ownerDepartment,
    task: order.task ?? null,
    measure: order.measure ?? null,
    town: order.town ?? ownerTown,
    month: order.month ?? null,
    title: order.title,
    demand: order.demand,
    issuedBy: actor.name,
    issuedAt: now,
    dueOn: order.dueOn,
    demo: actor.demo,
  })
  if (id === null) return { order: (await ordersOf(tx, plan.id, { sourceKey: sourceKey! }))[0]!, created: false }
  const issued = (await orderOf(tx, plan.id, id))!
  await insertOrderEvent(tx, id, { version: 1, at: now, by: actor.name, act: 'issue', state: 'issued', words: order.demand, dueOn: order.dueOn })
  await audit(tx, actor, {
    action: 'order.issue',
    subject: subjectOf(issued),
    before: null,
    after: { source: issued.source, sourceKey, owner: ownerTown ?? ownerDepartment, task: issued.task, title: issued.title, demand: issued.demand, dueOn: issued.dueOn },
  })
  await tell(tx, [{ kind: 'order-issued', key: `order-issued/${id}`, to: ownersOf(issued), params: orderParams({ year: plan.year, unitName: unitNames }, issued), path: `/orders/${id}` }], now)
  return { order: issued, created: true }
}

export interface OrderStep {
  /** The version that the person has before their eyes. */
  version: number
  /** The answer, or why; closing needs none. */
  words: string
  /** A new due day: for `extend`, and if wanted `return`. */
  dueOn?: string | undefined
}

/**
 * Answers, returns, extends, closes or cancels an order.
 * @throws Problem not-found, not-allowed, version-conflict, order-refused, reason-missing, request-invalid
 */
export async function actOnOrder(tx: Tx, actor: Actor, plan: PlanRow, id: number, act: Exclude<OrderAct, 'issue'>, step: OrderStep, now: string, today: string): Promise<OrderRow> {
  const before = await holdOrder(tx, plan.id, id)
  if (!before) throw new Problem('not-found', { what: `order/${plan.year}/${id}` }, 'id')
  const refusal = refusalOfOrder(act, before, actor.person)
  if (refusal && refusal in REFUSALS) throw notAllowed(act, refusal as keyof typeof REFUSALS)
  if (before.version !== step.version) throw new Problem('version-conflict', { current: before.version, given: step.version }, 'version')
  if (refusal) {
    const { zh: what, en: whatEn } = ORDER_ACTS[act]
    const { zh: why, en: whyEn } = ORDER_REFUSALS[refusal as keyof typeof ORDER_REFUSALS]
    throw new Problem('order-refused', { no: before.no, what, whatEn, state: ORDER_STATES[before.state].zh, stateEn: ORDER_STATES[before.state].en, why, whyEn })
  }
  const words = step.words.trim()
  if (words === '' && act !== 'close') throw new Problem('reason-missing', { key: `督办单 ${before.no}` }, 'words')
  if (act === 'extend' && step.dueOn === undefined) throw invalid('dueOn', '请给出新的期限 / give the new due day')
  const dueOn = act === 'extend' || act === 'return' ? (step.dueOn ?? before.dueOn) : before.dueOn
  if (step.dueOn !== undefined && dueOn < today) throw invalid('dueOn', '期限已过 / the due day has passed')
  const state = orderStateAfter(act)
  const version = before.version + 1
  await updateOrder(tx, id, {
    version,
    state,
    dueOn,
    answer: act === 'answer' ? words : before.answer,
    answeredAt: act === 'answer' ? now : before.answeredAt,
    closedAt: state === 'closed' || state === 'cancelled' ? now : null,
    changedAt: now,
  })
  await insertOrderEvent(tx, id, { version, at: now, by: actor.name, act, state, words, dueOn })
  await audit(tx, actor, {
    action: `order.${act}`,
    subject: subjectOf(before),
    before: { version: before.version, state: before.state, dueOn: before.dueOn },
    after: { version, state, dueOn, words },
  })
  const order = (await orderOf(tx, plan.id, id))!
  await tell(tx, [toldOf(plan, order, act, words)], now)
  return order
}

/** Who hears of what was done to an order: of an answer whoever issues orders, of everything else its owner. */
function toldOf(plan: PlanRow, order: OrderRow, act: Exclude<OrderAct, 'issue'>, words: string): Told {
  const params = { ...orderParams({ year: plan.year, unitName: unitNames }, order), words }
  const entry = { key: `order/${order.id}/${order.version}`, path: `/orders/${order.id}` }
  if (act === 'answer') return { ...entry, kind: 'order-answered', to: [{ role: 'office' }, { account: order.issuedBy }], params }
  const { zh, en } = ORDER_ACTS[act]
  return { ...entry, kind: 'order-changed', to: ownersOf(order), params: { ...params, act: zh, actEn: en } }
}

function subjectOf(order: Pick<OrderRow, 'year' | 'no'>): string {
  return `order/${order.year}/${order.no}`
}

function notAllowed(act: OrderAct, refusal: keyof typeof REFUSALS): Problem {
  if (refusal === 'signed-out') return new Problem('sign-in-needed')
  const { action } = ORDER_ACTS[act]
  const { zh: what, en: whatEn } = ACTIONS[action]
  const { zh: why, en: whyEn } = REFUSALS[refusal]
  return new Problem('not-allowed', { action, refusal, what, whatEn, why, whyEn })
}

function invalid(field: string, why: string): Problem {
  return new Problem('request-invalid', { field, why }, field)
}
