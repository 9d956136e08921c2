/**
 * Supervision orders (督办单): what somebody has to put right, by when, and how it ended. Issued by the rule (a light red for too long), by a
 * meeting or by a person; answered by its owner, a town or a department; closed by who may issue. Pure; the server obeys it, the screens show it.
 */
import { refusalOf, type Action, type Refusal, type Target } from '../right/right.ts'
import type { Person } from '../right/role.ts'

export const ORDER_STATES = {
  issued: { zh: '待回复', en: 'Waiting for an answer' },
  answered: { zh: '已回复待销号', en: 'Answered' },
  closed: { zh: '已销号', en: 'Closed' },
  cancelled: { zh: '已撤销', en: 'Cancelled' },
} as const satisfies Record<string, { zh: string; en: string }>
export type OrderState = keyof typeof ORDER_STATES

export const ORDER_SOURCES = {
  rule: { zh: '亮灯规则', en: 'Light rule' },
  meeting: { zh: '会议决定', en: 'Meeting' },
  person: { zh: '人工签发', en: 'Issued by hand' },
} as const satisfies Record<string, { zh: string; en: string }>
export type OrderSource = keyof typeof ORDER_SOURCES

/** What can be done to an order; every one is an event that stays. */
export const ORDER_ACTS = {
  issue: { zh: '签发', en: 'issue', action: 'order.issue' },
  answer: { zh: '回复', en: 'answer', action: 'order.answer' },
  return: { zh: '退回重答', en: 'ask again', action: 'order.issue' },
  extend: { zh: '延期', en: 'give more time', action: 'order.issue' },
  close: { zh: '销号', en: 'close', action: 'order.issue' },
  cancel: { zh: '撤销', en: 'cancel', action: 'order.issue' },
} as const satisfies Record<string, { zh: string; en: string; action: Action }>
export type OrderAct = keyof typeof ORDER_ACTS

/** Acts on an order that is there, and from which states each is possible. */
const FROM: Record<Exclude<OrderAct, 'issue'>, readonly OrderState[]> = {
  answer: ['issued', 'answered'],
  return: ['answered'],
  extend: ['issued'],
  close: ['issued', 'answered'],
  cancel: ['issued', 'answered'],
}
const AFTER: Record<Exclude<OrderAct, 'issue'>, OrderState> = {
  answer: 'answered',
  return: 'issued',
  extend: 'issued',
  close: 'closed',
  cancel: 'cancelled',
}

/** Whose the order is: one of the two. */
export interface OrderOwner {
  ownerTown: string | null
  ownerDepartment: string | null
}

/** An order as far as its way goes. */
export interface FlowOrder extends OrderOwner {
  state: OrderState
  /** ISO date, the last day in time. */
  dueOn: string
  /** Lead departments of the task that it is about; none where it is about no task. */
  departments: readonly string[]
}

export const ORDER_REFUSALS = {
  state: { zh: '当前状态下不能这样做', en: 'not possible in this state' },
} as const
export type OrderRefusal = Refusal | keyof typeof ORDER_REFUSALS

/** What a right on an order is looked at for: its owner answers; whoever leads the task may read it too. */
export function orderTarget(order: OrderOwner & { departments: readonly string[] }, action: 'order.read' | 'order.answer'): Target {
  const owner = order.ownerDepartment === null ? [] : [order.ownerDepartment]
  return {
    ...(order.ownerTown === null ? {} : { town: order.ownerTown }),
    departments: action === 'order.answer' ? owner : [...owner, ...order.departments],
  }
}

/** Why an act is not possible for this person; null when it is. */
export function refusalOfOrder(act: Exclude<OrderAct, 'issue'>, order: FlowOrder, person: Person | null): OrderRefusal | null {
  const { action } = ORDER_ACTS[act]
  const refusal = refusalOf(person, action, action === 'order.answer' ? orderTarget(order, 'order.answer') : undefined)
  if (refusal) return refusal
  return FROM[act].includes(order.state) ? null : 'state'
}

/** What this person may do to the order now. */
export function nextOrderActs(order: FlowOrder, person: Person | null): Exclude<OrderAct, 'issue'>[] {
  return (Object.keys(FROM) as Exclude<OrderAct, 'issue'>[]).filter((act) => refusalOfOrder(act, order, person) === null)
}

export function orderStateAfter(act: Exclude<OrderAct, 'issue'>): OrderState {
  return AFTER[act]
}

/** Still somebody's to do. */
export function isOrderOpen(order: Pick<FlowOrder, 'state'>): boolean {
  return order.state === 'issued' || order.state === 'answered'
}

/** The due day has passed without an answer. */
export function isOrderOverdue(order: Pick<FlowOrder, 'state' | 'dueOn'>, today: string): boolean {
  return order.state === 'issued' && order.dueOn < today
}
