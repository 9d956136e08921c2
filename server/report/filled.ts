import { Worker } from 'node:worker_threads'
import type { FilledFile } from '../../geo/report/template.ts'
import { Problem } from '../problems.ts'
import type { DoorErrorKey, DoorErrorParams } from '../task-list/doors/error.ts'

export interface FilledInput {
  bytes: Uint8Array
}
export type FilledAnswer = { file: FilledFile | null } | { key: DoorErrorKey; params: DoorErrorParams }

const LIMIT_SECONDS = 20
const LIMIT_HEAP_MB = 512
export const FILLED_LIMIT_MB = 5

/**
 * Reads a filled template in a thread of its own, so that the server goes on answering whatever the file holds.
 * @throws Problem file-empty, file-too-large, file-too-slow, file-damaged and the like, sheet-file-foreign when it is no template of ours
 */
export async function readFilled({ bytes }: FilledInput): Promise<FilledFile> {
  if (bytes.length === 0) throw new Problem('file-empty', {}, 'file')
  if (bytes.length > FILLED_LIMIT_MB * 1024 * 1024) throw new Problem('file-too-large', { limitMB: FILLED_LIMIT_MB }, 'file')
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw foreign()
  const answer = await inThread(bytes)
  if ('key' in answer) throw new Problem(answer.key, answer.params, 'file')
  if (!answer.file) throw foreign()
  return answer.file
}

function foreign(): Problem {
  return new Problem('sheet-file-foreign', { why: '不是从本系统下载的 Excel 模板（.xlsx）', whyEn: 'it is no Excel template (.xlsx) downloaded here' }, 'file')
}

function inThread(bytes: Uint8Array): Promise<FilledAnswer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./filled-thread.ts', import.meta.url), {
      // Without inherited flags and environment: a loader or a debugger of the parent has no business there.
      execArgv: [],
      env: {},
      workerData: { bytes } satisfies FilledInput,
      resourceLimits: { maxOldGenerationSizeMb: LIMIT_HEAP_MB },
    })
    const timer = setTimeout(() => finish(new Problem('file-too-slow', { seconds: LIMIT_SECONDS }, 'file')), LIMIT_SECONDS * 1000)
    const finish = (outcome: FilledAnswer | Error) => {
      clearTimeout(timer)
      worker.removeAllListeners()
      // A thread may still fail while it is being ended.
      worker.on('error', () => {})
      void worker.terminate()
      if (outcome instanceof Error) reject(outcome)
      else resolve(outcome)
    }
    worker.once('message', (answer: FilledAnswer) => finish(answer))
    worker.once('error', (error: NodeJS.ErrnoException) =>
      finish(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new Problem('file-too-large', { limitMB: LIMIT_HEAP_MB }, 'file') : error),
    )
    worker.once('exit', (code) => finish(new Error(`the reader of templates ended with ${code}`)))
  })
}
