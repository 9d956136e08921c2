import type { DoorFile } from './door.ts'
import { decodeText } from './encoding.ts'
import { DoorError } from './error.ts'
import { zipEntries } from './zip.ts'

/** What the bytes themselves say a file is: the container, or its text. */
export type Look =
  | { kind: 'zip'; parts: ReadonlySet<string> }
  | { kind: 'ole'; streams: ReadonlySet<string> }
  | { kind: 'pdf' }
  | { kind: 'text'; text: string }

/** First bytes of what people drop by mistake, so that they can be told what it is. */
const STRANGERS: { found: string; magic: number[]; at?: number }[] = [
  { found: 'png', magic: [0x89, 0x50, 0x4e, 0x47] },
  { found: 'jpeg', magic: [0xff, 0xd8, 0xff] },
  { found: 'gif', magic: [0x47, 0x49, 0x46, 0x38] },
  { found: 'bmp', magic: [0x42, 0x4d], at: 0 },
  { found: 'tiff', magic: [0x49, 0x49, 0x2a, 0x00] },
  { found: 'tiff', magic: [0x4d, 0x4d, 0x00, 0x2a] },
  { found: 'webp', magic: [0x57, 0x45, 0x42, 0x50], at: 8 },
  { found: 'heic', magic: [0x66, 0x74, 0x79, 0x70], at: 4 },
  { found: 'rtf', magic: [0x7b, 0x5c, 0x72, 0x74, 0x66] },
  { found: 'rar', magic: [0x52, 0x61, 0x72, 0x21] },
  { found: '7z', magic: [0x37, 0x7a, 0xbc, 0xaf] },
  { found: 'gzip', magic: [0x1f, 0x8b] },
  { found: 'exe', magic: [0x4d, 0x5a, 0x90] },
]

const has = (bytes: Uint8Array, magic: number[], at = 0) => magic.every((byte, i) => bytes[at + i] === byte)

/** Looks at the content; the name is never asked. Throws `file-empty`, `format-unknown` and `file-damaged`. */
export function look(file: DoorFile): Look {
  const { bytes } = file
  if (bytes.length === 0) throw new DoorError('file-empty')
  if (has(bytes, [0x50, 0x4b, 0x03, 0x04]) || has(bytes, [0x50, 0x4b, 0x05, 0x06])) {
    return { kind: 'zip', parts: new Set(zipEntries(bytes).map((entry) => entry.name)) }
  }
  if (has(bytes, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])) return { kind: 'ole', streams: oleNames(bytes) }
  const stranger = STRANGERS.find(
    ({ found, magic, at }) => has(bytes, magic, at) && (found !== 'bmp' || isBitmap(bytes)),
  )
  if (stranger !== undefined) throw new DoorError('format-unknown', { found: stranger.found })
  // The specification lets a PDF begin anywhere in its first kilobyte.
  if (Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-')) return { kind: 'pdf' }
  const text = decodeText(bytes)
  if (text.trim() === '') throw new DoorError('file-empty')
  return { kind: 'text', text }
}

/** "BM" alone could begin a text; a bitmap also states its own size. */
function isBitmap(bytes: Uint8Array): boolean {
  return bytes.length > 26 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(2, true) === bytes.length
}

/**
 * Names of the storages and streams of an OLE container. Directory entries are 128 bytes, start at multiples of 128, hold the name in
 * UTF-16 and its length in bytes at 64, so they are found without following the allocation tables, which a hostile file may tie in loops.
 */
function oleNames(bytes: Uint8Array): Set<string> {
  const names = new Set<string>()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 512; at + 128 <= bytes.length; at += 128) {
    const length = view.getUint16(at + 64, true)
    const type = view.getUint8(at + 66)
    if (length < 4 || length > 64 || length % 2 === 1 || type === 0 || type > 5) continue
    if (view.getUint16(at + length - 2, true) !== 0) continue
    names.add(new TextDecoder('utf-16le').decode(bytes.subarray(at, at + length - 2)))
  }
  return names
}
