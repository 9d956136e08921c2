/**
 * Drawings as slides: the map as a picture, everything else as what a slide has itself: text that can be edited, tables, shapes. Positions are
 * the drawing's own.
 */
import pptxgen from 'pptxgenjs'
import type { ChartContent, DrawnBlock, Drawing, Item, TableContent } from '../../geo/snapshot/drawing.ts'
import { MM_PER_INCH } from '../../geo/snapshot/paper.ts'
import { widthOf } from '../../geo/snapshot/type.ts'
import { partOf, SLIDE_PER_MM } from './png.ts'

// Its types name the namespace, its CommonJS build is the class.
const Pptx = pptxgen as unknown as new () => pptxgen.default
type Slide = pptxgen.default.Slide

/** What offices have; where it is missing, the program puts its own in place. */
const FACE = 'Microsoft YaHei'
const inches = (mm: number) => mm / MM_PER_INCH
const points = (mm: number) => (mm / MM_PER_INCH) * 72
const hex = (colour: string) => colour.slice(1).toUpperCase()

export async function pptxOf(drawings: readonly Drawing[], facts: { title: string; author: string }, drawn: () => Promise<void>): Promise<Uint8Array> {
  const deck = new Pptx()
  const { width, height } = drawings[0]!
  deck.defineLayout({ name: 'page', width: inches(width), height: inches(height) })
  deck.layout = 'page'
  deck.title = facts.title
  deck.author = facts.author
  deck.theme = { headFontFace: FACE, bodyFontFace: FACE }
  for (const drawing of drawings) {
    addPage(deck, deck.addSlide(), drawing)
    await drawn()
  }
  return (await deck.write({ outputType: 'uint8array', compression: true })) as Uint8Array
}

/** Of the map and what lies on it only these are words for readers to change. */
const NATIVE_ON_MAP = new Set(['legend', 'summary'])

function addPage(deck: pptxgen.default, slide: Slide, drawing: Drawing): void {
  const isPicture = (block: DrawnBlock) => block.id === 'map' || block.id === 'qr' || (block.onMap && !NATIVE_ON_MAP.has(block.id))
  const map = drawing.blocks.find(({ id }) => id === 'map')
  for (const block of drawing.blocks) {
    if (block.id === 'map' || block.id === 'qr') {
      // What lies on the map is in its picture.
      const pictured = { ...drawing, blocks: drawing.blocks.filter((other) => other === block || (block === map && other.onMap && isPicture(other))) }
      const png = Buffer.from(partOf(pictured, block, SLIDE_PER_MM)).toString('base64')
      slide.addImage({ data: `image/png;base64,${png}`, ...place(block), altText: block.id })
    } else if (!isPicture(block)) addBlock(deck, slide, block)
  }
}

const place = ({ x, y, width, height }: { x: number; y: number; width: number; height: number }) => ({ x: inches(x), y: inches(y), w: inches(width), h: inches(height) })

function addBlock(deck: pptxgen.default, slide: Slide, block: DrawnBlock): void {
  const { table, chart } = block
  const items = table ? block.items.filter((item) => topOf(item) < block.y + table.top - 0.01) : chart ? block.items.filter((item) => topOf(item) < chart.y - 0.01) : block.items
  const right = block.onMap ? Infinity : block.x + block.width
  for (const item of joined(items)) addItem(deck, slide, item, right)
  if (chart) addChart(deck, slide, chart)
  if (table) addTable(slide, block, table)
}

/** Faces that offices have are a little wider than the one that the table was measured in. */
const CELL_SIZE = 0.95
/** Top, right, bottom, left, in inches: the library takes what begins with less than one for that. */
const CELL_MARGIN: [number, number, number, number] = [0, 0.04, 0, 0.04]

function addTable(slide: Slide, block: DrawnBlock, table: TableContent): void {
  const last = table.columns.length - 1
  const cell = (text: string, i: number, { bold, colour, over }: { bold: boolean; colour?: string | null | undefined; over?: boolean | undefined }) => ({
    text,
    options: {
      bold,
      align: over || table.columns[i]!.anchor === 'start' ? ('left' as const) : table.columns[i]!.anchor === 'end' ? ('right' as const) : ('center' as const),
      color: colour ? hex(colour) : '17212C',
      valign: 'middle' as const,
      margin: CELL_MARGIN,
      ...(over ? { colspan: last + 1, fill: { color: 'EEF2F6' } } : {}),
    },
  })
  const rows = table.rows.map(({ cells, strong, over, colours }) => (over ? [cell(cells[0]!, 0, { bold: strong, over })] : cells.map((text, i) => cell(text, i, { bold: strong, colour: colours?.[i] }))))
  slide.addTable([table.columns.map(({ title }, i) => cell(title, i, { bold: true })), ...rows], {
    x: inches(block.x),
    y: inches(block.y + table.top),
    w: inches(block.width),
    colW: table.columns.map(({ width }) => inches(width)),
    rowH: [table.rowHeight, ...table.rows.map(({ height }) => height ?? table.rowHeight)].map(inches),
    fontFace: FACE,
    fontSize: points(table.size * CELL_SIZE),
    border: { type: 'solid', pt: 0.4, color: 'C8D0D7' },
  })
}

/** A chart that PowerPoint opens with its figures. */
function addChart(deck: pptxgen.default, slide: Slide, { categories, series, size, ...box }: ChartContent): void {
  const face = { catAxisLabelFontFace: FACE, valAxisLabelFontFace: FACE, dataLabelFontFace: FACE }
  slide.addChart(
    deck.ChartType.bar,
    series.map(({ name, values }) => ({ name, labels: [...categories], values: [...values] })),
    {
      ...place(box),
      ...face,
      barDir: 'col',
      barGrouping: 'stacked',
      barGapWidthPct: 60,
      chartColors: series.map(({ colour }) => hex(colour)),
      catAxisLabelFontSize: points(size),
      catAxisLabelColor: '44515E',
      catAxisLineShow: true,
      valAxisHidden: true,
      valAxisMinVal: 0,
      valGridLine: { style: 'none' },
      showValue: true,
      dataLabelFontSize: points(size),
      dataLabelFontBold: true,
      dataLabelColor: 'FFFFFF',
      // A column that is not there has no label either.
      dataLabelFormatCode: '0;;;',
      showLegend: false,
      altText: series.map(({ name }) => name).join('、'),
    },
  )
}

function topOf(item: Item): number {
  if (item.kind === 'path') return Math.min(...item.lines.flat().map(([, y]) => y))
  return item.kind === 'text' ? item.y - item.size * 0.8 : item.y
}

/** Lines of one paragraph, set below each other, are one text that can be edited as one. */
type Written = Item | { kind: 'paragraph'; lines: (Item & { kind: 'text' })[] }

function joined(items: readonly Item[]): Written[] {
  const found: Written[] = []
  for (const item of items) {
    const last = found.at(-1)
    const above = last?.kind === 'paragraph' ? last.lines.at(-1)! : null
    if (item.kind !== 'text') found.push(item)
    else if (last?.kind === 'paragraph' && above && above.x === item.x && above.anchor === 'start' && above.size === item.size && above.weight === item.weight && above.colour === item.colour && item.y - above.y > 0 && item.y - above.y < item.size * 1.6)
      last.lines.push(item)
    else found.push({ kind: 'paragraph', lines: [item] })
  }
  return found
}

/** Programs that put a little room between Chinese and other letters need this part of the size for each place where they meet. */
const MEETING = 0.25
const LEAST_SIZE = 0.8

/** How much smaller a line is to be set so that it ends by `right` also there, or a little after it. */
function fitting({ x, text, size, weight, anchor }: Item & { kind: 'text' }, right: number, slack: number): number {
  if (anchor !== 'start') return 1
  const meetings = text.match(/[\u3000-\u9fff\uff00-\uffef](?=[!-~])|[!-~](?=[\u3000-\u9fff\uff00-\uffef])/g)?.length ?? 0
  const wide = widthOf(text, size, weight) + meetings * MEETING * size
  return x + wide <= right + slack ? 1 : Math.max(LEAST_SIZE, (right + slack - x) / wide)
}

/** `right`: where the block ends. */
function addItem(deck: pptxgen.default, slide: Slide, item: Written, right: number): void {
  if (item.kind === 'text') return
  if (item.kind === 'image') {
    slide.addImage({ data: item.href.replace(/^data:/, ''), ...place(item), altText: 'logo' })
    return
  }
  if (item.kind === 'paragraph') {
    const { lines } = item
    const { x, y, size, weight, colour, anchor } = lines[0]!
    // A heading is broken where the page breaks it; running text as it fits when it is edited.
    const broken = weight === 700 && lines.length > 1
    // Other faces are a little wider: the frame has room for that.
    const natural = Math.max(...lines.map((line) => widthOf(line.text, size, weight))) * 1.08 + size
    // Running text breaks where the block ends, not beyond the page.
    const running = lines.length > 1 && !broken
    const width = running ? Math.min(natural, Math.max(size, right - x)) : natural
    const smaller = running ? Math.min(...lines.map((line) => fitting(line, right, 0))) : lines.length === 1 ? fitting(lines[0]!, right, size * 0.5) : 1
    const step = lines.length > 1 ? lines[1]!.y - lines[0]!.y : size * 1.36
    const left = anchor === 'start' ? x : anchor === 'middle' ? x - width / 2 : x - width
    const words = broken ? lines.map(({ text }, i) => ({ text, options: i === 0 ? {} : { softBreakBefore: true } })) : lines.map((line) => line.text).join(lines.some(({ text }) => /[a-z]/i.test(text)) ? ' ' : '')
    slide.addText(words, {
      ...place({ x: left, y: y - size * 1.08, width, height: step * lines.length + size * 0.1 }),
      fontFace: FACE,
      fontSize: points(size) * smaller,
      bold: weight === 700,
      color: hex(colour),
      align: anchor === 'start' ? 'left' : anchor === 'middle' ? 'center' : 'right',
      valign: 'top',
      margin: 0,
      lineSpacing: lines.length > 1 ? points(step) : undefined!,
      wrap: running,
    })
    return
  }
  const paint = {
    ...(item.fill ? { fill: { color: hex(item.fill) } } : {}),
    ...(item.stroke ? { line: { color: hex(item.stroke.colour), width: points(item.stroke.width) } } : {}),
  }
  if (item.kind === 'rect') {
    slide.addShape(item.radius ? deck.ShapeType.roundRect : deck.ShapeType.rect, { ...place(item), ...paint, ...(item.radius ? { rectRadius: inches(item.radius) } : {}) })
    return
  }
  if (item.kind === 'circle') {
    slide.addShape(deck.ShapeType.ellipse, { ...place({ x: item.x - item.radius, y: item.y - item.radius, width: item.radius * 2, height: item.radius * 2 }), ...paint })
    return
  }
  const all = item.lines.flat()
  if (all.length === 0) return
  const [x0, y0] = [Math.min(...all.map(([x]) => x)), Math.min(...all.map(([, y]) => y))]
  const [x1, y1] = [Math.max(...all.map(([x]) => x)), Math.max(...all.map(([, y]) => y))]
  const box = { x: x0, y: y0, width: x1 - x0, height: y1 - y0 }
  if (item.lines.length === 1 && all.length === 2) {
    const flip = (all[1]![0] - all[0]![0]) * (all[1]![1] - all[0]![1]) < 0
    slide.addShape(deck.ShapeType.line, { ...place(box), ...paint, flipV: flip })
    return
  }
  const at = ([x, y]: readonly [number, number]) => ({ x: inches(x - x0), y: inches(y - y0) })
  const shape = item.lines.flatMap((line) => [...line.map((one, i) => (i === 0 ? { ...at(one), moveTo: true } : at(one))), ...(item.closed ? [{ close: true as const }] : [])])
  // Its types leave this one out.
  slide.addShape('custGeom' as never, { ...place({ ...box, width: Math.max(box.width, 0.01), height: Math.max(box.height, 0.01) }), ...paint, points: shape })
}
