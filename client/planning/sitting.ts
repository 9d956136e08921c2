/**
 * A sitting at the drawing board: the features in the hand, as pictures of the whole, so that undo and redo only go back and forth between
 * pictures. Nothing is stored before it is saved, and then all of it at once. Pure.
 */
import type { Geometry } from 'geojson'
import type { FeatureProperties, Layer } from '../../geo/layer/layer.ts'
import { rangesWithin, type Range } from '../../geo/road/chainage.ts'
import { sizeOf } from '../../geo/shape/measure.ts'
import { joined, merged, splitArea, splitLine, without, type Area, type Line } from '../../geo/shape/cut.ts'
import type { LayerFeature } from './layer-api.ts'

export interface Item {
  /** Its name at the board; new features have no number yet. */
  uid: string
  id: number | null
  /** The version that it was taken up in; 0: it is new. */
  version: number
  geometry: Geometry | null
  properties: FeatureProperties
  unit: string | null
  /** Goes when the sitting is saved: deleted, or merged into another. */
  gone: boolean
  /** As it was taken up. */
  was: LayerFeature | null
}

export interface Board {
  items: readonly Item[]
  chosen: string | null
}

export interface Sitting {
  past: readonly Board[]
  now: Board
  future: readonly Board[]
}

/** More steps back than anybody counts. */
const MOST_STEPS = 200

let count = 0
const nextUid = () => `item-${++count}`

export function newItem(properties: FeatureProperties = {}, geometry: Geometry | null = null): Item {
  return { uid: nextUid(), id: null, version: 0, geometry, properties, unit: null, gone: false, was: null }
}
export function itemOf(feature: LayerFeature): Item {
  const { id, geometry, properties, about } = feature
  return { uid: nextUid(), id, version: about.version, geometry, properties, unit: about.unit, gone: false, was: feature }
}
export function begun(item: Item): Sitting {
  return { past: [], now: { items: [item], chosen: item.uid }, future: [] }
}

/** One step further. What was undone before is forgotten. */
export function stepped({ past, now }: Sitting, next: Board): Sitting {
  return { past: [...past, now].slice(-MOST_STEPS), now: next, future: [] }
}
export function undone({ past, now, future }: Sitting): Sitting {
  const last = past.at(-1)
  return last ? { past: past.slice(0, -1), now: last, future: [now, ...future] } : { past, now, future }
}
export function redone({ past, now, future }: Sitting): Sitting {
  const [next, ...rest] = future
  return next ? { past: [...past, now], now: next, future: rest } : { past, now, future }
}

export const chosenOf = ({ items, chosen }: Board): Item | null => items.find(({ uid }) => uid === chosen) ?? null
/** What is on the board: not what goes. */
export const present = ({ items }: Board): Item[] => items.filter(({ gone }) => !gone)

export function changed(board: Board, uid: string, change: Partial<Item>): Board {
  return { ...board, items: board.items.map((item) => (item.uid === uid ? { ...item, ...change } : item)) }
}

/** A shape that was drawn: of the chosen feature where that has none, of a new one like it otherwise. */
export function drawn(board: Board, layer: Layer, geometry: Geometry): Board {
  const chosen = chosenOf(board)
  if (chosen && !chosen.geometry) return changed(board, chosen.uid, { geometry })
  const item = newItem(chosen ? likeIt(layer, chosen.properties) : {}, geometry)
  return { items: [...board.items, item], chosen: item.uid }
}

/** What another feature of the same kind starts with: not its name, nor what was measured of the other. */
function likeIt(layer: Layer, properties: FeatureProperties): FeatureProperties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name !== layer.title && layer.fields[name]?.type !== 'ranges' && layer.fields[name]?.type !== 'number'))
}

const isArea = (shape: Geometry | null): shape is Area => shape?.type === 'Polygon' || shape?.type === 'MultiPolygon'
const isLine = (shape: Geometry | null): shape is Line => shape?.type === 'LineString' || shape?.type === 'MultiLineString'

/** Why something could not be done, as words have it under planning.cannot. */
export type Cannot = 'notThrough' | 'nothingLeft' | 'notInside' | 'otherKind' | 'nothingChosen'

/** The chosen feature in two or more: it keeps its number and the largest piece (of a line the first), the others are new. */
export function split(board: Board, layer: Layer, blade: readonly (readonly number[])[]): Board | Cannot {
  const item = chosenOf(board)
  const shape = item?.geometry ?? null
  const along = blade.map((place) => [...place])
  const pieces = isArea(shape) ? splitArea(shape, along) : isLine(shape) ? splitLine(shape, along) : []
  if (!item || pieces.length === 0) return 'nothingChosen'
  const before = isArea(shape) && shape.type === 'MultiPolygon' ? shape.coordinates.length : isLine(shape) && shape.type === 'MultiLineString' ? shape.coordinates.length : 1
  if (pieces.length <= before) return 'notThrough'
  const [first, ...rest] = pieces
  const shares = isLine(shape) ? rangesOfPieces(layer, item.properties, pieces) : pieces.map(() => ({}))
  const title = item.properties[layer.title]
  const named = (i: number) => ({ ...likeIt(layer, item.properties), ...shares[i + 1], ...(typeof title === 'string' ? { [layer.title]: `${title}-${i + 2}` } : {}) })
  const others = rest.map((geometry, i) => ({ ...newItem(named(i), geometry), unit: item.unit }))
  const kept = changed(board, item.uid, { geometry: first!, properties: { ...item.properties, ...shares[0] } })
  return { ...kept, items: [...kept.items, ...others] }
}

/** What each piece of a road has of the road's ranges, counted from the piece's own start. */
function rangesOfPieces(layer: Layer, properties: FeatureProperties, pieces: readonly Geometry[]): FeatureProperties[] {
  let start = 0
  return pieces.map((piece) => {
    const [from, long] = [start, sizeOf(piece).lengthM ?? 0]
    start += long
    return Object.fromEntries(
      Object.keys(layer.fields).flatMap((name) => (layer.fields[name]!.type === 'ranges' && Array.isArray(properties[name]) ? [[name, rangesWithin(properties[name] as Range[], from, long)]] : [])),
    )
  })
}

/** A hole in the chosen area. */
export function holed(board: Board, hole: Area): Board | Cannot {
  const item = chosenOf(board)
  if (!item || !isArea(item.geometry)) return 'nothingChosen'
  const rest = without(item.geometry, hole)
  if (!rest) return 'nothingLeft'
  if (JSON.stringify(rest) === JSON.stringify(item.geometry)) return 'notInside'
  return changed(board, item.uid, { geometry: rest })
}

/** Another feature goes into the chosen one. */
export function mergedWith(board: Board, feature: LayerFeature): Board | Cannot {
  const item = chosenOf(board)
  if (!item?.geometry) return 'nothingChosen'
  const known = board.items.find(({ id }) => id === feature.id)
  const other = known ?? itemOf(feature)
  if (other.uid === item.uid || other.gone) return board
  const [a, b] = [item.geometry, other.geometry]
  const shape = isArea(a) && isArea(b) ? merged([a, b]) : isLine(a) && isLine(b) ? joined([a, b]) : null
  if (!shape) return 'otherKind'
  const next = changed(board, item.uid, { geometry: shape })
  const left = { ...other, gone: true }
  return { ...next, items: known ? next.items.map((one) => (one.uid === known.uid ? left : one)) : [...next.items, left] }
}

/** Whether an item says anything else than what is stored. */
export function isChanged({ was, geometry, properties, unit, gone }: Item): boolean {
  if (!was) return !gone && (geometry !== null || Object.keys(properties).length > 0)
  return gone || JSON.stringify([geometry, properties, unit]) !== JSON.stringify([was.geometry, was.properties, was.about.unit])
}

/** What a sitting asks the server to do. */
export interface EditsBody {
  add: object[]
  change: object[]
  remove: { id: number; version: number }[]
}
export function editsOf({ items }: Board): EditsBody {
  const worth = items.filter(isChanged)
  const sent = ({ geometry, properties, unit }: Item) => ({ geometry, properties, unit })
  return {
    add: worth.filter(({ id }) => id === null).map(sent),
    change: worth.filter(({ id, gone }) => id !== null && !gone).map((item) => ({ ...sent(item), id: item.id, version: item.version })),
    remove: worth.flatMap(({ id, version, gone }) => (id !== null && gone ? [{ id, version }] : [])),
  }
}
