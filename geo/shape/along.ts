/** Along a line: places and stretches by metres from its start, on the ellipsoid, and how far along a place is. A line of several parts runs through them in order. */
import type { LineString, MultiLineString, Position } from 'geojson'
import { metresBetween } from './measure.ts'

export type Line = LineString | MultiLineString

export const partsOf = (line: Line): Position[][] => (line.type === 'LineString' ? [line.coordinates] : line.coordinates)

/** A straight piece of a line: from, to, and how many metres of the line lie before it. */
export interface Piece {
  a: Position
  b: Position
  start: number
  long: number
}

/** The straight pieces of a line, part by part. */
export function piecesOf(line: Line): Piece[][] {
  let start = 0
  return partsOf(line).map((part) =>
    part.slice(1).map((b, i) => {
      const a = part[i]!
      const piece = { a, b, start, long: metresBetween(a, b) }
      start += piece.long
      return piece
    }),
  )
}

const between = ({ a, b }: Piece, share: number): Position => [a[0]! + (b[0]! - a[0]!) * share, a[1]! + (b[1]! - a[1]!) * share]

/** The place so many metres along; its ends for less and more. */
export function placeAt(line: Line, metres: number): Position {
  const pieces = piecesOf(line).flat()
  const piece = pieces.find(({ start, long }) => metres <= start + long) ?? pieces.at(-1)!
  return between(piece, piece.long === 0 ? 0 : Math.min(1, Math.max(0, (metres - piece.start) / piece.long)))
}

/** What lies between two distances along, as lines; none where the line has no such stretch. */
export function stretchOf(line: Line, [from, to]: readonly [number, number]): Position[][] {
  return piecesOf(line).flatMap((pieces) => {
    const inside = pieces.filter(({ start, long }) => long > 0 && start < to && start + long > from)
    if (inside.length === 0) return []
    const ends = inside.map((piece) => [Math.max(0, (from - piece.start) / piece.long), Math.min(1, (to - piece.start) / piece.long)] as const)
    return [[between(inside[0]!, ends[0]![0]), ...inside.map((piece, i) => between(piece, ends[i]![1]))]]
  })
}

/** How far along the line the place is that lies nearest to a given one, and how far off the given one lies. */
export function alongOf(line: Line, place: Position): { metres: number; off: number } {
  let best = { metres: 0, off: Infinity }
  for (const piece of piecesOf(line).flat()) {
    const east = metresBetween([piece.a[0]!, place[1]!], [piece.a[0]! + 0.01, place[1]!]) * 100
    const north = metresBetween([place[0]!, piece.a[1]!], [place[0]!, piece.a[1]! + 0.01]) * 100
    const [dx, dy] = [(piece.b[0]! - piece.a[0]!) * east, (piece.b[1]! - piece.a[1]!) * north]
    const [px, py] = [(place[0]! - piece.a[0]!) * east, (place[1]! - piece.a[1]!) * north]
    const square = dx * dx + dy * dy
    const share = square === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / square))
    const off = Math.hypot(px - dx * share, py - dy * share)
    if (off < best.off) best = { metres: piece.start + piece.long * share, off }
  }
  return best
}
