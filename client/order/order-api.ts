/** Supervision orders. */
import type { OrderAct, OrderSource, OrderState } from '../../geo/order/order.ts'
import { queryClient, request, send } from '../api.ts'

export interface Order {
  id: number
  year: number
  no: number
  source: OrderSource
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
  version: number
  demo: boolean
  departments: string[]
  next: Exclude<OrderAct, 'issue'>[]
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

export type OrderWithEvents = Order & { events: OrderEvent[] }

export interface NewOrder {
  owner: { town: string } | { department: string }
  task: number | null
  title: string
  demand: string
  dueOn: string
}

export const ordersQuery = (year: number) => ({ queryKey: ['orders', year], queryFn: () => request<Order[]>(`/api/plans/${year}/orders`) })
export const orderQuery = (year: number, id: number) => ({ queryKey: ['orders', year, id], queryFn: () => request<OrderWithEvents>(`/api/plans/${year}/orders/${id}`) })

const refresh = () => queryClient.invalidateQueries({ queryKey: ['orders'] })

export async function issue(year: number, order: NewOrder): Promise<Order> {
  const issued = await send<Order>('POST', `/api/plans/${year}/orders`, order)
  await refresh()
  return issued
}

/** Does something to an order; what is shown is as the server has it afterwards, also when somebody else was quicker. */
export async function act(order: Order, which: Exclude<OrderAct, 'issue'>, step: { words: string; dueOn?: string }): Promise<void> {
  try {
    await send('POST', `/api/plans/${order.year}/orders/${order.id}/${which}`, { version: order.version, ...step })
  } finally {
    await refresh()
  }
}
