import type { Problem, TaskList } from '../plan/plan.ts'
import type { District } from '../town/town.ts'
import { problem } from './problems.ts'

export interface ResolvedPlan {
  /** The list with town codes in place of names; a name that the district does not have stays as written. */
  list: TaskList
  /** One `town-unknown` for each task and name that the district does not have: a plan with any cannot be stored. */
  problems: Problem[]
}

/** Ways in which the district itself is named as a unit. */
const WHOLE_DISTRICT = new Set(['全区', '全县', '全市', '本区', '区级'])

/** Towns by the names of a known district: full and short names and the district's own → codes. Pure; the list is not touched. */
export function toPlan(list: TaskList, district: District): ResolvedPlan {
  const codes = new Map<string, string>([[district.name, district.code]])
  if (list.district !== null) codes.set(list.district, district.code)
  for (const name of WHOLE_DISTRICT) codes.set(name, district.code)
  for (const town of district.towns) {
    codes.set(town.code, town.code)
    codes.set(town.shortName, town.code)
  }
  for (const town of district.towns) codes.set(town.name, town.code)
  codes.set(district.code, district.code)

  const problems: Problem[] = []
  const tasks = list.tasks.map((task) => {
    const unknown = new Set<string>()
    const codeOf = (name: string): string => {
      const code = codes.get(name.trim())
      if (code === undefined) unknown.add(name)
      return code ?? name
    }
    const resolved = {
      ...task,
      towns: [...new Set(task.towns.map(codeOf))],
      measures: task.measures.map((measure) => ({
        ...measure,
        quotas: measure.quotas.map((quota) => ({ ...quota, town: codeOf(quota.town) })),
      })),
    }
    const place = { table: task.place.table, row: task.place.rows[0] ?? 0, column: null }
    for (const town of unknown) problems.push(problem('town-unknown', { task: task.no, params: { town }, place }))
    return resolved
  })
  return { list: { ...list, tasks }, problems }
}
