import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { MapFormat } from '../../geo/import/formats.ts'
import type { Span } from '../../geo/import/span.ts'
import type { FilePlots, PlotsInput } from '../check/plots.ts'
import type { Batch, StageInput } from '../import/stage.ts'
import { DoorError, type DoorErrorKey, type DoorErrorParams } from '../task-list/doors/error.ts'
import { Problem } from '../problems.ts'
import type { MapFile, ReadOptions, Writing, Written } from './format.ts'
import { HANDS, MAP_LIMITS } from './limits.ts'
import type { Preview, PreviewInput } from './open.ts'

/** What a thread is asked to do with a file. */
export type Task =
  | { do: 'preview'; file: MapFile; options: ReadOptions; input: PreviewInput }
  | { do: 'stage'; file: MapFile; input: StageInput }
  | { do: 'plots'; file: MapFile; input: PlotsInput }
  | { do: 'geojson'; file: MapFile; input: PreviewInput }
  | { do: 'write'; format: MapFormat; writing: Omit<Writing, 'features'>; rows: { shape: string | null; values: Writing['features'][number]['values'] }[]; local: string | null }

/** What it answers. */
export type Answer = { part: Batch | Span } | { done: unknown } | { key: DoorErrorKey; params: DoorErrorParams }

export interface Bounds {
  seconds: number
  heapMB: number
}

let running = 0
const waiting: (() => void)[] = []

/**
 * Works on a map file in a thread of its own that is killed after `MAP_LIMITS.seconds` without a word and may use `MAP_LIMITS.heapMB`, with a folder
 * of its own that goes away afterwards; a few run at a time. `take` gets parts in their order, the next before the one before is taken; with
 * {@link HANDS} of them under way the thread waits.
 * @throws Problem of the file; what `take` throws, and then the thread is ended; never before everything that was handed over is over
 */
async function isolated(task: Task, take: ((part: Batch | Span) => Promise<void>) | null, bounds: Bounds): Promise<unknown> {
  if (running >= MAP_LIMITS.threads) await new Promise<void>((resolve) => waiting.push(resolve))
  else running++
  const folder = await mkdtemp(join(tmpdir(), 'xiangtu-map-'))
  try {
    return await inThread(task, folder, take, bounds)
  } catch (error) {
    throw error instanceof DoorError ? new Problem(error.key, { ...error.params }, 'file') : error
  } finally {
    await rm(folder, { recursive: true, force: true })
    const next = waiting.shift()
    if (next === undefined) running--
    else next()
  }
}

function inThread(task: Task, folder: string, take: ((part: Batch | Span) => Promise<void>) | null, bounds: Bounds): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      // Without inherited flags and environment: a loader or a debugger of the parent has no business there.
      execArgv: ['--no-warnings'],
      env: {},
      stdout: true,
      stderr: true,
      workerData: { task, folder },
      resourceLimits: { maxOldGenerationSizeMb: bounds.heapMB, maxYoungGenerationSizeMb: 128 },
    })
    let timer: NodeJS.Timeout
    let over = false
    const patience = () => {
      clearTimeout(timer)
      if (over) return
      timer = setTimeout(() => finish(new DoorError('file-too-slow', { seconds: bounds.seconds })), bounds.seconds * 1000)
    }
    const underWay = new Set<Promise<void>>()
    const finish = (outcome: Error | { done: unknown }) => {
      over = true
      clearTimeout(timer)
      worker.removeAllListeners()
      // A thread may still fail while it is being ended.
      worker.on('error', () => {})
      // Whoever cleans up after a failure must find everything written that will be.
      void Promise.allSettled([worker.terminate(), ...underWay]).then(() => (outcome instanceof Error ? reject(outcome) : resolve(outcome.done)))
    }
    patience()
    worker.on('message', (answer: Answer) => {
      if ('done' in answer) finish(answer)
      else if ('key' in answer) finish(new DoorError(answer.key, answer.params))
      else {
        const taken = take!(answer.part)
        underWay.add(taken)
        // While the thread waits for the database it is not to blame.
        if (underWay.size < HANDS) patience()
        else clearTimeout(timer)
        taken.then(
          () => {
            underWay.delete(taken)
            patience()
            worker.postMessage('more')
          },
          (error: Error) => finish(error),
        )
      }
    })
    worker.once('error', (error: NodeJS.ErrnoException) =>
      finish(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? new DoorError('file-too-large', { what: 'memory', limitMB: bounds.heapMB })
          : new DoorError('file-damaged', { format: 'map', detail: String(error.message).slice(0, 200) }, { cause: error }),
      ),
    )
    worker.once('exit', (code) => finish(new DoorError('file-damaged', { format: 'map', detail: `the reader ended with ${code}` })))
    worker.stdout.resume()
    worker.stderr.resume()
  })
}

/** @throws Problem */
export function previewFile(file: MapFile, options: ReadOptions, input: PreviewInput, bounds: Bounds = MAP_LIMITS): Promise<Preview> {
  return isolated({ do: 'preview', file, options, input }, null, bounds) as Promise<Preview>
}

/** @throws Problem, and what `take` throws */
export async function stageFile(file: MapFile, input: StageInput, take: (part: Batch | Span) => Promise<void>): Promise<void> {
  await isolated({ do: 'stage', file, input }, take, MAP_LIMITS)
}

/** The areas in a file, for those who hold them against the farmland and store nothing. @throws Problem */
export function readPlots(file: MapFile, input: PlotsInput): Promise<FilePlots> {
  return isolated({ do: 'plots', file, input }, null, MAP_LIMITS) as Promise<FilePlots>
}

/** Everything in a file as GeoJSON in longitude and latitude. @throws Problem */
export function fileAsGeojson(file: MapFile, input: PreviewInput): Promise<object> {
  return isolated({ do: 'geojson', file, input }, null, MAP_LIMITS) as Promise<object>
}

/** Writes a file of rows whose shapes are hexadecimal EWKB in WGS84. @throws Problem */
export function writeFile(task: Omit<Task & { do: 'write' }, 'do'>): Promise<Written> {
  return isolated({ do: 'write', ...task }, null, MAP_LIMITS) as Promise<Written>
}
