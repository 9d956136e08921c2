import { read, set_cptable, SSF, type CellObject, type ParsingOptions, type WorkBook, type WorkSheet } from '@e965/xlsx'
import * as codepages from '@e965/xlsx/dist/cpexcel'
import type { SourceBlock, SourceCell, SourceFormat, SourceRow } from '../../../geo/task-list/source.ts'
import { damaged, DoorError } from './error.ts'
import { cell, CellBudget, tableBlocks } from './table.ts'

/** Built-in date formats 27–36 and 50–58 mean this in a Chinese Excel (ECMA-376 part 1, 18.8.30, zh-cn); the library has the Western ones. */
const CHINESE_DATES: Record<number, string> = {
  27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: 'm-d-yy', 31: 'yyyy"年"m"月"d"日"', 36: 'yyyy"年"m"月"',
  50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
} // prettier-ignore

/** A sheet with more rows is not cut off silently but refused. */
const MOST_ROWS = 20_000

const OPTIONS: ParsingOptions = {
  type: 'buffer',
  dense: true,
  cellText: true,
  cellNF: true,
  cellFormula: false,
  cellHTML: false,
  cellStyles: false,
  dateNF: 'yyyy/m/d',
  // Workbooks of before 1997 say their code page or mean the Chinese one.
  codepage: 936,
  sheetRows: MOST_ROWS,
}

/**
 * A workbook's visible sheets as tables: numbers and dates as Excel shows them, merged cells marked. Hidden sheets are left out: they hold
 * look-up lists and last year's copy. Hidden rows and columns are read: a filter that was left on must not swallow tasks.
 */
export function readWorkbook(bytes: Uint8Array, format: SourceFormat): SourceBlock[] {
  let book: WorkBook
  try {
    set_cptable(codepages)
    for (const [id, dates] of Object.entries(CHINESE_DATES)) SSF.load(dates, Number(id))
    book = read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), OPTIONS)
  } catch (error) {
    if (error instanceof Error && /password|encrypt/i.test(error.message))
      throw new DoorError('file-encrypted', { format })
    throw damaged(format, error)
  }
  const budget = new CellBudget()
  return book.SheetNames.flatMap((name, i) => {
    const sheet = book.Sheets[name]
    if (sheet === undefined || sheet['!type'] === 'chart' || (book.Workbook?.Sheets?.[i]?.Hidden ?? 0) > 0) return []
    return tableBlocks(sheetRows(sheet, budget), null, name)
  })
}

/** Rows of the part of a sheet that holds anything; what a sheet says about its own extent is not believed. */
function sheetRows(sheet: WorkSheet, budget: CellBudget): SourceRow[] {
  const data = (sheet as { '!data'?: (CellObject | undefined)[][] })['!data'] ?? []
  if (data.length >= MOST_ROWS) throw new DoorError('file-too-long', { what: 'rows', limit: MOST_ROWS })
  const grid: SourceCell[][] = []
  let width = 0
  data.forEach((row, y) => {
    row?.forEach((found, x) => {
      if (found !== undefined && shown(found).trim() !== '') width = Math.max(width, x + 1)
    })
    grid[y] = []
  })
  budget.take(width * grid.length)
  for (let y = 0; y < grid.length; y++) {
    grid[y] = Array.from({ length: width }, (_, x) => cell(shown(data[y]?.[x])))
  }
  for (const { s, e } of sheet['!merges'] ?? []) {
    const bottom = Math.min(e.r, grid.length - 1)
    const right = Math.min(e.c, width - 1)
    if (bottom >= s.r && right >= s.c) budget.take((bottom - s.r + 1) * (right - s.c + 1))
    for (let y = s.r; y <= bottom; y++) {
      for (let x = s.c; x <= right; x++)
        if (y > s.r || x > s.c) grid[y]![x] = { text: '', merged: y > s.r ? 'above' : 'left' }
    }
  }
  return withoutEmptyEdges(grid)
}

/** Empty columns before the table are no columns of it. */
function withoutEmptyEdges(grid: SourceCell[][]): SourceRow[] {
  const first = grid.reduce((least, cells) => {
    const at = cells.findIndex(({ text, merged }) => merged !== null || text.trim() !== '')
    return at < 0 ? least : Math.min(least, at)
  }, Infinity)
  return grid.map((cells) => ({ cells: Number.isFinite(first) ? cells.slice(first) : cells }))
}

function shown(found: CellObject | undefined): string {
  if (found === undefined || found.t === 'z') return ''
  return (found.w ?? (found.v === undefined || found.v === null ? '' : String(found.v))).replace(/\r\n?/g, '\n')
}
