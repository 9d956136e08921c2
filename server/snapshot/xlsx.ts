/** Sheets as a workbook: a title, what must be known, and a table with its head frozen, filters, and numbers that are numbers. */
import ExcelJS from 'exceljs'
import type { Sheet } from '../../geo/pack/sheets.ts'
import type { PdfFacts } from './pdf.ts'

const FACE = 'Microsoft YaHei'
const LINE = { style: 'thin', color: { argb: 'FFC8D0D7' } } as const
/** Lights in cells: their sign begins the text. */
const LIGHT_COLOURS: Record<string, string> = { '■': 'FFB3261E', '▲': 'FFA06A00', '●': 'FF1A7A4C', '○': 'FF66727D' }
const FORMATS = { text: '@', number: '#,##0.##', share: '0.0%' } as const
const HEAD = 3
/** Papers as Excel numbers them; sheets wider than so many characters are read on the larger one. */
const A3 = 8 as never
const A4 = 9
const WIDE = 160

export async function workbookOf(sheets: readonly Sheet[], { title, author, madeAt }: Pick<PdfFacts, 'title' | 'author' | 'madeAt'>): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook()
  book.title = title
  book.creator = author
  book.lastModifiedBy = author
  book.created = madeAt
  book.modified = madeAt
  for (const { name, title: heading, note, columns, rows } of sheets) {
    const sheet = book.addWorksheet(name.slice(0, 31), {
      views: [{ state: 'frozen', ySplit: HEAD }],
      pageSetup: { paperSize: columns.reduce((sum, { width }) => sum + width, 0) > WIDE ? A3 : A4, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0, printTitlesRow: `${HEAD}:${HEAD}` },
    })
    sheet.columns = columns.map(({ width }) => ({ width }))
    sheet.mergeCells(1, 1, 1, columns.length)
    sheet.mergeCells(2, 1, 2, columns.length)
    Object.assign(sheet.getCell(1, 1), { value: safe(heading), font: { name: FACE, size: 14, bold: true } })
    Object.assign(sheet.getCell(2, 1), { value: safe(note), font: { name: FACE, size: 9, color: { argb: 'FF626E7A' } }, alignment: { wrapText: true, vertical: 'top' } })
    sheet.getRow(1).height = 24
    sheet.getRow(2).height = 26
    const head = sheet.getRow(HEAD)
    for (const [i, { title: words }] of columns.entries())
      Object.assign(head.getCell(i + 1), {
        value: safe(words),
        font: { name: FACE, size: 10, bold: true },
        fill: { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFEEF2F6' } },
        alignment: { wrapText: true, vertical: 'middle' },
        border: { bottom: LINE, top: LINE, left: LINE, right: LINE },
      })
    for (const [r, row] of rows.entries())
      for (const [i, value] of row.entries()) {
        const { kind, width } = columns[i]!
        const colour = typeof value === 'string' ? LIGHT_COLOURS[value[0] ?? ''] : undefined
        Object.assign(sheet.getCell(HEAD + 1 + r, i + 1), {
          value: typeof value === 'string' ? safe(value) : value,
          numFmt: typeof value === 'number' ? FORMATS[kind] : FORMATS.text,
          font: { name: FACE, size: 10, ...(colour ? { color: { argb: colour } } : {}) },
          alignment: { vertical: 'middle', wrapText: width >= 20, ...(typeof value === 'number' ? { horizontal: 'right' } : {}) },
          border: { bottom: LINE, top: LINE, left: LINE, right: LINE },
        })
      }
    sheet.autoFilter = { from: { row: HEAD, column: 1 }, to: { row: Math.max(HEAD, HEAD + rows.length), column: columns.length } }
  }
  return new Uint8Array(await book.xlsx.writeBuffer())
}

/** Nothing that a spreadsheet would compute, and nothing that XML has no place for. */
function safe(words: string): string {
  // eslint-disable-next-line no-control-regex
  const plain = words.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
  return /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain
}
