import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import { DoorError } from './error.ts'
import { LIMITS, MB } from './limits.ts'

/**
 * Reading of the ZIP container of docx and xlsx with bounds, so that no library ever sees a bomb: sizes are checked as declared and again
 * while unpacking, and `pack` gives the library a plain container of exactly the parts that were checked.
 */
export interface ZipEntry {
  name: string
  method: number
  encrypted: boolean
  crc: number
  packed: number
  unpacked: number
  offset: number
}

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const STORED = 0
const DEFLATED = 8

const broken = (detail: string) => new DoorError('file-damaged', { format: 'zip', detail })

/** The entries as the central directory lists them. Throws `file-damaged` for a container that is cut off or contradicts itself. */
export function zipEntries(bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = endRecord(view)
  const count = view.getUint16(end + 10, true)
  if (count > LIMITS.entries) throw new DoorError('file-too-long', { what: 'entries', limit: LIMITS.entries })
  let at = view.getUint32(end + 16, true)
  const entries: ZipEntry[] = []
  const names = new Set<string>()
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL) throw broken('directory cut off')
    const nameLength = view.getUint16(at + 28, true)
    const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    if (next > end) throw broken('directory cut off')
    // Some producers write Windows separators or a leading slash; the parts are meant all the same.
    const name = new TextDecoder()
      .decode(bytes.subarray(at + 46, at + 46 + nameLength))
      .replaceAll('\\', '/')
      .replace(/^\/+/, '')
    // Two parts of one name: one program reads the first, another the last. Neither can be trusted.
    if (names.has(name)) throw broken('two entries of one name')
    names.add(name)
    entries.push({
      name,
      method: view.getUint16(at + 10, true),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      unpacked: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    })
    at = next
  }
  return entries
}

function endRecord(view: DataView): number {
  // The record is the last thing in the file but for a comment of at most 65,535 bytes.
  for (let at = view.byteLength - 22; at >= 0 && at >= view.byteLength - 22 - 65_535; at--) {
    if (view.getUint32(at, true) === END && at + 22 + view.getUint16(at + 20, true) <= view.byteLength) return at
  }
  throw broken('no directory at the end: cut off?')
}

/**
 * The wanted parts, unpacked. Throws `file-too-large` when they declare or turn out to be more than `LIMITS.unpackedBytes` together,
 * `file-encrypted` and `file-damaged` as named.
 */
export function unzip(bytes: Uint8Array, wanted: (name: string) => boolean, most: number = LIMITS.unpackedBytes): Map<string, Uint8Array> {
  const entries = zipEntries(bytes).filter((entry) => !entry.name.endsWith('/') && wanted(entry.name))
  const tooLarge = () => new DoorError('file-too-large', { what: 'unpacked', limitMB: most / MB })
  if (entries.reduce((sum, entry) => sum + entry.unpacked, 0) > most) throw tooLarge()
  const parts = new Map<string, Uint8Array>()
  let left = most
  for (const entry of entries) {
    const part = unpack(bytes, entry, left, tooLarge)
    left -= part.length
    parts.set(entry.name, part)
  }
  return parts
}

function unpack(bytes: Uint8Array, entry: ZipEntry, limit: number, tooLarge: () => DoorError): Uint8Array {
  if (entry.encrypted) throw new DoorError('file-encrypted', { format: 'zip' })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (entry.offset + 30 > bytes.length || view.getUint32(entry.offset, true) !== LOCAL)
    throw broken(`${entry.name}: not where it should be`)
  const start = entry.offset + 30 + view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true)
  if (start + entry.packed > bytes.length) throw broken(`${entry.name}: cut off`)
  const packed = bytes.subarray(start, start + entry.packed)
  let part: Uint8Array
  if (entry.method === STORED) part = packed
  else if (entry.method === DEFLATED) {
    try {
      // In one piece, or a few large ones: putting thousands of small ones together takes as long as unpacking them.
      part = inflateRawSync(packed, { maxOutputLength: Math.max(limit, 1), chunkSize: Math.min(Math.max(entry.unpacked + 1, 1024), 128 * MB) })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge()
      throw broken(`${entry.name}: cannot be unpacked`)
    }
  } else throw broken(`${entry.name}: packed by method ${entry.method}`)
  if (part.length > limit) throw tooLarge()
  if (crc32(part) !== entry.crc) throw broken(`${entry.name}: checksum differs`)
  return part
}

/** A ZIP container of these parts, stored without packing. */
export function pack(parts: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return container(parts, STORED)
}

/** A ZIP container of these parts, packed: for people who download it. */
export function zip(parts: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return container(parts, DEFLATED)
}

function container(parts: ReadonlyMap<string, Uint8Array>, method: typeof STORED | typeof DEFLATED): Uint8Array {
  const chunks: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, part] of parts) {
    const body = method === DEFLATED ? deflateRawSync(part, { level: 3 }) : Buffer.from(part.buffer, part.byteOffset, part.byteLength)
    const nameBytes = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x0800, 2)
    common.writeUInt16LE(method, 4)
    common.writeUInt16LE(0x0021, 8)
    common.writeUInt32LE(crc32(part), 10)
    common.writeUInt32LE(body.length, 14)
    common.writeUInt32LE(part.length, 18)
    common.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.alloc(4)
    local.writeUInt32LE(LOCAL)
    const central = Buffer.alloc(6)
    central.writeUInt32LE(CENTRAL)
    central.writeUInt16LE(20, 4)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(central, common, tail, nameBytes)
    chunks.push(local, common, nameBytes, body)
    offset += 30 + nameBytes.length + body.length
  }
  const directoryBytes = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(END)
  end.writeUInt16LE(parts.size, 8)
  end.writeUInt16LE(parts.size, 10)
  end.writeUInt32LE(directoryBytes.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...chunks, directoryBytes, end])
}
