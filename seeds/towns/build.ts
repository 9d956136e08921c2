/**
 * Makes seeds/towns.geojson: the district's towns as far as public data tell them, marked 示意.
 * Run it with `node seeds/towns/build.ts`; the same input always gives the same file, byte by byte.
 *
 * 169 points are known to lie in a town each (town-points.csv). Every place is given to the town of its nearest point
 * (Voronoi cells, joined by town), cut to the district's outline (outline.json). That makes zigzag borders between
 * cells; they are drawn as calm curves. All of it is done on the borders themselves (a topology: each border is kept
 * once and used by the towns on both its sides), so that neighbours share them exactly: no gap, no overlap.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { Delaunay } from 'd3-delaunay'
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson'
import { intersect } from '@turf/turf'
import { feature, mergeArcs, neighbors } from 'topojson-client'
import { topology } from 'topojson-server'
import type {
  GeometryCollection,
  MultiPolygon as TopoMultiPolygon,
  Polygon as TopoPolygon,
  Topology,
} from 'topojson-specification'
import { polygonArea, ringArea } from '../../geo/town/area.ts'
import { labelPoint } from '../../geo/town/label.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import type { BoundaryKind, TownKind } from '../../geo/town/town.ts'
import { type Point, simplify, smooth } from './curve.ts'
import { readOutline } from './outline.ts'

const here = (name: string): URL => new URL(name, import.meta.url)

/** Where the file goes: beside this folder. */
export const SEED_FILE = here('../towns.geojson')

/** A plane in metres around the district's middle; over its 50 km the scale is off by less than 0.3 %, which no border notices. */
const MIDDLE: Point = [121.05, 31.12]
const METRES_A_DEGREE: Point = [111_320 * Math.cos((MIDDLE[1] * Math.PI) / 180), 110_860]
const toPlane = ([lon, lat]: Position): Point => [
  ((lon as number) - MIDDLE[0]) * METRES_A_DEGREE[0],
  ((lat as number) - MIDDLE[1]) * METRES_A_DEGREE[1],
]
const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6
const toDegrees = ([x, y]: Point): Position => [
  round(x / METRES_A_DEGREE[0] + MIDDLE[0]),
  round(y / METRES_A_DEGREE[1] + MIDDLE[1]),
]

/** How calm a border is drawn (metres), measured against the mapped borders: see README.md beside this file. */
const DRAWING = {
  /** Borders between towns: corners of Voronoi cells lie about a kilometre apart. */
  inner: 300,
  /** The outline's points lie on a grid of 100 m: only its steps are to go. */
  outer: 120,
  step: 50,
  tolerance: 12,
}

/** A piece smaller than this (m²), cut off from its town by the outline, does not stand by itself. */
const SMALLEST_PIECE = 1_000_000

interface TownPoint {
  code: string
  at: Position
}

export function readPoints(): TownPoint[] {
  const [head, ...lines] = readFileSync(here('town-points.csv'), 'utf8').trim().split(/\r?\n/)
  if (head !== 'lon,lat,code,name') throw new Error('town-points.csv: the head must be lon,lat,code,name')
  return lines.map((line) => {
    const [lon, lat, code] = line.split(',') as [string, string, string]
    return { code, at: [Number(lon), Number(lat)] }
  })
}

/** The pieces of the district by nearest point: each a polygon on the plane, with its town's code. */
function pieces(points: TownPoint[], outline: Position[]): Feature<Polygon, { code: string }>[] {
  const district = polygon([outline.map(toPlane)])
  const cells = Delaunay.from(points.map(({ at }) => toPlane(at))).voronoi([-1e5, -1e5, 1e5, 1e5])
  return points.flatMap(({ code }, i) => {
    const shape = intersect({
      type: 'FeatureCollection',
      features: [polygon([cells.cellPolygon(i)]), district],
    })?.geometry
    const parts = shape?.type === 'MultiPolygon' ? shape.coordinates : shape ? [shape.coordinates] : []
    return parts.map((coordinates) => ({ ...polygon(coordinates), properties: { code } }))
  })
}

const collection = <G extends Polygon, P>(features: Feature<G, P>[]): FeatureCollection<G, P> => ({
  type: 'FeatureCollection',
  features,
})
const polygon = (coordinates: Position[][]): Feature<Polygon> => ({
  type: 'Feature',
  properties: {},
  geometry: { type: 'Polygon', coordinates },
})

type Topo = Topology<{ pieces: GeometryCollection<{ code: string }> }>
type Piece = TopoPolygon<{ code: string }>

/** Pieces of one town that hang together, as lists of their places in `all`. */
function lands(all: Piece[], neighbours: number[][]): number[][] {
  const seen = new Set<number>()
  return all.flatMap((_, start) => {
    if (seen.has(start)) return []
    const land = [start]
    seen.add(start)
    for (const i of land) {
      for (const j of neighbours[i] ?? []) {
        if (seen.has(j) || codeOf(all[j]) !== codeOf(all[i])) continue
        seen.add(j)
        land.push(j)
      }
    }
    return [land]
  })
}

const codeOf = (piece: Piece | undefined): string => piece?.properties?.code ?? ''
const arcsOf = (piece: Piece | undefined): number[] => (piece?.arcs ?? []).flat().map((arc) => (arc < 0 ? ~arc : arc))

/**
 * Gives what the outline cut off from its town to the neighbour with the longest common border. A speck that shares a
 * border with nobody (the coarse outline touches itself in a few grid points) is left out: no town has its code then.
 */
function joinCutOffs(topo: Topo): void {
  const all = topo.objects.pieces.geometries as Piece[]
  const neighbours = neighbors(all)
  const sizeOf = (land: number[]): number =>
    land.reduce((sum, i) => sum + Math.abs(planeArea((feature(topo, all[i] as Piece) as Feature<Polygon>).geometry)), 0)
  for (const land of lands(all, neighbours)) {
    if (sizeOf(land) >= SMALLEST_PIECE) continue
    const own = new Set(land.flatMap((i) => arcsOf(all[i])))
    const common = new Map<string, number>()
    for (const j of land.flatMap((i) => neighbours[i] ?? [])) {
      if (land.includes(j)) continue
      const length = arcsOf(all[j]).reduce(
        (sum, arc) => sum + (own.has(arc) ? lengthOf(topo.arcs[arc] as Point[]) : 0),
        0,
      )
      common.set(codeOf(all[j]), (common.get(codeOf(all[j])) ?? 0) + length)
    }
    const [taker] = [...common].sort((a, b) => b[1] - a[1])[0] ?? []
    for (const i of land) all[i] = { ...(all[i] as Piece), properties: { code: taker ?? '' } }
  }
}

const lengthOf = (line: Point[]): number =>
  line.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - (line[i] as Point)[0], y - (line[i] as Point)[1]), 0)
const planeArea = (shape: Polygon): number =>
  (shape.coordinates[0] as Point[]).reduce((sum, [x, y], i, ring) => {
    const [nx, ny] = ring[(i + 1) % ring.length] as Point
    return sum + (x * ny - nx * y) / 2
  }, 0)

/** Each border drawn once, calmly: what two towns share as an inner border, what only one has as part of the outline. */
function draw(topo: Topology): void {
  const uses = new Map<number, number>()
  for (const object of Object.values(topo.objects)) {
    for (const arc of arcsOf({ arcs: (object as TopoMultiPolygon).arcs.flat() } as Piece))
      uses.set(arc, (uses.get(arc) ?? 0) + 1)
  }
  topo.arcs = topo.arcs.map((arc, i) => {
    const sigma = uses.get(i) === 2 ? DRAWING.inner : DRAWING.outer
    return simplify(smooth(arc as Point[], sigma, DRAWING.step), DRAWING.tolerance).map(toDegrees)
  })
}

export interface SeedProperties {
  code: string
  name: string
  kind: TownKind
  boundary: BoundaryKind
  /** On the ellipsoid. */
  areaKm2: number
  /** Where a label stands best. */
  labelPoint: [number, number]
}

/** The towns' boundaries as seeds/towns.geojson holds them; towns without an own boundary (the park) are not in it. */
export function buildTowns(): FeatureCollection<Polygon | MultiPolygon, SeedProperties> {
  const cells = topology({
    pieces: collection(pieces(readPoints(), readOutline(here('outline.json')))),
  }) as unknown as Topo
  joinCutOffs(cells)
  const towns = QINGPU.towns.filter(({ kind }) => kind !== 'park')
  const merged = towns.map(({ code }) => {
    const own = (cells.objects.pieces.geometries as Piece[]).filter((piece) => codeOf(piece) === code)
    return [code, feature(cells, mergeArcs(cells, own) as TopoMultiPolygon)] as const
  })
  // Taken apart again: now a border is one line from one meeting of towns to the next, however many cells lie along it.
  const borders = topology(Object.fromEntries(merged))
  draw(borders)
  return {
    type: 'FeatureCollection',
    features: towns.map(({ code, name, kind }) => {
      const { geometry } = feature(borders, borders.objects[code] as TopoMultiPolygon) as Feature<
        Polygon | MultiPolygon
      >
      const shape = rightHanded(geometry)
      const areaKm2 = Math.round(polygonArea(shape) / 1e4) / 100
      return {
        type: 'Feature',
        properties: { code, name, kind, boundary: '示意', areaKm2, labelPoint: labelPoint(shape) },
        geometry: shape,
      }
    }),
  }
}

/** As RFC 7946 wants it: outer rings counter-clockwise, holes clockwise; one part is a Polygon. */
function rightHanded(shape: Polygon | MultiPolygon): Polygon | MultiPolygon {
  const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates
  const turned = polygons.map((rings) =>
    rings.map((ring, i) => (ringArea(ring) > 0 === (i === 0) ? ring : [...ring].reverse())),
  )
  return turned.length === 1
    ? { type: 'Polygon', coordinates: turned[0] as Position[][] }
    : { type: 'MultiPolygon', coordinates: turned }
}

/** The file's text: one town a line, so that a change shows as a change of that town. */
export function seedText(): string {
  const { type, features } = buildTowns()
  const head = {
    type,
    name: `${QINGPU.name}街镇（边界为示意）`,
    boundary: '示意',
    source:
      '据 169 个已知所属街镇的点推定（泰森多边形），按区界裁切 / Voronoi cells of 169 points known to lie in a town each, cut to the district’s outline',
    licence: 'ODbL-1.0',
    credit: '© OpenStreetMap contributors; outline: Apache ECharts (Apache-2.0)',
  }
  const lines = features.map((town) => JSON.stringify(town)).join(',\n')
  return `${JSON.stringify(head).slice(0, -1)},"features":[\n${lines}\n]}\n`
}

if (import.meta.main) {
  writeFileSync(SEED_FILE, seedText())
  console.log(`written: ${SEED_FILE.pathname}`)
}
