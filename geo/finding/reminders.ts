/** Who is to be told of the ledger today: a town of what is due soon or overdue, and from the second time on those above it. Pure. */
import type { MessageParams, Recipient, Told } from '../message/message.ts'
import { workdayFrom, workdaysBetween, type Calendar } from '../month/workday.ts'
import type { RemindedTask } from '../reminder/reminders.ts'
import type { ReminderRule } from '../reminder/rule.ts'

/** So many findings of a task in a town that are hung and due on a day. */
export interface HungFindings {
  task: number
  town: string
  dueOn: string
  count: number
  demo: boolean
}

export interface FindingReminderInput {
  year: number
  today: string
  calendar: Calendar
  rule: Pick<ReminderRule, 'orderBefore' | 'overdueEvery'>
  tasks: readonly RemindedTask[]
  hung: readonly HungFindings[]
  unitName(code: string): { zh: string; en: string }
}

export function findingReminders({ year, today, calendar, rule, tasks, hung, unitName }: FindingReminderInput): Told[] {
  const told: Told[] = []
  for (const its of Map.groupBy(hung, ({ task, town }) => `${task}|${town}`).values()) {
    const { task: no, town } = its[0]!
    const task = tasks.find((one) => one.no === no)
    if (!task) continue
    const name = unitName(town)
    const common = { unit: name.zh, unitEn: name.en, task: no, name: task.name }
    const demo = (some: readonly HungFindings[]): MessageParams => (some.some((one) => one.demo) ? { demo: true } : {})
    const reporters: Recipient[] = [{ role: 'reporter', scope: town }]
    const overdue = its.filter(({ dueOn }) => dueOn < today)
    if (overdue.length) {
      const oldest = overdue.reduce((least, { dueOn }) => (dueOn < least ? dueOn : least), today)
      const days = Math.max(1, workdaysBetween(calendar, oldest, today))
      const time = Math.floor((days - 1) / rule.overdueEvery)
      const above: Recipient[] = time > 0 ? [{ role: 'approver', scope: town }, ...task.leads.map((scope): Recipient => ({ role: 'department', scope }))] : []
      told.push({
        kind: 'finding-overdue',
        key: `finding-overdue/${year}/${no}/${town}/${oldest}/${time}`,
        to: [...reporters, ...above],
        params: { ...common, count: sum(overdue), dueOn: oldest, days, ...demo(overdue) },
        path: `/findings?task=${no}&town=${town}&overdue=1`,
      })
    }
    for (const soon of Map.groupBy(its.filter(({ dueOn }) => dueOn >= today && today >= workdayFrom(calendar, dueOn, -rule.orderBefore)), ({ dueOn }) => dueOn).values()) {
      const { dueOn } = soon[0]!
      told.push({ kind: 'finding-due', key: `finding-due/${year}/${no}/${town}/${dueOn}`, to: reporters, params: { ...common, count: sum(soon), dueOn, ...demo(soon) }, path: `/findings?task=${no}&town=${town}` })
    }
  }
  return told
}

const sum = (some: readonly HungFindings[]) => some.reduce((total, { count }) => total + count, 0)
