import { decode } from 'iconv-lite'
import { DoorError } from '../task-list/doors/error.ts'

/** Encodings that a person may choose; GB18030 holds GBK and GB2312. */
export const ENCODINGS = ['utf-8', 'gb18030', 'big5', 'windows-1252'] as const
export type Encoding = (typeof ENCODINGS)[number]

export const isEncoding = (name: string): name is Encoding => (ENCODINGS as readonly string[]).includes(name)

/** The encoding that a file names for itself (.cpg, a DBF's byte, a DXF's code page); null: none that is known here. */
export function encodingNamed(name: string): Encoding | null {
  const plain = name.trim().toLowerCase().replace(/[\s_-]/g, '')
  if (/^(utf8|65001|cp65001)$/.test(plain)) return 'utf-8'
  if (/^(ansi|cp|ldid\/)?(936|gbk|gb2312|gb18030|77|54936|20936)$|^(gbk|gb2312|gb18030|euccn|ansi936)$/.test(plain)) return 'gb18030'
  if (/^(ansi|cp)?(950|big5)$/.test(plain)) return 'big5'
  if (/^(ansi|cp|windows)?1252$|^iso88591$|^latin1$/.test(plain)) return 'windows-1252'
  return null
}

const fatal = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Whether bytes are UTF-8; a character that a column's width has cut in two is forgiven at the end. */
export function isUtf8(bytes: Buffer): boolean {
  for (let cut = 0; cut <= 3 && cut <= bytes.length; cut++) {
    try {
      fatal.decode(cut ? bytes.subarray(0, bytes.length - cut) : bytes)
      return true
    } catch {
      // Only the beginning of a character may be cut off.
      const at = bytes.length - cut - 1
      if (at < 0 || bytes[at]! < 0x80) return false
    }
  }
  return false
}

const decoders = new Map<string, TextDecoder>()

export function decodeAs(bytes: Buffer, encoding: Encoding): string {
  if (encoding === 'big5') return decode(bytes, 'big5')
  let decoder = decoders.get(encoding)
  if (!decoder) decoders.set(encoding, (decoder = new TextDecoder(encoding, { ignoreBOM: true })))
  return decoder.decode(bytes)
}

/** Text by what it says, or strict UTF-8, or GB18030. */
export function decodeMapText(bytes: Uint8Array, chosen?: string, named?: string): { text: string; encoding: Encoding } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return { text: new TextDecoder('utf-16le').decode(buffer), encoding: 'utf-8' }
  const encoding = chosen && isEncoding(chosen) ? chosen : ((named ? encodingNamed(named) : null) ?? (isUtf8(buffer) ? 'utf-8' : 'gb18030'))
  return { text: decodeAs(buffer, encoding).replace(/^\ufeff/, ''), encoding }
}

/** JavaScript holds no longer text. */
export function mustBeShort(bytes: Uint8Array): void {
  if (bytes.length > 400 * 1024 * 1024) throw new DoorError('file-too-large', { limitMB: 400, what: 'text' })
}
