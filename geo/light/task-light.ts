/** Lights of tasks, towns and the district: the worst measure makes a task's light, rows count lights; colours are never averaged. */

import { LIGHTS } from './light.ts'
import type { Light, LightColour } from './light.ts'

/** A task's light in one unit. */
export interface TaskLight {
  task: number
  town: string
  light: LightColour
  /** The measure's light that makes it: of the worst ones the one that has burnt longest, then the one with the largest gap. */
  because: Light
  /** All its measures' lights in the unit, in the list's order. */
  lights: Light[]
  /** One of its measures was red earlier in the year, and the task is not red now (曾亮红灯). */
  wasRed: boolean
  /** For one of its measures a report is late. */
  late: boolean
  demo: boolean
}

export type LightCounts = Record<LightColour, number>

/** The worst of some colours: red before yellow before green; grey only if all are. Of none: grey. */
export function worst(colours: Iterable<LightColour>): LightColour {
  let trouble = 0
  for (const colour of colours) trouble = Math.max(trouble, LIGHTS.indexOf(colour))
  return LIGHTS[trouble]!
}

/** How many there are of each colour; of measures' lights or of tasks' lights alike. */
export function countLights(lights: Iterable<{ light: LightColour }>): LightCounts {
  const counts = noLights()
  for (const { light } of lights) counts[light]++
  return counts
}

/** Counts now minus counts then, colour by colour: "against last month", with lights of two dates. */
export function compareCounts(now: LightCounts, then: LightCounts): LightCounts {
  const change = noLights()
  for (const colour of LIGHTS) change[colour] = now[colour] - then[colour]
  return change
}

/** Task number → town code → the task's light there. Tasks and towns stand in the order of the lights given. */
export function taskLights(lights: Iterable<Light>): Map<number, Map<string, TaskLight>> {
  const byTask = new Map<number, Map<string, Light[]>>()
  for (const light of lights) {
    const byTown = getOrAdd(byTask, light.task, () => new Map<string, Light[]>())
    getOrAdd(byTown, light.town, () => []).push(light)
  }
  return new Map(
    [...byTask].map(([task, byTown]) => [task, new Map([...byTown].map(([town, its]) => [town, taskLight(its)]))]),
  )
}

/** All tasks' lights in one list, for counting: `countLights(taskLightList(lights))` is the district's row. */
export function taskLightList(lights: Iterable<Light>): TaskLight[] {
  return [...taskLights(lights).values()].flatMap((byTown) => [...byTown.values()])
}

/** Counts of the tasks' lights of each town, by its code; the district's own row (district-only quotas) among them. */
export function countsByTown(lights: Iterable<TaskLight>): Map<string, LightCounts> {
  return countsBy(lights, (light) => light.town)
}

/** Counts of the units' lights of each task, by its number. */
export function countsByTask(lights: Iterable<TaskLight>): Map<number, LightCounts> {
  return countsBy(lights, (light) => light.task)
}

/** One task's light in one unit, of its measures' lights there; at least one. */
function taskLight(lights: Light[]): TaskLight {
  const because = lights.reduce((worstYet, light) => (isWorse(light, worstYet) ? light : worstYet))
  return {
    task: because.task,
    town: because.town,
    light: because.light,
    because,
    lights,
    wasRed: because.light !== 'red' && lights.some((light) => light.wasRed),
    late: lights.some((light) => light.late),
    demo: lights.some((light) => light.demo),
  }
}

function isWorse(light: Light, than: Light): boolean {
  const trouble = LIGHTS.indexOf(light.light) - LIGHTS.indexOf(than.light)
  if (trouble !== 0) return trouble > 0
  if (light.since !== than.since) return light.since !== null && (than.since === null || light.since < than.since)
  return (light.gap ?? -Infinity) > (than.gap ?? -Infinity)
}

function noLights(): LightCounts {
  return { grey: 0, green: 0, yellow: 0, red: 0 }
}

function countsBy<Key>(lights: Iterable<TaskLight>, keyOf: (light: TaskLight) => Key): Map<Key, LightCounts> {
  const counts = new Map<Key, LightCounts>()
  for (const light of lights) getOrAdd(counts, keyOf(light), noLights)[light.light]++
  return counts
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}
