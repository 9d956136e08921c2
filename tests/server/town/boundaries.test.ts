import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import { crsOf } from '../../../geo/crs/crs.ts'
import { fromLonLat } from '../../../geo/crs/transform.ts'
import { polygonArea } from '../../../geo/town/area.ts'
import type { BoundaryReport } from '../../../geo/town/check.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'
import { BOUNDARY_KINDS, TOWN_KINDS } from '../../../geo/town/town.ts'
import { formatOf } from '../../../server/format/formats.ts'
import { shapeOfGeometry } from '../../../server/format/shape.ts'
import { unzip, zip } from '../../../server/task-list/doors/zip.ts'
import type { BoundarySet, TownFeature } from '../../../server/town/queries.ts'
import { seedTowns } from '../../../server/town/seed.ts'
import { changed, moved, SIDE, box, type TownFile } from '../../geo/town/squares.ts'
import { describeOnBothDatabases } from '../harness.ts'

interface Collection {
  type: string
  boundary: { kind: string; source: string; licence: string; credit: string }
  features: TownFeature[]
}
interface ProblemBody {
  type: string
  field: string | null
  params: { why?: string; report?: BoundaryReport; current?: number; given?: number }
}

const SEED = readFileSync(new URL('../../../seeds/towns.geojson', import.meta.url), 'utf8')
const seed = () => JSON.parse(SEED) as TownFile
/** The boundaries in use, moved by some metres: other boundaries with nothing wrong. */
const nudged = (degrees: number) => JSON.stringify(moved(seed(), ([x, y]) => [x! + degrees, y!]))
const CREDIT = { kind: 'official', source: '区规划资源局', licence: '内部使用', credit: '青浦区规划和自然资源局' }
const query = (more: Record<string, string> = {}) => new URLSearchParams({ ...CREDIT, ...more }).toString()

describeOnBothDatabases(
  'boundaries of towns',
  (server) => {
    beforeAll(() => seedTowns(server.sql))
    const towns = () => server.json<Collection>('/api/towns')
    const sets = () => server.json<BoundarySet[]>('/api/towns/boundaries')
    const inUse = async () => (await sets()).filter(({ current }) => current).map(({ id }) => id)
    const send = (path: string, body: string) =>
      server.request(path, { method: 'POST', headers: { 'content-type': 'application/geo+json' }, body })
    const store = (body: string, more?: Record<string, string>) => send(`/api/towns/boundaries?${query(more)}`, body)
    const refusal = async (answer: Response) => {
      expect(answer.status).toBe(422)
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
      return (await answer.json()) as ProblemBody
    }

    it('should start with the schematic ones, and with the park without any', async () => {
      const { type, boundary, features } = await towns()
      expect(type).toBe('FeatureCollection')
      expect(boundary).toMatchObject({
        kind: '示意',
        licence: 'ODbL-1.0',
        credit: expect.stringContaining('© OpenStreetMap contributors'),
      })
      expect(features.map(({ properties }) => properties.code)).toEqual(QINGPU.towns.map(({ code }) => code))
      const park = features.find(({ properties }) => properties.kind === 'park')!
      expect(park).toMatchObject({
        geometry: null,
        properties: { code: '310118P01', boundary: 'none', areaKm2: null, labelPoint: null },
      })
      for (const { properties, geometry } of features.filter((feature) => feature !== park)) {
        expect(properties.boundary).toBe('示意')
        const drawn = seed().features.find((feature) => feature.properties.code === properties.code)!
        expect(geometry).toEqual(drawn.geometry)
        // PostGIS's ellipsoid and ours agree.
        expect(properties.areaKm2).toBeCloseTo(polygonArea(drawn.geometry) / 1e6, 2)
        expect(properties.labelPoint).toEqual(drawn.properties.labelPoint)
      }
    })

    it('should be answered with an ETag, unchanged to who has it already', async () => {
      const first = await server.request('/api/towns')
      const etag = first.headers.get('etag')!
      expect(first.headers.get('content-type')).toContain('application/geo+json')
      expect(etag).toMatch(/^W\/"[\w-]+"$/)
      const second = await server.request('/api/towns', { headers: { 'if-none-match': etag } })
      expect(second.status).toBe(304)
      expect(await second.text()).toBe('')
    })

    it('should name where they come from beside the district', async () => {
      const district = await server.json('/api/district')
      expect(district).toMatchObject({
        code: '310118',
        name: '青浦区',
        boundary: { kind: '示意', licence: 'ODbL-1.0' },
      })
      expect((district as { towns: unknown[] }).towns).toHaveLength(12)
    })

    it('should be seeded once, however often and at once the server starts', async () => {
      const before = await sets()
      await Promise.all([seedTowns(server.sql), seedTowns(server.sql)])
      expect(await sets()).toEqual(before)
    })

    it('should be checked without storing anything', async () => {
      const before = await sets()
      const answer = await send('/api/towns/boundaries/check', nudged(0.0001))
      expect(answer.status).toBe(200)
      const report = (await answer.json()) as BoundaryReport
      expect(report).toMatchObject({ ok: true, findings: [] })
      expect(report.towns[0]).toMatchObject({ name: '赵巷镇', beforeKm2: report.towns[0]!.areaKm2 })
      expect(await sets()).toEqual(before)
    })

    it('should be replaced whole by a file with the same names, with an entry in the audit trail, and restored', async () => {
      const [first] = await inUse()
      const old = await towns()
      const etag = (await server.request('/api/towns')).headers.get('etag')
      const answer = await store(nudged(0.001), { name: '青浦街镇界.geojson' })
      expect(answer.status).toBe(201)
      const { id } = (await answer.json()) as { id: number }
      const now = await server.request('/api/towns')
      expect(now.headers.get('etag')).not.toBe(etag)
      const { boundary, features } = (await now.json()) as Collection
      expect(boundary).toEqual(CREDIT)
      expect(features[0]!.properties.boundary).toBe('official')
      expect(features).not.toEqual(old.features)
      expect((await sets())[0]).toMatchObject({
        id,
        current: true,
        fileName: '青浦街镇界.geojson',
        towns: 11,
        storedBy: 'operator',
        ...CREDIT,
      })
      const trail =
        await server.sql`select action, subject, before, after from audit where subject = ${`boundary-set/${id}`} order by id`
      expect(trail).toMatchObject([
        {
          action: 'town.boundaries.replace',
          before: { inUse: first },
          after: { inUse: id, kind: 'official', source: CREDIT.source },
        },
      ])

      const restored = await server.request(`/api/towns/boundaries/${first}/restore`, { method: 'POST' })
      expect(restored.status).toBe(200)
      expect(await towns()).toEqual(old)
      expect((await server.request('/api/towns')).headers.get('etag')).toBe(etag)
      expect(await inUse()).toEqual([first])
      const [entry] = await server.sql`select action, before, after from audit order by id desc limit 1`
      expect(entry).toMatchObject({ action: 'town.boundaries.restore', before: { inUse: id }, after: { inUse: first } })
    })

    it('should be taken as a form with a file too', async () => {
      const form = new FormData()
      form.set('file', new File([nudged(0.0005)], '界线.geojson'))
      for (const [name, value] of Object.entries(CREDIT)) form.set(name, value)
      const answer = await server.request('/api/towns/boundaries', { method: 'POST', body: form })
      expect(answer.status).toBe(201)
      expect((await sets())[0]).toMatchObject({ fileName: '界线.geojson', current: true })
    })

    it('should be read from a file in GB18030', async () => {
      const named = changed(seed(), 0, (feature) => (feature.properties = { XZMC: 'XX' }))
      const [before, after] = JSON.stringify(named).split('XX') as [string, string]
      // 赵巷镇 in GB18030; the other names of the file go without.
      const bytes = Buffer.concat([
        Buffer.from(before),
        Buffer.from([0xd5, 0xd4, 0xcf, 0xef, 0xd5, 0xf2]),
        Buffer.from(after),
      ])
      const gbk = Buffer.from(
        bytes
          .toString('latin1')
          .replace(/"name":"[^"]*"/g, '"n":1')
          .replace(/"boundary":"[^"]*"/g, '"b":1')
          .replace(/"(source|credit)":"[^"]*"/g, '"s":1'),
        'latin1',
      )
      const answer = await server.request('/api/towns/boundaries/check', { method: 'POST', body: gbk })
      expect(await answer.json()).toMatchObject({ ok: true, findings: [] })
    })

    it('should be read from a zipped shapefile in GBK on a zone of CGCS2000, and not from one that does not say where it lies', async () => {
      const crs = crsOf('EPSG:4549')!
      const features = seed().features.map(({ geometry, properties }) => {
        const shape = shapeOfGeometry(geometry as never)!
        shape.parts.flat().forEach(fromLonLat(crs))
        return { shape, values: [String(properties.name)] }
      })
      const { bytes } = await formatOf('shapefile').write!({ name: '街镇', geometry: 'polygon', columns: [{ name: 'name', type: 'text' }], features, crs, title: '' }, '')
      const ask = async (file: Uint8Array) => {
        const form = new FormData()
        form.set('file', new File([new Uint8Array(file)], '街镇.zip'))
        return server.request('/api/towns/boundaries/check', { method: 'POST', body: form })
      }
      expect(await (await ask(bytes)).json()).toMatchObject({ ok: true, errors: 0 })
      expect((await refusal(await ask(zip(unzip(bytes, (name) => !name.endsWith('.prj')))))).params.why).toContain('GeoJSON')
    })

    it.each<[string, () => unknown, string]>([
      [
        'overlaps',
        () => changed(seed(), 3, ({ geometry }) => (geometry.coordinates = [box(121.15, 31.18, SIDE, SIDE)])),
        'overlap',
      ],
      ['leaves out a town', () => ({ ...seed(), features: seed().features.slice(1) }), 'town-missing'],
      [
        'names a town wrongly',
        () => changed(seed(), 0, (feature) => (feature.properties = { name: '盛泽镇' })),
        'town-unknown',
      ],
      ['has latitude first', () => moved(seed(), ([x, y]) => [y!, x!]), 'axes-swapped'],
      [
        'is in metres',
        () => moved(seed(), ([x, y]) => [(x! - 120) * 95_000 + 500_000, y! * 110_900]),
        'coordinates-projected',
      ],
      ['is no collection', () => seed().features[0], 'not-geojson'],
      [
        'has points for areas',
        () => changed(seed(), 0, (feature) => (feature.geometry = { type: 'Point', coordinates: [121, 31] } as never)),
        'geometry-not-area',
      ],
    ])('should stay as they are when a file %s', async (_, file, kind) => {
      const before = [await sets(), await towns()]
      const problem = await refusal(await store(JSON.stringify(file()), { acceptWarnings: 'true' }))
      expect(problem).toMatchObject({ type: '/problems/boundaries-invalid', field: 'file' })
      expect(problem.params.report!.findings.map((found) => found.kind)).toContain(kind)
      expect([await sets(), await towns()]).toEqual(before)
    })

    it('should stay as they are when one town of the file cannot be stored', async () => {
      const before = await sets()
      // Half an import must be impossible even where the check lets something through: here the database refuses the last town.
      const last = Math.max(...before.map(({ id }) => id))
      await server.sql.unsafe(
        `alter table boundary add constraint refuse_last check (town <> '310118003' or set_id <= ${last})`,
      )
      try {
        expect((await store(nudged(0.0002))).status).toBe(500)
        expect(await sets()).toEqual(before)
        const [{ n }] =
          (await server.sql`select count(*)::int as n from boundary where set_id > ${last}`) as unknown as [
            { n: number },
          ]
        expect(n).toBe(0)
      } finally {
        await server.sql`alter table boundary drop constraint refuse_last`
      }
    })

    it('should be stored with a gap only if somebody accepts the warning', async () => {
      const gap = changed(seed(), 1, ({ geometry }) =>
        geometry.coordinates.push([...box(121.29, 31.17, 0.004, 0.004)].reverse() as never),
      )
      const problem = await refusal(await store(JSON.stringify(gap)))
      expect(problem.params.report).toMatchObject({
        ok: true,
        warnings: 1,
        findings: [{ kind: 'gap', severity: 'warning', towns: ['310118106'] }],
      })
      const answer = await store(JSON.stringify(gap), { acceptWarnings: 'true' })
      expect(answer.status).toBe(201)
      const { id } = (await answer.json()) as { id: number }
      expect(await server.json(`/api/towns/boundaries/${id}/report`)).toMatchObject({
        warnings: 1,
        findings: [{ kind: 'gap' }],
      })
    })

    it('should be in use one set at a time when two people replace them at once', async () => {
      const answers = await Promise.all([store(nudged(0.0003)), store(nudged(0.0004))])
      expect(answers.map(({ status }) => status)).toEqual([201, 201])
      const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as { id: number }).id))
      expect(await inUse()).toEqual([Math.max(...ids)])
      expect((await sets()).map(({ id }) => id)).toEqual(expect.arrayContaining(ids))
    })

    it('should be replaced by one of two people who both saw the same set in use', async () => {
      const [current] = await inUse()
      const replaces = String(current)
      const answers = await Promise.all([store(nudged(0.0003), { replaces }), store(nudged(0.0004), { replaces })])
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
      const conflict = (await answers.find(({ status }) => status === 409)!.json()) as ProblemBody
      expect(conflict).toMatchObject({
        type: '/problems/version-conflict',
        field: 'replaces',
        params: { given: current },
      })
    })

    it('should be refused without a word on where they come from', async () => {
      const answer = await send(
        `/api/towns/boundaries?${new URLSearchParams({ ...CREDIT, licence: ' ' })}`,
        nudged(0.0001),
      )
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ type: '/problems/request-invalid', field: 'licence' })
      const kind = await send(`/api/towns/boundaries?${query({ kind: 'none' })}`, nudged(0.0001))
      expect(await kind.json()).toMatchObject({ type: '/problems/request-invalid', field: 'kind' })
    })

    it('should be refused with advice when the file is something else', async () => {
      expect(await refusal(await store(''))).toMatchObject({ type: '/problems/file-empty' })
      expect((await refusal(await store('PK\u0003\u0004…'))).params.why).toContain('GeoJSON')
      expect((await refusal(await store('{"type":'))).params.why).toContain('JSON')
      const empty = await server.request('/api/towns/boundaries', { method: 'POST', body: new FormData() })
      expect(await refusal(empty)).toMatchObject({ type: '/problems/file-missing', field: 'file' })
    })

    it('should not be restored to a set that never was', async () => {
      const answer = await server.request('/api/towns/boundaries/99999/restore', { method: 'POST' })
      expect(answer.status).toBe(404)
      expect((await server.request('/api/towns/boundaries/99999/report')).status).toBe(404)
    })

    it('should have the same lists of kinds in SQL as in geo', async () => {
      const rows = await server.sql<{ name: string; definition: string }[]>`
        select conrelid::regclass::text || '.' || conname as name, pg_get_constraintdef(oid) as definition
        from pg_constraint where contype = 'c' and conrelid in ('town'::regclass, 'boundary_set'::regclass)`
      const listIn = (name: string) =>
        [...rows.find((row) => row.name === name)!.definition.matchAll(/'([^']+)'::text/g)].map(([, value]) => value)
      expect(listIn('town.town_kind_check').sort()).toEqual([...TOWN_KINDS].sort())
      expect(listIn('boundary_set.boundary_set_kind_check').sort()).toEqual(
        BOUNDARY_KINDS.filter((kind) => kind !== 'none').sort(),
      )
    })

    const real = `${process.env.XIANGTU_GEODATA}/towns-osm.geojson`
    it.skipIf(!process.env.XIANGTU_GEODATA || !existsSync(real))('should be replaced by mapped ones', async () => {
      const answer = await store(readFileSync(real, 'utf8'), {
        kind: '示意',
        source: 'OpenStreetMap',
        licence: 'ODbL-1.0',
        credit: '© OpenStreetMap contributors',
      })
      expect(answer.status).toBe(201)
      const { features } = await towns()
      expect(features.reduce((sum, { properties }) => sum + (properties.areaKm2 ?? 0), 0)).toBeCloseTo(669, 0)
    })
  },
  { seeded: 'no' },
)

describeOnBothDatabases(
  'boundaries of towns on a server that is open to others',
  (server) => {
    beforeAll(() => seedTowns(server.sql))
    it('should be written only with the operator key', async () => {
      const nobody = await server.as(null)
      const store = (authorization?: string) =>
        nobody.request(`/api/towns/boundaries?${query()}`, {
          method: 'POST',
          body: nudged(0.0001),
          headers: authorization ? { authorization } : {},
        })
      expect((await store()).status).toBe(401)
      expect((await store('Bearer wrong-wrong-wrong-wrong')).status).toBe(401)
      expect((await nobody.request('/api/towns/boundaries/1/restore', { method: 'POST' })).status).toBe(401)
      expect(
        (await nobody.request('/api/towns/boundaries/check', { method: 'POST', body: nudged(0.0001) })).status,
      ).toBe(401)
      expect((await store('Bearer 0123456789abcdef')).status).toBe(201)
    })
  },
  { seeded: 'no', env: { OPERATOR_KEY: '0123456789abcdef' } },
)
