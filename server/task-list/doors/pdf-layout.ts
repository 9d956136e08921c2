import type { SourceBlock, SourceRow } from '../../../geo/task-list/source.ts'
import { whiteTable } from './pdf-columns.ts'
import { linesOf, type Line } from './pdf-lines.ts'
import type { PageContent } from './pdf-page.ts'
import { ruledTables, type PlacedTable } from './pdf-rulings.ts'
import { CellBudget, tableBlocks } from './table.ts'

/** The pages' texts and tables in reading order. */
export function pageBlocks(pages: PageContent[]): SourceBlock[] {
  const budget = new CellBudget()
  const clean = withoutFurniture(pages)
  const tables = clean.map((page) => {
    const ruled = ruledTables(page, budget)
    return ruled.length > 0 ? ruled : whiteTable(page, budget)
  })
  joinBrokenRows(tables)
  return clean.flatMap((page, i) => blocksOfPage(page, tables[i]!))
}

const PAGE_NUMBER = /^[-—–―‐·•\s]*(第\s*)?\d{1,4}(\s*页)?\s*([/／,，]?\s*(共\s*)?\d{1,4}(\s*页)?)?[-—–―‐·•\s]*$/
const MARGIN = 0.12

/** Pages without their numbers, and without heads and feet that repeat at one height (the first stays: it may be the title). */
function withoutFurniture(pages: PageContent[]): PageContent[] {
  const seen = new Map<string, number>()
  const key = (line: Line) => `${Math.round(line.y / 4)} ${line.text}`
  const margins = pages.map((page) =>
    linesOf(page.pieces).filter(({ y }) => y < MARGIN * page.height || y > (1 - MARGIN) * page.height),
  )
  for (const line of margins.flat()) seen.set(key(line), (seen.get(key(line)) ?? 0) + 1)
  const shown = new Set<string>()
  return pages.map((page, i) => {
    const inTable = (y: number) => page.vertical.some(({ from, to }) => y > from && y < to)
    const dropped = margins[i]!.filter((line) => {
      if (inTable(line.y)) return false
      const lowest =
        line.y > page.height / 2
          ? !page.pieces.some(({ y }) => y > line.y + 2)
          : !page.pieces.some(({ y }) => y < line.y - 2)
      if (lowest && PAGE_NUMBER.test(line.text)) return true
      const repeats = seen.get(key(line))! >= 3 && page.vertical.length > 0
      if (!repeats || !shown.has(key(line))) return (shown.add(key(line)), false)
      return true
    })
    return { ...page, pieces: page.pieces.filter(({ y }) => !dropped.some((line) => Math.abs(line.y - y) < 2)) }
  })
}

/** A row that the page's end cut in two, where the table is left open there: its second part goes back to the first. */
function joinBrokenRows(tables: PlacedTable[][]): void {
  tables.forEach((placed, i) => {
    const before = tables[i - 1]?.at(-1)
    const [after] = placed
    if (before === undefined || after === undefined || before.closedBelow) return
    const head = tables.find((found) => found.length > 0)?.[0]?.rows[0]
    const at = head !== undefined && sameRow(head, after.rows[0]!) ? 1 : 0
    const rest = after.rows[at]
    const broken = before.rows.at(-1)
    if (rest === undefined || broken === undefined || rest.cells.length !== broken.cells.length) return
    rest.cells.forEach(({ text }, x) => {
      if (text === '') return
      const start = ownerAbove(before.rows, x)
      start.text = start.text + text
    })
    after.rows.splice(at, 1)
  })
}

/** The cell that the last cell of a column belongs to. */
function ownerAbove(rows: SourceRow[], x: number) {
  let y = rows.length - 1
  while (y > 0 && rows[y]!.cells[x]!.merged === 'above') y--
  return rows[y]!.cells[x]!
}

const sameRow = (one: SourceRow, other: SourceRow) =>
  one.cells.length === other.cells.length &&
  one.cells.every(({ text }, x) => text.replace(/\s/g, '') === other.cells[x]!.text.replace(/\s/g, ''))

function blocksOfPage(page: PageContent, tables: PlacedTable[]): SourceBlock[] {
  const outside = page.pieces.filter(
    ({ left, right, y, size }) =>
      !tables.some(
        (table) =>
          y - 0.35 * size > table.top &&
          y - 0.35 * size < table.bottom &&
          (left + right) / 2 > table.left - 2 &&
          (left + right) / 2 < table.right + 2,
      ),
  )
  const placed = [
    ...linesOf(outside).map((line) => ({
      top: line.y,
      blocks: [{ kind: 'paragraph' as const, text: line.text, page: page.number, sheet: null }],
    })),
    ...tables.map((table) => ({ top: table.top, blocks: tableBlocks(table.rows, page.number, null) })),
  ]
  return placed.sort((one, other) => one.top - other.top).flatMap(({ blocks }) => blocks)
}
