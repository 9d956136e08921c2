/** The map without WebGL: the same Web Mercator view, as SVG paths. For the first moment, for print, and where WebGL is missing. */
import type { Position } from 'geojson'
import type { TownCollection, TownFeature } from '../api.ts'

/** West, south, east, north. */
export type Box = [number, number, number, number]
export interface Size {
  width: number
  height: number
}
export interface Padding {
  top: number
  right: number
  bottom: number
  left: number
}

export function boxOf(shapes: TownCollection): Box {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity]
  for (const feature of shapes.features)
    for (const ring of ringsOf(feature))
      for (const [lon, lat] of ring as [number, number][]) {
        box[0] = Math.min(box[0], lon)
        box[1] = Math.min(box[1], lat)
        box[2] = Math.max(box[2], lon)
        box[3] = Math.max(box[3], lat)
      }
  return box
}

const mercatorX = (lon: number) => (lon + 180) / 360
const mercatorY = (lat: number) => (1 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / Math.PI) / 2

/** Where a place stands in a picture that the box fills, as MapLibre's fitBounds with this padding would show it. */
export function projection(box: Box, size: Size, padding: Padding): (place: Position) => [number, number] {
  const [x0, x1] = [mercatorX(box[0]), mercatorX(box[2])]
  const [y0, y1] = [mercatorY(box[3]), mercatorY(box[1])]
  const room = {
    width: Math.max(1, size.width - padding.left - padding.right),
    height: Math.max(1, size.height - padding.top - padding.bottom),
  }
  const scale = Math.min(room.width / (x1 - x0), room.height / (y1 - y0))
  const left = padding.left + (room.width - (x1 - x0) * scale) / 2
  const top = padding.top + (room.height - (y1 - y0) * scale) / 2
  return ([lon, lat]) => [left + (mercatorX(lon!) - x0) * scale, top + (mercatorY(lat!) - y0) * scale]
}

/** Metres on a degree of latitude, on the sphere that MapLibre measures with. */
const METRES_A_DEGREE = (6_371_008.8 * Math.PI) / 180

/** Metres that 100 units of a picture by {@link projection} stand for, north to south in its middle. */
export function metresPer100(box: Box, project: (place: Position) => [number, number]): number {
  const [west, south, , north] = box
  return (METRES_A_DEGREE * (north - south) * 100) / (project([west, south])[1] - project([west, north])[1])
}

/** The length of a scale bar: the largest of 1, 2, 5 × 10ⁿ metres within 100 units, and how many units it takes. */
export function scaleBar(per100: number): { metres: number; width: number } {
  const power = 10 ** Math.floor(Math.log10(per100))
  const metres = ([5, 2, 1].find((step) => step * power <= per100) ?? 1) * power
  return { metres, width: (100 * metres) / per100 }
}

/** A town's shape as an SVG path. */
export function pathOf(feature: TownFeature, project: (place: Position) => [number, number]): string {
  return ringsOf(feature)
    .map((ring) => linePath(ring, project) + 'Z')
    .join('')
}

export function linePath(line: Position[], project: (place: Position) => [number, number]): string {
  return `M${line
    .map((place) =>
      project(place)
        .map((n) => n.toFixed(1))
        .join(' '),
    )
    .join('L')}`
}

function ringsOf({ geometry }: TownFeature): Position[][] {
  if (!geometry) return []
  return geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat()
}
