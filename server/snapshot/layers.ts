/** Layers as pages show them: read once, generalised so that a page stays a few megabytes however many features there are. */
import { createHash } from 'node:crypto'
import type { Position } from 'geojson'
import { layerOf } from '../../geo/layer/layers.ts'
import { can } from '../../geo/right/right.ts'
import type { Person } from '../../geo/right/role.ts'
import { CELL_M, cellShapes, drawableOf, FINDINGS, MOST_POINTS, MOST_SHAPES, tidyLayers, TOLERANCE_M, type PageLayer, type PageShape } from '../../geo/snapshot/layers.ts'
import type { Queryable } from '../database/connect.ts'
import { findingPoints } from '../finding/queries.ts'
import { sightOf } from '../finding/store.ts'
import { layerVersion } from '../layer/queries.ts'
import { layerCells, layerClasses, layerShapes } from './queries.ts'

const MOST_FINDINGS = 5000
/** A degree of latitude, and of longitude in the middle of the district. */
const DEGREE_M = 110_950
const DEGREE_EAST_M = 95_500

/** Those of the layers that a person may see. */
export function layersSeenBy(person: Person | null, ids: readonly string[], readsAll: boolean): string[] {
  return tidyLayers(ids).filter((id) => {
    const { sees } = drawableOf(id)
    return sees === 'reader' ? readsAll || person !== null : can(person, sees)
  })
}

/** `town`: what lies in it, finely; null: in the district. */
export async function pageLayers(sql: Queryable, planId: number, person: Person | null, ids: readonly string[], town: string | null): Promise<PageLayer[]> {
  const found: PageLayer[] = []
  for (const id of ids) found.push(id === FINDINGS ? await findingsLayer(sql, planId, person, town) : await featureLayer(sql, id, town))
  return found
}

async function featureLayer(sql: Queryable, id: string, town: string | null): Promise<PageLayer> {
  const layer = layerOf(id)!
  const { geometry, legend } = layer
  const reach = town === null ? 'district' : 'town'
  const [version, classes] = await Promise.all([layerVersion(sql, id), layerClasses(sql, id, legend.field, town)])
  const features = classes.reduce((sum, one) => sum + one.features, 0)
  const made = { id, version: String(version), classes: classes.map(({ demo: _demo, ...one }) => one), demo: classes.some(({ demo }) => demo) }
  const known = (name: string | null) => (name !== null && name in legend.classes ? name : null)
  const one = ({ class: name, shape }: { class: string | null; shape: string }): PageShape => ({ class: known(name), lines: linesOf(JSON.parse(shape) as { type: string; coordinates: never }) })
  const tolerance = TOLERANCE_M[reach] / DEGREE_M
  if (features <= MOST_SHAPES || geometry === 'line') {
    const shapes = (await layerShapes(sql, id, legend.field, { town, tolerance: geometry === 'point' ? 0 : tolerance, leastM2: 0, most: MOST_SHAPES })).map(one)
    if (pointsOf(shapes) <= MOST_POINTS) return { ...made, way: features > MOST_SHAPES ? 'longest' : 'each', shapes }
    if (geometry === 'line') return { ...made, way: 'longest', shapes: within(shapes) }
  }
  const side = CELL_M[reach]
  const step = [side / DEGREE_EAST_M, side / DEGREE_M] as const
  const outlines = Object.entries(legend.classes).flatMap(([name, { outline }]) => (outline ? [name] : []))
  // What is larger than a few cells is drawn as it is: its middle alone would say too little of it.
  const large = geometry === 'polygon' ? LARGE_CELLS * side * side : null
  const cells = await layerCells(sql, id, legend.field, { town, step, cellM2: side * side, under: large, outlines })
  const covered = cellShapes(cells.map((cell) => ({ ...cell, class: known(cell.class) })), step)
  const big = large === null ? [] : (await layerShapes(sql, id, legend.field, { town, tolerance, leastM2: large, most: MOST_SHAPES })).map(one)
  // A place stands in the middle of its cell.
  const shapes = geometry === 'point' ? cells.map(({ x, y, class: name }) => ({ class: known(name), lines: [[[(x + 0.5) * step[0], (y + 0.5) * step[1]] as const]] })) : [...covered, ...big]
  return { ...made, way: 'cells', shapes: within(shapes) }
}
const LARGE_CELLS = 4

async function findingsLayer(sql: Queryable, planId: number, person: Person | null, town: string | null): Promise<PageLayer> {
  const points = await findingPoints(sql, planId, sightOf(person), { states: ['hung', 'fixed', 'struck', 'checked'], ...(town ? { town } : {}) }, MOST_FINDINGS)
  const shapes = points.map(({ state, place }): PageShape => ({ class: state, lines: [[place]] }))
  const classes = [...Map.groupBy(points, ({ state }) => state)].map(([state, its]) => ({ class: state as string, features: its.length, areaM2: 0, lengthM: 0 }))
  return { id: FINDINGS, version: sha256Of(shapes).slice(0, 16), way: 'each', classes, shapes, demo: points.some(({ demo }) => demo) }
}

/** What is frozen of a layer: which data it was, and the hash of what is drawn. */
export function layerMark(town: string | null, { id, version, way, classes, shapes }: PageLayer) {
  return { id, town, version, way, features: classes.reduce((sum, { features }) => sum + features, 0), sha256: sha256Of(shapes) }
}

const sha256Of = (shapes: readonly PageShape[]) => createHash('sha256').update(JSON.stringify(shapes)).digest('hex')

function linesOf({ type, coordinates }: { type: string; coordinates: never }): PageShape['lines'] {
  const at = ([lon, lat]: Position) => [lon!, lat!] as const
  if (type === 'Point') return [[at(coordinates as Position)]]
  if (type === 'MultiPoint' || type === 'LineString') return [(coordinates as Position[]).map(at)]
  if (type === 'MultiLineString' || type === 'Polygon') return (coordinates as Position[][]).map((line) => line.map(at))
  return (coordinates as Position[][][]).flat().map((line) => line.map(at))
}

const pointsOf = (shapes: readonly PageShape[]) => shapes.reduce((sum, { lines }) => sum + lines.reduce((n, line) => n + line.length, 0), 0)

/** As many shapes as the points of a page allow, the first ones first. */
function within(shapes: readonly PageShape[]): PageShape[] {
  let points = 0
  return shapes.filter((shape) => (points += pointsOf([shape])) <= MOST_POINTS)
}
