/** Everything that pages are made from, out of the database. */
import type { FrozenBoundaries } from '../../geo/month/frozen.ts'
import type { PageSources } from '../../geo/snapshot/figures.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import type { Queryable } from '../database/connect.ts'
import { tasksOf, type PlanRow } from '../plan/queries.ts'
import { progressOf } from '../report/queries.ts'
import { currentSet, townFeatures } from '../town/queries.ts'

export async function pageSources(sql: Queryable, plan: PlanRow): Promise<{ sources: PageSources; boundaries: FrozenBoundaries | null }> {
  const set = await currentSet(sql, QINGPU.code)
  const [tasks, progress, features] = await Promise.all([tasksOf(sql, plan.id), progressOf(sql, plan), townFeatures(sql, QINGPU.code, set?.id ?? null)])
  return {
    sources: {
      plan: { year: plan.year, title: plan.title },
      district: { code: QINGPU.code, name: QINGPU.name, nameEn: QINGPU.nameEn },
      towns: QINGPU.towns,
      shapes: features.flatMap(({ properties, geometry }) => (geometry ? [{ code: properties.code, geometry, labelPoint: properties.labelPoint }] : [])),
      boundary: set && { kind: set.kind, source: set.source, credit: set.credit },
      tasks,
      progress,
    },
    boundaries: set && { id: set.id, kind: set.kind, sha256: set.sha256, source: set.source },
  }
}
