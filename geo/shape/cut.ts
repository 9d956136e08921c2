/**
 * What is done to the one shape in the hand: split by a line, merged with others, a hole cut. Shapes are WGS84 lon/lat; results are rounded to a
 * millimetre, the same on both sides of a cut, so that pieces share their corners.
 */
import { booleanPointInPolygon, difference, feature, featureCollection, lineSplit, point, polygon as asPolygon, union } from '@turf/turf'
import type { Geometry, LineString, MultiLineString, MultiPolygon, Polygon, Position } from 'geojson'
import { polygonArea } from '../town/area.ts'
import { ringsOf } from './measure.ts'

/** Digits after the point: 10⁻⁸ degrees is a millimetre. */
const DIGITS = 1e8
/** What is smaller is nothing but rounding, in m². */
const LEAST_AREA_M2 = 0.01

export type Area = Polygon | MultiPolygon
export type Line = LineString | MultiLineString

const roundPlace = ([x, y]: Position): Position => [Math.round(x! * DIGITS) / DIGITS, Math.round(y! * DIGITS) / DIGITS]
const isSame = (a: Position | undefined, b: Position | undefined) => a?.[0] === b?.[0] && a?.[1] === b?.[1]
const withoutTwins = (line: Position[]) => line.filter((place, i) => i === 0 || !isSame(place, line[i - 1]))

/** A shape rounded to a millimetre, without heights and without corners that stand twice. */
export function rounded<G extends Geometry>(shape: G): G {
  const tidy = (line: Position[]) => withoutTwins(line.map(roundPlace))
  switch (shape.type) {
    case 'Point':
      return { ...shape, coordinates: roundPlace(shape.coordinates) }
    case 'MultiPoint':
    case 'LineString':
      return { ...shape, coordinates: tidy(shape.coordinates) }
    case 'MultiLineString':
    case 'Polygon':
      return { ...shape, coordinates: shape.coordinates.map(tidy) }
    case 'MultiPolygon':
      return { ...shape, coordinates: shape.coordinates.map((rings) => rings.map(tidy)) }
    default:
      return shape
  }
}

/** Parts as one shape; null where nothing of it is left. */
function areaOf(parts: readonly Position[][][]): Area | null {
  const sound = parts
    .map((rings) => rounded<Polygon>({ type: 'Polygon', coordinates: rings }))
    .map(({ coordinates: [outer = [], ...holes] }) => [outer, ...holes].filter((ring) => ring.length >= 4))
    .filter((rings) => rings.length > 0 && polygonArea({ type: 'Polygon', coordinates: rings }) > LEAST_AREA_M2)
  if (sound.length === 0) return null
  return sound.length === 1 ? { type: 'Polygon', coordinates: sound[0]! } : { type: 'MultiPolygon', coordinates: sound }
}

/** Areas as one: what they have in common counts once. Null where there is nothing to merge. */
export function merged(shapes: readonly Area[]): Area | null {
  if (shapes.length < 2) return shapes[0] ?? null
  const one = union(featureCollection(shapes.map((shape) => feature(shape))))
  return one && areaOf(ringsOf(one.geometry))
}

/** Lines as one: those that meet end to end become one line, the others are parts of it. */
export function joined(lines: readonly Line[]): Line | null {
  const open = lines.flatMap((line) => (line.type === 'LineString' ? [line.coordinates] : line.coordinates)).map((line) => withoutTwins(line.map(roundPlace)))
  const done: Position[][] = []
  while (open.length) {
    let line = open.shift()!
    for (let met = true; met; ) {
      const i = open.findIndex((other) => [other[0], other.at(-1)].some((end) => isSame(end, line[0]) || isSame(end, line.at(-1))))
      met = i >= 0
      if (!met) break
      const [other] = open.splice(i, 1) as [Position[]]
      if (isSame(line[0], other[0]) || isSame(line[0], other.at(-1))) line.reverse()
      line = [...line, ...(isSame(line.at(-1), other[0]) ? other : other.toReversed()).slice(1)]
    }
    done.push(line)
  }
  if (done.length === 0) return null
  return done.length === 1 ? { type: 'LineString', coordinates: done[0]! } : { type: 'MultiLineString', coordinates: done }
}

/** An area without another one: a hole where that lies inside. Null where nothing is left of it. */
export function without(shape: Area, hole: Area): Area | null {
  const rest = difference(featureCollection([feature(shape), feature(hole)]))
  return rest && areaOf(ringsOf(rest.geometry))
}

/** The pieces of an area along a line that crosses it, the largest first; one piece where the line does not go all the way through. */
export function splitArea(shape: Area, blade: readonly Position[]): Polygon[] {
  const pieces = ringsOf(shape).flatMap(([outer = [], ...holes]) =>
    splitRing(outer, blade).flatMap((ring) => {
      const piece: Polygon = { type: 'Polygon', coordinates: [ring] }
      const rest = holes.length ? holes.reduce<Area | null>((left, hole) => left && without(left, { type: 'Polygon', coordinates: [hole] }), piece) : areaOf([[ring]])
      return rest ? ringsOf(rest).map((coordinates): Polygon => ({ type: 'Polygon', coordinates })) : []
    }),
  )
  return pieces.toSorted((a, b) => polygonArea(b) - polygonArea(a))
}

/** The pieces of a line where another one crosses it, in its own direction. */
export function splitLine(shape: Line, blade: readonly Position[]): LineString[] {
  const lines = shape.type === 'LineString' ? [shape.coordinates] : shape.coordinates
  return lines.flatMap((coordinates) => {
    const line: LineString = { type: 'LineString', coordinates }
    const { features } = lineSplit(feature(line), feature<LineString>({ type: 'LineString', coordinates: [...blade] }))
    return (features.length ? features.map(({ geometry }) => rounded(geometry)) : [line]).filter((piece) => piece.coordinates.length >= 2)
  })
}

/** A place where the blade crosses a ring: how far along each of them. */
interface Crossing {
  place: Position
  onRing: number
  onBlade: number
}

/** A ring cut along every stretch of the blade that goes through it from edge to edge. Pieces come closed. */
function splitRing(ring: readonly Position[], blade: readonly Position[]): Position[][] {
  const crossings = crossingsOf(ring, blade)
  if (crossings.length < 2) return [[...ring]]
  const whole = asPolygon([[...ring]])
  // The ring without its last corner, which is its first, and with every crossing as a corner of its own.
  const corners = [...ring.slice(0, -1).map((place, i) => ({ place, onRing: i })), ...crossings].toSorted((a, b) => a.onRing - b.onRing).map(({ place }) => place)
  let pieces: Position[][] = [corners]
  for (let i = 1; i < crossings.length; i++) {
    const [from, to] = [crossings[i - 1]!, crossings[i]!]
    const chord = [from.place, ...blade.filter((_, at) => at > from.onBlade && at < to.onBlade), to.place]
    const middle = point([(chord[0]![0]! + chord[1]![0]!) / 2, (chord[0]![1]! + chord[1]![1]!) / 2])
    if (!booleanPointInPolygon(middle, whole)) continue
    // The two ends are the very corners put in above.
    pieces = pieces.flatMap((piece) => {
      const [a, b] = [piece.indexOf(from.place), piece.indexOf(to.place)]
      if (a < 0 || b < 0 || !booleanPointInPolygon(middle, asPolygon([[...piece, piece[0]!]]))) return [piece]
      const [first, last] = [Math.min(a, b), Math.max(a, b)]
      const inner = (a < b ? chord : chord.toReversed()).slice(1, -1)
      return [
        [...piece.slice(0, first + 1), ...inner, ...piece.slice(last)],
        [...piece.slice(first, last + 1), ...inner.toReversed()],
      ]
    })
  }
  return pieces.map((piece) => [...piece, piece[0]!])
}

/** Where a blade crosses a ring, in the order of the blade. */
function crossingsOf(ring: readonly Position[], blade: readonly Position[]): Crossing[] {
  const found: Crossing[] = []
  for (let b = 0; b + 1 < blade.length; b++) {
    for (let r = 0; r + 1 < ring.length; r++) {
      const shares = meeting(blade[b]!, blade[b + 1]!, ring[r]!, ring[r + 1]!)
      if (!shares) continue
      const [onBlade, onRing] = shares
      const place = roundPlace([ring[r]![0]! + (ring[r + 1]![0]! - ring[r]![0]!) * onRing, ring[r]![1]! + (ring[r + 1]![1]! - ring[r]![1]!) * onRing])
      if (!found.some((one) => isSame(one.place, place) && Math.abs(one.onBlade - b - onBlade) < 1e-6)) found.push({ place, onRing: r + onRing, onBlade: b + onBlade })
    }
  }
  return found.toSorted((a, b) => a.onBlade - b.onBlade)
}

/** How far along each of two stretches they meet, from 0 to 1; null: they do not, or are parallel. */
function meeting(a: Position, b: Position, c: Position, d: Position): [number, number] | null {
  const [abx, aby, cdx, cdy] = [b[0]! - a[0]!, b[1]! - a[1]!, d[0]! - c[0]!, d[1]! - c[1]!]
  const across = abx * cdy - aby * cdx
  if (across === 0) return null
  const [acx, acy] = [c[0]! - a[0]!, c[1]! - a[1]!]
  const [s, t] = [(acx * cdy - acy * cdx) / across, (acx * aby - acy * abx) / across]
  return s >= 0 && s <= 1 && t >= 0 && t < 1 ? [s, t] : null
}
