/**
 * Shapes between a file and the database: flat lists of x and y, ring by ring, because nested lists of pairs take ten times the memory and the time.
 * Heights and measures are left behind on the way in.
 */
import type { Geometry, Position } from 'geojson'
import type { LayerGeometry } from '../../geo/layer/layer.ts'
import { DoorError } from '../task-list/doors/error.ts'

export interface Shape {
  kind: LayerGeometry
  /** Of areas: polygons with their rings, the outer one first; of lines and points: each in a list of its own. */
  parts: Float64Array[][]
}

export const pointShape = (x: number, y: number): Shape => ({ kind: 'point', parts: [[Float64Array.of(x, y)]] })

export function verticesOf({ parts }: Shape): number {
  let sum = 0
  for (const rings of parts) for (const ring of rings) sum += ring.length / 2
  return sum
}

/** Calls with every list of coordinates. */
export function eachList({ parts }: Shape, work: (xy: Float64Array) => void): void {
  for (const rings of parts) for (const ring of rings) work(ring)
}

/** Twice the area within a ring; positive where it runs against the clock. */
export function windingOf(ring: Float64Array): number {
  let sum = 0
  // From the first corner, or the products of two coordinates in metres would take the digits that matter.
  const [x0, y0] = [ring[0]!, ring[1]!]
  for (let i = 0; i + 3 < ring.length; i += 2) sum += (ring[i]! - x0) * (ring[i + 3]! - y0) - (ring[i + 2]! - x0) * (ring[i + 1]! - y0)
  return sum
}

/** Rings as formats without polygons list them, outer ones and holes in any order: each hole goes to the smallest ring around it. */
export function polygonsOf(rings: Float64Array[], isOuter: (ring: Float64Array) => boolean): Float64Array[][] {
  if (rings.length <= 1) return rings.map((ring) => [ring])
  const outers = rings.filter(isOuter)
  if (outers.length === 0) return rings.map((ring) => [ring])
  const polygons = outers.map((ring) => [ring])
  if (outers.length === rings.length) return polygons
  const sized = polygons.map((polygon) => ({ polygon, outer: polygon[0]!, size: Math.abs(windingOf(polygon[0]!)), box: boxOfLists([polygon[0]!]) })).sort((a, b) => a.size - b.size)
  for (const hole of rings) {
    if (isOuter(hole)) continue
    const home = sized.find(({ outer, box, size }) => size > 0 && hole[0]! >= box[0] && hole[0]! <= box[2] && hole[1]! >= box[1] && hole[1]! <= box[3] && liesIn(hole, outer))
    if (home) home.polygon.push(hole)
    else polygons.push([hole])
  }
  return polygons
}

/** West, south, east and north of lists of coordinates. */
export function boxOfLists(lists: Iterable<Float64Array>): [number, number, number, number] {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const xy of lists) {
    for (let i = 0; i < xy.length; i += 2) {
      const [x, y] = [xy[i]!, xy[i + 1]!]
      if (x < west) west = x
      if (x > east) east = x
      if (y < south) south = y
      if (y > north) north = y
    }
  }
  return [west, south, east, north]
}

/** West, south, east and north of a shape. */
export const boxOf = ({ parts }: Shape): [number, number, number, number] => boxOfLists(parts.length === 1 ? parts[0]! : parts.flat())

/** By the middle of the first side: a corner may lie on the ring around it. */
function liesIn(hole: Float64Array, ring: Float64Array): boolean {
  const [x, y] = hole.length >= 4 ? [(hole[0]! + hole[2]!) / 2, (hole[1]! + hole[3]!) / 2] : [hole[0]!, hole[1]!]
  let inside = false
  for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
    const [xi, yi, xj, yj] = [ring[i]!, ring[i + 1]!, ring[j]!, ring[j + 1]!]
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}

const TYPES = { point: 1, line: 2, polygon: 3 } as const

/** Hexadecimal EWKB, as PostGIS takes shapes quickest. More than one part makes a Multi…. */
export function ewkbHex({ kind, parts }: Shape, srid = 4326): string {
  const type = TYPES[kind]
  const isMulti = parts.length > 1
  let size = 9 + (isMulti ? 4 : 0)
  for (const rings of parts) {
    if (isMulti) size += 5
    if (kind !== 'point') size += 4
    for (const ring of rings) size += (kind === 'polygon' ? 4 : 0) + ring.length * 8
  }
  // 4 more, or fewer, are corrected by the length that was really written.
  const bytes = Buffer.allocUnsafe(size + 16)
  let at = 0
  const head = (code: number, withSrid: boolean) => {
    bytes[at] = 1
    bytes.writeUInt32LE(withSrid ? (code | 0x20000000) >>> 0 : code, at + 1)
    at += 5
    if (withSrid) at = bytes.writeUInt32LE(srid, at)
  }
  if (isMulti) {
    head(type + 3, true)
    at = bytes.writeUInt32LE(parts.length, at)
  }
  for (const rings of parts) {
    head(type, !isMulti)
    if (kind === 'polygon') at = bytes.writeUInt32LE(rings.length, at)
    for (const ring of rings) {
      if (kind !== 'point') at = bytes.writeUInt32LE(ring.length / 2, at)
      bytes.set(new Uint8Array(ring.buffer, ring.byteOffset, ring.byteLength), at)
      at += ring.byteLength
    }
  }
  return bytes.toString('hex', 0, at)
}

/** Well-known binary, without a number of a coordinate system, as a GeoPackage keeps it. */
export function wkbOf(shape: Shape, multi: boolean): Buffer {
  const type = TYPES[shape.kind]
  const chunks: Buffer[] = []
  const number = (value: number) => {
    const four = Buffer.alloc(4)
    four.writeUInt32LE(value)
    chunks.push(four)
  }
  const head = (code: number) => {
    chunks.push(Buffer.of(1))
    number(code)
  }
  if (multi) {
    head(type + 3)
    number(shape.parts.length)
  }
  for (const rings of shape.parts) {
    head(type)
    if (shape.kind === 'polygon') number(rings.length)
    for (const ring of rings) {
      if (shape.kind !== 'point') number(ring.length / 2)
      chunks.push(Buffer.from(ring.buffer, ring.byteOffset, ring.byteLength))
    }
  }
  return Buffer.concat(chunks)
}

/** Room for the numbers of many shapes: an array with memory of its own costs more than reading it. */
let room = new Float64Array(0)
const ROOM = 32 * 1024

/** Numbers as this machine holds them, copied out at once. */
export function doublesIn(bytes: Buffer, at: number, count: number): Float64Array {
  if (count > ROOM / 8) return new Float64Array(bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + count * 8) as ArrayBuffer)
  if (room.length < count) room = new Float64Array(ROOM)
  const list = room.subarray(0, count)
  room = room.subarray(count)
  bytes.copy(new Uint8Array(list.buffer, list.byteOffset, count * 8), 0, at, at + count * 8)
  return list
}

const nested = () => new DoorError('shape-unknown', { found: 'GeometryCollection' })

/**
 * Reads well-known binary, of ISO or of PostGIS, in two dimensions or more.
 * @throws DoorError shape-unknown for collections and curves, file-damaged for what ends too early
 */
export function readWkb(bytes: Buffer, from = 0): Shape | null {
  let at = from
  const broken = () => new DoorError('file-damaged', { format: 'WKB', detail: 'ends too early' })
  const parts: Float64Array[][] = []
  let kind: LayerGeometry | null = null
  const read = (depth: number): void => {
    if (depth > 2 || at + 5 > bytes.length) throw depth > 2 ? nested() : broken()
    const little = bytes[at] === 1
    const uint = () => {
      if (at + 4 > bytes.length) throw broken()
      const value = little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
      at += 4
      return value
    }
    at += 1
    const code = uint()
    const type = (code & 0x0fffffff) % 1000
    const dimensions = 2 + (code & 0x80000000 || Math.floor((code & 0xffff) / 1000) % 2 === 1 ? 1 : 0) + (code & 0x40000000 || Math.floor((code & 0xffff) / 1000) >= 2 ? 1 : 0)
    if (code & 0x20000000) at += 4
    const list = (count: number): Float64Array => {
      if (at + count * dimensions * 8 > bytes.length) throw broken()
      if (little && dimensions === 2) {
        at += count * 16
        return doublesIn(bytes, at - count * 16, count * 2)
      }
      const xy = new Float64Array(count * 2)
      for (let i = 0; i < count; i++, at += dimensions * 8) {
        xy[i * 2] = little ? bytes.readDoubleLE(at) : bytes.readDoubleBE(at)
        xy[i * 2 + 1] = little ? bytes.readDoubleLE(at + 8) : bytes.readDoubleBE(at + 8)
      }
      return xy
    }
    const one = (is: LayerGeometry, rings: Float64Array[]) => {
      if (kind !== null && kind !== is) throw nested()
      kind = is
      if (rings.length && rings[0]!.length) parts.push(rings)
    }
    if (type === 1) {
      const xy = list(1)
      one('point', Number.isNaN(xy[0]!) && Number.isNaN(xy[1]!) ? [] : [xy])
    } else if (type === 2) one('line', [list(uint())])
    else if (type === 3) {
      const count = uint()
      if (count * 4 > bytes.length - at) throw broken()
      one('polygon', Array.from({ length: count }, () => list(uint())))
    } else if (type >= 4 && type <= 6) {
      const count = uint()
      if (count * 5 > bytes.length - at) throw broken()
      for (let i = 0; i < count; i++) read(depth + 1)
    } else throw type === 7 ? nested() : new DoorError('shape-unknown', { found: `WKB ${type}` })
  }
  read(0)
  return kind === null || parts.length === 0 ? null : { kind, parts }
}

/** A GeoJSON geometry as a shape. @throws DoorError shape-unknown for collections, file-damaged for what is not built as its type says */
export function shapeOfGeometry(geometry: Geometry): Shape | null {
  const given = geometry as { type: string; coordinates?: unknown }
  const broken = () => new DoorError('file-damaged', { format: 'GeoJSON', detail: `coordinates of ${String(given.type).slice(0, 40)}` })
  const items = (value: unknown): unknown[] => {
    if (!Array.isArray(value)) throw broken()
    return value
  }
  const flat = (value: unknown): Float64Array => {
    const places = items(value)
    const xy = new Float64Array(places.length * 2)
    places.forEach((place, i) => {
      const [x, y] = items(place)
      // What is no number at all becomes one that is not: the check of each feature finds it.
      xy[i * 2] = typeof x === 'number' ? x : NaN
      xy[i * 2 + 1] = typeof y === 'number' ? y : NaN
    })
    return xy
  }
  const some = (kind: LayerGeometry, parts: Float64Array[][]): Shape | null => (parts.length && parts[0]!.length && parts[0]![0]!.length ? { kind, parts } : null)
  switch (given.type) {
    case 'Point':
      return items(given.coordinates).length ? some('point', [[flat([given.coordinates])]]) : null
    case 'MultiPoint':
      return some('point', items(given.coordinates).map((place) => [flat([place])]))
    case 'LineString':
      return some('line', [[flat(given.coordinates)]])
    case 'MultiLineString':
      return some('line', items(given.coordinates).map((line) => [flat(line)]))
    case 'Polygon':
      return some('polygon', [items(given.coordinates).map(flat)])
    case 'MultiPolygon':
      return some('polygon', items(given.coordinates).map((polygon) => items(polygon).map(flat)))
    case 'GeometryCollection':
      throw nested()
    default:
      throw new DoorError('shape-unknown', { found: String(given.type).slice(0, 40) })
  }
}

/** A shape as GeoJSON; coordinates with so many digits behind the point. */
export function geometryOf({ kind, parts }: Shape, digits: number | null = null): Geometry {
  const factor = digits === null ? null : 10 ** digits
  const round = (value: number) => (factor === null ? value : Math.round(value * factor) / factor)
  const places = (xy: Float64Array): Position[] => Array.from({ length: xy.length / 2 }, (_, i) => [round(xy[i * 2]!), round(xy[i * 2 + 1]!)])
  if (kind === 'point') {
    const points = parts.map(([xy]) => places(xy!)[0]!)
    return points.length === 1 ? { type: 'Point', coordinates: points[0]! } : { type: 'MultiPoint', coordinates: points }
  }
  if (kind === 'line') {
    const lines = parts.map(([xy]) => places(xy!))
    return lines.length === 1 ? { type: 'LineString', coordinates: lines[0]! } : { type: 'MultiLineString', coordinates: lines }
  }
  const polygons = parts.map((rings) => rings.map(places))
  return polygons.length === 1 ? { type: 'Polygon', coordinates: polygons[0]! } : { type: 'MultiPolygon', coordinates: polygons }
}

/** A shape from well-known text, the column that desktop software writes into tables. @throws DoorError shape-unknown, file-damaged */
export function readWkt(text: string): Shape | null {
  const [, type, body] = /^\s*(?:SRID=\d+;)?\s*([A-Z]+)\s*(?:Z|M|ZM)?\s*(EMPTY|\([\s\S]*\))\s*$/i.exec(text) ?? []
  if (!type || !body) throw new DoorError('file-damaged', { format: 'WKT', detail: text.slice(0, 60) })
  if (/^empty$/i.test(body)) return null
  const list = (inner: string): Float64Array => Float64Array.from(inner.split(',').flatMap((pair) => pair.trim().split(/\s+/).slice(0, 2).map(Number)))
  const rings = (inner: string) => [...inner.matchAll(/\(([^()]*)\)/g)].map(([, one]) => list(one!))
  const inner = body.slice(1, -1)
  switch (type.toUpperCase()) {
    case 'POINT':
      return { kind: 'point', parts: [[list(inner)]] }
    case 'MULTIPOINT':
      return { kind: 'point', parts: inner.split(',').map((one) => [list(one.replace(/[()]/g, ''))]) }
    case 'LINESTRING':
      return { kind: 'line', parts: [[list(inner)]] }
    case 'MULTILINESTRING':
      return { kind: 'line', parts: rings(inner).map((line) => [line]) }
    case 'POLYGON':
      return { kind: 'polygon', parts: [rings(inner)] }
    case 'MULTIPOLYGON':
      return { kind: 'polygon', parts: [...inner.matchAll(/\(\s*(\([^()]*\)(?:\s*,\s*\([^()]*\))*)\s*\)/g)].map(([, one]) => rings(one!)) }
    default:
      throw type.toUpperCase() === 'GEOMETRYCOLLECTION' ? nested() : new DoorError('shape-unknown', { found: type.slice(0, 40) })
  }
}

export function wktOf({ kind, parts }: Shape): string {
  const list = (xy: Float64Array) => Array.from({ length: xy.length / 2 }, (_, i) => `${xy[i * 2]} ${xy[i * 2 + 1]}`).join(', ')
  const polygon = (rings: Float64Array[]) => `(${rings.map((ring) => `(${list(ring)})`).join(', ')})`
  const multi = parts.length > 1 ? 'MULTI' : ''
  if (kind === 'polygon') return `${multi}POLYGON ${multi ? `(${parts.map(polygon).join(', ')})` : polygon(parts[0]!)}`
  const lists = parts.map(([xy]) => (kind === 'point' && !multi ? list(xy!) : multi ? `(${list(xy!)})` : list(xy!)))
  return `${multi}${kind === 'point' ? 'POINT' : 'LINESTRING'} (${lists.join(', ')})`
}
