/**
 * The map of the ledger: the district's towns beneath, the findings on it, those close together as one with their number. Owns its MapLibre map;
 * the screen hands it points and what is chosen. No tiles, no glyphs: numbers and shapes are small pictures drawn here when they are first needed.
 */
import type { Feature, FeatureCollection, Point, Position } from 'geojson'
import { Map as MapLibre, setWorkerUrl, type GeoJSONSource, type MapGeoJSONFeature, type StyleSpecification } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { Line } from '../../geo/shape/along.ts'
import type { TownCollection } from '../api.ts'
import { boxOf } from '../map/flat.ts'
import { outlineOf } from '../map/outline.ts'
import type { FindingPoints } from './finding-api.ts'
import { CODE_COLOURS, LOOK_COLOURS, LOOK_SHAPES, lookOf, type Look } from './look.ts'

setWorkerUrl(workerUrl)

export interface FindingMapEvents {
  /** A finding was clicked. */
  choose: (id: number) => void
  /** Any place was clicked, while places are asked for. */
  pick: (place: [number, number]) => void
  /** The finding under the pointer with its words' place in pixels; null: none. */
  hover: (point: { id: number; title: string; at: [number, number] } | null) => void
}

const PADDING = { top: 24, right: 24, bottom: 34, left: 24 }
const EMPTY: FeatureCollection<Point> = { type: 'FeatureCollection', features: [] }

export class FindingMap {
  readonly #map: MapLibre
  readonly #shapes: TownCollection
  #ready = false
  #points: FeatureCollection<Point> = EMPTY
  #chosen: FeatureCollection<Point> = EMPTY
  #names: FeatureCollection<Point> = EMPTY
  #road: FeatureCollection = { type: 'FeatureCollection', features: [] }
  #town: string | null = null
  #picking = false
  /** Resolves when the first picture stands; rejects where there is no WebGL. */
  readonly drawn: Promise<void>

  /** @throws Error where the browser has no WebGL2 */
  constructor(container: HTMLElement, shapes: TownCollection, events: FindingMapEvents) {
    this.#shapes = shapes
    const map = new MapLibre({
      container,
      style: styleOf(shapes),
      bounds: boxOf(shapes),
      fitBoundsOptions: { padding: PADDING },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      keyboard: false,
      fadeDuration: 0,
      minZoom: 7,
      maxZoom: 18,
    })
    map.touchZoomRotate.disableRotation()
    // Everything on it is a row of the table as well, which the keyboard reaches.
    map.getCanvas().tabIndex = -1
    map.getCanvas().setAttribute('aria-hidden', 'true')
    map.setMissingStyleImageResolver(async (id) => {
      const picture = await pictureOf(id)
      if (picture && !map.hasImage(id)) map.addImage(id, picture, { pixelRatio: 2 })
    })
    map.once('style.load', () => {
      this.#ready = true
      this.#source('findings')?.setData(this.#points)
      this.#source('chosen')?.setData(this.#chosen)
      this.#source('names')?.setData(this.#names)
      this.#source('road')?.setData(this.#road)
      this.#showTown()
    })
    map.on('mousemove', ({ point: { x, y } }) => {
      const found = this.#at([x, y])
      map.getCanvas().style.cursor = this.#picking ? 'crosshair' : found ? 'pointer' : ''
      const single = found && !found.properties.cluster ? found : null
      events.hover(single ? { id: Number(single.id), title: String(single.properties.title), at: [x, y] } : null)
    })
    map.on('mouseout', () => events.hover(null))
    map.on('click', ({ point: { x, y }, lngLat }) => {
      if (this.#picking) return events.pick([round(lngLat.lng), round(lngLat.lat)])
      const found = this.#at([x, y])
      if (!found) return
      if (found.properties.cluster) void this.#open(found)
      else events.choose(Number(found.id))
    })
    this.#map = map
    this.drawn = new Promise((resolve, reject) => {
      map.once('load', () => resolve())
      map.once('error', ({ error }) => reject(error))
    })
  }

  show(points: FindingPoints): void {
    const features = points.features.map(({ id, geometry, properties }): Feature<Point> => {
      const look = lookOf(properties)
      return { type: 'Feature', id: Number(id), geometry, properties: { title: properties.title, look, code: properties.code ?? '', late: look === 'overdue' ? 1 : 0, open: look === 'overdue' || look === 'hung' || look === 'fixed' ? 1 : 0 } }
    })
    this.#points = { type: 'FeatureCollection', features }
    if (this.#ready) this.#source('findings')?.setData(this.#points)
  }

  /** Rings a place; and goes there, if it is out of sight or `near`. */
  choose(place: Position | null, near = false): void {
    this.#chosen = place ? { type: 'FeatureCollection', features: [{ type: 'Feature', geometry: { type: 'Point', coordinates: [...place] }, properties: {} }] } : EMPTY
    if (this.#ready) this.#source('chosen')?.setData(this.#chosen)
    if (!place) return
    const at = place as [number, number]
    if (near || !this.#map.getBounds().contains(at)) this.#map.easeTo({ center: at, zoom: Math.max(this.#map.getZoom(), near ? 14 : 0), duration: 250 })
  }

  /** The town that the ledger is filtered to stands out. */
  town(code: string | null): void {
    this.#town = code
    if (this.#ready) this.#showTown()
  }

  /** Writes the towns' names, beneath the findings. */
  name(nameOf: (code: string) => string): void {
    const features = this.#shapes.features.flatMap(({ properties: { code, labelPoint } }): Feature<Point>[] =>
      labelPoint ? [{ type: 'Feature', geometry: { type: 'Point', coordinates: labelPoint }, properties: { name: nameOf(code) } }] : [],
    )
    this.#names = { type: 'FeatureCollection', features }
    if (this.#ready) this.#source('names')?.setData(this.#names)
  }

  /** While places are asked for, a click gives one. */
  picking(on: boolean): void {
    this.#picking = on
    this.#map.getCanvas().style.cursor = on ? 'crosshair' : ''
  }

  /** Shows the road that a finding is hung on, whole, so that a click can be set beside it; null: none. */
  road(line: Line | null): void {
    this.#road = { type: 'FeatureCollection', features: line ? [{ type: 'Feature', geometry: line, properties: {} }] : [] }
    if (this.#ready) this.#source('road')?.setData(this.#road)
    if (!line) return
    const places = line.type === 'LineString' ? line.coordinates : line.coordinates.flat()
    const [lons, lats] = [places.map(([lon]) => lon!), places.map(([, lat]) => lat!)]
    this.#map.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], { padding: 60, maxZoom: 16, duration: 300 })
  }

  zoom(by: number): void {
    this.#map.easeTo({ zoom: this.#map.getZoom() + by, duration: 200 })
  }

  showDistrict(): void {
    this.#map.fitBounds(boxOf(this.#shapes), { padding: PADDING, duration: 300 })
  }

  resize(): void {
    this.#map.resize()
  }

  /** What it shows at once, for paper. */
  drawOn(paper: HTMLCanvasElement): void {
    this.#map.redraw()
    const drawn = this.#map.getCanvas()
    paper.width = drawn.width
    paper.height = drawn.height
    paper.getContext('2d')?.drawImage(drawn, 0, 0)
  }

  remove(): void {
    this.#map.remove()
  }

  #source(name: string): GeoJSONSource | undefined {
    return this.#map.getSource(name)
  }

  #showTown(): void {
    this.#map.setFilter('town', ['==', ['get', 'code'], this.#town ?? ''])
  }

  #at(point: [number, number]): MapGeoJSONFeature | null {
    if (!this.#ready) return null
    return this.#map.queryRenderedFeatures(point, { layers: ['clusters', 'points'] })[0] ?? null
  }

  async #open({ properties, geometry }: MapGeoJSONFeature): Promise<void> {
    const zoom = await this.#source('findings')!.getClusterExpansionZoom(Number(properties.cluster_id))
    this.#map.easeTo({ center: (geometry as Point).coordinates as [number, number], zoom, duration: 300 })
  }
}

const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6

function styleOf(shapes: TownCollection): StyleSpecification {
  const round = { 'line-join': 'round', 'line-cap': 'round' } as const
  return {
    version: 8,
    sources: {
      towns: { type: 'geojson', data: shapes as FeatureCollection, promoteId: 'code', tolerance: 0.2 },
      outline: { type: 'geojson', data: outlineOf(shapes), tolerance: 0.2 },
      findings: {
        type: 'geojson',
        data: EMPTY,
        cluster: true,
        clusterRadius: 42,
        clusterMaxZoom: 14,
        clusterProperties: { late: ['+', ['get', 'late']], open: ['+', ['get', 'open']] },
      },
      chosen: { type: 'geojson', data: EMPTY },
      road: { type: 'geojson', data: EMPTY },
      names: { type: 'geojson', data: EMPTY },
    },
    layers: [
      { id: 'paper', type: 'background', paint: { 'background-color': '#f6f8fa' } },
      { id: 'towns', type: 'fill', source: 'towns', paint: { 'fill-color': '#ffffff', 'fill-antialias': false } },
      { id: 'town', type: 'fill', source: 'towns', filter: ['==', ['get', 'code'], ''], paint: { 'fill-color': '#eaf1f9' } },
      { id: 'borders', type: 'line', source: 'towns', layout: round, paint: { 'line-color': '#b4bfc9', 'line-width': 0.9 } },
      { id: 'district', type: 'line', source: 'outline', layout: round, paint: { 'line-color': '#47586a', 'line-width': 1.5 } },
      { id: 'road', type: 'line', source: 'road', layout: round, paint: { 'line-color': '#1d4f91', 'line-width': 4 } },
      { id: 'names', type: 'symbol', source: 'names', layout: { 'icon-image': ['concat', 'name|', ['get', 'name']], 'icon-allow-overlap': true, 'icon-ignore-placement': true } },
      {
        id: 'clusters',
        type: 'symbol',
        source: 'findings',
        filter: ['has', 'point_count'],
        layout: {
          'icon-image': ['concat', 'cluster|', ['to-string', ['get', 'point_count']], '|', ['case', ['>', ['get', 'late'], 0], 'overdue', ['>', ['get', 'open'], 0], 'hung', 'checked']],
          'icon-allow-overlap': true,
          'icon-ignore-placement': true,
        },
      },
      {
        id: 'points',
        type: 'symbol',
        source: 'findings',
        filter: ['!', ['has', 'point_count']],
        layout: { 'icon-image': ['concat', 'point|', ['get', 'look'], '|', ['get', 'code']], 'icon-allow-overlap': true, 'icon-ignore-placement': true },
      },
      { id: 'chosen', type: 'circle', source: 'chosen', paint: { 'circle-radius': 13, 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-color': '#17212c', 'circle-stroke-width': 2.5 } },
      { id: 'chosen-middle', type: 'circle', source: 'chosen', paint: { 'circle-radius': 2, 'circle-color': '#17212c' } },
    ] as StyleSpecification['layers'],
  }
}

/** The picture of `cluster|17|hung`, `point|overdue|red` or `name|朱家角`, at twice the resolution; null for anything else. */
async function pictureOf(id: string): Promise<ImageData | null> {
  const [kind, what = '', more = ''] = id.split('|')
  if (kind === 'cluster') return clusterPicture(Number(what), more as Look)
  if (kind === 'point') return pointPicture(what as Look, more as keyof typeof CODE_COLOURS | '')
  if (kind === 'name') return namePicture(what)
  return null
}

function canvasOf(width: number, height = width): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas')
  canvas.width = width * 2
  canvas.height = height * 2
  const context = canvas.getContext('2d')!
  context.scale(2, 2)
  return context
}

/** A disc that grows with its number; a ring of the colour around white, so that the number reads. */
function clusterPicture(count: number, look: Look): ImageData {
  const radius = 13 + Math.min(9, Math.log2(Math.max(1, count)) * 1.4)
  const size = Math.ceil(radius * 2 + 4)
  const context = canvasOf(size)
  context.beginPath()
  context.arc(size / 2, size / 2, radius, 0, 2 * Math.PI)
  context.fillStyle = '#fff'
  context.fill()
  context.lineWidth = look === 'overdue' ? 4 : 3
  context.strokeStyle = LOOK_COLOURS[look]
  context.stroke()
  context.fillStyle = '#17212c'
  context.font = `600 ${count > 999 ? 10 : 12}px ${getComputedStyle(document.body).fontFamily}`
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText(count > 9999 ? `${Math.round(count / 1000)}k` : String(count), size / 2, size / 2 + 0.5)
  return context.getImageData(0, 0, size * 2, size * 2)
}

/** The shape of the state with a white rim; a code is a dot at its shoulder. */
function pointPicture(look: Look, code: keyof typeof CODE_COLOURS | ''): ImageData {
  const size = 24
  const context = canvasOf(size)
  context.translate(4, 4)
  const shape = new Path2D(LOOK_SHAPES[look])
  context.lineJoin = 'round'
  context.lineWidth = 3
  context.strokeStyle = '#fff'
  context.stroke(shape)
  context.fillStyle = LOOK_COLOURS[look]
  context.fill(shape, 'evenodd')
  if (code) {
    context.beginPath()
    context.arc(15, 1.5, 4, 0, 2 * Math.PI)
    context.fillStyle = CODE_COLOURS[code]
    context.fill()
    context.lineWidth = 1.5
    context.stroke()
  }
  return context.getImageData(0, 0, size * 2, size * 2)
}

/** A town's name, quiet, with a white rim; in the fallback font where the machine has none for it. */
async function namePicture(name: string): Promise<ImageData> {
  const font = `500 12px ${getComputedStyle(document.body).fontFamily}`
  await document.fonts.load(font, name)
  const measure = canvasOf(1)
  measure.font = font
  const width = Math.ceil(measure.measureText(name).width) + 8
  const height = 20
  const context = canvasOf(width, height)
  context.font = font
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.lineJoin = 'round'
  context.lineWidth = 3
  context.strokeStyle = '#fff'
  context.strokeText(name, width / 2, height / 2)
  context.fillStyle = '#626e7a'
  context.fillText(name, width / 2, height / 2)
  return context.getImageData(0, 0, width * 2, height * 2)
}
