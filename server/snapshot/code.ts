import qrcode from 'qrcode-generator'

/** Blank modules around a code, so that it is found. */
const QUIET = 2

/** A QR code's rows, `1` for dark. */
export function codeOf(words: string): string[] {
  const code = qrcode(0, 'M')
  code.addData(words)
  code.make()
  const size = code.getModuleCount()
  const blank = '0'.repeat(size + QUIET * 2)
  const rows = Array.from({ length: size }, (_, row) => '0'.repeat(QUIET) + Array.from({ length: size }, (_, column) => (code.isDark(row, column) ? '1' : '0')).join('') + '0'.repeat(QUIET))
  return [...Array<string>(QUIET).fill(blank), ...rows, ...Array<string>(QUIET).fill(blank)]
}
