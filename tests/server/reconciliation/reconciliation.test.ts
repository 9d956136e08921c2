import excel from 'exceljs'
import { expect, it } from 'vitest'
import { length as turfLength, lineSliceAlong, lineString, union, area as turfArea, featureCollection, polygon } from '@turf/turf'
import type { Reconciliation } from '../../../geo/reconciliation/reconciliation.ts'
import { describeOnBothDatabases } from '../harness.ts'

const [DISTRICT, BAIHE, PARK] = ['310118', '310118110', '310118P01'] as const
type Row = Reconciliation & { text: string }
interface Answer {
  tolerance: number
  joins: boolean
  rows: Row[]
}
interface Behind {
  row: Row
  cut: boolean
  features: { id: number; title: string; town: string; towns: string[]; unit: string | null; amount: number; counts: boolean; overlap: number; beyond: number; twice: number }[]
}

describeOnBothDatabases('reported held against drawn', (server) => {
  const month = async (id = '2023-09') => server.json<Answer>(`/api/reconciliation/2023/${id}`)
  const rowOf = async (measure: string, town: string, id?: string) => (await month(id)).rows.find((row) => row.measure === measure && row.town === town)!
  const behind = (measure: string, town: string, id = '2023-09') => server.json<Behind>(`/api/reconciliation/2023/${id}/${measure}/${town}`)
  const add = async (layer: string, body: object) => {
    const answer = await (await server.as('planner')).post(`/api/layers/${layer}/features`, body)
    expect(answer.status, await answer.clone().text()).toBe(201)
    return ((await answer.json()) as { id: number; about: { towns: string[]; town: string; lengthM: number } }) // prettier-ignore
  }

  it('should report what the lights report', async () => {
    const [{ rows }, lights] = await Promise.all([month(), server.json<{ measure: string; town: string; value: number | null }[]>('/api/plans/2023/lights?asOf=2023-09-30')])
    const values = new Map(lights.map(({ measure, town, value }) => [`${measure} ${town}`, value]))
    const units = rows.filter(({ scope, explanations }) => scope === 'unit' && !explanations.some(({ note }) => note === 'unquoted'))
    expect(units.length).toBeGreaterThan(60)
    for (const { measure, town, reported } of units) expect(reported, `${measure} ${town}`).toBe(values.get(`${measure} ${town}`))
    expect(new Set(rows.map(({ measure }) => measure)).size).toBe(27)
  })

  it('should draw what SQL reckons by itself: areas, things that have come so far, for the unit that they count for', async () => {
    const { rows } = await month()
    const areas = await server.sql<{ measure: string; town: string; mu: number }[]>`
      select case properties->>'kind' when 'grain' then '14.1' else '18.2' end as measure, coalesce(unit, town) as town, sum(ST_Area(geom::geography)) * 15 / 10000 as mu
      from feature where layer = 'farmland' and properties->>'kind' in ('grain', 'green-fish') group by 1, 2`
    expect(areas.some(({ town }) => town === PARK)).toBe(true)
    for (const { measure, town, mu } of areas) expect(rows.find((row) => row.measure === measure && row.town === town)!.drawn, `${measure} ${town}`).toBeCloseTo(mu, 1)
    const [houses] = await server.sql<{ all: number; done: number }[]>`select count(*)::int as all, count(*) filter (where properties->>'stage' = 'done')::int as done from feature where layer = 'sites' and properties->>'kind' = 'safe-house'`
    const row = rows.find(({ measure, town }) => measure === '41.1' && town === DISTRICT)!
    expect(row).toMatchObject({ drawn: houses!.done, features: houses!.all })
    expect(row.explanations).toContainEqual({ note: 'stage', n: houses!.done, of: houses!.all })
  })

  it('should count done ranges of roads: their union within the road, never twice, with roads drawn twice counted once', async () => {
    const before = await rowOf('9.2', DISTRICT)
    const line = [[121.12, 31.245], [121.124, 31.2455], [121.131, 31.2475]] // prettier-ignore
    const metres = turfLength(lineString(line)) * 1000
    const one = await add('roads', { geometry: { type: 'LineString', coordinates: line }, properties: { name: '甲', works: 'waterside', done: [[0, 300], [200, 500], [metres - 100, metres]] } }) // prettier-ignore
    const refused = await (await server.as('planner')).post('/api/layers/roads/features', { geometry: { type: 'LineString', coordinates: line }, properties: { name: '丙', works: 'waterside', done: [[900, 1350]] } }) // prettier-ignore
    expect(refused.status).toBe(422)
    expect(await refused.json()).toMatchObject({ field: '/properties/done', params: { faults: [{ fault: 'past-end', params: { range: 'K0+900–K1+350', length: Math.round(one.about.lengthM) } }] } })
    const after = await rowOf('9.2', DISTRICT)
    const own = turfLength(lineSliceAlong(lineString(line), 0, 0.5)) * 1000 + 100
    // Turf reckons on a sphere: to a few thousandths the same.
    expect(Math.abs((after.drawn - before.drawn) * 1000 - own)).toBeLessThan(own * 0.005)
    expect(after.explanations).toContainEqual({ note: 'overlap', n: 100 })
    // The same stretch once more, the other way round.
    const two = await add('roads', { geometry: { type: 'LineString', coordinates: line.toReversed() }, properties: { name: '乙', works: 'waterside', done: [[0, 1000]] } })
    const twice = await rowOf('9.2', DISTRICT)
    const all = await behind('9.2', DISTRICT)
    const [first, second] = [one, two].map(({ id }) => all.features.find((feature) => feature.id === id)!)
    expect(first!.overlap).toBe(100)
    expect(second!.twice).toBeGreaterThan(300)
    expect(first!.amount + second!.amount).toBeLessThan((metres / 1000) * 1.005 + 0.002)
    expect(twice.drawn).toBeCloseTo(before.drawn + first!.amount + second!.amount, 2)
    expect(twice.text).toContain('与其他路段重复绘制')
  })

  it('should tell features that cross a boundary, in the town that they count for and in the other', async () => {
    const [border] = await server.sql<{ lon: number; lat: number; a: string; b: string }[]>`
      select ST_X(p) as lon, ST_Y(p) as lat, a, b from (
        select x.town as a, y.town as b, ST_LineInterpolatePoint((ST_Dump(ST_CollectionExtract(ST_LineMerge(ST_Intersection(x.geom, y.geom)), 2))).geom, 0.5) as p
        from boundary x join boundary y on y.set_id = x.set_id and x.town < y.town and ST_Touches(x.geom, y.geom) join boundary_set s on s.id = x.set_id and s.current
        where ST_Dimension(ST_Intersection(x.geom, y.geom)) = 1) q limit 1`
    const { lon, lat } = border!
    const ring = [[lon - 0.001, lat - 0.001], [lon + 0.001, lat - 0.001], [lon + 0.001, lat + 0.001], [lon - 0.001, lat + 0.001], [lon - 0.001, lat - 0.001]] // prettier-ignore
    const before = await month()
    const { id, about } = await add('farmland', { geometry: { type: 'Polygon', coordinates: [ring] }, properties: { number: '跨镇一号', kind: 'grain' } })
    expect(about.towns.length).toBeGreaterThan(1)
    const after = await month()
    const rowIn = ({ rows }: Answer, town: string) => rows.find((row) => row.measure === '14.1' && row.town === town)!
    const mu = (turfArea(union(featureCollection([polygon([ring]), polygon([ring])]))!) * 15) / 10_000
    expect(Math.abs(rowIn(after, about.town).drawn - rowIn(before, about.town).drawn - mu)).toBeLessThan(mu * 0.01)
    expect(rowIn(after, about.town).explanations).toContainEqual({ note: 'crossing', n: 1 })
    const other = about.towns.find((town) => town !== about.town)!
    expect(rowIn(after, other).explanations).toContainEqual({ note: 'into', n: 1 })
    expect(rowIn(after, other).drawn).toBe(rowIn(before, other).drawn)
    // What wants a look stands first.
    expect((await behind('14.1', about.town)).features[0]).toMatchObject({ id, town: about.town })
    // And the map finds the same features.
    const found = await server.json<{ numberMatched: number }>(`/api/layers/farmland/features?counts=${about.town}&filter=kind:grain&limit=1`)
    expect(found.numberMatched).toBe(rowIn(after, about.town).features)
  })

  it('should find features by a year too, and refuse what makes no sense', async () => {
    const { numberMatched } = await server.json<{ numberMatched: number }>('/api/layers/demonstration-villages/features?filter=kind:demonstration,year:2022&limit=1')
    expect(numberMatched).toBe((await rowOf('1.1', DISTRICT)).features)
    for (const path of ['/api/layers/demonstration-villages/features?filter=year:x', '/api/reconciliation/2023/2022-09', '/api/reconciliation/2023/2023-13', '/api/reconciliation/2023/2023-09/14.1/x']) expect((await server.request(path)).status, path).toBe(400)
    for (const path of ['/api/reconciliation/2023/2023-09/99.9/310118110', '/api/reconciliation/2023/2023-09/13.1/310118110', '/api/reconciliation/1999/1999-09']) expect((await server.request(path)).status, path).toBe(404)
  })

  it('should light bridges by the clock’s today, and on an earlier day when asked', async () => {
    interface Inspections {
      on: string
      bridges: { id: number; light: string; due: string | null; days: number | null }[]
    }
    server.clock.set('2023-09-15T09:00:00+08:00')
    try {
      const { id } = await add('bridges', { geometry: { type: 'Point', coordinates: [121.12, 31.245] }, properties: { name: '试桥', grade: '2', cycle: 36, inspectedOn: '2020-08-12' } }) // prettier-ignore
      const now = await server.json<Inspections>('/api/bridges/inspections')
      expect(now.on).toBe('2023-09-15')
      expect(now.bridges.find((one) => one.id === id)).toMatchObject({ light: 'red', due: '2023-08-12', days: -34 })
      expect(new Set(now.bridges.map(({ light }) => light)).size).toBeGreaterThan(1)
      const [late] = await server.sql<{ n: number }[]>`
        select count(*)::int as n from feature where layer = 'bridges' and (properties->>'inspectedOn')::date + make_interval(months => (properties->>'cycle')::int) < '2023-09-15'::date`
      expect(now.bridges.filter(({ light }) => light === 'red')).toHaveLength(late!.n)
      expect(now.bridges.map(({ days }) => days)).toEqual(now.bridges.map(({ days }) => days).toSorted((a, b) => a! - b!))
      const before = await server.json<Inspections>('/api/bridges/inspections?on=2023-08-01')
      expect(before.bridges.find((one) => one.id === id)).toMatchObject({ light: 'yellow', days: 11 })
      expect((await server.json<Inspections>('/api/bridges/inspections?on=2099-01-01')).on).toBe('2023-09-15')
      // Looked at on the 12th, entered on the 20th: on record from the 20th on, and so it stands on a past day.
      server.clock.set('2023-09-20T09:00:00+08:00')
      const looked = { geometry: { type: 'Point', coordinates: [121.12, 31.245] }, properties: { name: '试桥', grade: '2', cycle: 36, inspectedOn: '2023-09-12' }, version: 1 }
      expect((await (await server.as('planner')).post(`/api/layers/bridges/features/${id}`, looked, 'PUT')).status).toBe(200)
      const then = async (query: string) => (await server.json<Inspections>(`/api/bridges/inspections?${query}`)).bridges.find((one) => one.id === id)
      expect(await then('at=2023-09-20')).toMatchObject({ light: 'green', due: '2026-09-12' })
      expect(await then('at=2023-09-19')).toMatchObject({ light: 'red', due: '2023-08-12', days: -38 })
      expect(await then('at=2023-09-19&on=2023-08-01')).toMatchObject({ light: 'yellow', days: 11 })
      expect(await then('at=2023-09-14')).toBeUndefined()
      expect((await server.json<Inspections>('/api/bridges/inspections?at=2023-09-19')).on).toBe('2023-09-19')
    } finally {
      server.clock.set(null)
    }
  })

  it('should give an Excel file of what is filtered, marked 演示', async () => {
    const answer = await server.request(`/api/reconciliation/2023/2023-09/file?town=${BAIHE}`)
    expect(answer.status).toBe(200)
    const book = new excel.Workbook()
    await book.xlsx.load((await answer.arrayBuffer()) as never)
    const sheet = book.worksheets[0]!
    expect(sheet.getRow(1).getCell(1).text).toContain('含演示数据')
    const rows = (await month()).rows.filter(({ town }) => town === BAIHE)
    expect(sheet.rowCount).toBe(rows.length + 2)
    expect(sheet.getRow(3).getCell(9).value).toBe(rows[0]!.drawn)
  })

  it('should let everybody read it and the office alone set the tolerance, in versions with a reason and a line in the trail', async () => {
    for (const who of ['leader', 'planner', `town-${BAIHE}`, 'dept-01']) expect((await (await server.as(who)).request('/api/reconciliation/2023/2023-09')).status, who).toBe(200)
    const path = '/api/plans/2023/rules/reconciliation'
    const rule = { tolerance: 40, joins: true, version: 0, reason: '图层尚在补绘' }
    for (const who of ['planner', `town-${BAIHE}`, 'admin']) expect((await (await server.as(who)).post(path, rule)).status, who).toBe(403)
    const office = await server.as('office')
    expect((await office.post(path, { ...rule, tolerance: 51 })).status).toBe(422)
    const before = await month()
    expect(before).toMatchObject({ tolerance: 5, joins: false })
    expect((await office.post(path, rule)).status).toBe(201)
    expect((await office.post(path, rule)).status).toBe(409)
    const after = await month()
    expect(after).toMatchObject({ tolerance: 40, joins: true })
    expect(after.rows.filter(({ flagged }) => flagged).length).toBeLessThan(before.rows.filter(({ flagged }) => flagged).length)
    const versions = await server.json<{ version: number; by: string }[]>(path)
    expect(versions.map(({ version, by }) => [version, by])).toEqual([[1, 'office'], [0, 'first start']]) // prettier-ignore
    expect(await server.sql`select 1 from audit where action = 'rule.reconciliation'`).toHaveLength(1)
  })
})
