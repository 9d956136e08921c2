import { Worker } from 'node:worker_threads'
import type { Drawing } from '../../geo/snapshot/drawing.ts'
import type { Paper } from '../../geo/snapshot/paper.ts'
import type { FileFormat, SnapshotKind } from '../../geo/snapshot/request.ts'
import type { SheetTable } from '../../geo/workbook/sheet.ts'
import type { PdfFacts } from './pdf.ts'

export interface RenderInput {
  kind: SnapshotKind
  pages: readonly { name: string; drawing: Drawing }[]
  /** Of the workbook, where there is one. */
  sheets: readonly SheetTable[]
  paper: Paper
  dpi: number
  formats: readonly FileFormat[]
  facts: PdfFacts
}
export type ThreadInput = RenderInput
export type ThreadWord = { progress: number } | { format: FileFormat; bytes: Uint8Array } | { end: true }

const LIMIT_MINUTES = 15
const LIMIT_HEAP_MB = 1024

export interface RenderEars {
  file(format: FileFormat, bytes: Uint8Array): Promise<void>
  /** @returns whether to go on */
  progress(share: number): Promise<boolean>
}

/** It was called off. */
export class RenderStopped extends Error {}

/**
 * Makes files in a thread of its own, so that requests are answered meanwhile, however large the page. No browser is needed for any of them: pictures
 * are drawn by resvg, the others written as they are; the thread has no environment, so that no program could be found by its name.
 * @throws RenderStopped; what the thread threw
 */
export function renderInThread(input: RenderInput, ears: RenderEars): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      execArgv: [],
      env: {},
      workerData: input,
      resourceLimits: { maxOldGenerationSizeMb: LIMIT_HEAP_MB },
    })
    const timer = setTimeout(() => finish(new Error(`not done after ${LIMIT_MINUTES} minutes`)), LIMIT_MINUTES * 60_000)
    const finish = (error: Error | null) => {
      clearTimeout(timer)
      worker.removeAllListeners()
      // A thread may still fail while it is being ended.
      worker.on('error', () => {})
      void worker.terminate()
      if (error) reject(error)
      else resolve()
    }
    // One word after the other: a file is kept before the end is believed.
    let heard = Promise.resolve()
    worker.on('message', (word: ThreadWord) => {
      heard = heard
        .then(async () => {
          if ('end' in word) return finish(null)
          if ('format' in word) return ears.file(word.format, word.bytes)
          if (!(await ears.progress(word.progress))) finish(new RenderStopped())
        })
        .catch((error: unknown) => finish(error instanceof Error ? error : new Error(String(error))))
    })
    worker.once('error', (error) => finish(error instanceof Error ? error : new Error(String(error))))
    worker.once('exit', (code) => void heard.then(() => finish(new Error(`the page maker ended with ${code}`))))
  })
}
