import iconv from 'iconv-lite'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { readTaskList } from '../../../../geo/task-list/read.ts'
import type { SourceDocument } from '../../../../geo/task-list/source.ts'
import { categorySpans, realList, SEED } from './list.ts'
import { bytesOf, open, rowsOf } from './open.ts'
import { FONT, hasChromium, print } from './print.ts'
import { asCsv, asDocx, asHtml, asMarkdown, asXls, asXlsx, type Look } from './render.ts'

/** The real list of 2023, written into every format, opened, and compared cell by cell with what was given. */
const list = realList()
const wanted = list.pages.flatMap(({ head, rows }) => [head, ...rows])
const seed = readFileSync(SEED)
const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
const withoutMark = (text: string) => Buffer.from(text, 'utf16le')

const FORMATS: {
  name: string
  format: SourceDocument['format']
  merges: boolean
  make: () => Promise<Uint8Array> | Uint8Array
}[] = [
  { name: '清单.txt', format: 'text', merges: false, make: () => seed },
  {
    name: '清单（带标记）.txt',
    format: 'text',
    merges: false,
    make: () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), seed]),
  },
  { name: '清单（国标）.txt', format: 'text', merges: false, make: () => iconv.encode(seed.toString(), 'gb18030') },
  { name: '清单（UTF-16）.txt', format: 'text', merges: false, make: () => utf16(seed.toString()) },
  { name: '清单（UTF-16 无标记）.txt', format: 'text', merges: false, make: () => withoutMark(seed.toString()) },
  { name: '清单.docx', format: 'docx', merges: true, make: () => asDocx(list) },
  { name: '清单.xlsx', format: 'xlsx', merges: true, make: () => asXlsx(list) },
  { name: '清单.xls', format: 'xls', merges: true, make: () => asXls(list) },
  { name: '清单.csv', format: 'csv', merges: false, make: () => bytesOf(asCsv(list)) },
  { name: '清单（带标记）.csv', format: 'csv', merges: false, make: () => bytesOf(`\ufeff${asCsv(list)}`) },
  { name: '清单（国标）.csv', format: 'csv', merges: false, make: () => iconv.encode(asCsv(list), 'gb18030') },
  { name: '清单（分号）.csv', format: 'csv', merges: false, make: () => bytesOf(asCsv(list, ';')) },
  { name: '清单（制表符）.csv', format: 'csv', merges: false, make: () => bytesOf(asCsv(list, '\t')) },
  { name: '清单.md', format: 'markdown', merges: false, make: () => bytesOf(asMarkdown(list)) },
  { name: '清单（无边）.md', format: 'markdown', merges: false, make: () => bytesOf(asMarkdown(list, false)) },
  { name: '清单.html', format: 'html', merges: true, make: () => bytesOf(asHtml(list)) },
]

const PRINTS: { name: string; look: Look; options?: Parameters<typeof print>[0][number]['options'] }[] = [
  { name: 'lines around every cell', look: { lines: 'all' } },
  { name: 'open sides', look: { lines: 'open' } },
  { name: 'dotted lines', look: { lines: 'dotted' } },
  { name: 'lines under the rows only', look: { lines: 'rows', flow: 'whole-rows' } },
  { name: 'no lines, cells at the top', look: { lines: 'none', align: 'top' } },
  { name: 'no lines, cells in the middle', look: { lines: 'none', align: 'middle' } },
  { name: 'one table over all pages', look: { lines: 'all', flow: 'whole-rows' } },
  { name: 'rows broken by the page', look: { lines: 'all', flow: 'broken-rows' } },
  { name: 'page numbers', look: { lines: 'all' }, options: numbered('- <span class="pageNumber"></span> -') },
]

function numbered(words: string) {
  const footerTemplate = `<div style="font-size:8px;width:100%;text-align:center">${words}</div>`
  return { displayHeaderFooter: true, headerTemplate: '<span></span>', footerTemplate }
}

const texts = (document: SourceDocument) => rowsOf(document.blocks).map(({ cells }) => cells.map(({ text }) => text))
const HEAD = wanted[0]!.join()
const plans: Record<string, unknown> = {}

/** What a list says: numbers, names, leads, deadlines, and every measure's quotas. Spaces do not count: PDF has none at line ends. */
function said(document: SourceDocument) {
  const tight = (text: string | null) => text?.replace(/\s/g, '') ?? null
  return readTaskList(document).tasks.map((task) => ({
    no: task.no,
    municipalNo: task.municipalNo,
    name: tight(task.name),
    leads: task.leads,
    deadline: task.deadline,
    measures: task.measures.map(({ unit, kind, target, quotas }) => ({
      unit,
      kind,
      target,
      quotas: quotas.map((quota) => [quota.town, quota.target]),
    })),
  }))
}

describe('the real list in every format', () => {
  for (const { name, format, merges, make } of FORMATS) {
    it(`should come out of ${name} cell by cell as it went in`, async () => {
      const document = await open(name, await make())
      expect(document.format).toBe(format)
      expect(document.name).toBe(name)
      expect(texts(document)).toEqual(
        wanted.map((row) => row.map((text) => (format === 'html' ? text.replace(/ {2,}/g, ' ') : text))),
      )
      expect(
        document.blocks.filter(({ kind }) => kind === 'paragraph').map((block) => 'text' in block && block.text),
      ).toEqual(list.title)
      const merged = list.pages.flatMap(({ rows }) => [false, ...categorySpans(rows).map((span) => span === 0)])
      const found = rowsOf(document.blocks).map(({ cells }) => cells[0]!.merged === 'above')
      expect(found).toEqual(merges ? merged : merged.map(() => false))
      plans[name] = said(document)
    })
  }

  it('should read to the same 56 tasks with the same quotas from every format', () => {
    const [first, ...others] = Object.entries(plans)
    expect(first![1]).toHaveLength(56)
    expect(others.length).toBeGreaterThanOrEqual(15)
    for (const [name, plan] of others) expect(plan, name).toEqual(first![1])
  })
})

describe.skipIf(!hasChromium)(
  `the real list printed by a browser${hasChromium ? '' : ` (did not run: there is no Chromium)`}`,
  () => {
    let printed: Uint8Array[] = []
    beforeAll(async () => {
      printed = await print(
        PRINTS.map(({ look, options }) => ({ html: asHtml(list, { ...look, font: FONT }), options })),
      )
    })
    // A line that ends where the column does loses its space in print, so spaces are compared apart: none may be invented.
    const tight = (text: string) => text.replace(/[ \n]/g, '')
    const invented = /[\u4e00-\u9fff，。、；：] [\u4e00-\u9fff]/

    PRINTS.forEach(({ name, look }, i) => {
      it(`should come out of a PDF with ${name} cell by cell as it went in`, async () => {
        const document = await open('清单.pdf', printed[i]!)
        expect(document.format).toBe('pdf')
        const rows = texts(document).filter((row) => row.map(tight).join() !== HEAD)
        const body = list.pages.flatMap((page) => page.rows)
        expect(rows.map((row) => row.map(tight))).toEqual(body.map((row) => row.map(tight)))
        rows.forEach((row, y) => row.forEach((text, x) => invented.test(text) && expect(body[y]![x]).toMatch(invented)))
        expect(
          document.blocks.filter(({ kind }) => kind === 'paragraph').map((block) => 'text' in block && block.text),
        ).toEqual(list.title)
        const pages = document.blocks.map(({ page }) => page!)
        expect(pages).toEqual([...pages].sort((one, other) => one - other))
        expect(Math.min(...pages)).toBe(1)
        if (look.flow === undefined && look.lines !== 'none') {
          const merged = list.pages.flatMap((page) => categorySpans(page.rows).map((span) => span === 0))
          const above = rowsOf(document.blocks).filter(
            ({ cells }) => cells.map(({ text }) => tight(text)).join() !== HEAD,
          )
          expect(above.map(({ cells }) => cells[0]!.merged === 'above')).toEqual(merged)
        }
        expect(said(document)).toEqual(plans['清单.txt'])
      })
    })
  },
)
