import { DoorError } from './error.ts'

/**
 * Text from bytes: by byte order mark, else strict UTF-8, else UTF-16 where it plainly is that, else GB18030 (which GBK and GB2312 are part of).
 * Throws `file-damaged` for UTF-8 with a few broken places, `format-unknown` for bytes that are no text at all. The mark is not part of the text.
 */
export function decodeText(bytes: Uint8Array): string {
  if (startsWith(bytes, [0xef, 0xbb, 0xbf])) return strict(bytes.subarray(3), 'utf-8') ?? brokenIn('utf-8')
  if (startsWith(bytes, [0xff, 0xfe])) return strict(bytes.subarray(2), 'utf-16le') ?? brokenIn('utf-16')
  if (startsWith(bytes, [0xfe, 0xff])) return strict(bytes.subarray(2), 'utf-16be') ?? brokenIn('utf-16')
  const utf8 = strict(bytes, 'utf-8')
  if (utf8 !== null && plausible(utf8)) return utf8
  // Chinese in UTF-16 without a mark is full of zero bytes at its digits, tabs and line ends; text in any other encoding has none.
  if (bytes.subarray(0, 4096).includes(0)) {
    for (const encoding of ['utf-16le', 'utf-16be']) {
      const text = strict(bytes, encoding)
      if (text !== null && plausible(text)) return text
    }
    throw new DoorError('format-unknown', { found: null })
  }
  if (isNearlyUtf8(bytes)) brokenIn('utf-8')
  const gb18030 = strict(bytes, 'gb18030')
  if (gb18030 !== null && plausible(gb18030)) return gb18030
  throw new DoorError('format-unknown', { found: null })
}

function startsWith(bytes: Uint8Array, mark: number[]): boolean {
  return mark.every((byte, i) => bytes[i] === byte)
}

function strict(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

function brokenIn(encoding: string): never {
  throw new DoorError('file-damaged', { format: 'text', detail: `not valid ${encoding}` })
}

/** Characters that text in Chinese or Latin letters is made of; private-use and control characters are signs of a wrong guess. */
function plausible(text: string): boolean {
  let odd = 0
  let seen = 0
  for (const character of text.slice(0, 20_000)) {
    const code = character.codePointAt(0)!
    seen++
    if (code === 9 || code === 10 || code === 13 || code === 12 || code === 11) continue
    const ordinary =
      (code >= 0x20 && code < 0x7f) ||
      (code >= 0xa0 && code < 0x600) ||
      (code >= 0x2000 && code < 0x2c00) ||
      (code >= 0x2e80 && code < 0xa000) ||
      (code >= 0xf900 && code < 0xfb00) ||
      (code >= 0xfe30 && code < 0xfff0) ||
      (code >= 0x20000 && code < 0x33480) ||
      code === 0xfeff
    if (!ordinary) odd++
  }
  return odd * 50 <= seen
}

/** GB18030 text almost never forms valid sequences of three UTF-8 bytes; text that mostly does is UTF-8 with a few broken places. */
function isNearlyUtf8(bytes: Uint8Array): boolean {
  let broken = 0
  let whole = 0
  for (const character of new TextDecoder('utf-8').decode(bytes)) {
    if (character === '\ufffd') broken++
    else if (character > '\u07ff') whole++
  }
  return whole > broken * 4
}
