import type { TaskList } from '../../geo/plan/plan.ts'

/** Paths of values that can be corrected, as the server and `geo/task-list/corrections.ts` know them. */
export const pathOf = {
  title: 'title',
  year: 'year',
  task: (no: number, field: 'name' | 'category' | 'leads' | 'partners' | 'deadline') => `tasks/${no}/${field}`,
  measure: (no: number, id: string, field: 'name' | 'unit' | 'kind' | 'allocation' | 'target') =>
    `tasks/${no}/measures/${id}/${field}`,
  /** The whole measure: corrected to null it goes. */
  wholeMeasure: (no: number, id: string) => `tasks/${no}/measures/${id}`,
  quota: (no: number, id: string, town: string) => `tasks/${no}/measures/${id}/quotas/${town}`,
  quotaField: (no: number, id: string, town: string, field: 'target' | 'town') =>
    `tasks/${no}/measures/${id}/quotas/${town}/${field}`,
}

/**
 * What a list has at a path, to be kept beside a correction: `tasks/14/measures/14.1/quotas/赵巷镇/target` → 3950. Null where there is nothing,
 * as for a quota that is added.
 */
export function readValueAt(list: TaskList, path: string): unknown {
  const [head, no, ...rest] = path.split('/')
  if (head === 'title' || head === 'year') return list[head]
  const task = list.tasks.find((candidate) => String(candidate.no) === no)
  if (!task) return null
  const [field, id, inMeasure, town, inQuota] = rest
  // A category is named by its number.
  if (field === 'category') return task.category.no
  if (field !== 'measures') return valueOf(task, field)
  const measure = task.measures.find((candidate) => candidate.id === id)
  if (!measure || inMeasure !== 'quotas' || town === undefined) return measure ? valueOf(measure, inMeasure) : null
  const quota = measure.quotas.find((candidate) => candidate.town === town)
  return quota && inQuota ? valueOf(quota, inQuota) : (quota ?? null)
}

function valueOf(record: object, field: string | undefined): unknown {
  return field === undefined ? record : ((record as Record<string, unknown>)[field] ?? null)
}
