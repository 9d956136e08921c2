import type { Category, Measure, Problem, Task } from '../plan/plan.ts'
import { sum } from '../number/decimal.ts'
import { similarity } from './naming.ts'
import type { Draft } from './measures.ts'
import { problem } from './problems.ts'

/** Town quotas against the declared total, exactly; a factor of a thousand or more points at the unit instead. */
export function checkSum(task: number, measure: Measure, draft: Draft): Problem[] {
  if (measure.allocation !== 'named' || measure.kind === 'rate' || draft.statement.total === null) return []
  const added = sum(measure.quotas.map((quota) => quota.target ?? 0))
  const total = measure.target as number
  if (added === total || (draft.statement.bound === 'floor' && added > total)) return []
  const ratio = added > total ? added / total : total / added
  const params = { name: measure.name, sum: added, total, unit: measure.unit }
  const about = { task, measure: measure.id, source: measure.targetSource }
  if (total > 0 && added > 0 && ratio > 900)
    return [problem('unit-scale', { ...about, params: { ...params, ratio: Math.round(ratio) } })]
  return [problem('sum-differs', { ...about, params: { ...params, difference: Math.abs(sum([added, -total])) } })]
}

/** 亩 and 万亩 in one measure: read right, but one of them may be a slip. */
export function checkUnits(task: number, measure: Measure, draft: Draft): Problem[] {
  const units = draft.statement.mixed
  if (units.length < 2) return []
  const params = { name: measure.name, reason: 'mixed', units: units.join('、') }
  return [problem('unit-scale', { task, measure: measure.id, params, source: measure.targetSource })]
}

/** A total for several towns that is not split, if it could be: fewer things than towns are nobody's share. */
export function checkSplit(
  task: Pick<Task, 'no' | 'towns'>,
  measure: Measure,
  named: readonly string[],
  text: string,
): Problem[] {
  const several = named.length > 1 ? named.length : task.towns.length
  if (measure.allocation !== 'total' || !['amount', 'count', 'length'].includes(measure.kind) || several < 2) return []
  if (measure.kind === 'count' && (measure.target ?? 0) < several) return []
  return [
    problem('total-without-split', {
      task: task.no,
      measure: measure.id,
      params: { name: measure.name, text, towns: several },
      source: measure.targetSource,
    }),
  ]
}

/** Words that say nothing about which category a task belongs to. */
const COMMON =
  /乡村振兴|推进|加强|提升|提高|强化|增强|促进|深化|完善|持续|全面|开展|落实|农业|农村|乡村|农民|建设|工作|发展|质量|加快|优化|实施|做好|稳定|夯实|推动|管理/g

const content = (text: string): string => text.replace(/[\s“”《》]/g, '').replace(COMMON, '|')

function sharedPairs(a: string, b: string): number {
  const pairs = new Set<string>()
  for (let i = 0; i + 1 < a.length; i++) {
    const pair = a.slice(i, i + 2)
    if (!pair.includes('|')) pairs.add(pair)
  }
  return [...pairs].filter((pair) => b.includes(pair)).length
}

/**
 * Tasks that a merged cell puts under a category that does not suit them. A cell merged one row too far (or too short) shows only at a
 * border between two categories, so only the first and last tasks of a category are looked at, and only against the neighbour: the task's
 * name shares at least two pairs of telling characters with the neighbour's title, or wording that is common to both as a whole
 * ("加强…保障力度" and "增强…保障力度"), and none with its own.
 */
export function checkCategories(tasks: readonly Task[], categories: readonly Category[]): Problem[] {
  const problems: Problem[] = []
  for (const [i, task] of tasks.entries()) {
    const [before, after] = [tasks[i - 1], tasks[i + 1]]
    const own = content(task.category.name)
    const name = content(task.name)
    for (const neighbour of [before, after]) {
      if (!neighbour || neighbour.category.no === task.category.no) continue
      const title = categories.find((c) => c.no === neighbour.category.no)?.name ?? ''
      if (sharedPairs(name, own) > 0 || sharedPairs(name, content(title)) < 2) continue
      if (similarity(task.name, task.category.name) >= similarity(task.name, title)) continue
      problems.push(
        problem('category-unlikely', {
          task: task.no,
          params: { name: task.name, category: task.category.name, likely: title, likelyNo: neighbour.category.no },
          source: { field: 'name', start: 0, end: task.name.length },
        }),
      )
    }
  }
  return problems
}
