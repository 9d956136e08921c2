/** What a check's map shows: the plot in the middle, at a round scale at which it and some land around fit the frame of the sheet. */
import type { MultiPolygon, Position } from 'geojson'
import type { At } from '../snapshot/drawing.ts'
import { extentOf, meridianOf, transverseMercator, type Extent, type Rings } from '../snapshot/projection.ts'

/** Of the map on the sheet, in millimetres. */
export const MAP_FRAME = { width: 186, height: 104 } as const
/** What of the frame the plot may fill. */
const FILL = 0.72
/** No parcel is measured to more than what is seen at this scale. */
const LARGEST_SCALE = 500
/** More parcels are no map any more. */
export const MOST_GROUND = 1500

export interface CheckView {
  /** The scale's denominator. */
  scale: number
  meridian: number
  /** Of the plot, on the plane, in metres. */
  extent: Extent
  /** What the frame shows and a little more: west, south, east, north. */
  box: [number, number, number, number]
  /** What is finer than this is not seen, in degrees. */
  step: number
}

export function viewOf({ coordinates }: MultiPolygon): CheckView {
  const places = coordinates.flat(2) as [number, number][]
  const [lons, lats] = [places.map(([lon]) => lon), places.map(([, lat]) => lat)]
  const range = (list: readonly number[]) => list.reduce(([low, high], one) => [Math.min(low, one), Math.max(high, one)] as [number, number], [Infinity, -Infinity] as [number, number])
  const [[west, east], [south, north]] = [range(lons), range(lats)]
  const [lon, lat] = [(west + east) / 2, (south + north) / 2]
  const meridian = meridianOf(lon)
  const extent = extentOf([ringsOnPlane(coordinates.flat(), meridian)])
  const fitting = Math.max((extent.east - extent.west) / MAP_FRAME.width, (extent.north - extent.south) / MAP_FRAME.height) * 1000
  const scale = roundUp(Math.max(LARGEST_SCALE, fitting / FILL))
  // A degree of latitude is 111 km; a tenth more than the frame, as the grid is turned a little against north.
  const half = (mm: number) => ((mm * scale) / 1000 / 2) * 1.1
  const [dLat, dLon] = [half(MAP_FRAME.height) / 111_000, half(MAP_FRAME.width) / (111_320 * Math.cos((lat * Math.PI) / 180))]
  return { scale, meridian, extent, box: [lon - dLon, lat - dLat, lon + dLon, lat + dLat], step: scale / 10_000 / 111_000 }
}

export function ringsOnPlane(rings: readonly Position[][], meridian: number): Rings {
  return rings.map((ring) => ring.map((place): At => transverseMercator(place as [number, number], meridian)))
}

/** The next scale that is easily said. */
function roundUp(scale: number): number {
  const power = 10 ** Math.floor(Math.log10(scale))
  return ([1, 2, 2.5, 4, 5, 8, 10].find((step) => step * power >= scale * 0.999) ?? 10) * power
}
