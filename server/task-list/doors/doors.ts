import type { Door } from './door.ts'
import { csvDoor } from './csv.ts'
import { docxDoor } from './docx.ts'
import { htmlDoor } from './html.ts'
import { markdownDoor } from './markdown.ts'
import { pdfDoor } from './pdf.ts'
import { textDoor } from './text.ts'
import { xlsDoor } from './xls.ts'
import { xlsxDoor } from './xlsx.ts'

/** All formats, in the order in which they are asked whether a file is theirs. A new format is one new file and one line here. */
export const DOORS: readonly Door[] = [docxDoor, xlsxDoor, xlsDoor, pdfDoor, htmlDoor, markdownDoor, csvDoor, textDoor]
