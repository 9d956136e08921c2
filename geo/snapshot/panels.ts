/** The blocks beside the map: how high they want to be in a width, and how they are drawn in a box. */
import type { LightColour } from '../light/light.ts'
import { LIGHTS } from '../light/light.ts'
import { formatNumber } from '../number/format.ts'
import { HEADING, headed, headingOf, text, type PageContext } from './context.ts'
import type { At, Box, ChartContent, Item, TableContent } from './drawing.ts'
import type { FigureTable, LegendEntry, Trouble } from './figures.ts'
import { layerSwatch } from './layer-items.ts'
import { filledWith, markOf } from './theme.ts'
import { cut, lines, widthOf } from './type.ts'

export interface Drawn {
  items: Item[]
  table?: TableContent
  chart?: ChartContent
}

export interface Panel {
  /** Natural height in a width; null: there is nothing to show. */
  height: (context: PageContext, width: number) => number | null
  draw: (context: PageContext, box: Box) => Drawn
}

const ORDER: readonly LightColour[] = [...LIGHTS].reverse()

/** Four counts, large, with the change against the month before. */
export const summary: Panel = {
  height: ({ figures, unit }) => (figures.layered ? null : unit * (HEADING + 3.5)),
  draw(context, box) {
    const { figures, theme, words, unit } = context
    const heading = headingOf(context, 'summary', figures.summaryTitle)
    const items = headed(context, box, heading)
    const step = box.width / 4
    const top = box.y + unit * HEADING
    let changed = false
    for (const [i, light] of ORDER.entries()) {
      const x = box.x + step * i
      const count = formatNumber(figures.counts[light])
      const size = unit * 2
      items.push(markOf(light, x + unit * 0.5, top + unit * 1.15, unit * 0.95, theme))
      items.push(text(x + unit * 1.35, top + unit * 1.85, count, { size, weight: 700, colour: theme.ink }))
      const change = figures.before && figures.counts[light] - figures.before[light]
      if (change) {
        const words_ = `${change > 0 ? '+' : '−'}${formatNumber(Math.abs(change))}`
        const at = x + unit * 1.6 + widthOf(count, size, 700)
        if (at + widthOf(words_, unit * 0.85) < x + step - unit * 0.7) {
          items.push(text(at, top + unit * 1.85, words_, { size: unit * 0.85, colour: theme.ink3 }))
          changed = true
        }
      }
      items.push(text(x, top + unit * 3.15, words.light[light], { size: unit * 0.92, colour: theme.ink2 }))
    }
    // What the small figures are is said where there is room for it.
    if (changed && widthOf(heading, unit * 1.08, 700) + widthOf(words.change, unit * 0.8) + unit < box.width)
      items.push(text(box.x + box.width, box.y + unit * 1.02, words.change, { size: unit * 0.8, colour: theme.ink3, anchor: 'end' }))
    return { items }
  },
}

const SWATCH = 2.3

/** From an entry's left edge to its words; in black and white the mark stands beside the hatching, which it would hide. */
function indentOf({ theme }: PageContext, entries: readonly LegendEntry[]): number {
  return SWATCH + 0.6 + (theme.mono && entries.some(({ light }) => light) ? 1.5 : 0)
}

/** The legend's entries in as many columns as a width has room for. */
function legendGrid(context: PageContext, entries: readonly LegendEntry[], width: number) {
  const { unit } = context
  const wide = Math.max(...entries.map((entry) => widthOf(entry.text, unit))) + unit * (indentOf(context, entries) + 1)
  const columns = Math.max(1, Math.min(entries.length, Math.floor((width + unit) / wide)))
  const rows = Math.ceil(entries.length / columns)
  return { columns: Math.ceil(entries.length / rows), rows, step: wide }
}

export const legend: Panel = {
  height: (context, width) => context.figures.legend.length === 0 ? null : context.unit * (HEADING + legendGrid(context, context.figures.legend, width).rows * 1.75),
  draw(context, box) {
    const { figures, theme, unit } = context
    const items = headed(context, box, headingOf(context, 'legend', figures.legendTitle))
    const { columns, step } = legendGrid(context, figures.legend, box.width)
    const indent = indentOf(context, figures.legend)
    for (const [i, entry] of figures.legend.entries()) {
      const x = box.x + (i % columns) * Math.max(step, Math.min(box.width / columns, step * 1.3))
      const y = box.y + unit * (HEADING + 0.15) + Math.floor(i / columns) * unit * 1.75
      items.push(...swatch({ x, y, width: unit * SWATCH, height: unit * 1.3 }, entry, context))
      if (theme.mono && entry.light) items.push(markOf(entry.light, x + unit * (SWATCH + 1), y + unit * 0.65, unit * 0.9, theme))
      items.push(text(x + unit * indent, y + unit * 1.02, entry.text, { size: unit, colour: theme.ink2 }))
    }
    return { items }
  },
}

/** How wide the legend is when it stands on the map, in one column. */
const MOST_ROWS = 26

export function legendWidth(context: PageContext): number {
  const { figures, unit } = context
  const indent = indentOf(context, figures.legend)
  const widest = Math.max(widthOf(headingOf(context, 'legend', figures.legendTitle), unit * 1.08, 700), ...figures.legend.map((entry) => widthOf(entry.text, unit) + unit * indent))
  // A long one stands in several columns.
  const columns = Math.ceil(figures.legend.length / MOST_ROWS)
  return Math.max(widest, columns * (Math.max(0, ...figures.legend.map((entry) => widthOf(entry.text, unit))) + unit * (indent + 1))) + unit * 0.4
}

function swatch(box: Box, entry: LegendEntry, { theme, unit }: PageContext): Item[] {
  if (entry.mark) return layerSwatch(box, { ...entry, mark: entry.mark }, theme, unit)
  const ring: At[] = [
    [box.x, box.y],
    [box.x + box.width, box.y],
    [box.x + box.width, box.y + box.height],
    [box.x, box.y + box.height],
  ]
  return [
    ...filledWith([ring], entry, theme, unit * (theme.mono ? 0.75 : 1)),
    { kind: 'rect', ...box, stroke: { colour: theme.mono ? '#000000' : '#8797a6', width: unit * 0.06 } },
    ...(entry.light && !theme.mono ? [plate(box.x + box.width / 2, box.y + box.height / 2, unit * 0.62), markOf(entry.light, box.x + box.width / 2, box.y + box.height / 2, unit * 0.8, theme)] : []),
  ]
}

/** White under a mark, so that it is seen on its own colour and on hatching. */
export function plate(x: number, y: number, radius: number): Item {
  return { kind: 'circle', x, y, radius, fill: '#ffffff' }
}

const ROW = 1.72

export const table: Panel = {
  height: ({ figures, unit }) => (figures.table.rows.length === 0 ? null : unit * (HEADING + ROW * (figures.table.rows.length + 1))),
  draw(context, box) {
    const { figures, theme, words, unit } = context
    const items = headed(context, box, headingOf(context, 'table', words.table))
    const top = box.y + unit * HEADING
    const room = box.height - unit * HEADING
    const { columns, rows } = tableFor(figures.table, box.width, unit * 0.95, unit)
    // Where even what has to stay is too wide, it is set smaller before it is cut.
    const size = unit * 0.95 * Math.max(0.82, Math.min(1, box.width / leastWidth({ columns, rows }, unit * 0.95, unit)))
    // A table with room to spare breathes; one without says how much is left out.
    const rowHeight = Math.min(unit * ROW * 1.3, Math.max(unit * ROW, room / (rows.length + 1)))
    const fits = Math.max(1, Math.floor(room / rowHeight + 1e-6) - 1)
    const total = rows.slice(-1).filter(({ strong }) => strong)
    const shown = rows.length <= fits ? rows : [...rows.slice(0, Math.max(1, fits - 1 - total.length)), ...total]
    const left = rows.length - shown.length
    const widths = columnWidths({ columns, rows }, box.width, size, unit)
    const cellsAt = (cells: readonly { text: string; light?: LightColour }[], y: number, strong: boolean, colour: string) => {
      let x = box.x
      for (const [i, cell] of cells.entries()) {
        const width = widths[i]!
        const baseline = y + rowHeight / 2 + size * 0.36
        const lead = leadOf(columns, i) * unit
        const indent = lead + (cell.light ? size * 1.25 : 0)
        const end = columns[i]!.anchor === 'end'
        if (cell.light) items.push(markOf(cell.light, x + unit * 0.3 + lead + size * 0.5, y + rowHeight / 2, size * 0.82, theme))
        const words_ = cut(cell.text, width - unit * 0.6 - indent, size, strong ? 700 : 400)
        items.push(text(end ? x + width - unit * 0.3 : x + unit * 0.3 + indent, baseline, words_, { size, weight: strong ? 700 : 400, colour, anchor: end ? 'end' : 'start' }))
        x += width
      }
    }
    for (const [i, row] of shown.entries()) {
      const y = top + rowHeight * (i + 1)
      if (i % 2 === 1 && !theme.mono) items.push({ kind: 'rect', x: box.x, y, width: box.width, height: rowHeight, fill: theme.zebra })
      cellsAt(row.cells, y, row.strong, theme.ink)
    }
    cellsAt(columns.map(({ title }) => ({ text: title })), top, true, theme.ink2)
    const rule = (y: number, width: number, colour: string): Item => ({ kind: 'path', lines: [[[box.x, y], [box.x + box.width, y]]], closed: false, stroke: { colour, width: unit * width } })
    items.push(rule(top + rowHeight, 0.06, theme.ink3))
    for (let i = 1; i <= shown.length; i++) items.push(rule(top + rowHeight * (i + 1), i === shown.length ? 0.06 : 0.03, i === shown.length ? theme.ink3 : theme.line))
    if (left > 0) items.push(text(box.x + unit * 0.3, top + rowHeight * (shown.length + 1.62), words.more(left), { size: unit * 0.88, colour: theme.ink3 }))
    const content: TableContent = {
      columns: columns.map(({ title, anchor }, i) => ({ title, anchor, width: widths[i]! })),
      rows: shown.map(({ cells, strong }) => ({ cells: cells.map((cell) => (cell.light ? `${SIGNS[cell.light]} ${cell.text}` : cell.text)), strong, ...(cells.some(({ light }) => light) ? { colours: cells.map(({ light }) => (light ? theme.light[light] : null)) } : {}) })),
      size,
      top: unit * HEADING,
      rowHeight,
    }
    if (left > 0) content.rows = [...content.rows, { cells: columns.map((_, i) => (i === 0 ? words.more(left) : '')), strong: false, over: true }]
    return { items, table: content }
  },
}

/** Lights in running text. */
export const SIGNS: Record<LightColour, string> = { red: '■', yellow: '▲', green: '●', grey: '○' }

/** Words that begin where figures have just ended stand a little apart from them. */
function leadOf(columns: FigureTable['columns'], i: number): number {
  return columns[i]!.anchor === 'start' && columns[i - 1]?.anchor === 'end' ? 0.6 : 0
}

/** What a column has to have that may be cut, in units. */
const LEAST_CUT = 8

function naturalWidths({ columns, rows }: FigureTable, size: number, unit: number): number[] {
  return columns.map(
    ({ title }, i) => unit * (0.7 + leadOf(columns, i)) + Math.max(widthOf(title, size, 700), ...rows.map(({ cells, strong }) => widthOf(cells[i]!.text, size, strong ? 700 : 400) + (cells[i]!.light ? size * 1.25 : 0))),
  )
}

/** How wide a table is that cuts what may be cut. */
function leastWidth(table: FigureTable, size: number, unit: number): number {
  const natural = naturalWidths(table, size, unit)
  return table.columns.reduce((sum, { grow }, i) => sum + (grow ? Math.min(natural[i]!, unit * LEAST_CUT) : natural[i]!), 0)
}

/** The table without the columns that give way, as many as are too many for a width. */
function tableFor(table: FigureTable, width: number, size: number, unit: number): FigureTable {
  const [first] = table.columns.filter(({ gives }) => gives !== undefined).sort((a, b) => a.gives! - b.gives!)
  if (!first || leastWidth(table, size, unit) <= width) return table
  const i = table.columns.indexOf(first)
  const without = <T>(list: readonly T[]) => list.filter((_, at) => at !== i)
  return tableFor({ columns: without(table.columns), rows: table.rows.map((row) => ({ ...row, cells: without(row.cells) })) }, width, size, unit)
}

/** Each column as wide as its widest word, what is left for those that grow; these are cut when there is too little. */
function columnWidths(table: FigureTable, width: number, size: number, unit: number): number[] {
  const { columns } = table
  const natural = naturalWidths(table, size, unit)
  const rest = width - natural.reduce((sum, n) => sum + n, 0)
  const grow = columns.reduce((sum, column) => sum + column.grow, 0)
  if (rest >= 0) return natural.map((n, i) => n + rest * (grow === 0 ? 1 / columns.length : columns[i]!.grow * 0.5 / grow + 0.5 / columns.length))
  const shrunk = natural.map((n, i) => (columns[i]!.grow ? Math.max(Math.min(n, unit * LEAST_CUT), n + (rest * columns[i]!.grow) / grow) : n))
  const over = shrunk.reduce((sum, n) => sum + n, 0) / width
  return over > 1 ? shrunk.map((n) => n / over) : shrunk
}

interface TroubleLines {
  trouble: Trouble
  words: string[]
  height: number
}

/** One entry: the mark, who, and why in at most so many lines. */
function troubleLines({ figures, unit }: PageContext, width: number, most: number): TroubleLines[] {
  return figures.troubles.map((trouble) => {
    const words = lines(trouble.text, width - unit * 1.4, unit * 0.95, 400, most)
    return { trouble, words, height: unit * (1.5 + words.length * 1.36 + 0.55) }
  })
}

export const troubles: Panel = {
  height: (context, width) =>
    context.figures.layered ? null : context.figures.troubles.length === 0 ? context.unit * (HEADING + 1.6) : context.unit * HEADING + troubleLines(context, width, 3).reduce((sum, { height }) => sum + height, 0),
  draw(context, box) {
    const { figures, theme, words, unit } = context
    const items = headed(context, box, headingOf(context, 'troubles', words.troubles))
    const room = box.height - unit * HEADING
    if (figures.troubles.length === 0) return { items: [...items, text(box.x, box.y + unit * (HEADING + 1), words.noTroubles, { size: unit, colour: theme.ink2 })] }
    const total = (all: readonly TroubleLines[]) => all.reduce((sum, { height }) => sum + height, 0)
    // Fewer words of each before fewer of them; where not all of them find room in any case, those that do say at least what is missing.
    const all = [3, 2, 1].map((most) => troubleLines(context, box.width, most)).find((tried) => total(tried) <= room + 1e-6) ?? troubleLines(context, box.width, 2)
    let y = box.y + unit * HEADING
    const end = box.y + box.height
    for (const [i, { trouble, words: told, height }] of all.entries()) {
      const last = i === all.length - 1
      if (y + height > end + 1e-6 - (last ? 0 : unit * 1.5)) {
        items.push(text(box.x, y + unit, words.more(all.length - i), { size: unit * 0.9, colour: theme.ink3 }))
        break
      }
      items.push(markOf(trouble.light, box.x + unit * 0.55, y + unit * 0.8, unit * 0.85, theme))
      items.push(text(box.x + unit * 1.4, y + unit * 1.15, cut(trouble.title, box.width - unit * 1.4, unit, 700), { size: unit, weight: 700, colour: theme.ink }))
      for (const [n, line] of told.entries()) items.push(text(box.x + unit * 1.4, y + unit * (2.6 + n * 1.36), line, { size: unit * 0.95, colour: theme.ink2 }))
      y += height
    }
    return { items }
  },
}

export const notes: Panel = {
  height: ({ options, unit }, width) => (options.notes.trim() ? unit * (HEADING + lines(options.notes.trim(), width, unit * 0.95).length * 1.42 + 0.3) : null),
  draw(context, box) {
    const { options, theme, words, unit } = context
    const items = headed(context, box, headingOf(context, 'notes', words.notes))
    const most = Math.max(1, Math.floor((box.height - unit * HEADING) / (unit * 1.42)))
    for (const [i, line] of lines(options.notes.trim(), box.width, unit * 0.95, 400, most).entries())
      items.push(text(box.x, box.y + unit * (HEADING + 1 + i * 1.42), line, { size: unit * 0.95, colour: theme.ink2 }))
    return { items }
  },
}
