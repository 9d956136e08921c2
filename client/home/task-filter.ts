/** Which tasks the list shows, in groups by category. Pure. */
import type { LightColour } from '../../geo/light/light.ts'
import { countLights, type LightCounts } from '../../geo/light/task-light.ts'
import type { Category, Task } from '../../geo/plan/plan.ts'
import { matchesSearch } from '../../geo/light/matrix.ts'
import type { MonthLights } from '../plan/plan.ts'
import type { View } from '../view/view.ts'

export interface TaskRow {
  task: Task
  counts: LightCounts
}

export interface TaskGroup {
  category: Category
  rows: TaskRow[]
}

export type TaskFilter = Pick<View, 'light' | 'department' | 'due' | 'q'>

/** The tasks that a filter lets through, with their counts in a month, in the list's order by category. */
export function filterTasks(
  tasks: readonly Task[],
  month: MonthLights,
  filter: TaskFilter,
  pinyin: (task: Task) => string,
): TaskGroup[] {
  const groups: TaskGroup[] = []
  for (const task of tasks) {
    if (filter.department && !task.leads.includes(filter.department)) continue
    if (filter.due && task.deadline?.slice(0, 7) !== filter.due) continue
    if (!matchesSearch(task, filter.q, pinyin(task))) continue
    const counts = countLights(month.ofTask(task.no))
    if (filter.light && counts[filter.light] === 0) continue
    const group = groups.find(({ category }) => category.no === task.category.no)
    if (group) group.rows.push({ task, counts })
    else groups.push({ category: task.category, rows: [{ task, counts }] })
  }
  return groups
}

export interface FilterChoices {
  lights: LightColour[]
  departments: string[]
  /** Months of deadlines. */
  dues: string[]
}

/** What there is to filter by: departments with most tasks first, deadlines in order. */
export function filterChoices(tasks: readonly Task[]): FilterChoices {
  const departments = new Map<string, number>()
  for (const lead of tasks.flatMap((task) => task.leads)) departments.set(lead, (departments.get(lead) ?? 0) + 1)
  return {
    lights: ['red', 'yellow', 'green', 'grey'],
    departments: [...departments].sort((a, b) => b[1] - a[1]).map(([name]) => name),
    dues: [...new Set(tasks.flatMap((task) => (task.deadline ? [task.deadline.slice(0, 7)] : [])))].sort(),
  }
}
