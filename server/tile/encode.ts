/**
 * Vector tiles (Mapbox Vector Tile 2.1) out of the bytes that `tileFeatures` gives: TWKB and MVT both hold zigzag differences of whole numbers, so
 * that a shape is read and written in one go. Rings are wound as MVT wants them, and those that have shrunk to nothing are left out.
 */
import { Bytes } from './bytes.ts'

const MOVE_TO = 1
const LINE_TO = 2
const CLOSE_PATH = 7
const KEYS = ['class', 'name', 'town', 'demo'] as const
const [CLASS, NAME, TOWN, DEMO] = [0, 1, 2, 3]
/** MVT's number of a geometry's kind, by TWKB's: points, lines and areas, single and many. */
const KINDS = [0, 1, 2, 3, 1, 2, 3]

/** The tile with one layer; without features nothing at all. */
export function encodeTile(name: string, extent: number, features: Uint8Array): Uint8Array<ArrayBuffer> {
  const read = new Bytes(features)
  const layer = new Bytes()
  const values = new Map<string | true, number>()
  const [feature, shape] = [new Bytes(), new Bytes()]
  const valueOf = (value: string | true) => {
    const known = values.get(value)
    if (known !== undefined) return known
    values.set(value, values.size)
    return values.size - 1
  }
  layer.text(1, name)
  let count = 0
  while (read.at < features.length) {
    const id = read.int8()
    const texts = [read.counted(), read.counted(), read.counted()]
    const demo = read.byte() === 1
    const end = read.int4() + read.at
    shape.clear()
    const kind = writeShape(read, shape)
    read.at = end
    if (shape.at === 0) continue
    feature.clear()
    feature.field(1, 0).varint(id)
    const tags: number[] = []
    for (const key of [CLASS, NAME, TOWN]) if (texts[key!] !== null) tags.push(key!, valueOf(texts[key!]!))
    if (demo) tags.push(DEMO!, valueOf(true))
    feature.packed(2, tags)
    feature.field(3, 0).varint(kind)
    feature.message(4, shape)
    layer.message(2, feature)
    count++
  }
  if (count === 0) return new Uint8Array()
  for (const key of KEYS) layer.text(3, key)
  const value = new Bytes()
  for (const one of values.keys()) {
    value.clear()
    if (one === true) value.field(7, 0).varint(1)
    else value.text(1, one)
    layer.message(4, value)
  }
  layer.field(5, 0).varint(extent)
  layer.field(15, 0).varint(2)
  const tile = new Bytes()
  tile.message(3, layer)
  return tile.taken()
}

/** Where the last point stood: TWKB counts on from it, over the whole shape; MVT does the same with its own. */
interface Pen {
  x: number
  y: number
}

/** Reads one shape and writes its drawing commands. @returns MVT's number of its kind */
function writeShape(read: Bytes, write: Bytes): number {
  const type = read.byte() & 15
  const [from, to]: [Pen, Pen] = [{ x: 0, y: 0 }, { x: 0, y: 0 }] // prettier-ignore
  if (read.byte() & 16) return KINDS[type]!
  const parts = type > 3 ? read.uint() : 1
  const kind = KINDS[type]!
  if (kind === 1) {
    write.varint(MOVE_TO | (parts << 3))
    for (let i = 0; i < parts; i++) point(read, write, from, to)
  } else if (kind === 2) for (let i = 0; i < parts; i++) line(readLine(read, from), write, to)
  else for (let i = 0; i < parts; i++) polygon(read, write, from, to)
  return kind
}

function point(read: Bytes, write: Bytes, from: Pen, to: Pen): void {
  from.x += read.zigzag()
  from.y += read.zigzag()
  write.zigzagged(from.x - to.x).zigzagged(from.y - to.y)
  to.x = from.x
  to.y = from.y
}

/** The points of a line or ring, x and y in turn; without those that stand where the one before stood. */
function readLine(read: Bytes, from: Pen): number[] {
  const points: number[] = []
  for (let left = read.uint(); left > 0; left--) {
    from.x += read.zigzag()
    from.y += read.zigzag()
    const end = points.length
    if (end === 0 || from.x !== points[end - 2] || from.y !== points[end - 1]) points.push(from.x, from.y)
  }
  return points
}

/** A ring without its hairs: where it goes out and straight back, as what was narrow does when it is rounded. */
function shorn(ring: number[]): number[] {
  const points: number[] = []
  for (let i = 0; i < ring.length; i += 2) {
    const [x, y, end] = [ring[i]!, ring[i + 1]!, points.length]
    if (end >= 2 && points[end - 2] === x && points[end - 1] === y) continue
    if (end >= 4 && points[end - 4] === x && points[end - 3] === y) points.length -= 2
    else points.push(x, y)
  }
  return points
}

function line(points: number[], write: Bytes, to: Pen): void {
  if (points.length >= 4) draw(points, points.length / 2, false, write, to)
}

function polygon(read: Bytes, write: Bytes, from: Pen, to: Pen): void {
  const rings = read.uint()
  let isThere = true
  for (let i = 0; i < rings; i++) {
    const points = shorn(readLine(read, from))
    const twice = twiceArea(points)
    if (i === 0) isThere = twice !== 0
    if (!isThere || twice === 0) continue
    // Outlines clockwise as one sees them (y runs down), holes the other way.
    if (twice > 0 !== (i === 0)) reverse(points)
    draw(points, points.length / 2 - 1, true, write, to)
  }
}

/** Twice the area of a closed ring, positive where it is an outline's way round. */
function twiceArea(points: number[]): number {
  let sum = 0
  for (let i = 0; i + 3 < points.length; i += 2) sum += points[i]! * points[i + 3]! - points[i + 2]! * points[i + 1]!
  return sum
}

function reverse(points: number[]): void {
  for (let i = 0, j = points.length - 2; i < j; i += 2, j -= 2) {
    const [x, y] = [points[i]!, points[i + 1]!]
    points[i] = points[j]!
    points[i + 1] = points[j + 1]!
    points[j] = x
    points[j + 1] = y
  }
}

function draw(points: number[], count: number, closed: boolean, write: Bytes, to: Pen): void {
  for (let i = 0; i < count; i++) {
    if (i === 0) write.varint(MOVE_TO | (1 << 3))
    if (i === 1) write.varint(LINE_TO | ((count - 1) << 3))
    const [x, y] = [points[i * 2]!, points[i * 2 + 1]!]
    write.zigzagged(x - to.x).zigzagged(y - to.y)
    to.x = x
    to.y = y
  }
  if (closed) write.varint(CLOSE_PATH | (1 << 3))
}
