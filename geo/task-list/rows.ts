import type { SourceCell, SourceDocument } from './source.ts'
import { type Column, type ColumnRole, readHead, secondHead } from './heads.ts'
import { clean, MAX_CELL, squeeze } from './clean.ts'
import { align } from './align.ts'
import { categoryTitle } from './categories.ts'

/** Where a row stands: table and row, 0-based, and the page if the format has pages. */
export interface RowPlace {
  table: number
  row: number
  page: number | null
}

/** A row of the list by meaning: what each column says, uncleaned; rows continued on the next page put together. */
export interface RawRow {
  cells: Partial<Record<ColumnRole, string>>
  /** Town columns of a matrix: head and figure. */
  townCells: { town: string; text: string }[]
  /** Head of the column that towns or amounts come from, for a unit in it ("任务量（亩）"). */
  townHead: string
  /** The category in force: its cell's or section's text, carried on; null before any. */
  category: string | null
  /** The category stood in this very row. */
  categoryHere: boolean
  place: { table: number; rows: number[]; page: number | null }
}

export interface RowProblem {
  kind: 'column-unknown' | 'row-not-understood'
  text: string
  place: { table: number; row: number; column: number | null }
}

export interface RawList {
  rows: RawRow[]
  /** Lines before the first head: title, district, year. */
  lines: string[]
  /** Every appearance of a category's title, in order. */
  categories: { text: string; place: RowPlace }[]
  columns: Column[]
  problems: RowProblem[]
}

/** More rows than this are no task list. */
export const MAX_ROWS = 3000
const NOTE = /^\s*[（(]?(?:注|备注|说明|附注|附件|来源|填表|制表|联系)/

/**
 * The rows of all tables of a document: heads found and skipped wherever they repeat, short and long rows aligned, merged cells and sections
 * carried on, rows that continue an earlier one joined to it.
 */
export function readRows(document: SourceDocument): RawList {
  const reader = new RowReader()
  let table = -1
  for (const block of document.blocks.slice(0, 5000)) {
    if (block.kind === 'paragraph') reader.paragraph(block.text)
    else {
      table++
      reader.table(
        block.rows.slice(0, MAX_ROWS).map((row) => row.cells),
        table,
        block.page,
      )
    }
  }
  return reader.list
}

/** Goes through a document once, top to bottom; what is in force (columns, category) is its state. */
class RowReader {
  readonly list: RawList = { rows: [], lines: [], categories: [], columns: [], problems: [] }
  #columns: Column[] | null = null
  #category: string | null = null
  #unknown = new Set<string>()

  paragraph(text: string): void {
    if (this.#columns === null) this.list.lines.push(text.slice(0, 2000))
    // Between tables a category may stand as a heading of its own.
    else if (text.length < 80 && categoryTitle(clean(text).text).no !== null && !this.#has('category'))
      this.#section(text, { table: -1, row: -1, page: null })
  }

  table(rows: SourceCell[][], table: number, page: number | null): void {
    for (let i = 0; i < rows.length && this.list.rows.length < MAX_ROWS; i++) {
      const cells = (rows[i] as SourceCell[]).slice(0, 400)
      const place: RowPlace = { table, row: i, page }
      const head = readHead(cells)
      if (head) {
        const second = rows[i + 1] ? secondHead(cells, head, rows[i + 1] as SourceCell[]) : null
        if (second) i++
        this.#head(second ?? head, place)
        continue
      }
      const filled = cells.filter((cell) => cell.merged === null && squeezable(cell.text))
      if (filled.length === 0) continue
      if (this.#columns === null) this.list.lines.push(...filled.map((cell) => cell.text.slice(0, 2000)))
      else if (spansRow(filled, cells)) this.#single(filled[0] as SourceCell, cells, place)
      else this.#row(cells, place)
    }
  }

  #has(role: ColumnRole): boolean {
    return this.#columns?.some((c) => c.role === role) ?? false
  }

  #head(columns: Column[], place: RowPlace): void {
    this.#columns = columns
    if (this.list.columns.length === 0) this.list.columns = columns
    for (const [column, { role, head }] of columns.entries()) {
      if (role !== 'unknown' || head === '' || this.#unknown.has(head) || this.#unknown.size > 50) continue
      this.#unknown.add(head)
      this.list.problems.push({
        kind: 'column-unknown',
        text: head,
        place: { table: place.table, row: place.row, column },
      })
    }
  }

  #section(text: string, place: RowPlace): void {
    this.#category = clean(text).text
    this.list.categories.push({ text: this.#category, place })
  }

  /** A row with one filled cell: a section, a note, a title repeated on a new page, or the rest of a cell from the page before. */
  #single(cell: SourceCell, cells: SourceCell[], place: RowPlace): void {
    const text = cell.text
    if (NOTE.test(text)) return
    const at = cells.indexOf(cell)
    const column = cells.length === this.#columns?.length ? this.#columns[at] : undefined
    const short = squeeze(text.slice(0, 200)).length <= 60
    if (
      column &&
      at > 0 &&
      isText(column.role) &&
      this.list.rows.length > 0 &&
      categoryTitle(clean(text).text).no === null
    ) {
      return this.#continue({ [column.role]: text }, place)
    }
    if (
      short &&
      (categoryTitle(clean(text).text).no !== null || (at === 0 && !/[。；]/.test(text) && !/20\d\d/.test(text)))
    )
      return this.#section(text, place)
    if (column?.role === 'category' && short) return this.#section(text, place)
    this.list.problems.push({
      kind: 'row-not-understood',
      text: text.slice(0, 80),
      place: { table: place.table, row: place.row, column: null },
    })
  }

  #row(cells: SourceCell[], place: RowPlace): void {
    const columns = this.#columns as Column[]
    const aligned = align(cells, columns)
    const own: Partial<Record<ColumnRole, string>> = {}
    const townCells: { town: string; text: string }[] = []
    let townHead = ''
    for (const [i, column] of columns.entries()) {
      const cell = aligned[i]
      if (!cell) continue
      let text = cell.merged === null ? cell.text.slice(0, MAX_CELL) : ''
      if (cell.merged === 'above' && INHERITED.has(column.role)) text = this.list.rows.at(-1)?.cells[column.role] ?? ''
      if (column.role === 'townText' || column.role === 'town')
        townHead ||= column.role === 'townText' ? column.head : ''
      if (!squeezable(text)) continue
      if (column.role === 'town') townCells.push({ town: column.head, text })
      else own[column.role] = own[column.role] === undefined ? text : `${own[column.role]}\n${text}`
    }
    // An indicator of several rows: what each row asks for is its name.
    if (
      own.name === undefined &&
      own.no !== undefined &&
      own.requirement !== undefined &&
      isMergedName(aligned, columns)
    )
      own.name = own.requirement
    const category = own.category
    if (category !== undefined && squeezable(category)) this.#section(category, place)
    if (!this.#isTask(own, cells)) return void this.#continue(own, place)
    if (this.#repeats(own)) return void this.#continue(own, place)
    this.list.rows.push({
      cells: own,
      townCells,
      townHead,
      category: this.#category,
      categoryHere: category !== undefined,
      place: { table: place.table, rows: [place.row], page: place.page },
    })
  }

  /** A task's row names it; a row without name and number is the rest of the one before. */
  #isTask(own: Partial<Record<ColumnRole, string>>, cells: SourceCell[]): boolean {
    if (this.list.rows.length === 0) return true
    const no = own.no ?? own.municipalNo
    if (own.name !== undefined)
      return (
        no !== undefined ||
        !this.#has('no') ||
        own.leads !== undefined ||
        own.departments !== undefined ||
        own.requirement !== undefined
      )
    if (no !== undefined) return !cells.some((cell) => cell.merged === 'above') || own.requirement !== undefined
    return (
      !this.#has('name') &&
      own.requirement !== undefined &&
      (own.leads ?? own.departments ?? own.deadline) !== undefined
    )
  }

  /** Formats that write merged cells out again repeat number and name on each part of a row. */
  #repeats(own: Partial<Record<ColumnRole, string>>): boolean {
    const last = this.list.rows.at(-1)
    if (!last || own.name === undefined || own.no === undefined) return false
    return squeeze(own.no) === squeeze(last.cells.no ?? '') && squeeze(own.name) === squeeze(last.cells.name ?? '')
  }

  #continue(own: Partial<Record<ColumnRole, string>>, place: RowPlace): void {
    const last = this.list.rows.at(-1)
    const sameTable = last !== undefined && (last.place.table === place.table || last.place.table === place.table - 1)
    const filled = Object.entries(own).filter(([role]) => role !== 'category')
    if (filled.length === 0) return
    if (!last || !sameTable) {
      const text = filled.map(([, value]) => value).join(' ')
      this.list.problems.push({
        kind: 'row-not-understood',
        text: text.slice(0, 80),
        place: { table: place.table, row: place.row, column: null },
      })
      return
    }
    for (const [role, text] of filled as [ColumnRole, string][]) {
      const before = last.cells[role]
      if (before === undefined) last.cells[role] = text
      else if (!before.includes(text) && before.length + text.length <= MAX_CELL)
        last.cells[role] = `${before}\n${text}`
    }
    if (last.place.table === place.table) last.place.rows.push(place.row)
  }
}

/** Merged down over several tasks, these hold for each of them. */
const INHERITED: ReadonlySet<ColumnRole> = new Set(['leads', 'partners', 'departments', 'deadline', 'townText'])

const isMergedName = (cells: readonly SourceCell[], columns: readonly Column[]): boolean =>
  cells[columns.findIndex((column) => column.role === 'name')]?.merged === 'above'

const isText = (role: ColumnRole): boolean =>
  role === 'requirement' || role === 'townText' || role === 'departments' || role === 'leads'
const squeezable = (text: string): boolean => /[^\s\u200b\ufeff]/.test(text)

/** One cell alone, or one text written into every cell of the row (how some formats give a cell merged over the whole row). */
function spansRow(filled: SourceCell[], cells: SourceCell[]): boolean {
  if (filled.length === 1) return true
  return (
    filled.length >= 3 &&
    filled.length === cells.length &&
    filled.every((cell) => cell.text === (filled[0] as SourceCell).text)
  )
}
