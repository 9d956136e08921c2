/**
 * A table as it goes into a workbook: what stands in which cell, and nothing of how a file is written. The district's list, the matrix and
 * every table of a screen are such tables, so that one writer makes all files and all of them carry the date and the mark 演示.
 */
import type { LightColour } from '../light/light.ts'
import type { Lang } from '../number/in-words.ts'

export interface SheetCell {
  /** Null: nothing stands there, which is not zero. Days and instants as ISO text. */
  value: string | number | null
  /** What the text of `value` is, where it is more than text. */
  time?: 'day' | 'minute' | undefined
  /** How a number is written; without it as it is. */
  number?: { decimals: number; percent?: boolean | undefined; unit?: string | undefined } | undefined
  /** The cell's colour; the word stands in its text. */
  light?: LightColour | undefined
  /** Names its row. */
  strong?: boolean | undefined
  align?: 'start' | 'center' | 'end' | undefined
  /** How many columns and rows it takes, as in HTML. */
  columns?: number | undefined
  rows?: number | undefined
}

/** Heads are repeated on every page; groups part the rows beneath; feet sum up. */
export const ROW_KINDS = ['head', 'row', 'group', 'foot'] as const
export type RowKind = (typeof ROW_KINDS)[number]

export interface SheetRow {
  kind: RowKind
  cells: SheetCell[]
}

export const SHEET_PAPERS = ['A4', 'A3'] as const

export interface SheetTable {
  /** On the tab. */
  name: string
  title: string
  /** Lines beneath the title: filters, the legend. */
  notes: string[]
  /** Rows that were made up are among them. */
  demo: boolean
  /** ISO date. */
  asOf: string
  lang: Lang
  paper: (typeof SHEET_PAPERS)[number]
  /** In characters; without them as wide as what stands in them. */
  widths?: number[] | undefined
  /** How many columns stay when one scrolls. */
  frozenColumns?: number | undefined
  rows: SheetRow[]
}

/** More than a person reads, and no more than a moment's work for the server. */
export const SHEET_LIMITS = { sheets: 20, rows: 20_000, cells: 200_000, columns: 200, text: 32_000, title: 200, notes: 10 } as const

/** A cell at its place: rows and columns from 0, with what spans before it taken into account. */
export interface PlacedCell extends SheetCell {
  row: number
  column: number
}

/** Where each cell comes to stand, as browsers lay tables out; a span that would run over the end or into another cell is cut. */
export function placeCells(rows: readonly SheetRow[]): PlacedCell[] {
  const taken = rows.map(() => new Set<number>())
  return rows.flatMap(({ cells }, row) => {
    let column = 0
    return cells.map((cell): PlacedCell => {
      while (taken[row]!.has(column)) column++
      const at = column
      let columns = 1
      while (columns < (cell.columns ?? 1) && !taken[row]!.has(at + columns)) columns++
      const span = Math.max(1, Math.min(cell.rows ?? 1, rows.length - row))
      for (let r = row; r < row + span; r++) for (let c = at; c < at + columns; c++) taken[r]!.add(c)
      column = at + columns
      return { ...cell, row, column: at, columns, rows: span }
    })
  })
}

/** How wide a text is in characters of a worksheet: Chinese ones take two. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += character > '\u2e7f' ? 2 : 1
  return width
}

/** In how many lines a text is broken in a column of so many characters. */
export function linesIn(text: string, width: number): number {
  return text.split('\n').reduce((lines, line) => lines + Math.max(1, Math.ceil(widthOf(line) / Math.max(1, width))), 0)
}

/** A text that a spreadsheet would compute, as text: with the mark before it that says so. What is but a sign alone computes nothing. */
export function harmless(text: string): string {
  return /^[=+\-@\t\r]./s.test(text) ? `'${text}` : text
}
