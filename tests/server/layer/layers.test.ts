import { expect, it } from 'vitest'
import type { LAYERS } from '../../../geo/layer/layers.ts'
import { polygonArea } from '../../../geo/town/area.ts'
import { beginAs } from '../../../server/database/wall.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'

const BAIHE = '310118110'
const PARK = '310118P01'

interface Feature {
  id: number
  geometry: { type: string; coordinates: number[] } | null
  properties: Record<string, unknown>
  about: { version: number; key: string | null; town: string | null; towns: string[]; outside: boolean; unit: string | null; areaM2: number | null; lengthM: number | null; demo: boolean; changedBy: string; measures: string[] }
}
interface Collection {
  numberMatched: number
  next: number | null
  version: number
  features: Feature[]
}
type LayerAnswer = (typeof LAYERS)[number] & { version: number; figures: { class: string | null; town: string | null; features: number; located: number; demo: number; areaM2: number; lengthM: number }[] }
interface Task {
  measures: { id: string; unit: string; quotas: { town: string; target: number }[] }[]
}
interface ProblemAnswer {
  type: string
  field: string
  params: { faults: { field: string; fault: string; words: Record<string, string> }[] }
}

/** A square of about a hectare in 白鹤, south-west corner given. */
const square = (lon: number, lat: number, side = 0.001) => ({ type: 'Polygon', coordinates: [[[lon, lat], [lon, lat + side], [lon + side, lat + side], [lon + side, lat], [lon, lat]]] }) // prettier-ignore
const parcel = (change: object = {}) => ({ geometry: square(121.1067, 31.2537), properties: { number: '一号', kind: 'grain' }, ...change })

describeOnBothDatabases('layers', (server) => {
  const add = (who: Asking, body: object, layer = 'farmland') => who.post(`/api/layers/${layer}/features`, body)
  const layerNamed = async (id: string) => (await server.json<LayerAnswer[]>('/api/layers')).find((layer) => layer.id === id)!
  const featuresOf = (layer: string, query = '') => server.json<Collection>(`/api/layers/${layer}/features?limit=1000${query}`)

  it('should start with the villages of the list, none of them given a place', async () => {
    const villages = await featuresOf('villages')
    expect(villages.numberMatched).toBe(184 + 171)
    expect(villages.features.every(({ geometry, about }) => geometry === null && about.demo === false && about.towns.length === 0 && about.town !== null)).toBe(true)
    expect(villages.features.find(({ about }) => about.key === '310118001201')!.properties).toEqual({ name: '王仙村', code: '310118001201', kind: 'village', committee: '王仙村村委会' })
    const pilots = await featuresOf('demonstration-villages', '&filter=kind:consolidation')
    expect(pilots.features.map(({ properties }) => properties.name).sort()).toEqual(['双祥村', '王港村', '淀西村', '东星村', '蔡浜村', '陈东村', '南新村', '雪米村'].sort())
    expect(pilots.features[0]).toMatchObject({ geometry: null, about: { town: '310118104', demo: false, measures: ['2023/6.1'] } })
  })

  it('should start the demonstration with features that are marked, lie in one town each, and fit the quotas', async () => {
    const [layers, tasks] = [await server.json<LayerAnswer[]>('/api/layers'), await server.json<Task[]>('/api/plans/2023/tasks')]
    const [misplaced] = await server.sql<{ n: number }[]>`select count(*)::int as n from feature where demo and (outside or cardinality(towns) <> 1 or not ST_IsValid(geom))`
    expect(misplaced!.n).toBe(0)
    const [unmarked] = await server.sql<{ n: number }[]>`select count(*)::int as n from feature where geom is not null and not demo`
    expect(unmarked!.n).toBe(0)
    const drawn = await server.sql<{ kind: string; unit: string; mu: number }[]>`
      select properties->>'kind' as kind, coalesce(unit, town) as unit, sum(area_m2) * 15 / 10000 as mu from feature where layer = 'farmland' group by 1, 2`
    const measures = new Map(tasks.flatMap((task) => task.measures.map((measure) => [measure.id, measure])))
    let compared = 0
    for (const { measure, where } of layers.find(({ id }) => id === 'farmland')!.serves) {
      const { quotas, unit } = measures.get(measure)!
      const factor = unit === '万亩' ? 10_000 : 1
      for (const { town, target } of quotas) {
        const mu = drawn.filter((one) => one.kind === where.kind && (town === '310118' || one.unit === town)).reduce((sum, one) => sum + one.mu, 0)
        expect(Math.abs(mu / (target * factor) - 1), `${measure} ${town}: ${mu} of ${target}`).toBeLessThan(0.01)
        compared++
      }
    }
    expect(compared).toBe(50)
    const sites = await layerNamed('sites')
    for (const { measure, where } of sites.serves) {
      const { quotas } = measures.get(measure)!
      const of = sites.figures.filter((one) => one.class === where.kind)
      expect(of.reduce((sum, one) => sum + one.features, 0), measure).toBe(quotas.reduce((sum, { target }) => sum + target, 0))
    }
    const [{ planned, drawn: metres }] = await server.sql<[{ planned: number; drawn: number }]>`
      select sum((properties#>>'{planned,0,1}')::float8) as planned, sum(length_m) as drawn from feature where layer = 'roads' and properties->>'works' = 'upgrade'`
    expect(Math.abs(planned / 32_560 - 1)).toBeLessThan(0.001)
    expect(Math.abs(metres / planned - 1)).toBeLessThan(0.001)
  })

  it('should store a feature with its town, its area on the ellipsoid and its history, each change raising the data version', async () => {
    const planner = await server.as('planner')
    const before = (await layerNamed('farmland')).version
    const answer = await add(planner, parcel({ key: 'T-1', reason: '现场测绘' }))
    expect(answer.status).toBe(201)
    const feature = (await answer.json()) as Feature
    expect(feature.about).toMatchObject({ version: 1, key: 'T-1', town: BAIHE, towns: [BAIHE], outside: false, demo: true, changedBy: 'planner', measures: ['2023/14.1'], lengthM: null })
    const area = polygonArea(square(121.1067, 31.2537) as never)
    expect(Math.abs(feature.about.areaM2! / area - 1)).toBeLessThan(1e-6)
    // Rings are wound as RFC 7946 wants them, whichever way they came.
    expect((feature.geometry!.coordinates as unknown as number[][][])[0]![1]).toEqual([121.1077, 31.2537])

    const path = `/api/layers/farmland/features/${feature.id}`
    const change = { ...parcel(), properties: { number: '一号', kind: 'vegetable', declaredMu: 15 } }
    expect((await planner.post(path, { ...change, version: 2 }, 'PUT')).status).toBe(409)
    const changed = (await (await planner.post(path, { ...change, version: 1 }, 'PUT')).json()) as Feature
    expect(changed.about).toMatchObject({ version: 2, key: 'T-1', measures: ['2023/15.4'] })
    expect(await server.json(path)).toEqual(changed)
    expect((await planner.request(`${path}?version=1`, { method: 'DELETE' })).status).toBe(409)
    expect((await planner.request(`${path}?version=2&reason=x`, { method: 'DELETE' })).status).toBe(204)
    expect((await server.request(path)).status).toBe(404)
    const versions = await server.json<{ act: string; version: number; reason: string; person: string; properties: object; geometry: object }[]>(`${path}/versions`)
    expect(versions.map(({ act, version, reason }) => `${version} ${act} ${reason}`)).toEqual(['1 create 现场测绘', '2 change ', '3 delete x'])
    expect(versions[0]!.properties).toEqual({ number: '一号', kind: 'grain' })
    expect((await layerNamed('farmland')).version).toBe(before + 3)
    const trail = await server.sql<{ action: string }[]>`select action from audit where subject = ${`feature/farmland/${feature.id}`} order by id`
    expect(trail.map(({ action }) => action)).toEqual(['feature.create', 'feature.change', 'feature.delete'])
    await expect(server.sql`update feature_version set reason = '' where feature_id = ${feature.id}`).rejects.toThrow(/append-only/)
  })

  it('should do several things in one go or none of them, and put back what was', async () => {
    const planner = await server.as('planner')
    const edit = (edits: object, who: Asking = planner) => who.post('/api/layers/farmland/edits', edits)
    const done = async (edits: object) => {
      const answer = await edit(edits)
      expect(answer.status, await answer.clone().text()).toBe(200)
      return (await answer.json()) as { added: Feature[]; changed: Feature[]; restored: Feature[]; removed: number[] }
    }
    const before = (await layerNamed('farmland')).version
    const { added } = await done({ add: [parcel({ key: 'E-1' }), parcel({ geometry: square(121.1087, 31.2537) })], reason: '分户' })
    expect(added.map(({ about }) => [about.version, about.key])).toEqual([[1, 'E-1'], [1, null]]) // prettier-ignore
    const [a, b] = [added[0]!.id, added[1]!.id]
    // A split: one becomes smaller, another one takes its key; and one goes.
    const split = { change: [{ id: a, version: 1, ...parcel({ geometry: square(121.1067, 31.2537, 0.0005), key: null }) }], add: [parcel({ geometry: square(121.1072, 31.2537, 0.0005), key: 'E-1' })], remove: [{ id: b, version: 1 }] }
    const conflict = await edit({ ...split, remove: [{ id: b, version: 7 }] })
    expect(conflict.status).toBe(409)
    expect(((await conflict.json()) as { params: object }).params).toMatchObject({ id: b, current: 1, given: 7 })
    const after = await done(split)
    expect(after.changed[0]!.about).toMatchObject({ version: 2, key: null })
    expect(after.removed).toEqual([b])
    expect((await layerNamed('farmland')).version).toBe(before + 2)
    const none = await edit({ restore: [{ id: b, version: 0, to: 2 }] })
    expect(none.status).toBe(404)
    const back = await done({ remove: [{ id: after.added[0]!.id, version: 1 }], restore: [{ id: a, version: 2, to: 1 }, { id: b, version: 0, to: 1 }] }) // prettier-ignore
    expect(back.restored.map(({ id, about, geometry }) => [id, about.version, about.key, geometry])).toEqual([[a, 3, 'E-1', added[0]!.geometry], [b, 3, null, added[1]!.geometry]]) // prettier-ignore
    const versions = await server.json<{ act: string; version: number }[]>(`/api/layers/farmland/features/${b}/versions`)
    expect(versions.map(({ act, version }) => `${version} ${act}`)).toEqual(['1 create', '2 delete', '3 restore'])
    for (const wrong of [{}, { add: [] }, { remove: [{ id: a, version: 3 }, { id: a, version: 3 }] }]) expect((await edit(wrong)).status).toBe(400) // prettier-ignore
    expect((await edit({ remove: [{ id: a, version: 3 }] }, await server.as('town-310118110'))).status).toBe(403)
  })

  it('should flag what crosses a boundary, or lies outside, and let the park be counted for', async () => {
    const office = await server.as('office')
    const [border] = await server.sql<{ lon: number; lat: number }[]>`
      select ST_X(p) as lon, ST_Y(p) as lat from (
        select ST_LineInterpolatePoint(ST_GeometryN(ST_LineMerge(ST_CollectionExtract(ST_Intersection(a.geom, b.geom), 2)), 1), 0.5) as p
        from boundary a join boundary b on a.town = ${BAIHE} and b.town = '310118003') q`
    const crossing = (await (await add(office, parcel({ geometry: square(border!.lon - 0.0005, border!.lat - 0.0005), unit: PARK }))).json()) as Feature
    expect(crossing.about.towns.toSorted()).toEqual(['310118003', BAIHE])
    expect(crossing.about).toMatchObject({ outside: false, unit: PARK })
    const outside = (await (await add(office, parcel({ geometry: square(122, 30), town: BAIHE }))).json()) as Feature
    expect(outside.about).toMatchObject({ town: BAIHE, towns: [], outside: true })
    const flagged = await featuresOf('farmland', '&crossing=yes')
    expect(flagged.features.map(({ id }) => id).sort()).toEqual([crossing.id, outside.id].sort())
    const road = { geometry: { type: 'LineString', coordinates: [[121.10, 31.25], [121.11, 31.25]] }, properties: { name: '路', works: 'none' } } // prettier-ignore
    expect(((await (await add(office, road, 'roads')).json()) as Feature).about.lengthM).toBeCloseTo(953, -1)
  })

  it('should name every fault of a feature by its field, and store nothing', async () => {
    const planner = await server.as('planner')
    const refused = async (body: object, layer?: string) => {
      const answer = await add(planner, body, layer)
      expect(answer.status).toBe(422)
      return (await answer.json()) as ProblemAnswer
    }
    const both = await refused(parcel({ properties: { kind: 'moor', colour: 'red' } }))
    expect(both.type).toBe('/problems/feature-invalid')
    expect(both.params.faults.map(({ field, fault }) => `${field} ${fault}`)).toEqual(['/properties/colour unknown', '/properties/number missing', '/properties/kind not-option'])
    expect(both.params.faults[1]!.words).toEqual({ 'zh-CN': '必填', en: 'is needed' })
    const bow = { type: 'Polygon', coordinates: [[[121, 31], [121.001, 31.001], [121.001, 31], [121, 31.001], [121, 31]]] } // prettier-ignore
    expect((await refused(parcel({ geometry: bow }))).params.faults[0]).toMatchObject({ field: '/geometry', fault: 'shape-invalid' })
    expect((await refused(parcel({ geometry: { type: 'Point', coordinates: [121, 31] } }))).field).toBe('/geometry')
    expect((await refused(parcel({ unit: '310118999' }))).field).toBe('/unit')
    expect((await refused(parcel({ properties: { number: '\u0000', kind: 'grain' } }))).field).toBe('/properties')
    expect((await add(planner, { properties: {} })).status).toBe(400)
    await add(planner, parcel({ key: 'twice' }))
    const again = await add(planner, parcel({ key: 'twice' }))
    expect(again.status).toBe(409)
    expect(((await again.json()) as ProblemAnswer).type).toBe('/problems/feature-key-taken')
  })

  it('should let planners and the office change layers, towns their own villages and sites, nobody else, and the second wall behind it', async () => {
    for (const account of ['town-310118110', 'dept-01', 'leader', 'auditor', 'admin']) {
      const person = await server.as(account)
      expect((await add(person, parcel())).status, account).toBe(403)
      expect((await person.request('/api/layers/farmland/features?limit=1')).status, account).toBe(200)
    }
    expect((await add(await server.as(null), parcel())).status).toBe(401)
    expect((await add(await server.as('office'), parcel())).status).toBe(201)
    const town = await server.as('town-310118110')
    const shop = (lon: number, lat: number, more: object = {}) => ({ geometry: { type: 'Point', coordinates: [lon, lat] }, properties: { name: '小店', kind: 'retail' }, ...more })
    const own = await add(town, shop(121.1067, 31.2537), 'sites')
    expect(own.status).toBe(201)
    const { id } = (await own.json()) as Feature
    expect((await add(town, shop(121.1067, 31.2537, { unit: '310118107' }), 'sites')).status).toBe(403)
    // It would lie in 朱家角 then.
    expect((await add(town, shop(121.05, 31.1), 'sites')).status).toBe(403)
    expect((await town.post(`/api/layers/sites/features/${id}`, { ...shop(121.05, 31.1), version: 1 }, 'PUT')).status).toBe(403)
    expect((await (await server.as('town-310118107')).request(`/api/layers/sites/features/${id}?version=1`, { method: 'DELETE' })).status).toBe(403)
    expect((await town.request(`/api/layers/sites/features/${id}?version=1`, { method: 'DELETE' })).status).toBe(204)
    const reporter = { account: 'x', name: 'x', grants: [{ role: 'reporter' as const, scope: BAIHE }], readOnly: false }
    const changed = await beginAs(server.sql, server.database.wall, reporter, (tx) => tx<{ town: string }[]>`update feature set licence = 'x' where layer in ('sites', 'farmland') returning layer || town as town`)
    expect(new Set(changed.map(({ town }) => town))).toEqual(new Set([`sites${BAIHE}`]))
  })

  it('should find features by box, town, words, kind and place, a page at a time', async () => {
    const all = await featuresOf('sites')
    const ids: number[] = []
    for (let after = 0, more = true; more; ) {
      const page = await server.json<Collection>(`/api/layers/sites/features?limit=100&after=${after}`)
      ids.push(...page.features.map(({ id }) => id))
      more = page.next !== null
      after = page.next ?? 0
    }
    expect(ids).toEqual(all.features.map(({ id }) => id))
    expect(ids.length).toBe(all.numberMatched)
    const [lon, lat] = all.features[0]!.geometry!.coordinates as [number, number]
    const near = await featuresOf('sites', `&bbox=${[lon - 0.0001, lat - 0.0001, lon + 0.0001, lat + 0.0001].map((one) => one.toFixed(6)).join()}`)
    expect(near.features.map(({ id }) => id)).toContain(all.features[0]!.id)
    expect(near.numberMatched).toBeLessThan(5)
    const clinics = await featuresOf('sites', `&filter=kind:clinic&town=${BAIHE}`)
    expect(clinics.features.length).toBeGreaterThan(0)
    expect(clinics.features.every(({ properties, about }) => properties.kind === 'clinic' && about.town === BAIHE)).toBe(true)
    expect((await featuresOf('villages', `&q=${encodeURIComponent('王仙')}`)).features.map(({ properties }) => properties.name)).toEqual(['王仙村'])
    expect((await featuresOf('villages', '&located=yes')).numberMatched).toBe(0)
    for (const query of ['bbox=1,2,3', 'bbox=3,3,1,1', 'filter=kind:moor', 'filter=__proto__:x', 'limit=0', 'after=-1', 'town=%00']) {
      expect((await server.request(`/api/layers/sites/features?${query}`)).status, query).toBe(400)
    }
    expect((await server.request('/api/layers/moors/features')).status).toBe(404)
  })

  it('should find towns anew when the boundaries are replaced', async () => {
    const [before] = await server.sql<{ id: number }[]>`select id from boundary_set where current`
    const towns = await server.json<{ features: { geometry: object | null; properties: { code: string; name: string } }[] }>('/api/towns')
    // 白鹤 and 华新 change places.
    const swapped = towns.features.filter(({ geometry }) => geometry).map((feature) => {
      const other = { [BAIHE]: '310118107', '310118107': BAIHE }[feature.properties.code]
      return { type: 'Feature', geometry: feature.geometry, properties: other ? { code: other, name: other === BAIHE ? '白鹤镇' : '华新镇' } : feature.properties }
    })
    const inBaihe = async () => (await featuresOf('sites', `&town=${BAIHE}`)).features.map(({ id }) => id)
    const [own, version] = [await inBaihe(), (await layerNamed('sites')).version]
    const query = 'kind=%E7%A4%BA%E6%84%8F&source=x&licence=x&credit=x&acceptWarnings=true'
    const answer = await server.post(`/api/towns/boundaries?${query}`, { type: 'FeatureCollection', features: swapped })
    expect(answer.status, await answer.clone().text()).toBeLessThan(300)
    const now = await inBaihe()
    expect(now.length).toBeGreaterThan(0)
    expect(now.filter((id) => own.includes(id))).toEqual([])
    expect((await layerNamed('sites')).version).toBe(version + 1)
    expect((await server.post(`/api/towns/boundaries/${before!.id}/restore`, {})).status).toBeLessThan(300)
    expect(await inBaihe()).toEqual(own)
  })
})
