import type { SourceBlock, SourceCell, SourceRow } from './source.ts'
import { bestFit } from './align.ts'
import { type Column, readHead } from './heads.ts'

/** More cells than this are no task list. */
const MAX_CELLS = 20_000
/** Merged cells that a row may lack. */
const MAX_MISSING = 3

const LONE_PIPE = /^\s*\|\s*$/

/** Whether a text is a table as some web pages give it: each cell followed by a line with nothing but a pipe, rows not told apart. */
export function isPipeStream(lines: readonly string[]): boolean {
  let lone = 0
  for (const line of lines) if (LONE_PIPE.test(line) && ++lone >= 6) return true
  return false
}

/**
 * The table in such a text. The head is the run of cells that reads best as one; the cells after it are cut into rows so that each looks most
 * like a row of the list, merged cells being left out of the rows below the first.
 */
export function blocksFromPipes(lines: readonly string[]): SourceBlock[] {
  const first = lines.findIndex((line) => LONE_PIPE.test(line))
  const before = lines.slice(0, first)
  const gap = before.findLastIndex((line) => line.trim() === '')
  // The head's first cell stands right above the first pipe; what an empty line parts from it are the lines before the table.
  const titleEnd = gap >= 0 ? gap + 1 : before.length - 1
  const paragraphs = before.slice(0, titleEnd).filter((line) => line.trim() !== '')
  const { cells, rest } = cellsOf(lines.slice(titleEnd))
  const head = findHead(cells)
  if (!head) return [...paragraphs, ...cells.map((cell) => cell.text), ...rest].map(paragraph)
  const rows = [head.cells, ...cutRows(cells.slice(head.end), head.columns)].map((row): SourceRow => ({ cells: row }))
  const early = cells.slice(0, head.start).map((cell) => cell.text)
  return [
    ...[...paragraphs, ...early].map(paragraph),
    { kind: 'table', rows, page: null, sheet: null },
    ...rest.map(paragraph),
  ]
}

const paragraph = (text: string): SourceBlock => ({ kind: 'paragraph', text: text.trim(), page: null, sheet: null })

function cellsOf(lines: readonly string[]): { cells: SourceCell[]; rest: string[] } {
  const cells: SourceCell[] = []
  let open: string[] = []
  for (const line of lines) {
    if (LONE_PIPE.test(line)) {
      if (cells.length < MAX_CELLS) cells.push({ text: open.join('\n').trim(), merged: null })
      open = []
    } else open.push(line)
  }
  return { cells, rest: open.filter((line) => line.trim() !== '') }
}

function findHead(
  cells: readonly SourceCell[],
): { start: number; end: number; cells: SourceCell[]; columns: Column[] } | null {
  let best: { start: number; end: number; cells: SourceCell[]; columns: Column[] } | null = null
  let bestScore = 0
  for (let start = 0; start < Math.min(cells.length, 12); start++) {
    for (let end = start + 3; end <= Math.min(cells.length, start + 16); end++) {
      const row = cells.slice(start, end)
      const columns = readHead(row)
      if (!columns) continue
      const strange = columns.filter((column) => column.role === 'unknown').length
      const score = columns.length - 3 * strange
      if (score > bestScore) [best, bestScore] = [{ start, end, cells: row, columns }, score]
    }
  }
  return best
}

/** Cuts a run of cells into rows: of all ways the one whose rows fit the columns best (dynamic programming over the ends of rows). */
function cutRows(cells: readonly SourceCell[], columns: readonly Column[]): SourceCell[][] {
  const wide = columns.length
  const shortest = Math.max(2, wide - MAX_MISSING)
  const score = new Float64Array(cells.length + 1).fill(-Infinity)
  const from = new Int32Array(cells.length + 1)
  score[0] = 0
  for (let end = 1; end <= cells.length; end++) {
    for (let length = shortest; length <= wide && length <= end; length++) {
      const before = score[end - length] as number
      if (before === -Infinity) continue
      const row = cells.slice(end - length, end)
      // A repeated head is a row of its own; a missing cell counts a little against a row.
      const own = length === wide && readHead(row) ? 30 : bestFit(row, columns) - (wide - length)
      if (before + own > (score[end] as number)) {
        score[end] = before + own
        from[end] = end - length
      }
    }
  }
  let end = cells.length
  while (end > 0 && score[end] === -Infinity) end--
  const rows: SourceCell[][] = end < cells.length ? [cells.slice(end)] : []
  while (end > 0) {
    rows.unshift(cells.slice(from[end], end))
    end = from[end] as number
  }
  return rows
}
