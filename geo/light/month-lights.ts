/** A month's lights, ready to be asked by measure, task and unit. */
import type { Light } from './light.ts'
import { countLights, taskLights, type LightCounts, type TaskLight } from './task-light.ts'
import { monthEnd } from '../month/month.ts'

export interface MonthLights {
  month: string
  /** The month's last day; of a month that is looked at from within, that day. */
  asOf: string
  /** One for each measure × unit that has a quota. */
  lights: Light[]
  /** One for each task × unit that has a quota in it: what counts count, here and in the matrix. */
  taskLights: TaskLight[]
  counts: LightCounts
  light: (measure: string, town: string) => Light | undefined
  /** Undefined when the unit has no quota in the task, which is not the same as grey. */
  taskLight: (task: number, town: string) => TaskLight | undefined
  ofTask: (task: number) => TaskLight[]
  ofTown: (town: string) => TaskLight[]
}

/** Puts a month's lights in order: by task and unit, and counted. */
export function monthLights(month: string, all: Light[], asOf: string = monthEnd(month)): MonthLights {
  const lights = all.filter((light) => light.reasonKey !== 'no-quota')
  const byQuota = new Map(lights.map((light) => [`${light.measure} ${light.town}`, light]))
  const byTask = taskLights(lights)
  const list = [...byTask.values()].flatMap((byTown) => [...byTown.values()])
  const byTown = Map.groupBy(list, (light) => light.town)
  return {
    month,
    asOf,
    lights,
    taskLights: list,
    counts: countLights(list),
    light: (measure, town) => byQuota.get(`${measure} ${town}`),
    taskLight: (task, town) => byTask.get(task)?.get(town),
    ofTask: (task) => [...(byTask.get(task)?.values() ?? [])],
    ofTown: (town) => byTown.get(town) ?? [],
  }
}
