import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { polygonArea } from '../../../geo/town/area.ts'
import { readBoundaries } from '../../../geo/town/boundary-file.ts'
import { boundaryReport, type BoundaryReport } from '../../../geo/town/check.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'
import { groundOf } from '../../../server/town/queries.ts'
import { SIDE, TOWNS, box, changed, square, squares, type TownFile } from '../../geo/town/squares.ts'
import { describeOnBothDatabases } from '../harness.ts'

/** The file with so many points for each of its edges, computed: on the edge but for the last digit. */
function dense(file: TownFile, points: number): TownFile {
  const copy = structuredClone(file)
  for (const { geometry } of copy.features) {
    for (const ring of geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat()) {
      const many = ring
        .slice(1)
        .flatMap((end, i) =>
          Array.from({ length: points }, (_, k) =>
            ring[i]!.map((from, axis) => from + ((end[axis]! - from) * k) / points),
          ),
        )
      ring.splice(0, ring.length, ...many, ring[0]!)
    }
  }
  return copy
}

const seed = () =>
  JSON.parse(readFileSync(new URL('../../../seeds/towns.geojson', import.meta.url), 'utf8')) as TownFile

describeOnBothDatabases(
  'the check of a file of town boundaries',
  (server) => {
    /** Without the boundaries in use and the published areas: the made-up towns are squares. */
    const check = async (file: unknown): Promise<BoundaryReport> => {
      const reading = readBoundaries(file, QINGPU)
      return boundaryReport(reading, await groundOf(server.sql, reading.boundaries), QINGPU).report
    }
    const findings = async (file: unknown) => (await check(file)).findings
    const [first, second] = [TOWNS[0]!.code, TOWNS[1]!.code]

    it('should find nothing when towns share their borders exactly', async () => {
      const report = await check(squares())
      expect(report).toMatchObject({ ok: true, errors: 0, warnings: 0, findings: [], vertices: 55 })
      const area = squares().features.reduce((sum, { geometry }) => sum + polygonArea(geometry), 0)
      expect(report.areaKm2).toBeCloseTo(area / 1e6, 1)
    })

    it('should find nothing in the boundaries that an installation starts with', async () => {
      expect(await check(seed())).toMatchObject({ ok: true, findings: [] })
    })

    it('should find nothing when a border has points on one side only, or on both but for the last digit', async () => {
      const oneSided = changed(squares(), 0, ({ geometry }) =>
        geometry.coordinates[0]!.splice(2, 0, [121.05, 31.025] as never),
      )
      expect(await findings(oneSided)).toEqual([])
      const half = changed(squares(), 1, () => {})
      half.features.splice(0, 1, dense(half, 7).features[0]!)
      expect(await findings(half)).toEqual([])
      expect(await findings(dense(seed(), 8))).toEqual([])
    })

    it('should find an overlap with its two towns, its area and a place in it', async () => {
      const file = changed(squares(), 0, ({ geometry }) => (geometry.coordinates = [box(121, 31, SIDE + 0.01, SIDE)]))
      const [overlap, ...others] = await findings(file)
      expect(others).toEqual([])
      expect(overlap).toMatchObject({ kind: 'overlap', severity: 'error', towns: [first, second].sort() })
      expect(
        overlap!.areaM2! / polygonArea({ type: 'Polygon', coordinates: [box(121.05, 31, 0.01, SIDE)] }),
      ).toBeCloseTo(1, 5)
      expect(overlap!.at![0]).toBeGreaterThan(121.05)
      expect(overlap!.at![0]).toBeLessThan(121.06)
    })

    it('should find the overlap of a town that lies wholly in another', async () => {
      const file = changed(squares(), 10, ({ geometry }) => (geometry.coordinates = [box(121.01, 31.01, 0.01, 0.01)]))
      expect(await findings(file)).toMatchObject([{ kind: 'overlap', towns: [TOWNS[10]!.code, first].sort() }])
    })

    it('should tell slivers from land by their width', async () => {
      // 0.00002° are 2 m, 0.0001° are 10 m.
      const wider = (by: number) =>
        changed(squares(), 0, ({ geometry }) => (geometry.coordinates = [box(121, 31, SIDE + by, SIDE)]))
      expect(await findings(wider(0.00002))).toMatchObject([
        { kind: 'overlap-sliver', severity: 'note', params: { count: 1 } },
      ])
      expect(await findings(wider(0.0001))).toMatchObject([{ kind: 'overlap', severity: 'error' }])
    })

    it('should find a gap, named by the towns around it, and let a person decide', async () => {
      const file = changed(squares(), 0, ({ geometry }) =>
        geometry.coordinates.push([...box(121.02, 31.02, 0.005, 0.005)].reverse() as never),
      )
      const report = await check(file)
      expect(report).toMatchObject({
        ok: true,
        warnings: 1,
        findings: [{ kind: 'gap', severity: 'warning', towns: [first] }],
      })
      const area = polygonArea({ type: 'Polygon', coordinates: [box(121.02, 31.02, 0.005, 0.005)] })
      expect(report.findings[0]!.areaM2! / area).toBeCloseTo(1, 5)
    })

    it('should find the gap around a town that does not reach its neighbours, without the town itself', async () => {
      const file = changed(squares(), 5, ({ geometry }) => (geometry.coordinates = [box(121.055, 31.055, 0.04, 0.04)]))
      const [gap, ...others] = await findings(file)
      expect(others).toEqual([])
      expect(gap!.kind).toBe('gap')
      // The square itself and the eight around it.
      expect(gap!.towns).toEqual([0, 1, 2, 4, 5, 6, 8, 9, 10].map((i) => TOWNS[i]!.code).sort())
      const shape = {
        type: 'Polygon' as const,
        coordinates: [box(121.05, 31.05, SIDE, SIDE), box(121.055, 31.055, 0.04, 0.04)],
      }
      expect(gap!.areaM2! / polygonArea(shape)).toBeCloseTo(1, 5)
    })

    it('should find no gap where another town fills the hole', async () => {
      const file = squares()
      file.features[0]!.geometry.coordinates.push([...box(121.02, 31.02, 0.005, 0.005)].reverse() as never)
      file.features[1]!.geometry = {
        type: 'MultiPolygon',
        coordinates: [[box(121.05, 31, SIDE, SIDE)], [box(121.02, 31.02, 0.005, 0.005)]],
      }
      expect(await findings(file)).toEqual([])
    })

    it('should find the place where a boundary crosses itself', async () => {
      const bowTie = [
        [121, 31],
        [121.05, 31.05],
        [121.05, 31],
        [121, 31.04],
        [121, 31],
      ]
      const found = await findings(changed(squares(), 0, ({ geometry }) => (geometry.coordinates = [bowTie] as never)))
      expect(found[0]).toMatchObject({
        kind: 'self-intersection',
        severity: 'error',
        towns: [first],
        params: { why: 'Self-intersection' },
      })
      expect(found[0]!.at![0]).toBeCloseTo(121.0222, 3)
    })

    it('should find parts within parts and holes outside', async () => {
      const ring = box(121, 31, SIDE, SIDE)
      const shaped = (geometry: unknown) =>
        findings(changed(squares(), 0, (feature) => (feature.geometry = geometry as never)))
      const nested = await shaped({ type: 'MultiPolygon', coordinates: [[ring], [box(121.01, 31.01, 0.01, 0.01)]] })
      expect(nested[0]).toMatchObject({ kind: 'self-intersection', severity: 'error' })
      const outside = await shaped({ type: 'Polygon', coordinates: [ring, [...box(122, 31, 0.01, 0.01)].reverse()] })
      expect(outside[0]).toMatchObject({ kind: 'self-intersection', severity: 'error' })
    })

    it('should take a boundary apart where it touches itself, leaving its ground as it is', async () => {
      const eight = [
        [121, 31],
        [121.02, 31],
        [121.03, 31.02],
        [121.04, 31],
        [121.05, 31],
        [121.05, 31.05],
        [121, 31.05],
        [121, 31.02],
        [121.03, 31.02],
        [121, 31.01],
        [121, 31],
      ]
      const file = changed(squares(), 0, ({ geometry }) => (geometry.coordinates = [eight] as never))
      expect(await findings(file)).toMatchObject([{ kind: 'self-touch', severity: 'note', at: [121.03, 31.02] }])
      const { boundaries } = readBoundaries(file, QINGPU)
      const ground = (await groundOf(server.sql, boundaries)).shapes.find(({ town }) => town === first)!
      expect(ground.repaired!.type).toBe('MultiPolygon')
      expect(polygonArea(ground.repaired!) / polygonArea({ type: 'Polygon', coordinates: [eight] })).toBeCloseTo(1, 8)
    })

    it('should agree with the pure rule on the area on the ellipsoid', async () => {
      const { boundaries } = readBoundaries(seed(), QINGPU)
      const { shapes } = await groundOf(server.sql, boundaries)
      for (const { town, areaM2 } of shapes) {
        expect(polygonArea(boundaries.find((one) => one.town === town)!.shape) / areaM2).toBeCloseTo(1, 4)
      }
    })

    it('should leave the server answering while a large file is checked', async () => {
      const file = dense(seed(), 35)
      const answer = server.post('/api/towns/boundaries/check', file)
      let [answers, slowest, done] = [0, 0, false]
      void answer.finally(() => (done = true))
      while (!done) {
        const start = performance.now()
        expect((await server.request('/healthz')).status).toBe(200)
        slowest = Math.max(slowest, performance.now() - start)
        answers++
        await new Promise((next) => setTimeout(next, 10))
      }
      const report = (await (await answer).json()) as BoundaryReport
      expect(report).toMatchObject({ errors: 0, warnings: 0 })
      expect(report.vertices).toBeGreaterThan(50_000)
      expect(answers).toBeGreaterThan(10)
      expect(slowest).toBeLessThan(1500)
    })

    describe('with boundaries as they are mapped', () => {
      const real = `${process.env.XIANGTU_GEODATA}/towns-osm.geojson`
      it.skipIf(!process.env.XIANGTU_GEODATA || !existsSync(real))('should find nothing against them', async () => {
        const report = await check(JSON.parse(readFileSync(real, 'utf8')))
        expect(report).toMatchObject({ ok: true, findings: [] })
        expect(report.areaKm2).toBeCloseTo(669.01, 1)
      })
    })

    it('should survive files that are no boundaries at all', async () => {
      const files = [
        null,
        7,
        [],
        {},
        { type: 'FeatureCollection' },
        { type: 'FeatureCollection', features: [{}] },
        { type: 'FeatureCollection', features: [square('x', 'y', 1, 1)] },
      ]
      for (const file of files) expect(await check(file)).toMatchObject({ ok: false })
    })
  },
  { seeded: 'no' },
)
