import { parentPort, workerData } from 'node:worker_threads'
import { fromLonLat } from '../../geo/crs/transform.ts'
import { plotsOf } from '../check/plots.ts'
import { staged } from '../import/stage.ts'
import { damaged } from '../task-list/doors/error.ts'
import { formatOf } from './formats.ts'
import type { Answer, Task } from './isolated.ts'
import { HANDS } from './limits.ts'
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
      // Ahead of the database: reading and storing go on side by side, and memory stays bounded.
      let free = HANDS
      let wake = () => {}
      parentPort!.on('message', () => {
        free++
        wake()
      })
      const until = async (hands: number) => {
        while (free < hands) await new Promise<void>((resolve) => (wake = resolve))
      }
      for await (const part of staged(task.file, task.input, folder)) {
        await until(1)
        free--
        say({ part })
      }
      await until(HANDS)
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
