import type { MultiPolygon, Polygon, Position } from 'geojson'
import { ringArea } from './area.ts'
import { CoordinateProblem, checkCoordinates, word } from './coordinates.ts'
import { type Finding, finding } from './finding.ts'
import { matchTown } from './match.ts'
import { metresBetween } from './ring.ts'
import type { District, Town } from './town.ts'

/** More features than any district has towns: the file is of something else (villages, parcels). */
const MOST_FEATURES = 300
/**
 * Overlaps of so many vertices take two seconds (measured on the embedded database). Eleven towns mapped in detail have some 5,000; surveyed to
 * the metre perhaps 50,000.
 */
export const MOST_VERTICES = 60_000

/**
 * A town's boundary as a file has it: rings closed and wound as RFC 7946 wants it, finite longitudes and latitudes, two a point. Whether rings
 * cross, and one another, is for the database to say.
 */
export interface TownBoundary {
  town: string
  shape: Polygon | MultiPolygon
}

export interface BoundaryReading {
  boundaries: TownBoundary[]
  findings: Finding[]
  vertices: number
}

/** Reads what claims to be a GeoJSON FeatureCollection of the district's towns. Takes anything and never throws: what is wrong is found. */
export function readBoundaries(input: unknown, district: District): BoundaryReading {
  const nothing = (...findings: Finding[]): BoundaryReading => ({ boundaries: [], findings, vertices: 0 })
  const features = featuresOf(input)
  if (typeof features === 'string') return nothing(finding('not-geojson', { params: { why: features } }))
  if (features.length === 0) return nothing(finding('features-missing'))
  if (features.length > MOST_FEATURES) {
    return nothing(finding('features-too-many', { params: { count: features.length, limit: MOST_FEATURES } }))
  }
  const vertices = features.reduce((sum: number, { geometry }) => sum + positionsIn(geometry), 0)
  if (vertices > MOST_VERTICES)
    return nothing(finding('vertices-too-many', { params: { count: vertices, limit: MOST_VERTICES } }))
  const crs = foreignCrs(input as Record<string, unknown>)
  if (crs) return nothing(finding('crs-unsupported', { params: { crs } }))

  const findings: Finding[] = []
  const byTown = new Map<string, { feature: RawFeature; count: number }>()
  const place = (town: Town, feature: RawFeature) => {
    byTown.set(town.code, {
      feature: byTown.get(town.code)?.feature ?? feature,
      count: (byTown.get(town.code)?.count ?? 0) + 1,
    })
  }
  for (const feature of features) nameFeature(feature, district, findings, place)
  for (const { code } of district.towns.filter(hasBoundary)) {
    const found = byTown.get(code)
    if (!found) findings.push(finding('town-missing', { towns: [code] }))
    else if (found.count > 1) findings.push(finding('town-doubled', { towns: [code], params: { count: found.count } }))
  }
  const fileWide = checkCoordinates(features.map(({ geometry }) => geometry))
  if (fileWide) return { boundaries: [], findings: [fileWide, ...findings], vertices }
  const boundaries = [...byTown].flatMap(([town, { feature }]): TownBoundary[] => {
    const shape = readShape(feature, town, findings)
    return shape ? [{ town, shape }] : []
  })
  return { boundaries, findings, vertices }
}

export const hasBoundary = ({ kind }: Town): boolean => kind === 'town' || kind === 'subdistrict'

interface RawFeature {
  /** Place in the file, from 1. */
  number: number
  id: unknown
  properties: Record<string, unknown> | null
  geometry: unknown
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The features, or why there are none. */
function featuresOf(input: unknown): RawFeature[] | string {
  if (!isObject(input)) return word(input)
  if (input.type !== 'FeatureCollection') return `type ${word(input.type)}`
  if (!Array.isArray(input.features)) return '“features” is no array'
  const odd = input.features.findIndex((feature) => !isObject(feature) || feature.type !== 'Feature')
  if (odd >= 0) {
    const type = isObject(input.features[odd]) ? input.features[odd].type : input.features[odd]
    return `feature ${odd + 1} is ${word(type)}, not a Feature`
  }
  return input.features.map((feature: Record<string, unknown>, i) => ({
    number: i + 1,
    id: feature.id,
    properties: isObject(feature.properties) ? feature.properties : null,
    geometry: feature.geometry,
  }))
}

/** How many positions an arbitrary value holds; stops counting beyond the limit, and does not recurse, however deep it is nested. */
function positionsIn(geometry: unknown): number {
  let count = 0
  const open: unknown[] = [isObject(geometry) ? (geometry.coordinates ?? geometry.geometries) : null]
  while (open.length > 0 && count <= MOST_VERTICES) {
    const value = open.pop()
    if (isObject(value)) open.push(value.coordinates, value.geometries)
    if (!Array.isArray(value)) continue
    if (typeof value[0] === 'number') count++
    else for (const inner of value) open.push(inner)
  }
  return count
}

/** The old `crs` member, if it names anything but longitude and latitude. */
function foreignCrs({ crs }: Record<string, unknown>): string | null {
  if (!isObject(crs)) return null
  const name = word(
    isObject(crs.properties) ? (crs.properties.name ?? crs.properties.code ?? null) : (crs.type ?? null),
  )
  return /(CRS84|4326|4490)$/i.test(name) ? null : name
}

function nameFeature(
  feature: RawFeature,
  district: District,
  findings: Finding[],
  place: (town: Town, feature: RawFeature) => void,
) {
  const { byCode, byName, given } = matchTown(feature.properties, feature.id, district)
  const town = byCode ?? byName
  if (!town)
    findings.push(finding('town-unknown', { params: { feature: feature.number, given: given.slice(0, 60) || '—' } }))
  else if (byCode && byName && byCode !== byName) {
    const params = { feature: feature.number, code: byCode.code, name: byName.name }
    findings.push(finding('town-contradiction', { towns: [byCode.code, byName.code], params }))
  } else if (!hasBoundary(town)) {
    findings.push(finding('town-without-boundary', { towns: [town.code], params: { feature: feature.number } }))
  } else place(town, feature)
}

/** The feature's shape made ready to be stored, or null with the reason among the findings. */
function readShape(feature: RawFeature, town: string, findings: Finding[]): Polygon | MultiPolygon | null {
  const wrong = (...args: Parameters<typeof finding>): null => {
    findings.push(finding(args[0], { towns: [town], ...args[1] }))
    return null
  }
  const { number, geometry } = feature
  if (geometry == null) return wrong('geometry-missing', { params: { feature: number } })
  const type = word(isObject(geometry) ? geometry.type : geometry)
  if (!isObject(geometry) || (type !== 'Polygon' && type !== 'MultiPolygon')) {
    return wrong('geometry-not-area', { params: { feature: number, type } })
  }
  const polygons = type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  if (!isNested(polygons)) return wrong('geometry-malformed', { params: { feature: number, type } })

  let turned = 0
  const clean: Position[][][] = []
  for (const polygon of polygons) {
    const rings: Position[][] = []
    for (const [i, raw] of polygon.entries()) {
      const ring = readRing(raw)
      if (ring instanceof CoordinateProblem) return wrong(ring.kind, { params: ring.params })
      const [first, last] = [ring[0] as Position, ring[ring.length - 1] as Position]
      if (String(first) !== String(last))
        return wrong('ring-open', {
          at: first as [number, number],
          params: { metres: Math.round(metresBetween(first, last)) },
        })
      if (new Set(ring.map(String)).size < 3) return wrong('ring-too-short', { at: first as [number, number] })
      const area = ringArea(ring)
      if (area === 0) return wrong('ring-without-area', { at: first as [number, number] })
      const right = area > 0 === (i === 0)
      if (!right) turned++
      rings.push(right ? ring : [...ring].reverse())
    }
    clean.push(rings)
  }
  if (turned > 0) findings.push(finding('ring-winding', { towns: [town], params: { count: turned } }))
  return clean.length === 1
    ? { type: 'Polygon', coordinates: clean[0] ?? [] }
    : { type: 'MultiPolygon', coordinates: clean }
}

/** Whether a value is polygons of rings of positions; the numbers in them are read ring by ring. */
function isNested(value: unknown): value is unknown[][][] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (polygon) =>
        Array.isArray(polygon) &&
        polygon.length > 0 &&
        polygon.every(
          (ring) => Array.isArray(ring) && ring.length > 0 && ring.every((position) => Array.isArray(position)),
        ),
    )
  )
}

/** Two coordinates a point, repeated points left out. */
function readRing(raw: unknown[]): Position[] | CoordinateProblem {
  const ring: Position[] = []
  for (const position of raw as unknown[][]) {
    const problem = CoordinateProblem.of(position)
    if (problem) return problem
    const [x, y] = position as [number, number]
    const before = ring[ring.length - 1]
    if (before?.[0] !== x || before[1] !== y) ring.push([x, y])
  }
  return ring
}
