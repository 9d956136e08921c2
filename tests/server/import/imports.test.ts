/** Map files into layers and out again, on both databases: what is found, what is stored, undone, refused, and what goes on after an interruption. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { crsOf } from '../../../geo/crs/crs.ts'
import { fromLonLat } from '../../../geo/crs/transform.ts'
import type { ImportChoices } from '../../../geo/import/import.ts'
import { formatOf } from '../../../server/format/formats.ts'
import { previewFile } from '../../../server/format/isolated.ts'
import { shapeOfGeometry } from '../../../server/format/shape.ts'
import { discardForgottenImports } from '../../../server/import/store.ts'
import { workOnImports } from '../../../server/import/work.ts'
import { Problem } from '../../../server/problems.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'

interface ImportAnswer {
  id: number
  state: string
  version: number
  layer: string
  preview: { features: number; encoding: string | null; columns: { name: string }[]; guesses: { crs: string; swap: boolean; confidence: number; inside: number }[] }
  suggested: { fields: ImportChoices['fields']; key: string | null }
  progress: object | null
  report: { features: number; good: number; faulty: number; created: number; changed: number; same: number; deleted: number; findings: Record<string, number>; byTown: Record<string, number> } | null
  failure: { key: string; words: Record<string, string> } | null
}
interface Feature {
  id: number
  geometry: { coordinates: number[][][] }
  properties: Record<string, unknown>
  about: { version: number; key: string | null; town: string | null; demo: boolean; source: string; areaM2: number; outside: boolean; towns: string[] }
}

const BAIHE = '310118110'
const METRES = 111_320
const square = (lon: number, lat: number, side = 0.001) => [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]] // prettier-ignore
const area = (...rings: number[][][]) => ({ type: 'Polygon', coordinates: rings })
/** About ten mu of 白鹤 each, side by side. */
const place = (n: number) => square(121.1 + n * 0.002, 31.25, 0.0008)

/** A shapefile in GBK on a zone of CGCS2000. */
async function parcels(rows: { number: string | null; kind?: string; mu?: number | null; shape: object; key?: string }[], crsId = 'EPSG:4549'): Promise<Uint8Array> {
  const crs = crsOf(crsId)!
  const features = rows.map(({ number, kind = '粮田', mu = null, shape, key = number }) => {
    const own = shapeOfGeometry(shape as never)!
    own.parts.flat().forEach(fromLonLat(crs))
    return { shape: own, values: [key ?? null, number, kind, mu] }
  })
  const columns = [{ name: '标识', type: 'text' as const }, { name: '地块编号', type: 'text' as const }, { name: '类型', type: 'text' as const }, { name: '申报面积', type: 'number' as const }] // prettier-ignore
  return (await formatOf('shapefile').write!({ name: '地块', geometry: 'polygon', columns, features, crs, title: '' }, '')).bytes
}

describeOnBothDatabases('imports', (server) => {
  const work = () => workOnImports(server.sql, { clock: server.clock, local: null, aside: server.kind === 'native' })
  const upload = (who: Asking, bytes: Uint8Array, layer = 'farmland', name = '地块.zip') => {
    const form = new FormData()
    form.set('file', new File([new Uint8Array(bytes)], name))
    form.set('layer', layer)
    return who.request('/api/imports', { method: 'POST', body: form })
  }
  const read = async (who: Asking, bytes: Uint8Array, layer?: string, name?: string) => {
    const answer = await upload(who, bytes, layer, name)
    expect(answer.status, await answer.clone().text()).toBe(201)
    return (await answer.json()) as ImportAnswer
  }
  const current = (who: Asking, { id }: { id: number }) => who.json<ImportAnswer>(`/api/imports/${id}`)
  const choicesOf = ({ preview, suggested }: ImportAnswer, change: Partial<ImportChoices> = {}): ImportChoices => ({
    crs: preview.guesses[0]!.crs, swap: preview.guesses[0]!.swap, encoding: preview.encoding, part: null, x: null, y: null, fields: suggested.fields, key: suggested.key, mode: 'merge', repair: true, leaveOut: false, source: '测试', licence: '', ...change,
  }) // prettier-ignore
  const checked = async (who: Asking, one: ImportAnswer, change: Partial<ImportChoices> = {}) => {
    const asked = await who.post(`/api/imports/${one.id}/check`, { version: one.version, choices: choicesOf(one, change) })
    expect(asked.status, await asked.clone().text()).toBe(202)
    expect(await work()).toBe(1)
    return current(who, one)
  }
  const act = async (who: Asking, one: ImportAnswer, what: 'store' | 'undo') => {
    const asked = await who.post(`/api/imports/${one.id}/${what}`, { version: one.version })
    if (asked.status !== 202) return asked
    await work()
    return current(who, one)
  }
  const stored = async (who: Asking, one: ImportAnswer) => {
    const done = (await act(who, one, 'store')) as ImportAnswer
    expect(done).toMatchObject({ state: 'stored', failure: null })
    return done
  }
  const find = async (text: string) => (await server.json<{ features: Feature[] }>(`/api/layers/farmland/features?limit=1000&q=${encodeURIComponent(text)}`)).features
  const version = async () => (await server.json<{ id: string; version: number }[]>('/api/layers')).find(({ id }) => id === 'farmland')!.version

  /** What was stored of 溇塍, and how much of it the database would have measured otherwise. */
  const measuredOtherwise = async () => {
    const [row] = await server.sql<{ features: number; otherwise: number }[]>`
      select count(*)::int as features, (count(*) filter (where geom_3857 is distinct from ST_Transform(geom, 3857) or area_m2 is distinct from ST_Area(geom::geography) or area_m2 < 5000
        or length_m is not null or small is distinct from measured_small(geom)))::int as otherwise
      from feature where layer = 'farmland' and properties->>'number' like '溇塍%'`
    return row
  }

  it('should bring a shapefile in GBK on EPSG:4549 in at its place to the centimetre, and give it out again unchanged', async () => {
    const planner = await server.as('planner')
    const before = await version()
    const one = await read(planner, await parcels([{ number: '溇塍-1', mu: 10.1, shape: area(place(0)) }, { number: '溇塍-2', kind: '常年菜田', shape: area(square(121.102, 31.25, 0.0008), square(121.1022, 31.2502, 0.0002).toReversed()) }])) // prettier-ignore
    expect(one).toMatchObject({ state: 'read', preview: { features: 2, encoding: 'gb18030' }, suggested: { key: '标识', fields: { number: { column: '地块编号' }, kind: { column: '类型' }, declaredMu: { column: '申报面积' } } } })
    expect(one.preview.guesses[0]).toMatchObject({ crs: 'EPSG:4549', inside: 1 })
    const ready = await checked(planner, one)
    expect(ready).toMatchObject({ state: 'checked', report: { features: 2, good: 2, faulty: 0, created: 2, changed: 0, byTown: { [BAIHE]: 2 } } })
    expect(await find('溇塍')).toEqual([])
    const done = await stored(planner, ready)
    const features = await find('溇塍')
    expect(features.map(({ properties, about: { town, key, demo, source } }) => ({ ...properties, town, key, demo, source }))).toEqual([
      { number: '溇塍-1', kind: 'grain', declaredMu: 10.1, town: BAIHE, key: '溇塍-1', demo: true, source: '测试' },
      { number: '溇塍-2', kind: 'vegetable', town: BAIHE, key: '溇塍-2', demo: true, source: '测试' },
    ])
    for (const [lon, lat] of features[0]!.geometry.coordinates[0]!) expect(Math.min(...place(0).map(([x, y]) => Math.hypot(x! - lon!, y! - lat!) * METRES))).toBeLessThan(0.01)
    expect(await version()).toBe(before + 1)

    // Out on the zone with its number, and in again: nothing is different.
    const file = await planner.request(`/api/layers/farmland/file?format=shapefile&crs=EPSG:4528&q=${encodeURIComponent('溇塍')}`)
    expect(file.status).toBe(200)
    expect(decodeURIComponent(file.headers.get('content-disposition')!)).toMatch(/农田地块_演示_街镇边界示意_EPSG4528_.*\.zip/)
    const back = await read(planner, new Uint8Array(await file.arrayBuffer()))
    expect(back.preview.guesses[0]).toMatchObject({ crs: 'EPSG:4528' })
    expect(back.preview.columns.map(({ name }) => name)).toEqual(expect.arrayContaining(['性质', '街镇边界']))
    const again = await checked(planner, back)
    expect(again.report).toMatchObject({ good: 2, faulty: 0, created: 0, changed: 2 })
    await stored(planner, again)
    const after = await find('溇塍')
    expect(after.map(({ properties }) => properties)).toEqual(features.map(({ properties }) => properties))
    after.forEach(({ geometry }, i) => expect(geometry).toEqual(features[i]!.geometry))
    expect(await measuredOtherwise()).toEqual({ features: 2, otherwise: 0 })

    // Undone as a whole: the later first, then the earlier, which the later stood in the way of.
    const refused = (await act(planner, done, 'undo')) as ImportAnswer
    expect(refused).toMatchObject({ state: 'stored', failure: { key: 'import-changed-since' } })
    expect(await act(planner, await current(planner, again), 'undo')).toMatchObject({ state: 'undone' })
    expect((await find('溇塍')).map(({ about }) => [about.version, about.source])).toEqual([[3, '测试'], [3, '测试']]) // prettier-ignore
    const trail = await server.sql<{ action: string }[]>`select action from audit where subject = ${`import/${done.id}`} order by id`
    expect(trail.map(({ action }) => action)).toEqual(['import.upload', 'import.check', 'import.ask', 'import.store', 'import.ask'])
  })

  it('should find what is wrong with each feature, store none while there are errors, and the rest when they are left out', async () => {
    const office = await server.as('office')
    const [border] = await server.sql<{ lon: number; lat: number }[]>`
      select ST_X(p) as lon, ST_Y(p) as lat from (
        select ST_LineInterpolatePoint(ST_GeometryN(ST_LineMerge(ST_CollectionExtract(ST_Intersection(a.geom, b.geom), 2)), 1), 0.5) as p
        from boundary a join boundary b on a.town = ${BAIHE} and b.town = '310118003') q`
    const bow = area([[121.12, 31.25], [121.121, 31.251], [121.121, 31.25], [121.12, 31.251], [121.12, 31.25]]) // prettier-ignore
    // A spike without an area: not valid, and repaired without a change.
    const spiked = area([[121.13, 31.25], [121.131, 31.25], [121.131, 31.251], [121.1315, 31.251], [121.131, 31.251], [121.13, 31.251], [121.13, 31.25]]) // prettier-ignore
    const file = await parcels([
      { number: '查-01', shape: area(place(20)), mu: 500 },
      { number: '查-02', shape: area(place(20)) },
      { number: '查-03', shape: area(square(121.1404, 31.25, 0.0008)) },
      { number: '查-04', shape: bow },
      { number: '查-05', shape: spiked },
      { number: '查-06', shape: area(square(122, 30)) },
      { number: '查-07', shape: area(square(border!.lon - 0.0005, border!.lat - 0.0005)) },
      { number: '查-08', kind: '荒地', shape: area(place(25)) },
      { number: null, shape: area(place(26)) },
      { number: '查-10', key: '查-01', shape: area(place(27)) },
      // What protects lies over what is grown, in the same box but not in the same shape.
      { number: '查-11', shape: area(place(28)) },
      { number: '查-12', kind: '永久基本农田', shape: area([...place(28).slice(0, 3), place(28)[0]!]) },
    ])
    const one = await checked(office, await read(office, file))
    expect(one.report!.findings).toMatchObject({ area: 1, invalid: 1, repaired: 1, outside: 1, crosses: 1, field: 2, 'no-key': 1, 'key-twice': 2 })
    expect(one.report!.faulty).toBe(5)
    const listed = await office.json<{ i: number; faulty: boolean; findings: { finding: string; severity: string; words: Record<string, string> }[] }[]>(`/api/imports/${one.id}/features`)
    expect(listed.find(({ i }) => i === 8)!.findings[0]).toMatchObject({ finding: 'field', severity: 'error', words: { 'zh-CN': '字段有误：类型 不是可选的值', en: 'a field is wrong: Kind is none of the options' } })
    const overlapping = listed.flatMap(({ i, findings }) => findings.filter(({ finding }) => finding === 'overlaps').map(() => i))
    expect(overlapping).toEqual([3])
    expect((await office.json<object[]>(`/api/imports/${one.id}/features?finding=crosses`)).length).toBe(1)

    const refused = (await act(office, one, 'store')) as Response
    expect(refused.status).toBe(409)
    expect(((await refused.json()) as { type: string }).type).toBe('/problems/import-has-errors')
    expect(await find('查-')).toEqual([])
    const without = await checked(office, one, { leaveOut: true })
    await stored(office, without)
    const kept = await find('查-')
    expect(kept.map(({ properties }) => properties.number).sort()).toEqual(['查-02', '查-03', '查-05', '查-06', '查-07', '查-11', '查-12'])
    expect(kept.find(({ properties }) => properties.number === '查-06')!.about).toMatchObject({ outside: true, towns: [] })

    // The same file again: just as the layer has it. Added rather than merged, the keys are taken and the shapes are there.
    const same = await checked(office, await read(office, file), { leaveOut: true })
    expect(same.report).toMatchObject({ created: 0, changed: 0, same: 7 })
    const added = await checked(office, same, { mode: 'add', leaveOut: true, key: null })
    expect(added.report!.findings['in-layer']).toBeGreaterThanOrEqual(4)
    expect((await checked(office, added, { mode: 'add' })).report!.findings['key-taken']).toBe(7)
  })

  it('should replace a layer, and undo that to the last digit', async () => {
    const planner = await server.as('planner')
    const all = () => server.sql`select id, key, properties, ST_AsEWKB(geom) as geom, town, towns, outside, unit, source, licence, demo from feature where layer = 'bridges' order by id`
    const before = await all()
    expect(before.length).toBeGreaterThan(5)
    const csv = '标识,名称,经度,纬度\nb-1,一号桥,121.1,31.25\nb-2,"=cmd|二号桥",121.11,31.25\n'
    const one = await read(planner, Buffer.from(csv), 'bridges', '桥.csv')
    const required = Object.entries((await server.json<{ id: string; fields: Record<string, { required?: true; options?: object }> }[]>('/api/layers')).find(({ id }) => id === 'bridges')!.fields)
      .filter(([name, { required }]) => required && name !== 'name')
      .map(([name, { options }]) => [name, { value: options ? Object.keys(options)[0]! : 1 }])
    const ready = await checked(planner, one, { mode: 'replace', fields: { ...one.suggested.fields, ...Object.fromEntries(required) } })
    expect(ready.report, JSON.stringify(ready)).toMatchObject({ good: 2, created: 2, deleted: before.length })
    const done = await stored(planner, ready)
    expect((await all()).map(({ key }) => key as string)).toEqual(['b-1', 'b-2'])
    // Nothing that a spreadsheet would compute goes out.
    const sheet = await planner.request('/api/layers/bridges/file?format=excel')
    expect(sheet.status).toBe(200)
    expect(await act(planner, done, 'undo')).toMatchObject({ state: 'undone' })
    expect(await all()).toEqual(before)
  })

  it('should go on with what another process left lying, stop when cancelled, and clean up what is forgotten', async () => {
    const planner = await server.as('planner')
    const rows = Array.from({ length: 2500 }, (_, n) => ({ number: `批-${n}`, shape: area(square(121.0 + (n % 50) * 0.0004, 31.1 + Math.floor(n / 50) * 0.0004, 0.0003)) }))
    const one = await read(planner, await parcels(rows))
    await planner.post(`/api/imports/${one.id}/check`, { version: one.version, choices: choicesOf(one) })
    // Held by a process that is gone: nobody touches it until its time is over.
    await server.sql`update import set held_until = now() + interval '1 minute' where id = ${one.id}`
    expect(await work()).toBe(0)
    await server.sql`update import set held_until = now() - interval '1 second' where id = ${one.id}`
    expect((await planner.request(`/api/imports/${one.id}/cancel`, { method: 'POST' })).status).toBe(202)
    expect(await work()).toBe(1)
    expect(await current(planner, one)).toMatchObject({ state: 'read', progress: null, report: null })
    const ready = await checked(planner, await current(planner, one))
    expect(ready.report).toMatchObject({ good: 2500, created: 2500 })
    const stream = await planner.request(`/api/imports/${one.id}/stream`)
    expect(await stream.text()).toContain('event: import')
    // While it is stored nothing of it is seen, and a cancel leaves nothing. How far that is comes even from a database that hears nobody meanwhile.
    await planner.post(`/api/imports/${one.id}/store`, { version: ready.version })
    const watched = (await planner.request(`/api/imports/${one.id}/stream`)).text()
    expect((await planner.post(`/api/imports/${one.id}/check`, { version: ready.version + 1, choices: choicesOf(one) })).status).toBe(409)
    await planner.request(`/api/imports/${one.id}/cancel`, { method: 'POST' })
    await work()
    expect(await current(planner, one)).toMatchObject({ state: 'checked' })
    expect(await watched).toContain('"progress":{"phase":"storing","done":0,"of":2500}')
    expect(await find('批-')).toEqual([])
    await server.sql`update import set changed_at = now() - interval '20 days' where id = ${one.id}`
    expect(await discardForgottenImports(server.sql, server.clock)).toEqual([one.id])
    const [left] = await server.sql<{ n: number }[]>`select (select count(*) from import_chunk where import_id = ${one.id})::int + (select count(*) from import_feature where import_id = ${one.id})::int as n`
    expect(left!.n).toBe(0)
  })

  it('should read anew in another encoding, for another layer, and refuse what makes no sense', async () => {
    const planner = await server.as('planner')
    const one = await read(planner, await parcels([{ number: '地', shape: area(place(40)) }]))
    const wrong = (await (await planner.post(`/api/imports/${one.id}/reading`, { version: one.version, encoding: 'windows-1252' }, 'PUT')).json()) as ImportAnswer
    expect(wrong.preview).toMatchObject({ encoding: 'windows-1252' })
    expect(wrong.preview.columns.map(({ name }) => name)).not.toContain('地块编号')
    const right = (await (await planner.post(`/api/imports/${one.id}/reading`, { version: wrong.version, layer: 'roads' }, 'PUT')).json()) as ImportAnswer
    expect(right).toMatchObject({ layer: 'roads', preview: { encoding: 'gb18030' } })
    expect((await planner.post(`/api/imports/${one.id}/reading`, { version: 1 }, 'PUT')).status).toBe(409)
    for (const change of [{ crs: 'EPSG:2414' }, { crs: 'local' }, { key: '没有' }, { key: null }, { fields: { colour: { value: 'x' } } }, { fields: { name: { column: 'x' } } }]) {
      const answer = await planner.post(`/api/imports/${one.id}/check`, { version: right.version, choices: choicesOf(right, change as never) })
      expect(answer.status, JSON.stringify(change)).toBe(422)
    }
    // Areas are no roads: every feature is at fault, and nothing can be stored.
    const roads = await checked(planner, right, { fields: { name: { column: '地块编号' }, works: { value: 'none' } } })
    expect(roads.report).toMatchObject({ faulty: 1, good: 0 })
    expect((await planner.request(`/api/imports/${one.id}`, { method: 'DELETE' })).status).toBe(204)
    expect(await current(planner, one)).toMatchObject({ state: 'discarded' })
  })

  it('should let only those import who may edit layers, anybody who reads take files out, and refuse hostile files as problems', async () => {
    for (const account of ['town-310118110', 'dept-01', 'leader', 'auditor', 'admin']) expect((await upload(await server.as(account), Buffer.from('{}'))).status, account).toBe(403)
    expect((await upload(await server.as(null), Buffer.from('{}'))).status).toBe(401)
    expect((await (await server.as('leader')).request('/api/layers/roads/file?format=geojson&crs=EPSG:4549')).status).toBe(200)
    expect((await server.request('/api/layers/roads/file?format=geojson&crs=GCJ-02')).status).toBe(400)
    const planner = await server.as('planner')
    const refused = async (bytes: Uint8Array) => {
      const answer = await upload(planner, bytes)
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
      expect(answer.status).toBe(422)
      return ((await answer.json()) as { type: string }).type.replace('/problems/', '')
    }
    expect(await refused(Buffer.from('AC1032 a drawing'))).toBe('format-unknown')
    expect(await refused(Buffer.from('<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><Placemark/></kml>'))).toBe('file-damaged')
    expect(await refused(Buffer.from('SQLite format 3\0 no database'))).toBe('file-damaged')
    // Too slow, and too much memory: the thread is ended, the server goes on.
    const ground = { ground: [120, 30, 122, 32] as [number, number, number, number], local: null }
    const long = Buffer.from(`{"type":"FeatureCollection","features":[${'{"type":"Feature","properties":{"a":"b"},"geometry":{"type":"Point","coordinates":[121,31]}},'.repeat(300_000)}{"type":"Feature","properties":{},"geometry":null}]}`)
    const problem = (bounds: { seconds: number; heapMB: number }) => previewFile({ name: 'x', bytes: long }, {}, ground, bounds).then(() => null, (error: unknown) => (error instanceof Problem ? error.key : error)) // prettier-ignore
    expect(await problem({ seconds: 0.05, heapMB: 1024 })).toBe('file-too-slow')
    expect(await problem({ seconds: 60, heapMB: 40 })).toBe('file-too-large')
    expect((await server.request('/api/layers')).status).toBe(200)
    // A million vertices are one feature at fault; NaN, nesting, and shapes of another kind are too.
    const million = `[[${Array.from({ length: 1_000_000 }, (_, i) => `[${121 + i / 1e7},31]`).join(',')}]]`
    const odd = ['{"type":"Point","coordinates":[121,31]}', `{"type":"Polygon","coordinates":${million}}`, '{"type":"GeometryCollection","geometries":[{"type":"GeometryCollection","geometries":[]}]}', '{"type":"Polygon","coordinates":[[[121,31],["x",31],[121,32],[121,31]]]}', '{"type":"Polygon","coordinates":[[[121,31],[121,31],[121,31],[121,31]]]}'] // prettier-ignore
    const one = await read(planner, Buffer.from(`{"type":"FeatureCollection","features":[${odd.map((geometry, i) => `{"type":"Feature","properties":{"number":"${i}","kind":"grain"},"geometry":${geometry}}`).join(',')}]}`), 'farmland', 'x.geojson')
    const report = (await checked(planner, one, { crs: 'EPSG:4490' })).report!
    expect(report).toMatchObject({ features: 5, good: 0, faulty: 5 })
  })

  const geodata = process.env.XIANGTU_GEODATA
  it.skipIf(!geodata)('should import the lines of OpenStreetMap', async () => {
    const planner = await server.as('planner')
    const one = await read(planner, readFileSync(join(geodata!, 'transport-osm.geojson')), 'roads', 'transport-osm.geojson')
    expect(one.preview.guesses[0]!.crs).toMatch(/EPSG:4(490|326)/)
    const name = one.preview.columns.find((column) => /name/i.test(column.name))!.name
    const ready = await checked(planner, one, { mode: 'add', key: null, leaveOut: true, fields: { name: { column: name }, works: { value: 'none' } } })
    expect(ready.report!.good).toBeGreaterThan(0)
    await stored(planner, ready)
    const [sum] = await server.sql<{ n: number; metres: number }[]>`select count(*)::int as n, sum(length_m) as metres from feature where source = '测试' and layer = 'roads'`
    expect(sum!.n).toBe(ready.report!.good)
    expect(sum!.metres).toBeGreaterThan(1000)
  })
})
