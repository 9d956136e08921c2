import type { Piece } from './pdf-page.ts'

/** Pieces on one baseline, from left to right. */
export interface Line {
  text: string
  left: number
  right: number
  y: number
  size: number
}

/** Characters that stand in a square of their own; spaces between two of them are not written but come from justified lines. */
const SQUARE = /[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u3000-\u303f“”‘’…—\u{20000}-\u{323af}]/u
const isSquare = (character: string | undefined) => character !== undefined && SQUARE.test(character)
const last = (text: string) => [...text.slice(-2)].at(-1)
const first = (text: string) => [...text.slice(0, 2)][0]

/** The pieces' lines from top to bottom. Pieces of different size on about one baseline are one line (footnote marks, larger digits). */
export function linesOf(pieces: Piece[]): Line[] {
  const rows: Piece[][] = []
  for (const piece of [...pieces].sort((one, other) => one.y - other.y)) {
    const row = rows.at(-1)
    if (row !== undefined && piece.y - row[0]!.y < 0.45 * Math.max(piece.size, row[0]!.size)) row.push(piece)
    else rows.push([piece])
  }
  return rows.map((row) => lineOf(row.sort((one, other) => one.left - other.left)))
}

function lineOf(row: Piece[]): Line {
  let text = ''
  let right = -Infinity
  for (const piece of row) {
    const own = withoutJustification(piece)
    const gap = piece.left - right
    // Bold made by printing twice: the same characters in the same place.
    if (text.endsWith(own) && gap < -0.7 * (piece.right - piece.left)) continue
    text += needsSpace(last(text), first(own), gap / piece.size) ? ` ${own}` : own
    right = Math.max(right, piece.right)
  }
  const size = Math.max(...row.map((piece) => piece.size))
  return { text: text.trim(), left: row[0]!.left, right, y: row[0]!.y, size }
}

function needsSpace(before: string | undefined, after: string | undefined, gap: number): boolean {
  if (before === undefined || before === ' ' || after === ' ') return false
  return isSquare(before) && isSquare(after) ? gap > 0.7 : gap > 0.12
}

/** The text of a piece without spaces that the library saw where a justified line is only stretched. */
function withoutJustification({ text, left, right, size }: Piece): string {
  const characters = [...text]
  const isBetween = (i: number) => characters[i] === ' ' && isSquare(characters[i - 1]) && isSquare(characters[i + 1])
  const between = characters.filter((_, i) => isBetween(i)).length
  if (between === 0) return text
  const inked = characters.reduce(
    (sum, character) => sum + (character === ' ' ? 0 : isSquare(character) ? size : size / 2),
    0,
  )
  if ((right - left - inked) / between > 0.4 * size) return text
  return characters.filter((_, i) => !isBetween(i)).join('')
}

/**
 * The text of a cell: a line that has no room for the beginning of the next one was wrapped and is joined to it, without a space between
 * Chinese characters; a line that ends early was ended on purpose and keeps its line break. `room` is the width that lines may have.
 */
export function cellText(lines: Line[], room: number): string {
  return lines.reduce((text, line, i) => {
    const before = lines[i - 1]
    if (before === undefined) return line.text
    const free = room - (before.right - before.left)
    if (free > beginning(line) + 0.5 * line.size) return `${text}\n${line.text}`
    const latin = /[A-Za-z,.;:)]$/.test(text) && /^[A-Za-z(]/.test(line.text)
    return latin ? `${text} ${line.text}` : text + line.text
  }, '')
}

/** The width of what cannot be parted from the beginning of a line: one square character or one word, and the marks that must not begin a line. */
function beginning(line: Line): number {
  const unit =
    /^[“‘（《〈「『【[(]*(?:[A-Za-z0-9.%,\-/]+|[^])[，。；：、！？”’）》〉」』】\])%…]*/u.exec(line.text)?.[0] ?? ''
  return [...unit].reduce((width, character) => width + (isSquare(character) ? line.size : line.size / 2), 0)
}
