import type { MultiPolygon, Polygon, Position } from 'geojson'

const METRES_A_DEGREE = 111_195

/** Metres between two near points (WGS84 lon/lat), good to half a percent: for lengths that people read, not for areas. */
export function metresBetween([ax = 0, ay = 0]: Position, [bx = 0, by = 0]: Position): number {
  return METRES_A_DEGREE * Math.hypot((bx - ax) * Math.cos((((ay + by) / 2) * Math.PI) / 180), by - ay)
}

/** The polygons of a shape, whichever of the two types it has. */
export const partsOf = (shape: Polygon | MultiPolygon): Position[][][] =>
  shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates

/** The centroid on the plane of degrees ([lon, lat]), parts and holes weighed by their area; rings wound as RFC 7946 wants them. */
export function middleOf(shape: Polygon | MultiPolygon): [number, number] {
  let [weight, x, y] = [0, 0, 0]
  for (const ring of partsOf(shape).flat()) {
    const [ox = 0, oy = 0] = ring[0] ?? []
    for (let i = 0; i + 1 < ring.length; i++) {
      const [ax, ay] = [(ring[i]?.[0] ?? 0) - ox, (ring[i]?.[1] ?? 0) - oy]
      const [bx, by] = [(ring[i + 1]?.[0] ?? 0) - ox, (ring[i + 1]?.[1] ?? 0) - oy]
      const cross = ax * by - bx * ay
      weight += cross
      x += cross * (ox + (ax + bx) / 3)
      y += cross * (oy + (ay + by) / 3)
    }
  }
  return [x / weight, y / weight]
}
