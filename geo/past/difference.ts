/** How much there is on two sides, and by how much they differ, by town. Pure. */
import type { Figure } from '../layer/layer.ts'

/** How much there is of one class in one town; null: in none. */
export interface Amount {
  town: string | null
  features: number
  areaM2: number
  lengthM: number
}

export interface Difference {
  /** Null: what lies in no town. */
  town: string | null
  left: number
  right: number
}

const AMOUNTS = { count: 'features', area: 'areaM2', length: 'lengthM' } as const satisfies Record<Figure, keyof Amount>

/** How much there is in each town, by the figure of the layer: features, m², metres. */
export function amountsByTown(amounts: readonly Amount[], figure: Figure): Map<string | null, number> {
  const sums = new Map<string | null, number>()
  for (const one of amounts) sums.set(one.town, (sums.get(one.town) ?? 0) + one[AMOUNTS[figure]])
  return sums
}

/** A row for each town that has something on either side, in the order of the towns; what lies in none comes last. */
export function differencesOf(left: ReadonlyMap<string | null, number>, right: ReadonlyMap<string | null, number>, towns: readonly string[]): Difference[] {
  const known = new Set([...left.keys(), ...right.keys()])
  const rest = [...known].filter((town) => town !== null && !towns.includes(town))
  return [...towns, ...rest, null].filter((town) => known.has(town)).map((town) => ({ town, left: left.get(town) ?? 0, right: right.get(town) ?? 0 }))
}
