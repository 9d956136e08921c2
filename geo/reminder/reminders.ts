/**
 * Who is to be told what today: from the state of months, lights and orders to entries for inboxes. Pure; each entry has a key, and whoever
 * was told a key is not told it again, so that asking twice a day, or from two processes, tells nobody twice.
 */
import type { Light } from '../light/light.ts'
import { reasonText } from '../light/reason.ts'
import type { LightRecord } from '../light/record.ts'
import type { MessageParams, Recipient, Told } from '../message/message.ts'
import { monthState, type Month } from '../month/month.ts'
import { workdayFrom, workdaysBetween, type Calendar } from '../month/workday.ts'
import { isOrderOverdue, type OrderOwner, type OrderState } from '../order/order.ts'
import type { ReviewLevel } from '../report/flow.ts'
import { isDistrict } from '../right/right.ts'
import type { MissingCell } from './missing.ts'
import type { ReminderRule } from './rule.ts'

/** An order as far as reminders go. */
export interface RemindedOrder extends OrderOwner {
  id: number
  no: number
  title: string
  state: OrderState
  dueOn: string
  demo: boolean
}

/** Reports that wait for a department, or for the approver of a town. */
export interface WaitingReview {
  month: string
  desk: ReviewLevel
  /** The department's name or the town's code. */
  scope: string
  count: number
  /** The day since which the oldest of them waits. */
  since: string
}

export interface RemindedTask {
  no: number
  name: string
  leads: readonly string[]
}

export interface ReminderInput {
  year: number
  today: string
  calendar: Calendar
  rule: ReminderRule
  months: readonly Month[]
  /** What is missing for each month that is open, numbers and submissions. */
  missing: ReadonlyMap<string, readonly MissingCell[]>
  tasks: readonly RemindedTask[]
  /** Lights recorded as turned red in the last days that are red still. */
  reds: readonly LightRecord[]
  orders: readonly RemindedOrder[]
  waiting: readonly WaitingReview[]
  /** Names of units in both languages. */
  unitName(code: string): { zh: string; en: string }
}

/** Today's reminders. */
export function remindersOf(input: ReminderInput): Told[] {
  return [...reportReminders(input), ...redReminders(input), ...orderReminders(input), ...reviewReminders(input)]
}

/** A plan runs during its year and for as long after it as its last figures take. */
export const DAYS_AFTER = 90

/** Whether anybody is to be reminded of a plan on a day. */
export function isRunning(plan: { startsOn: string; endsOn: string }, today: string): boolean {
  const end = new Date(Date.parse(plan.endsOn) + DAYS_AFTER * 86_400_000).toISOString().slice(0, 10)
  return plan.startsOn <= today && today <= end
}

/** Everybody who reports for a unit; of the district's own figures, the departments that lead the tasks. */
export function reportersOf(unit: string, tasks: readonly RemindedTask[], cells: readonly MissingCell[]): Recipient[] {
  if (!isDistrict(unit)) return [{ role: 'reporter', scope: unit }]
  const numbers = new Set(cells.map(({ task }) => task))
  const leads = new Set(tasks.filter(({ no }) => numbers.has(no)).flatMap((task) => task.leads))
  return [...leads].map((scope) => ({ role: 'department', scope }))
}

/** Whose an order is. */
export function ownersOf(order: OrderOwner): Recipient[] {
  if (order.ownerTown === null) return [{ role: 'department', scope: order.ownerDepartment! }]
  return (['reporter', 'approver'] as const).map((role) => ({ role, scope: order.ownerTown! }))
}

/** What every entry about an order says of it. */
export function orderParams(input: Pick<ReminderInput, 'year' | 'unitName'>, order: RemindedOrder): MessageParams {
  const owner = order.ownerTown === null ? { zh: order.ownerDepartment!, en: order.ownerDepartment! } : input.unitName(order.ownerTown)
  return { year: input.year, no: order.no, title: order.title, dueOn: order.dueOn, owner: owner.zh, ownerEn: owner.en, ...(order.demo ? { demo: true } : {}) }
}

function reportReminders(input: ReminderInput): Told[] {
  const { rule, calendar, today, year } = input
  return input.months.flatMap((month) => {
    const cells = input.missing.get(month.id)
    if (!cells || monthState(month, today) !== 'open') return []
    const overdue = today > month.dueOn
    if (!overdue && today < workdayFrom(calendar, month.dueOn, -rule.beforeDue)) return []
    const days = Math.max(1, workdaysBetween(calendar, month.dueOn, today))
    return byUnit(cells).map(([unit, its]): Told => {
      const name = input.unitName(unit)
      const params = { unit: name.zh, unitEn: name.en, month: month.id, missing: its.length, dueOn: month.dueOn }
      const to = reportersOf(unit, input.tasks, its)
      const path = `/reports?month=${month.id}&town=${unit}`
      if (!overdue) return { kind: 'report-due', key: `report-due/${year}/${month.id}/${unit}`, to, params, path }
      // From the second time on the town's approver hears of it too.
      const time = Math.floor((days - 1) / rule.overdueEvery)
      const above: Recipient[] = time > 0 && !isDistrict(unit) ? [{ role: 'approver', scope: unit }] : []
      return { kind: 'report-overdue', key: `report-overdue/${year}/${month.id}/${unit}/${time}`, to: [...to, ...above], params: { ...params, days }, path }
    })
  })
}

function byUnit(cells: readonly MissingCell[]): [string, MissingCell[]][] {
  const units = new Map<string, MissingCell[]>()
  for (const cell of cells) units.set(cell.town, [...(units.get(cell.town) ?? []), cell])
  return [...units]
}

function redReminders({ reds, tasks, year, unitName }: ReminderInput): Told[] {
  const told = new Map<string, Told>()
  for (const red of reds) {
    const task = tasks.find(({ no }) => no === red.task)
    const key = `light-red/${year}/${red.task}/${red.town}/${red.day}`
    if (!task || told.has(key)) continue
    const name = unitName(red.town)
    const light = { light: 'red' as const, reasonKey: red.reasonKey, reasonParams: red.reasonParams, since: null } satisfies Pick<Light, 'light' | 'reasonKey' | 'reasonParams' | 'since'>
    const town: Recipient[] = isDistrict(red.town) ? [] : (['reporter', 'approver'] as const).map((role) => ({ role, scope: red.town }))
    told.set(key, {
      kind: 'light-red',
      key,
      to: [...town, ...task.leads.map((scope): Recipient => ({ role: 'department', scope }))],
      params: { task: red.task, name: task.name, unit: name.zh, unitEn: name.en, reason: reasonText(light, 'zh-CN'), reasonEn: reasonText(light, 'en'), ...(red.demo ? { demo: true } : {}) },
      path: `/tasks/${red.task}`,
    })
  }
  return [...told.values()]
}

function orderReminders(input: ReminderInput): Told[] {
  const { calendar, rule, today } = input
  return input.orders.flatMap((order): Told[] => {
    if (order.state !== 'issued') return []
    const path = `/orders/${order.id}`
    const params = orderParams(input, order)
    if (isOrderOverdue(order, today)) {
      const days = Math.max(1, workdaysBetween(calendar, order.dueOn, today))
      const time = Math.floor((days - 1) / rule.overdueEvery)
      return [{ kind: 'order-overdue', key: `order-overdue/${order.id}/${order.dueOn}/${time}`, to: [...ownersOf(order), { role: 'office' }], params: { ...params, days }, path }]
    }
    if (today < workdayFrom(calendar, order.dueOn, -rule.orderBefore)) return []
    return [{ kind: 'order-due', key: `order-due/${order.id}/${order.dueOn}`, to: ownersOf(order), params, path }]
  })
}

function reviewReminders({ waiting, calendar, rule, today, year }: ReminderInput): Told[] {
  return waiting.flatMap(({ month, desk, scope, count, since }): Told[] => {
    const days = workdaysBetween(calendar, since, today)
    if (days <= rule.reviewDays) return []
    const time = Math.floor((days - rule.reviewDays - 1) / rule.reviewDays)
    return [
      {
        kind: 'review-waiting',
        key: `review-waiting/${year}/${month}/${scope}/${since}/${time}`,
        to: [{ role: desk === 'town' ? 'approver' : 'department', scope }],
        params: { month, count, days: rule.reviewDays },
        path: `/reviews?of=${month}`,
      },
    ]
  })
}
