/** What lies beside a drawn parcel: its easternmost corner, rectangles from there, and whether the land beyond is free. */
import type { Polygon, Position } from 'geojson'
import type { DemoFeature } from './demo.ts'

export const ringOf = ({ geometry }: DemoFeature): Position[] => (geometry.type === 'Polygon' ? geometry.coordinates[0]! : [])

export const easternCorner = (parcel: DemoFeature) => ringOf(parcel).reduce((east, corner) => (corner[0]! > east[0]! ? corner : east))

/** No parcel is so wide, in degrees: what is farther need not be looked at. */
const NEAR = 0.02

/** No other protected parcel lies within 120 m to the east of a parcel's corner. */
export function isOpen(parcel: DemoFeature, others: readonly DemoFeature[]): boolean {
  const corner = easternCorner(parcel)
  const beyond = boxOf(rectangle(corner, [0, -80, 120, 80]).coordinates[0]!)
  const isNear = (one: DemoFeature) => Math.abs(ringOf(one)[0]![0]! - corner[0]!) < NEAR && Math.abs(ringOf(one)[0]![1]! - corner[1]!) < NEAR
  return !others.some((one) => one !== parcel && isNear(one) && meets(boxOf(ringOf(one)), beyond))
}

export interface Box {
  west: number
  south: number
  east: number
  north: number
}
export function boxOf(ring: readonly Position[]): Box {
  const [lons, lats] = [ring.map(([lon]) => lon!), ring.map(([, lat]) => lat!)]
  return { west: Math.min(...lons), east: Math.max(...lons), south: Math.min(...lats), north: Math.max(...lats) }
}
export const meets = (a: Box, b: Box) => a.west <= b.east && b.west <= a.east && a.south <= b.north && b.south <= a.north

/** West, south, east and north of a place, in metres. */
export function rectangle([lon, lat]: Position, [west, south, east, north]: readonly [number, number, number, number]): Polygon {
  const at = (x: number, y: number): Position => [round(lon! + x / (111_320 * Math.cos((lat! * Math.PI) / 180))), round(lat! + y / 110_900)]
  return { type: 'Polygon', coordinates: [[at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)]] }
}
const round = (degrees: number) => Math.round(degrees * 1e7) / 1e7
