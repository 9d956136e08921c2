/** Shapes as SVG paths: enough for a small map that shows where a town lies; the big map is MapLibre's. */
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson'

export interface OutlinePath<P> {
  d: string
  properties: P
  /** Middle of the shape's box, in the picture's units. */
  centre: [number, number]
}

export interface Outline<P> {
  width: number
  height: number
  paths: OutlinePath<P>[]
  /** Where a place (lon, lat) stands in the picture, and how many of its units a kilometre is. */
  place: (at: Position) => [number, number]
  perKm: number
}

/** Kilometres in a degree of latitude. */
const KM_PER_DEGREE = 111.2

/**
 * Polygons in WGS84 lon/lat as paths in a picture `width` wide. Plate carrée with lon shortened by the cosine of the middle latitude: over
 * a district (40 km) shapes keep their form to a few thousandths. `box` (west, south, east, north) fits other shapes than the collection's.
 */
export function outlineOf<P>(
  collection: FeatureCollection<Polygon | MultiPolygon | null, P>,
  width: number,
  box: [number, number, number, number] | null = boxOf(collection.features),
): Outline<P> {
  if (!box) return { width, height: width * 0.6, paths: [], place: () => [0, 0], perKm: 1 }
  const [west, south, east, north] = box
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const scale = width / Math.max((east - west) * shrink, 1e-9)
  const place = ([lon, lat]: Position): [number, number] => [(lon! - west) * shrink * scale, (north - lat!) * scale]
  const paths = collection.features.flatMap((feature): OutlinePath<P>[] => {
    const own = boxOf([feature])
    if (!feature.geometry || !own) return []
    const d = ringsOf(feature.geometry)
      .map((ring) => ringPath(ring.map(place)))
      .join('')
    return [{ d, properties: feature.properties, centre: place([(own[0] + own[2]) / 2, (own[1] + own[3]) / 2]) }]
  })
  return { width, height: (north - south) * scale, paths, place, perKm: scale / KM_PER_DEGREE }
}

/** West, south, east, north of all shapes; null when there is none. */
export function boxOf(
  features: readonly Feature<Polygon | MultiPolygon | null, unknown>[],
): [number, number, number, number] | null {
  let box: [number, number, number, number] | null = null
  for (const { geometry } of features)
    for (const ring of geometry ? ringsOf(geometry) : [])
      for (const [lon, lat] of ring as [number, number][])
        box = box
          ? [Math.min(box[0], lon), Math.min(box[1], lat), Math.max(box[2], lon), Math.max(box[3], lat)]
          : [lon, lat, lon, lat]
  return box
}

function ringsOf(geometry: Polygon | MultiPolygon): Position[][] {
  return geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat()
}

function ringPath(ring: [number, number][]): string {
  return `M${ring.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`
}
