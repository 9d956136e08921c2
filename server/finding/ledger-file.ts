import { Worker } from 'node:worker_threads'
import type { LedgerTable } from '../../geo/finding/import.ts'
import { Problem } from '../problems.ts'
import type { DoorErrorKey, DoorErrorParams } from '../task-list/doors/error.ts'

export interface LedgerFile {
  name: string
  bytes: Uint8Array
}
export type LedgerAnswer = { tables: LedgerTable[] } | { key: DoorErrorKey; params: DoorErrorParams }

const LIMIT_SECONDS = 20
const LIMIT_HEAP_MB = 512
const LIMIT_MB = 10

/**
 * Reads a ledger's file in a thread of its own, so that the server goes on answering whatever the file holds.
 * @throws Problem file-empty, file-too-large, file-too-slow, file-damaged, format-unknown and the like
 */
export async function readLedgerFile(file: LedgerFile): Promise<LedgerTable[]> {
  if (file.bytes.length === 0) throw new Problem('file-empty', {}, 'file')
  if (file.bytes.length > LIMIT_MB * 1024 * 1024) throw new Problem('file-too-large', { limitMB: LIMIT_MB }, 'file')
  const answer = await inThread(file)
  if ('key' in answer) throw new Problem(answer.key, answer.params, 'file')
  return answer.tables
}

function inThread(file: LedgerFile): Promise<LedgerAnswer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./ledger-thread.ts', import.meta.url), {
      // Without inherited flags and environment: a loader or a debugger of the parent has no business there.
      execArgv: [],
      env: {},
      workerData: file,
      resourceLimits: { maxOldGenerationSizeMb: LIMIT_HEAP_MB },
    })
    const timer = setTimeout(() => finish(new Problem('file-too-slow', { seconds: LIMIT_SECONDS }, 'file')), LIMIT_SECONDS * 1000)
    const finish = (outcome: LedgerAnswer | Error) => {
      clearTimeout(timer)
      worker.removeAllListeners()
      // A thread may still fail while it is being ended.
      worker.on('error', () => {})
      void worker.terminate()
      if (outcome instanceof Error) reject(outcome)
      else resolve(outcome)
    }
    worker.once('message', (answer: LedgerAnswer) => finish(answer))
    worker.once('error', (error: NodeJS.ErrnoException) => finish(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new Problem('file-too-large', { limitMB: LIMIT_HEAP_MB }, 'file') : error))
    worker.once('exit', (code) => finish(new Error(`the reader of ledgers ended with ${code}`)))
  })
}
