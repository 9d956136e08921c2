import type { FeatureCollection, Polygon } from 'geojson'
import { describe, expect, it } from 'vitest'
import { outlineOf } from '../../../client/town/outline.ts'

const square = (west: number, south: number, size: number) => [
  [
    [west, south],
    [west + size, south],
    [west + size, south + size],
    [west, south + size],
    [west, south],
  ],
]
const collection: FeatureCollection<Polygon | null, { code: string }> = {
  type: 'FeatureCollection',
  features: [
    { type: 'Feature', properties: { code: 'a' }, geometry: { type: 'Polygon', coordinates: square(120, 0, 1) } },
    { type: 'Feature', properties: { code: 'b' }, geometry: { type: 'Polygon', coordinates: square(121, 0, 1) } },
    { type: 'Feature', properties: { code: 'park' }, geometry: null },
  ],
}

describe('outlineOf', () => {
  it('should fit the shapes into the width with north up', () => {
    const outline = outlineOf(collection, 200)
    expect(outline.paths.map((p) => p.properties.code)).toEqual(['a', 'b'])
    expect(outline.paths[0]!.d).toBe('M0.0 100.0L100.0 100.0L100.0 0.0L0.0 0.0L0.0 100.0Z')
    expect(outline.height).toBeCloseTo(100, 1)
    expect(outline.paths[1]!.centre[0]).toBeCloseTo(150)
  })

  it('should shorten longitudes away from the equator', () => {
    const north = structuredClone(collection)
    for (const f of north.features) for (const p of f.geometry?.coordinates[0] ?? []) p[1]! += 59.5
    expect(outlineOf(north, 200).height).toBeCloseTo(200, 0)
  })

  it('should give an empty picture for units without a boundary', () => {
    expect(outlineOf({ type: 'FeatureCollection', features: [collection.features[2]!] }, 100).paths).toEqual([])
  })
})
