import type { SourceRow } from '../../../geo/task-list/source.ts'
import { cellText, linesOf, type Line } from './pdf-lines.ts'
import type { PageContent, Piece, Ruling } from './pdf-page.ts'
import type { PlacedTable } from './pdf-rulings.ts'
import { cell, type CellBudget } from './table.ts'

/**
 * A table without lines between its columns, told by the white around its texts. Bands of text that wider white parts; from the first
 * band with three separate texts on, the strips that no text crosses part the columns. Lines across the page part rows more surely than
 * white does.
 */
export function whiteTable(page: PageContent, budget: CellBudget): PlacedTable[] {
  const pieces = [...page.pieces].sort((one, other) => one.y - other.y)
  const bands = split(pieces, whiteCuts(pieces))
  const from = bands.findIndex((band) => chunks(band, 0.67).length >= 3)
  if (from < 0) return []
  const body = bands.slice(from).flat()
  const columns = columnsOf(baselines(body).map((line) => chunks(line, 0.4)))
  if (columns.length < 3) return []
  const rows = rowsOf(body, bands.slice(from), columns, page.horizontal)
  if (rows.length < 2) return []
  budget.take(rows.length * columns.length)
  return [
    {
      top: Math.min(...body.map(({ y, size }) => y - size)),
      bottom: Math.max(...body.map(({ y }) => y)) + 1,
      left: columns[0]!.left,
      right: columns.at(-1)!.right,
      rows: rows.map((row) => rowOf(row, columns)),
      closedBelow: true,
    },
  ]
}

/** Heights at which the white is wider than between the lines of one text. */
function whiteCuts(sorted: Piece[]): number[] {
  const pitch = pitchOf(sorted)
  const cuts: number[] = []
  let bottom = sorted[0]?.y ?? 0
  for (const { y, size } of sorted) {
    if (y - bottom > pitch + 0.25 * size) cuts.push(bottom + 0.3 * size)
    bottom = Math.max(bottom, y)
  }
  return cuts
}

/** The usual distance from a line to the next one below it in the same text. */
function pitchOf(sorted: Piece[]): number {
  const distances = sorted.flatMap((piece, i) => {
    const below = sorted
      .slice(i + 1, i + 200)
      .find((next) => next.y > piece.y + 0.5 * piece.size && next.left < piece.right && next.right > piece.left)
    return below === undefined ? [] : [below.y - piece.y]
  })
  return distances.sort((one, other) => one - other)[Math.floor((distances.length - 1) / 2)] ?? 0
}

function split(pieces: Piece[], cuts: number[]): Piece[][] {
  const bands: Piece[][] = [[], ...cuts.map(() => [])]
  for (const piece of pieces) bands[slotOf(cuts, piece.y - 0.3 * piece.size)]!.push(piece)
  return bands.filter((band) => band.length > 0)
}

/** How many of the sorted cuts lie above. */
function slotOf(cuts: number[], y: number): number {
  let [low, high] = [0, cuts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (cuts[middle]! < y) low = middle + 1
    else high = middle
  }
  return low
}

interface Column {
  left: number
  right: number
}

function baselines(pieces: Piece[]): Piece[][] {
  const rows: Piece[][] = []
  for (const piece of [...pieces].sort((one, other) => one.y - other.y)) {
    const row = rows.at(-1)
    if (row !== undefined && piece.y - row[0]!.y < 0.45 * piece.size) row.push(piece)
    else rows.push([piece])
  }
  return rows
}

/** Stretches without white of more than this share of a character in them. */
function chunks(row: Piece[], white: number): Column[] {
  const found: Column[] = []
  for (const { left, right, size } of [...row].sort((one, other) => one.left - other.left)) {
    const before = found.at(-1)
    if (before !== undefined && left - before.right < white * size) before.right = Math.max(before.right, right)
    else found.push({ left, right })
  }
  return found
}

/** What is left of the table's width when the strips are taken out that no text crosses; titles and notes over most of it do not count. */
function columnsOf(lines: Column[][]): Column[] {
  const all = lines.flat()
  const left = Math.min(...all.map((chunk) => chunk.left))
  const width = Math.max(...all.map((chunk) => chunk.right)) - left
  const columns: Column[] = []
  for (const chunk of all
    .filter((one) => one.right - one.left < 0.6 * width)
    .sort((one, other) => one.left - other.left)) {
    const before = columns.at(-1)
    // Strips narrower than this are chance: white between words that happens to be in line.
    if (before !== undefined && chunk.left - before.right < 2.5) before.right = Math.max(before.right, chunk.right)
    else columns.push({ ...chunk })
  }
  return columns
}

function columnOf(piece: Piece, columns: Column[]): number {
  const middle = (piece.left + piece.right) / 2
  const at = columns.findIndex(({ right }) => middle <= right + 1.5)
  return at < 0 ? columns.length - 1 : at
}

/** The pieces of each row: between lines across the table where it has them under its rows, else the bands. */
function rowsOf(body: Piece[], bands: Piece[][], columns: Column[], horizontal: Ruling[]): Piece[][] {
  const [left, right] = [columns[0]!.left, columns.at(-1)!.right]
  const across = horizontal
    .filter((line) => Math.min(line.to, right) - Math.max(line.from, left) > 0.6 * (right - left))
    .map(({ at }) => at)
  const cuts = [...new Set(across)].sort((one, other) => one - other)
  // Three lines are the head's and the table's ends; the rows between them are told by the white.
  const ruled = cuts.length > 3 ? split(body, cuts) : bands.flatMap((band) => split(band, cuts))
  return ruled.flatMap((band) => numberedRows(band, columns, body))
}

/** A band with several numbers in a column of numbers is as many rows; each begins at its number, what stands above is a row too. */
function numberedRows(band: Piece[], columns: Column[], body: Piece[]): Piece[][] {
  const linesIn = (pieces: Piece[], x: number) => linesOf(pieces.filter((piece) => columnOf(piece, columns) === x))
  const isNumber = ({ text }: Line) => /^\d{1,3}$/.test(text)
  const numbers = columns
    .slice(0, 4)
    .findIndex((_, x) => linesIn(body, x).filter(isNumber).length * 2 > linesIn(body, x).length)
  if (numbers < 0) return [band]
  const lines = linesIn(band, numbers)
  const starts = lines.filter((line, i) => i === 0 || isNumber(line)).map((line) => line.y - 0.8 * line.size)
  return starts.length > 1 ? split(band, starts.slice(1)) : [band]
}

function rowOf(band: Piece[], columns: Column[]): SourceRow {
  const inside = columns.map<Piece[]>(() => [])
  for (const piece of band) inside[columnOf(piece, columns)]!.push(piece)
  return {
    cells: inside.map((pieces, x) => {
      const lines: Line[] = linesOf(pieces)
      return cell(cellText(lines, columns[x]!.right - columns[x]!.left))
    }),
  }
}
