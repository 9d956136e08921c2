import { parentPort, workerData } from 'node:worker_threads'
import { DoorError } from '../task-list/doors/error.ts'
import type { FilledAnswer, FilledInput } from './filled.ts'
import { readFilledHere } from './filled-read.ts'

/** The thread that `readFilled` starts: reads one file, answers once. */
parentPort!.postMessage(answer())

function answer(): FilledAnswer {
  try {
    return { file: readFilledHere((workerData as FilledInput).bytes) }
  } catch (error) {
    if (error instanceof DoorError) return { key: error.key, params: error.params }
    return { key: 'file-damaged', params: { format: 'xlsx', detail: String((error as Error).message).slice(0, 200) } }
  }
}
