/** 月调度材料: what a month's dispatch pack says besides the district's and the towns' pages. Pure. */
import type { Light, LightColour } from '../light/light.ts'
import { LIGHTS } from '../light/light.ts'
import type { TaskLight } from '../light/task-light.ts'
import { isOrderOpen, isOrderOverdue, type OrderState } from '../order/order.ts'
import { inTrouble, type PageBasis } from '../snapshot/figures.ts'

/** An order as it stood. */
export interface PackOrder {
  no: number
  year: number
  /** Code of a town, or name of a department. */
  owner: string
  title: string
  issuedOn: string
  dueOn: string
  state: OrderState
  demo: boolean
}

/** What is frozen of a pack besides what a snapshot freezes. */
export interface PackFacts {
  /** The day that the orders stand as of. */
  day: string
  orders: PackOrder[]
  /** The lights of the month before, where there was one. */
  before: Pick<Light, 'measure' | 'town' | 'light' | 'done'>[] | null
}

/** A task's light in a unit that is another one than a month ago. */
export interface PackChange {
  now: TaskLight
  then: TaskLight
  /** It got worse. */
  worse: boolean
}

/** What changed since last month: what got worse first, the worst on top; null: there was no month before. */
export function changesOf({ now, before }: Pick<PageBasis, 'now' | 'before'>): PackChange[] | null {
  if (!before) return null
  const found = now.taskLights.flatMap((light): PackChange[] => {
    const then = before.taskLight(light.task, light.town)
    return !then || then.light === light.light ? [] : [{ now: light, then, worse: rank(light.light) > rank(then.light) }]
  })
  return found.sort((a, b) => Number(b.worse) - Number(a.worse) || rank(b.now.light) - rank(a.now.light) || rank(b.then.light) - rank(a.then.light) || a.now.task - b.now.task)
}

/** Everything behind and warned, red before yellow, each with its reason. */
export function problemsOf({ now }: Pick<PageBasis, 'now'>): TaskLight[] {
  return inTrouble(now.taskLights).filter(({ light }) => light === 'red' || light === 'yellow')
}

/** Open orders, those that are due first on top. */
export function ordersDue({ day, orders }: PackFacts): (PackOrder & { overdue: boolean })[] {
  return orders
    .filter(isOrderOpen)
    .map((order) => ({ ...order, overdue: isOrderOverdue(order, day) }))
    .sort((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : a.no - b.no))
}

const rank = (light: LightColour) => LIGHTS.indexOf(light)
