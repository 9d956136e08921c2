import { along, length, lineString } from '@turf/turf'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chainageOf, chainageWords, commonOf, metresOf, pastEnd, rangesOf, rangesWithin, unionOf, withoutRanges, type Range } from '../../../geo/road/chainage.ts'
import { faultsOf, faultWords } from '../../../geo/layer/check.ts'
import { ROADS } from '../../../geo/layer/roads.ts'
import { markPlaces, marksOf, stepFor, workPieces } from '../../../geo/road/drawing.ts'
import { countWorks } from '../../../geo/road/works.ts'
import { alongOf, placeAt, stretchOf, type Line } from '../../../geo/shape/along.ts'
import { lengthOfLine, metresBetween } from '../../../geo/shape/measure.ts'

const line = (...coordinates: [number, number][]): Line => ({ type: 'LineString', coordinates })
/** Some two kilometres with a bend. */
const ROAD = line([121.1, 31.15], [121.11, 31.152], [121.118, 31.16])
const LENGTH = lengthOfLine(ROAD.coordinates as number[][])

describe('chainage', () => {
  it('should be written and read as road people write it', () => {
    expect([0, 350, 1020, 1302.5, 999.96, 12_000].map(chainageWords)).toEqual(['K0+000', 'K0+350', 'K1+020', 'K1+302.5', 'K1+000', 'K12+000'])
    expect(['K0+350', 'k1+20.5', '1+020', 'Ｋ０＋３５０', '350', '350米', '1 302.5 m'].map(chainageOf)).toEqual([350, 1020.5, 1020, 350, 350, 350, 1302.5])
    expect(['', 'K', 'K1', '-5', 'K1+2000', 'K+5', '1e3'].map(chainageOf)).toEqual([null, null, null, null, null, null, null])
    expect(rangesOf('K0+000–K0+350，0+900~1+200；1300-1302.5')).toEqual([[0, 350], [900, 1200], [1300, 1302.5]]) // prettier-ignore
    expect(rangesOf('K0+000至K0+350、400到500')).toEqual([[0, 350], [400, 500]]) // prettier-ignore
    for (const wrong of ['K0+000', '1-2-3', 'a-b', '5-']) expect(rangesOf(wrong), wrong).toBeNull()
    fc.assert(fc.property(fc.integer({ min: 0, max: 999_999 }), (tenths) => chainageOf(chainageWords(tenths / 10)) === tenths / 10))
  })

  it('should count metres that two ranges cover once, whatever their order', () => {
    expect(metresOf([[0, 100], [50, 150], [300, 400], [320, 330]])).toBe(250) // prettier-ignore
    const range = fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 300 })).map(([from, long]): Range => [from, from + long])
    const metres = (ranges: readonly Range[]) => new Set(ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)))
    fc.assert(
      fc.property(fc.array(range), fc.array(range), (a, b) => {
        const [own, others] = [metres(a), metres(b)]
        expect(metresOf(a)).toBe(own.size)
        expect(metresOf(commonOf(a, b))).toBe([...own].filter((one) => others.has(one)).length)
        expect(metresOf(withoutRanges(a, b))).toBe([...own].filter((one) => !others.has(one)).length)
        expect(unionOf(a)).toEqual(unionOf([...a].reverse()))
      }),
    )
  })

  it('should know what runs past the end, and what a piece of a road keeps', () => {
    expect(pastEnd([[0, 1302]], 1301.2)).toBeUndefined()
    expect(pastEnd([[0, 300], [900, 1350]], 1302)).toEqual([900, 1350]) // prettier-ignore
    expect(rangesWithin([[0, 350], [900, 1200]], 300.04, 700)).toEqual([[0, 50], [600, 700]]) // prettier-ignore
    expect(rangesWithin([[0, 300]], 300, 700)).toEqual([])
  })
})

describe('along a line', () => {
  it('should find places, stretches and the way back, on the ellipsoid', () => {
    expect(placeAt(ROAD, -5)).toEqual([121.1, 31.15])
    expect(placeAt(ROAD, 1e6)).toEqual([121.118, 31.16])
    // Turf reckons on a sphere: as shares of the whole the two agree to some metres.
    const whole = lineString(ROAD.coordinates as number[][])
    for (const share of [0.1, 0.37, 0.5, 0.8]) {
      const place = placeAt(ROAD, LENGTH * share)
      expect(metresBetween(place, along(whole, length(whole) * share).geometry.coordinates)).toBeLessThan(4)
      expect(alongOf(ROAD, place).metres).toBeCloseTo(LENGTH * share, 1)
      expect(alongOf(ROAD, place).off).toBeLessThan(0.01)
    }
    const [piece] = stretchOf(ROAD, [350, 1200])
    expect(lengthOfLine(piece!)).toBeCloseTo(850, 2)
    expect(metresBetween(piece![0]!, placeAt(ROAD, 350))).toBeLessThan(0.01)
    expect(stretchOf(ROAD, [LENGTH + 5, LENGTH + 9])).toEqual([])
    expect(alongOf(ROAD, [121.105, 31.16]).off).toBeGreaterThan(500)
  })

  it('should run through the parts of a line in their order', () => {
    const parts: Line = { type: 'MultiLineString', coordinates: [[[121.1, 31.15], [121.101, 31.15]], [[121.2, 31.15], [121.201, 31.15]]] } // prettier-ignore
    const part = metresBetween([121.1, 31.15], [121.101, 31.15])
    expect(placeAt(parts, part + 10)[0]).toBeGreaterThan(121.2)
    expect(stretchOf(parts, [part - 10, part + 10]).map(lengthOfLine).map(Math.round)).toEqual([10, 10])
  })
})

describe('a road on the map', () => {
  it('should fall into what is done, what is only planned, and the rest, which together are the whole', () => {
    const pieces = workPieces(7, ROAD, [[0, 800]], [[0, 300], [200, 500], [1000, 1200]]) // prettier-ignore
    const metres = (state: string) => pieces.filter(({ properties }) => properties.state === state).reduce((sum, { geometry }) => sum + lengthOfLine(geometry.coordinates), 0)
    expect(['done', 'planned', 'idle'].map(metres).map(Math.round)).toEqual([700, 300, Math.round(LENGTH - 1000)])
    expect(pieces.every(({ properties }) => properties.road === 7)).toBe(true)
  })

  it('should be marked at even steps, few enough to read, and at its end', () => {
    expect([stepFor(1302, 5), stepFor(300, 5), stepFor(90_000, 2)]).toEqual([500, 100, 5000])
    expect(marksOf(1302, 500)).toEqual([0, 500, 1000, 1302])
    expect(marksOf(1100, 500)).toEqual([0, 500, 1100])
    expect(markPlaces(ROAD, 1000)[0]).toEqual({ metres: 0, place: [121.1, 31.15] })
  })

  it('should refuse ranges past its end, naming both', () => {
    const faults = (done: unknown, shape: Line | null = ROAD) => faultsOf(ROADS, { name: '路', works: 'upgrade', done }, shape)
    expect(faults([[0, LENGTH]])).toEqual([])
    expect(faults([[0, 9000]], null)).toEqual([])
    const [fault] = faults([[0, 300], [900, 9000]]) // prettier-ignore
    expect(fault).toMatchObject({ field: '/properties/done', fault: 'past-end', params: { range: 'K0+900–K9+000', length: Math.round(LENGTH) } })
    expect(faultWords(fault!, 'zh')).toMatch(/^K0\+900–K9\+000 超出路段终点 K2\+1\d\d(\.\d)?（图上长 21\d\d 米）$/)
    // What is no range at all is told as that.
    expect(faults([[5, 5]])).toMatchObject([{ fault: 'not-ranges' }])
  })
})

describe('works', () => {
  const road = (id: number, ranges: Range[], own: Line | null = ROAD) => ({ id, ranges, line: own, length: own ? LENGTH : 0 })

  it('should count a road’s own overlap once and nothing past its end, and say how much that was', () => {
    const [one] = countWorks([road(1, [[0, 500], [400, 800], [1700, 5000]])]) // prettier-ignore
    expect(one!.metres).toBeCloseTo(800 + LENGTH - 1700, 6)
    expect(one!.overlap).toBe(100)
    expect(one!.beyond).toBeCloseTo(5000 - LENGTH, 6)
    expect(countWorks([road(2, [[0, 500]], null)])[0]).toEqual({ id: 2, metres: 0, overlap: 0, beyond: 0, twice: 0 })
  })

  it('should count a stretch that two roads have drawn once, also where the second runs the other way or a little beside', () => {
    const back = line(...([...ROAD.coordinates].reverse() as [number, number][]))
    const beside = line(...((ROAD.coordinates as number[][]).map(([x, y]) => [x, y! + 0.00001]) as [number, number][]))
    for (const other of [back, beside]) {
      const [first, second] = countWorks([road(1, [[0, 1000]]), road(2, [[0, LENGTH]], other)])
      expect(first!.metres).toBe(1000)
      expect(second!.twice).toBeGreaterThan(990)
      expect(second!.twice).toBeLessThan(1010)
      expect(first!.metres + second!.metres).toBeGreaterThan(LENGTH - 10)
      expect(first!.metres + second!.metres).toBeLessThan(LENGTH + 10)
    }
  })

  it('should take roads that cross, and carriageways side by side, for two', () => {
    const across = line([121.105, 31.14], [121.105, 31.16])
    const carriageway = line(...((ROAD.coordinates as number[][]).map(([x, y]) => [x, y! + 0.0002]) as [number, number][]))
    for (const other of [across, carriageway]) expect(countWorks([road(1, [[0, LENGTH]]), { id: 2, ranges: [[0, 1000]], line: other, length: 2000 }])[1]).toMatchObject({ metres: 1000, twice: 0 })
  })
})
