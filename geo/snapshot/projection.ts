/**
 * The map's projection on paper: Gauss–Krüger on the ellipsoid of CGCS2000 in the three-degree zone of the place (EPSG:4549 for Qingpu), so
 * that 1:50,000 is 1:50,000. Krüger's series, good to a millimetre within the zone.
 */
import type { At, Box } from './drawing.ts'

const A = 6_378_137
const F = 1 / 298.257222101
const N = F / (2 - F)
const RADIUS = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64)
const ALPHA = [N / 2 - (2 / 3) * N ** 2 + (5 / 16) * N ** 3, (13 / 48) * N ** 2 - (3 / 5) * N ** 3, (61 / 240) * N ** 3] as const
const E = (2 * Math.sqrt(N)) / (1 + N)

/** Middle of the three-degree zone that a longitude lies in. */
export function meridianOf(lon: number): number {
  return Math.round(lon / 3) * 3
}

/** Metres east of the meridian and north of the equator. */
export function transverseMercator([lon, lat]: readonly [number, number], meridian: number): [number, number] {
  const phi = (lat * Math.PI) / 180
  const lambda = ((lon - meridian) * Math.PI) / 180
  const t = Math.sinh(Math.atanh(Math.sin(phi)) - E * Math.atanh(E * Math.sin(phi)))
  const xi = Math.atan2(t, Math.cos(lambda))
  const eta = Math.atanh(Math.sin(lambda) / Math.sqrt(1 + t * t))
  let [east, north] = [eta, xi]
  for (const [i, alpha] of ALPHA.entries()) {
    const j = 2 * (i + 1)
    east += alpha * Math.cos(j * xi) * Math.sinh(j * eta)
    north += alpha * Math.sin(j * xi) * Math.cosh(j * eta)
  }
  return [RADIUS * east, RADIUS * north]
}

/** Rings of a shape in metres on the plane. */
export type Rings = readonly (readonly At[])[]

export interface Extent {
  west: number
  south: number
  east: number
  north: number
}

export function extentOf(shapes: readonly Rings[]): Extent {
  const extent = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity }
  for (const rings of shapes)
    for (const ring of rings)
      for (const [x, y] of ring) {
        extent.west = Math.min(extent.west, x)
        extent.south = Math.min(extent.south, y)
        extent.east = Math.max(extent.east, x)
        extent.north = Math.max(extent.north, y)
      }
  return extent
}

export interface Placing {
  /** From metres on the plane to millimetres on the page. */
  place: (at: At) => At
  /** The scale's denominator. */
  scale: number
}

/** Puts an extent into the middle of a box: as large as it fits, or at a scale (1:50,000), whatever then lies outside. */
export function placingOf(extent: Extent, box: Box, scale: number | null): Placing {
  const fitting = Math.max((extent.east - extent.west) / box.width, (extent.north - extent.south) / box.height) * 1000
  const denominator = scale ?? fitting
  const perMm = denominator / 1000
  const [x0, y0] = [(extent.west + extent.east) / 2, (extent.south + extent.north) / 2]
  const [cx, cy] = [box.x + box.width / 2, box.y + box.height / 2]
  return { scale: denominator, place: ([x, y]) => [cx + (x - x0) / perMm, cy - (y - y0) / perMm] }
}

/** A scale bar: the largest of 1, 2, 5 × 10ⁿ metres that is at most so many millimetres long. */
export function barOf(scale: number, most: number): { metres: number; length: number } {
  const room = (most * scale) / 1000
  const power = 10 ** Math.floor(Math.log10(room))
  const metres = ([5, 2, 1].find((step) => step * power <= room) ?? 1) * power
  return { metres, length: (metres / scale) * 1000 }
}

export function isInside([x, y]: At, rings: Rings): boolean {
  let inside = false
  for (const ring of rings)
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax, ay] = ring[i]!
      const [bx, by] = ring[j]!
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
    }
  return inside
}

/** Parallel lines across a shape, `gap` apart and turned by `angle` degrees, cut at its border: hatching that every output draws alike. */
export function hatchOf(rings: Rings, gap: number, angle: number): At[][] {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)]
  const turned = rings.map((ring) => ring.map(([x, y]) => [x * cos + y * sin, y * cos - x * sin] as const))
  const { south, north } = extentOf([turned])
  const found: At[][] = []
  for (let y = Math.ceil(south / gap) * gap + gap / 3; y < north; y += gap) {
    const crossed: number[] = []
    for (const ring of turned)
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [ax, ay] = ring[j]!
        const [bx, by] = ring[i]!
        if (ay > y !== by > y) crossed.push(ax + ((y - ay) / (by - ay)) * (bx - ax))
      }
    crossed.sort((a, b) => a - b)
    for (let i = 0; i + 1 < crossed.length; i += 2) {
      const back = (x: number): At => [x * cos - y * sin, x * sin + y * cos]
      found.push([back(crossed[i]!), back(crossed[i + 1]!)])
    }
  }
  return found
}
