import { parentPort, workerData } from 'node:worker_threads'
import { zipSync } from 'fflate'
import type { Drawing } from '../../geo/snapshot/drawing.ts'
import { sizeOf } from '../../geo/snapshot/paper.ts'
import type { FileFormat } from '../../geo/snapshot/request.ts'
import { pdfOf } from './pdf.ts'
import { pngOf } from './png.ts'
import { pptxOf } from './pptx.ts'
import type { ThreadInput, ThreadWord } from './render.ts'
import { workbookOf } from '../workbook/write.ts'

/** The thread that `renderInThread` starts: makes the files one after the other, and tells how far it is. */
const { kind, pages, sheets, paper, dpi, formats, facts } = workerData as ThreadInput
const say = (word: ThreadWord) => parentPort!.postMessage(word)
const drawings = pages.map(({ drawing }) => drawing)

/** What a page costs in each format, roughly: a picture most. */
const COST: Record<FileFormat, number> = { png: 6, zip: kind === 'pack' ? 0.1 : 6, pdf: 1, pptx: 2, xlsx: 0.2 }
const whole = formats.reduce((sum, format) => sum + COST[format] * pages.length, 0)
/** What is made already, for a zip of it. */
const made = new Map<FileFormat, Uint8Array>()
let done = 0
const step = (cost: number) => {
  done += cost
  say({ progress: Math.min(0.99, done / whole) })
}

const picture = (drawing: Drawing) => {
  const png = pngOf(drawing, sizeOf(paper, dpi))
  step(COST.png)
  return png
}

const make: Record<FileFormat, () => Uint8Array | Promise<Uint8Array>> = {
  png: () => picture(drawings[0]!),
  zip: () =>
    kind === 'pack'
      ? zipSync(Object.fromEntries([...made].map(([format, bytes]) => [`${safe(facts.title)}.${format}`, bytes])), { level: 0, mtime: facts.madeAt })
      : zipSync(Object.fromEntries(pages.map(({ name, drawing }) => [`${safe(name)}.png`, picture(drawing)])), { level: 0, mtime: facts.madeAt }),
  async pdf() {
    const bytes = await pdfOf(drawings, facts)
    step(COST.pdf * pages.length)
    return bytes
  },
  xlsx: () => workbookOf(sheets),
  pptx: () => pptxOf(drawings, { title: facts.title, author: facts.author }, () => step(COST.pptx)),
}

for (const format of formats) {
  const bytes = await make[format]()
  if (kind === 'pack') made.set(format, bytes)
  say({ format, bytes })
}
say({ end: true })

/** A name that every system takes for a file. */
function safe(name: string): string {
  return name.replace(/[\\/:*?"<>|\s]+/g, ' ').trim().slice(0, 60)
}
