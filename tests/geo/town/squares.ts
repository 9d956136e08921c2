import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson'
import { hasBoundary } from '../../../geo/town/boundary-file.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'

/** Side of a square, in degrees. */
export const SIDE = 0.05
export const TOWNS = QINGPU.towns.filter(hasBoundary)

export interface TownFile extends FeatureCollection<Polygon | MultiPolygon, Record<string, unknown>> {
  [member: string]: unknown
}

/** A made-up district: its eleven towns as squares in a row, sharing their borders, four to a line. */
export function squares(): TownFile {
  return {
    type: 'FeatureCollection',
    features: TOWNS.map(({ code, name }, i) => square(code, name, 121 + (i % 4) * SIDE, 31 + Math.floor(i / 4) * SIDE)),
  }
}

export function square(
  code: string,
  name: string,
  west: number,
  south: number,
): Feature<Polygon, Record<string, unknown>> {
  return {
    type: 'Feature',
    properties: { code, name },
    geometry: { type: 'Polygon', coordinates: [box(west, south, SIDE, SIDE)] },
  }
}

/** A counter-clockwise box, on six decimals. */
export function box(west: number, south: number, width: number, height: number): Position[] {
  const at = (x: number, y: number): Position => [round(x), round(y)]
  const [east, north] = [west + width, south + height]
  return [at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)]
}

const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6

/** The file with one feature changed; counted from 0. */
export function changed(file: TownFile, i: number, change: (feature: TownFile['features'][number]) => void): TownFile {
  const copy = structuredClone(file)
  change(copy.features[i]!)
  return copy
}

/** The file with every position replaced. */
export function moved(file: TownFile, move: (position: Position) => Position): TownFile {
  const copy = structuredClone(file)
  for (const { geometry } of copy.features) {
    const rings = geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat()
    for (const ring of rings) ring.forEach((position, i) => (ring[i] = move(position)))
  }
  return copy
}
