/** Where a finding lies, and whose it is: by the towns' boundaries, with room for borders that are only drawn up. Pure. */
import type { BoundaryKind } from '../town/town.ts'

/** A town near a place, with how far it is to it; 0: the place lies in it. */
export interface NearTown {
  town: string
  metres: number
}

/** How far a place may lie outside a town's boundary and still be the town's, where somebody says that it is: schematic boundaries are some hundred metres off. */
export const BORDER_METRES: Record<Exclude<BoundaryKind, 'none'>, number> = { official: 30, 示意: 1500 }

export type TownOfPlace =
  /** `border`: the boundaries say another town (or none), near enough to the border to believe the person. */
  { town: string; border: boolean } | { problem: 'outside' | 'town-other'; towns: string[] }

/**
 * The town of a place. `given`: the town that somebody says it is; null: by the boundaries alone. A unit without a boundary (the park) lies in
 * others' and is believed.
 */
export function townOfPlace(near: readonly NearTown[], given: string | null, bounded: ReadonlySet<string>): TownOfPlace {
  const nearest = near.reduce<NearTown | null>((least, one) => (least === null || one.metres < least.metres ? one : least), null)
  if (nearest === null) return { problem: 'outside', towns: [] }
  if (given === null) return { town: nearest.town, border: nearest.metres > 0 }
  if (!bounded.has(given)) return { town: given, border: false }
  const own = near.find(({ town }) => town === given)
  if (own) return { town: given, border: own.metres > 0 }
  return { problem: 'town-other', towns: near.filter(({ metres }) => metres === nearest.metres).map(({ town }) => town) }
}

/**
 * A coordinate as people write it: decimal degrees, or degrees, minutes and seconds (`121°08′06″`, `31° 14' 33.6" N`); null for anything else.
 * Seven decimals are a centimetre.
 */
export function degreesOf(text: string): number | null {
  const plain = text.normalize('NFKC').trim().replace(/^[东北EN]\s*|\s*[东北EN]$/gi, '')
  const decimal = /^(\d{1,3}(?:\.\d{1,15})?)\s*°?$/.exec(plain)
  if (decimal) return rounded(Number(decimal[1]))
  const parts = /^(\d{1,3})\s*[°度]\s*(\d{1,2}(?:\.\d{1,10})?)\s*['′分](?:\s*(\d{1,2}(?:\.\d{1,10})?)\s*(?:["″秒]|''|′′)?)?$/.exec(plain.replaceAll('’', "'").replaceAll('”', '"'))
  if (!parts) return null
  const [, degrees, minutes, seconds = '0'] = parts
  if (Number(minutes) >= 60 || Number(seconds) >= 60) return null
  return rounded(Number(degrees) + Number(minutes) / 60 + Number(seconds) / 3600)
}

const rounded = (degrees: number) => Math.round(degrees * 1e7) / 1e7
