/** How large and how long a shape is, on the ellipsoid: what is drawn reads at once as it will be stored. */
import type { Geometry, MultiPolygon, Polygon, Position } from 'geojson'
import { polygonArea } from '../town/area.ts'

const SEMI_MAJOR = 6_378_137
const E2 = 0.00669437999014
const RADIANS = Math.PI / 180

/** Metres between two places by the ellipsoid's radii half-way between them: to one in a million up to ten kilometres. */
export function metresBetween([ax, ay]: Position, [bx, by]: Position): number {
  const middle = ((ay! + by!) / 2) * RADIANS
  const w = Math.sqrt(1 - E2 * Math.sin(middle) ** 2)
  const north = ((by! - ay!) * RADIANS * SEMI_MAJOR * (1 - E2)) / w ** 3
  const east = ((bx! - ax!) * RADIANS * SEMI_MAJOR * Math.cos(middle)) / w
  return Math.hypot(north, east)
}

export function lengthOfLine(line: readonly Position[]): number {
  return line.slice(1).reduce((sum, place, i) => sum + metresBetween(line[i]!, place), 0)
}

export interface ShapeSize {
  /** Of areas; null of anything else. */
  areaM2: number | null
  /** Of lines, and around areas; null of points. */
  lengthM: number | null
}

export function sizeOf(shape: Geometry | null): ShapeSize {
  const sum = (lines: readonly Position[][]) => lines.reduce((total, line) => total + lengthOfLine(line), 0)
  switch (shape?.type) {
    case 'LineString':
      return { areaM2: null, lengthM: lengthOfLine(shape.coordinates) }
    case 'MultiLineString':
      return { areaM2: null, lengthM: sum(shape.coordinates) }
    case 'Polygon':
    case 'MultiPolygon':
      return { areaM2: polygonArea(shape), lengthM: sum(ringsOf(shape).flat()) }
    default:
      return { areaM2: null, lengthM: null }
  }
}

/** The rings of each part. */
export function ringsOf(shape: Polygon | MultiPolygon): Position[][][] {
  return shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates
}
