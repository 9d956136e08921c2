/** Any past day: features, figures, tiles, boundaries and reports as they were then. */
import { VectorTile } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'
import { expect, it } from 'vitest'
import { LAYERS } from '../../../geo/layer/layers.ts'
import type { FeatureAct } from '../../../geo/layer/layer.ts'
import { stoodAt } from '../../../geo/past/instant.ts'
import { describeOnBothDatabases } from '../harness.ts'

const [BAIHE, HUAXIN] = ['310118110', '310118107']
const PLACE: [number, number] = [121.1067, 31.2537]

interface Feature {
  id: number
  geometry: { coordinates: unknown }
  properties: Record<string, unknown>
  about: { version: number; town: string | null; towns: string[]; areaM2: number | null; changedAt: string }
}
interface Collection {
  version: number
  numberMatched: number
  features: Feature[]
}
interface LayerAnswer {
  id: string
  version: number
  figures: { class: string | null; town: string | null; features: number; areaM2: number; lengthM: number }[]
}

const square = (lon: number, lat: number, side = 0.002) => ({ type: 'Polygon', coordinates: [[[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]] }) // prettier-ignore

/** The tile of a depth that a place lies in. */
function tileAt([lon, lat]: [number, number], z: number): string {
  const phi = (lat * Math.PI) / 180
  return `${z}/${Math.floor(((lon + 180) / 360) * 2 ** z)}/${Math.floor(((1 - Math.log(Math.tan(phi) + 1 / Math.cos(phi)) / Math.PI) / 2) * 2 ** z)}`
}

/** The whole district. */
const WHOLE = tileAt([121.1, 31.15], 9)

function featuresIn(bytes: Uint8Array, layer: string): Map<number, unknown> {
  const found = new VectorTile(new PbfReader(bytes)).layers[layer]
  return new Map(Array.from({ length: found?.length ?? 0 }, (_, i) => found!.feature(i)).map((one) => [one.id!, { ...one.properties, shape: one.loadGeometry().map((line) => line.map(({ x, y }) => [x, y])) }]))
}

describeOnBothDatabases('the past', (server) => {
  const tile = async (layer: string, address: string, query = '') => {
    const answer = await server.request(`/api/tiles/${layer}/${address}.mvt${query}`)
    expect(answer.status, `${layer} ${query}`).toBe(200)
    return featuresIn(new Uint8Array(await answer.arrayBuffer()), layer)
  }
  const layersAt = (at?: string) => server.json<LayerAnswer[]>(`/api/layers${at ? `?at=${at}` : ''}`)
  const figure = (layers: LayerAnswer[], layer: string, town?: string) =>
    layers.find(({ id }) => id === layer)!.figures.filter((one) => !town || one.town === town).reduce((sum, one) => ({ features: sum.features + one.features, areaM2: sum.areaM2 + one.areaM2 }), { features: 0, areaM2: 0 })
  const featuresAt = (layer: string, at: string, query = '') => server.json<Collection>(`/api/layers/${layer}/features?limit=1000&at=${at}${query}`)

  it.each(['/api/layers', '/api/layers/sites/features', '/api/layers/sites/features/1', '/api/towns', '/api/bridges/inspections', `/api/tiles/sites/${WHOLE}.mvt`, `/api/tiles/towns/${WHOLE}.mvt`])('should refuse no date, and a day to come, of %s', async (path) => {
    for (const at of ['yesterday', '2023-02-30', '2023-06', '', '2999-01-01', '2023-06-30T12:00']) {
      const answer = await server.request(`${path}?at=${at}`)
      expect(answer.status, at).toBe(400)
      expect(await answer.json()).toMatchObject({ type: '/problems/instant-invalid', field: 'at', words: { 'zh-CN': expect.stringContaining(at) as string } })
    }
  })

  it('should be today’s map now, and empty before anything was drawn', async () => {
    const now = new Date().toISOString()
    for (const { id } of LAYERS) {
      for (const address of [WHOLE, tileAt([121.1, 31.15], 12), tileAt(PLACE, 14)]) {
        const today = await tile(id, address)
        expect(await tile(id, address, `?at=${now}`), `${id} ${address}`).toEqual(today)
        if (address === WHOLE && id !== 'villages') expect(today.size, id).toBeGreaterThan(10)
      }
      expect((await tile(id, WHOLE, '?at=2022-12-31')).size).toBe(0)
    }
    expect(await tile('towns', WHOLE, `?at=${now}`)).toEqual(await tile('towns', WHOLE))
    expect(await layersAt(now)).toEqual(await layersAt())
    expect((await layersAt('2022-12-31')).every(({ version, figures }) => version === 0 && figures.length === 0)).toBe(true)
  })

  it('should give, on any day, what the history of each feature says', async () => {
    const history = await server.sql<{ id: number; layer: string; at: string; act: FeatureAct; version: number; kind: string }[]>`
      select feature_id::float8 as id, layer, at, act, version, properties->>'stage' as kind from feature_version order by feature_id, version`
    const lives = Map.groupBy(history, ({ layer, id }) => `${layer}/${id}`)
    let [changed, gone] = [0, 0]
    for (const day of ['2023-01-01', '2023-04-30', '2023-08-14', '2023-08-15', '2023-11-30']) {
      const at = `${day}T23:59:59.999999+08:00`
      for (const layer of ['roads', 'sites', 'farmland']) {
        const expected = [...lives].flatMap(([key, life]) => (key.startsWith(`${layer}/`) ? (stoodAt(life, at) ?? []) : [])).map(({ id, version, kind }) => `${id} ${version} ${kind}`)
        const found: string[] = []
        for (let after = 0; ; ) {
          const page = await server.json<Collection & { next: number | null }>(`/api/layers/${layer}/features?limit=1000&after=${after}&at=${day}`)
          expect(page.numberMatched, `${layer} ${day}`).toBe(expected.length)
          found.push(...page.features.map(({ id, properties, about }) => `${id} ${about.version} ${(properties.stage as string | undefined) ?? null}`))
          if (page.next === null) break
          after = page.next
        }
        expect(found.sort(), `${layer} ${day}`).toEqual(expected.sort())
        changed += history.filter((one) => one.layer === layer && one.version > 1 && one.act === 'change').length
        gone += history.filter((one) => one.layer === layer && one.act === 'delete').length
      }
    }
    // The demonstration's year has a history worth asking for.
    expect(changed).toBeGreaterThan(500)
    expect(gone).toBeGreaterThan(5)
    const sites = async (day: string) => figure(await layersAt(day), 'sites').features
    expect((await sites('2023-08-14')) - (await sites('2023-08-15'))).toBe(11)
    const closed = (await featuresAt('sites', '2023-08-14', `&q=${encodeURIComponent('已撤销')}&town=${BAIHE}`)).features
    expect(closed).toHaveLength(1)
    const { id } = closed[0]!
    expect((await server.request(`/api/layers/sites/features/${id}`)).status).toBe(404)
    expect((await server.request(`/api/layers/sites/features/${id}?at=2023-08-15`)).status).toBe(404)
    expect(await server.json(`/api/layers/sites/features/${id}?at=2023-08-14`)).toEqual(closed[0])
    expect((await tile('sites', WHOLE, '?at=2023-08-14')).has(id)).toBe(true)
    expect((await tile('sites', WHOLE, '?at=2023-08-15')).has(id)).toBe(false)
  })

  it('should keep what a person changes and deletes, and change no answer about before', async () => {
    const send = async (when: string, edits: object) => {
      server.clock.set(when)
      const answer = await server.post('/api/layers/farmland/edits', edits)
      expect(answer.status, await answer.clone().text()).toBe(200)
      return (await answer.json()) as { added: Feature[] }
    }
    const address = tileAt(PLACE, 14)
    const [lon, lat] = PLACE
    const { added } = await send('2024-02-10T12:00:00+08:00', { add: [{ geometry: square(lon, lat), properties: { number: '往日', kind: 'grain' } }] })
    const { id } = added[0]!
    const small = square(lon, lat, 0.001)
    await send('2024-03-10T12:00:00+08:00', { change: [{ id, version: 1, geometry: small, properties: { number: '往日', kind: 'vegetable' } }] })
    server.clock.set(null)
    const before = { tile: await server.request(`/api/tiles/farmland/${address}.mvt?at=2024-02-20`), layers: await layersAt('2024-02-20') }
    await send('2024-04-10T12:00:00+08:00', { remove: [{ id, version: 2 }] })
    await send('2024-05-10T12:00:00+08:00', { restore: [{ id, version: 0, to: 1 }] })
    server.clock.set(null)
    const kinds: unknown[] = []
    const areas: number[] = []
    for (const day of ['2024-02-09', '2024-02-10', '2024-03-09', '2024-03-10', '2024-04-09', '2024-04-10', '2024-05-09', '2024-05-10', new Date().toISOString()]) {
      const [inTile] = [(await tile('farmland', address, `?at=${day}`)).get(id)] as [{ class: string } | undefined]
      const listed = (await featuresAt('farmland', day, '&q=往日')).features
      expect(listed[0]?.properties.kind, day).toBe(inTile?.class)
      kinds.push(inTile?.class ?? null)
      areas.push(Math.round((listed[0]?.about.areaM2 ?? 0) / 1000))
    }
    expect(kinds).toEqual([null, 'grain', 'grain', 'vegetable', 'vegetable', null, null, 'grain', 'grain'])
    expect(areas).toEqual([0, 42, 42, 11, 11, 0, 0, 42, 42])
    const etag = before.tile.headers.get('etag')!
    expect((await server.request(`/api/tiles/farmland/${address}.mvt?at=2024-02-20`, { headers: { 'if-none-match': etag } })).status).toBe(304)
    expect((await server.request(`/api/tiles/farmland/${address}.mvt?at=2024-03-20`, { headers: { 'if-none-match': etag } })).status).toBe(200)
    expect(await layersAt('2024-02-20')).toEqual(before.layers)
    const [then, later] = [await layersAt('2024-03-09'), await layersAt('2024-03-10')]
    expect(figure(then, 'farmland', BAIHE).features).toBe(figure(later, 'farmland', BAIHE).features)
    expect(Math.round((figure(then, 'farmland', BAIHE).areaM2 - figure(later, 'farmland', BAIHE).areaM2) / 1000)).toBe(32)
    await expect(server.sql`delete from feature_past`).rejects.toThrow(/append-only/)
    // Who names the version may keep the answer.
    expect((await server.request(`/api/tiles/farmland/${address}.mvt?at=2024-02-20&v=1`)).headers.get('cache-control')).toContain('max-age')
    // History that is added to the past (the clock of a training goes back) is part of the past from then on.
    await send('2024-02-15T12:00:00+08:00', { add: [{ geometry: square(lon + 0.003, lat), properties: { number: '往日后补', kind: 'grain' } }] })
    server.clock.set(null)
    expect((await server.request(`/api/tiles/farmland/${address}.mvt?at=2024-02-20`, { headers: { 'if-none-match': etag } })).status).toBe(200)
  })

  it('should give boundaries, and the towns of features, as they were in use', async () => {
    const [before] = await server.sql<{ id: number }[]>`select id from boundary_set where current`
    type Towns = { inUse?: { since: string; assumed: boolean }; features: { geometry: object | null; properties: { code: string; name: string } }[] }
    const towns = await server.json<Towns>('/api/towns')
    const swapped = towns.features.filter(({ geometry }) => geometry).map((feature) => {
      const other = { [BAIHE]: HUAXIN, [HUAXIN]: BAIHE }[feature.properties.code]
      return { type: 'Feature', geometry: feature.geometry, properties: other ? { code: other, name: other === BAIHE ? '白鹤镇' : '华新镇' } : feature.properties }
    })
    // From now on, for an hour: the seed's set came into use when this database was made.
    const [start, end] = [new Date(Date.now() + 3_600_000), new Date(Date.now() + 7_200_000)]
    server.clock.set(start.toISOString())
    const query = 'kind=%E7%A4%BA%E6%84%8F&source=x&licence=x&credit=x&acceptWarnings=true'
    const answer = await server.post(`/api/towns/boundaries?${query}`, { type: 'FeatureCollection', features: swapped })
    expect(answer.status, await answer.clone().text()).toBeLessThan(300)
    server.clock.set(end.toISOString())
    expect((await server.post(`/api/towns/boundaries/${before!.id}/restore`, {})).status).toBeLessThan(300)
    server.clock.set(new Date(end.getTime() + 3_600_000).toISOString())
    const moment = (of: Date, minutes: number) => new Date(of.getTime() + minutes * 60_000).toISOString()
    const at = { before: moment(start, -5), between: moment(start, 5), after: moment(end, 5) }
    const shapeOf = (all: Towns, code: string) => all.features.find(({ properties }) => properties.code === code)!.geometry
    const then = { before: await server.json<Towns>(`/api/towns?at=${at.before}`), between: await server.json<Towns>(`/api/towns?at=${at.between}`), after: await server.json<Towns>(`/api/towns?at=${at.after}`) }
    expect(then.before.features).toEqual(towns.features)
    expect(then.after.features).toEqual(towns.features)
    expect(shapeOf(then.between, BAIHE)).toEqual(shapeOf(towns, HUAXIN))
    expect(then.between.inUse!.assumed).toBe(false)
    expect(then.after.inUse!.since > then.between.inUse!.since).toBe(true)
    // Long ago none were kept: the earliest ones stand for them, and say so.
    const longAgo = await server.json<Towns>('/api/towns?at=2001-01-01')
    expect(longAgo.inUse!.assumed).toBe(true)
    expect(longAgo.features).toEqual(towns.features)
    expect(await tile('towns', WHOLE, `?at=${at.between}`)).not.toEqual(await tile('towns', WHOLE))
    expect(await tile('towns', WHOLE, `?at=${at.after}`)).toEqual(await tile('towns', WHOLE))
    const sites = async (instant: string, town: string) => (await featuresAt('sites', instant, `&town=${town}`)).features.map(({ id, about }) => (expect(about.towns).toEqual([town]), id))
    const [baihe, huaxin] = [await sites(at.before, BAIHE), await sites(at.before, HUAXIN)]
    expect(await sites(at.between, BAIHE)).toEqual(huaxin)
    expect(await sites(at.between, HUAXIN)).toEqual(baihe)
    expect(await sites(at.after, BAIHE)).toEqual(baihe)
    const [a, b] = [await layersAt(at.before), await layersAt(at.between)]
    expect(figure(b, 'sites', BAIHE)).toEqual(figure(a, 'sites', HUAXIN))
    server.clock.set(null)
  })

  it('should know of reports what was known on a day', async () => {
    interface Progress {
      series: { points: { month: string; approvedAt: string | null }[] }[]
    }
    const points = async (query: string) => (await server.json<Progress>(`/api/plans/2023/progress${query}`)).series.flatMap((one) => one.points)
    const then = await points('?knownAt=2023-06-30')
    expect(then.length).toBeGreaterThan(100)
    expect(then.every(({ month, approvedAt }) => month <= '2023-06' && (approvedAt === null || Date.parse(approvedAt) < Date.parse('2023-07-01T00:00:00+08:00')))).toBe(true)
    expect(await points('?knownAt=2030-01-01')).toEqual(await points(''))
    expect((await server.request('/api/plans/2023/progress?knownAt=June')).status).toBe(400)
  })
})

describeOnBothDatabases(
  'the past, where reading needs an account',
  (server) => {
    it('should be open to whom today is open, and to nobody else', async () => {
      for (const path of ['/api/layers', '/api/layers/sites/features', `/api/tiles/sites/${WHOLE}.mvt`, '/api/plans/2023/progress'])
        for (const [account, status] of [[null, 401], ['leader', 200], ['town-310118110', 200]] as const) {
          const who = await server.as(account)
          for (const query of ['', path.endsWith('progress') ? '?knownAt=2023-06-30' : '?at=2023-06-30']) expect((await who.request(path + query)).status, `${account} ${path}${query}`).toBe(status)
        }
    })
  },
  { env: { READING: 'signed-in' } },
)
