import {
  AlignmentType,
  Document,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  VerticalMergeType,
  WidthType,
} from 'docx'
import exceljs from 'exceljs'
import { read, write } from '@e965/xlsx'
import { categorySpans, type ListPage, type RealList } from './list.ts'

/** The real list in each format, made by the libraries that offices' programs are closest to: merged categories, the head on every page. */

const lines = (text: string) =>
  text.split('\n').map((line, i) => new TextRun({ text: line, ...(i > 0 ? { break: 1 } : {}) }))

export async function asDocx({ title, pages }: RealList): Promise<Uint8Array> {
  const cellOf = (text: string, merge?: 'restart' | 'continue') =>
    new TableCell({
      children: [new Paragraph({ children: lines(text), alignment: AlignmentType.LEFT })],
      ...(merge === undefined
        ? {}
        : { verticalMerge: merge === 'restart' ? VerticalMergeType.RESTART : VerticalMergeType.CONTINUE }),
    })
  const tableOf = ({ head, rows }: ListPage) => {
    const spans = categorySpans(rows)
    return new Table({
      width: { size: 100, type: WidthType.PERCENTAGE },
      rows: [
        new TableRow({ tableHeader: true, children: head.map((text) => cellOf(text)) }),
        ...rows.map(
          ([category, ...cells], i) =>
            new TableRow({
              children: [
                cellOf(category!, spans[i]! > 1 ? 'restart' : spans[i] === 0 ? 'continue' : undefined),
                ...cells.map((text) => cellOf(text)),
              ],
            }),
        ),
      ],
    })
  }
  const children = [
    ...title.map((text) => new Paragraph(text)),
    ...pages.flatMap((page) => [tableOf(page), new Paragraph('')]),
  ]
  return await Packer.toBuffer(new Document({ sections: [{ children }] }))
}

/** One sheet with a merged title, numbers as numbers, merged categories and bold beginnings (rich text). */
export async function asXlsx({ title, pages }: RealList): Promise<Uint8Array> {
  const book = new exceljs.Workbook()
  const sheet = book.addWorksheet('任务清单')
  const width = pages[0]!.head.length
  for (const text of title) {
    const row = sheet.addRow([text])
    sheet.mergeCells(row.number, 1, row.number, width)
  }
  for (const { head, rows } of pages) {
    sheet.addRow(head)
    const spans = categorySpans(rows)
    const numbers = rows.map(
      (cells) =>
        sheet.addRow(cells.map((text, x) => (x === 1 || x === 2 ? Number(text) : x === 6 ? rich(text) : text))).number,
    )
    // Merging makes rows, so all have to be there before.
    spans.forEach((span, i) => span > 1 && sheet.mergeCells(numbers[i]!, 1, numbers[i]! + span - 1, 1))
  }
  return new Uint8Array(await book.xlsx.writeBuffer())
}

const rich = (text: string) => ({
  richText: [{ text: text.slice(0, 3), font: { bold: true } }, { text: text.slice(3) }],
})

export async function asXls(list: RealList): Promise<Uint8Array> {
  return write(read(await asXlsx(list), { type: 'buffer' }), {
    type: 'buffer',
    bookType: 'biff8',
    bookSST: true,
  }) as Uint8Array
}

export function asCsv({ title, pages }: RealList, separator = ','): string {
  const quoted = (text: string) => (/["\n;,\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const record = (cells: string[]) => cells.map(quoted).join(separator)
  const blank = pages[0]!.head.slice(1).map(() => '')
  return [
    ...title.map((text) => record([text, ...blank])),
    ...pages.flatMap(({ head, rows }) => [head, ...rows].map(record)),
  ].join('\r\n')
}

export function asMarkdown({ title, pages }: RealList, edges = true): string {
  const line = (cells: string[]) => {
    const inner = cells.map((text) => text.replaceAll('|', '\\|').replaceAll('\n', '<br>')).join(' | ')
    return edges ? `| ${inner} |` : inner
  }
  return [
    ...title.map((text) => `# ${text}\n`),
    ...pages.map(({ head, rows }) => [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n')),
  ].join('\n')
}

export interface Look {
  /** Lines around every cell, without the table's left and upper edge, only under the rows, or none at all. */
  lines: 'all' | 'dotted' | 'open' | 'rows' | 'none'
  /** One table that the printer breaks over pages, its head repeated, rows kept whole or not; otherwise the pages as given. */
  flow?: 'whole-rows' | 'broken-rows'
  font?: string
  align?: 'top' | 'middle'
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\n', '<br>')

export function asHtml({ title, pages }: RealList, look: Look = { lines: 'all' }): string {
  const rowsOf = (rows: string[][], merged: boolean) => {
    const spans = categorySpans(rows)
    return rows.map((cells, i) => {
      const tds = cells.map((text, x) => {
        if (x > 0 || !merged) return `<td>${escaped(text)}</td>`
        return spans[i] === 0 ? '' : `<td rowspan="${spans[i]}">${escaped(text)}</td>`
      })
      return `<tr>${tds.join('')}</tr>`
    })
  }
  const table = ({ head, rows }: ListPage) =>
    `<table><thead><tr>${head.map((text) => `<th>${escaped(text)}</th>`).join('')}</tr></thead><tbody>${rowsOf(rows, look.lines !== 'none' && look.lines !== 'rows').join('\n')}</tbody></table>`
  const all = look.flow === undefined ? pages : [{ head: pages[0]!.head, rows: pages.flatMap(({ rows }) => rows) }]
  const line = '0.75pt solid #000'
  const border = {
    all: `border: ${line}`,
    dotted: 'border: 0.75pt dotted #000',
    open: `border-bottom: ${line}; border-right: ${line}`,
    rows: `border-bottom: ${line}`,
    none: 'border: 0',
  }[look.lines]
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>清单</title>${look.font ?? ''}<style>
    @page { size: A4 landscape; margin: 15mm }
    body { font: 9pt/1.5 'Noto Sans SC Variable', sans-serif; margin: 0 }
    table { border-collapse: collapse; width: 100%; ${look.flow === undefined ? 'break-after: page' : ''} }
    th, td { ${border}; padding: 3pt 4pt; vertical-align: ${look.align ?? 'middle'}; text-align: left }
    tr { break-inside: ${look.flow === 'broken-rows' ? 'auto' : 'avoid'} }
    th:nth-child(1) { width: 9% } th:nth-child(2), th:nth-child(3) { width: 5% } th:nth-child(4) { width: 12% } th:nth-child(6) { width: 9% } th:nth-child(8) { width: 7% }
  </style></head><body>${title.map((text) => `<p>${escaped(text)}</p>`).join('')}${all.map(table).join('\n')}</body></html>`
}
