/** What deciding costs: all lights of the plan at a date, against reading the same records from JSON. */
import { lightsOf } from '../../geo/light/lights.ts'
import type { Task } from '../../geo/plan/plan.ts'
import type { Progress } from '../../geo/report/report.ts'
import { compare, type Comparison } from './measure.ts'

/**
 * @param address of a running server with the demonstration year
 */
export async function lighting(address: string): Promise<Comparison[]> {
  const text = async (path: string) => (await fetch(address + path)).text()
  const [tasksText, progressText] = [await text('/api/plans/2023/tasks'), await text('/api/plans/2023/progress')]
  const tasks = JSON.parse(tasksText) as Task[]
  const progress = JSON.parse(progressText) as Progress
  const lights = lightsOf(tasks, progress, '2023-09-30')
  const reading = { label: 'JSON.parse of its records', run: () => [JSON.parse(tasksText), JSON.parse(progressText)] }
  return [
    await compare(
      `${lights.length} lights`,
      { label: 'with history', run: () => lightsOf(tasks, progress, '2023-09-30') },
      reading,
    ),
    await compare(
      `${lights.length} lights`,
      { label: 'colours only', run: () => lightsOf(tasks, progress, '2023-09-30', { history: false }) },
      reading,
    ),
  ]
}
