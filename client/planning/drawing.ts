/**
 * The drawing board on the planning map: terra-draw with the shapes of the features in the hand. Comes only when somebody draws. It tells what was
 * drawn or dragged, and shows what it is told; what a step means is decided by the sitting. terra-draw knows no holes and no shapes of several
 * parts, so that each ring, line or point is one of its features here, and they are put together again.
 */
import type { Geometry, Position } from 'geojson'
import type { Map as MapLibre } from 'maplibre-gl'
import {
  TerraDraw,
  TerraDrawLineStringMode,
  TerraDrawModeUndoRedo,
  TerraDrawPointMode,
  TerraDrawPolygonMode,
  TerraDrawSelectMode,
  ValidateNotSelfIntersecting,
  type GeoJSONStoreFeatures,
  type TerraDrawMouseEvent,
} from 'terra-draw'
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter'
import type { LayerGeometry } from '../../geo/layer/layer.ts'
import { rounded } from '../../geo/shape/cut.ts'
import { sizeOf, type ShapeSize } from '../../geo/shape/measure.ts'
import { caught, linesOfShape } from '../../geo/shape/snap.ts'
import type { Item } from './sitting.ts'

/** What one does at the board: move corners, draw a shape, split by a line, cut a hole, point at what is merged in. */
export const TOOLS = ['edit', 'draw', 'split', 'hole', 'merge'] as const
export type Tool = (typeof TOOLS)[number]

export interface DrawingEvents {
  /** A shape was drawn with a tool: of a feature, of a blade, of a hole. */
  drawn: (tool: Tool, shape: Geometry) => void
  /** The shape of an item was changed by its corners. */
  reshaped: (uid: string, shape: Geometry) => void
  /** Another item was clicked on. */
  chosen: (uid: string) => void
  /** How large that is which is being drawn or dragged; null: nothing is. */
  live: (size: ShapeSize | null) => void
}

/** How near the pointer must come to a corner or an edge to be caught by it, on the screen. */
const CATCH_PIXELS = 10
const INK = '#c2185b'
const DRAW_MODES: Record<LayerGeometry, string> = { point: 'point', line: 'linestring', polygon: 'polygon' }

export class Drawing {
  readonly #draw: TerraDraw
  readonly #map: MapLibre
  readonly #geometry: LayerGeometry
  readonly #events: DrawingEvents
  #tool: Tool = 'draw'
  #items: readonly Item[] = []
  #chosen: string | null = null
  /** Shapes beside those on the board that a pointer is caught by. */
  #around: Position[][] = []
  /** It shows what it was told: what terra-draw says meanwhile is nobody's doing. */
  #busy = false

  constructor(map: MapLibre, geometry: LayerGeometry, events: DrawingEvents) {
    this.#map = map
    this.#geometry = geometry
    this.#events = events
    const snapping = { toCustom: (event: TerraDrawMouseEvent, { currentId }: { currentId?: string | number }) => this.#caught(event, currentId) }
    const validation = (feature: GeoJSONStoreFeatures, { updateType }: { updateType: string }) => (updateType === 'finish' || updateType === 'commit' ? ValidateNotSelfIntersecting(feature) : { valid: true })
    const edges = { lineStringColor: INK, lineStringWidth: 3 } as const
    const area = { fillColor: INK, fillOpacity: 0.14, outlineColor: INK, outlineWidth: 2.5 } as const
    const coordinates = { draggable: true, deletable: true, midpoints: true, snappable: snapping }
    this.#draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map }),
      undoRedo: { modeLevel: new TerraDrawModeUndoRedo() },
      modes: [
        new TerraDrawPolygonMode({ snapping, validation, styles: area }),
        new TerraDrawLineStringMode({ snapping, styles: edges }),
        new TerraDrawPointMode({ styles: { pointColor: INK, pointWidth: 7, pointOutlineColor: '#ffffff', pointOutlineWidth: 2 } }),
        new TerraDrawLineStringMode({ modeName: 'blade', snapping, styles: { lineStringColor: '#17212c', lineStringWidth: 2 } }),
        new TerraDrawPolygonMode({ modeName: 'hole', snapping, validation, styles: { fillColor: '#ffffff', fillOpacity: 0.5, outlineColor: '#17212c', outlineWidth: 2 } }),
        new TerraDrawSelectMode({
          // What goes is decided in the panel, and can be undone there.
          keyEvents: { deselect: null, delete: null, rotate: null, scale: null },
          allowManualDeselection: false,
          flags: { polygon: { feature: { draggable: false, validation, coordinates } }, linestring: { feature: { draggable: false, coordinates } }, point: { feature: { draggable: true } } },
          styles: { selectedPolygonColor: INK, selectedPolygonFillOpacity: 0.2, selectedPolygonOutlineColor: INK, selectedPolygonOutlineWidth: 3, selectedLineStringColor: INK, selectedLineStringWidth: 4, selectedPointColor: INK, selectionPointColor: '#ffffff', selectionPointOutlineColor: INK, selectionPointOutlineWidth: 2, selectionPointWidth: 5, midPointColor: INK, midPointOutlineColor: '#ffffff', midPointWidth: 3 },
        }),
      ],
    })
    this.#draw.on('finish', (id, { action }) => this.#finished(id, action))
    this.#draw.on('change', (ids) => this.#changed(ids))
    this.#draw.on('select', (id) => this.#selected(id))
    this.#draw.start()
  }

  /** Shows the items, the chosen one with its corners where one edits. */
  show(items: readonly Item[], chosen: string | null): void {
    this.#items = items
    this.#chosen = chosen
    this.#quietly(() => {
      this.#leave()
      this.#draw.clear()
      const features = items.flatMap((item) => partsOf(item, DRAW_MODES[this.#geometry]))
      for (const { valid, reason } of this.#draw.addFeatures(features)) if (!valid) console.warn('not shown at the board:', reason)
    })
    this.use(this.#tool)
    this.#events.live(null)
  }

  /** Takes up a tool. */
  use(tool: Tool): void {
    this.#tool = tool
    this.#quietly(() => {
      const mode = { edit: 'select', draw: DRAW_MODES[this.#geometry], split: 'blade', hole: 'hole', merge: 'static' }[tool]
      this.#draw.setMode(mode)
      if (tool !== 'edit') return
      const own = this.#draw.getSnapshot().find(({ properties }) => properties.item === this.#chosen)
      if (own) this.#draw.selectFeature(own.id!)
    })
  }

  /** Leaves the map's clicks to others until a tool is taken up. */
  rest(): void {
    this.#quietly(() => this.#leave())
  }

  /** What the pointer is caught by, besides the board's own shapes. */
  around(shapes: readonly Geometry[]): void {
    this.#around = shapes.flatMap(linesOfShape)
  }

  /** Takes back the last corner of what is being drawn. @returns false where nothing is being drawn */
  undo(): boolean {
    return this.#draw.getModeState() === 'drawing' && this.#draw.canUndo() && this.#draw.undo()
  }
  redo(): boolean {
    return this.#draw.getModeState() === 'drawing' && this.#draw.canRedo() && this.#draw.redo()
  }
  /** Drops what is being drawn. @returns false where nothing is */
  drop(): boolean {
    if (this.#draw.getModeState() !== 'drawing') return false
    this.show(this.#items, this.#chosen)
    return true
  }

  remove(): void {
    this.#draw.stop()
  }

  #leave(): void {
    if (this.#draw.getMode() !== 'static') this.#draw.setMode('static')
  }

  #quietly(work: () => void): void {
    this.#busy = true
    try {
      work()
    } finally {
      this.#busy = false
    }
  }

  #caught({ lng, lat }: TerraDrawMouseEvent, current: string | number | undefined): Position | undefined {
    const others = this.#draw.getSnapshot().filter(({ id, properties }) => properties.item && id !== current)
    const lines = [...this.#around, ...others.flatMap(({ geometry }) => linesOfShape(geometry))]
    const { x, y } = this.#map.project([lng, lat])
    const metres = this.#map.unproject([x - 50, y]).distanceTo(this.#map.unproject([x + 50, y])) / 100
    const place = caught([lng, lat], lines, CATCH_PIXELS * metres)
    return place ? rounded({ type: 'Point', coordinates: place }).coordinates : undefined
  }

  #finished(id: string | number, action: string): void {
    const feature = this.#draw.getSnapshotFeature(id)
    if (this.#busy || !feature) return
    if (action !== 'draw') {
      const uid = String(feature.properties.item)
      const shape = this.#shapeOf(uid)
      if (shape) this.#events.reshaped(uid, shape)
      return
    }
    const [tool, shape] = [this.#tool, rounded(feature.geometry as Geometry)]
    // terra-draw is still in the middle of its own step; the board is drawn anew after it.
    queueMicrotask(() => this.#events.drawn(tool, shape))
  }

  #changed(ids: readonly (string | number)[]): void {
    if (this.#busy) return
    for (const id of ids) {
      const feature = this.#draw.hasFeature(id) ? this.#draw.getSnapshotFeature(id) : undefined
      if (!feature || feature.geometry.type === 'Point') continue
      const uid = feature.properties.item
      this.#events.live(sizeOf(typeof uid === 'string' ? this.#shapeOf(uid) : (feature.geometry as Geometry)))
      return
    }
  }

  #selected(id: string | number): void {
    if (this.#busy) return
    const uid = this.#draw.getSnapshotFeature(id)?.properties.item
    if (typeof uid === 'string' && uid !== this.#chosen) this.#events.chosen(uid)
  }

  /** The parts of an item as they are on the board now, put together. */
  #shapeOf(uid: string): Geometry | null {
    const parts = this.#draw.getSnapshot().filter(({ properties }) => properties.item === uid)
    const lists = parts.toSorted((a, b) => Number(a.properties.part) - Number(b.properties.part) || Number(a.properties.ring) - Number(b.properties.ring))
    const coordinates: Position[][][] = []
    for (const { geometry, properties } of lists) (coordinates[Number(properties.part)] ??= []).push(geometry.type === 'Polygon' ? geometry.coordinates[0]! : geometry.type === 'LineString' ? geometry.coordinates : [geometry.coordinates])
    const one = coordinates.filter(Boolean)
    if (one.length === 0) return null
    const isSingle = one.length === 1
    switch (this.#geometry) {
      case 'polygon':
        return rounded(isSingle ? { type: 'Polygon', coordinates: one[0]! } : { type: 'MultiPolygon', coordinates: one })
      case 'line':
        return rounded(isSingle ? { type: 'LineString', coordinates: one[0]![0]! } : { type: 'MultiLineString', coordinates: one.map(([line]) => line!) })
      case 'point':
        return rounded(isSingle ? { type: 'Point', coordinates: one[0]![0]![0]! } : { type: 'MultiPoint', coordinates: one.map(([place]) => place![0]!) })
    }
  }
}

/** An item as terra-draw's features: each ring, line or point is one. */
function partsOf({ uid, geometry }: Item, mode: string): GeoJSONStoreFeatures[] {
  const feature = (shape: Geometry, part: number, ring: number) => ({ type: 'Feature', geometry: shape, properties: { mode, item: uid, part, ring } }) as GeoJSONStoreFeatures
  const shape = geometry && rounded(geometry)
  switch (shape?.type) {
    case 'Polygon':
      return shape.coordinates.map((ring, i) => feature({ type: 'Polygon', coordinates: [ring] }, 0, i))
    case 'MultiPolygon':
      return shape.coordinates.flatMap((rings, part) => rings.map((ring, i) => feature({ type: 'Polygon', coordinates: [ring] }, part, i)))
    case 'LineString':
    case 'Point':
      return [feature(shape, 0, 0)]
    case 'MultiLineString':
      return shape.coordinates.map((coordinates, part) => feature({ type: 'LineString', coordinates }, part, 0))
    case 'MultiPoint':
      return shape.coordinates.map((coordinates, part) => feature({ type: 'Point', coordinates }, part, 0))
    default:
      return []
  }
}
