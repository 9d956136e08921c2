import type { Measure, Task, TaskList } from '../plan/plan.ts'
import { similarity } from './naming.ts'

/** How a task, or a number in it, differs between two lists. */
export const CHANGE_KINDS = [
  'task-added',
  'task-removed',
  'task-renumbered',
  'task-renamed',
  'category',
  'leads',
  'deadline',
  'towns',
  'measure-added',
  'measure-removed',
  'target',
  'quota-added',
  'quota-removed',
  'quota',
  'text',
] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

export interface PlanChange {
  kind: ChangeKind
  /** Number in the later list; in the earlier one where the task is gone. */
  task: number
  taskName: string
  measure: string | null
  town: string | null
  before: string | number | null
  after: string | number | null
  unit: string
}

/** Names at least this alike are the same task under another number or wording. */
const SAME_TASK = 0.6
const SAME_MEASURE = 0.5

/** What a later list changes against an earlier one, in the order of the later list; towns must be written alike in both. */
export function comparePlans(before: TaskList, after: TaskList): PlanChange[] {
  const pairs = pairTasks(before.tasks, after.tasks)
  const years = before.year && after.year ? after.year - before.year : 0
  const kept = new Set([...pairs.values()])
  return [
    ...after.tasks.flatMap((task) => {
      const earlier = pairs.get(task)
      return earlier ? taskChanges(earlier, task, years) : [change('task-added', task, { after: task.name })]
    }),
    ...before.tasks.filter((task) => !kept.has(task)).map((task) => change('task-removed', task, { before: task.name })),
  ]
}

/** Equal names first, then the most alike; a task is paired once. */
function pairTasks(before: readonly Task[], after: readonly Task[]): Map<Task, Task> {
  const candidates = after.flatMap((a) => before.map((b) => ({ a, b, alike: a.name === b.name ? 2 : similarity(a.name, b.name) })))
  const pairs = new Map<Task, Task>()
  const taken = new Set<Task>()
  for (const { a, b, alike } of candidates.sort((x, y) => y.alike - x.alike || Math.abs(x.a.no - x.b.no) - Math.abs(y.a.no - y.b.no))) {
    if (alike < SAME_TASK) break
    if (pairs.has(a) || taken.has(b)) continue
    pairs.set(a, b)
    taken.add(b)
  }
  return pairs
}

function taskChanges(before: Task, after: Task, years: number): PlanChange[] {
  const changes: PlanChange[] = []
  const differ = (kind: ChangeKind, a: string | number | null, b: string | number | null) => {
    if (a !== b) changes.push(change(kind, after, { before: a, after: b }))
  }
  differ('task-renumbered', before.no, after.no)
  differ('task-renamed', before.name, after.name)
  differ('category', before.category.name, after.category.name)
  differ('leads', before.leads.join('、'), after.leads.join('、'))
  // The end of December is the end of December in any year's list.
  if (yearsLater(before.deadline, years) !== after.deadline) differ('deadline', before.deadline, after.deadline)
  differ('towns', before.towns.join('、'), after.towns.join('、'))
  changes.push(...measureChanges(before, after))
  if (changes.length === 0) differ('text', `${before.requirement}\n${before.townText}`, `${after.requirement}\n${after.townText}`)
  return changes
}

function yearsLater(date: string | null, years: number): string | null {
  return date && `${Number(date.slice(0, 4)) + years}${date.slice(4)}`
}

function measureChanges(before: Task, after: Task): PlanChange[] {
  const left = new Set(before.measures)
  const changes = after.measures.flatMap((measure) => {
    const alike = [...left].map((m) => ({ m, alike: m.unit === measure.unit ? similarity(m.name, measure.name) : 0 }))
    const best = alike.sort((x, y) => y.alike - x.alike)[0]
    if (!best || best.alike < SAME_MEASURE) return [change('measure-added', after, { measure, after: measure.target ?? measure.name })]
    left.delete(best.m)
    return quotaChanges(after, best.m, measure)
  })
  return [...changes, ...[...left].map((measure) => change('measure-removed', after, { measure, before: measure.target ?? measure.name }))]
}

function quotaChanges(task: Task, before: Measure, measure: Measure): PlanChange[] {
  const earlier = new Map(before.quotas.map((q) => [q.town, q.target]))
  const changes: PlanChange[] = []
  if (before.target !== measure.target) changes.push(change('target', task, { measure, before: before.target, after: measure.target }))
  for (const { town, target } of measure.quotas) {
    if (!earlier.has(town)) changes.push(change('quota-added', task, { measure, town, after: target }))
    else if (earlier.get(town) !== target) changes.push(change('quota', task, { measure, town, before: earlier.get(town) ?? null, after: target }))
    earlier.delete(town)
  }
  for (const [town, target] of earlier) changes.push(change('quota-removed', task, { measure, town, before: target }))
  return changes
}

function change(
  kind: ChangeKind,
  task: Task,
  { measure, town = null, before = null, after = null }: { measure?: Measure; town?: string | null; before?: string | number | null; after?: string | number | null },
): PlanChange {
  return { kind, task: task.no, taskName: task.name, measure: measure?.name ?? null, town, before, after, unit: measure?.unit ?? '' }
}
