/**
 * Monthly counts for 动态清零: what was found in a month, what was cleared, what is left at its end and how much of that is overdue; as known on a
 * day. Pure, from findings that were counted together where all that matters here is the same.
 */
import { monthEnd, monthOf } from '../month/month.ts'
import { isRunning } from '../reminder/reminders.ts'

/** So many findings of a task in a town with the same days. */
export interface FindingDays {
  task: number
  town: string
  foundOn: string
  dueOn: string
  /** When they were reported as put right; null: not (or sent back since). */
  fixedOn: string | null
  /** When they were struck off; null: they are in the ledger still. */
  clearedOn: string | null
  count: number
  demo: boolean
}

export interface LedgerCounts {
  found: number
  cleared: number
  /** In the ledger at the end: hung, or put right and not struck off. */
  left: number
  /** Of those, not put right though the due day has passed. */
  overdue: number
}

export interface MonthCounts extends LedgerCounts {
  month: string
  task: number
  town: string
  demo: boolean
}

export const NO_COUNTS: LedgerCounts = { found: 0, cleared: 0, left: 0, overdue: 0 }

/** The counts of a span of days, ISO dates, both included. */
export function countsBetween(days: readonly FindingDays[], from: string, to: string): LedgerCounts {
  const counts = { ...NO_COUNTS }
  for (const { foundOn, dueOn, fixedOn, clearedOn, count } of days) {
    if (foundOn > to) continue
    if (foundOn >= from) counts.found += count
    if (clearedOn !== null && clearedOn <= to) {
      if (clearedOn >= from) counts.cleared += count
      continue
    }
    counts.left += count
    if (dueOn < to && (fixedOn === null || fixedOn > to)) counts.overdue += count
  }
  return counts
}

/** By month, task and town: of the months given, up to the one that the day lies in, whose end is that day. What is all nought is left out. */
export function monthlyCounts(days: readonly FindingDays[], months: readonly string[], asOf: string): MonthCounts[] {
  const groups = new Map<string, FindingDays[]>()
  for (const one of days) {
    const key = `${one.task}|${one.town}`
    const its = groups.get(key)
    if (its) its.push(one)
    else groups.set(key, [one])
  }
  return months
    .filter((month) => month <= monthOf(asOf))
    .flatMap((month) => {
      const end = monthEnd(month) < asOf ? monthEnd(month) : asOf
      return [...groups.values()].flatMap((its): MonthCounts[] => {
        const counts = countsBetween(its, `${month}-01`, end)
        if (counts.found + counts.cleared + counts.left === 0) return []
        return [{ month, task: its[0]!.task, town: its[0]!.town, ...counts, demo: its.some(({ demo }) => demo) }]
      })
    })
}

/** Several added up: over towns or tasks of one month. (What is left does not add up over months.) */
export function sumCounts(some: readonly LedgerCounts[]): LedgerCounts {
  const sum = { ...NO_COUNTS }
  for (const { found, cleared, left, overdue } of some) {
    sum.found += found
    sum.cleared += cleared
    sum.left += left
    sum.overdue += overdue
  }
  return sum
}

/** The counts as a sheet says them: words of a report, in Chinese like all of them. */
export function ledgerWords({ found, cleared, left, overdue }: LedgerCounts): string {
  if (found + cleared + left === 0) return '已排查，未发现新问题，台账已清零。'
  const rest = left === 0 ? '期末在账 0 处，动态清零' : `期末在账 ${left} 处${overdue > 0 ? `（逾期 ${overdue} 处）` : ''}`
  return `本期发现 ${found} 处，销账 ${cleared} 处，${rest}。`
}

/** The day that a ledger is looked at: today while anybody works on the plan, afterwards the plan's last day. */
export function ledgerDay(plan: { startsOn: string; endsOn: string }, today: string): string {
  return today > plan.endsOn && !isRunning(plan, today) ? plan.endsOn : today
}
