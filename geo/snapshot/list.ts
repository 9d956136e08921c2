/** Pages that are one long table: head and foot as on any page, the rows going on over as many pages as they need. Pure. */
import type { PageContext, PageOptions } from './context.ts'
import { text } from './context.ts'
import type { Box, Drawing, DrawnBlock, Item, TableRow } from './drawing.ts'
import type { Cell, Figures } from './figures.ts'
import { footHeight, footIn, headIn, unitOf } from './page.ts'
import { SIGNS } from './panels.ts'
import { sizeOf, type Paper } from './paper.ts'
import { COLOUR, markOf } from './theme.ts'
import { cut, lines, widthOf } from './type.ts'
import { PAGE_WORDS } from './words.ts'

export interface ListColumn {
  title: string
  anchor: 'start' | 'middle' | 'end'
  /** Its part of the width. */
  share: number
}

export interface ListRow {
  cells: Cell[]
  /** A heading within the table: its first cell goes over all columns. */
  over?: boolean
  strong?: boolean
}

export interface LongList {
  title: string
  subtitle: string
  columns: ListColumn[]
  rows: ListRow[]
  /** What stands in place of rows where there are none. */
  none: string
  /** Size of its text against the paper's usual one. */
  scale: number
}

interface Measured {
  row: ListRow
  /** The words of each cell in lines. */
  words: string[][]
  height: number
}

const MOST_LINES = 4
const LINE = 1.36
/** How its text is set: as usual, or a little tighter where that saves a page with a few rows. */
const SETTINGS = [
  { scale: 1, padding: 0.62 },
  { scale: 0.95, padding: 0.55 },
  { scale: 0.9, padding: 0.5 },
] as const
type Setting = (typeof SETTINGS)[number]
/** A last page that is filled no more than this is worth that. */
const SPARE = 0.34

interface Sheet {
  setting: Setting
  context: PageContext
  page: Box
  body: Box
  size: number
  widths: number[]
}

/** Where everything stands on a page of the list. */
function sheetOf(figures: Figures, list: LongList, paper: Paper, options: PageOptions, setting: Setting): Sheet {
  const { width, height } = sizeOf(paper, 96)
  const unit = unitOf(paper, width, height)
  const own: Figures = { ...figures, title: list.title, subtitle: list.subtitle, schematic: false, sources: figures.sources.slice(0, 1) }
  const context: PageContext = { figures: own, options: { ...options, title: '', subtitle: '' }, theme: COLOUR, words: PAGE_WORDS[figures.view.lang], unit, banded: false }
  const margin = Math.max(unit * 3, 8)
  const page = { x: margin, y: margin, width: width - margin * 2, height: height - margin * 2 }
  const { end } = headIn(context, page, isShown)
  const foot = footHeight(context, page.width, isShown)
  const whole = list.columns.reduce((sum, { share }) => sum + share, 0)
  return {
    setting,
    context,
    page,
    body: { x: page.x, y: end, width: page.width, height: page.y + page.height - foot - unit * 1.2 - end },
    size: unit * list.scale * setting.scale,
    widths: list.columns.map(({ share }) => (share / whole) * page.width),
  }
}
const isShown = () => true

function measured(list: LongList, { size, widths, body, context, setting }: Sheet): Measured[] {
  return list.rows.map((row) => {
    const weight = row.strong || row.over ? 700 : 400
    const words = row.over
      ? [[cut(row.cells[0]!.text, body.width - size, size, 700)]]
      : row.cells.map((cell, i) => (cell.text === '' ? [] : lines(cell.text, widths[i]! - context.unit * (list.columns[i]!.anchor === 'end' ? 1.6 : 0.7) - (cell.light ? size * 1.25 : 0), size, weight, MOST_LINES)))
    return { row, words, height: size * (LINE * Math.max(1, ...words.map((told) => told.length)) + setting.padding) }
  })
}

/** Rows shared out over pages: a heading is not left alone at a page's foot. */
function paged(rows: readonly Measured[], room: number): Measured[][] {
  const pages: Measured[][] = [[]]
  let used = 0
  for (const [i, row] of rows.entries()) {
    const needed = row.height + (row.row.over ? (rows[i + 1]?.height ?? 0) : 0)
    if (used + needed > room + 1e-6 && pages.at(-1)!.length > 0) {
      pages.push([])
      used = 0
    }
    pages.at(-1)!.push(row)
    used += row.height
  }
  return pages
}

interface Head {
  titles: string[][]
  size: number
  height: number
}

/** The columns' titles, so large that no word of them is broken. */
function headOf(list: LongList, { size, widths, context, setting }: Sheet): Head {
  const room = (i: number) => widths[i]! - context.unit * 0.5
  const words = list.columns.flatMap(({ title }, i) => title.split(' ').filter((word) => /^[!-~]+$/.test(word)).map((word) => room(i) / widthOf(word, size, 700)))
  const its = size * Math.max(0.72, Math.min(1, ...words))
  const titles = list.columns.map(({ title }, i) => lines(title, room(i), its, 700, 2))
  return { titles, size: its, height: size * (LINE * Math.max(1, ...titles.map((told) => told.length)) + setting.padding) }
}

function planned(figures: Figures, list: LongList, paper: Paper, options: PageOptions, setting: Setting) {
  const sheet = sheetOf(figures, list, paper, options, setting)
  const head = headOf(list, sheet)
  const room = sheet.body.height - head.height
  const pages = paged(measured(list, sheet), room)
  return { setting, head, pages, last: pages.at(-1)!.reduce((sum, { height }) => sum + height, 0) / room }
}

/** How many pages it takes, and each of them once it is known which of how many it is. */
export function listPages(figures: Figures, list: LongList, paper: Paper, options: Omit<PageOptions, 'page'>): { pages: number; draw: (no: number, page: PageOptions['page']) => Drawing } {
  const tried = SETTINGS.map((setting) => () => planned(figures, list, paper, { ...options, page: { no: 1, of: 1 } }, setting))
  const usual = tried[0]!()
  const tighter = usual.pages.length > 1 && usual.last <= SPARE ? tried.slice(1).map((plan) => plan()).find(({ pages }) => pages.length < usual.pages.length) : undefined
  const { setting, head, pages } = tighter ?? usual
  return {
    pages: pages.length,
    draw(no, page) {
      return drawn(list, sheetOf(figures, list, paper, { ...options, page }, setting), head, pages[no - 1]!)
    },
  }
}

function drawn(list: LongList, { context, page, body, size, widths }: Sheet, { titles, size: headSize, height: head }: Head, rows: readonly Measured[]): Drawing {
  const { theme, unit } = context
  const blocks: DrawnBlock[] = []
  const add = (id: DrawnBlock['id'], box: Box, items: readonly Item[], more: Partial<DrawnBlock> = {}) => blocks.push({ id, ...box, clipped: false, onMap: false, items, ...more })
  for (const { id, box, items } of headIn(context, page, isShown).blocks) add(id, box, items)

  const items: Item[] = []
  const told: TableRow[] = []
  const cellWords = (words: readonly string[], column: number, y: number, height: number, style: { weight: 400 | 700; colour: string; indent: number; size?: number }) => {
    const { anchor } = list.columns[column]!
    const left = body.x + widths.slice(0, column).reduce((sum, width) => sum + width, 0)
    const x = anchor === 'end' ? left + widths[column]! - unit * 1.3 : anchor === 'middle' ? left + widths[column]! / 2 : left + unit * 0.35 + style.indent
    const its = style.size ?? size
    const top = y + (height - words.length * its * LINE) / 2
    for (const [n, line] of words.entries()) items.push(text(x, top + its * (1.02 + n * LINE), line, { size: its, weight: style.weight, colour: style.colour, anchor }))
  }
  for (const [i, words] of titles.entries()) cellWords(words, i, body.y, head, { weight: 700, colour: theme.ink2, indent: 0, size: headSize })
  const rule = (y: number, width: number, colour: string): Item => ({ kind: 'path', lines: [[[body.x, y], [body.x + body.width, y]]], closed: false, stroke: { colour, width: unit * width } })
  let y = body.y + head
  items.push(rule(y, 0.08, theme.ink3))
  for (const { row, words, height } of rows) {
    if (row.over) items.push({ kind: 'rect', x: body.x, y, width: body.width, height, fill: '#eef2f6' })
    let left = body.x
    for (const [i, lines_] of words.entries()) {
      const cell = row.cells[i]!
      const middle = list.columns[i]!.anchor === 'middle'
      if (cell.light) items.push(markOf(cell.light, middle ? left + widths[i]! / 2 : left + unit * 0.35 + size * 0.5, y + height / 2, size * 0.9, theme))
      cellWords(lines_, i, y, height, { weight: row.strong || row.over ? 700 : 400, colour: theme.ink, indent: cell.light ? size * 1.25 : 0 })
      left += widths[i]!
    }
    y += height
    items.push(rule(y, 0.03, theme.line))
    told.push({
      cells: row.cells.map(({ text: words_, light }) => (light ? `${SIGNS[light]}${words_ ? ` ${words_}` : ''}` : words_)),
      strong: Boolean(row.strong || row.over),
      height,
      ...(row.over ? { over: true } : {}),
      ...(row.cells.some(({ light }) => light) ? { colours: row.cells.map(({ light }) => (light ? theme.light[light] : null)) } : {}),
    })
  }
  if (rows.length > 0) items.push(rule(y, 0.06, theme.ink3))
  else items.push(text(body.x + unit * 0.35, y + size * 1.6, list.none, { size, colour: theme.ink2 }))
  add('table', { ...body, height: Math.max(y - body.y, size * 4) }, items, rows.length > 0 ? { table: { columns: list.columns.map(({ title, anchor }, i) => ({ title, anchor, width: widths[i]! })), rows: told, size, top: 0, rowHeight: head } } : {})

  const foot = footHeight(context, page.width, isShown)
  for (const { id, box, items: its } of footIn(context, { x: page.x, y: page.y + page.height - foot, width: page.width, height: foot }, isShown, '')) add(id, box, its)
  return { width: page.x * 2 + page.width, height: page.y * 2 + page.height, background: '#ffffff', blocks }
}
