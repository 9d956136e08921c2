/** Tables that flow from page to page of a sheet; their heads stand again on each. */
import { text } from '../snapshot/context.ts'
import type { Anchor, DrawnBlock, Item } from '../snapshot/drawing.ts'
import { COLOUR } from '../snapshot/theme.ts'
import { cut } from '../snapshot/type.ts'

export type Cell = string

export interface SheetTable {
  title: string
  /** None: the title is all that there is to say. */
  columns: { title: string; share: number; anchor: Anchor }[]
  /** `wide`: the first cell takes the whole width. */
  rows: { cells: Cell[]; strong?: boolean; quiet?: boolean; wide?: boolean }[]
}

/** Where tables may stand: from `top` on the first page and `next` on the others, down to `bottom`. */
export interface Flow {
  left: number
  width: number
  top: number
  bottom: number
  next: number
}

const ROW = 1.65
const TITLE = 2.1
/** Under a title and a head there are at least so many rows, or it begins on the next page. */
const LEAST_ROWS = 2

/** The blocks of each page; one page at least. */
export function pagesOf(flow: Flow, tables: readonly SheetTable[], unit: number, words: { goesOn: string }): DrawnBlock[][] {
  const pages: DrawnBlock[][] = [[]]
  const row = unit * ROW
  let y = flow.top
  const turn = () => {
    pages.push([])
    y = flow.next
  }
  for (const table of tables) {
    let at = 0
    do {
      const head = unit * TITLE + (table.columns.length ? row : 0)
      if (y + head + Math.min(LEAST_ROWS, table.rows.length - at) * row > flow.bottom) turn()
      const room = Math.max(1, Math.floor((flow.bottom - y - head) / row))
      const rows = table.rows.slice(at, at + room)
      pages.at(-1)!.push(drawn({ ...table, title: at ? `${table.title}${words.goesOn}` : table.title, rows }, flow, y, unit))
      at += rows.length
      y += head + rows.length * row + unit * 1.2
    } while (at < table.rows.length)
  }
  return pages
}

function drawn({ title, columns, rows }: SheetTable, { left, width }: Flow, top: number, unit: number): DrawnBlock {
  const size = unit * 0.95
  const row = unit * ROW
  const shares = columns.reduce((sum, { share }) => sum + share, 0)
  const widths = columns.map(({ share }) => (width * share) / shares)
  const items: Item[] = [text(left, top + unit * 1.1, cut(title, width, unit * 1.08, 700), { size: unit * 1.08, weight: 700, colour: COLOUR.ink })]
  const line = (y: number, colour: string, thick: number): Item => ({ kind: 'path', lines: [[[left, y], [left + width, y]]], closed: false, stroke: { colour, width: unit * thick } }) // prettier-ignore
  const cells = (list: readonly Cell[], y: number, strong: boolean, colour: string) => {
    let x = left
    columns.forEach(({ anchor }, i) => {
      const wide = widths[i]!
      const words = cut(list[i] ?? '', wide - unit * 0.6, size, strong ? 700 : 400)
      items.push(text(anchor === 'end' ? x + wide - unit * 0.3 : x + unit * 0.3, y + row / 2 + size * 0.36, words, { size, weight: strong ? 700 : 400, colour, anchor }))
      x += wide
    })
  }
  let y = top + unit * TITLE - unit * 0.35
  if (columns.length) {
    cells(columns.map((column) => column.title), y, true, COLOUR.ink2) // prettier-ignore
    items.push(line(y + row, COLOUR.ink3, 0.06))
    y += row
  }
  for (const { cells: own, strong = false, quiet = false, wide = false } of rows) {
    if (wide) items.push(text(left + unit * 0.3, y + row / 2 + size * 0.36, cut(own[0] ?? '', width - unit * 0.6, size), { size, colour: COLOUR.ink2 }))
    else cells(own, y, strong, quiet ? COLOUR.ink3 : COLOUR.ink)
    y += row
    items.push(line(y, COLOUR.line, 0.04))
  }
  return { id: 'table', x: left, y: top, width, height: y - top, clipped: false, onMap: false, items }
}
