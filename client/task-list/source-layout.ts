/**
 * The source document laid out for the left side of the import review: its blocks in order, each table row with the task that was read
 * from it and each cell with the field that was read from it. A cell that became a field shows the field's text, on which the spans count;
 * any other cell shows what stands in the document.
 */
import { TASK_FIELDS } from '../../geo/plan/plan.ts'
import type { Task, TaskField } from '../../geo/plan/plan.ts'
import { clean, squeeze } from '../../geo/task-list/clean.ts'
import type { SourceDocument, SourceRow } from '../../geo/task-list/source.ts'

export interface LaidCell {
  text: string
  /** The field that this cell became, if any: its marks are drawn here. */
  field: TaskField | null
  /** Belongs to a cell above or to the left. */
  merged: boolean
}

export interface LaidRow {
  /** Row in the table, 0-based. */
  row: number
  /** The task that begins in this row. */
  task: number | null
  /** The task that goes on in this row from an earlier one. */
  continues: number | null
  cells: LaidCell[]
}

export interface LaidTable {
  kind: 'table'
  /** Number among the document's tables, 0-based, as `place.table` counts. */
  table: number
  page: number | null
  sheet: string | null
  /** Share of the width for each column, from what stands in it. */
  widths: number[]
  rows: LaidRow[]
}

export interface LaidParagraph {
  kind: 'paragraph'
  text: string
}

export type LaidBlock = LaidParagraph | LaidTable

/** The layout of `document` with the tasks that were read from it. */
export function layoutSource(document: SourceDocument, tasks: readonly Task[]): LaidBlock[] {
  const starts = new Map<string, Task>()
  const goesOn = new Map<string, number>()
  for (const task of tasks) {
    const [first, ...rest] = task.place.rows
    if (first !== undefined) starts.set(`${task.place.table} ${first}`, task)
    for (const row of rest) goesOn.set(`${task.place.table} ${row}`, task.no)
  }
  let table = -1
  return document.blocks.map((block): LaidBlock => {
    if (block.kind === 'paragraph') return { kind: 'paragraph', text: block.text }
    table++
    const rows = block.rows.map((row, i): LaidRow => {
      const task = starts.get(`${table} ${i}`) ?? null
      const follow = task ? task.place.rows.slice(1).map((n) => block.rows[n]) : []
      return {
        row: i,
        task: task?.no ?? null,
        continues: goesOn.get(`${table} ${i}`) ?? null,
        cells: task ? cellsOf(row, follow, task) : row.cells.map((cell) => plainCell(cell.text, cell.merged !== null)),
      }
    })
    return { kind: 'table', table, page: block.page, sheet: block.sheet, widths: columnWidths(block.rows), rows }
  })
}

function plainCell(text: string, merged: boolean): LaidCell {
  return { text: clean(text).text, field: null, merged }
}

/** The row's cells; each field takes the first free cell that says the same, a row's continuations included. */
function cellsOf(row: SourceRow, follow: readonly (SourceRow | undefined)[], task: Task): LaidCell[] {
  const said = row.cells.map((cell) => cell.text)
  const whole = row.cells.map((cell, c) => [cell, ...follow.map((r) => r?.cells[c])].map((x) => x?.text ?? '').join(''))
  const fields = new Map<number, TaskField>()
  for (const field of TASK_FIELDS) {
    const compare = field === 'leads' ? comparableNames : comparable
    const value = compare(fieldText(task, field))
    if (value === '') continue
    const free = (text: string, c: number) => !fields.has(c) && compare(text) === value
    const c = [said.findIndex(free), whole.findIndex(free)].find((i) => i >= 0)
    if (c !== undefined) fields.set(c, field)
  }
  return row.cells.map((cell, c) => {
    const field = fields.get(c) ?? null
    return field ? { text: fieldText(task, field), field, merged: false } : plainCell(cell.text, cell.merged !== null)
  })
}

/** A field as its cell says it. Leads are a list in the task; their cell is found by the departments joined. */
export function fieldText(task: Task, field: TaskField): string {
  if (field === 'leads') return [...task.leads, ...task.partners].join('、')
  return field === 'deadline' ? task.deadlineText : task[field]
}

/** A text without markup, spaces and differences of width: equal means the same words. */
function comparable(text: string): string {
  return squeeze(text).normalize('NFKC')
}

/** Names in any order, however they are parted and whichever is marked as the lead. */
function comparableNames(text: string): string {
  const parted = text.replace(/<[^<>]*>/g, '\n')
  return parted
    .normalize('NFKC')
    .split(/[\s、,;*]+/)
    .filter(Boolean)
    .sort()
    .join('、')
}

/** Widths as shares: a column is as wide as the square root of what it holds, so that a serial number stays narrow and prose gets room. */
function columnWidths(rows: readonly SourceRow[]): number[] {
  const count = Math.max(0, ...rows.map((row) => row.cells.length))
  const sample = rows.slice(0, 200)
  const weights = Array.from({ length: count }, (_, c) => {
    const longest = Math.max(1, ...sample.map((row) => row.cells[c]?.text.length ?? 0))
    return Math.min(16, Math.max(3, Math.sqrt(longest)))
  })
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / sum)
}
