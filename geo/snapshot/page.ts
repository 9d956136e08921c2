/** A page: head, foot, and between them what the template arranges. The one description that every output is made from. Pure. */
import type { BlockId } from './block.ts'
import { isLocked, sizeAsChanged } from './block.ts'
import { text, type PageContext, type PageLogo, type PageOptions } from './context.ts'
import { chart } from './chart.ts'
import type { Box, DrawnBlock, Drawing, Item } from './drawing.ts'
import type { Figures } from './figures.ts'
import { roundScale } from './furniture.ts'
import { mapIn } from './map.ts'
import { legend, notes, summary, table, troubles, type Drawn, type Panel } from './panels.ts'
import { sizeOf, type Paper } from './paper.ts'
import { templateOf, type TemplateId } from './template.ts'
import { cut, lines, widthOf } from './type.ts'
import { PAGE_WORDS } from './words.ts'
import { formatNumber } from '../number/format.ts'

export type { PageOptions }

const PANELS: Partial<Record<BlockId, Panel>> = { summary, legend, table, chart, troubles, notes }
/** Furniture is only where there is a map. */
const WITH_MAP: readonly BlockId[] = ['cards', 'scale', 'north', 'overview']

/** Text of A4 is 2.8 mm high (8 points); other papers are read from their own distance. */
export function unitOf(paper: Paper, width: number, height: number): number {
  if (paper.startsWith('A4')) return 2.8
  if (paper.startsWith('A3')) return 3.7
  return Math.sqrt(width * height) / (paper === '16:9' ? 76 : 88)
}

/** Draws one page. */
export function pageOf(figures: Figures, paper: Paper, template: TemplateId, options: PageOptions): Drawing {
  const { width, height } = sizeOf(paper, 96)
  const { theme, scale, banded, onMap, arrange } = templateOf(template)
  const unit = unitOf(paper, width, height) * scale
  const context: PageContext = { figures, options, theme, words: PAGE_WORDS[figures.view.lang], unit, banded }
  const isShown = (id: BlockId) => isLocked(id) || !options.blocks[id]?.hidden
  const margin = Math.max(unit * 3, 8)
  const page: Box = { x: margin, y: banded ? unit * 1.2 : margin, width: width - margin * 2, height: height - margin - (banded ? unit * 1.2 : margin) }

  const blocks: DrawnBlock[] = []
  const add = (id: BlockId, box: Box, { items, table: content, chart: counted }: Drawn, more: Partial<DrawnBlock> = {}) => {
    const { dx = 0, dy = 0 } = options.blocks[id] ?? {}
    const moved = dx === 0 && dy === 0 ? items : items.map((item) => shifted(item, dx, dy))
    blocks.push({ id, ...box, x: box.x + dx, y: box.y + dy, clipped: false, onMap: false, items: moved, ...(content ? { table: content } : {}), ...(counted ? { chart: counted } : {}), ...more })
  }

  const head = headIn(context, page, isShown)
  for (const { id, box, items } of head.blocks) add(id, box, { items })
  const foot = footHeight(context, page.width, isShown)
  const body: Box = { x: page.x, y: head.end, width: page.width, height: page.y + page.height - foot - unit * 1.2 - head.end }
  const arranged = arrange({
    body,
    unit,
    portrait: height > width,
    height: (id, wide) => (isShown(id) ? (PANELS[id]?.height(context, wide) ?? null) : null),
  })
  if (arranged.map && !isShown('map')) delete arranged.map
  for (const [id, box] of Object.entries(arranged) as [BlockId, Box][]) arranged[id] = sizeAsChanged(id, box, options.blocks, page)
  let projected = ''
  if (arranged.map) {
    const placed = mapIn(context, arranged.map, (id) => isShown(id) && (WITH_MAP.includes(id) || onMap.includes(id)), onMap)
    add('map', arranged.map, placed.map, { clipped: true })
    for (const { id, box, drawn } of placed.pieces) add(id, box, drawn, { onMap: true })
    projected = context.words.projection(placed.meridian, `1:${formatNumber(roundScale(placed.scale), 0)}`)
  }
  for (const [id, panel] of Object.entries(PANELS) as [BlockId, Panel][]) {
    const box = arranged[id]
    if (box) add(id, box, panel.draw(context, box))
  }
  for (const { id, box, items } of footIn(context, { x: page.x, y: page.y + page.height - foot, width: page.width, height: foot }, isShown, projected)) add(id, box, { items })
  if (banded) {
    // The band lies beneath everything.
    const first = blocks.find(({ id }) => id === 'title') ?? blocks[0]!
    const band: Item = { kind: 'rect', x: 0, y: 0, width, height: head.end - unit * 1.1, fill: theme.accent }
    blocks.splice(blocks.indexOf(first), 1)
    blocks.unshift({ ...first, items: [band, ...first.items] })
  }
  return { width, height, background: '#ffffff', blocks }
}

export interface Part {
  id: BlockId
  box: Box
  items: Item[]
}

/** Title and subtitle left; marks and the date of the data right. */
export function headIn({ figures, options, theme, words, unit, banded }: PageContext, page: Box, isShown: (id: BlockId) => boolean): { blocks: Part[]; end: number } {
  const blocks: Part[] = []
  const [ink, ink2] = banded ? ['#ffffff', '#dbe6f3'] : [theme.ink, theme.ink2]
  const marks = [...(figures.demo ? [words.demo] : []), ...(figures.schematic ? [words.schematic] : [])]
  const markSize = unit * 0.95
  const markWidth = (mark: string) => widthOf(mark, markSize, 700) + unit * 1.1
  const marksWidth = marks.reduce((sum, mark) => sum + markWidth(mark) + unit * 0.5, 0)
  const dateSize = unit * 1.05
  const right = Math.min(page.width * 0.6, Math.max(marksWidth, isShown('date') ? widthOf(figures.date, dateSize) : 0) + unit)
  const logo = options.logo && isShown('logo') ? logoIn(options.logo, page, unit) : null
  const start = page.x + (logo ? logo.width + unit * 1.1 : 0)
  const left = page.width - right - unit * 2 - (start - page.x)
  const title = options.title.trim() || figures.title
  const sizes = [2.35, 2.05, 1.8, 1.6].map((factor) => unit * factor)
  const titleSize = sizes.find((size) => widthOf(title, size, 700) <= left) ?? sizes[2]!
  const titleLines = lines(title, left, titleSize, 700, 2)
  let y = page.y
  if (options.logo && logo)
    blocks.push({
      id: 'logo',
      box: logo,
      // On a band of ink it stands on paper.
      items: [...(banded ? [{ kind: 'rect' as const, x: logo.x - unit * 0.3, y: logo.y - unit * 0.2, width: logo.width + unit * 0.6, height: logo.height + unit * 0.4, radius: unit * 0.25, fill: '#ffffff' }] : []), { kind: 'image', href: options.logo.href, ...logo }],
    })
  if (isShown('title')) {
    const height = titleLines.length * titleSize * 1.28
    blocks.push({
      id: 'title',
      box: { x: start, y, width: left, height },
      items: titleLines.map((line, i) => text(start, y + titleSize * (1.02 + i * 1.28), line, { size: titleSize, weight: 700, colour: ink })),
    })
    y += height
  }
  const subtitle = options.subtitle.trim() || figures.subtitle
  if (isShown('subtitle')) {
    const size = unit * 1.15
    blocks.push({ id: 'subtitle', box: { x: start, y: y + unit * 0.25, width: left, height: size * 1.4 }, items: [text(start, y + unit * 0.25 + size * 1.05, cut(subtitle, left, size), { size, colour: ink2 })] })
    y += unit * 0.25 + size * 1.4
  }
  let down = page.y
  const edge = page.x + page.width
  if (marks.length > 0) {
    const items: Item[] = []
    let x = edge
    for (const mark of marks.toReversed()) {
      const width = markWidth(mark)
      x -= width
      const colour = banded ? '#ffffff' : theme.mono ? '#000000' : '#825600'
      items.push({ kind: 'rect', x, y: down, width, height: unit * 1.75, radius: unit * 0.25, fill: banded ? theme.accent : theme.mono ? '#ffffff' : '#fdf3d9', stroke: { colour, width: unit * 0.09 } })
      items.push(text(x + width / 2, down + unit * 1.22, mark, { size: markSize, weight: 700, colour, anchor: 'middle' }))
      x -= unit * 0.5
    }
    blocks.push({ id: 'marks', box: { x: edge - right, y: down, width: right, height: unit * 1.75 }, items })
    down += unit * 2.3
  }
  if (isShown('date')) {
    blocks.push({ id: 'date', box: { x: edge - right, y: down, width: right, height: dateSize * 1.35 }, items: [text(edge, down + dateSize, figures.date, { size: dateSize, colour: ink2, anchor: 'end' })] })
    down += dateSize * 1.35
  }
  const end = Math.max(y, down, logo ? logo.y + logo.height : 0) + unit * (banded ? 0.9 : 0.7)
  const ruled = blocks.findIndex(({ id }) => id !== 'logo')
  if (!banded && ruled >= 0)
    blocks[ruled] = { ...blocks[ruled]!, items: [...blocks[ruled]!.items, { kind: 'path', lines: [[[page.x, end], [edge, end]]], closed: false, stroke: { colour: theme.accent, width: unit * 0.14 } }] }
  return { blocks, end: end + unit * (banded ? 1.1 : 1) }
}

/** As high as title and subtitle together, and not too wide. */
function logoIn({ width, height }: PageLogo, page: Box, unit: number): Box {
  const scale = Math.min((unit * 3.9) / height, (unit * 12) / width)
  return { x: page.x, y: page.y, width: width * scale, height: height * scale }
}

const SMALL = 0.86

/** Broken between two statements rather than within one, where that takes no more lines. */
function footLines({ figures, words, unit, options }: PageContext, width: number, projected: string, isShown: (id: BlockId) => boolean): string[] {
  const told = [...figures.sources, ...(figures.schematic ? [words.schematicNote] : []), ...(projected ? [projected] : [])]
  const size = unit * SMALL
  // Beside the code there is room for three lines.
  const running = lines(told.join(words.and) + words.stop, width, size, 400, isShown('qr') && options.link ? 3 : 2)
  const whole: string[] = []
  for (const [i, one] of told.entries()) {
    const piece = one + (i === told.length - 1 ? words.stop : words.and)
    const line = `${whole.at(-1) ?? ''}${piece}`
    if (whole.length > 0 && widthOf(line.trimEnd(), size) <= width) whole[whole.length - 1] = line
    else whole.push(piece)
  }
  return running.length > 1 && whole.length <= running.length && whole.every((line) => widthOf(line.trimEnd(), size) <= width) ? whole.map((line) => line.trimEnd()) : running
}

const QR = 5.2

function rightWidth({ unit, options }: PageContext, isShown: (id: BlockId) => boolean): number {
  return unit * (isShown('qr') && options.link ? QR + 0.8 : 0)
}

export function footHeight({ unit, options }: PageContext, _width: number, isShown: (id: BlockId) => boolean): number {
  if (isShown('qr') && options.link) return unit * QR
  return unit * ((isShown('source') ? 2.6 : 0) + (isShown('review') || isShown('maker') || isShown('page') ? 1.4 : 0) + 0.2)
}

/** Sources, what the map is drawn after, and 审图号 left; maker and page to their right; the code in the corner. */
export function footIn(context: PageContext, box: Box, isShown: (id: BlockId) => boolean, projected: string): Part[] {
  const { options, theme, words, unit } = context
  const parts: Part[] = []
  const aside = rightWidth(context, isShown)
  const width = box.width - aside
  const size = unit * SMALL
  const small = { size, colour: theme.ink3 }
  const bottom = box.y + box.height
  if (isShown('source')) {
    const told = footLines(context, width, projected, isShown)
    const top = bottom - size * 1.4 * (told.length + 1.15)
    parts.push({ id: 'source', box: { x: box.x, y: top, width, height: size * 1.4 * told.length }, items: told.map((line, i) => text(box.x, top + size * (1.05 + i * 1.4), line, small)) })
  }
  const y = bottom - size * 1.4
  const baseline = y + size * 1.05
  const page = words.page(options.page.no, options.page.of)
  const maker = words.maker(options.maker)
  const review = options.reviewNo.trim() ? words.review(options.reviewNo.trim()) : words.noReview
  let x = box.x + width
  for (const [id, told] of [['page', page], ['maker', maker]] as const) {
    if (!isShown(id) || (id === 'maker' && !options.maker)) continue
    const wide = Math.min(widthOf(told, size), width * 0.35)
    x -= wide
    parts.push({ id, box: { x, y, width: wide, height: size * 1.4 }, items: [text(x + wide, baseline, cut(told, wide + 0.01, size), { ...small, anchor: 'end' })] })
    x -= unit * 1.6
  }
  if (isShown('review')) {
    const wide = Math.max(unit, x - box.x)
    parts.push({ id: 'review', box: { x: box.x, y, width: wide, height: size * 1.4 }, items: [text(box.x, baseline, cut(review, wide, size), { ...small, weight: options.reviewNo.trim() ? 700 : 400 })] })
  }
  if (isShown('qr') && options.link) {
    const side = unit * QR
    const square = { x: box.x + box.width - side, y: bottom - side, width: side, height: side }
    parts.push({ id: 'qr', box: square, items: codeIn(square, options.link.modules, theme.ink) })
  }
  return parts
}

/** A QR code as rectangles: runs of dark modules in a row are one. */
function codeIn(box: Box, modules: readonly string[], ink: string): Item[] {
  const items: Item[] = [{ kind: 'rect', ...box, fill: '#ffffff' }]
  const module = box.width / modules.length
  for (const [row, bits] of modules.entries())
    for (const run of bits.matchAll(/1+/g)) items.push({ kind: 'rect', x: box.x + run.index * module, y: box.y + row * module, width: run[0].length * module, height: module * 1.02, fill: ink })
  return items
}

/** An item elsewhere. */
function shifted(item: Item, dx: number, dy: number): Item {
  if (item.kind === 'path') return { ...item, lines: item.lines.map((line) => line.map(([x, y]) => [x + dx, y + dy] as const)) }
  return { ...item, x: item.x + dx, y: item.y + dy }
}
