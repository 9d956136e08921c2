/**
 * 核查: a plot held against the farmland layer. The database overlays; what the parts mean is decided here: which of them are slivers of two drawings
 * of one edge, how much of each kind and town there is, and whether permanent basic farmland is touched. Pure.
 */
import type { MultiPolygon, Polygon } from 'geojson'
import { ringsOf } from '../shape/measure.ts'
import { M2_PER_MU } from '../unit/unit.ts'

/** Parts below this many 亩 are taken for the drawing's doing, unless somebody says otherwise. */
export const SLIVER_MU = 0.05
/** No tolerance hides more than this. */
export const MOST_SLIVER_MU = 5

/** The kind that may not be built on: 永久基本农田. */
export const PERMANENT = 'permanent'

/**
 * `clear`: no permanent basic farmland; `slivers`: only what is within the tolerance; `touches`: the plot lies on it.
 */
export const VERDICTS = {
  clear: { zh: '不涉及永久基本农田', en: 'touches no permanent basic farmland' },
  slivers: { zh: '仅有容差以内的细碎重叠', en: 'overlaps it by slivers within the tolerance only' },
  touches: { zh: '占用永久基本农田', en: 'lies on permanent basic farmland' },
} as const satisfies Record<string, { zh: string; en: string }>
export type Verdict = keyof typeof VERDICTS

/** A parcel's part in the plot, as overlaid. */
export interface Part {
  id: number
  number: string
  kind: string
  owner: string | null
  crop: string | null
  /** Where the parcel lies. */
  town: string | null
  demo: boolean
  /** Of the part, on the ellipsoid. */
  areaM2: number
  /** Of the whole parcel. */
  parcelM2: number
  /** Where it is small enough to be a sliver. */
  shape?: Polygon | MultiPolygon | null
}

/** The shapes that lie together, each kind once, however many parcels lie over one another. */
export interface Overlay {
  plotM2: number
  /** Under any parcel. */
  farmlandM2: number
  permanentM2: number
  parts: readonly Part[]
}

export interface CheckedParcel extends Omit<Part, 'areaM2' | 'parcelM2' | 'shape'> {
  mu: number
  /** Of the parcel, 0 to 1. */
  share: number
  sliver: boolean
}

export interface Amount {
  mu: number
  /** Of the plot, 0 to 1. */
  share: number
}

export interface CheckResult {
  areaMu: number
  /** Farmland of any kind; where parcels lie over one another, once. */
  total: Amount
  permanent: Amount
  byKind: (Amount & { kind: string; parcels: number })[]
  byTown: { town: string | null; kind: string; mu: number }[]
  /** The largest part first. */
  parcels: CheckedParcel[]
  slivers: { toleranceMu: number; parcels: number; mu: number }
  verdict: Verdict
  /** Some of it is synthetic. */
  demo: boolean
}

/**
 * Sums up an overlay. Areas are kept unrounded, so that the parts add up to their sums; screens round to 0.01 亩.
 * @param toleranceMu parts below it are slivers: counted in every sum, but told apart and without weight in the verdict
 */
export function resultOf(overlay: Overlay, toleranceMu: number = SLIVER_MU): CheckResult {
  const plotMu = overlay.plotM2 / M2_PER_MU
  const amount = (m2: number): Amount => ({ mu: m2 / M2_PER_MU, share: overlay.plotM2 > 0 ? Math.min(1, m2 / overlay.plotM2) : 0 })
  const parcels = overlay.parts
    .map(({ areaM2, parcelM2, shape: _, ...parcel }): CheckedParcel => {
      const mu = areaM2 / M2_PER_MU
      return { ...parcel, mu, share: parcelM2 > 0 ? Math.min(1, areaM2 / parcelM2) : 0, sliver: mu < toleranceMu && areaM2 < parcelM2 * 0.999 }
    })
    .sort((a, b) => b.mu - a.mu || a.id - b.id)
  const slivers = parcels.filter(({ sliver }) => sliver)
  const muOf = (some: readonly { mu: number }[]) => some.reduce((sum, { mu }) => sum + mu, 0)
  const kinds = [...Map.groupBy(parcels, ({ kind }) => kind)].map(([kind, its]) => ({ kind, ...amount(muOf(its) * M2_PER_MU), parcels: its.length }))
  const places = [...Map.groupBy(parcels, ({ town, kind }) => `${town ?? ''}|${kind}`).values()].map((its) => ({ town: its[0]!.town, kind: its[0]!.kind, mu: muOf(its) }))
  const permanent = parcels.filter(({ kind }) => kind === PERMANENT)
  return {
    areaMu: plotMu,
    total: amount(overlay.farmlandM2),
    permanent: amount(overlay.permanentM2),
    byKind: kinds.sort((a, b) => Number(b.kind === PERMANENT) - Number(a.kind === PERMANENT) || b.mu - a.mu),
    byTown: places.sort((a, b) => (a.town ?? '').localeCompare(b.town ?? '') || b.mu - a.mu),
    parcels,
    slivers: { toleranceMu, parcels: slivers.length, mu: muOf(slivers) },
    verdict: permanent.some(({ sliver }) => !sliver) ? 'touches' : permanent.length ? 'slivers' : 'clear',
    demo: parcels.some(({ demo }) => demo),
  }
}

/** The slivers of permanent basic farmland as one shape, to be marked apart; null: there are none. */
export function sliverShape({ parts }: Pick<Overlay, 'parts'>, { parcels }: Pick<CheckResult, 'parcels'>): MultiPolygon | null {
  const slivers = new Set(parcels.filter(({ kind, sliver }) => sliver && kind === PERMANENT).map(({ id }) => id))
  const coordinates = parts.flatMap(({ id, shape }) => (shape && slivers.has(id) ? ringsOf(shape) : []))
  return coordinates.length ? { type: 'MultiPolygon', coordinates } : null
}
