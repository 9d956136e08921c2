/** Corrections put on a list for the screen: what cannot be made is found before it is kept, and what is untouched stays the same object. */
import type { Task, TaskList } from '../../geo/plan/plan.ts'
import { applyCorrections, CorrectionError } from '../../geo/task-list/corrections.ts'
import type { Correction } from '../../geo/task-list/corrections.ts'

/** The corrected list; tasks without a correction are those of the reading themselves, so that only what changed is drawn again. */
export function correctedList(read: TaskList, corrections: readonly Correction[]): TaskList {
  if (corrections.length === 0) return read
  const list = applyCorrections(read, corrections)
  const touched = new Set(corrections.map(({ path }) => path.split('/')[1]))
  const untouched = new Map<number, Task>(
    read.tasks.filter(({ no }) => !touched.has(String(no))).map((task) => [task.no, task]),
  )
  return { ...list, tasks: list.tasks.map((task) => untouched.get(task.no) ?? task) }
}

/** Why corrections cannot be made, or null when they can. */
export function faultOf(read: TaskList, corrections: readonly Correction[]): CorrectionError | null {
  try {
    applyCorrections(read, corrections)
    return null
  } catch (error) {
    if (error instanceof CorrectionError) return error
    throw error
  }
}

/**
 * Those corrections that can still be made: taking one back (a quota that was added, a town renamed) takes with it what was built on it.
 */
export function stillApplicable(read: TaskList, corrections: readonly Correction[]): Correction[] {
  const kept: Correction[] = []
  for (const correction of corrections) if (!faultOf(read, [...kept, correction])) kept.push(correction)
  return kept
}
