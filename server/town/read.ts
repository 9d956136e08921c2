import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { BoundaryReading } from '../../geo/town/boundary-file.ts'
import { Problem } from '../problems.ts'

/** A file of boundaries as it came. */
export interface BoundaryFile {
  name: string
  bytes: Uint8Array
}

export interface ThreadInput {
  bytes: Uint8Array
  name: string
  /** A folder that goes away afterwards. */
  folder: string
}
/** What the thread answers: the reading, or why the file cannot be read. */
export type ThreadAnswer = BoundaryReading | { unreadable: string }

const LIMIT_SECONDS = 30
const LIMIT_HEAP_MB = 1024

/**
 * Reads a file in a thread of its own, so that the server goes on answering whatever the file holds.
 * @throws Problem file-empty, boundaries-invalid (unreadable), file-too-slow, file-too-large
 */
export async function readInThread(file: BoundaryFile): Promise<BoundaryReading> {
  if (file.bytes.length === 0) throw new Problem('file-empty', {}, 'file')
  const folder = await mkdtemp(join(tmpdir(), 'xiangtu-map-'))
  try {
    return await read(file, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function read({ name, bytes }: BoundaryFile, folder: string): Promise<BoundaryReading> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      // Without inherited flags and environment: a loader or a debugger of the parent has no business there.
      execArgv: ['--no-warnings'],
      env: {},
      workerData: { name, bytes, folder } satisfies ThreadInput,
      resourceLimits: { maxOldGenerationSizeMb: LIMIT_HEAP_MB },
    })
    const timer = setTimeout(
      () => finish(new Problem('file-too-slow', { seconds: LIMIT_SECONDS }, 'file')),
      LIMIT_SECONDS * 1000,
    )
    const finish = (outcome: BoundaryReading | Error) => {
      clearTimeout(timer)
      worker.removeAllListeners()
      // A thread may still fail while it is being ended.
      worker.on('error', () => {})
      void worker.terminate()
      if (outcome instanceof Error) reject(outcome)
      else resolve(outcome)
    }
    worker.once('message', (answer: ThreadAnswer) =>
      finish('unreadable' in answer ? new Problem('boundaries-invalid', { why: answer.unreadable }, 'file') : answer),
    )
    worker.once('error', (error: NodeJS.ErrnoException) =>
      finish(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? new Problem('file-too-large', { limitMB: LIMIT_HEAP_MB }, 'file')
          : error,
      ),
    )
    worker.once('exit', (code) => finish(new Error(`the reader of boundaries ended with ${code}`)))
  })
}
