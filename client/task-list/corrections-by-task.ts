/** Corrections by the task that they are about. A task's map stays the same object while its corrections do: only what changed is drawn again. */
import type { Correction } from '../../geo/task-list/corrections.ts'

export type CorrectionMap = ReadonlyMap<string, Correction>

export interface CorrectionsByTask {
  /** Of the list as a whole: title and year. */
  list: CorrectionMap
  of: (task: number) => CorrectionMap
}

const NONE: CorrectionMap = new Map()

/** Groups corrections; maps of `before` are kept where they say the same. */
export function correctionsByTask(corrections: readonly Correction[], before?: CorrectionsByTask): CorrectionsByTask {
  const groups = Map.groupBy(corrections, ({ path }) => (path.startsWith('tasks/') ? Number(path.split('/')[1]) : null))
  const maps = new Map<number | null, CorrectionMap>()
  for (const [task, group] of groups) {
    const known = before && (task === null ? before.list : before.of(task))
    const same = known?.size === group.length && group.every((correction) => known.get(correction.path) === correction)
    maps.set(task, same ? known : new Map(group.map((correction) => [correction.path, correction])))
  }
  return { list: maps.get(null) ?? NONE, of: (task) => maps.get(task) ?? NONE }
}
