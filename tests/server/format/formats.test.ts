/** Map files: what GDAL writes comes in to the centimetre, what is written here is what GDAL reads, and hostile files get a clear answer. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'iconv-lite'
import { afterAll, describe, expect, it } from 'vitest'
import { crsOf } from '../../../geo/crs/crs.ts'
import { fromLonLat, toLonLat } from '../../../geo/crs/transform.ts'
import { formatOf } from '../../../server/format/formats.ts'
import { Budget } from '../../../server/format/budget.ts'
import type { Column, Value } from '../../../server/format/format.ts'
import { openMap, previewOf } from '../../../server/format/open.ts'
import { ewkbHex, readWkb, readWkt, shapeOfGeometry, wktOf, type Shape } from '../../../server/format/shape.ts'
import { DoorError } from '../../../server/task-list/doors/error.ts'
import { zip } from '../../../server/task-list/doors/zip.ts'
import { findOgr2ogr, readByGdal, writeByGdal } from './gdal.ts'

const folder = mkdtempSync(join(tmpdir(), 'xiangtu-formats-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const GROUND = { ground: [120.88, 30.98, 121.31, 31.28] as [number, number, number, number], local: null }
const ring = (lon: number, lat: number, side: number) => [[lon, lat], [lon, lat + side], [lon + side, lat + side], [lon + side, lat], [lon, lat]] // prettier-ignore
const holed = { type: 'Polygon', coordinates: [ring(121.05, 31.15, 0.01), ring(121.052, 31.152, 0.002).toReversed()] }
const twofold = { type: 'MultiPolygon', coordinates: [[ring(121.07, 31.15, 0.003)], [ring(121.08, 31.15, 0.003)]] }
const AREAS = {
  type: 'FeatureCollection',
  features: [
    { type: 'Feature', properties: { number: '沈巷-001', kind: '粮田', mu: 12.5, year: 2023 }, geometry: holed },
    { type: 'Feature', properties: { number: '泖塔·溇塍', kind: '常年菜田', mu: 0.25, year: 2022 }, geometry: twofold },
  ],
}
const LINES = {
  type: 'FeatureCollection',
  features: [{ type: 'Feature', properties: { number: '崧泽大道', kind: '县道', mu: 1, year: 2021 }, geometry: { type: 'LineString', coordinates: [[121.1, 31.15], [121.11, 31.16], [121.13, 31.155]] } }], // prettier-ignore
}

const METRES = 111_320
const listsOf = (shape: Shape | null) => (shape ? shape.parts.flat() : [])

/** The farthest that any corner of one lies from its nearest in the other, in metres: rings may begin elsewhere and run the other way. */
function apart(found: Shape | null, wanted: Shape | null, unit = METRES): number {
  const corners = (shape: Shape | null) => listsOf(shape).flatMap((xy) => Array.from({ length: xy.length / 2 }, (_, i) => [xy[i * 2]!, xy[i * 2 + 1]!] as const))
  const [a, b] = [corners(found), corners(wanted)]
  if (a.length !== b.length || a.length === 0) return Infinity
  const far = (from: typeof a, to: typeof a) => Math.max(...from.map(([x, y]) => Math.min(...to.map(([u, v]) => Math.hypot(x - u, y - v)))))
  return Math.max(far(a, b), far(b, a)) * unit
}

async function readAll(file: { name: string; bytes: Uint8Array }, options: object = {}) {
  const opened = await openMap(file, options, folder)
  return { ...opened, features: [...opened.features] }
}

async function landed(file: { name: string; bytes: Uint8Array }, options: object = {}) {
  const preview = await previewOf(file, options, GROUND, folder)
  const read = await readAll(file, options)
  const [best] = preview.guesses
  const change = toLonLat(crsOf(best!.crs)!)
  read.features.forEach(({ shape }) => listsOf(shape).forEach(change))
  return { preview, best: best!, ...read }
}

const SHP_GBK = ['-lco', 'ENCODING=GBK', '-nlt', 'PROMOTE_TO_MULTI']
const KINDS = [
  ['Shapefile in GBK, 4549', 'ESRI Shapefile', 'shp', [...SHP_GBK, '-t_srs', 'EPSG:4549'], 'EPSG:4549'],
  ['Shapefile in GBK, 4528', 'ESRI Shapefile', 'shp', [...SHP_GBK, '-t_srs', 'EPSG:4528'], 'EPSG:4528'],
  ['Shapefile in UTF-8, 4490', 'ESRI Shapefile', 'shp', ['-lco', 'ENCODING=UTF-8', '-t_srs', 'EPSG:4490'], 'EPSG:4490'],
  ['GeoPackage, 4549', 'GPKG', 'gpkg', ['-t_srs', 'EPSG:4549'], 'EPSG:4549'],
  ['GeoPackage, 4510', 'GPKG', 'gpkg', ['-t_srs', 'EPSG:4510'], 'EPSG:4510'],
  ['FlatGeobuf, 4528', 'FlatGeobuf', 'fgb', ['-t_srs', 'EPSG:4528', '-nlt', 'PROMOTE_TO_MULTI'], 'EPSG:4528'],
  ['FlatGeobuf, 4326, without an index', 'FlatGeobuf', 'fgb', ['-lco', 'SPATIAL_INDEX=NO'], 'EPSG:4326'],
  ['GeoJSON, 4549', 'GeoJSON', 'geojson', ['-t_srs', 'EPSG:4549', '-lco', 'COORDINATE_PRECISION=6'], 'EPSG:4549'],
  ['KML', 'KML', 'kml', ['-dsco', 'NameField=number'], 'EPSG:4326'],
  ['DXF, 4549', 'DXF', 'dxf', ['-t_srs', 'EPSG:4549', '-select', ''], 'EPSG:4549'],
  ['CSV with WKT, 4549', 'CSV', 'csv', ['-t_srs', 'EPSG:4549', '-lco', 'GEOMETRY=AS_WKT'], 'EPSG:4549'],
  ['Web Mercator', 'GPKG', 'gpkg', ['-t_srs', 'EPSG:3857'], 'EPSG:3857'],
] as const

describe.skipIf(!findOgr2ogr())('files written by GDAL', () => {
  it.each(KINDS)('should come in to the centimetre: %s', async (_, driver, extension, more, crs) => {
    const file = writeByGdal(AREAS, driver, extension, [...more])
    const { best, features, columns } = await landed(file)
    expect(best).toMatchObject({ crs, swap: false, inside: 1 })
    const wanted = AREAS.features.map(({ geometry }) => shapeOfGeometry(geometry as never))
    // A drawing has each part by itself.
    if (driver === 'DXF') expect(apart({ kind: 'polygon', parts: [features.flatMap(({ shape }) => listsOf(shape))] }, { kind: 'polygon', parts: [wanted.flatMap(listsOf)] })).toBeLessThan(0.01)
    else {
      features.forEach(({ shape }, i) => {
        expect(apart(shape, wanted.find((one) => apart(shape, one) < 1) ?? wanted[i]!)).toBeLessThan(0.01)
        expect(shape!.parts.length).toBe(listsOf(shape).length === 2 && shape!.parts[0]!.length === 2 ? 1 : 2)
      })
      expect(features).toHaveLength(2)
      const texts = features.flatMap(({ values }) => values).map(String)
      expect(texts).toEqual(expect.arrayContaining(['沈巷-001', '泖塔·溇塍', '粮田', '常年菜田']))
      expect(columns.length).toBeGreaterThan(3)
    }
  })

  it('should guess encodings where nothing says them: GBK and UTF-8 without .cpg and with the table’s byte wiped', async () => {
    for (const encoding of ['GBK', 'UTF-8']) {
      const { bytes } = writeByGdal(AREAS, 'ESRI Shapefile', 'shp', ['-lco', `ENCODING=${encoding}`, '-t_srs', 'EPSG:4549'])
      const { unzip } = await import('../../../server/task-list/doors/zip.ts')
      const parts = unzip(bytes, (name) => /\.(shp|dbf)$/.test(name))
      for (const [name, part] of parts) if (name.endsWith('dbf')) part[29] = 0
      const bare = { name: 'x.zip', bytes: zip(parts) }
      const { best, encoding: taken, features } = await landed(bare)
      expect(taken).toBe(encoding === 'GBK' ? 'gb18030' : 'utf-8')
      expect(best).toMatchObject({ crs: 'EPSG:4549', why: 'place' })
      expect(features.flatMap(({ values }) => values)).toContain('泖塔·溇塍')
    }
  })

  it('should read points from CSV and Excel, with degrees, and northing called X', async () => {
    const csv = encode('名称,X坐标,Y坐标\n一号,3448000.5,605000.25\n二号,3448100,605100\n', 'gbk')
    const table = await landed({ name: '点.csv', bytes: csv })
    expect(table.best).toMatchObject({ crs: 'EPSG:4549', swap: true })
    const degrees = await readAll({ name: '点.csv', bytes: Buffer.from('名称,经度,纬度\n甲,121°06′00″,31°15′00″\n') })
    expect([...degrees.features[0]!.shape!.parts[0]![0]!]).toEqual([121.1, 31.25])
  })
})

const COLUMNS: Column[] = [
  { name: '地块编号', type: 'text' },
  { name: '类型', type: 'text' },
  { name: '申报面积', type: 'number' },
  { name: '年度', type: 'whole' },
]

describe.skipIf(!findOgr2ogr())('files written here', () => {
  const CASES = [['shapefile', 'EPSG:4549'], ['shapefile', 'EPSG:4528'], ['geopackage', 'EPSG:4490'], ['geopackage', 'EPSG:4549'], ['geojson', 'EPSG:4528'], ['kml', 'EPSG:4549'], ['dxf', 'EPSG:4528'], ['flatgeobuf', 'EPSG:4549'], ['excel', 'EPSG:4490']] as const // prettier-ignore
  it.each(CASES)('should be read by GDAL, and by ourselves, as they were: %s in %s', async (id, crsId) => {
    const format = formatOf(id)
    const crs = crsOf(format.onlyLonLat ? 'EPSG:4326' : crsId)!
    const unit = crs.kind === 'geographic' ? METRES : 1
    for (const [geometry, collection] of [['polygon', AREAS], ['line', LINES]] as const) { // prettier-ignore
      const features = collection.features.map(({ geometry: shape, properties: { number, kind, mu, year } }) => {
        const own = shapeOfGeometry(shape as never)!
        listsOf(own).forEach(fromLonLat(crs))
        return { shape: own, values: [number, kind, mu, year] as Value[] }
      })
      const written = await format.write!({ name: '地块_演示', geometry, columns: COLUMNS, features, crs, title: '地块编号' }, mkdtempSync(join(folder, 'out-')))
      const own = await readAll({ name: `x.${written.extension}`, bytes: new Uint8Array(written.bytes) })
      const isDrawing = id === 'dxf'
      if (isDrawing) {
        const lines = own.features.filter(({ shape }) => shape!.kind !== 'point').flatMap(({ shape }) => listsOf(shape))
        expect(apart({ kind: 'line', parts: [lines] }, { kind: 'line', parts: [features.flatMap(({ shape }) => listsOf(shape))] }, unit)).toBeLessThan(1e-3)
        expect(own.features.map(({ values }) => values[3])).toEqual(expect.arrayContaining(features.map(({ values }) => values[0])))
      } else {
        own.features.forEach(({ shape, values }, i) => {
          expect(apart(shape, features[i]!.shape, unit)).toBeLessThan(1e-4)
          expect(values.map(String)).toEqual(expect.arrayContaining(features[i]!.values.map(String)))
        })
        if (id !== 'kml' && id !== 'excel') expect(own.crs?.epsg).toBe(crs.epsg)
        expect(own.features).toHaveLength(features.length)
      }
      if (id === 'excel') continue
      const other = readByGdal(written.bytes, written.extension)
      const shapes = other.features.filter((one) => one.geometry && one.geometry.type !== 'Point').map((one) => shapeOfGeometry(one.geometry as never)!)
      expect(apart({ kind: 'line', parts: [shapes.flatMap(listsOf)] }, { kind: 'line', parts: [features.flatMap(({ shape }) => listsOf(shape))] }, unit)).toBeLessThan(1e-3)
      const words = JSON.stringify(other.features.map(({ properties }) => properties))
      for (const { values } of features) expect(words).toContain(String(values[0]))
      if (id === 'shapefile' || id === 'geopackage' || id === 'flatgeobuf') expect(other.features[0]!.properties).toMatchObject({ 地块编号: features[0]!.values[0], 申报面积: features[0]!.values[2], 年度: features[0]!.values[3] })
    }
  })
})

describe('shapes', () => {
  it('should pass through WKB and WKT', () => {
    for (const geometry of [holed, twofold, { type: 'Point', coordinates: [1, 2] }, { type: 'MultiPoint', coordinates: [[1, 2], [3, 4]] }, LINES.features[0]!.geometry]) { // prettier-ignore
      const shape = shapeOfGeometry(geometry as never)!
      expect(readWkb(Buffer.from(ewkbHex(shape), 'hex'))).toEqual(shape)
      expect(readWkt(wktOf(shape))).toEqual(shape)
    }
  })
})

describe('hostile files', () => {
  const refusal = async (bytes: Uint8Array, name = 'x.zip') =>
    readAll({ name, bytes }).then(
      () => 'taken',
      (error: unknown) => (error instanceof DoorError ? error.key : String(error)),
    )
  const text = (words: string) => Buffer.from(words)
  const collection = (geometry: string) => text(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":${geometry}}]}`)
  const goodShp = async () => (await formatOf('shapefile').write!({ name: 'a', geometry: 'polygon', columns: COLUMNS, features: AREAS.features.map(({ geometry }) => ({ shape: shapeOfGeometry(geometry as never), values: ['a', 'b', 1, 2] })), crs: crsOf('EPSG:4490')!, title: '' }, folder)).bytes // prettier-ignore
  const spoilt = async (ending: string, spoil: (part: Buffer) => Buffer | void) => {
    const { unzip } = await import('../../../server/task-list/doors/zip.ts')
    const parts = unzip(await goodShp(), () => true)
    return zip(new Map([...parts].map(([name, part]) => [name, name.endsWith(ending) ? (spoil(Buffer.from(part)) ?? Buffer.from(part)) : part])))
  }
  const spoiltInPlace = (ending: string, spoil: (part: Buffer) => void) => spoilt(ending, (part) => (spoil(part), part))

  it('should be refused for what they are', async () => {
    expect(await refusal(text(''))).toBe('file-empty')
    expect(await refusal(text('AC1032\0\0\0\0'))).toBe('format-unknown')
    expect(await refusal(text('just words'))).toBe('format-unknown')
    expect(await refusal(zip(new Map([['../../etc/passwd.shp', text('x')]])))).toBe('file-damaged')
    expect(await refusal(zip(new Map([['readme.txt', text('x')]])))).toBe('format-unknown')
    // A bomb: what it claims to unpack to is counted before anything is unpacked.
    const bomb = Buffer.from(zip(new Map([['a.shp', Buffer.alloc(1000)]])))
    bomb.writeUInt32LE(0x7fffffff, bomb.lastIndexOf('PK\x01\x02') + 24)
    expect(await refusal(bomb)).toBe('file-too-large')
    expect(await refusal(await spoiltInPlace('.shp', (part) => void part.writeInt32BE(0x3fffffff, 24)))).toBe('file-damaged')
    expect(await refusal(await spoiltInPlace('.shp', (part) => void part.writeInt32LE(0x7fffffff, 108 + 40)))).toBe('file-damaged')
    expect(await refusal(await spoiltInPlace('.dbf', (part) => void part.writeUInt32LE(0x7fffffff, 4)))).toBe('file-damaged')
    expect(await refusal(text('SQLite format 3\0 and nothing else'))).toBe('file-damaged')
    expect(await refusal(Buffer.concat([Buffer.from('fgb\x03fgb\x00', 'latin1'), Buffer.from([0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0])]))).toBe('file-damaged')
    expect(await refusal(text('<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><Placemark><name>&x;</name></Placemark></kml>'))).toBe('file-damaged')
    expect(await refusal(text(`<kml>${'<Folder>'.repeat(1000)}`))).toBe('file-too-long')
    expect(await refusal(text('{"type":"FeatureCollection","features":[{'))).toBe('file-damaged')
    expect(await refusal(text('  0\nSECTION\n  2\nENTITIES\n  0\nLINE\n'))).toBe('file-damaged')
    const sheet = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
    expect(await refusal(zip(new Map([['[Content_Types].xml', text('<Types/>')], ['xl/workbook.xml', text('<workbook/>')], ['xl/worksheets/sheet1.xml', text(sheet)]])))).toBe('file-damaged') // prettier-ignore
  })

  it('should have their features marked where one shape is at fault', async () => {
    const one = async (bytes: Uint8Array) => (await readAll({ name: 'x', bytes })).features[0]!
    expect(await one(collection('{"type":"GeometryCollection","geometries":[{"type":"GeometryCollection","geometries":[]}]}'))).toMatchObject({ shape: null, fault: 'collection' })
    expect(await one(collection('{"type":"Polygon","coordinates":7}'))).toMatchObject({ shape: null, fault: 'broken' })
    const endless = await previewOf({ name: 'x', bytes: collection('{"type":"Point","coordinates":[1e999,"x"]}') }, {}, GROUND, folder)
    expect(endless.faults).toEqual({ 'not-finite': 1 })
    expect(endless.guesses).toEqual([])
  })

  it('should be read within bounds: a million vertices are one feature at fault later, and no more than ten million altogether', async () => {
    const million = `[${Array.from({ length: 1_000_000 }, (_, i) => `[${121 + i / 1e7},31]`).join(',')}]`
    expect((await readAll({ name: 'x', bytes: collection(`{"type":"LineString","coordinates":${million}}`) })).features[0]!.shape!.parts[0]![0]!.length).toBe(2_000_000)
    const budget = new Budget()
    budget.vertices(10_000_000)
    expect(() => budget.vertices(1)).toThrow(DoorError)
  })
})
