/**
 * How much of a road's works is done: the union of their ranges within the road, and of roads that are drawn twice over the same stretch, that
 * stretch once. Pure.
 */
import { piecesOf, stretchOf, type Line, type Piece } from '../shape/along.ts'
import { metresBetween } from '../shape/measure.ts'
import { commonOf, metresOf, withoutRanges, type Range } from './chainage.ts'

/** A road with the ranges that count; without a line it lies nowhere and nothing of it counts. */
export interface Works {
  id: number
  ranges: readonly Range[]
  line: Line | null
  /** Metres of the line. */
  length: number
}

export interface CountedWorks {
  id: number
  /** Metres that count. */
  metres: number
  /** Metres that ranges of the road itself cover again, that lie past its end, and that another road has counted already. */
  overlap: number
  beyond: number
  twice: number
}

/** Nearer than this and in the same direction, two lines are the same road. Carriageways of their own lie farther apart. */
const SAME_ROAD_METRES = 2
/** Sine of some ten degrees: roads that only cross are none. */
const SAME_DIRECTION = 0.17

/** The works of several roads of one kind, in the order of their numbers: what an earlier one has counted counts no more. */
export function countWorks(works: readonly Works[]): CountedWorks[] {
  const before: { line: Line; box: Box }[] = []
  return [...works]
    .sort((a, b) => a.id - b.id)
    .map(({ id, ranges, line, length }) => {
      if (!line) return { id, metres: 0, overlap: 0, beyond: 0, twice: 0 }
      const sum = ranges.reduce((total, [from, to]) => total + to - from, 0)
      const all = metresOf(ranges)
      const within = commonOf(ranges, [[0, length]])
      const inside = metresOf(within)
      const own = within.flatMap((range) => stretchOf(line, range))
      const box = boxOf(own)
      const again = before.filter((one) => isNear(one.box, box)).flatMap((one) => alongside(line, one.line))
      const metres = again.length ? metresOf(withoutRanges(within, again)) : inside
      if (own.length) before.push({ line: { type: 'MultiLineString', coordinates: own }, box })
      return { id, metres, overlap: sum - all, beyond: all - inside, twice: inside - metres }
    })
}

/** The stretches of a line that run along another, in metres from its start. */
export function alongside(line: Line, other: Line): Range[] {
  const others = piecesOf(other).flat()
  return piecesOf(line).flat().flatMap((piece) => others.flatMap((one) => shared(piece, one)))
}

function shared(piece: Piece, other: Piece): Range[] {
  if (piece.long === 0 || other.long === 0) return []
  const [east, north] = [metresBetween(piece.a, [piece.a[0]! + 0.01, piece.a[1]!]) * 100, metresBetween(piece.a, [piece.a[0]!, piece.a[1]! + 0.01]) * 100]
  const local = ([x, y]: readonly number[]) => [(x! - piece.a[0]!) * east, (y! - piece.a[1]!) * north] as const
  const [qx, qy] = local(piece.b)
  const long = Math.hypot(qx, qy)
  /** Metres along the piece, and off it to the left. */
  const seen = (place: readonly number[]) => {
    const [x, y] = local(place)
    return [(x * qx + y * qy) / long, (y * qx - x * qy) / long] as const
  }
  const [[along1, off1], [along2, off2]] = [seen(other.a), seen(other.b)]
  if (Math.abs(off2 - off1) > SAME_DIRECTION * other.long) return []
  const slope = along1 === along2 ? 0 : (off2 - off1) / (along2 - along1)
  const offAt = (along: number) => off1 + (along - along1) * slope
  let [from, to] = [Math.max(0, Math.min(along1, along2)), Math.min(long, Math.max(along1, along2))]
  if (slope !== 0) {
    const bounds = [along1 + (SAME_ROAD_METRES - off1) / slope, along1 + (-SAME_ROAD_METRES - off1) / slope]
    from = Math.max(from, Math.min(...bounds))
    to = Math.min(to, Math.max(...bounds))
  } else if (Math.abs(offAt(from)) > SAME_ROAD_METRES) return []
  const scale = piece.long / long
  return from < to ? [[piece.start + from * scale, piece.start + to * scale]] : []
}

type Box = readonly [west: number, south: number, east: number, north: number]

function boxOf(lines: readonly (readonly (readonly number[])[])[]): Box {
  const places = lines.flat()
  const [x, y] = [places.map(([lon]) => lon!), places.map(([, lat]) => lat!)]
  return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)]
}

/** Some metres, in degrees. */
const ROOM = 0.0001
const isNear = (a: Box, b: Box) => a[0] <= b[2] + ROOM && b[0] <= a[2] + ROOM && a[1] <= b[3] + ROOM && b[1] <= a[3] + ROOM
