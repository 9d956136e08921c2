import { booleanPointInPolygon } from '@turf/turf'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { polygonArea, ringArea } from '../../../geo/town/area.ts'
import { labelPoint } from '../../../geo/town/label.ts'
import { box } from './squares.ts'

describe('the area of a polygon', () => {
  it('should be the one on the ellipsoid', () => {
    // PostGIS: ST_Area of the geography is 29,375,550.3 m² on the ellipsoid and 29,309,926.6 m² on the sphere.
    const shape = { type: 'Polygon' as const, coordinates: [box(121, 31, 0.0555, 0.05)] }
    expect(Math.abs(polygonArea(shape) - 29_375_550.3)).toBeLessThan(1)
  })

  it('should have the sign of its direction, and holes taken off', () => {
    const ring = box(121, 31, 0.05, 0.05)
    expect(ringArea(ring)).toBeGreaterThan(0)
    expect(ringArea([...ring].reverse())).toBeCloseTo(-ringArea(ring), 3)
    const hole = box(121.01, 31.01, 0.01, 0.01)
    expect(polygonArea({ type: 'Polygon', coordinates: [ring, hole] })).toBeCloseTo(ringArea(ring) - ringArea(hole), 3)
  })
})

describe('the place of a name', () => {
  it('should be the middle of a box', () => {
    const [x, y] = labelPoint({ type: 'Polygon', coordinates: [box(121, 31, 0.1, 0.05)] })
    expect(x).toBeCloseTo(121.05, 2)
    expect(y).toBeCloseTo(31.025, 2)
  })

  it('should keep clear of holes and stand in the largest part', () => {
    const coordinates = [
      [box(121.5, 31, 0.01, 0.01)],
      [box(121, 31, 0.1, 0.1), [...box(121.02, 31.02, 0.06, 0.06)].reverse()],
    ]
    const [x, y] = labelPoint({ type: 'MultiPolygon', coordinates })
    expect(booleanPointInPolygon([x, y], { type: 'Polygon', coordinates: coordinates[1]! })).toBe(true)
  })

  it('should lie in any shape, however thin', () => {
    const corner = fc.tuple(
      fc.double({ min: 0.0001, max: 0.2, noNaN: true }),
      fc.double({ min: 0.0001, max: 0.2, noNaN: true }),
    )
    fc.assert(
      fc.property(corner, fc.double({ min: 0.0005, max: 1, noNaN: true }), ([width, height], thickness) => {
        // A horseshoe open to the east.
        const t = (Math.min(width, height) * thickness) / 3
        const at = (x: number, y: number) => [121 + x, 31 + y]
        const ring = [
          at(0, 0),
          at(width, 0),
          at(width, t),
          at(t, t),
          at(t, height - t),
          at(width, height - t),
          at(width, height),
          at(0, height),
          at(0, 0),
        ]
        const [x, y] = labelPoint({ type: 'Polygon', coordinates: [ring] })
        // Rounded to 5 decimals: for shapes narrower than that it may stand just outside.
        fc.pre(t > 0.00003)
        expect(booleanPointInPolygon([x, y], { type: 'Polygon', coordinates: [ring] })).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})
