/**
 * The matrix 亮灯矩阵 as data: tasks × units, filtered and sorted, with totals as counts. Pure, so that the screen only draws it.
 */
import { LIGHTS } from './light.ts'
import type { LightColour } from './light.ts'
import type { LightCounts, TaskLight } from './task-light.ts'
import type { Task } from '../plan/plan.ts'

/** How rows and columns may be ordered. `town:<code>` orders the rows by one unit's trouble. */
export const MATRIX_SORTS = ['number', 'trouble'] as const
export type MatrixSort = (typeof MATRIX_SORTS)[number]

export interface MatrixCell {
  task: number
  town: string
  /** Null when the unit has no quota in the task, which is not the same as grey. */
  light: TaskLight | null
}

export interface MatrixRow {
  task: Task
  cells: MatrixCell[]
  counts: LightCounts
}

export interface MatrixGroup {
  /** Null where the rows are sorted by trouble and so stand in one group. */
  category: { no: number; name: string } | null
  rows: MatrixRow[]
}

export interface MatrixColumn {
  code: string
  counts: LightCounts
}

export interface Matrix {
  groups: MatrixGroup[]
  columns: MatrixColumn[]
  /** Every cell that is shown, by colour. */
  counts: LightCounts
}

export interface MatrixFilter {
  light: LightColour | null
  department: string | null
  category: number | null
  search: string
}

export const NO_FILTER: MatrixFilter = { light: null, department: null, category: null, search: '' }

export interface MatrixOrder {
  rows: MatrixSort | `town:${string}`
  columns: MatrixSort
}

/** Trouble of a cell for sorting: no quota is less than grey, and so on up to red. */
export function troubleOf(cell: MatrixCell | undefined): number {
  return cell?.light ? LIGHTS.indexOf(cell.light.light) : -1
}

/** More red first, then more yellow, then fewer green: negative when `a` is in more trouble than `b`. */
export function compareTrouble(a: LightCounts, b: LightCounts): number {
  return b.red - a.red || b.yellow - a.yellow || a.green - b.green
}

/** The task's leads and partners. */
export function departmentsOf(tasks: readonly Task[]): string[] {
  return [...new Set(tasks.flatMap((task) => task.leads))]
}

/** Whether a task meets the words of a search: its number, name, a department or `extra` (pinyin, say), letters' case ignored. */
export function matchesSearch(task: Task, search: string, extra = ''): boolean {
  const words = search.trim().toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const text = [task.no, task.name, ...task.leads, ...task.partners, extra].join('\n').toLowerCase()
  // A short number is a task's own number; a year is looked for in the words too.
  return words.every((word) => (/^\d{1,3}$/.test(word) ? String(task.no) === word : text.includes(word)))
}

type LightOf = (task: number, town: string) => TaskLight | undefined

/**
 * The matrix of `tasks` × `columns` (codes of units, the district among them); `lightOf` gives a task's light in a unit. The
 * district's column keeps its place; the others are sorted. With a filter on a colour only rows that show it remain. `searchable` adds words to a task's text, e.g. its pinyin.
 */
export function buildMatrix(
  tasks: readonly Task[],
  columns: readonly string[],
  lightOf: LightOf,
  options: { district: string; filter?: MatrixFilter; order?: MatrixOrder; searchable?: (task: Task) => string },
): Matrix {
  const filter = options.filter ?? NO_FILTER
  const order = options.order ?? { rows: 'number', columns: 'number' }
  let rows = tasks
    .filter((task) => filter.category === null || task.category.no === filter.category)
    .filter((task) => filter.department === null || task.leads.includes(filter.department))
    .filter((task) => matchesSearch(task, filter.search, options.searchable?.(task)))
    .map((task) => rowOf(task, columns, lightOf))
  if (filter.light !== null) rows = rows.filter((row) => row.counts[filter.light!] > 0)

  const codes = sortColumns(columns, rows, options.district, order.columns)
  const at = codes.map((code) => columns.indexOf(code))
  for (const row of rows) row.cells = at.map((i) => row.cells[i]!)

  return {
    groups: groupRows(rows, order.rows, codes),
    columns: codes.map((code, i) => ({ code, counts: countShown(rows.map((row) => row.cells[i]!)) })),
    counts: countShown(rows.flatMap((row) => row.cells)),
  }
}

function rowOf(task: Task, columns: readonly string[], lightOf: LightOf): MatrixRow {
  const cells = columns.map((town) => ({ task: task.no, town, light: lightOf(task.no, town) ?? null }))
  return { task, cells, counts: countShown(cells) }
}

/** Cells that have a light, by colour. */
export function countShown(cells: readonly MatrixCell[]): LightCounts {
  const counts = { grey: 0, green: 0, yellow: 0, red: 0 }
  for (const { light } of cells) if (light) counts[light.light]++
  return counts
}

function sortColumns(columns: readonly string[], rows: MatrixRow[], district: string, sort: MatrixSort): string[] {
  const units = columns.filter((code) => code !== district)
  if (sort === 'trouble') {
    const counts = new Map(
      units.map((code) => [code, countShown(rows.map((row) => row.cells[columns.indexOf(code)]!))]),
    )
    units.sort((a, b) => compareTrouble(counts.get(a)!, counts.get(b)!))
  }
  return columns.includes(district) ? [district, ...units] : units
}

function groupRows(rows: MatrixRow[], sort: MatrixOrder['rows'], codes: string[]): MatrixGroup[] {
  if (sort === 'number') {
    const groups: MatrixGroup[] = []
    for (const row of rows) {
      const last = groups.find((group) => group.category?.no === row.task.category.no)
      if (last) last.rows.push(row)
      else groups.push({ category: { no: row.task.category.no, name: row.task.category.name }, rows: [row] })
    }
    return groups
  }
  const sorted = [...rows]
  if (sort === 'trouble') sorted.sort((a, b) => compareTrouble(a.counts, b.counts) || a.task.no - b.task.no)
  else {
    const i = codes.indexOf(sort.slice('town:'.length))
    const gap = (row: MatrixRow) => row.cells[i]?.light?.because.gap ?? -Infinity
    if (i >= 0)
      sorted.sort((a, b) => troubleOf(b.cells[i]) - troubleOf(a.cells[i]) || gap(b) - gap(a) || a.task.no - b.task.no)
  }
  return sorted.length > 0 ? [{ category: null, rows: sorted }] : []
}
