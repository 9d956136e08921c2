import type { SourceBlock, SourceCell, SourceRow } from '../../../geo/task-list/source.ts'
import { DoorError } from './error.ts'
import { LIMITS } from './limits.ts'

/** A cell as formats give it that say how far it reaches. */
export interface ReachingCell {
  text: string
  rows: number
  columns: number
}

/** Puts blocks at the end; a call with each as an argument would overflow the stack on long pages. */
export function add(blocks: SourceBlock[], more: SourceBlock[]): void {
  for (const block of more) blocks.push(block)
}

/** Counts cells over a whole file and stops a table that claims to be larger than any list. */
export class CellBudget {
  private left: number = LIMITS.cells

  take(cells: number): void {
    this.left -= cells
    if (this.left < 0) throw new DoorError('file-too-long', { what: 'cells', limit: LIMITS.cells })
  }
}

export const cell = (text: string): SourceCell => ({ text, merged: null })

/**
 * Rows of cells with reach laid out on the grid, as HTML does it: a cell takes the next free column; what it covers to the right is
 * `left`, what it covers below is `above`.
 */
export function layOut(rows: ReachingCell[][], budget: CellBudget): SourceRow[] {
  const grid: SourceCell[][] = rows.map(() => [])
  rows.forEach((cells, y) => {
    let x = 0
    for (const { text, ...reach } of cells) {
      while (grid[y]![x] !== undefined) x++
      const height = Math.min(reach.rows, rows.length - y)
      budget.take(height * reach.columns)
      for (let dy = 0; dy < height; dy++) {
        for (let dx = 0; dx < reach.columns; dx++) {
          grid[y + dy]![x + dx] ??=
            dy > 0 ? { text: '', merged: 'above' } : dx > 0 ? { text: '', merged: 'left' } : cell(text)
        }
      }
      x += reach.columns
    }
  })
  // A cell that reaches down may leave holes to its left in a row that ends early.
  return grid.map((cells) => ({ cells: Array.from(cells, (found) => found ?? cell('')) }))
}

/**
 * Blocks of a table whose first rows may be no rows at all: a title merged over the whole width, a line "单位：亩" above the head. Such
 * leading rows with a single text become paragraphs; the rest stays one table, and a table without any second column is paragraphs too.
 */
export function tableBlocks(rows: SourceRow[], page: number | null, sheet: string | null): SourceBlock[] {
  const filled = rows.filter((row) => row.cells.some(({ text, merged }) => merged !== null || text.trim() !== ''))
  const from = filled.findIndex((row) => row.cells.filter(({ text }) => text.trim() !== '').length > 1)
  const lead = from < 0 ? filled : filled.slice(0, from)
  const blocks = lead.flatMap((row) => paragraphs(row.cells.map(({ text }) => text).join(''), page, sheet))
  if (from < 0) return blocks
  return [...blocks, { kind: 'table', rows: filled.slice(from), page, sheet }]
}

/** A text without these characters at its ends. (The pattern `[ ]+$` takes quadratic time on long runs in the middle.) */
export function trimmed(text: string, characters: string): string {
  let start = 0
  let end = text.length
  while (start < end && characters.includes(text[start]!)) start++
  while (end > start && characters.includes(text[end - 1]!)) end--
  return text.slice(start, end)
}

/** A text as paragraphs, one a line, empty ones left out. */
export function paragraphs(text: string, page: number | null = null, sheet: string | null = null): SourceBlock[] {
  return text
    .split(/\r\n|[\n\r\f\v\u2028\u2029]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ kind: 'paragraph', text: line, page, sheet }))
}
