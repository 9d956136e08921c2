import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { fromLonLat } from '../../geo/crs/transform.ts'
import { plotsOf } from '../check/plots.ts'
import { staged } from '../import/stage.ts'
import { damaged } from '../task-list/doors/error.ts'
import { formatOf } from './formats.ts'
import type { Answer, Task } from './isolated.ts'
import { geojsonOf, previewOf } from './open.ts'
import { eachList, readWkb } from './shape.ts'

/** The thread that isolated.ts starts: does one task, answers once, or batch by batch. */
const { task, folder } = workerData as { task: Task; folder: string }
const say = (answer: Answer) => parentPort!.postMessage(answer)

async function work(): Promise<unknown> {
  switch (task.do) {
    case 'preview':
      return previewOf(task.file, task.options, task.input, folder)
    case 'plots':
      return plotsOf(task.file, task.input, folder)
    case 'geojson':
      return geojsonOf(task.file, task.input, folder)
    case 'stage': {
      // One batch ahead of the database: reading and storing go on side by side, and memory stays bounded.
      let taken: Promise<unknown> | null = null
      for await (const batch of staged(task.file, task.input, folder)) {
        await taken
        taken = once(parentPort!, 'message')
        say({ batch })
      }
      await taken
      return null
    }
    case 'write': {
      const change = fromLonLat(task.writing.crs, task.local)
      const features = task.rows.map(({ shape: hex, values }) => {
        const shape = hex === null ? null : readWkb(Buffer.from(hex, 'hex'))
        if (shape) eachList(shape, change)
        return { shape, values }
      })
      return formatOf(task.format).write!({ ...task.writing, features }, folder)
    }
  }
}

say(
  await work().then(
    (done) => ({ done }),
    (error: unknown) => {
      const { key, params } = damaged('map', error)
      return { key, params }
    },
  ),
)
