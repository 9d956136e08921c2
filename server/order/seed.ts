/** The demonstration's orders: written as they would stand after all that was done to them; nobody is told. */
import { orderStateAfter } from '../../geo/order/order.ts'
import type { DemoOrder } from '../../seeds/demo/orders.ts'
import type { Tx } from '../database/connect.ts'
import { takeTurn } from '../database/turns.ts'
import { insertOrder, insertOrderEvent, updateOrder } from './queries.ts'

/** Part of the caller's transaction. @returns how many there were not before */
export async function seedOrders(tx: Tx, planId: number, orders: readonly DemoOrder[]): Promise<number> {
  await takeTurn(tx, 'orders')
  let made = 0
  for (const { key, events, ...facts } of orders) {
    const [issue, ...later] = events
    if (!issue) continue
    const order = { ...facts, measure: null, demand: issue.words, issuedBy: issue.by, issuedAt: issue.at, dueOn: issue.dueOn }
    const id = await insertOrder(tx, planId, { ...order, source: 'person', sourceKey: `demo/${key}`, demo: true })
    if (id === null) continue
    made++
    await insertOrderEvent(tx, id, { version: 1, state: 'issued', ...issue })
    let answer: { words: string; at: string } | null = null
    for (const [i, event] of later.entries()) {
      if (event.act === 'issue') continue
      const state = orderStateAfter(event.act)
      const version = i + 2
      if (event.act === 'answer') answer = event
      const closedAt = state === 'closed' || state === 'cancelled' ? event.at : null
      await updateOrder(tx, id, { version, state, dueOn: event.dueOn, answer: answer?.words ?? null, answeredAt: answer?.at ?? null, closedAt, changedAt: event.at })
      await insertOrderEvent(tx, id, { version, state, ...event })
    }
  }
  return made
}
