/**
 * The one object that owns the MapLibre map. Components hand it shapes and states; nobody else touches the map. The style never changes
 * after the start: colours are feature states, so that a change of question is one frame. No tiles, no glyphs, no other address is asked.
 */
import type { FeatureCollection, Position } from 'geojson'
import { Map as MapLibre, setWorkerUrl, type StyleSpecification } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { TownCollection } from '../api.ts'
import { boxOf, type Padding } from './flat.ts'
import { outlineOf, softened } from './outline.ts'
import { NO_QUOTA } from '../../geo/map/scales.ts'
import type { Texture } from '../../geo/map/question.ts'

setWorkerUrl(workerUrl)

/** How a town looks at the moment. */
export interface TownLook {
  colour: string
  texture: Texture
}

export interface MapEvents {
  /** The town under the pointer, with where the pointer is in pixels; null: none. */
  hover: (town: string | null, at: [number, number]) => void
  click: (town: string | null) => void
  /** The view moved: names have to follow. */
  move: () => void
}

export class DistrictMap {
  readonly #map: MapLibre
  readonly #shapes: TownCollection
  #padding: Padding
  #hovered: string | null = null
  #selected: string | null = null
  /** States wait until the style stands. */
  #ready = false
  readonly #states = new Map<string, Record<string, unknown>>()
  /** Resolves when the first picture stands; rejects where there is no WebGL. */
  readonly drawn: Promise<void>

  /** @throws Error where the browser has no WebGL2 */
  constructor(container: HTMLElement, shapes: TownCollection, padding: Padding, events: MapEvents) {
    this.#shapes = shapes
    this.#padding = padding
    const map = new MapLibre({
      container,
      style: styleOf(shapes, Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16),
      bounds: boxOf(shapes),
      fitBoundsOptions: { padding },
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      keyboard: false,
      fadeDuration: 0,
      minZoom: 7,
      maxZoom: 16,
    })
    map.touchZoomRotate.disableRotation()
    // Names are the buttons (TownLabels.vue); the canvas itself says nothing to a keyboard or a screen reader.
    map.getCanvas().tabIndex = -1
    map.getCanvas().setAttribute('aria-hidden', 'true')
    map.once('style.load', () => {
      map.addImage('hatch', hatch(), { pixelRatio: 2 })
      this.#ready = true
      for (const [town, state] of this.#states) map.setFeatureState({ source: 'towns', id: town }, state)
    })
    map.on('move', events.move)
    map.on('resize', events.move)
    map.on('mousemove', (event) => {
      const town = this.#townAt([event.point.x, event.point.y])
      this.hover(town)
      map.getCanvas().style.cursor = town ? 'pointer' : ''
      events.hover(town, [event.point.x, event.point.y])
    })
    map.on('mouseout', () => {
      this.hover(null)
      events.hover(null, [0, 0])
    })
    map.on('click', (event) => events.click(this.#townAt([event.point.x, event.point.y])))
    this.#map = map
    this.drawn = new Promise((resolve, reject) => {
      map.once('load', () => resolve())
      map.once('error', ({ error }) => reject(error))
    })
  }

  /** Colours towns; all in one call, so that they change in one frame. */
  paint(looks: ReadonlyMap<string, TownLook>): void {
    for (const [town, { colour, texture }] of looks) this.#state(town, { colour, hatched: texture === 'hatched' })
  }

  select(town: string | null): void {
    if (this.#selected) this.#state(this.#selected, { selected: false })
    if (town) this.#state(town, { selected: true })
    this.#selected = town
  }

  /** Marks a town as pointed at; by the mouse, or by a name's focus. */
  hover(town: string | null): void {
    if (town === this.#hovered) return
    if (this.#hovered) this.#state(this.#hovered, { hovered: false })
    if (town) this.#state(town, { hovered: true })
    this.#hovered = town
  }

  /** Where a place is on the screen, in pixels from the map's upper left. */
  project(place: Position): [number, number] {
    const { x, y } = this.#map.project(place as [number, number])
    return [x, y]
  }

  /** Metres that 100 pixels stand for, in the middle of the map. */
  metresPer100(): number {
    const { clientWidth, clientHeight } = this.#map.getContainer()
    const [x, y] = [clientWidth / 2, clientHeight / 2]
    return this.#map.unproject([x - 50, y]).distanceTo(this.#map.unproject([x + 50, y]))
  }

  zoom(by: number): void {
    this.#map.easeTo({ zoom: this.#map.getZoom() + by, duration: 200 })
  }

  showDistrict(padding: Padding = this.#padding): void {
    this.#padding = padding
    this.#map.fitBounds(boxOf(this.#shapes), { padding, duration: 300 })
  }

  /** As after a change of the room around the map: at once, without flight. */
  refit(padding: Padding): void {
    this.#padding = padding
    this.#map.resize()
    this.#map.fitBounds(boxOf(this.#shapes), { padding, duration: 0 })
  }

  remove(): void {
    this.#map.remove()
  }

  #state(town: string, state: Record<string, unknown>): void {
    this.#states.set(town, { ...this.#states.get(town), ...state })
    if (this.#ready) this.#map.setFeatureState({ source: 'towns', id: town }, state)
  }

  #townAt(point: [number, number]): string | null {
    const [feature] = this.#map.queryRenderedFeatures(point, { layers: ['towns'] })
    return (feature?.properties.code as string | undefined) ?? null
  }
}

/**
 * The shadow: opaque lines over each other, from wide in the paper's tone to narrow and darker. (`line-blur` and translucent lines draw rays
 * where a border turns.)
 */
const SHADOW = Array.from({ length: 12 }, (_, i): [width: number, colour: string] => {
  const depth = ((i + 1) / 12) ** 1.6
  const tone = (from: number, to: number) => Math.round(from + (to - from) * depth)
  return [46 - i * 3.2, `rgb(${tone(246, 205)}, ${tone(248, 214)}, ${tone(250, 224)})`]
})

/** The style; `scale` makes lines wider on screens that are read from further away. */
function styleOf(shapes: TownCollection, scale: number): StyleSpecification {
  const border = outlineOf(shapes)
  const state = (name: string) => ['boolean', ['feature-state', name], false]
  const round = { 'line-join': 'round', 'line-cap': 'round' } as const
  return {
    version: 8,
    sources: {
      towns: { type: 'geojson', data: shapes as FeatureCollection, promoteId: 'code', tolerance: 0.2 },
      outline: { type: 'geojson', data: border, tolerance: 0.2 },
      // Along every nook of a border a shadow would bristle.
      shadow: { type: 'geojson', data: softened(border, 0.015) },
    },
    layers: [
      { id: 'paper', type: 'background', paint: { 'background-color': '#f6f8fa' } },
      // A soft shadow around the district; the towns' fill covers its inner half.
      ...SHADOW.map(([width, colour]) => ({
        id: `shadow-${width}`,
        type: 'line',
        source: 'shadow',
        layout: round,
        paint: { 'line-color': colour, 'line-width': width * scale },
      })),
      {
        id: 'rim',
        type: 'line',
        source: 'outline',
        layout: round,
        paint: { 'line-color': '#fff', 'line-width': 7 * scale },
      },
      {
        id: 'towns',
        type: 'fill',
        source: 'towns',
        paint: { 'fill-color': ['to-color', ['feature-state', 'colour'], NO_QUOTA], 'fill-antialias': false },
      },
      {
        id: 'hatching',
        type: 'fill',
        source: 'towns',
        paint: { 'fill-pattern': 'hatch', 'fill-opacity': ['case', state('hatched'), 1, 0] },
      },
      {
        id: 'borders',
        type: 'line',
        source: 'towns',
        layout: round,
        paint: { 'line-color': '#fff', 'line-width': 2 * scale, 'line-opacity': 0.95 },
      },
      {
        id: 'borders-fine',
        type: 'line',
        source: 'towns',
        layout: round,
        paint: { 'line-color': '#8797a6', 'line-width': 0.7 * scale, 'line-opacity': 0.8 },
      },
      {
        id: 'district',
        type: 'line',
        source: 'outline',
        layout: round,
        paint: { 'line-color': '#47586a', 'line-width': 1.7 * scale },
      },
      {
        id: 'hover',
        type: 'line',
        source: 'towns',
        layout: round,
        paint: {
          'line-color': '#17212c',
          'line-width': 1.8 * scale,
          'line-opacity': ['case', state('hovered'), 0.85, 0],
        },
      },
      {
        id: 'selected-casing',
        type: 'line',
        source: 'towns',
        layout: round,
        paint: { 'line-color': '#fff', 'line-width': 6.5 * scale, 'line-opacity': ['case', state('selected'), 1, 0] },
      },
      {
        id: 'selected',
        type: 'line',
        source: 'towns',
        layout: round,
        paint: {
          'line-color': '#1d4f91',
          'line-width': 3.2 * scale,
          'line-opacity': ['case', state('selected'), 1, 0],
        },
      },
    ] as StyleSpecification['layers'],
  }
}

/** Grey lines at 45° on nothing, seamless, at twice the resolution. */
function hatch(): { width: number; height: number; data: Uint8Array } {
  const size = 16
  const data = new Uint8Array(size * size * 4)
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const across = (x + y) % size
      if (across < 3) data.set([150, 163, 175, across === 1 ? 255 : 150], (y * size + x) * 4)
    }
  return { width: size, height: size, data }
}
