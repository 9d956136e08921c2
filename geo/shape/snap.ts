/** Where a pointer catches: on a corner that is near, or else on an edge. Pure; what is near is given in metres. */
import type { Geometry, Position } from 'geojson'

const METRES_PER_DEGREE = 111_320

/** The place that the pointer is drawn to; null: nothing is near enough. Corners go before edges. */
export function caught(at: Position, lines: readonly (readonly Position[])[], withinM: number): Position | null {
  const shrink = Math.cos((at[1]! * Math.PI) / 180)
  const flat = ([x, y]: Position): [number, number] => [(x! - at[0]!) * shrink * METRES_PER_DEGREE, (y! - at[1]!) * METRES_PER_DEGREE]
  let corner: { place: Position; far: number } | null = null
  let edge: { place: Position; far: number } | null = null
  for (const line of lines) {
    for (let i = 0; i < line.length; i++) {
      const here = line[i]!
      const [x, y] = flat(here)
      const far = Math.hypot(x, y)
      if (far <= withinM && far < (corner?.far ?? Infinity)) corner = { place: here, far }
      if (i === 0) continue
      const before = line[i - 1]!
      const [bx, by] = flat(before)
      const [dx, dy] = [x - bx, y - by]
      const along = Math.max(0, Math.min(1, -(bx * dx + by * dy) / (dx * dx + dy * dy || 1)))
      const away = Math.hypot(bx + along * dx, by + along * dy)
      if (away <= withinM && away < (edge?.far ?? Infinity)) edge = { place: between(before, here, along), far: away }
    }
  }
  const found = corner ?? edge
  return found && [...found.place.slice(0, 2)]
}

/** The lines, rings and points of a shape, each as a list of places. */
export function linesOfShape(shape: Geometry | null): Position[][] {
  switch (shape?.type) {
    case 'Point':
      return [[shape.coordinates]]
    case 'MultiPoint':
    case 'LineString':
      return [shape.coordinates]
    case 'MultiLineString':
    case 'Polygon':
      return shape.coordinates
    case 'MultiPolygon':
      return shape.coordinates.flat()
    case 'GeometryCollection':
      return shape.geometries.flatMap(linesOfShape)
    default:
      return []
  }
}

function between(a: Position, b: Position, share: number): Position {
  return [a[0]! + (b[0]! - a[0]!) * share, a[1]! + (b[1]! - a[1]!) * share]
}
