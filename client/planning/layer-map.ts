/**
 * The one object that owns the planning map. Components tell it which layers are seen, of which town, and what is chosen; nobody else touches the
 * map. Layers come as vector tiles from the server; no other address is asked.
 */
import type { FeatureCollection, Geometry } from 'geojson'
import { Map as MapLibre, setWorkerUrl, type ExpressionSpecification, type FilterSpecification, type GeoJSONSource, type LayerSpecification, type VectorTileSource } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { EACH_BY_ITSELF, type LayerGeometry } from '../../geo/layer/layer.ts'
import type { TownCollection } from '../api.ts'
import { boxOf, type Box } from '../map/flat.ts'
import type { CheckMarks } from '../check/check-marks.ts'
import type { Drawing, DrawingEvents } from './drawing.ts'
import type { LayerAnswer } from './layer-api.ts'
import type { Standing } from './standing.ts'

setWorkerUrl(workerUrl)

/** A feature under the pointer. */
export interface Hit {
  layer: string
  id: number
  name: string
}

export interface LayerMapEvents {
  hover: (hit: Hit | null, at: [number, number]) => void
  /** Everything at the place, the uppermost first. */
  click: (hits: Hit[]) => void
  move: () => void
}

/** A style without its source; `below`: the layer that it lies under. */
export type OverlayStyle = Pick<LayerSpecification, 'id'> & { type: 'line' | 'circle' | 'symbol'; paint: object; layout?: object; filter?: FilterSpecification; minzoom?: number; below?: string }

const PADDING = 40
/** Deeper tiles show nothing more: the map enlarges them. */
const DEEPEST_TILE = 16
/** From further away these are made smaller. */
const SHALLOWEST_TILE = 8
const CHOSEN = '#c2185b'
const NOTHING: FilterSpecification = ['==', ['id'], -1]

export class LayerMap {
  readonly #map: MapLibre
  readonly #layers: readonly LayerAnswer[]
  readonly #shapes: TownCollection
  readonly #scale: number
  #town: string | null = null
  #shown: ReadonlySet<string> = new Set()
  #chosen: Hit | null = null
  #classes: ReadonlyMap<string, string> = new Map()
  #ready = false
  /** Who gets the clicks: whoever looks, the drawing board, or one who picks a feature for it. */
  #stage: 'looking' | 'drawing' | 'picking' = 'looking'
  /** Who wants the places that are clicked on, instead of the features there. */
  #placing: ((at: [number, number]) => void) | null = null
  #hidden: { layer: string; ids: readonly number[] } = { layer: '', ids: [] }
  /** The past day that is shown; null: now. */
  #at: string | null
  /** What is to be shown once all that is asked for is there. */
  #next: { layers: readonly LayerAnswer[]; at: string | null } | null = null
  /** Resolves when the first picture stands; rejects where there is no WebGL. */
  readonly drawn: Promise<void>

  /** @throws Error where the browser has no WebGL2 */
  constructor(container: HTMLElement, layers: readonly LayerAnswer[], shapes: TownCollection, town: string | null, events: LayerMapEvents, at: string | null = null, standing: Standing | null = null) {
    this.#layers = layers
    this.#at = at
    this.#shapes = shapes
    this.#town = town
    this.#scale = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16
    const map = new MapLibre({
      container,
      style: { version: 8, sources: this.#sources(), layers: this.#styles() },
      ...(standing ? { center: standing.middle, zoom: standing.zoom } : { bounds: this.#boxOfTown(), fitBoundsOptions: { padding: PADDING } }),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      keyboard: false,
      fadeDuration: 0,
      minZoom: 8,
      maxZoom: 18,
    })
    map.touchZoomRotate.disableRotation()
    // Features are in the list beside, towns are buttons over the map; the canvas itself says nothing to a keyboard or a screen reader.
    map.getCanvas().tabIndex = -1
    map.getCanvas().setAttribute('aria-hidden', 'true')
    map.once('style.load', () => {
      this.#ready = true
      this.#apply()
    })
    map.on('move', events.move)
    map.on('resize', events.move)
    map.on('mousemove', ({ point: { x, y } }) => {
      if (this.#stage === 'drawing') return
      const [hit] = this.#hitsAt(x, y)
      map.getCanvas().style.cursor = hit ? 'pointer' : ''
      events.hover(hit ?? null, [x, y])
    })
    map.on('mouseout', () => events.hover(null, [0, 0]))
    map.on('click', ({ point: { x, y }, lngLat: { lng, lat } }) => {
      if (this.#placing) this.#placing([lng, lat])
      else if (this.#stage !== 'drawing') events.click(this.#hitsAt(x, y))
    })
    this.#map = map
    this.drawn = new Promise((resolve, reject) => {
      map.once('load', () => resolve())
      map.once('error', ({ error }) => reject(error))
    })
  }

  /** Which layers are seen. */
  show(layers: ReadonlySet<string>): void {
    this.#shown = layers
    this.#apply()
  }

  /** Only what lies in a town; null: everything. The map goes there. */
  narrow(town: string | null): void {
    if (town === this.#town) return
    this.#town = town
    this.#apply()
    this.#map.fitBounds(this.#boxOfTown(), { padding: PADDING, duration: 300 })
  }

  /** Of some layers only one class. */
  only(classes: ReadonlyMap<string, string>): void {
    this.#classes = classes
    this.#apply()
  }

  /** Marks a feature. */
  choose(hit: Hit | null): void {
    this.#chosen = hit
    this.#apply()
  }

  /** Goes to a shape, unless it is in view already. */
  goTo(shape: Geometry): void {
    const places = placesOf(shape)
    const box: Box = [Math.min(...places.map(([x]) => x)), Math.min(...places.map(([, y]) => y)), Math.max(...places.map(([x]) => x)), Math.max(...places.map(([, y]) => y))]
    const bounds = this.#map.getBounds()
    if (bounds.contains([box[0], box[1]]) && bounds.contains([box[2], box[3]]) && this.#map.getZoom() > 12) return
    this.#map.fitBounds(box, { padding: 120, maxZoom: 15, duration: 300 })
  }

  /** Tiles of layers whose data has changed, or are wanted as of another day, are asked for anew. What is on the map stays until they are there. */
  refresh(layers: readonly LayerAnswer[], at: string | null = null): void {
    this.#next = { layers, at }
    this.#travel()
  }

  /** Resolves when all that is shown is there. */
  settled(): Promise<void> {
    return this.#next === null && this.#map.areTilesLoaded() ? Promise.resolve() : new Promise((resolve) => this.#map.once('idle', () => resolve()))
  }

  /** Asks for what another day would show here, so that it is there at once when it is wanted. */
  async prefetch(layers: readonly LayerAnswer[], at: string | null): Promise<void> {
    const bounds = this.#map.getBounds()
    const places = tilesIn([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()], Math.min(Math.max(Math.floor(this.#map.getZoom()), SHALLOWEST_TILE), DEEPEST_TILE))
    const wanted = layers.filter(({ id }) => this.#shown.has(id)).flatMap(({ id, version }) => places.map((place) => tilesOf(id, version, at).replace('{z}/{x}/{y}', place)))
    await Promise.all(wanted.map((url) => fetch(url).then((answer) => answer.arrayBuffer()).catch(() => null))) // prettier-ignore
  }

  /** Where the map stands, so that another may stand the same. */
  standing(): Standing {
    const { lng, lat } = this.#map.getCenter()
    return { middle: [lng, lat], zoom: this.#map.getZoom() }
  }

  standAs({ middle, zoom }: Standing): void {
    this.#map.jumpTo({ center: middle, zoom })
  }

  /** What is on the map, as a picture for paper: a canvas of WebGL comes out empty there. */
  picture(): string {
    this.#map.redraw()
    return this.#map.getCanvas().toDataURL()
  }

  /** The same at once, onto a canvas of the page's own: for a print that the browser starts. */
  drawOn(paper: HTMLCanvasElement): void {
    this.#map.redraw()
    const drawn = this.#map.getCanvas()
    paper.width = drawn.width
    paper.height = drawn.height
    paper.getContext('2d')?.drawImage(drawn, 0, 0)
  }

  /** A drawing board on this map; its code comes only now. Whoever asked puts it away with {@link putAway}. */
  async board(geometry: LayerGeometry, events: DrawingEvents): Promise<Drawing> {
    const [{ Drawing }] = await Promise.all([import('./drawing.ts'), this.drawn])
    this.#stage = 'drawing'
    return new Drawing(this.#map, geometry, events)
  }

  /** What a check marks on this map; its code comes only now. Whoever asked removes it. */
  async checkMarks(): Promise<CheckMarks> {
    const [{ CheckMarks }] = await Promise.all([import('../check/check-marks.ts'), this.drawn])
    return new CheckMarks(this.#map)
  }

  /** While somebody draws: whether a click picks a feature of the layers. */
  pick(picks: boolean): void {
    this.#stage = picks ? 'picking' : 'drawing'
  }

  /** While a place is wanted, clicks go to whoever wants it. */
  place(work: ((at: [number, number]) => void) | null): void {
    this.#placing = work
    this.#map.getCanvas().style.cursor = work ? 'crosshair' : ''
  }

  /** Lines and points that lie over the layers, as an overlay of its own has drawn them up; takes the place of what it had. */
  overlay(name: string, data: FeatureCollection, styles: readonly OverlayStyle[]): void {
    if (!this.#ready) return
    const source = this.#map.getSource(name) as GeoJSONSource | undefined
    if (source) return void source.setData(data)
    this.#map.addSource(name, { type: 'geojson', data })
    for (const style of styles) this.#map.addLayer({ ...style, source: name } as LayerSpecification, style.below)
  }

  /** A small picture for overlays: a shape in a box of 16, with a white edge. */
  symbolImage(name: string, path: string, colour: string): void {
    if (this.#map.hasImage(name)) return
    const canvas = Object.assign(document.createElement('canvas'), { width: 32, height: 32 })
    const pen = canvas.getContext('2d')!
    pen.scale(2, 2)
    pen.lineWidth = 2.4
    pen.strokeStyle = '#fff'
    pen.fillStyle = colour
    const shape = new Path2D(path)
    pen.stroke(shape)
    pen.fill(shape)
    this.#map.addImage(name, pen.getImageData(0, 0, 32, 32), { pixelRatio: 2 })
  }

  /** What lies at a place of an overlay, as it was drawn up. */
  overlaidAt([x, y]: readonly [number, number], layers: readonly string[]): Record<string, unknown> | null {
    const there = layers.filter((layer) => this.#map.getLayer(layer))
    return this.#map.queryRenderedFeatures([[x - 6, y - 6], [x + 6, y + 6]], { layers: there })[0]?.properties ?? null // prettier-ignore
  }

  putAway(board: Drawing): void {
    this.#placing = null
    board.remove()
    this.#stage = 'looking'
    this.hide('', [])
  }

  /** Features that are on the board are not drawn beneath it. */
  hide(layer: string, ids: readonly number[]): void {
    this.#hidden = { layer, ids }
    this.#apply()
  }

  /** Tells when the map has come to rest somewhere else. */
  onRest(work: () => void): () => void {
    this.#map.on('moveend', work)
    return () => void this.#map.off('moveend', work)
  }

  /** Tells when all that is in view has been drawn. */
  onIdle(work: () => void): void {
    this.#map.on('idle', work)
  }

  /** The layers that are drawn here as the cells that a crowd of their areas covers, instead of each by itself. */
  gridded(): string[] {
    if (!this.#ready || this.#map.getZoom() >= EACH_BY_ITSELF) return []
    const areas = this.#layers.filter(({ id, geometry }) => geometry === 'polygon' && this.#shown.has(id))
    return areas.filter(({ id }) => this.#map.querySourceFeatures(id, { sourceLayer: id, filter: ['==', ['id'], 0] }).length > 0).map(({ id }) => id)
  }

  /** Where one looks, and from how near. */
  where(): { box: Box; zoom: number } {
    const bounds = this.#map.getBounds()
    return { box: [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()], zoom: this.#map.getZoom() }
  }

  project(place: [number, number]): [number, number] {
    const { x, y } = this.#map.project(place)
    return [x, y]
  }

  metresPer100(): number {
    const { clientWidth, clientHeight } = this.#map.getContainer()
    const [x, y] = [clientWidth / 2, clientHeight / 2]
    return this.#map.unproject([x - 50, y]).distanceTo(this.#map.unproject([x + 50, y]))
  }

  zoom(by: number): void {
    this.#map.easeTo({ zoom: this.#map.getZoom() + by, duration: 200 })
  }

  showAll(): void {
    this.#map.fitBounds(this.#boxOfTown(), { padding: PADDING, duration: 300 })
  }

  resize(): void {
    this.#map.resize()
  }

  remove(): void {
    this.#ready = false
    this.#map.remove()
  }

  #travel(): void {
    if (!this.#next) return
    // A tile that is under way would not be asked for again.
    if (!this.#ready || !this.#map.areTilesLoaded()) return void this.#map.once('idle', () => this.#travel())
    const { layers, at } = this.#next
    this.#next = null
    const towns = at === this.#at ? [] : [{ id: 'towns', version: 0 }]
    this.#at = at
    for (const { id, version } of [...towns, ...layers]) (this.#map.getSource(id) as VectorTileSource | undefined)?.setTiles([tilesOf(id, version, at)])
  }

  #boxOfTown(): Box {
    const own = this.#shapes.features.filter(({ properties, geometry }) => geometry && properties.code === this.#town)
    return boxOf(own.length ? { ...this.#shapes, features: own } : this.#shapes)
  }

  #hitsAt(x: number, y: number): Hit[] {
    if (!this.#ready) return []
    const near = 4 * this.#scale
    const layers = this.#map.getStyle().layers.flatMap((layer) => (this.#isOwn(layer) && !layer.id.startsWith('chosen') ? [layer.id] : []))
    const hits = this.#map.queryRenderedFeatures([[x - near, y - near], [x + near, y + near]], { layers }) // prettier-ignore
    // From afar a crowd of parcels is drawn as what it covers, numbered 0: nothing to choose.
    const found = new Map(hits.filter(({ id }) => Number(id) > 0).map(({ source, id, properties }) => [`${source}/${id}`, { layer: source, id: Number(id), name: String(properties.name ?? '') }]))
    return [...found.values()]
  }

  /** A layer's own: neither the towns' nor the drawing board's. */
  #isOwn(layer: LayerSpecification): layer is LayerSpecification & { source: string } {
    return 'source' in layer && this.#layers.some(({ id }) => id === layer.source)
  }

  #sources() {
    const vector = (id: string, version: number) => [id, { type: 'vector' as const, tiles: [tilesOf(id, version, this.#at)], minzoom: SHALLOWEST_TILE, maxzoom: DEEPEST_TILE }]
    return Object.fromEntries([vector('towns', 0), ...this.#layers.map(({ id, version }) => vector(id, version))])
  }

  #styles(): LayerSpecification[] {
    const s = this.#scale
    const towns = { source: 'towns', 'source-layer': 'towns' }
    return [
      { id: 'paper', type: 'background', paint: { 'background-color': '#eef1f4' } },
      { id: 'towns', type: 'fill', ...towns, paint: { 'fill-color': '#fff' } },
      ...this.#layers.flatMap((layer) => stylesOf(layer, s)),
      { id: 'towns-border', type: 'line', ...towns, layout: { 'line-join': 'round' }, paint: { 'line-color': '#7c8b9a', 'line-width': 1.1 * s } },
      ...this.#layers.flatMap((layer) => chosenStyleOf(layer, s)),
    ]
  }

  #apply(): void {
    if (!this.#ready) return
    const map = this.#map
    for (const layer of map.getStyle().layers) {
      if (!this.#isOwn(layer)) continue
      const isShown = this.#shown.has(layer.source)
      map.setLayoutProperty(layer.id, 'visibility', isShown ? 'visible' : 'none')
      const isChosen = layer.id.startsWith('chosen')
      if (isChosen) map.setFilter(layer.id, this.#chosen?.layer === layer.source ? ['==', ['id'], this.#chosen!.id] : NOTHING)
      else map.setFilter(layer.id, both((layer.metadata as { filter?: FilterSpecification } | undefined)?.filter, this.#town, this.#hidden.layer === layer.source ? this.#hidden.ids : [], this.#classes.get(layer.source)))
    }
  }
}

const tilesOf = (layer: string, version: number, at: string | null) => `${location.origin}/api/tiles/${layer}/{z}/{x}/{y}.mvt?v=${version}${at ? `&at=${at}` : ''}`

/** The tiles of a depth that a box lies in, as z/x/y. */
function tilesIn([west, south, east, north]: Box, z: number): string[] {
  const column = (lon: number) => Math.floor(((lon + 180) / 360) * 2 ** z)
  const row = (lat: number) => Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** z)
  const found: string[] = []
  for (let x = column(west); x <= column(east); x++) for (let y = row(north); y <= row(south); y++) found.push(`${z}/${x}/${y}`)
  return found
}

function both(own: FilterSpecification | undefined, town: string | null, hidden: readonly number[], only: string | undefined): FilterSpecification | null {
  const ofTown = town ? [['==', ['get', 'town'], town]] : []
  const seen = hidden.length ? [['!', ['in', ['id'], ['literal', [...hidden]]]]] : []
  const ofClass = only ? [['==', ['get', 'class'], only]] : []
  const all = [...(own ? [own] : []), ...ofTown, ...ofClass, ...seen]
  return all.length ? (['all', ...all] as unknown as FilterSpecification) : null
}

/** How a layer looks: uses as areas, designations as outlines over them, roads as lines, the rest as dots. */
function stylesOf({ id, geometry, legend }: LayerAnswer, scale: number): LayerSpecification[] {
  const of = { source: id, 'source-layer': id }
  const classes = Object.entries(legend.classes)
  const colour = ['match', ['get', 'class'], ...classes.flatMap(([name, one]) => [name, one.colour]), '#626e7a'] as unknown as ExpressionSpecification
  const outlines = classes.filter(([, one]) => one.outline).map(([name]) => name)
  const isOutline = ['in', ['get', 'class'], ['literal', outlines]] as unknown as FilterSpecification
  // What a crowd covers from afar (number 0) comes in blocks: it is filled, and has no edges of its own.
  const drawn = (which: FilterSpecification) => ['all', which, ['!=', ['id'], 0]] as unknown as FilterSpecification
  const uses = ['!', isOutline] as unknown as FilterSpecification
  const grows = (low: number, high: number) => ['interpolate', ['linear'], ['zoom'], 10, low * scale, 15, high * scale] as unknown as ExpressionSpecification
  if (geometry === 'polygon') {
    return [
      { id: `${id}-area`, type: 'fill', ...of, metadata: { filter: uses }, filter: uses, paint: { 'fill-color': colour, 'fill-opacity': 0.8, 'fill-antialias': false } },
      { id: `${id}-edge`, type: 'line', ...of, metadata: { filter: drawn(uses) }, filter: drawn(uses), paint: { 'line-color': colour, 'line-width': grows(0.2, 1) } },
      // What is only outlined can be pointed at all over.
      { id: `${id}-ground`, type: 'fill', ...of, metadata: { filter: isOutline }, filter: isOutline, paint: { 'fill-color': colour, 'fill-opacity': ['case', ['==', ['id'], 0], 0.3, 0.04], 'fill-antialias': false } },
      { id: `${id}-outline`, type: 'line', ...of, metadata: { filter: drawn(isOutline) }, filter: drawn(isOutline), paint: { 'line-color': colour, 'line-width': grows(0.5, 2) } },
    ]
  }
  if (geometry === 'line') {
    const layout = { 'line-cap': 'round', 'line-join': 'round' } as const
    return [
      { id: `${id}-casing`, type: 'line', ...of, layout, paint: { 'line-color': '#fff', 'line-width': grows(3.6, 8) } },
      { id: `${id}-line`, type: 'line', ...of, layout, paint: { 'line-color': colour, 'line-width': grows(2, 5) } },
    ]
  }
  return [{ id: `${id}-dot`, type: 'circle', ...of, paint: { 'circle-color': colour, 'circle-radius': grows(3, 6.5), 'circle-stroke-color': '#fff', 'circle-stroke-width': 1.2 * scale } }]
}

function chosenStyleOf({ id, geometry }: LayerAnswer, scale: number): LayerSpecification[] {
  const of = { source: id, 'source-layer': id, filter: NOTHING }
  if (geometry === 'point') return [{ id: `chosen-${id}`, type: 'circle', ...of, paint: { 'circle-color': 'transparent', 'circle-radius': 10 * scale, 'circle-stroke-color': CHOSEN, 'circle-stroke-width': 2.6 * scale } }]
  return [{ id: `chosen-${id}`, type: 'line', ...of, layout: { 'line-join': 'round' }, paint: { 'line-color': CHOSEN, 'line-width': 3 * scale } }]
}

function placesOf(shape: Geometry): [number, number][] {
  const flat = (value: unknown): [number, number][] => (Array.isArray(value) && typeof value[0] === 'number' ? [value as [number, number]] : Array.isArray(value) ? value.flatMap(flat) : [])
  return 'coordinates' in shape ? flat(shape.coordinates) : []
}
