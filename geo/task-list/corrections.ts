import { sum } from '../number/decimal.ts'
import {
  ALLOCATIONS,
  DIRECTIONS,
  MEASURE_KINDS,
  type Category,
  type Measure,
  type Problem,
  type Quota,
  type Task,
  type TaskList,
} from '../plan/plan.ts'
import { problem } from './problems.ts'

/** One value that a person set right, beside what had been read. */
export interface Correction {
  /**
   * Where: `title`, `year`, `tasks/14/name`, `tasks/14/category` (a category's number), `tasks/14/leads`, `tasks/14/deadline`, `tasks/14/measures/14.1/target`,
   * `tasks/14/measures/14.9` (a whole measure: null takes one out, a measure adds one), `tasks/14/measures/14.1/quotas/赵巷镇` (a whole quota: null takes it out, `{target}` adds it), `…/quotas/赵巷镇/target`.
   */
  path: string
  read: unknown
  corrected: unknown
  reason: string
  /** ISO date-time. */
  at: string
}

/** A correction that cannot be made: where, and why in a word that the screens know. */
export class CorrectionError extends Error {
  readonly path: string
  readonly why: string

  constructor(path: string, why: string) {
    super(`${path}: ${why}`)
    this.path = path
    this.why = why
  }
}

/**
 * The list with the corrections made, in their order; the reading itself is not touched. Problems whose subject was corrected are gone, and sums are
 * checked anew: a correction may settle one problem and make another.
 * @throws CorrectionError for a path that leads nowhere or a value that does not fit it
 */
export function applyCorrections(list: TaskList, corrections: readonly Correction[]): TaskList {
  const corrected = structuredClone(list)
  for (const correction of corrections) apply(corrected, correction)
  const touched = corrections.map(({ path }) => path)
  const left = corrected.problems.filter((p) => p.kind !== 'sum-differs' && !touched.some((path) => settles(path, p)))
  return { ...corrected, problems: [...left, ...sumProblems(corrected, list)] }
}

/** Stable name of a problem: the same trouble has the same key at every reading, other numbers have another. */
export function problemKey({ kind, task, measure, params, source }: Problem): string {
  const said = Object.entries(params)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(',')
  return `${kind}|${task ?? ''}|${measure ?? ''}|${source ? `${source.field}${source.start}` : ''}|${said}`.slice(0, 500)
}

function apply(list: TaskList, { path, corrected }: Correction): void {
  const [head, ...rest] = path.split('/')
  if (head === 'title' && rest.length === 0) list.title = text(path, corrected)
  else if (head === 'year' && rest.length === 0) list.year = whole(path, corrected, 1900, 2999)
  else if (head === 'tasks') applyToTask(list, path, rest, corrected)
  else throw new CorrectionError(path, 'unknown-path')
}

function applyToTask(list: TaskList, path: string, [no, field, ...rest]: string[], value: unknown): void {
  const task = list.tasks.find((t) => String(t.no) === no)
  if (!task) throw new CorrectionError(path, 'unknown-task')
  if (field === 'measures') return applyToMeasure(task, path, rest, value)
  if (rest.length) throw new CorrectionError(path, 'unknown-path')
  if (field === 'name') task.name = text(path, value)
  else if (field === 'deadline') task.deadline = isoDate(path, value)
  else if (field === 'leads') task.leads = names(path, value, 1)
  else if (field === 'partners') task.partners = names(path, value, 0)
  else if (field === 'category') task.category = categoryOf(list.categories, path, value)
  else throw new CorrectionError(path, 'unknown-path')
}

function applyToMeasure(task: Task, path: string, [id, field, town, inQuota, ...rest]: string[], value: unknown): void {
  if (rest.length) throw new CorrectionError(path, 'unknown-path')
  const index = task.measures.findIndex((m) => m.id === id)
  if (field === undefined) {
    if (value === null && index < 0) throw new CorrectionError(path, 'unknown-measure')
    if (value === null) task.measures.splice(index, 1)
    else if (index >= 0) throw new CorrectionError(path, 'only-null')
    else task.measures.push(addedMeasure(task, path, id, value))
    return
  }
  const measure = task.measures[index]
  if (!measure) throw new CorrectionError(path, 'unknown-measure')
  if (field === 'quotas' && town !== undefined) applyToQuota(measure, path, town, inQuota, value)
  else if (town !== undefined) throw new CorrectionError(path, 'unknown-path')
  else if (field === 'name') measure.name = text(path, value)
  else if (field === 'unit') measure.unit = text(path, value)
  else if (field === 'target') measure.target = value === null ? null : amount(path, value)
  else if (field === 'kind') measure.kind = oneOf(path, value, MEASURE_KINDS)
  else if (field === 'allocation') measure.allocation = oneOf(path, value, ALLOCATIONS)
  else throw new CorrectionError(path, 'unknown-path')
}

/** A measure that the reader did not see: `{name, unit, kind, allocation, target, quotas: [{town, target}]}`, its id the task's next. */
function addedMeasure(task: Task, path: string, id: string | undefined, value: unknown): Measure {
  if (id === undefined || !new RegExp(`^${task.no}\\.[1-9]\\d{0,3}$`).test(id)) throw new CorrectionError(path, 'unknown-measure')
  if (typeof value !== 'object' || value === null) throw new CorrectionError(path, 'not-a-measure')
  const { name, unit, kind, direction, allocation, target, quotas } = value as Partial<Measure>
  const given: unknown = quotas
  if (!Array.isArray(given) || given.length === 0) throw new CorrectionError(path, 'not-a-measure')
  const measure: Measure = {
    id,
    name: text(path, name),
    unit: kind === 'stage' ? '' : text(path, unit),
    kind: oneOf(path, kind, MEASURE_KINDS),
    direction: direction === undefined ? 'atLeast' : oneOf(path, direction, DIRECTIONS),
    allocation: oneOf(path, allocation, ALLOCATIONS),
    target: target == null ? null : amount(path, target),
    targetText: null,
    targetSource: null,
    milestones: [],
    quotas: [],
  }
  for (const quota of given as unknown[]) {
    const { town, target: share } = (quota ?? {}) as Partial<Quota>
    const name = text(path, town)
    if (measure.quotas.some((q) => q.town === name)) throw new CorrectionError(path, 'town-repeated')
    measure.quotas.push({ town: name, target: share == null ? null : amount(path, share), source: null, requirementSource: null, townSource: null })
  }
  return measure
}

function applyToQuota(measure: Measure, path: string, town: string, field: string | undefined, value: unknown): void {
  const index = measure.quotas.findIndex((q) => q.town === town)
  const quota = measure.quotas[index]
  if (field === undefined) {
    if (value === null) {
      if (!quota) throw new CorrectionError(path, 'unknown-quota')
      measure.quotas.splice(index, 1)
      return
    }
    const target = (Object(value) as Partial<Quota>).target
    const made: Quota = { town, target: target == null ? null : amount(path, target), source: null, requirementSource: null, townSource: null }
    if (quota) measure.quotas[index] = { ...quota, target: made.target }
    else measure.quotas.push(made)
    return
  }
  if (!quota) throw new CorrectionError(path, 'unknown-quota')
  if (field === 'target') quota.target = amount(path, value)
  else if (field === 'town') {
    const name = text(path, value)
    if (measure.quotas.some((q) => q !== quota && q.town === name)) throw new CorrectionError(path, 'town-repeated')
    quota.town = name
  } else throw new CorrectionError(path, 'unknown-path')
}

/** Whether a correction at a path settles a problem: it touches the measure that the problem is about, or the task's field that it speaks of. */
function settles(path: string, { task, measure, kind }: Problem): boolean {
  if (task === null) return false
  if (measure !== null) return path.startsWith(`tasks/${task}/measures/${measure}`)
  const fields: Partial<Record<Problem['kind'], string>> = {
    'category-unlikely': 'category',
    'category-missing': 'category',
    'deadline-not-understood': 'deadline',
    'lead-missing': 'leads',
    'name-missing': 'name',
  }
  const field = fields[kind]
  return field ? path === `tasks/${task}/${field}` : path.startsWith(`tasks/${task}/measures/`)
}

/** Quotas by name against the declared total: as the reader found them, and anew for every measure that a correction changed. */
function sumProblems(corrected: TaskList, reading: TaskList): Problem[] {
  const before = new Map(reading.tasks.flatMap((t) => t.measures.map((m) => [m.id, JSON.stringify([m.target, m.quotas.map((q) => q.target)])])))
  const found = new Map(reading.problems.filter((p) => p.kind === 'sum-differs').map((p) => [p.measure, p]))
  return corrected.tasks.flatMap((task) =>
    task.measures.flatMap((measure) => {
      const known = found.get(measure.id)
      if (before.get(measure.id) === JSON.stringify([measure.target, measure.quotas.map((q) => q.target)])) return known ? [known] : []
      if (measure.allocation !== 'named' || measure.kind === 'rate' || measure.target === null) return []
      const added = sum(measure.quotas.map((q) => q.target ?? 0))
      if (added === measure.target) return []
      const params = { name: measure.name, sum: added, total: measure.target, unit: measure.unit, difference: Math.abs(sum([added, -measure.target])) }
      return [problem('sum-differs', { task: task.no, measure: measure.id, source: measure.targetSource, params })]
    }),
  )
}

function text(path: string, value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '' || value.length > 500) throw new CorrectionError(path, 'not-a-text')
  return value.trim()
}

function amount(path: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > 1e12) throw new CorrectionError(path, 'not-a-number')
  return value
}

function whole(path: string, value: unknown, least: number, most: number): number {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) throw new CorrectionError(path, 'not-a-number')
  return value as number
}

function isoDate(path: string, value: unknown): string | null {
  if (value === null) return null
  const day = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T00:00:00Z`) : null
  if (!day || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== value) throw new CorrectionError(path, 'not-a-date')
  return value
}

function names(path: string, value: unknown, least: number): string[] {
  if (!Array.isArray(value) || value.length < least) throw new CorrectionError(path, 'not-names')
  return value.map((name) => text(path, name))
}

function oneOf<const T extends readonly string[]>(path: string, value: unknown, known: T): T[number] {
  if (!known.includes(value as string)) throw new CorrectionError(path, 'not-one-of')
  return value as T[number]
}

function categoryOf(categories: readonly Category[], path: string, value: unknown): Category {
  const category = categories.find((c) => c.no === value)
  if (!category) throw new CorrectionError(path, 'unknown-category')
  return { ...category }
}
