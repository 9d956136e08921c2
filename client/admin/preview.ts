/** The shapes of a file for looking at, before anybody has checked them: whatever has areas in it, and nothing that throws. */
import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson'

/** More than this is drawn too slowly, and the check refuses it anyway. */
export const MAX_DRAWN = 400_000

export type Preview = FeatureCollection<Polygon | MultiPolygon, { name: string }>

/** Areas of a GeoJSON text in lon/lat; null when there are none that can be drawn. The server's check says what is wrong. */
export function previewOf(text: string): Preview | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return null
  }
  const features = (parsed as { features?: unknown })?.features
  if (!Array.isArray(features)) return null
  const drawn = features.flatMap(drawable)
  const vertices = drawn.reduce((n, { geometry }) => n + ringsOf(geometry).reduce((m, ring) => m + ring.length, 0), 0)
  return drawn.length > 0 && vertices <= MAX_DRAWN ? { type: 'FeatureCollection', features: drawn } : null
}

function drawable(feature: unknown): Feature<Polygon | MultiPolygon, { name: string }>[] {
  const { geometry, properties } = (feature ?? {}) as {
    geometry?: { type?: unknown; coordinates?: unknown }
    properties?: Record<string, unknown>
  }
  if (geometry?.type !== 'Polygon' && geometry?.type !== 'MultiPolygon') return []
  const rings =
    geometry.type === 'Polygon'
      ? geometry.coordinates
      : Array.isArray(geometry.coordinates)
        ? geometry.coordinates.flat()
        : null
  if (!Array.isArray(rings) || !rings.every(isRing)) return []
  const name = [properties?.name, properties?.['name:zh'], properties?.NAME].find(
    (value) => typeof value === 'string',
  ) as string | undefined
  return [{ type: 'Feature', properties: { name: name ?? '' }, geometry: geometry as Polygon | MultiPolygon }]
}

function isRing(ring: unknown): ring is Position[] {
  return Array.isArray(ring) && ring.every((at) => Array.isArray(at) && isDegree(at[0], 180) && isDegree(at[1], 90))
}

function isDegree(value: unknown, limit: number): boolean {
  return typeof value === 'number' && Math.abs(value) <= limit
}

function ringsOf(geometry: Polygon | MultiPolygon): Position[][] {
  return geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat()
}
