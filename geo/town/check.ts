import { type BoundaryReading, type TownBoundary, hasBoundary } from './boundary-file.ts'
import { type Finding, finding } from './finding.ts'
import { type Ground, NOISE_M2, type Piece, SLIVER_WIDTH_M, type TownGround } from './ground.ts'
import { metresBetween, middleOf, partsOf } from './ring.ts'
import type { District } from './town.ts'

/** Boundaries of which a town's area differs by more than this (%) from the published one, or from the one in use, are looked at by a person. */
const AREA_TOLERANCE_PERCENT = 10
/** All towns moved the same way by more than this (m): a datum, not new borders. GCJ-02 is 490 m off here; 示意 agrees to about 100 m. */
const SHIFT_M = 250
const ELSEWHERE_M = 20_000
/** Less than this (m²) in all is the noise of computing, and not worth a line. */
const WORTH_A_NOTE_M2 = 1

/** One town of the boundaries in use: what new ones are compared with. */
export interface TownReference {
  town: string
  areaM2: number
  /** Its centroid, [lon, lat]. */
  middle: [number, number]
}

export interface ReferenceData {
  before?: readonly TownReference[]
  publishedKm2?: Readonly<Record<string, number>>
}

export interface TownSummary {
  code: string
  name: string
  /** On the ellipsoid; null where the file gives no usable boundary. */
  areaKm2: number | null
  beforeKm2: number | null
  publishedKm2: number | null
  vertices: number
}

export interface BoundaryReport {
  /** Whether there is no error: with warnings it can be stored if a person says so. */
  ok: boolean
  errors: number
  warnings: number
  vertices: number
  areaKm2: number
  towns: TownSummary[]
  /** The gravest first. */
  findings: Finding[]
}

/**
 * What is to be said about a file of town boundaries before anything is stored: what reading it found (names and codes, coordinates, rings),
 * what the database found about its ground (crossings, overlaps, gaps), and how it compares with the boundaries in use and the published
 * areas. `boundaries` are the shapes to store if the report is ok: those that touch themselves repaired.
 */
export function boundaryReport(
  reading: BoundaryReading,
  ground: Ground,
  district: District,
  reference: ReferenceData = {},
): { report: BoundaryReport; boundaries: TownBoundary[] } {
  const grounds = new Map(ground.shapes.map((shape) => [shape.town, shape]))
  const findings = [
    ...reading.findings,
    ...ground.shapes.flatMap(validity),
    ...comparisons(reading.boundaries, grounds, reference),
    ...pieces(ground.overlaps, 'overlap'),
    ...pieces(ground.gaps, 'gap'),
  ]
  const before = new Map(reference.before?.map(({ town, areaM2 }) => [town, areaM2]))
  const boundaries = reading.boundaries.map(({ town, shape }) => ({
    town,
    shape: grounds.get(town)?.repaired ?? shape,
  }))
  const shapes = new Map(boundaries.map(({ town, shape }) => [town, shape]))
  const towns = district.towns.filter(hasBoundary).map(({ code, name }): TownSummary => {
    const shape = shapes.get(code)
    return {
      code,
      name,
      areaKm2: km2(grounds.get(code)?.areaM2),
      beforeKm2: km2(before.get(code)),
      publishedKm2: reference.publishedKm2?.[code] ?? null,
      vertices: shape ? partsOf(shape).flat(2).length : 0,
    }
  })
  const count = (severity: Finding['severity']) => findings.filter((one) => one.severity === severity).length
  const rank = { error: 0, warning: 1, note: 2 }
  const report = {
    ok: count('error') === 0,
    errors: count('error'),
    warnings: count('warning'),
    vertices: reading.vertices,
    areaKm2: km2(ground.shapes.reduce((sum, { areaM2 }) => sum + areaM2, 0)) ?? 0,
    towns,
    findings: findings.sort((a, b) => rank[a.severity] - rank[b.severity]),
  }
  return { report, boundaries }
}

const km2 = (areaM2: number | undefined): number | null =>
  areaM2 === undefined ? null : Math.round(areaM2 / 1e4) / 100
const km2Words = (areaM2: number): string => `${(areaM2 / 1e6).toFixed(2)} km²`
const areaWords = (areaM2: number): string => (areaM2 < 1e5 ? `${Math.round(areaM2)} m²` : km2Words(areaM2))

/**
 * A shape that crosses itself, has parts within parts or holes outside: repairing changes its area. If it does not, the shape only touches
 * itself somewhere, which the repair takes apart.
 */
function validity({ town, invalid }: TownGround): Finding[] {
  if (!invalid) return []
  const kind = invalid.changedM2 > NOISE_M2 ? 'self-intersection' : 'self-touch'
  return [finding(kind, { towns: [town], at: invalid.at, params: { why: invalid.why } })]
}

/** Overlaps or gaps: each of land as a finding of its own, slivers of the same towns together. */
function pieces(all: Piece[], kind: 'overlap' | 'gap'): Finding[] {
  const isLand = ({ widthM }: Piece) => widthM >= SLIVER_WIDTH_M
  const land = all
    .filter(isLand)
    .sort((a, b) => b.areaM2 - a.areaM2)
    .map(({ towns, areaM2, at }) => finding(kind, { towns, areaM2, at, params: { area: areaWords(areaM2) } }))
  const slivers = Map.groupBy(
    all.filter((piece) => !isLand(piece)),
    ({ towns }) => towns.join(),
  )
  const thin = [...slivers.values()].flatMap((group) => {
    const areaM2 = group.reduce((sum, piece) => sum + piece.areaM2, 0)
    const largest = group.reduce((a, b) => (b.areaM2 > a.areaM2 ? b : a))
    if (areaM2 < WORTH_A_NOTE_M2) return []
    const params = { count: group.length, area: areaWords(areaM2), width: SLIVER_WIDTH_M }
    return [finding(`${kind}-sliver`, { towns: largest.towns, areaM2, at: largest.at, params })]
  })
  return [...land, ...thin]
}

/** Against the boundaries in use and the published areas. */
function comparisons(
  boundaries: TownBoundary[],
  grounds: Map<string, TownGround>,
  { before = [], publishedKm2 = {} }: ReferenceData,
): Finding[] {
  const shift = shiftOf(boundaries, before)
  const metres = Math.hypot(...shift)
  if (metres > ELSEWHERE_M) return [finding('elsewhere', { params: { km: Math.round(metres / 1000) } })]
  const [east, north] = shift.map(Math.round) as [number, number]
  const shifted = metres > SHIFT_M ? [finding('all-shifted', { params: { east, north } })] : []
  const areas = [...grounds.values()].flatMap(({ town, areaM2 }) => {
    const different = (
      kind: 'area-changed' | 'area-unlike-published',
      name: string,
      otherM2: number | undefined,
    ): Finding[] => {
      if (!otherM2) return []
      const percent = (100 * (areaM2 - otherM2)) / otherM2
      if (Math.abs(percent) <= AREA_TOLERANCE_PERCENT) return []
      const params = { area: km2Words(areaM2), [name]: km2Words(otherM2), percent: percent.toFixed(1) }
      return [finding(kind, { towns: [town], areaM2, params })]
    }
    const published = publishedKm2[town]
    return [
      ...different('area-changed', 'before', before.find((one) => one.town === town)?.areaM2),
      ...different('area-unlike-published', 'published', published && published * 1e6),
    ]
  })
  return [...shifted, ...areas]
}

/** How far the towns' middles moved, metres east and north: the median of each, so that single towns with new borders do not count. */
function shiftOf(boundaries: TownBoundary[], before: readonly TownReference[]): [number, number] {
  const moves = boundaries.flatMap(({ town, shape }) => {
    const old = before.find((one) => one.town === town)?.middle
    if (!old) return []
    const now = middleOf(shape)
    const east = metresBetween(old, [now[0], old[1]]) * Math.sign(now[0] - old[0])
    const north = metresBetween(old, [old[0], now[1]]) * Math.sign(now[1] - old[1])
    return [[east, north] as const]
  })
  const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0
  return [median(moves.map(([east]) => east)), median(moves.map(([, north]) => north))]
}
