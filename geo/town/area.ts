import type { MultiPolygon, Polygon, Position } from 'geojson'

/** WGS84 (EPSG:4326); CGCS2000's ellipsoid differs in the tenth digit, so that both give the same area. */
const SEMI_MAJOR = 6_378_137
const FLATTENING = 1 / 298.257223563
const E2 = FLATTENING * (2 - FLATTENING)
const E = Math.sqrt(E2)

/** Snyder's q (Map Projections, USGS 1395, 3-12): proportional to the area between the equator and a latitude. */
const q = (sinLatitude: number): number =>
  (1 - E2) *
  (sinLatitude / (1 - E2 * sinLatitude ** 2) - (1 / (2 * E)) * Math.log((1 - E * sinLatitude) / (1 + E * sinLatitude)))

const RADIANS = Math.PI / 180

/** Signed area in m² of one ring, positive if it runs counter-clockwise. Longitudes are taken from the first point, for precision. */
export function ringArea(ring: readonly Position[]): number {
  const west = ring[0]?.[0] ?? 0
  let twice = 0
  for (let i = 0; i < ring.length - 1; i++) {
    const [ax, ay] = ring[i] as [number, number]
    const [bx, by] = ring[i + 1] as [number, number]
    twice += (ax - west) * q(Math.sin(by * RADIANS)) - (bx - west) * q(Math.sin(ay * RADIANS))
  }
  return (twice * RADIANS * SEMI_MAJOR ** 2) / 4
}

/**
 * Area in m² of a polygon (WGS84 lon/lat) on the ellipsoid, holes taken off. Same as PostGIS `ST_Area(geography)` to
 * one in a million where edges are shorter than a kilometre: here an edge is straight in the equal-area cylinder
 * projection, there it is a geodesic, and over 5 km these are 0.3 m apart.
 */
export function polygonArea(shape: Polygon | MultiPolygon): number {
  const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates
  let area = 0
  for (const [outer, ...holes] of polygons) {
    area += Math.abs(ringArea(outer ?? []))
    for (const hole of holes) area -= Math.abs(ringArea(hole))
  }
  return area
}
