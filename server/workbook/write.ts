/** Tables as an Excel workbook, ready to be handed round: title, date and marks on top, heads on every page, fitted to the paper's width. */
import type ExcelJS from 'exceljs'
import type { LightColour } from '../../geo/light/light.ts'
import { formatDate } from '../../geo/number/in-words.ts'
import { harmless, linesIn, placeCells, widthOf, type PlacedCell, type RowKind, type SheetTable } from '../../geo/workbook/sheet.ts'
import { WORKBOOK_WORDS } from '../../geo/workbook/words.ts'

const INK = 'FF17212C'
const QUIET = 'FF44515E'
const LINE = 'FF9AA5AE'
const HEAD = 'FFEBEFF3'
const GROUP = 'FFF5F7F9'
/** Of marks on paper: dark enough that white stands out on red, light enough for ink elsewhere. */
const LIGHTS: Record<LightColour, { fill: string; ink: string }> = {
  red: { fill: 'FFB3261E', ink: 'FFFFFFFF' },
  yellow: { fill: 'FFF1C75B', ink: INK },
  green: { fill: 'FFB4DCC4', ink: INK },
  grey: { fill: 'FFE4E8EB', ink: INK },
}
/** Every office has it; what has not, puts its own in its place. */
const FONT = '宋体'
const TITLE_FONT = '黑体'
const SIZE = 10
/** Points of a line of that size, and the most that a row may have. */
const LINE_HEIGHT = 13.5
const HIGHEST = 409
const WIDEST = 48
const PAPERS = { A4: 9, A3: 8 } as const
/** Days as Excel counts them begin here. */
const DAY_ZERO = Date.UTC(1899, 11, 30)
const DAY_MS = 86_400_000

type Fill = ExcelJS.FillPattern
const filled = (argb: string): Fill => ({ type: 'pattern', pattern: 'solid', fgColor: { argb } })
const thin = { style: 'thin', color: { argb: LINE } } as const
const BOX = { top: thin, left: thin, bottom: thin, right: thin }

/** The file's bytes. Names of tabs are made fit and different. */
export async function workbookOf(tables: readonly SheetTable[]): Promise<Uint8Array<ArrayBuffer>> {
  // Loaded when somebody asks for a file: the server starts without it.
  const { default: Excel } = await import('exceljs')
  const book = new Excel.Workbook()
  book.creator = '乡图 Xiangtu'
  const names = new Set<string>()
  for (const table of tables) writeTable(book, table, tabName(table.name, names))
  return new Uint8Array(await book.xlsx.writeBuffer())
}

function tabName(wanted: string, taken: Set<string>): string {
  const plain = wanted.replace(/[[\]*?:/\\\p{Cc}]/gu, ' ').replace(/^[\s']+|[\s']+$/g, '').slice(0, 31) || 'Sheet'
  let name = plain
  for (let i = 2; taken.has(name.toLowerCase()); i++) name = `${plain.slice(0, 27)} ${i}`
  taken.add(name.toLowerCase())
  return name
}

function writeTable(book: ExcelJS.Workbook, table: SheetTable, name: string): void {
  const { lang, rows, paper } = table
  const words = WORKBOOK_WORDS[lang]
  const cells = placeCells(rows)
  const columns = cells.reduce((most, cell) => Math.max(most, cell.column + (cell.columns ?? 1)), 1)
  const widths = Array.from({ length: columns }, (_, i) => table.widths?.[i] ?? widthFor(cells, i))
  const preface = [words.asOf(formatDate(table.asOf, lang)) + (table.demo ? ` · ${words.demo}` : ''), ...table.notes]
  const above = 1 + preface.length
  const heads = rows.findIndex(({ kind }) => kind !== 'head')
  const frozen = above + (heads < 0 ? rows.length : heads)
  const sheet = book.addWorksheet(name, {
    views: [{ state: 'frozen', ySplit: frozen, xSplit: table.frozenColumns ?? 0 }],
    pageSetup: {
      paperSize: PAPERS[paper] as ExcelJS.PaperSize,
      orientation: 'landscape',
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      horizontalCentered: true,
      margins: { left: 0.4, right: 0.4, top: 0.5, bottom: 0.55, header: 0.25, footer: 0.25 },
      printTitlesRow: `${above + 1}:${frozen}`,
    },
    headerFooter: { oddFooter: `&L${inFooter(table.title)}&C${words.page('&P', '&N')}&R${inFooter(preface[0]!)}` },
  })
  widths.forEach((width, i) => (sheet.getColumn(i + 1).width = width))

  const total = widths.reduce((sum, width) => sum + width, 0)
  ;[table.title + (table.demo ? words.demoTitle : ''), ...preface].forEach((line, i) => {
    const cell = sheet.getCell(i + 1, 1)
    cell.value = harmless(line)
    cell.font = i === 0 ? { name: TITLE_FONT, size: 16, bold: true, color: { argb: INK } } : { name: FONT, size: SIZE, color: { argb: QUIET } }
    cell.alignment = { horizontal: i === 0 ? 'center' : 'left', vertical: 'middle', wrapText: true }
    if (columns > 1) sheet.mergeCells(i + 1, 1, i + 1, columns)
    sheet.getRow(i + 1).height = i === 0 ? 30 : Math.max(16, linesIn(line, total) * LINE_HEIGHT + 3)
  })

  for (const cell of cells) put(sheet, cell, rows[cell.row]!.kind, above + 1)
  heightsOf(cells, rows.length, widths).forEach((height, i) => (sheet.getRow(above + 1 + i).height = height))
  // One line of heads above plain rows can be filtered by.
  const isPlain = heads === 1 && rows.every(({ kind }) => kind === 'head' || kind === 'row') && cells.every((cell) => cell.columns === 1 && cell.rows === 1)
  if (isPlain && rows.length > 2) sheet.autoFilter = { from: { row: frozen, column: 1 }, to: { row: above + rows.length, column: columns } }
}

function put(sheet: ExcelJS.Worksheet, cell: PlacedCell, kind: RowKind, first: number): void {
  const [row, column] = [first + cell.row, cell.column + 1]
  const [lastRow, lastColumn] = [row + (cell.rows ?? 1) - 1, column + (cell.columns ?? 1) - 1]
  const isHead = kind === 'head'
  const light = cell.light && LIGHTS[cell.light]
  const style: Partial<ExcelJS.Style> = {
    font: { name: FONT, size: SIZE, bold: isHead || kind !== 'row' || cell.strong === true || light !== undefined, color: { argb: light ? light.ink : INK } },
    alignment: { horizontal: horizontalOf(cell, isHead), vertical: 'middle', wrapText: true },
    border: BOX,
    ...(light ? { fill: filled(light.fill) } : isHead ? { fill: filled(HEAD) } : kind === 'group' ? { fill: filled(GROUP) } : {}),
  }
  for (let r = row; r <= lastRow; r++) for (let c = column; c <= lastColumn; c++) sheet.getCell(r, c).style = style
  if (lastRow > row || lastColumn > column) sheet.mergeCells(row, column, lastRow, lastColumn)
  const at = sheet.getCell(row, column)
  const { value, format } = valueOf(cell)
  at.value = value
  if (format) at.style = { ...style, numFmt: format }
}

function horizontalOf({ align, value, time, number }: PlacedCell, isHead: boolean): 'left' | 'center' | 'right' {
  if (align) return ({ start: 'left', center: 'center', end: 'right' } as const)[align]
  if (isHead) return 'center'
  return (typeof value === 'number' || number !== undefined) && !time ? 'right' : 'left'
}

/** Text stays text, also when somebody edits the cell. */
const AS_TEXT = '@'

function valueOf({ value, time, number }: PlacedCell): { value: string | number | Date | null; format: string | null } {
  if (value === null || value === '') return { value: null, format: null }
  if (typeof value === 'number') return { value, format: number ? numberFormat(number) : null }
  const instant = time ? instantOf(value) : null
  if (instant === null) return { value: harmless(value), format: AS_TEXT }
  return { value: instant, format: time === 'day' ? 'yyyy"-"mm"-"dd' : 'yyyy"-"mm"-"dd hh:mm' }
}

/** What a clock on the wall shows, as the number by which Excel counts days. */
function instantOf(text: string): number | null {
  const [, y, m, d, h = '0', min = '0'] = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?/.exec(text) ?? []
  if (y === undefined) return null
  return (Date.UTC(Number(y), Number(m) - 1, Number(d), Number(h), Number(min)) - DAY_ZERO) / DAY_MS
}

function numberFormat({ decimals, percent, unit }: NonNullable<PlacedCell['number']>): string {
  const fraction = decimals > 0 ? `.${'0'.repeat(decimals)}` : ''
  const plain = `#,##0${fraction}`
  return plain + (percent ? '%' : '') + (unit ? `" ${unit.replaceAll('"', '')}"` : '')
}

/** The text as it is seen, for widths and heights. */
function shown({ value, number, time }: PlacedCell): string {
  if (value === null) return ''
  if (typeof value === 'string') return time ? value.slice(0, time === 'day' ? 10 : 16) : value
  return (number?.percent ? value * 100 : value).toLocaleString('en-US') + (number?.percent ? '%' : '') + (number?.unit ? ` ${number.unit}` : '')
}

function widthFor(cells: readonly PlacedCell[], column: number): number {
  const own = cells.filter((cell) => cell.column === column && cell.columns === 1)
  const widest = own.reduce((most, cell) => Math.max(most, ...shown(cell).split('\n').map(widthOf)), 0)
  return Math.min(WIDEST, Math.max(8, widest + 2))
}

/** Merged cells do not make their rows higher by themselves, and not every program fits rows when it opens a file: so it is reckoned here. */
function heightsOf(cells: readonly PlacedCell[], rows: number, widths: readonly number[]): number[] {
  const heights = new Array<number>(rows).fill(LINE_HEIGHT + 4)
  const needed = (cell: PlacedCell) => {
    const width = widths.slice(cell.column, cell.column + (cell.columns ?? 1)).reduce((sum, one) => sum + one, 0)
    return Math.min(HIGHEST, linesIn(shown(cell), width - 1.5) * LINE_HEIGHT + 5)
  }
  for (const cell of cells) if (cell.rows === 1) heights[cell.row] = Math.max(heights[cell.row]!, needed(cell))
  for (const cell of cells) {
    if (cell.rows === 1) continue
    const own = heights.slice(cell.row, cell.row + cell.rows!)
    const lacking = needed(cell) - own.reduce((sum, height) => sum + height, 0)
    if (lacking > 0) own.forEach((height, i) => (heights[cell.row + i] = Math.min(HIGHEST, height + lacking / own.length)))
  }
  return heights
}

/** Ampersands begin codes there; more than this does not fit. */
const inFooter = (text: string) => text.replaceAll('&', '&&').slice(0, 80)
