import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { TownCollection } from '../../../client/api.ts'
import { outlineOf, softened } from '../../../client/map/outline.ts'

const square = (x: number, y: number) => [[[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]] // prettier-ignore
const collection = (...polygons: number[][][][]) =>
  ({
    type: 'FeatureCollection',
    features: polygons.map((coordinates) => ({
      type: 'Feature',
      properties: {},
      geometry: { type: 'Polygon', coordinates },
    })),
  }) as unknown as TownCollection
const length = (line: number[][]) =>
  line.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x! - line[i]![0]!, y! - line[i]![1]!), 0)

describe('the outline of the district', () => {
  it('should leave out the border that two shapes share', () => {
    const { coordinates } = outlineOf(collection(square(0, 0), square(1, 0)))
    expect(coordinates).toHaveLength(1)
    expect(length(coordinates[0]!)).toBe(6)
    expect(coordinates[0]!.at(-1)).toEqual(coordinates[0]![0])
  })

  it('should also leave it out where both run along it in one direction', () => {
    const turned = [square(1, 0)[0]!.toReversed()]
    expect(outlineOf(collection(square(0, 0), turned)).coordinates.reduce((sum, line) => sum + length(line), 0)).toBe(6)
  })

  it('should be one closed line for the towns of the seed', () => {
    const seed = JSON.parse(
      readFileSync(new URL('../../../seeds/towns.geojson', import.meta.url), 'utf8'),
    ) as TownCollection
    const closed = outlineOf(seed).coordinates.filter((line) => String(line[0]) === String(line.at(-1)))
    const longest = closed.sort((a, b) => length(b) - length(a))
    expect(length(longest[0]!)).toBeGreaterThan(20 * length(longest[1] ?? [[0, 0]]))
  })

  it('should lose its nooks when it is softened, and stay closed', () => {
    const wavy = Array.from({ length: 361 }, (_, i) => {
      const r = 1 + 0.01 * (i % 2)
      return i === 360 ? [1, 0] : [r * Math.cos((i * Math.PI) / 180), r * Math.sin((i * Math.PI) / 180)]
    })
    const [soft] = softened({ type: 'MultiLineString', coordinates: [wavy] }, 0.2).coordinates
    expect(length(soft!)).toBeLessThan(length(wavy) * 0.9)
    expect(soft!.at(-1)).toEqual(soft![0])
  })
})
