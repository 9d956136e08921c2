/** When people are reminded and when a red light becomes an order: versioned data of the plan. Days are working days. */

export interface ReminderRule {
  version: number
  /** So many days before a month's reports are due. */
  beforeDue: number
  /** Once overdue, again after so many days. */
  overdueEvery: number
  /** A light that has been red for so many months becomes a supervision order; 0: never by itself. */
  redMonths: number
  /** An order of the rule is due after so many days. */
  orderDays: number
  /** So many days before an order is due. */
  orderBefore: number
  /** What waits for review longer than so many days is reminded. */
  reviewDays: number
  /** Local times `HH:MM` between which nothing leaves the house; equal: no quiet hours. */
  quietFrom: string
  quietUntil: string
}

/** What a plan begins with. */
export const FIRST_REMINDER_RULE: ReminderRule = {
  version: 0,
  beforeDue: 2,
  overdueEvery: 3,
  redMonths: 2,
  orderDays: 10,
  orderBefore: 2,
  reviewDays: 3,
  quietFrom: '20:00',
  quietUntil: '08:00',
}

/** Least and most of each number. */
export const REMINDER_LIMITS = {
  beforeDue: [0, 15],
  overdueEvery: [1, 15],
  redMonths: [0, 12],
  orderDays: [1, 60],
  orderBefore: [0, 15],
  reviewDays: [1, 30],
} as const satisfies Partial<Record<keyof ReminderRule, readonly [number, number]>>
export type ReminderNumber = keyof typeof REMINDER_LIMITS

/** The first setting that will not do; null: all will. */
export function faultOfReminderRule(rule: Omit<ReminderRule, 'version'>): keyof ReminderRule | null {
  for (const [name, [least, most]] of Object.entries(REMINDER_LIMITS) as [ReminderNumber, readonly [number, number]][]) {
    if (!Number.isInteger(rule[name]) || rule[name] < least || rule[name] > most) return name
  }
  for (const name of ['quietFrom', 'quietUntil'] as const) if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(rule[name])) return name
  return null
}

/** Is it quiet at a local time `HH:MM`? The span may reach over midnight. */
export function isQuiet(rule: Pick<ReminderRule, 'quietFrom' | 'quietUntil'>, time: string): boolean {
  const { quietFrom: from, quietUntil: until } = rule
  if (from === until) return false
  return from < until ? time >= from && time < until : time >= from || time < until
}
