/** GeoPackage: an SQLite file, opened by the engine that Node brings. Read only, without extensions, in a folder that goes away with the thread. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { crsOfEpsg } from '../../geo/crs/crs.ts'
import { prjOf, readPrj } from '../../geo/crs/prj.ts'
import { damaged, DoorError } from '../task-list/doors/error.ts'
import type { Column, Format, RawFeature, Value, Writing } from './format.ts'
import { MAP_LIMITS } from './limits.ts'
import { eachList, readWkb, wkbOf, type Shape } from './shape.ts'

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
const broken = (detail: string) => new DoorError('file-damaged', { format: 'GeoPackage', detail })

export const geopackage: Format = {
  id: 'geopackage',
  recognises: ({ kind }) => kind === 'sqlite',
  read({ bytes }, _, options, folder) {
    const path = join(folder, 'in.gpkg')
    writeFileSync(path, bytes)
    try {
      const database = new DatabaseSync(path, { readOnly: true })
      database.exec('pragma trusted_schema = off; pragma cell_size_check = on; pragma query_only = on')
      const tables = database
        .prepare(
          `select c.table_name as name, g.column_name as shape, s.organization as organization, s.organization_coordsys_id as code, s.definition as definition, s.srs_name as srs
           from gpkg_contents c join gpkg_geometry_columns g on g.table_name = c.table_name left join gpkg_spatial_ref_sys s on s.srs_id = g.srs_id
           where c.data_type = 'features' order by c.table_name limit 1000`,
        )
        .all() as { name: string; shape: string; organization: string | null; code: number | null; definition: string | null; srs: string | null }[]
      if (tables.length === 0) throw broken('no table of features')
      const table = tables.find(({ name }) => name === options.part) ?? tables[0]!
      const named = table.definition ? readPrj(String(table.definition)) : null
      const info = database.prepare(`pragma table_info(${quoted(table.name)})`).all() as { name: string; type: string; pk: number }[]
      const own = info.filter(({ name, pk }) => name !== table.shape && pk === 0)
      if (own.length > MAP_LIMITS.fields) throw new DoorError('file-too-long', { limit: MAP_LIMITS.fields, what: 'columns' })
      const columns = own.map(({ name, type }): Column => ({ name, type: typeOf(type) }))
      return {
        columns,
        features: rows(database, table.name, table.shape, columns),
        crs: (/^epsg$/i.test(table.organization ?? '') && table.code !== null ? crsOfEpsg(Number(table.code)) : undefined) ?? named?.crs,
        crsName: named?.name ?? (table.srs ? String(table.srs) : null),
        oldDatum: named?.oldDatum ?? null,
        encoding: null,
        parts: tables.map(({ name }) => name),
        part: table.name,
      }
    } catch (error) {
      throw damaged('GeoPackage', error)
    }
  },
  write,
}

function typeOf(declared: string): Column['type'] {
  if (/^(TINY|SMALL|MEDIUM|BIG)?INT(EGER)?\b/i.test(declared)) return 'whole'
  if (/REAL|DOUBLE|FLOAT/i.test(declared)) return 'number'
  return /^BOOL/i.test(declared) ? 'yes-no' : /^DATE$/i.test(declared) ? 'date' : 'text'
}

function* rows(database: DatabaseSync, table: string, shape: string, columns: Column[]): Iterable<RawFeature> {
  try {
    const statement = database.prepare(`select ${[shape, ...columns.map(({ name }) => name)].map(quoted).join(', ')} from ${quoted(table)}`)
    statement.setReadBigInts(false)
    for (const row of statement.iterate() as Iterable<Record<string, unknown>>) {
      const blob = row[shape]
      const values = columns.map(({ name, type }) => valueOf(row[name], type))
      yield { ...shapeOf(blob), values }
    }
  } catch (error) {
    throw damaged('GeoPackage', error)
  } finally {
    database.close()
  }
}

function shapeOf(blob: unknown): Omit<RawFeature, 'values'> {
  if (!(blob instanceof Uint8Array)) return { shape: null }
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength)
  if (bytes.length < 8 || bytes[0] !== 0x47 || bytes[1] !== 0x50) return { shape: null, fault: 'broken' }
  const flags = bytes[3]!
  if (flags & 0x10) return { shape: null }
  const envelope = [0, 32, 48, 48, 64][(flags >> 1) & 7]
  if (envelope === undefined) return { shape: null, fault: 'broken' }
  try {
    return { shape: readWkb(bytes, 8 + envelope) }
  } catch (error) {
    return { shape: null, fault: error instanceof DoorError && error.key === 'shape-unknown' ? 'collection' : 'broken' }
  }
}

function valueOf(value: unknown, type: Column['type']): Value {
  if (value === null || value === undefined || value instanceof Uint8Array) return null
  if (type === 'yes-no') return Boolean(value)
  return typeof value === 'number' ? value : String(value as string).slice(0, MAP_LIMITS.text)
}

const TYPES = { text: 'TEXT', number: 'DOUBLE', whole: 'INTEGER', 'yes-no': 'BOOLEAN', date: 'DATE' } as const

function write({ name, geometry, columns, features, crs }: Writing, folder: string) {
  const path = join(folder, 'out.gpkg')
  const database = new DatabaseSync(path)
  const srs = crs.epsg!
  const isMulti = features.some(({ shape }) => (shape?.parts.length ?? 0) > 1)
  const type = `${isMulti ? 'MULTI' : ''}${geometry === 'line' ? 'LINESTRING' : geometry.toUpperCase()}`
  database.exec(`
    pragma application_id = 0x47504b47; pragma user_version = 10300; pragma journal_mode = off; pragma synchronous = off;
    create table gpkg_spatial_ref_sys (srs_name text not null, srs_id integer not null primary key, organization text not null, organization_coordsys_id integer not null, definition text not null, description text);
    create table gpkg_contents (table_name text not null primary key, data_type text not null, identifier text unique, description text default '', last_change datetime not null default (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
      min_x double, min_y double, max_x double, max_y double, srs_id integer references gpkg_spatial_ref_sys(srs_id));
    create table gpkg_geometry_columns (table_name text not null, column_name text not null, geometry_type_name text not null, srs_id integer not null references gpkg_spatial_ref_sys(srs_id), z tinyint not null, m tinyint not null,
      primary key (table_name, column_name));
    insert into gpkg_spatial_ref_sys values ('Undefined cartesian', -1, 'NONE', -1, 'undefined', null), ('Undefined geographic', 0, 'NONE', 0, 'undefined', null);`)
  const system = database.prepare('insert or ignore into gpkg_spatial_ref_sys values (?, ?, ?, ?, ?, null)')
  system.run('WGS 84', 4326, 'EPSG', 4326, prjOf({ id: 'EPSG:4326', kind: 'geographic', zh: '', en: '', epsg: 4326 }))
  system.run(crs.en, srs, 'EPSG', srs, prjOf(crs))
  const own = columns.map((column) => `${quoted(column.name)} ${TYPES[column.type]}`)
  database.exec(`create table ${quoted(name)} (fid integer primary key autoincrement not null, geom ${type}${own.map((one) => `, ${one}`).join('')})`)
  database.prepare('insert into gpkg_geometry_columns values (?, ?, ?, ?, 0, 0)').run(name, 'geom', type, srs)
  const insert = database.prepare(`insert into ${quoted(name)} (geom${columns.map((column) => `, ${quoted(column.name)}`).join('')}) values (?${', ?'.repeat(columns.length)})`)
  const whole: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  database.exec('begin')
  for (const { shape, values } of features) insert.run(shape && blobOf(shape, srs, isMulti, whole), ...values.map((value) => (typeof value === 'boolean' ? Number(value) : value)))
  const box = Number.isFinite(whole[0]) ? whole : [null, null, null, null]
  database.prepare("insert into gpkg_contents (table_name, data_type, identifier, min_x, min_y, max_x, max_y, srs_id) values (?, 'features', ?, ?, ?, ?, ?, ?)").run(name, name, ...box, srs)
  database.exec('commit')
  database.close()
  return { bytes: new Uint8Array(readFileSync(path)), extension: 'gpkg', type: 'application/geopackage+sqlite3' }
}

function blobOf(shape: Shape, srs: number, multi: boolean, whole: [number, number, number, number]): Buffer {
  const box = [Infinity, -Infinity, Infinity, -Infinity] as [number, number, number, number]
  eachList(shape, (xy) => {
    for (let i = 0; i < xy.length; i += 2) {
      box[0] = Math.min(box[0], xy[i]!)
      box[1] = Math.max(box[1], xy[i]!)
      box[2] = Math.min(box[2], xy[i + 1]!)
      box[3] = Math.max(box[3], xy[i + 1]!)
    }
  })
  whole[0] = Math.min(whole[0], box[0])
  whole[1] = Math.min(whole[1], box[2])
  whole[2] = Math.max(whole[2], box[1])
  whole[3] = Math.max(whole[3], box[3])
  const head = Buffer.alloc(40)
  head.write('GP', 0, 'latin1')
  head[3] = 0b0000_0011
  head.writeInt32LE(srs, 4)
  box.forEach((value, i) => head.writeDoubleLE(value, 8 + i * 8))
  return Buffer.concat([head, wkbOf(shape, multi)])
}
