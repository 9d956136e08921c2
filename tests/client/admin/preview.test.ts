import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { previewOf } from '../../../client/admin/preview.ts'

const ring = [
  [121, 31],
  [121.1, 31],
  [121.1, 31.1],
  [121, 31],
]
const file = (...features: unknown[]) => JSON.stringify({ type: 'FeatureCollection', features })
const feature = (geometry: unknown, properties: unknown = { name: '赵巷镇' }) => ({
  type: 'Feature',
  properties,
  geometry,
})

describe('previewOf', () => {
  it('should take what can be drawn and leave the rest to the check', () => {
    const preview = previewOf(
      file(
        feature({ type: 'Polygon', coordinates: [ring] }),
        feature({ type: 'MultiPolygon', coordinates: [[ring]] }, null),
        feature({ type: 'Point', coordinates: [121, 31] }),
        feature({ type: 'Polygon', coordinates: [[[590684, 3450000]]] }),
        feature(null),
        null,
      ),
    )
    expect(preview?.features.map((f) => [f.geometry.type, f.properties.name])).toEqual([
      ['Polygon', '赵巷镇'],
      ['MultiPolygon', ''],
    ])
  })

  it('should give nothing for what is no GeoJSON, whatever it is', () => {
    for (const text of ['', 'PK\u0003\u0004', '{"type":"Feature"}', '[]', 'null', file()])
      expect(previewOf(text)).toBeNull()
    fc.assert(fc.property(fc.json(), (text) => void previewOf(text)))
    fc.assert(
      fc.property(
        fc.anything(),
        (features) =>
          void previewOf(
            JSON.stringify({ features: [features, { geometry: { type: 'Polygon', coordinates: features } }] }),
          ),
      ),
    )
  })
})
