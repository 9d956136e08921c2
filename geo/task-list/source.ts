/**
 * The source document as the doors hand it to the reader: paragraphs and tables, nothing else. A door does the file format; the reader
 * does the meaning.
 */

/** The formats that a list may come in. */
export const SOURCE_FORMATS = ['text', 'docx', 'xlsx', 'xls', 'csv', 'markdown', 'html', 'pdf'] as const
export type SourceFormat = (typeof SOURCE_FORMATS)[number]

export interface SourceCell {
  /** As given, line breaks and markup included; the reader cleans it. */
  text: string
  /**
   * A cell that belongs to a merged one: `above` the merged cell started in an earlier row, `left` in an earlier column of this row. Its text
   * is empty. Formats that cannot tell (plain text, CSV, Markdown, a PDF without drawn lines) leave it null.
   */
  merged: 'above' | 'left' | null
}

export interface SourceRow {
  cells: SourceCell[]
}

export type SourceBlock =
  | { kind: 'paragraph'; text: string; page: number | null; sheet: string | null }
  | { kind: 'table'; rows: SourceRow[]; page: number | null; sheet: string | null }

export interface SourceDocument {
  name: string
  format: SourceFormat
  blocks: SourceBlock[]
}
