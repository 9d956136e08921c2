import { describe, expect, it } from 'vitest'
import { buildMatrix, compareTrouble, matchesSearch, NO_FILTER } from '../../../geo/light/matrix.ts'
import type { Light, LightColour } from '../../../geo/light/light.ts'
import { taskLights } from '../../../geo/light/task-light.ts'
import type { Task } from '../../../geo/plan/plan.ts'

const DISTRICT = 'D'

function task(no: number, category: number, name = `任务${no}`, leads = ['甲委']): Task {
  return {
    no,
    municipalNo: no,
    category: { no: category, name: `类${category}` },
    name,
    requirement: '',
    leads,
    partners: [],
    deadline: '2023-12-31',
    deadlineText: '12月底',
    townText: '',
    towns: [],
    mechanisms: [],
    measures: [],
    place: { table: 0, rows: [no], page: null },
  }
}

function light(task: number, town: string, colour: LightColour, more: Partial<Light> = {}): Light {
  return {
    task,
    measure: `${task}.1`,
    town,
    light: colour,
    expected: 0.5,
    done: 0.5,
    claimed: null,
    value: 5,
    target: 10,
    gap: 0,
    reasonKey: 'on-schedule',
    reasonParams: {},
    reason: '',
    since: null,
    wasRed: false,
    late: false,
    demo: true,
    ...more,
  }
}

const tasks = [task(1, 1), task(2, 1, '稳定粮食生产', ['乙局']), task(3, 2)]
const lights = [
  light(1, 'A', 'green'),
  light(1, 'B', 'yellow', { gap: 12 }),
  light(2, 'A', 'red', { gap: 30 }),
  light(2, 'A', 'green', { measure: '2.2', wasRed: true }),
  light(2, DISTRICT, 'grey'),
  light(3, 'B', 'red', { gap: 60, late: true }),
  light(3, 'A', 'red', { gap: 40, claimed: 0.9 }),
]
const lightOf = (of: Light[]) => {
  const byTask = taskLights(of)
  return (no: number, town: string) => byTask.get(no)?.get(town)
}
const build = (options: Partial<Parameters<typeof buildMatrix>[3]> = {}) =>
  buildMatrix(tasks, [DISTRICT, 'A', 'B', 'C'], lightOf(lights), { district: DISTRICT, ...options })
const numbers = (matrix: ReturnType<typeof build>) =>
  matrix.groups.flatMap((group) => group.rows.map((row) => row.task.no))

describe('the matrix of lights', () => {
  it('should show the worst measure of a task in a town and keep the marks of the others', () => {
    const cell = build().groups[0]!.rows[1]!.cells[1]!
    expect(cell).toMatchObject({ task: 2, town: 'A', light: { light: 'red', because: { measure: '2.1' } } })
    expect(cell.light?.lights.map((l) => l.measure)).toEqual(['2.1', '2.2'])
  })

  it('should tell a cell without a quota from one that is not due', () => {
    const [row1, row2] = build().groups[0]!.rows
    expect(row1!.cells[0]!.light).toBeNull()
    expect(row2!.cells[0]!.light?.light).toBe('grey')
  })

  it('should group rows by category in the order of the list', () => {
    expect(build().groups.map((group) => [group.category?.no, group.rows.length])).toEqual([
      [1, 2],
      [2, 1],
    ])
  })

  it('should count cells in the totals and never average them', () => {
    const matrix = build()
    expect(matrix.counts).toEqual({ grey: 1, green: 1, yellow: 1, red: 3 })
    expect(matrix.columns.find((column) => column.code === 'A')!.counts).toEqual({
      grey: 0,
      green: 1,
      yellow: 0,
      red: 2,
    })
    expect(matrix.groups[1]!.rows[0]!.counts).toEqual({ grey: 0, green: 0, yellow: 0, red: 2 })
  })

  it('should sort rows by trouble into one group and break ties by number', () => {
    const matrix = build({ order: { rows: 'trouble', columns: 'number' } })
    expect(matrix.groups).toHaveLength(1)
    expect(matrix.groups[0]!.category).toBeNull()
    expect(numbers(matrix)).toEqual([3, 2, 1])
  })

  it('should sort rows by the trouble of one town, the wider gap first', () => {
    expect(numbers(build({ order: { rows: 'town:A', columns: 'number' } }))).toEqual([3, 2, 1])
    expect(numbers(build({ order: { rows: 'town:B', columns: 'number' } }))).toEqual([3, 1, 2])
  })

  it('should keep the district first when columns are sorted by trouble, and cells under their heads', () => {
    const matrix = buildMatrix(tasks, [DISTRICT, 'C', 'B', 'A'], lightOf(lights), {
      district: DISTRICT,
      order: { rows: 'number', columns: 'trouble' },
    })
    expect(matrix.columns.map((column) => column.code)).toEqual([DISTRICT, 'A', 'B', 'C'])
    for (const group of matrix.groups)
      for (const row of group.rows) expect(row.cells.map((cell) => cell.town)).toEqual([DISTRICT, 'A', 'B', 'C'])
  })

  it('should filter by light, department, category and words', () => {
    expect(numbers(build({ filter: { ...NO_FILTER, light: 'yellow' } }))).toEqual([1])
    expect(numbers(build({ filter: { ...NO_FILTER, department: '乙局' } }))).toEqual([2])
    expect(numbers(build({ filter: { ...NO_FILTER, category: 2 } }))).toEqual([3])
    expect(numbers(build({ filter: { ...NO_FILTER, search: '粮食' } }))).toEqual([2])
    expect(build({ filter: { ...NO_FILTER, search: '没有' } }).groups).toEqual([])
  })
})

describe('compareTrouble', () => {
  it('should weigh any red over any number of yellows', () => {
    const one = { grey: 0, green: 9, yellow: 0, red: 1 }
    const many = { grey: 0, green: 0, yellow: 9, red: 0 }
    expect(compareTrouble(one, many)).toBeLessThan(0)
  })
})

describe('matchesSearch', () => {
  it('should take a bare number as the task’s own number', () => {
    expect(matchesSearch(task(1, 1), '1')).toBe(true)
    expect(matchesSearch(task(11, 1), '1')).toBe(false)
  })
  it('should find pinyin that is handed in, and want every word', () => {
    expect(matchesSearch(task(2, 1, '稳定粮食生产'), 'liangshi', 'wending liangshi')).toBe(true)
    expect(matchesSearch(task(2, 1, '稳定粮食生产'), '粮食 乙局')).toBe(false)
  })
})
