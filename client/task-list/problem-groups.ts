/** The reader's problems as the review shows them: grouped by kind, the grave ones first, with how many are still open. */
import { PROBLEM_KINDS } from '../../geo/plan/plan.ts'
import type { Problem, ProblemKind } from '../../geo/plan/plan.ts'

export const SEVERITIES = ['error', 'warning', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

export interface ListedProblem {
  problem: Problem
  /** Position in the list's problems: names it on the screen. */
  index: number
  /** What the server knows it by. */
  key: string
  /** May be let stand as it was read. */
  confirmable: boolean
  /** Confirmed as it was read. */
  confirmed: boolean
  /** Neither confirmed nor corrected. */
  open: boolean
}

export interface ProblemGroup {
  kind: ProblemKind
  severity: Severity
  problems: ListedProblem[]
  open: number
}

/** Groups by severity and, within it, in the order of the table of kinds; problems stand in the document's order. */
export function groupProblems(problems: readonly ListedProblem[]): ProblemGroup[] {
  const groups = new Map<ProblemKind, ProblemGroup>()
  for (const listed of problems) {
    const { kind, severity } = listed.problem
    const group = groups.get(kind) ?? { kind, severity, problems: [], open: 0 }
    group.problems.push(listed)
    if (listed.open) group.open++
    if (SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(group.severity)) group.severity = severity
    groups.set(kind, group)
  }
  const kinds = Object.keys(PROBLEM_KINDS)
  return [...groups.values()].sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || kinds.indexOf(a.kind) - kinds.indexOf(b.kind),
  )
}

/** Open problems by severity. */
export function countOpen(problems: readonly ListedProblem[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, info: 0 }
  for (const { open, problem } of problems) if (open) counts[problem.severity]++
  return counts
}

/** The next open problem after the one at `index` (−1: from the start), round the end; null when none is open. */
export function nextOpen(problems: readonly ListedProblem[], index: number, step: 1 | -1 = 1): ListedProblem | null {
  const open = problems.filter((listed) => listed.open)
  if (step === 1) return open.find((listed) => listed.index > index) ?? open[0] ?? null
  return open.findLast((listed) => listed.index < index) ?? open.at(-1) ?? null
}
