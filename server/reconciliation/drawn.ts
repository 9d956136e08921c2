/** What the layers show for a year's measures, unit by unit: added up by the database, roads' ranges by geo/road. */
import type { Figure, Layer, Service } from '../../geo/layer/layer.ts'
import type { Drawn } from '../../geo/reconciliation/reconciliation.ts'
import { countWorks, type CountedWorks } from '../../geo/road/works.ts'
import type { Queryable } from '../database/connect.ts'
import { drawnFigures, reachingInto, roadWorks, type RoadWorks } from './queries.ts'

export async function drawnOf(sql: Queryable, layers: readonly Layer[], year: number): Promise<Drawn[]> {
  const all = await Promise.all(
    layers.map(async ({ id, figure, serves }) => {
      const services = serves.filter((service) => service.year === year)
      return services.length ? drawnOfLayer(sql, id, figure, services) : []
    }),
  )
  return all.flat()
}

async function drawnOfLayer(sql: Queryable, layer: string, figure: Figure, services: readonly Service[]): Promise<Drawn[]> {
  const withRanges = services.filter(({ ranges }) => ranges)
  const [figures, into, works] = await Promise.all([drawnFigures(sql, layer, services), reachingInto(sql, layer, services), roadWorks(sql, layer, withRanges)])
  const counted = countedWorks(works)
  const measured = new Set(withRanges.map(({ measure }) => measure))
  const rows = figures.map(({ areaM2, lengthM, ...row }): Drawn => {
    const sizes = { count: row.counted, area: areaM2, length: lengthM } as const
    const own = counted.filter((one) => one.measure === row.measure && one.town === row.town)
    const of = (key: 'metres' | 'overlap' | 'beyond' | 'twice') => own.reduce((sum, one) => sum + one[key], 0)
    return { ...row, amount: measured.has(row.measure) ? of('metres') : sizes[figure], into: 0, overlap: of('overlap'), beyond: of('beyond'), twice: of('twice') }
  })
  for (const { measure, town, n } of into) {
    const row = rows.find((one) => one.measure === measure && one.town === town)
    if (row) row.into = n
    else rows.push({ ...NOTHING, measure, town, into: n })
  }
  return rows
}

const NOTHING = { amount: 0, features: 0, counted: 0, unlocated: 0, crossing: 0, outside: 0, elsewhere: 0, overlap: 0, beyond: 0, twice: 0, demo: false }

/** Roads of one measure are counted together, whatever town they lie in: a stretch that two towns have drawn counts once. */
export function countedWorks(works: readonly RoadWorks[]): (CountedWorks & Pick<RoadWorks, 'measure' | 'town'>)[] {
  return [...Map.groupBy(works, ({ measure }) => measure)].flatMap(([measure, own]) => {
    const towns = new Map(own.map(({ id, town }) => [id, town]))
    return countWorks(own).map((one) => ({ ...one, measure, town: towns.get(one.id) ?? null }))
  })
}
