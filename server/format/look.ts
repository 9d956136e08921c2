import { DoorError } from '../task-list/doors/error.ts'
import { zipEntries } from '../task-list/doors/zip.ts'
import type { Look, MapFile } from './format.ts'
import { MAP_LIMITS } from './limits.ts'

const has = (bytes: Uint8Array, magic: string, at = 0) => Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(magic.length, bytes.length - at)).toString('latin1') === magic

/** What people drop by mistake, so that they can be told what it is. */
const STRANGERS: [magic: string, found: string][] = [
  ['AC10', 'DWG'],
  ['AutoCAD Binary DXF', 'binary DXF'],
  ['%PDF-', 'PDF'],
  ['Rar!', 'RAR'],
  ['7z\xbc\xaf', '7z'],
  ['\x1f\x8b', 'gzip'],
  ['\x89PNG', 'PNG'],
  ['\xff\xd8\xff', 'JPEG'],
  ['II*\0', 'TIFF'],
  ['MM\0*', 'TIFF'],
  ['\0\0\x27\x0a', 'shp'],
]

/** @throws DoorError file-empty, file-too-large, format-unknown, file-damaged */
export function look({ bytes }: MapFile): Look {
  if (bytes.length === 0) throw new DoorError('file-empty')
  if (bytes.length > MAP_LIMITS.fileBytes) throw new DoorError('file-too-large', { limitMB: MAP_LIMITS.fileBytes / 1024 / 1024, what: 'file' })
  if (has(bytes, 'PK\x03\x04') || has(bytes, 'PK\x05\x06')) {
    const entries = zipEntries(bytes).map(({ name }) => name)
    const stray = entries.find((name) => /(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[a-z]:/i.test(name) || name.includes('\0'))
    if (stray !== undefined) throw new DoorError('file-damaged', { format: 'zip', detail: `a name that leads out of the archive: ${stray.slice(0, 80)}` })
    return { kind: 'zip', entries, head: '' }
  }
  if (has(bytes, 'SQLite format 3\0')) return { kind: 'sqlite', entries: [], head: '' }
  if (has(bytes, 'fgb\x03fgb')) return { kind: 'fgb', entries: [], head: '' }
  if (has(bytes, '\xd0\xcf\x11\xe0')) return { kind: 'ole', entries: [], head: '' }
  const stranger = STRANGERS.find(([magic]) => has(bytes, magic))
  if (stranger) throw new DoorError('format-unknown', { found: stranger[1] })
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096))
  // Text has no zero bytes, unless it is UTF-16.
  if (head.includes(0) && !(head[0] === 0xff && head[1] === 0xfe) && !(head[0] === 0xfe && head[1] === 0xff)) throw new DoorError('format-unknown', { found: null })
  return { kind: 'text', entries: [], head: head[0] === 0xff ? new TextDecoder('utf-16le').decode(head) : new TextDecoder('utf-8').decode(head).replace(/^\ufeff/, '') }
}
