/**
 * A sheet as its screen works with it: what a person typed into each cell, what that means, what is odd about it, and whether it can be handed
 * in. Pure; numbers and submissions go by one kind of cell, named by its subject (`14.1`, `17/finding`).
 */
import { lightOf } from '../../geo/light/lights.ts'
import type { Light } from '../../geo/light/light.ts'
import { shareOf } from '../../geo/light/judge.ts'
import { monthEnd } from '../../geo/month/month.ts'
import type { Measure, Task } from '../../geo/plan/plan.ts'
import { checksOf, isError, openChecks, type Answer, type CheckedValue, type ReportCheck } from '../../geo/report/check.ts'
import { numberEntered } from '../../geo/report/entry.ts'
import type { Point, Progress } from '../../geo/report/report.ts'
import { gapsOf, subjectOf, type SubmissionGap } from '../../geo/submission/submission.ts'
import type { Sheet, SheetDue, SheetRow } from '../../server/report/sheet.ts'

/** What stands in a cell as it was typed. Of a submission that asks for a yes or no, `text` is 'yes', 'no' or ''. */
export interface Entry {
  text: string
  words: string
  answers: readonly Answer[]
}
export type Entries = Readonly<Record<string, Entry>>

/** A row of the sheet: a measure's number, or a submission. */
export type SheetCell =
  | { subject: string; kind: 'number'; task: Task; measure: Measure; row: SheetRow }
  | { subject: string; kind: 'due'; task: Task; measure: null; row: SheetDue }

/** The rows of a sheet in the list's order, each task's numbers before its submissions. Rows of tasks that the plan does not have are left out. */
export function cellsOf(sheet: Sheet, taskOf: (no: number) => Task | undefined): SheetCell[] {
  const numbers = sheet.rows.flatMap((row): SheetCell[] => {
    const task = taskOf(row.task)
    const measure = task?.measures.find(({ id }) => id === row.measure)
    return task && measure ? [{ subject: row.measure, kind: 'number', task, measure, row }] : []
  })
  const due = sheet.due.flatMap((row): SheetCell[] => {
    const task = taskOf(row.task)
    return task ? [{ subject: subjectOf(row), kind: 'due', task, measure: null, row }] : []
  })
  return [...numbers, ...due].sort((a, b) => a.task.no - b.task.no)
}

/** What the server has, as it would be typed. Where nothing was ever entered of a search for findings, the ledger's counts stand ready. */
export function entryOf(cell: SheetCell): Entry {
  if (cell.kind === 'due') {
    const words = cell.row.version === 0 && isWritable(cell) ? (cell.row.ledger?.words ?? '') : cell.row.words
    return { text: cell.row.done === null ? '' : cell.row.done ? 'yes' : 'no', words, answers: [] }
  }
  return { text: cell.row.value === null ? '' : String(cell.row.value), words: cell.row.words, answers: cell.row.answers }
}

export function isWritable(cell: SheetCell): boolean {
  return cell.row.may.includes('save')
}

/** The number that an entry means: null nothing, NaN something that is no number. */
export function valueOf(cell: SheetCell, entry: Entry): number | null {
  return cell.kind === 'number' ? numberEntered(entry.text, cell.measure.unit) : null
}

export function saidOf(entry: Entry): boolean | null {
  return entry.text === '' ? null : entry.text === 'yes'
}

/** Do two entries mean the same, so that there is nothing to save? */
export function sameEntry(cell: SheetCell, a: Entry, b: Entry): boolean {
  const meaning = (entry: Entry) =>
    JSON.stringify([cell.kind === 'number' ? (valueOf(cell, entry) ?? '') : entry.text, entry.words, entry.answers.filter(({ reason }) => reason.trim() !== '')])
  return meaning(a) === meaning(b)
}

/** May an entry be sent to the server? What is no number stays here until it is mended. */
export function isSavable(cell: SheetCell, entry: Entry): boolean {
  return isWritable(cell) && !Number.isNaN(valueOf(cell, entry))
}

function checked(cell: Extract<SheetCell, { kind: 'number' }>, entry: Entry): CheckedValue {
  return { measure: cell.measure, target: cell.row.target, value: valueOf(cell, entry), last: cell.row.last?.value ?? null }
}

/** Everything odd about a number. */
export function oddities(cell: SheetCell, entry: Entry): ReportCheck[] {
  return cell.kind === 'number' ? checksOf(checked(cell, entry)) : []
}

/** What still stands in the way of handing a cell in. */
export function obstacles(cell: SheetCell, entry: Entry): (ReportCheck | SubmissionGap)[] {
  if (cell.kind === 'number') return openChecks(checked(cell, entry), entry.words, entry.answers)
  return gapsOf(cell.row.kind, { done: saidOf(entry), words: entry.words, attachments: cell.row.attachments.length })
}

/** The reason that was given for something odd; '' while there is none. */
export function answerTo(entry: Entry, check: ReportCheck): string {
  return entry.answers.find((answer) => answer.check === check)?.reason ?? ''
}

export function isEmpty(entry: Entry): boolean {
  return entry.text.trim() === '' && entry.words.trim() === ''
}

/** Has it left the town, or must it still be handed in? */
export function isHandedIn(cell: SheetCell): boolean {
  return cell.row.state !== null && cell.row.state !== 'draft' && cell.row.state !== 'returned'
}

/** Would it be taken if it were handed in now? Something must be in it, and nothing in the way. */
export function isReady(cell: SheetCell, entry: Entry): boolean {
  return isWritable(cell) && !(isEmpty(entry) && cell.row.attachments.length === 0) && obstacles(cell, entry).length === 0
}

/** Errors before warnings that have no reason yet before nothing. */
export function troubleOf(cell: SheetCell, entry: Entry): 'error' | 'warning' | null {
  const open = obstacles(cell, entry).filter((one) => one !== 'value-missing' && one !== 'words' && one !== 'done')
  if (open.length === 0) return null
  return open.some((one) => one !== 'why-not' && isError(one)) ? 'error' : 'warning'
}

/** The value as a share of the target, 0…; null where one of them is missing. */
export function shareEntered(cell: SheetCell, entry: Entry): number | null {
  if (cell.kind !== 'number') return null
  const value = valueOf(cell, entry)
  if (value === null || Number.isNaN(value)) return null
  if (cell.measure.kind === 'stage') return value / 100
  return cell.row.target === null || cell.row.target === 0 ? null : shareOf(cell.row.target, value)
}

/** The light at the month's end if what stands in the cell were approved; without a number there, the light as it would be without it. */
export function lightToCome(
  cell: SheetCell,
  entry: Entry,
  sheet: Pick<Sheet, 'town' | 'month'>,
  progress: Pick<Progress, 'plan' | 'months' | 'rules'>,
  points: readonly Point[],
): Light | null {
  if (cell.kind !== 'number') return null
  const quota = cell.measure.quotas.find(({ town }) => town === sheet.town)
  if (!quota) return null
  const value = valueOf(cell, entry)
  const month = sheet.month.id
  const known = points.filter((point) => point.month < month)
  const asOf = monthEnd(month)
  const at = `${asOf}T12:00:00+08:00`
  const entered: Point[] = value === null || Number.isNaN(value) ? [] : [{ month, value, state: 'approved', submittedAt: at, approvedAt: at, demo: false }]
  return lightOf({ task: cell.task, measure: cell.measure, quota, points: [...known, ...entered], progress, asOf, history: false })
}

/** The milestones that fall due in this month or the next, or are due and unmet: what a town should look at while it types. */
export function milestonesNear(cell: SheetCell, month: string, monthAfter: string) {
  if (cell.kind !== 'number') return []
  return cell.measure.milestones.filter(({ due }) => due.slice(0, 7) === month || due.slice(0, 7) === monthAfter)
}

export const SHEET_FILTERS = ['all', 'open', 'trouble', 'returned'] as const
export type SheetFilter = (typeof SHEET_FILTERS)[number]

/** `open`: still to be handed in; `trouble`: something odd in it; `returned`: sent back. */
export function passes(filter: SheetFilter, cell: SheetCell, entry: Entry): boolean {
  if (filter === 'open') return !isHandedIn(cell)
  if (filter === 'trouble') return troubleOf(cell, entry) !== null
  if (filter === 'returned') return cell.row.state === 'returned'
  return true
}
