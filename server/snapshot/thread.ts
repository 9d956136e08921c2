import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
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

// The pixels behind a picture (35 MB for A4 at 300 dpi) hang on a handle too small for V8 to collect in time, and go only between two turns of the
// loop: left to themselves they pile up page by page, to gigabytes in an atlas.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
async function free(): Promise<void> {
  collect()
  await turn()
}

async function picture(drawing: Drawing): Promise<Uint8Array> {
  const png = pngOf(drawing, sizeOf(paper, dpi))
  step(COST.png)
  await free()
  return png
}

async function pictures(): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {}
  for (const { name, drawing } of pages) files[`${safe(name)}.png`] = await picture(drawing)
  return files
}

const make: Record<FileFormat, () => Uint8Array | Promise<Uint8Array>> = {
  png: () => picture(drawings[0]!),
  async zip() {
    const files = kind === 'pack' ? Object.fromEntries([...made].map(([format, bytes]) => [`${safe(facts.title)}.${format}`, bytes])) : await pictures()
    return zipSync(files, { level: 0, mtime: facts.madeAt })
  },
  async pdf() {
    const bytes = await pdfOf(drawings, facts)
    step(COST.pdf * pages.length)
    return bytes
  },
  xlsx: () => workbookOf(sheets),
  pptx: () =>
    pptxOf(drawings, { title: facts.title, author: facts.author }, () => {
      step(COST.pptx)
      return free()
    }),
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
