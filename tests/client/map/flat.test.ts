import { describe, expect, it } from 'vitest'
import { metresPer100, projection, scaleBar, type Box } from '../../../client/map/flat.ts'

const BOX: Box = [120.9, 30.9, 121.3, 31.3]
const PADDING = { top: 20, right: 20, bottom: 30, left: 20 }

describe('the flat map', () => {
  it('should fit the box into the room that the padding leaves, without stretching', () => {
    const project = projection(BOX, { width: 1000, height: 550 }, PADDING)
    const [west, north] = project([120.9, 31.3])
    const [east, south] = project([121.3, 30.9])
    expect(north).toBeCloseTo(20)
    expect(south).toBeCloseTo(520)
    expect((west + east) / 2).toBeCloseTo(500)
    // Web Mercator at 31°: a degree of latitude is 1/cos(31.1°) times a degree of longitude.
    expect((south - north) / (east - west)).toBeCloseTo(1 / Math.cos((31.1 * Math.PI) / 180), 3)
  })

  it('should measure: 0.4° of latitude are 44.5 km', () => {
    const project = projection(BOX, { width: 1000, height: 550 }, PADDING)
    expect(metresPer100(BOX, project) * 5).toBeCloseTo(44_478, -1)
  })

  it('should draw a round length that fits into 100 units', () => {
    expect(scaleBar(8_900)).toEqual({ metres: 5000, width: 500_000 / 8_900 })
    expect(scaleBar(2_000)).toEqual({ metres: 2000, width: 100 })
    expect(scaleBar(190)).toEqual({ metres: 100, width: 10_000 / 190 })
  })
})
