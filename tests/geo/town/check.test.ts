import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { polygonArea } from '../../../geo/town/area.ts'
import { MOST_VERTICES, readBoundaries } from '../../../geo/town/boundary-file.ts'
import { type ReferenceData, boundaryReport } from '../../../geo/town/check.ts'
import { FINDING_KINDS, findingWords } from '../../../geo/town/finding.ts'
import type { Ground } from '../../../geo/town/ground.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'
import { middleOf } from '../../../geo/town/ring.ts'
import { SIDE, TOWNS, box, changed, moved, square, squares } from './squares.ts'

/** The report of a file whose shapes are valid and fit together; what the database adds is tested with the database. */
function examine(input: unknown, reference: ReferenceData = {}, more: Partial<Ground> = {}) {
  const reading = readBoundaries(input, QINGPU)
  const shapes = reading.boundaries.map(({ town, shape }) => ({
    town,
    areaM2: polygonArea(shape),
    invalid: null,
    repaired: null,
  }))
  return boundaryReport(reading, { shapes, overlaps: [], gaps: [], ...more }, QINGPU, reference)
}
const check = (input: unknown, reference?: ReferenceData) => examine(input, reference).report
const kinds = (input: unknown) => check(input).findings.map(({ kind }) => kind)
const first = (input: unknown) => check(input).findings[0]!
const referencesOf = (file: unknown) =>
  readBoundaries(file, QINGPU).boundaries.map(({ town, shape }) => ({
    town,
    areaM2: polygonArea(shape),
    middle: middleOf(shape),
  }))

describe('a file of town boundaries', () => {
  it('should have no findings when towns share their borders exactly', () => {
    const report = check(squares())
    expect(report.findings).toEqual([])
    expect(report).toMatchObject({ ok: true, errors: 0, warnings: 0, vertices: 55 })
    expect(report.towns.map(({ code }) => code)).toEqual(TOWNS.map(({ code }) => code))
  })

  describe('what the database found of its ground', () => {
    const [a, b] = [TOWNS[0]!.code, TOWNS[1]!.code]
    const piece = (widthM: number, areaM2: number) => ({
      towns: [a, b],
      areaM2,
      widthM,
      at: [121.05, 31] as [number, number],
    })
    const found = (more: Partial<Ground>) => examine(squares(), {}, more).report.findings

    it('should be told apart by width: land piece by piece, slivers of the same towns together', () => {
      expect(found({ overlaps: [piece(2, 300), piece(1, 200), piece(80, 5000), piece(5, 700)] })).toMatchObject([
        {
          kind: 'overlap',
          severity: 'error',
          towns: [a, b],
          areaM2: 5000,
          at: [121.05, 31],
          params: { area: '5000 m²' },
        },
        { kind: 'overlap', areaM2: 700 },
        { kind: 'overlap-sliver', severity: 'note', areaM2: 500, params: { count: 2, area: '500 m²' } },
      ])
    })

    it('should be a warning where it is a gap, and nothing where it is the noise of computing', () => {
      expect(found({ gaps: [piece(300, 2e6), piece(0.001, 0.2)] })).toMatchObject([
        { kind: 'gap', severity: 'warning', params: { area: '2.00 km²' } },
      ])
    })

    it('should be a crossing if repairing changes the area, else a touch whose repaired shape is the one to store', () => {
      const whole = (changedM2: number) => {
        const shape = squares().features[0]!.geometry
        const invalid = { at: [121.02, 31.02] as [number, number], why: 'Self-intersection', changedM2 }
        const repaired = { type: 'MultiPolygon' as const, coordinates: [shape.coordinates as never] }
        return examine(squares(), {}, { shapes: [{ town: a, areaM2: polygonArea(shape), invalid, repaired }] })
      }
      expect(whole(500).report.findings).toMatchObject([
        { kind: 'self-intersection', severity: 'error', towns: [a], at: [121.02, 31.02] },
      ])
      const touch = whole(0.3)
      expect(touch.report.findings).toMatchObject([{ kind: 'self-touch', severity: 'note' }])
      expect(touch.boundaries[0]!.shape.type).toBe('MultiPolygon')
    })
  })

  describe('names', () => {
    it.each([
      [{ code: '310118105' }],
      [{ CODE12: '310118105000' }],
      [{ adcode: 310118105 }],
      [{ gb: '156310118105' }],
      [{ XZQDM: '310118105', XZQMC: '赵巷镇' }],
      [{ NAME: '赵巷' }],
      [{ XZMC: ' 赵 巷 镇 ' }],
      [{ 镇名: '上海市青浦区赵巷镇' }],
      [{ name: '赵巷镇人民政府' }],
      [{ name_en: 'Zhaoxiang Town' }],
      [{ anything: '赵巷镇', OBJECTID: 7 }],
    ])('should be recognised in %j', (properties) => {
      expect(kinds(changed(squares(), 0, (feature) => (feature.properties = properties)))).toEqual([])
    })

    it('should be found unknown, and the town missing', () => {
      const file = changed(squares(), 0, (feature) => (feature.properties = { name: '盛泽镇' }))
      expect(check(file).findings).toMatchObject([
        { kind: 'town-unknown', params: { feature: 1, given: '盛泽镇' } },
        { kind: 'town-missing', towns: [TOWNS[0]!.code] },
      ])
    })

    it('should be found missing when a feature is left out', () => {
      const file = squares()
      file.features.pop()
      expect(check(file).findings).toMatchObject([
        { kind: 'town-missing', severity: 'error', towns: [TOWNS[10]!.code] },
      ])
    })

    it('should be found doubled', () => {
      const file = squares()
      file.features.push(square(TOWNS[0]!.code, TOWNS[0]!.name, 121.5, 31.5))
      expect(first(file)).toMatchObject({ kind: 'town-doubled', towns: [TOWNS[0]!.code], params: { count: 2 } })
    })

    it('should be found contradictory when code and name are of different towns', () => {
      const file = changed(squares(), 0, (feature) => (feature.properties.name = TOWNS[1]!.name))
      expect(kinds(file)).toContain('town-contradiction')
    })

    it('should not guess when texts name several towns', () => {
      const file = changed(squares(), 0, (feature) => (feature.properties = { west: '赵巷镇', east: '徐泾镇' }))
      expect(kinds(file)).toContain('town-unknown')
    })

    it('should leave out the park, which has no boundary of its own, with a warning', () => {
      const file = squares()
      file.features.push(square('310118P01', '现代农业园区', 121.2, 31.1))
      const { report, boundaries } = examine(file)
      expect(report.findings).toMatchObject([
        { kind: 'town-without-boundary', severity: 'warning', towns: ['310118P01'] },
      ])
      expect(boundaries).toHaveLength(11)
    })
  })

  describe('coordinates', () => {
    it('should be recognised as swapped', () => {
      expect(first(moved(squares(), ([x, y]) => [y!, x!]))).toMatchObject({
        kind: 'axes-swapped',
        params: { example: '[31, 121]' },
      })
    })

    it.each([
      ['EPSG:4549', 590_000, 3_440_000],
      ['EPSG:4528', 40_590_000, 3_440_000],
      ['EPSG:4499', 21_310_000, 3_440_000],
      ['EPSG:3857', 13_480_000, 3_650_000],
      ['EPSG:4549', 3_440_000, 590_000],
      ['上海 2000', -24_000, -9_000],
    ])('should be recognised as metres of %s', (guess, x, y) => {
      const found = check(moved(squares(), ([lon, lat]) => [x + (lon! - 121) * 1e5, y + (lat! - 31) * 1e5]))
      expect(found.findings[0]).toMatchObject({ kind: 'coordinates-projected', severity: 'error' })
      expect(found.findings[0]!.params.guess).toContain(guess)
    })

    it.each([[NaN], [Infinity], [null], ['121.5'], [undefined]])('should be refused when one is %s', (bad) => {
      const file = changed(squares(), 3, ({ geometry }) => ((geometry.coordinates[0] as unknown[])[1] = [bad, 31]))
      expect(first(file)).toMatchObject({ kind: 'coordinate-invalid', towns: [TOWNS[3]!.code] })
    })

    it('should be refused when one is out of range', () => {
      const file = changed(squares(), 3, ({ geometry }) => ((geometry.coordinates[0] as unknown[])[1] = [721.2, 31]))
      expect(first(file)).toMatchObject({ kind: 'coordinate-out-of-range', towns: [TOWNS[3]!.code] })
    })

    it('should be refused in a declared projection and taken in CGCS2000 degrees', () => {
      const crs = (name: string) => ({ ...squares(), crs: { type: 'name', properties: { name } } })
      expect(first(crs('urn:ogc:def:crs:EPSG::4549'))).toMatchObject({ kind: 'crs-unsupported' })
      expect(kinds(crs('urn:ogc:def:crs:EPSG::4490'))).toEqual([])
      expect(kinds(crs('urn:ogc:def:crs:OGC:1.3:CRS84'))).toEqual([])
    })

    it('should lose their heights', () => {
      const { boundaries } = examine(moved(squares(), ([x, y]) => [x!, y!, 4.5]))
      expect(boundaries[0]!.shape.coordinates[0]![0]).toHaveLength(2)
    })

    it('should be found shifted as a whole against the boundaries in use', () => {
      const before = referencesOf(squares())
      // What GCJ-02 does here.
      const shifted = check(
        moved(squares(), ([x, y]) => [x! + 0.00456, y! - 0.002]),
        { before },
      )
      expect(shifted.findings).toMatchObject([{ kind: 'all-shifted', severity: 'warning', params: { north: -222 } }])
      expect(check(squares(), { before }).findings).toEqual([])
    })

    it('should be found elsewhere', () => {
      const before = referencesOf(squares())
      expect(
        check(
          moved(squares(), ([x, y]) => [x! - 4, y!]),
          { before },
        ).findings[0]!.kind,
      ).toBe('elsewhere')
    })
  })

  describe('shapes', () => {
    const shaped = (geometry: unknown) =>
      first(changed(squares(), 0, (feature) => (feature.geometry = geometry as never)))
    const ring = box(121, 31, SIDE, SIDE)

    it('should be refused when they are no areas', () => {
      expect(shaped({ type: 'LineString', coordinates: ring }).kind).toBe('geometry-not-area')
      expect(shaped({ type: 'GeometryCollection', geometries: [{ type: 'Polygon', coordinates: [ring] }] }).kind).toBe(
        'geometry-not-area',
      )
      expect(shaped(null).kind).toBe('geometry-missing')
    })

    it('should be refused when they are nested otherwise than their type says', () => {
      expect(shaped({ type: 'Polygon', coordinates: ring }).kind).toBe('geometry-malformed')
      expect(shaped({ type: 'Polygon', coordinates: [[ring]] }).kind).toBe('coordinate-invalid')
      expect(shaped({ type: 'Polygon', coordinates: [] }).kind).toBe('geometry-malformed')
      expect(shaped({ type: 'Polygon' }).kind).toBe('geometry-malformed')
      expect(shaped({ type: 'Polygon', coordinates: [[]] }).kind).toBe('geometry-malformed')
    })

    it('should be refused when a ring is open', () => {
      expect(shaped({ type: 'Polygon', coordinates: [ring.slice(0, 4)] })).toMatchObject({
        kind: 'ring-open',
        at: [121, 31],
        params: { metres: 5560 },
      })
    })

    it('should be refused when a ring has no area', () => {
      expect(shaped({ type: 'Polygon', coordinates: [[ring[0], ring[1], ring[0]]] }).kind).toBe('ring-too-short')
      expect(
        shaped({
          type: 'Polygon',
          coordinates: [
            [
              [121, 31],
              [121.01, 31],
              [121.02, 31],
              [121, 31],
            ],
          ],
        }).kind,
      ).toBe('ring-without-area')
    })

    it('should be turned round where they run the wrong way', () => {
      const { report, boundaries } = examine(
        changed(squares(), 0, ({ geometry }) => geometry.coordinates[0]!.reverse()),
      )
      expect(report.findings).toMatchObject([{ kind: 'ring-winding', severity: 'note' }])
      expect(boundaries[0]!.shape).toEqual({
        type: 'Polygon',
        coordinates: [[ring[0], ring[1], ring[2], ring[3], ring[0]]],
      })
    })

    it('should be compared in area with the boundaries in use and the published figures', () => {
      const before = referencesOf(squares()).map((town, i) => (i === 0 ? { ...town, areaM2: town.areaM2 * 1.2 } : town))
      const code = TOWNS[1]!.code
      const { findings } = check(squares(), { before, publishedKm2: { [code]: 20 } })
      expect(findings).toMatchObject([
        { kind: 'area-changed', severity: 'warning', towns: [TOWNS[0]!.code], params: { percent: '-16.7' } },
        { kind: 'area-unlike-published', severity: 'warning', towns: [code], params: { published: '20.00 km²' } },
      ])
    })

    it('should be refused beyond the limit of vertices', () => {
      const many = Array.from({ length: MOST_VERTICES + 1 }, (_, i) => [121 + i * 1e-7, 31])
      expect(shaped({ type: 'Polygon', coordinates: [many] })).toMatchObject({ kind: 'vertices-too-many' })
    })
  })

  it.each([
    [null],
    [[]],
    ['text'],
    [7],
    [{}],
    [{ type: 'Feature' }],
    [{ type: 'FeatureCollection' }],
    [{ type: 'FeatureCollection', features: [null] }],
  ])('should be no collection: %j', (input) => expect(kinds(input)).toEqual(['not-geojson']))

  it('should be found wrong with a collection in a collection, with no feature, and with far too many', () => {
    expect(first({ type: 'FeatureCollection', features: [squares()] })).toMatchObject({ kind: 'not-geojson' })
    expect(kinds({ type: 'FeatureCollection', features: [] })).toEqual(['features-missing'])
    expect(kinds({ type: 'FeatureCollection', features: Array(400).fill(squares().features[0]) })).toEqual([
      'features-too-many',
    ])
  })

  it('should survive nesting that is deeper than the stack', () => {
    let deep: unknown = 1
    for (let i = 0; i < 200_000; i++) deep = [deep]
    for (const geometry of [{ type: 'Polygon', coordinates: deep }, { type: deep, coordinates: [] }, deep]) {
      expect(check(changed(squares(), 0, (feature) => (feature.geometry = geometry as never))).ok).toBe(false)
    }
    expect(kinds({ type: deep })).toEqual(['not-geojson'])
    expect(kinds({ ...squares(), crs: { type: 'name', properties: { name: deep } } })).toEqual(['crs-unsupported'])
  })

  it('should never make the check throw, whatever is in its place', () => {
    const paths = [
      'type',
      'features',
      'features.0',
      'features.0.properties',
      'features.0.geometry',
      'features.0.geometry.type',
      'features.0.geometry.coordinates',
      'features.0.geometry.coordinates.0',
      'features.0.geometry.coordinates.0.1',
      'features.0.geometry.coordinates.0.1.0',
      'crs',
    ]
    const file = { type: 'FeatureCollection', features: squares().features.slice(0, 1) }
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.anything(), (path, value) => {
        const broken = structuredClone(file) as never
        const keys = path.split('.')
        const last = keys.pop()!
        const parent = keys.reduce((object: Record<string, unknown>, key) => object[key] as never, broken)
        parent[last] = value
        const report = check(broken)
        for (const found of report.findings) {
          expect(findingWords(found, 'zh-CN')).not.toMatch(/\{\w+\}/)
          expect(FINDING_KINDS).toHaveProperty(found.kind)
        }
      }),
      { numRuns: 300 },
    )
  })
})
