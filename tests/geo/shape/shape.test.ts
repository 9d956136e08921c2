import type { LineString, Polygon, Position } from 'geojson'
import { describe, expect, it } from 'vitest'
import { joined, merged, rounded, splitArea, splitLine, without } from '../../../geo/shape/cut.ts'
import { metresBetween, sizeOf } from '../../../geo/shape/measure.ts'
import { caught, linesOfShape } from '../../../geo/shape/snap.ts'
import { polygonArea } from '../../../geo/town/area.ts'

const box = (west: number, south: number, width: number, height = width): Polygon => ({
  type: 'Polygon',
  coordinates: [[[west, south], [west + width, south], [west + width, south + height], [west, south + height], [west, south]]],
}) // prettier-ignore
const line = (...coordinates: Position[]): LineString => ({ type: 'LineString', coordinates })
const mu = (shape: Parameters<typeof polygonArea>[0]) => (polygonArea(shape) * 15) / 10_000

describe('measuring', () => {
  it('should give the metres of the ellipsoid', () => {
    // A hundredth of a degree of the meridian and of the parallel at 31°, as tables of the ellipsoid have them.
    expect(metresBetween([121, 31], [121, 31.01])).toBeCloseTo(1108.66, 1)
    expect(metresBetween([121, 31], [121.01, 31])).toBeCloseTo(955.06, 1)
    expect(sizeOf(line([121, 31], [121, 31.01], [121, 31]))).toMatchObject({ areaM2: null, lengthM: expect.closeTo(2217.3, 0) as number })
    const { areaM2, lengthM } = sizeOf(box(121, 31, 0.01))
    expect(areaM2).toBeCloseTo(1108.66 * 954.98, -3)
    expect(lengthM).toBeCloseTo(2 * 1108.66 + 955.06 + 954.96, 0)
    expect(sizeOf({ type: 'Point', coordinates: [1, 2] })).toEqual({ areaM2: null, lengthM: null })
    expect(sizeOf(null)).toEqual({ areaM2: null, lengthM: null })
  })
})

describe('catching', () => {
  const lines = linesOfShape(box(121, 31, 0.01))
  it('should catch a corner before an edge, an edge before nothing, and nothing from afar', () => {
    expect(caught([121.00002, 31.00002], lines, 5)).toEqual([121, 31])
    const onEdge = caught([121.005, 31.00002], lines, 5)!
    expect(onEdge[0]).toBeCloseTo(121.005, 9)
    expect(onEdge[1]).toBe(31)
    expect(caught([121.005, 31.0002], lines, 5)).toBeNull()
    expect(caught([121, 31], [], 5)).toBeNull()
  })
})

describe('cutting', () => {
  const plot = box(121, 31, 0.01)
  it('should split an area by a line that goes through, and leave it whole otherwise', () => {
    const pieces = splitArea(plot, [[121.003, 30.99], [121.004, 31.005], [121.003, 31.02]]) // prettier-ignore
    expect(pieces).toHaveLength(2)
    expect(pieces.reduce((sum, piece) => sum + mu(piece), 0)).toBeCloseTo(mu(plot), 2)
    expect(mu(pieces[0]!)).toBeGreaterThan(mu(pieces[1]!))
    // Both have the very corners of the cut.
    const shared = pieces[0]!.coordinates[0]!.filter((place) => pieces[1]!.coordinates[0]!.some((other) => place[0] === other[0] && place[1] === other[1]))
    expect(shared.length).toBeGreaterThanOrEqual(3)
    expect(splitArea(plot, [[121.003, 30.99], [121.004, 31.005]])).toEqual([plot]) // prettier-ignore
    expect(splitArea(plot, [[120, 30], [120.1, 30]])).toHaveLength(1) // prettier-ignore
  })
  it('should split at every crossing of a winding line, and keep holes', () => {
    const comb = splitArea(plot, [[121.002, 30.99], [121.002, 31.02], [121.008, 31.02], [121.008, 30.99]]) // prettier-ignore
    expect(comb).toHaveLength(3)
    expect(comb.reduce((sum, piece) => sum + mu(piece), 0)).toBeCloseTo(mu(plot), 2)
    const ring = without(plot, box(121.004, 31.004, 0.002))!
    expect(ring.type === 'Polygon' && ring.coordinates).toHaveLength(2)
    const halves = splitArea(ring, [[121.005, 30.99], [121.005, 31.02]]) // prettier-ignore
    expect(halves).toHaveLength(2)
    expect(halves.reduce((sum, piece) => sum + mu(piece), 0)).toBeCloseTo(mu(ring), 2)
    const aside = splitArea(ring, [[121.002, 30.99], [121.002, 31.02]]) // prettier-ignore
    expect(aside.map(({ coordinates }) => coordinates.length)).toEqual([2, 1])
  })
  it('should cut a concave area only where the line goes through it', () => {
    const u: Polygon = { type: 'Polygon', coordinates: [[[0, 0], [3, 0], [3, 3], [2, 3], [2, 1], [1, 1], [1, 3], [0, 3], [0, 0]]] } // prettier-ignore
    const oneArm = splitArea(u, [[-1, 2], [1.5, 2]]) // prettier-ignore
    expect(oneArm).toHaveLength(2)
    const bothArms = splitArea(u, [[-1, 2], [4, 2]]) // prettier-ignore
    expect(bothArms).toHaveLength(3)
    expect(bothArms.reduce((sum, piece) => sum + polygonArea(piece), 0) / polygonArea(u)).toBeCloseTo(1, 9)
  })
  it('should merge what touches to one, what does not to parts, and give nothing where nothing is left', () => {
    const two = merged([box(121, 31, 0.01), box(121.01, 31, 0.01)])!
    expect(two.type).toBe('Polygon')
    expect(mu(two)).toBeCloseTo(mu(box(121, 31, 0.02, 0.01)), 2)
    expect(merged([box(121, 31, 0.01), box(121.02, 31, 0.01)])!.type).toBe('MultiPolygon')
    expect(without(plot, box(120, 30, 3))).toBeNull()
    expect(without(plot, box(130, 30, 1))).toEqual(plot)
  })
  it('should split and join lines', () => {
    const road = line([121, 31], [121.01, 31], [121.02, 31])
    const pieces = splitLine(road, [[121.015, 30.99], [121.015, 31.01]]) // prettier-ignore
    expect(pieces.map(({ coordinates }) => coordinates.length)).toEqual([3, 2])
    expect(joined(pieces)).toMatchObject({ type: 'LineString', coordinates: [[121, 31], [121.01, 31], [121.015, 31], [121.02, 31]] }) // prettier-ignore
    expect(joined([line([1, 1], [2, 2]), line([3, 3], [2, 2])])).toEqual(line([1, 1], [2, 2], [3, 3]))
    expect(joined([line([1, 1], [2, 2]), line([5, 5], [6, 6])])!.type).toBe('MultiLineString')
    expect(splitLine(road, [[100, 0], [100, 1]])).toEqual([road]) // prettier-ignore
  })
  it('should round to a millimetre and take out twins', () => {
    expect(rounded(line([121.123456789, 31.0000000049, 7], [121.123456788, 31], [122, 32])).coordinates).toEqual([[121.12345679, 31], [122, 32]]) // prettier-ignore
  })
})
