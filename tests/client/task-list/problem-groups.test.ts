import { describe, expect, it } from 'vitest'
import { countOpen, groupProblems, nextOpen } from '../../../client/task-list/problem-groups.ts'
import { PROBLEM_KINDS } from '../../../geo/plan/plan.ts'
import type { ProblemKind } from '../../../geo/plan/plan.ts'

function listed(index: number, kind: ProblemKind, open = true) {
  return {
    index,
    key: `k${index}`,
    confirmable: true,
    confirmed: !open,
    open,
    problem: {
      task: index,
      kind,
      severity: PROBLEM_KINDS[kind],
      measure: null,
      message: '',
      params: {},
      source: null,
      place: null,
    },
  }
}

const problems = [
  listed(0, 'range'),
  listed(1, 'sum-differs'),
  listed(2, 'town-unknown'),
  listed(3, 'sum-differs', false),
  listed(4, 'range'),
]

describe('the groups of problems', () => {
  it('should put errors before warnings before hints and count what is open', () => {
    expect(groupProblems(problems).map((g) => [g.kind, g.severity, g.problems.length, g.open])).toEqual([
      ['town-unknown', 'error', 1, 1],
      ['sum-differs', 'warning', 2, 1],
      ['range', 'info', 2, 2],
    ])
    expect(countOpen(problems)).toEqual({ error: 1, warning: 1, info: 2 })
  })

  it('should walk the open ones round the end, skipping what is settled', () => {
    expect(nextOpen(problems, -1)?.index).toBe(0)
    expect(nextOpen(problems, 2)?.index).toBe(4)
    expect(nextOpen(problems, 4)?.index).toBe(0)
    expect(nextOpen(problems, 4, -1)?.index).toBe(2)
    expect(nextOpen(problems, 0, -1)?.index).toBe(4)
    expect(nextOpen([listed(0, 'range', false)], -1)).toBeNull()
  })
})
