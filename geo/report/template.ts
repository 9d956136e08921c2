/**
 * The month's sheet as an Excel file: its columns, and what a filled one would change. Pure: the same decision for the dry run and for the
 * writing, so that what was shown is what is done.
 */
import type { Measure } from '../plan/plan.ts'
import { checksOf, isError, type Answer, type ReportCheck } from './check.ts'
import { numberEntered } from './entry.ts'

export const TEMPLATE_COLUMNS = ['subject', 'task', 'measure', 'unit', 'target', 'last', 'value', 'words', 'reason', 'version'] as const
export type TemplateColumn = (typeof TEMPLATE_COLUMNS)[number]

export const TEMPLATE_HEADS: Record<TemplateColumn, string> = {
  subject: '编号',
  task: '任务',
  measure: '指标 / 报送事项',
  unit: '单位',
  target: '任务量',
  last: '上月累计',
  value: '本月累计',
  words: '进展说明',
  reason: '疑问原因',
  version: '版本',
}

/** Before the month and the unit, in a line of its own: whose template it is. */
export const MARK = 'xiangtu:'

/** A row as it was read from a file; texts as they stand there. */
export interface FilledRow {
  /** Number of the row in the file, from 1. */
  row: number
  subject: string
  value: string
  words: string
  reason: string
  version: string
}

export interface FilledFile {
  month: string
  town: string
  /** The columns' letters, for naming a cell as Excel does. */
  letters: Record<'value' | 'words' | 'reason', string>
  rows: FilledRow[]
}

/** A cell of the sheet as it stands, as far as comparing needs it. */
export interface StandingCell {
  subject: string
  version: number
  writable: boolean
  /** Null: a submission, which asks for a yes or no (or for words only). */
  number: { measure: Pick<Measure, 'kind' | 'unit' | 'direction'>; target: number | null; last: number | null; value: number | null; answers: readonly Answer[] } | null
  said: boolean | null
  asksYesOrNo: boolean
  words: string
}

export const TEMPLATE_PROBLEMS = ['version-changed', 'row-unknown', 'row-twice', 'not-writable', 'yes-or-no', 'words-too-long'] as const
export type TemplateProblem = (typeof TEMPLATE_PROBLEMS)[number]

export interface CellProblem {
  /** As Excel names it: `G12`. */
  cell: string
  subject: string
  /** What stands there. */
  content: string
  problem: TemplateProblem | ReportCheck
  severity: 'error' | 'warning'
}

export interface CellChange {
  cell: string
  subject: string
  version: number
  before: { value: number | null; said: boolean | null; words: string }
  after: { value: number | null; said: boolean | null; words: string; answers: Answer[] }
}

export interface Comparison {
  changes: CellChange[]
  /** Rows that say what is there already. */
  same: number
  problems: CellProblem[]
}

export const MOST_WORDS = 5000

const YES = new Set(['是', '有', '已完成', '√', 'yes', 'y', 'true', '1'])
const NO = new Set(['否', '无', '未完成', '×', 'no', 'n', 'false', '0'])

/** Yes, no, nothing (null), or something else (undefined). */
export function yesOrNo(text: string): boolean | null | undefined {
  const word = text.trim().toLowerCase()
  if (word === '') return null
  return YES.has(word) ? true : NO.has(word) ? false : undefined
}

/** What writing a filled file would change, and what is wrong in it by cell. Rows that the file does not have stay as they are. */
export function compareFilled(file: FilledFile, standing: readonly StandingCell[]): Comparison {
  const bySubject = new Map(standing.map((cell) => [cell.subject, cell]))
  const seen = new Set<string>()
  const found: Comparison = { changes: [], same: 0, problems: [] }
  for (const filled of file.rows) {
    const cellName = (column: keyof FilledFile['letters']) => `${file.letters[column]}${filled.row}`
    const report = (column: keyof FilledFile['letters'], problem: CellProblem['problem'], severity: CellProblem['severity'] = 'error') =>
      found.problems.push({ cell: cellName(column), subject: filled.subject, content: filled[column].slice(0, 200), problem, severity })
    const there = bySubject.get(filled.subject)
    if (!there) {
      if (filled.value.trim() !== '' || filled.words.trim() !== '') report('value', 'row-unknown')
      continue
    }
    if (seen.has(filled.subject)) {
      report('value', 'row-twice')
      continue
    }
    seen.add(filled.subject)
    const after = contentOf(filled, there)
    const words = filled.words.trim()
    const said = there.asksYesOrNo ? yesOrNo(filled.value) : null
    const changed = after === undefined || said === undefined || words !== there.words.trim() || after.value !== (there.number?.value ?? null) || said !== there.said || answersDiffer(after.answers, there)
    if (!changed) {
      found.same++
      continue
    }
    if (!there.writable) {
      report('value', 'not-writable')
      continue
    }
    if (filled.version !== String(there.version)) report('value', 'version-changed')
    if (words.length > MOST_WORDS) report('words', 'words-too-long')
    if (said === undefined) report('value', 'yes-or-no')
    if (after === undefined) report('value', 'not-a-number')
    if (after === undefined || said === undefined) continue
    for (const check of after.checks) if (isError(check) || filled.reason.trim() === '') report('value', check, isError(check) ? 'error' : 'warning')
    found.changes.push({
      cell: cellName('value'),
      subject: filled.subject,
      version: there.version,
      before: { value: there.number?.value ?? null, said: there.said, words: there.words },
      after: { value: after.value, said, words, answers: after.answers },
    })
  }
  return found
}

/** The number of a row with what is odd about it, its reason answering every warning; undefined: no number. */
function contentOf(filled: FilledRow, there: StandingCell): { value: number | null; checks: ReportCheck[]; answers: Answer[] } | undefined {
  if (!there.number) return { value: null, checks: [], answers: [] }
  const { measure, target, last } = there.number
  const value = numberEntered(filled.value, measure.unit)
  if (Number.isNaN(value)) return undefined
  const checks = checksOf({ measure, target, value, last })
  const reason = filled.reason.trim().slice(0, 500)
  return { value, checks, answers: reason === '' ? [] : checks.filter((check) => !isError(check)).map((check) => ({ check, reason })) }
}

function answersDiffer(answers: readonly Answer[], there: StandingCell): boolean {
  // An empty column of reasons takes no reason away.
  return answers.some(({ check, reason }) => !there.number?.answers.some((one) => one.check === check && one.reason === reason) && !there.number?.answers.some((one) => one.check === check && reason.includes(one.reason)))
}
