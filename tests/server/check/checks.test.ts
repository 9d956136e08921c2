import { featureCollection, intersect, polygon } from '@turf/turf'
import type { MultiPolygon, Polygon, Position } from 'geojson'
import { expect, it } from 'vitest'
import type { CheckResult } from '../../../geo/check/check.ts'
import { polygonArea } from '../../../geo/town/area.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'

type Answer = CheckResult & { touched: MultiPolygon | null; remaining: MultiPolygon | null; remainingMu: number; dataVersion: number }
interface Parcel {
  id: number
  geometry: Polygon
  properties: { number: string; kind: string }
  about: { areaM2: number; town: string }
}

const M2_PER_MU = 10_000 / 15
const box = (west: number, south: number, east: number, north: number): Polygon => ({ type: 'Polygon', coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] }) // prettier-ignore

/** Points put in between along edges, so that both ways of reckoning take an edge for the same line. */
function dense(rings: Position[][]): Position[][] {
  return rings.map((ring) =>
    ring.flatMap((to, i) => {
      const from = ring[i - 1]
      if (!from) return [to]
      const steps = Math.max(1, Math.ceil(Math.hypot(to[0]! - from[0]!, to[1]! - from[1]!) / 0.0005))
      return Array.from({ length: steps }, (_, k) => [from[0]! + ((to[0]! - from[0]!) * (k + 1)) / steps, from[1]! + ((to[1]! - from[1]!) * (k + 1)) / steps])
    }),
  )
}
const mu = (rings: Position[][]) => polygonArea({ type: 'Polygon', coordinates: dense(rings) }) / M2_PER_MU

describeOnBothDatabases('the farmland check', (server) => {
  const check = async (plot: object, query = '') => {
    const answer = await server.post(`/api/checks/farmland${query}`, plot)
    expect(answer.status, await answer.clone().text()).toBe(200)
    return (await answer.json()) as Answer
  }
  const parcels = async (bbox: string) => ((await server.json(`/api/layers/farmland/features?limit=1000&bbox=${bbox}`)) as { features: Parcel[] }).features
  const addParcel = (who: Asking, geometry: Polygon, properties: object) => who.post('/api/layers/farmland/features', { geometry, properties })

  it('should measure the parts of a plot as an independent reckoning does, and add up', async () => {
    // Two kilometres each way over 白鹤's fields.
    const [west, south, east, north] = [121.1, 31.24, 121.12, 31.26]
    const plot = box(west, south, east, north)
    const result = await check(plot)
    expect(result.areaMu).toBeCloseTo(mu(plot.coordinates), 2)
    expect(result.demo).toBe(true)
    const expected = new Map<number, number>()
    for (const { id, geometry } of await parcels([west, south, east, north].join())) {
      const cut = intersect(featureCollection([polygon(plot.coordinates), polygon(geometry.coordinates)]))
      if (!cut) continue
      const pieces = cut.geometry.type === 'Polygon' ? [cut.geometry.coordinates] : cut.geometry.coordinates
      const area = pieces.reduce((sum, rings) => sum + mu(rings), 0)
      if (area > 0.001) expected.set(id, area)
    }
    expect(expected.size).toBeGreaterThan(5)
    const found = new Map(result.parcels.filter((one) => one.mu > 0.001).map((one) => [one.id, one.mu]))
    expect([...found.keys()].sort((a, b) => a - b)).toEqual([...expected.keys()].sort((a, b) => a - b))
    for (const [id, area] of expected) expect(found.get(id)!, `parcel ${id}`).toBeCloseTo(area, 2)
    const sum = (list: readonly { mu: number }[]) => list.reduce((all, one) => all + one.mu, 0)
    for (const list of [result.byKind, result.byTown]) expect(sum(list)).toBeCloseTo(sum(result.parcels), 6)
    // In two halves it is as much.
    const halves = [await check(box(west, south, 121.11, north)), await check(box(121.11, south, east, north))]
    for (const of of ['total', 'permanent'] as const) expect(halves[0]![of].mu + halves[1]![of].mu).toBeCloseTo(result[of].mu, 2)
    expect(halves[0]!.areaMu + halves[1]!.areaMu).toBeCloseTo(result.areaMu, 2)
    expect(result.permanent.mu + result.remainingMu).toBeCloseTo(result.areaMu, 2)
  })

  it('should say what is permanent basic farmland, mark it, and give the plot that avoids it', async () => {
    const planner = await server.as('planner')
    // Beyond the district: nothing of the demonstration lies there.
    const place = [120.5, 31.1] as const
    const at = (x: number, y: number) => [place[0] + x / 1000, place[1] + y / 1000] as const
    const square = (x: number, y: number, side: number) => box(...at(x, y), ...at(x + side, y + side))
    const before = await check(square(0, 0, 2))
    expect(before).toMatchObject({ verdict: 'clear', parcels: [], total: { mu: 0, share: 0 }, touched: null })
    expect(before.remainingMu).toBeCloseTo(before.areaMu, 6)
    for (const [geometry, properties] of [
      [square(1, 0, 2), { number: '永甲', kind: 'permanent', owner: '甲村' }],
      // Grain on the same land counts for its kind, and once for the whole.
      [square(1, 0, 1), { number: '粮乙', kind: 'grain' }],
    ] as const)
      expect((await addParcel(planner, geometry, properties)).status).toBe(201)
    const result = await check({ type: 'Feature', properties: {}, geometry: square(0, 0, 2) })
    expect(result.dataVersion).toBe(before.dataVersion + 2)
    expect(result.permanent.share).toBeCloseTo(0.5, 4)
    expect(result.total.mu).toBeCloseTo(result.permanent.mu, 4)
    expect(result.verdict).toBe('touches')
    expect(result.byKind.map(({ kind }) => kind)).toEqual(['permanent', 'grain'])
    expect(result.parcels.find(({ number }) => number === '永甲')).toMatchObject({ owner: '甲村', share: expect.closeTo(0.5, 3), sliver: false })
    expect((await check(result.remaining!)).verdict).toBe('clear')
    expect(mu(result.touched!.coordinates[0]!)).toBeCloseTo(result.permanent.mu, 2)
    // Half a metre over the edge of a parcel is how two people draw one edge.
    const beside = box(...at(0.5, 0), ...at(1.005, 0.05))
    expect(await check(beside)).toMatchObject({ verdict: 'slivers', slivers: { toleranceMu: 0.05, parcels: 2 } })
    expect(await check(beside, '?tolerance=0')).toMatchObject({ verdict: 'touches', slivers: { toleranceMu: 0, parcels: 0 } })
  })

  it.each([
    ['a plot that crosses itself', { type: 'Polygon', coordinates: [[[121.1, 31.2], [121.2, 31.3], [121.2, 31.2], [121.1, 31.3], [121.1, 31.2]]] }, 422, 'feature-invalid'],
    ['a ring that is open', { type: 'Polygon', coordinates: [[[121.1, 31.2], [121.2, 31.3], [121.2, 31.2]]] }, 422, 'feature-invalid'],
    ['coordinates that are none', { type: 'Polygon', coordinates: [[['a', 31.2], [121.2, 31.3], [121.2, 31.2], ['a', 31.2]]] }, 422, 'feature-invalid'],
    ['a feature without a shape', { type: 'Feature', properties: {}, geometry: null }, 422, 'feature-invalid'],
    ['a feature of a point', { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [121.1, 31.2] } }, 422, 'feature-invalid'],
    ['a point', { type: 'Point', coordinates: [121.1, 31.2] }, 400, 'request-invalid'],
    ['a plot without coordinates', { type: 'Polygon' }, 422, 'feature-invalid'],
    ['no plot at all', [], 400, 'request-invalid'],
  ] as const)('should refuse %s, saying what is wrong', async (_, plot, status, type) => {
    const answer = await server.post('/api/checks/farmland', plot)
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ type: `/problems/${type}` })
  })
})
