import type { MultiLineString, Position } from 'geojson'
import type { TownCollection } from '../api.ts'

/**
 * The outer border of shapes that share their borders exactly: the edges that only one of them has, joined to lines. Where shapes do not
 * share them (real boundaries from different hands), the seams stay in as lines; nothing breaks.
 */
export function outlineOf(shapes: TownCollection): MultiLineString {
  const edges = new Map<string, [Position, Position]>()
  for (const { geometry } of shapes.features) {
    if (!geometry) continue
    const rings = geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat()
    for (const ring of rings) {
      for (let i = 1; i < ring.length; i++) {
        const [from, to] = [ring[i - 1]!, ring[i]!]
        const shared = `${to} ${from}`
        // Neighbours run along a shared border in opposite directions; data that does not keep to it is met by the second try.
        if (!edges.delete(shared) && !edges.delete(`${from} ${to}`)) edges.set(`${from} ${to}`, [from, to])
      }
    }
  }
  return { type: 'MultiLineString', coordinates: join([...edges.values()]) }
}

/**
 * A line without its nooks, for the shadow around the district: corners nearer than `step` degrees to each other are left out, the rest is
 * rounded (Chaikin's corner cutting).
 */
export function softened({ coordinates }: MultiLineString, step: number): MultiLineString {
  return { type: 'MultiLineString', coordinates: coordinates.map((line) => round(round(thin(line, step)))) }
}

function thin(line: Position[], step: number): Position[] {
  const kept = [line[0]!]
  for (const place of line) {
    const [x, y] = kept.at(-1) as [number, number]
    if (Math.hypot(place[0]! - x, place[1]! - y) >= step) kept.push(place)
  }
  return String(line.at(-1)) === String(line[0]) ? [...kept, kept[0]!] : [...kept, line.at(-1)!]
}

function round(line: Position[]): Position[] {
  const between = (a: Position, b: Position, share: number) => [
    a[0]! + (b[0]! - a[0]!) * share,
    a[1]! + (b[1]! - a[1]!) * share,
  ]
  const cut = line.slice(1).flatMap((to, i) => [between(line[i]!, to, 0.25), between(line[i]!, to, 0.75)])
  const closed = String(line[0]) === String(line.at(-1))
  return closed ? [...cut, cut[0]!] : [line[0]!, ...cut, line.at(-1)!]
}

function join(edges: [Position, Position][]): Position[][] {
  const leaving = new Map<string, [Position, Position][]>()
  for (const edge of edges) {
    const key = String(edge[0])
    leaving.set(key, [...(leaving.get(key) ?? []), edge])
  }
  const lines: Position[][] = []
  const used = new Set<[Position, Position]>()
  for (const first of edges) {
    if (used.has(first)) continue
    const line = [first[0]]
    let edge: [Position, Position] | undefined = first
    while (edge) {
      used.add(edge)
      line.push(edge[1])
      edge = leaving.get(String(edge[1]))?.find((next) => !used.has(next))
    }
    lines.push(line)
  }
  return lines
}
