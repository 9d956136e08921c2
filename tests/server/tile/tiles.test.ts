import { VectorTile, type VectorTileFeature } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'
import type { MultiPolygon, Point } from 'geojson'
import { expect, it } from 'vitest'
import { layerOf, LAYERS } from '../../../geo/layer/layers.ts'
import { MARGIN } from '../../../server/tile/queries.ts'
import { extentAt } from '../../../server/tile/make.ts'
import { chanceOf } from '../../../seeds/demo/chance.ts'
import { describeOnBothDatabases } from '../harness.ts'

type Spot = { x: number; y: number }

function featuresIn(bytes: Uint8Array, layer: string): Map<number, VectorTileFeature> {
  const found = new VectorTile(new PbfReader(bytes)).layers[layer]
  return new Map(Array.from({ length: found?.length ?? 0 }, (_, i) => found!.feature(i)).map((feature) => [feature.id!, feature]))
}

/** Twice the area of a feature in tile units: outlines count up, holes down, if they are wound as they should be. */
const area = (feature: VectorTileFeature) =>
  feature.loadGeometry().reduce((sum, ring) => sum + ring.reduce((twice, { x, y }, i) => twice + x * ring[(i + 1) % ring.length]!.y - ring[(i + 1) % ring.length]!.x * y, 0), 0) / 2

/** How far the corners of one shape lie from the lines of another, at most; with an extent only those within the tile, as the margin is cut by other hands. */
function farthest(from: Spot[][], to: Spot[][], extent = Infinity): number {
  const distance = (p: Spot) =>
    Math.min(
      ...to.flatMap((line) =>
        line.length === 1
          ? [Math.hypot(p.x - line[0]!.x, p.y - line[0]!.y)]
          : line.slice(1).map((b, i) => {
              const a = line[i]!
              const long = (b.x - a.x) ** 2 + (b.y - a.y) ** 2
              const at = long ? Math.max(0, Math.min(1, ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / long)) : 0
              return Math.hypot(p.x - a.x - at * (b.x - a.x), p.y - a.y - at * (b.y - a.y))
            }),
      ),
    )
  // The tips of hairs do not count: what is narrower than a unit may stay or go.
  const body = from.flatMap((line) => line.filter((_, i) => line.length < 4 || Math.hypot(line.at(i - 1)!.x - line[(i + 1) % line.length]!.x, line.at(i - 1)!.y - line[(i + 1) % line.length]!.y) > 1.5))
  const isWithin = ({ x, y }: Spot) => extent === Infinity || (x >= 0 && y >= 0 && x <= extent && y <= extent)
  return Math.max(0, ...body.filter(isWithin).map(distance))
}

/** The tile that a place lies in. */
function tileOf(lon: number, lat: number, z: number) {
  const phi = (lat * Math.PI) / 180
  return { z, x: Math.floor(((lon + 180) / 360) * 2 ** z), y: Math.floor(((1 - Math.log(Math.tan(phi) + 1 / Math.cos(phi)) / Math.PI) / 2) * 2 ** z) }
}

/** Tiles all over the district, at random but the same every time. */
function someTiles(count: number) {
  const chance = chanceOf('tiles')
  return Array.from({ length: count }, () => tileOf(chance.between(120.9, 121.29), chance.between(30.98, 31.29), chance.whole(9, 16)))
}

describeOnBothDatabases('tiles', (server) => {
  const get = (layer: string, { z, x, y }: { z: number; x: number; y: number }, init?: RequestInit) => server.request(`/api/tiles/${layer}/${z}/${x}/${y}.mvt`, init)
  const tile = async (...asked: Parameters<typeof get>) => {
    const answer = await get(...asked)
    expect(answer.status).toBe(200)
    return new Uint8Array(await answer.arrayBuffer())
  }

  it('should hold the features that lie there, with class, name, town and mark, in their place', async () => {
    const whole = tileOf(121.1, 31.15, 9)
    for (const layer of LAYERS) {
      const stored = await server.sql<{ id: string }[]>`select id from feature where layer = ${layer.id} and geom is not null and geom && ST_Transform(ST_TileEnvelope(${whole.z}, ${whole.x}, ${whole.y}), 4326)`
      const found = featuresIn(await tile(layer.id, whole), layer.id)
      // From afar the smallest fields are left out.
      if (layer.geometry !== 'polygon') expect([...found.keys()], layer.id).toEqual(expect.arrayContaining(stored.map(({ id }) => Number(id))))
      else expect(found.size / stored.length, layer.id).toBeGreaterThan(0.9)
    }
    const [site] = (await server.json<{ features: { id: number; geometry: { coordinates: [number, number] }; properties: { name: string; kind: string }; about: { town: string } }[] }>('/api/layers/sites/features?limit=1')).features
    const at = tileOf(...site!.geometry.coordinates, 15)
    const feature = featuresIn(await tile('sites', at), 'sites').get(site!.id)!
    expect(feature.properties).toEqual({ class: site!.properties.kind, name: site!.properties.name, town: site!.about.town, demo: true })
    const [lon, lat] = (feature.toGeoJSON(at.x, at.y, at.z).geometry as Point).coordinates as [number, number]
    // A unit of z15 is 0.3 m.
    expect(Math.abs(lon - site!.geometry.coordinates[0])).toBeLessThan(3e-6)
    expect(Math.abs(lat - site!.geometry.coordinates[1])).toBeLessThan(3e-6)
    const towns = featuresIn(await tile('towns', whole), 'towns')
    expect([...towns.values()].map(({ properties }) => properties.name).sort()).toEqual(['华新', '夏阳', '徐泾', '朱家角', '白鹤', '盈浦', '练塘', '赵巷', '重固', '金泽', '香花桥'].sort())
    expect([...towns.values()].every((town) => town.type === 3 && area(town) > 0)).toBe(true)
  })

  it('should give the features that ST_AsMVT gives, each within a unit', async ({ skip }) => {
    if (server.kind === 'embedded') return skip('the embedded PostGIS has no ST_AsMVT')
    let [compared, further] = [0, 0]
    const layers = [
      ...LAYERS.map(({ id }) => ({ id, source: server.sql`select id, properties->>${layerOf(id)!.legend.field}::text as class, properties->>${layerOf(id)!.title}::text as name, town, case when demo then true end as demo, geom_3857 as geom from feature where layer = ${id}` })),
      { id: 'towns', source: server.sql`select t.ordinal + 1 as id, t.kind as class, t.short_name as name, t.code as town, null::boolean as demo, ST_Transform(b.geom, 3857) as geom from town t join boundary b on b.town = t.code join boundary_set s on s.id = b.set_id and s.current` },
    ]
    for (const at of [tileOf(121.1, 31.15, 9), tileOf(121.1, 31.15, 12), ...someTiles(30)])
      for (const { id: name, source } of layers) {
        const extent = extentAt(at.z)
        const [row] = await server.sql<{ mvt: Uint8Array }[]>`
          select ST_AsMVT(q, ${name}, ${extent}::int, 'geom', 'id') as mvt from (
            select id, class, name, town, demo, ST_AsMVTGeom(geom, ST_TileEnvelope(${at.z}, ${at.x}, ${at.y}), ${extent}::int, ${MARGIN * extent}::int, true) as geom
            from (${source}) f where geom && ST_TileEnvelope(${at.z}, ${at.x}, ${at.y}, margin => ${MARGIN}::float8)
          ) q where geom is not null`
        const [ours, theirs] = [featuresIn(await tile(name, at), name), featuresIn(row!.mvt, name)]
        const words = `${name} ${at.z}/${at.x}/${at.y}`
        for (const [id, feature] of [...ours, ...theirs]) {
          // What is next to nothing may be there or not: rounding decides.
          const slight = feature.type === 3 ? area(feature) < 6 : feature.type === 2 && farthest(feature.loadGeometry(), [[feature.loadGeometry()[0]![0]!]]) < 3
          if (!slight) expect([ours.has(id), theirs.has(id)], `${words} feature ${id}`).toEqual([true, true])
        }
        for (const [id, feature] of ours) {
          const other = theirs.get(id)
          if (!other) continue
          expect(feature.properties, words).toEqual(other.properties)
          const [a, b] = [feature.loadGeometry(), other.loadGeometry()].map((lines) => (feature.type === 3 ? lines.map((ring) => [...ring, ring[0]!]) : lines)) as unknown as [Spot[][], Spot[][]]
          // Both round to whole units, one of them after taking out corners that matter less than half a unit.
          const apart = Math.max(farthest(a, b, extent), farthest(b, a, extent))
          if (apart > 1.5) {
            // The other takes out corners that matter little, and necks narrower than a unit, before and after it rounds.
            further++
            expect(feature.type, `${words} feature ${id}`).toBe(3)
            expect(Math.abs(area(feature) / area(other) - 1), `${words} feature ${id}`).toBeLessThan(0.01)
          }
          if (feature.type === 3) expect(area(feature), words).toBeGreaterThan(0)
          compared++
        }
      }
    expect(compared).toBeGreaterThan(3000)
    expect(further / compared).toBeLessThan(0.01)
  })

  it('should show what a crowd of small fields covers from afar, and count it with every write', async () => {
    const at = tileOf(120.99, 31.02, 11)
    const near = tileOf(120.95, 30.97, 15)
    const [west, south] = [120.94, 30.96]
    const counted = () => server.sql`select layer, x, y, class, town, features, demo, round(area_m2::numeric, 3) as area_m2 from feature_cell order by 1, 2, 3, 4, 5`
    const anew = () => server.sql`
      select layer, cell_x(geom) as x, cell_y(geom) as y, properties->>'kind' as class, coalesce(town, '') as town, count(*)::int as features, (count(*) filter (where demo))::int as demo, round(sum(area_m2)::numeric, 3) as area_m2
      from feature where layer = 'farmland' and small group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`
    const before = featuresIn(await tile('farmland', at), 'farmland')
    expect([...before.keys()].every((id) => id > 0)).toBe(true)
    expect([...(await counted())]).toEqual([...(await anew())])
    // 150 × 150 fields of 22 m by 24 m beside one another, all grain but for the easternmost tenth; none in a town.
    await server.sql`
      insert into feature (layer, version, key, properties, geom, source, demo, changed_by, changed_at)
      select 'farmland', 1, 'crowd/' || i || '/' || j, jsonb_build_object('number', i || '/' || j, 'kind', case when i < 135 then 'grain' else 'vegetable' end),
             ST_MakeEnvelope(${west}::float8 + i * 0.00024, ${south}::float8 + j * 0.00022, ${west}::float8 + (i + 1) * 0.00024 - 0.00001, ${south}::float8 + (j + 1) * 0.00022 - 0.00001, 4326), 'test', true, 'test', now()
      from generate_series(0, 149) i, generate_series(0, 149) j`
    await server.sql`update layer_version set version = version + 1 where layer = 'farmland'`
    expect([...(await counted())]).toEqual([...(await anew())])
    const crowd = new VectorTile(new PbfReader(await tile('farmland', at))).layers.farmland!
    const shown = Array.from({ length: crowd.length }, (_, i) => crowd.feature(i))
    const cover = (kind: string) => shown.filter(({ id, properties }) => !id && properties.class === kind && properties.town === undefined).reduce((sum, one) => sum + area(one), 0)
    // Of the tile's 2048 units; the block reaches over its edge nowhere. Whole cells, so within a cell's width on each side.
    const units = (degrees: number) => (degrees / 360) * 2 ** 11 * extentAt(11)
    const tall = units(150 * 0.00022) / Math.cos((30.98 * Math.PI) / 180)
    const cell = extentAt(11) / 128
    for (const [kind, columns] of [['grain', 135], ['vegetable', 15]] as const) { // prettier-ignore
      const wide = units(columns * 0.00024)
      expect(cover(kind), kind).toBeGreaterThan((wide - 2 * cell) * (tall - 2 * cell) * 0.97)
      expect(cover(kind), kind).toBeLessThan((wide + 2 * cell) * (tall + 2 * cell))
    }
    expect(shown.every(({ properties }) => properties.demo === true)).toBe(true)
    // What is large stays what it is, and near by each field is itself.
    const [large] = await server.sql<{ id: string }[]>`select id from feature where layer = 'farmland' and not small and geom && ST_Transform(ST_TileEnvelope(${at.z}, ${at.x}, ${at.y}), 4326) limit 1`
    expect(shown.some(({ id }) => id === Number(large!.id))).toBe(true)
    expect(featuresIn(await tile('farmland', near), 'farmland').has(0)).toBe(false)

    await server.sql`update feature set properties = properties || '{"kind": "vegetable"}', geom = ST_Translate(geom, 0.01, 0) where key like 'crowd/1/%'`
    expect([...(await counted())]).toEqual([...(await anew())])
    await server.sql`delete from feature where key like 'crowd/%'`
    await server.sql`update layer_version set version = version + 1 where layer = 'farmland'`
    expect([...(await counted())]).toEqual([...(await anew())])
    expect([...featuresIn(await tile('farmland', at), 'farmland').keys()].sort()).toEqual([...before.keys()].sort())
  })

  it('should show a crowd from afar as it was on a past day, and leave its names away from nearer', async () => {
    const near = tileOf(120.95, 30.97, 14)
    const afar = [11, 12, 13].map((z) => ({ z, x: near.x >> (14 - z), y: near.y >> (14 - z) }))
    // In the tile's south-west.
    const west = (near.x / 2 ** 14) * 360 - 180 + 0.002
    const south = (Math.atan(Math.sinh(Math.PI * (1 - (2 * (near.y + 1)) / 2 ** 14))) * 180) / Math.PI + 0.002
    const then = (day: string) => server.sql`
      select x, y, class, town, sum(features)::int as features, sum(demo)::int as demo, round(sum(area_m2)::numeric, 3) as area_m2
      from feature_cell_change where layer = 'farmland' and at <= ${day}::timestamptz group by 1, 2, 3, 4 having sum(features) <> 0 order by 1, 2, 3, 4`
    const standing = (day: string) => server.sql`
      select cell_x(geom) as x, cell_y(geom) as y, kind as class, coalesce(town, '') as town, count(*)::int as features, (count(*) filter (where demo))::int as demo, round(sum(area_m2)::numeric, 3) as area_m2
      from (
        select geom, properties->>'kind' as kind, town, demo, area_m2 from feature where layer = 'farmland' and small and greatest(changed_at, placed_at) <= ${day}::timestamptz
        union all
        select v.geom, v.properties->>'kind', p.town, v.demo, p.area_m2 from feature_past p join feature_version v on v.feature_id = p.feature_id and v.version = p.version
        where p.layer = 'farmland' and p.small and p.since <= ${day}::timestamptz and p.until > ${day}::timestamptz
      ) f group by 1, 2, 3, 4 order by 1, 2, 3, 4`
    // 24,000 fields of 9 m in May, a tenth of them sown otherwise in June, all gone in July.
    const kept = (version: number, act: string, day: string) => server.sql`
      insert into feature_version (feature_id, version, layer, at, by, act, key, properties, geom, town, source, licence, demo)
      select id, version, layer, ${day}::timestamptz, 'test', ${act}, key, properties, geom, town, source, '', demo from feature where key like 'then/%' and version = ${version}`
    await server.sql`
      insert into feature (layer, version, key, properties, geom, source, demo, changed_by, changed_at)
      select 'farmland', 1, 'then/' || i || '/' || j, jsonb_build_object('number', i || '/' || j, 'kind', 'grain'),
             ST_MakeEnvelope(${west}::float8 + i * 0.0001, ${south}::float8 + j * 0.00009, ${west}::float8 + (i + 1) * 0.0001 - 0.00001, ${south}::float8 + (j + 1) * 0.00009 - 0.00001, 4326), 'test', true, 'test', '2023-05-01T00:00:00+08:00'
      from generate_series(0, 159) i, generate_series(0, 149) j`
    await kept(1, 'create', '2023-05-01T00:00:00+08:00')
    await server.sql`update feature set version = 2, properties = properties || '{"kind": "vegetable"}', changed_at = '2023-06-01T00:00:00+08:00' where key like 'then/%' and key like '%0/%'`
    await kept(2, 'change', '2023-06-01T00:00:00+08:00')
    await server.sql`
      with gone as (delete from feature where key like 'then/%' returning id, version + 1 as version, layer, key, properties, geom, town, source, demo)
      insert into feature_version (feature_id, version, layer, at, by, act, key, properties, geom, town, source, licence, demo)
      select id, version, layer, '2023-07-01T00:00:00+08:00', 'test', 'delete', key, properties, geom, town, source, '', demo from gone`
    for (const day of ['2022-12-31', '2023-01-15', '2023-04-30', '2023-05-15', '2023-06-01', '2023-06-15', '2023-07-01', '2023-11-30', '2999-01-01']) expect([...(await then(day))], day).toEqual([...(await standing(day))])
    // As every write raises it: by it the tiles of a day are kept.
    await server.sql`insert into layer_version_past (layer, version, at) select 'farmland', 100000 + month, make_timestamptz(2023, month, 1, 0, 0, 0, 'Asia/Shanghai') from generate_series(5, 7) month`
    const shownAt = async ({ z, x, y }: { z: number; x: number; y: number }, day: string) => {
      const bytes = new Uint8Array(await (await server.request(`/api/tiles/farmland/${z}/${x}/${y}.mvt?at=${day}`)).arrayBuffer())
      const found = new VectorTile(new PbfReader(bytes)).layers.farmland
      return Array.from({ length: found?.length ?? 0 }, (_, i) => found!.feature(i))
    }
    const cover = (shown: VectorTileFeature[], kind: string) => shown.filter(({ id, properties }) => !id && properties.class === kind && properties.town === undefined).reduce((sum, one) => sum + area(one), 0)
    for (const at of afar) {
      expect(cover(await shownAt(at, '2023-04-29'), 'grain')).toBe(0)
      const [may, june] = [await shownAt(at, '2023-05-20'), await shownAt(at, '2023-06-20')]
      expect(cover(may, 'grain')).toBeGreaterThan(0)
      expect(cover(may, 'vegetable')).toBe(0)
      // By the ellipsoid's areas and by the tile's units, within the cells' rounding at its edges.
      const [wide, tall] = [(160 * 0.0001 * 2 ** at.z * extentAt(at.z)) / 360, (150 * 0.00009 * 2 ** at.z * extentAt(at.z)) / 360 / Math.cos((south * Math.PI) / 180)]
      const cell = extentAt(at.z) / 128
      expect(cover(may, 'grain'), String(at.z)).toBeGreaterThan((wide - 2 * cell) * (tall - 2 * cell) * 0.95)
      expect(cover(may, 'grain'), String(at.z)).toBeLessThan((wide + 2 * cell) * (tall + 2 * cell))
      expect(cover(june, 'vegetable') + cover(june, 'grain')).toBeGreaterThan(0)
      expect(cover(await shownAt(at, '2023-07-20'), 'grain')).toBe(0)
    }
    // One by one from here on: among so many without a name, with it where they are few.
    const single = (await shownAt(near, '2023-05-20')).filter(({ properties }) => properties.town === undefined)
    expect(single.length).toBeGreaterThan(20_000)
    expect(single.every(({ id, properties }) => id! > 0 && properties.name === undefined && properties.class === 'grain')).toBe(true)
    const few = (await shownAt(tileOf(west + 0.008, south + 0.006, 16), '2023-06-20')).filter(({ properties }) => properties.town === undefined)
    expect(few.every(({ id, properties }) => id! > 0 && /^\d+\/\d+$/.test(String(properties.name)))).toBe(true)
    expect(new Set(few.map(({ properties }) => properties.class))).toEqual(new Set(['grain', 'vegetable']))
  })

  it('should be asked for again only after the layer has changed', async () => {
    const at = tileOf(121.1067, 31.2537, 14)
    const first = await get('farmland', at)
    const etag = first.headers.get('etag')!
    const bytes = new Uint8Array(await first.arrayBuffer())
    expect(first.headers.get('content-type')).toBe('application/vnd.mapbox-vector-tile')
    expect((await get('farmland', at, { headers: { 'if-none-match': etag } })).status).toBe(304)
    const zipped = await get('farmland', at, { headers: { 'accept-encoding': 'gzip' } })
    expect(zipped.headers.get('content-encoding')).toBe('gzip')
    const unzipped = new Response(zipped.body!.pipeThrough(new DecompressionStream('gzip')))
    expect(new Uint8Array(await unzipped.arrayBuffer())).toEqual(bytes)
    const shape = { type: 'Polygon', coordinates: [[[121.1067, 31.2537], [121.1077, 31.2537], [121.1077, 31.2547], [121.1067, 31.2537]]] } // prettier-ignore
    const made = await (await server.as('planner')).post('/api/layers/farmland/features', { geometry: shape, properties: { number: '新', kind: 'grain' } })
    const { id } = (await made.json()) as { id: number }
    const after = await get('farmland', at, { headers: { 'if-none-match': etag } })
    expect(after.status).toBe(200)
    const feature = featuresIn(new Uint8Array(await after.arrayBuffer()), 'farmland').get(id)!
    expect(feature.properties).toMatchObject({ name: '新', class: 'grain' })
    expect(area(feature)).toBeGreaterThan(0)
  })

  it('should cut holes and wind them, whichever way they came, and draw many parts', async () => {
    const ring = (lon: number, lat: number, side: number, back = false) => {
      const places = [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]] // prettier-ignore
      return back ? places.toReversed() : places
    }
    const [lon, lat] = [121.13, 31.26]
    const coordinates = [[ring(lon, lat, 0.004, true), ring(lon + 0.001, lat + 0.001, 0.002, true)], [ring(lon + 0.005, lat, 0.001)]]
    const made = await (await server.as('planner')).post('/api/layers/farmland/features', { geometry: { type: 'MultiPolygon', coordinates }, properties: { number: '洞', kind: 'grain' } })
    const { id } = (await made.json()) as { id: number }
    const at = tileOf(lon + 0.003, lat + 0.002, 12)
    const feature = featuresIn(await tile('farmland', at), 'farmland').get(id)!
    expect(feature.loadGeometry()).toHaveLength(3)
    const shape = feature.toGeoJSON(at.x, at.y, at.z).geometry as MultiPolygon
    expect(shape.type).toBe('MultiPolygon')
    expect(shape.coordinates.map((rings) => rings.length)).toEqual([2, 1])
  })

  it.each(['farmland/21/0/0.mvt', 'farmland/1/2/0.mvt', 'farmland/1/0/2.mvt', 'farmland/1/x/0.mvt', 'farmland/-1/0/0.mvt', 'farmland/1/0/0x.mvt', 'farmland/1e1/0/0.mvt'])('should refuse the address %s', async (address) => {
    const answer = await server.request(`/api/tiles/${address}`)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toContain('problem+json')
  })

  it('should answer for no layer with 404, for an empty place with nothing', async () => {
    expect((await get('moors', { z: 1, x: 0, y: 0 })).status).toBe(404)
    expect((await server.request('/api/tiles/farmland/1/0/0')).status).toBe(404)
    expect(await tile('farmland', { z: 5, x: 0, y: 0 })).toHaveLength(0)
  })
})
