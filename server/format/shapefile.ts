/** ESRI Shapefile in a zip archive: .shp and .dbf, with or without .prj and .cpg. By our own hands: headers are never believed, and GBK is read as it is. */
import { encode } from 'iconv-lite'
import { readPrj, prjOf } from '../../geo/crs/prj.ts'
import { MOST_VERTICES } from '../../geo/layer/check.ts'
import { DoorError } from '../task-list/doors/error.ts'
import { unzip, zip } from '../task-list/doors/zip.ts'
import type { Column, Format, RawFeature, Value, Writing } from './format.ts'
import { MAP_LIMITS } from './limits.ts'
import { boxOfLists, doublesIn, polygonsOf, windingOf, type Shape } from './shape.ts'
import { decodeAs, encodingNamed, isEncoding, isUtf8, type Encoding } from './text.ts'

const broken = (detail: string) => new DoorError('file-damaged', { format: 'Shapefile', detail })
const stemOf = (name: string) => name.replace(/\.[^./\\]+$/, '')
const endingOf = (name: string) => /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
/** What a Mac puts beside every file. */
const isShadow = (name: string) => /(^|\/)(__MACOSX\/|\._)/.test(name)

export const shapefile: Format = {
  id: 'shapefile',
  recognises: ({ kind, entries }) => kind === 'zip' && entries.some((name) => endingOf(name) === 'shp' && !isShadow(name)),
  read({ bytes }, { entries }, options) {
    const stems = entries.filter((name) => endingOf(name) === 'shp' && !isShadow(name)).map(stemOf)
    const stem = options.part && stems.includes(options.part) ? options.part : stems[0]!
    const parts = unzip(bytes, (name) => stemOf(name).toLowerCase() === stem.toLowerCase() && /^(shp|dbf|prj|cpg)$/.test(endingOf(name)), MAP_LIMITS.unpackedBytes)
    const part = (ending: string) => {
      const found = [...parts].find(([name]) => endingOf(name) === ending)?.[1]
      return found && Buffer.from(found.buffer, found.byteOffset, found.byteLength)
    }
    const shp = part('shp')!
    const prj = part('prj')
    const named = prj ? readPrj(decodeAs(prj.subarray(0, 20_000), 'utf-8')) : null
    const table = openDbf(part('dbf'), part('cpg')?.toString('latin1', 0, 100), options.encoding)
    return { columns: table.columns, features: records(shp, table), crs: named?.crs, crsName: named?.name ?? null, oldDatum: named?.oldDatum ?? null, encoding: table.encoding, parts: stems, part: stem }
  },
  write,
}

interface Table {
  columns: Column[]
  count: number
  encoding: Encoding | null
  /** Null: the row is marked as deleted. */
  row: (i: number) => Value[] | null
}

function* records(shp: Buffer, table: Table): Iterable<RawFeature> {
  if (shp.length < 100 || shp.readInt32BE(0) !== 9994 || shp.readInt32LE(28) !== 1000) throw broken('no shapefile header')
  const claimed = shp.readInt32BE(24) * 2
  if (claimed > shp.length || claimed < 100) throw broken(`the header claims ${claimed} bytes, there are ${shp.length}`)
  let at = 100
  for (let i = 0; at + 8 <= claimed; i++) {
    const length = shp.readInt32BE(at + 4) * 2
    if (length < 4 || at + 8 + length > claimed) throw broken(`record ${i + 1} reaches beyond the file`)
    const content = shp.subarray(at + 8, at + 8 + length)
    at += 8 + length
    const values = i < table.count ? table.row(i) : table.columns.map(() => null)
    if (values === null) continue
    yield { ...shapeOf(content, i + 1), values }
  }
}

function shapeOf(content: Buffer, record: number): { shape: Shape | null; fault?: 'too-long' } {
  const type = content.readInt32LE(0)
  if (type === 0) return { shape: null }
  const base = type % 10
  if (type > 28 || ![1, 3, 5, 8].includes(base)) throw new DoorError('shape-unknown', { found: type === 31 ? 'MultiPatch' : `shape type ${type}` })
  const doubles = (from: number, count: number): Float64Array => {
    if (count < 0 || from + count * 16 > content.length) throw broken(`record ${record} claims more points than it has`)
    return doublesIn(content, from, count * 2)
  }
  if (base === 1) return { shape: { kind: 'point', parts: [[doubles(4, 1)]] } }
  if (content.length < 40) throw broken(`record ${record} is cut off`)
  if (base === 8) return { shape: { kind: 'point', parts: Array.from({ length: bounded(content.readInt32LE(36), content, record) }, (_, i) => [doubles(40 + i * 16, 1)]) } }
  if (content.length < 44) throw broken(`record ${record} is cut off`)
  const [pieces, points] = [bounded(content.readInt32LE(36), content, record), bounded(content.readInt32LE(40), content, record)]
  if (44 + pieces * 4 + points * 16 > content.length) throw broken(`record ${record} claims more points than it has`)
  if (points > MOST_VERTICES) return { shape: null, fault: 'too-long' }
  const starts = Array.from({ length: pieces }, (_, i) => content.readInt32LE(44 + i * 4))
  const lists = starts.map((start, i) => {
    const end = starts[i + 1] ?? points
    if (start < 0 || end < start || end > points) throw broken(`record ${record} has parts out of order`)
    return doubles(44 + pieces * 4 + start * 16, end - start)
  })
  const filled = lists.filter((list) => list.length > 0)
  if (filled.length === 0) return { shape: null }
  if (base === 3) return { shape: { kind: 'line', parts: filled.map((list) => [list]) } }
  // Outer rings run with the clock.
  return { shape: { kind: 'polygon', parts: polygonsOf(filled, (ring) => windingOf(ring) <= 0) } }
}

function bounded(count: number, content: Buffer, record: number): number {
  if (count < 0 || count > content.length) throw broken(`record ${record} claims ${count} points`)
  return count
}

function openDbf(dbf: Buffer | undefined, cpg: string | undefined, chosen: string | undefined): Table {
  if (!dbf) return { columns: [], count: 0, encoding: null, row: () => [] }
  if (dbf.length < 33) throw broken('the table (.dbf) is cut off')
  const [count, headerLength, rowLength] = [dbf.readUInt32LE(4), dbf.readUInt16LE(8), dbf.readUInt16LE(10)]
  if (headerLength < 33 || headerLength > dbf.length || rowLength < 1) throw broken('the table (.dbf) has no sound header')
  if (headerLength + count * rowLength > dbf.length + 1) throw broken(`the table (.dbf) claims ${count} rows and is too short for them`)
  const fields: { name: Buffer; type: string; from: number; length: number; decimals: number }[] = []
  for (let at = 32, from = 1; at + 32 <= headerLength && dbf[at] !== 0x0d; at += 32) {
    const end = dbf.subarray(at, at + 11).indexOf(0)
    const length = dbf[at + 16]!
    fields.push({ name: dbf.subarray(at, at + (end < 0 ? 11 : end)), type: String.fromCharCode(dbf[at + 11]!), from, length, decimals: dbf[at + 17]! })
    from += length
    if (from > rowLength || fields.length > MAP_LIMITS.fields) throw broken('the table (.dbf) has more columns than room')
  }
  const encoding = chosen && isEncoding(chosen) ? chosen : encodingOf(dbf, headerLength, rowLength, count, cpg, fields)
  // Most words come again and again.
  const known = new Map<string, string>()
  const text = (bytes: Buffer) => {
    const raw = bytes.toString('latin1')
    if (isAscii(bytes)) return raw
    let decoded = known.get(raw)
    if (decoded === undefined) {
      decoded = decodeAs(bytes, encoding)
      if (known.size < 20_000) known.set(raw, decoded)
    }
    return decoded
  }
  const names = new Set<string>()
  const columns = fields.map(({ name, type, decimals }): Column => {
    let own = text(name).trim() || 'column'
    while (names.has(own)) own += '_'
    names.add(own)
    return { name: own, type: /[NFI]/.test(type) ? (type === 'I' || (type === 'N' && decimals === 0) ? 'whole' : 'number') : type === 'L' ? 'yes-no' : type === 'D' ? 'date' : 'text' }
  })
  const row = (i: number): Value[] | null => {
    const start = headerLength + i * rowLength
    if (dbf[start] === 0x2a) return null
    return fields.map(({ type, from, length }) => {
      const bytes = dbf.subarray(start + from, start + from + length)
      if (type === 'I' && length === 4) return bytes.readInt32LE(0)
      const given = text(bytes).replace(/\0[\s\S]*$/, '').trim()
      if (given === '' || /^\*+$/.test(given)) return null
      if (type === 'N' || type === 'F') return Number.isFinite(Number(given)) ? Number(given) : null
      if (type === 'L') return /[ty]/i.test(given) ? true : /[fn]/i.test(given) ? false : null
      if (type === 'D') return /^\d{8}$/.test(given) ? `${given.slice(0, 4)}-${given.slice(4, 6)}-${given.slice(6)}` : null
      return given.slice(0, MAP_LIMITS.text)
    })
  }
  return { columns, count, encoding, row }
}

/** What the .cpg says, then the table's own byte, then what the texts look like: strict UTF-8, or else GB18030. */
function encodingOf(dbf: Buffer, headerLength: number, rowLength: number, count: number, cpg: string | undefined, fields: { name: Buffer; type: string; from: number; length: number }[]): Encoding {
  const named = cpg ? encodingNamed(cpg) : null
  const ofByte = dbf[29] === 0x4d ? 'gb18030' : dbf[29] === 0x4f || dbf[29] === 0x78 ? 'big5' : null
  if (named && named !== 'windows-1252') return named
  if (ofByte) return ofByte
  const texts = fields.filter(({ type }) => type === 'C')
  if (!fields.every(({ name }) => isUtf8(name))) return 'gb18030'
  for (let i = 0; i < count && i < 5000; i++) {
    for (const { from, length } of texts) {
      const start = headerLength + i * rowLength + from
      let end = start + length
      while (end > start && (dbf[end - 1] === 0x20 || dbf[end - 1] === 0)) end--
      const bytes = dbf.subarray(start, end)
      if (!isAscii(bytes) && !isUtf8(bytes)) return 'gb18030'
    }
  }
  return 'utf-8'
}

function isAscii(bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! > 0x7f) return false
  return true
}

const CODES = { point: 1, line: 3, polygon: 5 } as const

/** Texts in GBK, as the software in Chinese offices expects it; .cpg and the table's byte say so. */
function write({ name, geometry, columns, features, crs }: Writing) {
  const bodies = features.map(({ shape }) => bodyOf(shape, geometry))
  const length = 100 + bodies.reduce((sum, body) => sum + 8 + body.length, 0)
  const head = (bytes: number) => {
    const header = Buffer.alloc(100)
    header.writeInt32BE(9994, 0)
    header.writeInt32BE(bytes / 2, 24)
    header.writeInt32LE(1000, 28)
    header.writeInt32LE(features.some(({ shape }) => (shape?.parts.length ?? 0) > 1) && geometry === 'point' ? 8 : CODES[geometry], 32)
    boxOf(features.flatMap(({ shape }) => (shape ? shape.parts.flat() : []))).forEach((value, i) => header.writeDoubleLE(value, 36 + i * 8))
    return header
  }
  const isMulti = geometry === 'point' && features.some(({ shape }) => (shape?.parts.length ?? 0) > 1)
  const final = isMulti ? features.map(({ shape }) => multipointOf(shape)) : bodies
  const total = isMulti ? 100 + final.reduce((sum, body) => sum + 8 + body.length, 0) : length
  const [shp, shx]: [Buffer[], Buffer[]] = [[head(total)], [head(100 + features.length * 8)]]
  let at = 50
  final.forEach((body, i) => {
    const record = Buffer.alloc(8)
    record.writeInt32BE(i + 1, 0)
    record.writeInt32BE(body.length / 2, 4)
    shp.push(record, body)
    const entry = Buffer.alloc(8)
    entry.writeInt32BE(at, 0)
    entry.writeInt32BE(body.length / 2, 4)
    shx.push(entry)
    at += 4 + body.length / 2
  })
  const files = new Map<string, Uint8Array>([
    [`${name}.shp`, Buffer.concat(shp)],
    [`${name}.shx`, Buffer.concat(shx)],
    [`${name}.dbf`, dbfOf(columns, features.map(({ values }) => values))], // prettier-ignore
    [`${name}.prj`, Buffer.from(prjOf(crs))],
    [`${name}.cpg`, Buffer.from('GBK')],
  ])
  return { bytes: zip(files), extension: 'zip', type: 'application/zip' }
}

function bodyOf(shape: Shape | null, geometry: Writing['geometry']): Buffer {
  if (!shape || shape.kind !== geometry) return Buffer.alloc(4)
  if (geometry === 'point') {
    const body = Buffer.alloc(20)
    body.writeInt32LE(1, 0)
    body.writeDoubleLE(shape.parts[0]![0]![0]!, 4)
    body.writeDoubleLE(shape.parts[0]![0]![1]!, 12)
    return body
  }
  const lists = geometry === 'line' ? shape.parts.map(([line]) => line!) : shape.parts.flatMap((rings) => rings.map((ring, i) => wound(ring, i === 0)))
  const points = lists.reduce((sum, list) => sum + list.length / 2, 0)
  const body = Buffer.alloc(44 + lists.length * 4 + points * 16)
  body.writeInt32LE(CODES[geometry], 0)
  boxOf(lists).forEach((value, i) => body.writeDoubleLE(value, 4 + i * 8))
  body.writeInt32LE(lists.length, 36)
  body.writeInt32LE(points, 40)
  let [start, at] = [0, 44 + lists.length * 4]
  lists.forEach((list, i) => {
    body.writeInt32LE(start, 44 + i * 4)
    start += list.length / 2
    for (const value of list) at = body.writeDoubleLE(value, at)
  })
  return body
}

function multipointOf(shape: Shape | null): Buffer {
  if (shape?.kind !== 'point') return Buffer.alloc(4)
  const body = Buffer.alloc(40 + shape.parts.length * 16)
  body.writeInt32LE(8, 0)
  boxOf(shape.parts.flat()).forEach((value, i) => body.writeDoubleLE(value, 4 + i * 8))
  body.writeInt32LE(shape.parts.length, 36)
  shape.parts.forEach(([xy], i) => [0, 1].forEach((j) => body.writeDoubleLE(xy![j]!, 40 + i * 16 + j * 8)))
  return body
}

/** Outer rings with the clock, holes against it. */
function wound(ring: Float64Array, outer: boolean): Float64Array {
  if (windingOf(ring) < 0 === outer) return ring
  const turned = new Float64Array(ring.length)
  for (let i = 0; i < ring.length; i += 2) {
    turned[i] = ring[ring.length - 2 - i]!
    turned[i + 1] = ring[ring.length - 1 - i]!
  }
  return turned
}

/** Without any point: nothing but zeros, as the format has it. */
function boxOf(lists: Float64Array[]): [number, number, number, number] {
  const box = boxOfLists(lists)
  return Number.isFinite(box[0]) ? box : [0, 0, 0, 0]
}

const MOST_BYTES = 254

function dbfOf(columns: Column[], rows: Value[][]): Buffer {
  const used = new Set<string>()
  const fields = columns.map(({ name, type }, c) => {
    const cells = rows.map((row) => cellOf(row[c] ?? null, type))
    const isNumber = type === 'number' || type === 'whole'
    const width = type === 'date' ? 8 : type === 'yes-no' ? 1 : Math.min(MOST_BYTES, Math.max(isNumber ? 10 : 1, ...[0], longest(cells)))
    const decimals = type === 'number' ? cells.reduce((most, cell) => Math.max(most, /\.(\d+)$/.exec(cell.toString('latin1'))?.[1]?.length ?? 0), 0) : 0
    return { name: shortName(name, used), code: type === 'date' ? 'D' : type === 'yes-no' ? 'L' : isNumber ? 'N' : 'C', cells, width, decimals, right: isNumber }
  })
  const rowLength = 1 + fields.reduce((sum, { width }) => sum + width, 0)
  const header = Buffer.alloc(32 + fields.length * 32 + 1)
  header[0] = 0x03
  header.set([95, 7, 26], 1)
  header.writeUInt32LE(rows.length, 4)
  header.writeUInt16LE(header.length, 8)
  header.writeUInt16LE(rowLength, 10)
  header[29] = 0x4d
  fields.forEach(({ name, code, width, decimals }, i) => {
    name.copy(header, 32 + i * 32, 0, 10)
    header[32 + i * 32 + 11] = code.charCodeAt(0)
    header[32 + i * 32 + 16] = width
    header[32 + i * 32 + 17] = decimals
  })
  header[header.length - 1] = 0x0d
  const body = Buffer.alloc(rows.length * rowLength + 1, 0x20)
  body[body.length - 1] = 0x1a
  let from = 1
  for (const { cells, width, right } of fields) {
    cells.forEach((cell, i) => {
      const start = i * rowLength + from
      cell.copy(body, right ? start + Math.max(0, width - cell.length) : start, 0, width)
    })
    from += width
  }
  return Buffer.concat([header, body])
}

const longest = (cells: Buffer[]) => cells.reduce((most, cell) => Math.max(most, cell.length), 0)

function cellOf(value: Value, type: Column['type']): Buffer {
  if (value === null) return Buffer.alloc(0)
  if (type === 'yes-no') return Buffer.from(value ? 'T' : 'F')
  if (type === 'date') return Buffer.from(String(value).replaceAll('-', '').slice(0, 8))
  if (typeof value === 'number') return Buffer.from(plainNumber(value))
  const text = encode(String(value), 'gbk')
  if (text.length <= MOST_BYTES) return text
  // Never half a character.
  let short = String(value)
  while (encode(short, 'gbk').length > MOST_BYTES) short = short.slice(0, -1)
  return encode(short, 'gbk')
}

/** Digits without an exponent, as many as the number has. */
function plainNumber(value: number): string {
  const text = String(value)
  return /e/.test(text) ? value.toFixed(Math.abs(value) < 1 ? 15 : 0) : text
}

/** Names have ten bytes: five Chinese characters. */
function shortName(name: string, used: Set<string>): Buffer {
  const cut = (text: string, most: number) => {
    let short = text
    while (encode(short, 'gbk').length > most) short = short.slice(0, -1)
    return short
  }
  let own = cut(name, 10)
  for (let i = 1; used.has(own); i++) own = `${cut(name, 10 - String(i).length)}${i}`
  used.add(own)
  return encode(own, 'gbk')
}

