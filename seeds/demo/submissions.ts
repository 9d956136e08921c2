/**
 * What the units reported besides numbers in the demonstration year: every month but the last, which is left to be filled in. Synthetic like the
 * values, and true to them: a milestone was reached where the month's value says so.
 */
import { ledgerWords } from '../../geo/finding/counts.ts'
import { monthAfter, monthEnd, monthsOf } from '../../geo/month/month.ts'
import type { Task } from '../../geo/plan/plan.ts'
import { dueIn, type Due, type SubmissionKey } from '../../geo/submission/submission.ts'
import { demoLedger, type DemoFinding } from './findings.ts'
import { DEMO_WORDS } from './year.ts'
import type { DemoReport } from './year.ts'

export interface DemoSubmission extends SubmissionKey {
  done: boolean | null
  words: string
  submittedAt: string
  approvedAt: string
}

export function demoSubmissions(year: number, tasks: readonly Task[], reports: readonly DemoReport[], findings: readonly DemoFinding[] = []): DemoSubmission[] {
  const values = new Map(reports.map(({ measure, town, month, value }) => [`${measure} ${town} ${month}`, value]))
  return monthsOf(year)
    .slice(0, -1)
    .flatMap((month) =>
      tasks.flatMap((task) =>
        dueIn(task, month).map((due) => {
          const reached = due.kind === 'milestone' ? isReached(due, task, values) : true
          const { kind, item, town } = due
          const words = `${DEMO_WORDS}：${due.kind === 'finding' ? ledgerOf(due, findings) : wordsOf(due as Parameters<typeof wordsOf>[0], reached)}`
          return { task: task.no, kind, item, town, month, done: kind === 'submission' ? null : reached, words, submittedAt: `${monthAfter(month)}-03T10:00:00+08:00`, approvedAt: `${monthAfter(month)}-07T10:00:00+08:00` }
        }),
      ),
    )
}

function isReached(due: Due, task: Task, values: ReadonlyMap<string, number | null>): boolean {
  const measure = task.measures.find(({ id }) => id === due.item.split('/')[0])
  const target = measure?.kind === 'stage' ? 100 : (measure?.quotas.find(({ town }) => town === due.town)?.target ?? 0)
  const value = values.get(`${measure?.id} ${due.town} ${due.month}`) ?? 0
  return value >= target * due.milestone!.share - 1e-9
}

/** What the ledger says of the period. */
function ledgerOf({ task, town, from, month }: Due, findings: readonly DemoFinding[]): string {
  return ledgerWords(demoLedger(findings, task, town, `${from}-01`, monthEnd(month)))
}

function wordsOf(due: Due & { kind: Exclude<Due['kind'], 'finding'> }, reached: boolean): string {
  switch (due.kind) {
    case 'submission':
      return '本期情况已报送。'
    case 'inspection':
      return '已按要求巡检，未见异常。'
    case 'milestone':
      return reached ? '按期达到。' : '未按期达到，已排定赶工计划。'
  }
}
