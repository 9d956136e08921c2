import type { Door } from './door.ts'

/**
 * PDF with a text layer. A PDF knows characters at places and lines, nothing of tables: rows and columns are rebuilt from the lines that
 * are drawn, or from the white between texts where none are. Page numbers and running heads are left out.
 */
export const pdfDoor: Door = {
  format: 'pdf',
  recognises: (look) => look.kind === 'pdf',
  async open(_look, { bytes }) {
    const { readPdf } = await import('./pdf-read.ts')
    return await readPdf(bytes)
  },
}
