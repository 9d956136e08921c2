import proj4 from 'proj4'
import { describe, expect, it } from 'vitest'
import { CRS_LIST, crsOf, LOCAL } from '../../../geo/crs/crs.ts'
import type { Box } from '../../../geo/crs/candidate.ts'
import { guessCrs } from '../../../geo/crs/guess.ts'
import { prjOf, readPrj } from '../../../geo/crs/prj.ts'
import { fromLonLat, isProjString, toLonLat } from '../../../geo/crs/transform.ts'

const QINGPU: Box = [120.88, 30.98, 121.31, 31.28]
const PLACE = [121.1067, 31.2537] as const
/** Metres of a degree, roughly: enough to say “to the centimetre”. */
const METRES = 111_320
const inSystem = (id: string, [lon, lat]: readonly [number, number] = PLACE) => {
  const xy = Float64Array.of(lon, lat)
  fromLonLat(crsOf(id)!)(xy)
  return xy
}
const guess = (sample: Float64Array, more: object = {}) => guessCrs({ sample, named: undefined, ground: QINGPU, local: null, ...more })

describe('coordinate systems', () => {
  it('should number the zones of CGCS2000 as EPSG does', () => {
    expect(crsOf('EPSG:4549')).toMatchObject({ kind: 'zone3', meridian: 120 })
    expect(crsOf('EPSG:4549')!.zone).toBeUndefined()
    expect(crsOf('EPSG:4528')).toMatchObject({ kind: 'zone3', meridian: 120, zone: 40 })
    expect(crsOf('EPSG:4510')).toMatchObject({ kind: 'zone6', meridian: 123 })
    expect(crsOf('EPSG:4499')).toMatchObject({ kind: 'zone6', meridian: 123, zone: 21 })
    expect(crsOf('EPSG:4513')).toMatchObject({ meridian: 75, zone: 25 })
    expect(crsOf('EPSG:4554')).toMatchObject({ meridian: 135 })
    expect(new Set(CRS_LIST.map(({ id }) => id)).size).toBe(CRS_LIST.length)
  })

  it.each(CRS_LIST.filter(({ meridian }) => meridian !== undefined))('should compute $id as proj4 does, there and back, to a tenth of a millimetre', (crs) => {
    const definition = `+proj=tmerc +lat_0=0 +lon_0=${crs.meridian} +k=1 +x_0=${(crs.zone ?? 0) * 1e6 + 500_000} +y_0=0 +ellps=GRS80 +units=m +no_defs`
    for (const [east, lat] of [[-1.5, 18.2], [-0.4, 31.1], [0, 45], [1.2, 31.25], [3, 52.9]] as const) {
      const [lon] = [crs.meridian! + east]
      const [x, y] = proj4(`+proj=longlat +ellps=GRS80 +no_defs`, definition).forward([lon, lat])
      const xy = Float64Array.of(lon, lat)
      fromLonLat(crs)(xy)
      expect(Math.hypot(xy[0]! - x!, xy[1]! - y!)).toBeLessThan(1e-4)
      toLonLat(crs)(xy)
      expect(Math.hypot(xy[0]! - lon, xy[1]! - lat) * METRES).toBeLessThan(1e-4)
    }
  })

  it('should shift GCJ-02 by what it is shifted, and only when told', () => {
    const shifted = inSystem('GCJ-02')
    const metres = Math.hypot(shifted[0]! - PLACE[0], shifted[1]! - PLACE[1]) * METRES
    expect(metres).toBeGreaterThan(200)
    toLonLat(crsOf('GCJ-02')!)(shifted)
    expect(Math.hypot(shifted[0]! - PLACE[0], shifted[1]! - PLACE[1]) * METRES).toBeLessThan(0.01)
    const [first, ...others] = guess(Float64Array.of(...PLACE))
    expect(first!.crs).toBe('EPSG:4490')
    expect(others.find(({ crs }) => crs === 'GCJ-02')).toMatchObject({ why: 'told', confidence: 0.05 })
  })

  it('should know a local system by its proj string', () => {
    const local = '+proj=tmerc +lat_0=31.2352 +lon_0=121.4644 +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +units=m +no_defs'
    expect(isProjString(local)).toBe(true)
    expect(isProjString('a town in Jiangnan')).toBe(false)
    const xy = Float64Array.of(...PLACE)
    fromLonLat(LOCAL, local)(xy)
    expect(xy[0]).toBeLessThan(-30_000)
    expect(guess(xy, { local })[0]).toMatchObject({ crs: 'local', why: 'place' })
    toLonLat(LOCAL, local)(xy)
    expect(xy[0]).toBeCloseTo(PLACE[0], 8)
  })
})

describe('guessing', () => {
  it.each([
    ['EPSG:4528', 'number'],
    ['EPSG:4549', 'place'],
    ['EPSG:4499', 'number'],
    ['EPSG:3857', 'place'],
    ['EPSG:4490', 'place'],
  ])('should find %s by the coordinates alone', (id, why) => {
    const [first] = guess(inSystem(id))
    expect(first).toMatchObject({ crs: id, swap: false, why, inside: 1 })
    expect(first!.confidence).toBeGreaterThan(0.7)
    expect(first!.box[0]).toBeCloseTo(PLACE[0], 6)
  })

  it('should find northing before easting, as surveyors write it', () => {
    const [x, y] = inSystem('EPSG:4549')
    expect(guess(Float64Array.of(y!, x!))[0]).toMatchObject({ crs: 'EPSG:4549', swap: true })
  })

  it('should believe the file more than the size, and an old datum hardly at all', () => {
    expect(guess(inSystem('EPSG:4550'), { named: crsOf('EPSG:4550') })[0]).toMatchObject({ crs: 'EPSG:4550', why: 'file', confidence: 0.98 })
    expect(guess(inSystem('EPSG:4549'), { oldDatum: 'beijing54' })[0]!.confidence).toBeLessThan(0.3)
    expect(guess(Float64Array.of(1e9, 1e9))).toEqual([])
  })
})

describe('.prj files', () => {
  it.each(CRS_LIST.filter(({ epsg, kind }) => epsg && kind !== 'zone6'))('should say $id and be understood again', (crs) => {
    expect(readPrj(prjOf(crs))!.crs?.id).toBe(crs.id)
  })

  it('should be told by authority, by parameters, and refuse old datums', () => {
    expect(readPrj('GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],AUTHORITY["EPSG","4326"]]')!.crs!.id).toBe('EPSG:4326')
    const xian = 'PROJCS["Xian_1980_3_Degree_GK_CM_120E",GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",SPHEROID["Xian_1980",6378140,298.257]]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000],PARAMETER["Central_Meridian",120]]'
    expect(readPrj(xian)).toMatchObject({ crs: undefined, oldDatum: 'xian80' })
    expect(readPrj('no WKT at all')).toBeNull()
  })
})
