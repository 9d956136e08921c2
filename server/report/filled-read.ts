/** The rows of a filled template, from the parts of the workbook that count, each checked before a library sees it. */
import { read, utils, type CellObject } from '@e965/xlsx'
import { times } from '../../geo/number/decimal.ts'
import { MARK, TEMPLATE_COLUMNS, TEMPLATE_HEADS, type FilledFile, type FilledRow, type TemplateColumn } from '../../geo/report/template.ts'
import { storableText } from '../storable.ts'
import { damaged, DoorError } from '../task-list/doors/error.ts'
import { checkXml } from '../task-list/doors/xml.ts'
import { pack, unzip } from '../task-list/doors/zip.ts'

const PARTS = /^(\[Content_Types\]\.xml|_rels\/\.rels|xl\/(_rels\/)?[^/]+\.(xml|rels)|xl\/worksheets\/(_rels\/)?[^/]+\.(xml|rels))$/i
/** No unit's month has so many. */
const MOST_ROWS = 3000
/** The mark and the heads stand in the first rows. */
const HEAD_ROWS = 20

/** Null: not one of our templates. @throws DoorError */
export function readFilledHere(bytes: Uint8Array): FilledFile | null {
  const parts = unzip(bytes, (name) => PARTS.test(name))
  try {
    for (const part of parts.values()) checkXml(part)
  } catch (error) {
    throw damaged('xlsx', error)
  }
  const book = read(Buffer.from(pack(parts)), { type: 'buffer', dense: true, cellNF: true, cellFormula: false, cellHTML: false, cellStyles: false, sheetRows: MOST_ROWS })
  for (const name of book.SheetNames) {
    const rows = (book.Sheets[name] as { '!data'?: (CellObject | undefined)[][] } | undefined)?.['!data'] ?? []
    if (rows.length >= MOST_ROWS) throw new DoorError('file-too-long', { what: 'rows', limit: MOST_ROWS })
    const file = fileOf(rows)
    if (file) return file
  }
  return null
}

function fileOf(rows: (CellObject | undefined)[][]): FilledFile | null {
  const head = rows.slice(0, HEAD_ROWS)
  const mark = head.flatMap((row) => (row ?? []).map(textOf)).find((text) => text.startsWith(MARK))
  const at = head.findIndex((row) => (row ?? []).some((cell) => textOf(cell) === TEMPLATE_HEADS.subject))
  const match = /^xiangtu:(\d{4}-\d\d):(\w{6,12})$/.exec(mark ?? '')
  if (!match || at < 0) return null
  const columnOf = (column: TemplateColumn) => rows[at]!.findIndex((cell) => textOf(cell) === TEMPLATE_HEADS[column])
  const columns = Object.fromEntries(TEMPLATE_COLUMNS.map((column) => [column, columnOf(column)])) as Record<TemplateColumn, number>
  if (columns.value < 0 || columns.version < 0) return null
  const text = (row: (CellObject | undefined)[], column: TemplateColumn) => (columns[column] < 0 ? '' : storableText(textOf(row[columns[column]])))
  const filled = rows.slice(at + 1).flatMap((row, i): FilledRow[] => {
    const subject = row ? text(row, 'subject') : ''
    if (!row || subject === '') return []
    return [{ row: at + 2 + i, subject, value: text(row, 'value'), words: text(row, 'words'), reason: text(row, 'reason'), version: text(row, 'version') }]
  })
  const letter = (column: TemplateColumn) => utils.encode_col(Math.max(0, columns[column]))
  return { month: match[1]!, town: match[2]!, letters: { value: letter('value'), words: letter('words'), reason: letter('reason') }, rows: filled }
}

/** What a cell holds, exactly: a number with all its places and not as it is shown, but for a percentage, which says what it shows. */
function textOf(cell: CellObject | undefined): string {
  if (!cell || cell.t === 'z' || cell.v === undefined || cell.v === null) return ''
  if (cell.t === 'n' && typeof cell.z === 'string' && cell.z.includes('%')) return `${times(Number(cell.v), 100)}%`
  // A date, an error: as Excel shows it, which is no number and is said so.
  if (cell.t === 'n' && typeof cell.z === 'string' && /[ymdhs]/i.test(cell.z.replace(/General|"[^"]*"|\[[^\]]*\]/gi, ''))) return cell.w ?? 'date'
  if (cell.t === 'd' || cell.t === 'e') return cell.w ?? '#'
  return String(cell.v).replace(/\r\n?/g, '\n').trim()
}
