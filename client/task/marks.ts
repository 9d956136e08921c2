/** Marks in a text: cuts a text where marks begin and end, so that a screen can draw each piece with the marks that lie on it. */
import type { Span } from '../../geo/plan/plan.ts'

export interface Mark<Kind extends string = string> extends Span {
  kind: Kind
  /** What the mark stands for, e.g. a path into the list; marks with the same target light up together. */
  target: string
}

export interface Piece<M extends Mark = Mark> {
  text: string
  start: number
  /** The marks on this piece, the shortest (innermost) first. */
  marks: M[]
}

/** The text in pieces; marks that are empty or lie outside it are left out, those that stick out are cut. Together the pieces are the text. */
export function cutByMarks<M extends Mark>(text: string, marks: readonly M[]): Piece<M>[] {
  const inside = marks
    .map((mark) => ({ mark, start: Math.max(0, mark.start), end: Math.min(text.length, mark.end) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.end - a.start - (b.end - b.start))
  const cuts = [...new Set([0, text.length, ...inside.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b)
  const pieces: Piece<M>[] = []
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [start, end] = [cuts[i]!, cuts[i + 1]!]
    pieces.push({
      text: text.slice(start, end),
      start,
      marks: inside.filter((m) => m.start <= start && end <= m.end).map((m) => m.mark),
    })
  }
  return pieces
}
