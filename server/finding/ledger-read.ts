/** The cells of a ledger's file as they stand, row by row and column by column, so that what is wrong can be named as Excel names it. */
import { read, SSF, type CellObject } from '@e965/xlsx'
import type { LedgerTable } from '../../geo/finding/import.ts'
import { storableText } from '../storable.ts'
import { records } from '../task-list/doors/csv.ts'
import { damaged, DoorError } from '../task-list/doors/error.ts'
import { look } from '../task-list/doors/look.ts'
import { checkXml } from '../task-list/doors/xml.ts'
import { pack, unzip } from '../task-list/doors/zip.ts'

const PARTS = /^(\[Content_Types\]\.xml|_rels\/\.rels|xl\/(_rels\/)?[^/]+\.(xml|rels)|xl\/worksheets\/(_rels\/)?[^/]+\.(xml|rels))$/i
/** More than this is no ledger of a district's year. */
export const MOST_LEDGER_ROWS = 10_000
const MOST_COLUMNS = 60

/** The tables of a workbook, or of text with separators. @throws DoorError */
export function readLedgerHere(file: { name: string; bytes: Uint8Array }): LedgerTable[] {
  const seen = look(file)
  if (seen.kind === 'text') return [textTable(seen.text)]
  if (seen.kind !== 'zip' || !seen.parts.has('xl/workbook.xml')) throw new DoorError('format-unknown', { found: seen.kind })
  if ([...seen.parts].some((name) => /(^|\/)vbaProject\.bin$|^xl\/macrosheets\//i.test(name))) throw new DoorError('file-with-macros', { format: 'xlsx' })
  const parts = unzip(file.bytes, (name) => PARTS.test(name))
  try {
    for (const part of parts.values()) checkXml(part)
  } catch (error) {
    throw damaged('xlsx', error)
  }
  const book = read(Buffer.from(pack(parts)), { type: 'buffer', dense: true, cellNF: true, cellFormula: false, cellHTML: false, cellStyles: false, sheetRows: MOST_LEDGER_ROWS + 20 })
  return book.SheetNames.map((name) => {
    const rows = (book.Sheets[name] as { '!data'?: (CellObject | undefined)[][] } | undefined)?.['!data'] ?? []
    mustNotBeTooLong(rows.length)
    return { rows: Array.from(rows, (row) => Array.from((row ?? []).slice(0, MOST_COLUMNS), (cell) => storableText(textOf(cell)))) }
  })
}

function textTable(text: string): LedgerTable {
  const body = text.replace(/^sep=.\r?\n/i, '')
  const line = body.slice(0, body.search(/[\r\n]|$/))
  const separator = ['\t', ';', ','].reduce((best, one) => (line.split(one).length > line.split(best).length ? one : best), ',')
  const rows = records(body, separator)
  mustNotBeTooLong(rows.length)
  return { rows: rows.map((row) => row.slice(0, MOST_COLUMNS).map((cell) => storableText(cell.trim()))) }
}

function mustNotBeTooLong(rows: number): void {
  if (rows > MOST_LEDGER_ROWS) throw new DoorError('file-too-long', { what: 'rows', limit: MOST_LEDGER_ROWS })
}

/** What a cell holds: a number with all its places, a date as an ISO date. */
function textOf(cell: CellObject | undefined): string {
  if (!cell || cell.t === 'z' || cell.v === undefined || cell.v === null) return ''
  if (cell.t === 'n' && typeof cell.z === 'string' && /[ymd年月日]/i.test(cell.z.replace(/General|"[^"]*"|\[[^\]]*\]/gi, ''))) {
    const { y, m, d } = SSF.parse_date_code(Number(cell.v)) as { y: number; m: number; d: number }
    return `${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`
  }
  if (cell.t === 'd' || cell.t === 'e') return cell.w ?? '#'
  return String(cell.v).replace(/\r\n?/g, '\n').trim()
}
