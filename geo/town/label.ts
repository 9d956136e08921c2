import type { MultiPolygon, Polygon, Position } from 'geojson'
import { polygonArea } from './area.ts'

/** A Chinese town's name is about this much wider than high: room sideways matters more than room above and below. */
const LABEL_ASPECT = 1.8
/** The search stops where no place can be better by more than this, in degrees (about 30 m): nobody sees less. */
const PRECISION = 0.0003

interface Cell {
  x: number
  y: number
  half: number
  /** Distance to the border from the middle, negative outside. */
  distance: number
  /** The best that any point in this cell can have. */
  atBest: number
}

/**
 * Where a name stands best in a town: the middle of the largest lying ellipse that fits into its largest part (the
 * pole of inaccessibility, Garcia-Castellanos & Lombardo 2007, found by quartering cells), [lon, lat] to 5 decimals.
 */
export function labelPoint(shape: Polygon | MultiPolygon): [number, number] {
  const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates
  const largest = polygons.reduce((a, b) => (area(b) > area(a) ? b : a))
  const latitude = (largest[0]?.[0]?.[1] ?? 0) * (Math.PI / 180)
  const stretchX = Math.cos(latitude) / LABEL_ASPECT
  const rings = largest.map((ring) => ring.map(([x, y]) => [(x as number) * stretchX, y as number] as [number, number]))
  const pole = poleOf(rings)
  return [round(pole[0] / stretchX), round(pole[1])]
}

const area = (coordinates: Position[][]): number => polygonArea({ type: 'Polygon', coordinates })
const round = (degrees: number): number => Math.round(degrees * 1e5) / 1e5

function poleOf(rings: [number, number][][]): [number, number] {
  const outer = rings[0] ?? []
  const xs = outer.map((p) => p[0])
  const ys = outer.map((p) => p[1])
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  // Never more than a few hundred cells to begin with, also for a sliver that is a thousand times longer than wide.
  const size = Math.max(Math.min(east - west, north - south), Math.max(east - west, north - south) / 20)
  if (!(size > 0)) return outer[0] ?? [0, 0]

  const cellAt = (x: number, y: number, half: number): Cell => {
    const distance = distanceToBorder(x, y, rings)
    return { x, y, half, distance, atBest: distance + half * Math.SQRT2 }
  }
  const open: Cell[] = []
  for (let x = west; x < east; x += size) {
    for (let y = south; y < north; y += size) open.push(cellAt(x + size / 2, y + size / 2, size / 2))
  }
  let best = cellAt(...insideOf(rings, (south + north) / 2), 0)
  while (open.length > 0) {
    open.sort((a, b) => a.atBest - b.atBest)
    const cell = open.pop() as Cell
    if (cell.distance > best.distance) best = cell
    if (cell.atBest - best.distance <= PRECISION) break
    const half = cell.half / 2
    for (const [dx, dy] of [
      [-1, -1],
      [1, -1],
      [-1, 1],
      [1, 1],
    ] as const) {
      open.push(cellAt(cell.x + dx * half, cell.y + dy * half, half))
    }
  }
  return [best.x, best.y]
}

/** The middle of the widest stretch inside along one latitude: in any shape, however thin, a point that is in it. */
function insideOf(rings: [number, number][][], y: number): [number, number] {
  const crossed = rings.flatMap((ring) =>
    ring.slice(1).flatMap(([bx, by], i) => {
      const [ax, ay] = ring[i] as [number, number]
      return ay > y !== by > y ? [ax + ((y - ay) / (by - ay)) * (bx - ax)] : []
    }),
  )
  crossed.sort((a, b) => a - b)
  let [best, width] = [crossed[0] ?? rings[0]?.[0]?.[0] ?? 0, -1]
  for (let i = 0; i + 1 < crossed.length; i += 2) {
    const [from, to] = [crossed[i] as number, crossed[i + 1] as number]
    if (to - from > width) [best, width] = [(from + to) / 2, to - from]
  }
  return [best, y]
}

function distanceToBorder(x: number, y: number, rings: [number, number][][]): number {
  let inside = false
  let nearest = Infinity
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax, ay] = ring[i] as [number, number]
      const [bx, by] = ring[j] as [number, number]
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
      const [dx, dy] = [bx - ax, by - ay]
      const length2 = dx * dx + dy * dy
      const t = length2 === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length2))
      nearest = Math.min(nearest, (x - ax - t * dx) ** 2 + (y - ay - t * dy) ** 2)
    }
  }
  return (inside ? 1 : -1) * Math.sqrt(nearest)
}
