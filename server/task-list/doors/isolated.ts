import { Worker } from 'node:worker_threads'
import type { DoorFile } from './door.ts'
import { DoorError, type DoorErrorKey, type DoorErrorParams } from './error.ts'
import { LIMITS } from './limits.ts'
import type { Opened } from './open.ts'

/** What the thread answers. */
export type Answer = { opened: Opened } | { key: DoorErrorKey; params: DoorErrorParams }

/** What a thread may use; tests take less to see it end. */
export interface Bounds {
  seconds: number
  heapMB: number
}

let running = 0
const waiting: (() => void)[] = []

/**
 * Opens the file in a thread of its own that is killed after `LIMITS.seconds` and may use `LIMITS.heapMB`; at most `LIMITS.threads` run
 * at a time. Throws DoorErrors only: `file-too-slow`, `file-too-large` (out of memory), and what the door itself found.
 */
export async function openIsolated(file: DoorFile, bounds: Bounds = LIMITS): Promise<Opened> {
  if (running >= LIMITS.threads) await new Promise<void>((resolve) => waiting.push(resolve))
  else running++
  try {
    return await inThread(file, bounds)
  } finally {
    const next = waiting.shift()
    if (next === undefined) running--
    else next()
  }
}

function inThread(file: DoorFile, bounds: Bounds): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      // Without inherited flags and environment: a loader or a debugger of the parent has no business there.
      execArgv: [],
      env: {},
      stdout: true,
      stderr: true,
      workerData: { name: file.name, bytes: file.bytes },
      resourceLimits: { maxOldGenerationSizeMb: bounds.heapMB, maxYoungGenerationSizeMb: 64 },
    })
    const timer = setTimeout(
      () => finish(new DoorError('file-too-slow', { seconds: bounds.seconds })),
      bounds.seconds * 1000,
    )
    const finish = (outcome: Opened | DoorError) => {
      clearTimeout(timer)
      worker.removeAllListeners()
      // A thread may still fail while it is being ended.
      worker.on('error', () => {})
      void worker.terminate()
      if (outcome instanceof DoorError) reject(outcome)
      else resolve(outcome)
    }
    worker.once('message', (answer: Answer) =>
      finish('opened' in answer ? answer.opened : new DoorError(answer.key, answer.params)),
    )
    worker.once('error', (error: NodeJS.ErrnoException) =>
      finish(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? new DoorError('file-too-large', { what: 'memory', limitMB: bounds.heapMB })
          : new DoorError(
              'file-damaged',
              { format: 'file', detail: String(error.message).slice(0, 200) },
              { cause: error },
            ),
      ),
    )
    worker.once('exit', (code) =>
      finish(new DoorError('file-damaged', { format: 'file', detail: `the reader ended with ${code}` })),
    )
    worker.stdout.resume()
    worker.stderr.resume()
  })
}
