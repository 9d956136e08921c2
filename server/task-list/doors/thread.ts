import { parentPort, workerData } from 'node:worker_threads'
import { damaged } from './error.ts'
import { openHere } from './open.ts'
import type { DoorFile } from './door.ts'
import type { Answer } from './isolated.ts'

/** The thread that `openIsolated` starts: opens one file, answers once. */
const answer: Answer = await openHere(workerData as DoorFile).then(
  (opened) => ({ opened }),
  (error: unknown) => {
    const { key, params } = damaged('file', error)
    return { key, params }
  },
)
parentPort!.postMessage(answer)
