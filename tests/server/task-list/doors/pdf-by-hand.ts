/** Small PDFs written byte by byte, as programs write them that do not embed fonts: Chinese in STSong with a predefined character map. */
export class Sheet {
  private readonly operators: string[] = []

  /** Text with its baseline at y points from the top. */
  text(x: number, y: number, words: string, size = 10): this {
    const hex = Buffer.from(words, 'utf16le').swap16().toString('hex')
    this.operators.push(`BT /F1 ${size} Tf 1 0 0 1 ${x} ${HEIGHT - y} Tm <${hex}> Tj ET`)
    return this
  }

  line(x1: number, y1: number, x2: number, y2: number): this {
    this.operators.push(`0.5 w ${x1} ${HEIGHT - y1} m ${x2} ${HEIGHT - y2} l S`)
    return this
  }

  box(x: number, y: number, width: number, height: number): this {
    this.operators.push(`0.5 w ${x} ${HEIGHT - y - height} ${width} ${height} re S`)
    return this
  }

  /** Whatever else a content stream may hold. */
  raw(operators: string): this {
    this.operators.push(operators)
    return this
  }

  content(): string {
    return this.operators.join('\n')
  }
}

export const HEIGHT = 595
const WIDTH = 842

/** A PDF of these pages; `trailer` adds entries to the trailer, `objects` whole objects from number 100 on. */
export function pdf(sheets: Sheet[], trailer = '', objects: string[] = [], page = ''): Uint8Array {
  const bodies = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${sheets.length} /Kids [${sheets.map((_, i) => `${6 + 2 * i} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>',
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 5 0 R /DW 1000 /W [1 95 500 814 939 500] >>',
    '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>',
    ...sheets.flatMap((sheet, i) => {
      const content = Buffer.from(sheet.content(), 'latin1')
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${WIDTH} ${HEIGHT}] /Resources << /Font << /F1 3 0 R >> >> /Contents ${7 + 2 * i} 0 R ${page} >>`,
        `<< /Length ${content.length} >>\nstream\n${content.toString('latin1')}\nendstream`,
      ]
    }),
    ...objects,
  ]
  let file = '%PDF-1.7\n'
  const offsets = bodies.map((body, i) => {
    const at = file.length
    file += `${i + 1} 0 obj\n${body}\nendobj\n`
    return at
  })
  const start = file.length
  const entries = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  file += `xref\n0 ${bodies.length + 1}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${bodies.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF`
  return Buffer.from(file, 'latin1')
}
