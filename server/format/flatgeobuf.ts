/** FlatGeobuf: flatbuffers one after the other. Read with bounds of our own, as the buffers say themselves how long everything is. */
import { Builder, ByteBuffer } from 'flatbuffers'
import { crsOfEpsg } from '../../geo/crs/crs.ts'
import { readPrj } from '../../geo/crs/prj.ts'
import type { LayerGeometry } from '../../geo/layer/layer.ts'
import { damaged, DoorError } from '../task-list/doors/error.ts'
import type { Column, ColumnType, Format, RawFeature, Value, Writing } from './format.ts'
import { MAP_LIMITS } from './limits.ts'
import type { Shape } from './shape.ts'

const MAGIC = Buffer.from('fgb\x03fgb\x00', 'latin1')
const broken = (detail: string) => new DoorError('file-damaged', { format: 'FlatGeobuf', detail })

/** Numbers of the format's column types. */
const BYTE = 0, UBYTE = 1, BOOL = 2, SHORT = 3, USHORT = 4, INT = 5, UINT = 6, LONG = 7, ULONG = 8, FLOAT = 9, DOUBLE = 10, STRING = 11, DATE_TIME = 13, BINARY = 14 // prettier-ignore
const SIZES: Record<number, number> = { [BYTE]: 1, [UBYTE]: 1, [BOOL]: 1, [SHORT]: 2, [USHORT]: 2, [INT]: 4, [UINT]: 4, [LONG]: 8, [ULONG]: 8, [FLOAT]: 4, [DOUBLE]: 8 }
const KINDS: Record<number, LayerGeometry> = { 1: 'point', 2: 'line', 3: 'polygon', 4: 'point', 5: 'line', 6: 'polygon' }

/** A table within a buffer: its fields by number. */
class Table {
  readonly #bytes: ByteBuffer
  readonly #at: number

  constructor(bytes: ByteBuffer, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  static root(bytes: ByteBuffer, at: number): Table {
    return new Table(bytes, at + bytes.readInt32(at))
  }

  #field(number: number): number {
    const offset = this.#bytes.__offset(this.#at, 4 + number * 2)
    return offset ? this.#at + offset : 0
  }

  byte(number: number): number {
    const at = this.#field(number)
    return at ? this.#bytes.readUint8(at) : 0
  }

  short(number: number, otherwise: number): number {
    const at = this.#field(number)
    return at ? this.#bytes.readUint16(at) : otherwise
  }

  int(number: number): number {
    const at = this.#field(number)
    return at ? this.#bytes.readInt32(at) : 0
  }

  long(number: number): number {
    const at = this.#field(number)
    return at ? Number(this.#bytes.readUint64(at)) : 0
  }

  text(number: number): string | null {
    const at = this.#field(number)
    if (!at) return null
    return Buffer.from(this.bytes(number)).toString('utf8')
  }

  /** A vector's place and length; length 0 where there is none. */
  vector(number: number): { at: number; length: number } {
    const at = this.#field(number)
    if (!at) return { at: 0, length: 0 }
    const start = at + this.#bytes.readInt32(at)
    const length = this.#bytes.readInt32(start)
    if (start < 0 || length < 0 || start + 4 + length > this.#bytes.capacity()) throw broken('a list is longer than the file')
    return { at: start + 4, length }
  }

  bytes(number: number): Uint8Array {
    const { at, length } = this.vector(number)
    return this.#bytes.bytes().subarray(at, at + length)
  }

  doubles(number: number): Float64Array {
    const { at, length } = this.vector(number)
    if (at + length * 8 > this.#bytes.capacity()) throw broken('a list is longer than the file')
    const list = new Float64Array(length)
    for (let i = 0; i < length; i++) list[i] = this.#bytes.readFloat64(at + i * 8)
    return list
  }

  ints(number: number): number[] {
    const { at, length } = this.vector(number)
    if (at + length * 4 > this.#bytes.capacity()) throw broken('a list is longer than the file')
    return Array.from({ length }, (_, i) => this.#bytes.readInt32(at + i * 4))
  }

  tables(number: number): Table[] {
    const { at, length } = this.vector(number)
    if (at + length * 4 > this.#bytes.capacity()) throw broken('a list is longer than the file')
    return Array.from({ length }, (_, i) => new Table(this.#bytes, at + i * 4 + this.#bytes.readInt32(at + i * 4)))
  }

  table(number: number): Table | null {
    const at = this.#field(number)
    return at ? new Table(this.#bytes, at + this.#bytes.readInt32(at)) : null
  }
}

export const flatgeobuf: Format = {
  id: 'flatgeobuf',
  recognises: ({ kind }) => kind === 'fgb',
  read({ bytes }) {
    try {
      const buffer = new ByteBuffer(bytes)
      if (bytes.length < 16) throw broken('cut off')
      const length = buffer.readUint32(8)
      if (length < 8 || 12 + length > bytes.length) throw broken('the header is longer than the file')
      const header = Table.root(buffer, 12)
      const given = header.tables(7).map((column) => ({ name: column.text(0) ?? '', type: column.byte(1) }))
      if (given.length > MAP_LIMITS.fields) throw new DoorError('file-too-long', { limit: MAP_LIMITS.fields, what: 'columns' })
      const [count, nodeSize] = [header.long(8), header.short(9, 16)]
      if (count > MAP_LIMITS.features) throw new DoorError('file-too-long', { limit: MAP_LIMITS.features, what: 'features' })
      const crs = header.table(10)
      const named = crs?.text(4) ? readPrj(crs.text(4)!) : null
      const start = 12 + length + (nodeSize > 1 && count > 0 ? treeSize(count, nodeSize) : 0)
      if (start > bytes.length) throw broken('the index is longer than the file')
      const columns = given.map(({ name, type }): Column => ({ name, type: typeOf(type) }))
      return {
        columns,
        features: rows(buffer, start, given, header.byte(2)),
        crs: (crs && /^(epsg)?$/i.test(crs.text(0) ?? '') && crs.int(1) ? crsOfEpsg(crs.int(1)) : undefined) ?? named?.crs,
        crsName: crs?.text(2) ?? named?.name ?? null,
        oldDatum: named?.oldDatum ?? null,
        encoding: null,
        parts: [],
        part: null,
      }
    } catch (error) {
      throw damaged('FlatGeobuf', error)
    }
  },
  write,
}

function treeSize(count: number, nodeSize: number): number {
  const size = Math.max(2, nodeSize)
  let [nodes, level] = [count, count]
  do {
    level = Math.ceil(level / size)
    nodes += level
  } while (level > 1)
  return nodes * 40
}

const typeOf = (type: number): ColumnType => (type === BOOL ? 'yes-no' : type <= ULONG ? 'whole' : type === FLOAT || type === DOUBLE ? 'number' : 'text')

function* rows(buffer: ByteBuffer, start: number, columns: { name: string; type: number }[], type: number): Iterable<RawFeature> {
  let at = start
  const end = buffer.capacity()
  try {
    while (at < end) {
      if (at + 4 > end) throw broken('cut off')
      const length = buffer.readUint32(at)
      if (length < 8 || at + 4 + length > end) throw broken('a feature is longer than the file')
      const feature = Table.root(buffer, at + 4)
      at += 4 + length
      const geometry = feature.table(0)
      const values = valuesOf(feature.bytes(1), columns)
      yield geometry ? { ...shapeOf(geometry, type), values } : { shape: null, values }
    }
  } catch (error) {
    throw damaged('FlatGeobuf', error)
  }
}

function shapeOf(geometry: Table, headerType: number): Omit<RawFeature, 'values'> {
  const type = headerType || geometry.byte(6)
  const kind = KINDS[type]
  if (!kind) return { shape: null, fault: 'collection' }
  if (type === 6) {
    const parts = geometry.tables(7).flatMap((part) => (part.vector(1).length ? [listsOf(part)] : []))
    return { shape: parts.length ? { kind, parts } : null }
  }
  const lists = listsOf(geometry)
  if (lists.length === 0 || lists[0]!.length === 0) return { shape: null }
  if (type === 4) return { shape: { kind, parts: Array.from({ length: lists[0]!.length / 2 }, (_, i) => [lists[0]!.slice(i * 2, i * 2 + 2)]) } }
  return { shape: { kind, parts: type === 3 ? [lists] : lists.map((list) => [list]) } }
}

function listsOf(geometry: Table): Float64Array[] {
  const xy = geometry.doubles(1)
  if (xy.length % 2) throw broken('half a place')
  const ends = geometry.ints(0)
  if (ends.length === 0) return [xy]
  return ends.map((end, i) => {
    const from = i ? ends[i - 1]! : 0
    if (end < from || end * 2 > xy.length) throw broken('rings out of order')
    return xy.slice(from * 2, end * 2)
  })
}

function valuesOf(given: Uint8Array, columns: { type: number }[]): Value[] {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  const values: Value[] = columns.map(() => null)
  let at = 0
  while (at + 2 <= bytes.length) {
    const c = bytes.readUInt16LE(at)
    at += 2
    const type = columns[c]?.type
    if (type === undefined) throw broken('a value without a column')
    const size = SIZES[type]
    if (size === undefined) {
      if (at + 4 > bytes.length) throw broken('cut off')
      const length = bytes.readUInt32LE(at)
      at += 4
      if (at + length > bytes.length) throw broken('a text is longer than its feature')
      if (type !== BINARY) values[c] = bytes.toString('utf8', at, at + length).slice(0, MAP_LIMITS.text)
      at += length
      continue
    }
    if (at + size > bytes.length) throw broken('cut off')
    values[c] = valueAt(bytes, at, type)
    at += size
  }
  return values
}

function valueAt(bytes: Buffer, at: number, type: number): Value {
  switch (type) {
    case BYTE:
      return bytes.readInt8(at)
    case UBYTE:
      return bytes.readUInt8(at)
    case BOOL:
      return bytes[at] !== 0
    case SHORT:
      return bytes.readInt16LE(at)
    case USHORT:
      return bytes.readUInt16LE(at)
    case INT:
      return bytes.readInt32LE(at)
    case UINT:
      return bytes.readUInt32LE(at)
    case LONG:
      return Number(bytes.readBigInt64LE(at))
    case ULONG:
      return Number(bytes.readBigUInt64LE(at))
    case FLOAT:
      return bytes.readFloatLE(at)
    default:
      return bytes.readDoubleLE(at)
  }
}

const WRITTEN: Record<ColumnType, number> = { text: STRING, number: DOUBLE, whole: LONG, 'yes-no': BOOL, date: DATE_TIME }

/** Without an index: what one downloads is read from the first to the last. */
function write({ name, geometry, columns, features, crs }: Writing) {
  const isMulti = features.some(({ shape }) => (shape?.parts.length ?? 0) > 1)
  const type = { point: 1, line: 2, polygon: 3 }[geometry] + (isMulti ? 3 : 0)
  const header = new Builder(1024)
  const nameAt = header.createString(name)
  const columnsAt = vectorOf(
    header,
    columns.map((column) => {
      const at = header.createString(column.name)
      header.startObject(11)
      header.addFieldOffset(0, at, 0)
      header.addFieldInt8(1, WRITTEN[column.type], 0)
      return header.endObject()
    }),
  )
  const organisation = header.createString('EPSG')
  header.startObject(6)
  header.addFieldOffset(0, organisation, 0)
  header.addFieldInt32(1, crs.epsg!, 0)
  const crsAt = header.endObject()
  header.startObject(14)
  header.addFieldOffset(0, nameAt, 0)
  header.addFieldInt8(2, type, 0)
  header.addFieldOffset(7, columnsAt, 0)
  header.addFieldInt64(8, BigInt(features.length), 0n)
  header.addFieldInt16(9, 0, 16)
  header.addFieldOffset(10, crsAt, 0)
  header.finishSizePrefixed(header.endObject())
  const chunks: Uint8Array[] = [MAGIC, header.asUint8Array()]
  for (const { shape, values } of features) {
    const builder = new Builder(512)
    const shapeAt = shape ? geometryIn(builder, shape, type) : 0
    const valuesAt = builder.createByteVector(valueBytes(values, columns))
    builder.startObject(3)
    if (shapeAt) builder.addFieldOffset(0, shapeAt, 0)
    builder.addFieldOffset(1, valuesAt, 0)
    builder.finishSizePrefixed(builder.endObject())
    chunks.push(builder.asUint8Array())
  }
  return { bytes: Buffer.concat(chunks), extension: 'fgb', type: 'application/vnd.flatgeobuf' }
}

function vectorOf(builder: Builder, offsets: number[]): number {
  builder.startVector(4, offsets.length, 4)
  for (const offset of offsets.toReversed()) builder.addOffset(offset)
  return builder.endVector()
}

function geometryIn(builder: Builder, { parts }: Shape, type: number): number {
  if (type === 6) {
    const at = vectorOf(builder, parts.map((rings) => listsIn(builder, rings, 3))) // prettier-ignore
    builder.startObject(8)
    builder.addFieldInt8(6, type, 0)
    builder.addFieldOffset(7, at, 0)
    return builder.endObject()
  }
  return listsIn(builder, type === 3 ? parts[0]! : parts.map(([list]) => list!), type)
}

function listsIn(builder: Builder, lists: Float64Array[], type: number): number {
  const whole = lists.length === 1 ? lists[0]! : Float64Array.from(lists.flatMap((list) => [...list]))
  builder.startVector(8, whole.length, 8)
  for (let i = whole.length - 1; i >= 0; i--) builder.addFloat64(whole[i]!)
  const xyAt = builder.endVector()
  let endsAt = 0
  if (lists.length > 1 && type !== 4) {
    let end = 0
    const ends = lists.map((list) => (end += list.length / 2))
    builder.startVector(4, ends.length, 4)
    for (const one of ends.toReversed()) builder.addInt32(one)
    endsAt = builder.endVector()
  }
  builder.startObject(8)
  if (endsAt) builder.addFieldOffset(0, endsAt, 0)
  builder.addFieldOffset(1, xyAt, 0)
  builder.addFieldInt8(6, type, 0)
  return builder.endObject()
}

function valueBytes(values: Value[], columns: Column[]): Uint8Array {
  const chunks: Buffer[] = []
  values.forEach((value, c) => {
    if (value === null || value === undefined) return
    const type = WRITTEN[columns[c]!.type]
    const text = type === STRING || type === DATE_TIME ? Buffer.from(String(value)) : null
    const bytes = Buffer.alloc(2 + (text ? 4 + text.length : SIZES[type]!))
    bytes.writeUInt16LE(c, 0)
    if (text) {
      bytes.writeUInt32LE(text.length, 2)
      text.copy(bytes, 6)
    } else if (type === BOOL) bytes[2] = value ? 1 : 0
    else if (type === LONG) bytes.writeBigInt64LE(BigInt(Math.round(Number(value))), 2)
    else bytes.writeDoubleLE(Number(value), 2)
    chunks.push(bytes)
  })
  return Buffer.concat(chunks)
}

