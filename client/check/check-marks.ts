/** What a check marks on the planning map: the plot, what of it lies on permanent basic farmland, the slivers, and what is left if that is avoided. */
import type { FeatureCollection, MultiPolygon } from 'geojson'
import type { GeoJSONSource, LayerSpecification, Map as MapLibre } from 'maplibre-gl'
import { CHECK_COLOURS } from '../../geo/check/map.ts'
import type { Plot } from './check-api.ts'

export interface Marked {
  plot: Plot | null
  touched: MultiPolygon | null
  slivers: MultiPolygon | null
  remaining: MultiPolygon | null
}

const PARTS = ['remaining', 'touched', 'slivers', 'plot'] as const satisfies readonly (keyof Marked)[]
const HATCH = 'check-hatch'
const source = (part: (typeof PARTS)[number]) => `check-${part}`
const STYLES: LayerSpecification[] = [
  { id: 'check-touched-area', type: 'fill', source: source('touched'), paint: { 'fill-color': CHECK_COLOURS.touched, 'fill-opacity': 0.22 } },
  { id: 'check-touched-hatch', type: 'fill', source: source('touched'), paint: { 'fill-pattern': HATCH } },
  { id: 'check-touched-edge', type: 'line', source: source('touched'), paint: { 'line-color': CHECK_COLOURS.touched, 'line-width': 1.5 } },
  { id: 'check-slivers-area', type: 'fill', source: source('slivers'), paint: { 'fill-color': CHECK_COLOURS.slivers, 'fill-opacity': 0.85 } },
  { id: 'check-remaining-edge', type: 'line', source: source('remaining'), layout: { 'line-join': 'round' }, paint: { 'line-color': CHECK_COLOURS.remaining, 'line-width': ['interpolate', ['linear'], ['zoom'], 11, 1.5, 15, 5], 'line-opacity': 0.75 } },
  { id: 'check-plot-rim', type: 'line', source: source('plot'), layout: { 'line-join': 'round' }, paint: { 'line-color': '#fff', 'line-width': 3.5, 'line-opacity': 0.8 } },
  { id: 'check-plot-edge', type: 'line', source: source('plot'), layout: { 'line-join': 'round' }, paint: { 'line-color': CHECK_COLOURS.plot, 'line-width': 2 } },
]

export class CheckMarks {
  readonly #map: MapLibre

  constructor(map: MapLibre) {
    this.#map = map
    if (!map.hasImage(HATCH)) map.addImage(HATCH, hatch(), { pixelRatio: 2 })
    for (const part of PARTS) map.addSource(source(part), { type: 'geojson', data: collection(null) })
    for (const style of STYLES) map.addLayer(style)
  }

  show(marked: Marked): void {
    for (const part of PARTS) (this.#map.getSource(source(part)) as GeoJSONSource | undefined)?.setData(collection(marked[part]))
  }

  remove(): void {
    // With the map itself its layers are gone already.
    if (!this.#map.style) return
    for (const { id } of STYLES) if (this.#map.getLayer(id)) this.#map.removeLayer(id)
    for (const part of PARTS) if (this.#map.getSource(source(part))) this.#map.removeSource(source(part))
  }
}

function collection(shape: Plot | null): FeatureCollection {
  return { type: 'FeatureCollection', features: shape ? [{ type: 'Feature', properties: {}, geometry: shape }] : [] }
}

/** Red lines from lower left to upper right, that meet their neighbours. */
function hatch(): ImageData {
  const size = 16
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = size
  const context = canvas.getContext('2d')!
  context.strokeStyle = CHECK_COLOURS.touched
  context.lineWidth = 2.4
  for (const shift of [-size, 0, size]) {
    context.beginPath()
    context.moveTo(shift - 2, size + 2)
    context.lineTo(shift + size + 2, -2)
    context.stroke()
  }
  return context.getImageData(0, 0, size, size)
}
