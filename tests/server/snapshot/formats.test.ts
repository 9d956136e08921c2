/**
 * Every format of every template, a district's own among them, from the 2023 data: made by the thread that makes them for everybody, with no program
 * to be found anywhere, and looked at as pixels, sizes, fonts, words and XML.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Resvg } from '@resvg/resvg-js'
import { unzipSync } from 'fflate'
import * as fontkit from 'fontkit'
import { SaxesParser } from 'saxes'
import { beforeAll, describe, expect, it } from 'vitest'
import { atlasPages, snapshotPage, type DrawnPage } from '../../../geo/snapshot/atlas.ts'
import { basisOf, type PageBasis } from '../../../geo/snapshot/figures.ts'
import { packPages } from '../../../geo/pack/pages.ts'
import { packSheets } from '../../../geo/pack/sheets.ts'
import type { PackFacts } from '../../../geo/pack/pack.ts'
import { sizeOf, type Paper } from '../../../geo/snapshot/paper.ts'
import { FORMATS_OF, type FileFormat, type SnapshotKind, type SnapshotRequest } from '../../../geo/snapshot/request.ts'
import { svgOf, svgText } from '../../../geo/snapshot/svg.ts'
import { TEMPLATE_IDS, type TemplateId } from '../../../geo/snapshot/template.ts'
import { widthOf } from '../../../geo/snapshot/type.ts'
import { codeOf } from '../../../server/snapshot/code.ts'
import { FONT_FILES } from '../../../server/snapshot/fonts.ts'
import { pngOf } from '../../../server/snapshot/png.ts'
import { renderInThread } from '../../../server/snapshot/render.ts'
import { demoSources } from '../../geo/snapshot/fixture.ts'
import { difference, readPng, readPpm, sizeOfPng } from './pixels.ts'

const LOGO = `data:image/png;base64,${Buffer.from(new Resvg('<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60"><rect width="120" height="60" fill="#1d4f91"/></svg>').render().asPng()).toString('base64')}`
const FACTS: PackFacts = { day: '2023-10-10', before: null, orders: [] }
const MAKING = { maker: '区乡村振兴办', link: { text: 'x', modules: codeOf('http://127.0.0.1:8080/s/0123456789ab') } }

interface Row {
  name: string
  template: TemplateId
  paper: Paper
  more?: Partial<SnapshotRequest>
}
/** Each template on another paper; the eighth as a district has made it its own, with a logo. */
const PAPERS: Record<TemplateId, Paper> = { briefing: 'A4-landscape', wide: 'A3-landscape', figures: 'A4-portrait', problems: 'A3-portrait', mono: 'A4-landscape', slide: '16:9' }
const ROWS: Row[] = [
  ...TEMPLATE_IDS.map((template) => ({ name: template, template, paper: PAPERS[template] })),
  { name: 'own', template: 'slide', paper: '16:9', more: { title: '青浦区九月调度', reviewNo: '沪S(2023)000号', blocks: { troubles: { heading: '需要研究的事项' }, chart: { hidden: true }, legend: { dx: 2, dy: -2 }, map: { dw: -15, dh: -10 } } } },
]
const DPI = 72

let basis: PageBasis

/** Whatever a process could start is not there while this runs: no path, and no browser named. */
async function withoutPrograms<T>(work: () => Promise<T>): Promise<T> {
  const { PATH, CHROMIUM_PATH } = process.env
  process.env.PATH = ''
  delete process.env.CHROMIUM_PATH
  try {
    return await work()
  } finally {
    process.env.PATH = PATH
    if (CHROMIUM_PATH !== undefined) process.env.CHROMIUM_PATH = CHROMIUM_PATH
  }
}

async function filesOf(kind: SnapshotKind, pages: readonly DrawnPage[], paper: Paper, sheets: Parameters<typeof renderInThread>[0]['sheets'] = []): Promise<Map<FileFormat, Uint8Array>> {
  const files = new Map<FileFormat, Uint8Array>()
  await withoutPrograms(() =>
    renderInThread(
      { kind, pages: pages.map(({ name, drawing }) => ({ name, drawing })), sheets, paper, dpi: DPI, formats: FORMATS_OF[kind], facts: { title: '进展图', author: '青浦区', madeAt: new Date('2023-10-10T08:00:00Z'), language: 'zh-CN' } },
      { file: async (format, bytes) => void files.set(format, bytes), progress: async () => true },
    ),
  )
  return files
}

const request = ({ template, paper, more }: Omit<Row, 'name'>, view: Partial<SnapshotRequest['view']> = {}): SnapshotRequest => ({
  view: { plan: 2023, month: '2023-09', task: null, measure: null, town: null, by: 'lights', lang: 'zh-CN', extent: 'district', scale: null, ...view },
  paper,
  dpi: DPI,
  template,
  title: '',
  subtitle: '',
  notes: '',
  reviewNo: '',
  blocks: {},
  ...more,
})

const has = (program: string) => (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))

function validXml(parts: Record<string, Uint8Array>): void {
  for (const [name, part] of Object.entries(parts).filter(([path]) => /\.(xml|rels)$/.test(path))) {
    const parser = new SaxesParser()
    parser.on('error', (error) => expect.fail(`${name}: ${error.message}`))
    parser.write(new TextDecoder().decode(part)).close()
  }
}

beforeAll(() => {
  basis = basisOf(demoSources(), '2023-09')
})

describe('the files of a page', () => {
  it.each(ROWS)('should be right in every format as $name on $paper', async ({ name, template, paper, more }) => {
    const page = snapshotPage(basis, request({ template, paper, ...(more ? { more } : {}) }, { task: name === 'briefing' || name === 'mono' ? 15 : null }), { ...MAKING, logo: name === 'own' ? { href: LOGO, width: 120, height: 60 } : null })
    const files = await filesOf('snapshot', [page], paper)
    expect([...files.keys()]).toEqual(['png', 'pdf', 'pptx'])
    const { pixels, width, height } = sizeOf(paper, DPI)
    const said = [more?.title ?? page.figures.title, '数据截至2023年9月30日', '演示数据', '边界示意', ...(more ? ['需要研究的事项', '沪S(2023)000号'] : [])]
    const none = more ? ['各单位滞后和预警任务数'] : []

    // The picture: as many pixels as asked for, its size on paper, and the same as the drawing for designers with the shipped typeface.
    const png = files.get('png')!
    expect(sizeOfPng(png)).toEqual(pixels)
    const density = Buffer.from(png).indexOf('pHYs')
    expect(Buffer.from(png).readUInt32BE(density + 4)).toBe(Math.round((DPI / 25.4) * 1000))
    const svg = svgText(svgOf(page.drawing))
    for (const words of said) expect(svg.replace(/<[^>]*>|\s/g, ''), words).toContain(words.replace(/\s/g, ''))
    for (const words of none) expect(svg).not.toContain(words)
    expect(svg).toContain(`width="${Math.round(width * 10_000) / 10_000}mm"`)
    const sized = svg.replace(/width="[\d.]+mm" height="[\d.]+mm"/, `width="${pixels.width}" height="${pixels.height}" preserveAspectRatio="xMidYMin slice"`)
    const shown = difference(readPng(new Resvg(sized, { font: { loadSystemFonts: false, fontFiles: Object.values(FONT_FILES) } }).render().asPng()), readPng(png))
    expect(shown.mean, 'SVG and PNG').toBeLessThan(0.3)
    expect(shown.most, 'SVG and PNG').toBeLessThan(16)
    // Not an empty page.
    expect(readPng(png).grey.filter((grey) => grey < 128).length).toBeGreaterThan(pixels.width * 2)

    // The slide: its size, what it says as text that can be edited, and XML that is valid.
    const parts = unzipSync(files.get('pptx')!)
    validXml(parts)
    const slide = new TextDecoder().decode(parts['ppt/slides/slide1.xml'])
    const emu = (mm: number) => Math.round(mm * 36_000)
    const [, cx, cy] = /sldSz cx="(\d+)" cy="(\d+)"/.exec(new TextDecoder().decode(parts['ppt/presentation.xml']))!
    expect(Math.abs(Number(cx) - emu(width)) + Math.abs(Number(cy) - emu(height))).toBeLessThan(100)
    for (const words of said) expect(slide.replace(/<[^>]*>|\s/g, ''), words).toContain(words.replace(/\s/g, ''))
    expect(slide).toContain('<p:pic>')
    expect(slide).not.toMatch(/NaN|undefined/)
    for (const { table } of page.drawing.blocks) if (table) for (const { cells } of table.rows) for (const cell of cells) if (cell) expect(slide).toContain(`>${cell.replace(/&/g, '&amp;')}<`)

    // The PDF: true size, embedded typefaces, words that can be selected, and every glyph where the picture has it.
    const pdf = files.get('pdf')!
    expect(new TextDecoder('latin1').decode(pdf.subarray(0, 5))).toBe('%PDF-')
    if (!has('pdftoppm')) return
    const folder = mkdtempSync(join(tmpdir(), 'xiangtu-formats-'))
    try {
      const path = join(folder, 'page.pdf')
      writeFileSync(path, pdf)
      const [, w, h] = /Page size:\s+([\d.]+) x ([\d.]+) pts/.exec(execFileSync('pdfinfo', [path], { encoding: 'utf8' }))!
      expect(Number(w)).toBeCloseTo((width / 25.4) * 72, 1)
      expect(Number(h)).toBeCloseTo((height / 25.4) * 72, 1)
      const fonts = execFileSync('pdffonts', [path], { encoding: 'utf8' }).trim().split('\n').slice(2)
      expect(fonts.length).toBe(2)
      for (const font of fonts) expect(font).toMatch(/TrueType .* yes (yes|no) +yes/)
      const words = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' }).replace(/\s/g, '')
      for (const one of said) expect(words, one).toContain(one.replace(/\s/g, ''))
      for (const one of none) expect(words).not.toContain(one)
      execFileSync('pdftoppm', ['-r', String(DPI), '-scale-to-x', String(pixels.width), '-scale-to-y', String(pixels.height), path, join(folder, 'page')])
      const apart = difference(readPpm(readFileSync(join(folder, 'page-1.ppm'))), readPng(png))
      // Hatching is smoothed differently, line by line.
      expect(apart.mean, 'PDF and PNG').toBeLessThan(template === 'mono' ? 5 : 3)
      expect(apart.most, 'PDF and PNG').toBeLessThan(40)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it.each([400, 700] as const)('should be set as the typeface is at weight %i: every letter as wide as it was measured', (weight) => {
    const font = fontkit.create(readFileSync(FONT_FILES[weight])) as unknown as { unitsPerEm: number; glyphForCodePoint(code: number): { id: number; advanceWidth: number } }
    const letters = Array.from({ length: 0x40 }, (_, i) => String.fromCodePoint(0xc0 + i)).join('')
    for (const char of `${letters}${Array.from({ length: 95 }, (_, i) => String.fromCodePoint(32 + i)).join('')}\u00a0°©®²³⁴µ–—−′″…·“”‘’■▲●○≤≥×№™亩镇，。：`) {
      const { id, advanceWidth } = font.glyphForCodePoint(char.codePointAt(0)!)
      expect(id, char).toBeGreaterThan(0)
      expect(Math.abs(widthOf(char, 1000, weight) - (advanceWidth * 1000) / font.unitsPerEm), char).toBeLessThan(1.01)
    }
  })

  it('should be told apart in black and white by shape and hatching alone: no pixel of the picture has a colour', () => {
    const { drawing } = snapshotPage(basis, request({ template: 'mono', paper: 'A4-landscape' }, { task: 15 }), MAKING)
    const { width, height } = sizeOf('A4-landscape', DPI).pixels
    const pixels = new Resvg(svgText(svgOf(drawing)).replace(/width="[\d.]+mm" height="[\d.]+mm"/, `width="${width}" height="${height}"`), { font: { loadSystemFonts: false } }).render().pixels
    for (let i = 0; i < pixels.length; i += 4) if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2]) expect.fail(`a colour at ${i / 4}`)
    expect(pngOf(drawing, sizeOf('A4-landscape', DPI)).length).toBeGreaterThan(10_000)
  })
})

describe('an atlas and a pack', () => {
  it('should come out without any browser or other program: all their files', async () => {
    const pages = atlasPages(basis, request({ template: 'briefing', paper: 'A4-landscape' }), 'town', null, MAKING)
    const atlas = await filesOf('atlas', [pages[0]!, pages[6]!, pages.at(-1)!], 'A4-landscape')
    expect([...atlas.keys()]).toEqual(['pdf', 'pptx', 'zip'])
    const pictures = Object.values(unzipSync(atlas.get('zip')!))
    expect(pictures.map(sizeOfPng)).toEqual(pictures.map(() => sizeOf('A4-landscape', DPI).pixels))
    expect(pictures.length).toBe(3)
    const slides = unzipSync(atlas.get('pptx')!)
    validXml(slides)
    expect(Object.keys(slides).filter((name) => /slides\/slide\d+\.xml$/.test(name)).length).toBe(3)

    const sheets = packSheets(basis, FACTS, 'zh-CN')
    const all = [...packPages(basis, request({ template: 'figures', paper: 'A4-landscape' }), FACTS, MAKING)]
    const pack = await filesOf('pack', all.slice(0, 4), 'A4-landscape', sheets)
    expect([...pack.keys()]).toEqual(['pdf', 'pptx', 'xlsx', 'zip'])
    expect(Object.keys(unzipSync(pack.get('zip')!)).map((name) => name.split('.').at(-1))).toEqual(['pdf', 'pptx', 'xlsx'])
    validXml(unzipSync(pack.get('pptx')!))
    const book = unzipSync(pack.get('xlsx')!)
    validXml(book)
    expect(Object.keys(book).filter((name) => /worksheets\/sheet\d+\.xml$/.test(name)).length).toBe(sheets.length)
  })

  it('should be made by code that knows of no browser and starts no program', () => {
    const seen = new Set<string>()
    const walk = (file: string): void => {
      if (seen.has(file)) return
      seen.add(file)
      const source = readFileSync(file, 'utf8')
      expect(source, file).not.toMatch(/from '(playwright|puppeteer|node:child_process|.*chromium)/)
      for (const [, path] of source.matchAll(/(?:from |import\()'(\.[^']+\.ts)'/g)) walk(resolve(dirname(file), path!))
    }
    walk(fileURLToPath(new URL('../../../server/snapshot/thread.ts', import.meta.url)))
    expect(seen.size).toBeGreaterThan(10)
  })
})
