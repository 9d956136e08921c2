import { parentPort, workerData } from 'node:worker_threads'
import { damaged } from '../task-list/doors/error.ts'
import type { LedgerAnswer, LedgerFile } from './ledger-file.ts'
import { readLedgerHere } from './ledger-read.ts'

/** The thread that `readLedgerFile` starts: reads one file, answers once. */
parentPort!.postMessage(answer())

function answer(): LedgerAnswer {
  try {
    return { tables: readLedgerHere(workerData as LedgerFile) }
  } catch (error) {
    const { key, params } = damaged('file', error)
    return { key, params }
  }
}
