/** The marks of a list just read: which characters of which cell became which number, town, date or total, and where it went. */
import type { FieldSpan, Measure, Problem, Task, TaskField } from '../../geo/plan/plan.ts'
import type { Mark } from '../task/marks.ts'

/** Kinds of marks, the one that matters most first: it decides the look where several lie on one piece. */
export const LIST_MARK_KINDS = ['problem', 'quota', 'total', 'milestone', 'deadline', 'town', 'mechanism'] as const
export type ListMarkKind = (typeof LIST_MARK_KINDS)[number]

/** `target` is the anchor of the place on the right: see `anchorOf`. */
export type ListMark = Mark<ListMarkKind>

/** Anchors: names of places in the structure, used as DOM ids and as targets of marks. Quotas are known by their position in the measure. */
export const anchorOf = {
  task: (no: number) => `t${no}`,
  deadline: (no: number) => `t${no}-deadline`,
  mechanism: (no: number, i: number) => `t${no}-mechanism${i}`,
  measure: (id: string) => `m${id}`,
  milestone: (id: string, i: number) => `m${id}-milestone${i}`,
  // Targets are kept in a list parted by spaces, so a name with a space in it must not have one here.
  quota: (id: string, town: string) => `m${id}-q-${town.replace(/\s/g, '_')}`,
  problem: (i: number) => `p${i}`,
}

/** Every mark of one task, by the field whose text it counts in. `problems` come with their position in the list's problems. */
export function marksOfTask(
  task: Task,
  problems: readonly { problem: Problem; index: number }[],
): Record<TaskField, ListMark[]> {
  const marks: Record<TaskField, ListMark[]> = { name: [], requirement: [], leads: [], townText: [], deadline: [] }
  const add = (span: FieldSpan | null, kind: ListMarkKind, target: string) => {
    if (span) marks[span.field].push({ start: span.start, end: span.end, kind, target })
  }
  for (const measure of task.measures) addMeasure(measure, add)
  task.mechanisms.forEach((mechanism, i) => add(mechanism.source, 'mechanism', anchorOf.mechanism(task.no, i)))
  if (task.deadline)
    add({ field: 'deadline', start: 0, end: task.deadlineText.length }, 'deadline', anchorOf.deadline(task.no))
  for (const { problem, index } of problems) add(problem.source, 'problem', anchorOf.problem(index))
  return marks
}

function addMeasure(measure: Measure, add: (span: FieldSpan | null, kind: ListMarkKind, target: string) => void): void {
  add(measure.targetSource, 'total', anchorOf.measure(measure.id))
  measure.milestones.forEach((milestone, i) => add(milestone.source, 'milestone', anchorOf.milestone(measure.id, i)))
  for (const quota of measure.quotas) {
    const target = anchorOf.quota(measure.id, quota.town)
    if (quota.source) add({ field: 'townText', ...quota.source }, 'quota', target)
    if (quota.requirementSource) add({ field: 'requirement', ...quota.requirementSource }, 'quota', target)
    add(quota.townSource, 'town', target)
  }
}

/** The kind that decides the look of a piece with several marks. */
export function leadingKind(marks: readonly ListMark[]): ListMarkKind | null {
  return LIST_MARK_KINDS.find((kind) => marks.some((mark) => mark.kind === kind)) ?? null
}
