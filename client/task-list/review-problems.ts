/** Which problems a draft has now, and which of them are settled: the same as the server decides when the list is stored. */
import type { Problem, TaskList } from '../../geo/plan/plan.ts'
import { problemKey } from '../../geo/task-list/corrections.ts'
import { toPlan } from '../../geo/task-list/resolve.ts'
import type { District } from '../../geo/town/town.ts'
import type { ListedProblem } from './problem-groups.ts'

/**
 * Every problem that the list was read with or has now. One that a correction made go away is settled; one that remains is settled by
 * confirming it; a note (`info`) needs no settling but can be confirmed away.
 */
export function listProblems(
  read: TaskList,
  corrected: TaskList,
  confirmed: readonly string[],
  district: District,
): ListedProblem[] {
  const now = [...corrected.problems, ...toPlan(corrected, district).problems]
  const remaining = new Set(now.map(problemKey))
  const known = new Map<string, Problem>()
  for (const problem of [...read.problems, ...now]) known.set(problemKey(problem), problem)
  return [...known].map(([key, problem], index) => {
    const remains = remaining.has(key)
    // A quota of a town that the district does not have could be shown nowhere: that has to be corrected.
    const confirmable = problem.kind !== 'town-unknown'
    const isConfirmed = remains && confirmable && confirmed.includes(key)
    return { key, problem, index, confirmable, confirmed: isConfirmed, open: remains && !isConfirmed }
  })
}

/** Whether a problem keeps the list from being stored while it is open. */
export function blocksStoring(listed: ListedProblem): boolean {
  return listed.open && listed.problem.severity !== 'info'
}
