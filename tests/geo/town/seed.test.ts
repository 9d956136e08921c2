import { readFileSync } from 'node:fs'
import { booleanPointInPolygon, booleanValid, point } from '@turf/turf'
import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson'
import { describe, expect, it } from 'vitest'
import { polygonArea } from '../../../geo/town/area.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'
import { SEED_FILE, type SeedProperties, readPoints, seedText } from '../../../seeds/towns/build.ts'
import { type Point, evenSteps, simplify, smooth } from '../../../seeds/towns/curve.ts'
import { decodeRing } from '../../../seeds/towns/outline.ts'

describe('seeds/towns.geojson', () => {
  const text = readFileSync(SEED_FILE, 'utf8')
  const towns = JSON.parse(text) as FeatureCollection<Polygon | MultiPolygon, SeedProperties>
  const byCode = new Map(towns.features.map((feature) => [feature.properties.code, feature]))

  it('should be what its script makes, byte by byte, and small', () => {
    expect(seedText()).toBe(text)
    expect(Buffer.byteLength(text)).toBeLessThan(120_000)
  })

  it('should hold every town that has a boundary, marked as schematic and credited', () => {
    expect([...byCode.keys()]).toEqual(QINGPU.towns.filter(({ kind }) => kind !== 'park').map(({ code }) => code))
    expect(new Set(towns.features.map(({ properties }) => properties.boundary))).toEqual(new Set(['示意']))
    expect(towns).toMatchObject({
      boundary: '示意',
      licence: 'ODbL-1.0',
      credit: expect.stringContaining('© OpenStreetMap contributors'),
    })
  })

  it('should put each label into its town and say the area of the shape', () => {
    for (const feature of towns.features) {
      expect(booleanValid(feature.geometry)).toBe(true)
      expect(booleanPointInPolygon(point(feature.properties.labelPoint), feature)).toBe(true)
      expect(feature.properties.areaKm2).toBeCloseTo(polygonArea(feature.geometry) / 1e6, 2)
    }
  })

  it('should have no point in another town than it is known to lie in', () => {
    const points = readPoints()
    expect(points).toHaveLength(169)
    const drawnIn = points.map(
      ({ at }) => towns.features.find((feature) => booleanPointInPolygon(at, feature))?.properties.code,
    )
    // 14 of the points lie outside the outline: they steer the borders near it.
    expect(drawnIn.filter((code) => code !== undefined)).toHaveLength(155)
    for (const [i, { code }] of points.entries()) expect([code, undefined]).toContain(drawnIn[i])
  })
})

describe('the outline of the district', () => {
  it('should be decoded from steps of a 1024th of a degree', () => {
    // Characters less 64 are 2, 1, 4: steps of 1, −1 and 2.
    expect(decodeRing('BABD', [1024, 2048])).toEqual([
      [1 + 1 / 1024, 2 - 1 / 1024],
      [1 + 2 / 1024, 2 + 1 / 1024],
    ])
  })
})

describe('a border drawn as a curve', () => {
  const zigzag: Point[] = [
    [0, 0],
    [500, 400],
    [1000, 0],
    [1500, 400],
    [2000, 0],
  ]

  it('should keep its ends exactly', () => {
    const drawn = simplify(smooth(zigzag, 300, 50), 12)
    expect(drawn[0]).toEqual([0, 0])
    expect(drawn.at(-1)).toEqual([2000, 0])
  })

  it('should turn less than the line that it was', () => {
    const turning = (line: Point[]) =>
      line.slice(2).reduce((sum, c, i) => {
        const [a, b] = [line[i]!, line[i + 1]!]
        const turn = Math.atan2(c[1] - b[1], c[0] - b[0]) - Math.atan2(b[1] - a[1], b[0] - a[0])
        return sum + Math.abs(turn)
      }, 0)
    expect(turning(smooth(zigzag, 300, 50))).toBeLessThan(turning(zigzag) * 0.7)
  })

  it('should stay where it is if it is straight', () => {
    for (const [, y] of smooth(
      [
        [0, 0],
        [700, 0],
        [3000, 0],
      ],
      300,
      50,
    ))
      expect(y).toBeCloseTo(0, 9)
  })

  it('should close where it was closed', () => {
    const round = smooth(
      [
        [0, 0],
        [1000, 0],
        [1000, 1000],
        [0, 1000],
        [0, 0],
      ],
      200,
      50,
    )
    expect(round.at(-1)).toEqual(round[0])
    expect(Math.hypot(...round[0]!)).toBeGreaterThan(10)
  })

  it('should be walked in even steps, and be simplified within the tolerance', () => {
    const even = evenSteps(
      [
        [0, 0],
        [30, 0],
        [100, 0],
      ],
      10,
    )
    expect(even.map(([x]) => Math.round(x))).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
    expect(
      simplify(
        [
          [0, 0],
          [50, 9],
          [100, 0],
        ],
        10,
      ),
    ).toHaveLength(2)
    expect(
      simplify(
        [
          [0, 0],
          [50, 11],
          [100, 0],
        ],
        10,
      ),
    ).toHaveLength(3)
  })
})
