import { describe, expect, it } from 'vitest'
import type { Light } from '../../../geo/light/light.ts'
import { lightOf } from '../../../geo/light/lights.ts'
import {
  compareCounts,
  countLights,
  countsByTask,
  countsByTown,
  taskLightList,
  taskLights,
  worst,
} from '../../../geo/light/task-light.ts'
import { input, point } from './fixture.ts'

const light = (
  task: number,
  measure: string,
  town: string,
  colour: Light['light'],
  part: Partial<Light> = {},
): Light => ({
  ...lightOf(input('2023-09-30', [point('2023-09', 50)])),
  ...{ task, measure, town, light: colour, since: colour === 'grey' ? null : '2023-08-01', wasRed: false },
  ...part,
})

const lights = [
  light(14, '14.1', 'a', 'green'),
  light(15, '15.1', 'a', 'yellow', { gap: 6, wasRed: true }),
  light(15, '15.2', 'a', 'yellow', { gap: 19 }),
  light(15, '15.3', 'a', 'grey', { late: true }),
  light(15, '15.1', 'b', 'red', { since: '2023-09-01' }),
  light(15, '15.2', 'b', 'red', { since: '2023-07-01', wasRed: true }),
  light(16, '16.1', 'b', 'grey'),
]

describe('the worst', () => {
  it('should be red before yellow before green, and grey only if all are', () => {
    expect(worst(['green', 'red', 'yellow', 'grey'])).toBe('red')
    expect(worst(['grey', 'yellow', 'green'])).toBe('yellow')
    expect(worst(['grey', 'green'])).toBe('green')
    expect(worst(['grey', 'grey'])).toBe('grey')
    expect(worst([])).toBe('grey')
  })
})

describe("a task's light", () => {
  const byTask = taskLights(lights)

  it('should be the worst of its measures in the town', () => {
    const rows = taskLightList(lights).map(({ task, town, light }) => [task, town, light])
    expect(rows).toEqual([
      [14, 'a', 'green'],
      [15, 'a', 'yellow'],
      [15, 'b', 'red'],
      [16, 'b', 'grey'],
    ])
  })

  it('should name the measure that makes it: the one that has burnt longest, then the one furthest behind', () => {
    expect(byTask.get(15)!.get('b')!.because.measure).toBe('15.2')
    expect(byTask.get(15)!.get('a')!.because.measure).toBe('15.2')
    expect(byTask.get(15)!.get('a')!.lights).toHaveLength(3)
  })

  it('should carry the marks of its measures, but not "was red" while it is', () => {
    expect(byTask.get(15)!.get('a')).toMatchObject({ wasRed: true, late: true })
    expect(byTask.get(15)!.get('b')).toMatchObject({ wasRed: false })
  })
})

describe('rows', () => {
  it('should count lights and not average colours', () => {
    expect(countLights(taskLightList(lights))).toEqual({ grey: 1, green: 1, yellow: 1, red: 1 })
    expect(countsByTown(taskLightList(lights)).get('a')).toEqual({ grey: 0, green: 1, yellow: 1, red: 0 })
    expect(countsByTask(taskLightList(lights)).get(15)).toEqual({ grey: 0, green: 0, yellow: 1, red: 1 })
  })

  it('should compare counts of two dates', () => {
    const then = { grey: 2, green: 1, yellow: 0, red: 3 }
    expect(compareCounts({ grey: 0, green: 5, yellow: 0, red: 1 }, then)).toEqual({
      grey: -2,
      green: 4,
      yellow: 0,
      red: -2,
    })
  })
})
