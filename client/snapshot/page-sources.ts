import type { PageSources } from '../../geo/snapshot/figures.ts'
import type { Plan } from '../plan/plan.ts'

/** What pages are made from, out of what the screens have: the same records that the server makes them from. */
export function pageSourcesOf({ summary, district, towns, shapes, tasks, progress }: Plan, layers?: PageSources['layers']): PageSources {
  return {
    plan: { year: summary.year, title: summary.title },
    district: { code: district.code, name: district.name, nameEn: district.nameEn },
    towns,
    shapes: shapes.features.flatMap(({ properties, geometry }) => (geometry ? [{ code: properties.code, geometry, labelPoint: properties.labelPoint }] : [])),
    boundary: district.boundary && { kind: district.boundary.kind, source: district.boundary.source, credit: district.boundary.credit },
    tasks,
    progress,
    ...(layers ? { layers } : {}),
  }
}
