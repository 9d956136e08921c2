import { crsOfEpsg, WGS84, type Crs } from '../../geo/crs/crs.ts'
import { damaged, DoorError } from '../task-list/doors/error.ts'
import type { Column, ColumnType, Format, RawFeature, Value } from './format.ts'
import { MAP_LIMITS } from './limits.ts'
import { geometryOf, shapeOfGeometry } from './shape.ts'
import { decodeMapText, mustBeShort } from './text.ts'

interface JsonFeature {
  type?: unknown
  geometry?: { type: string } | null
  properties?: Record<string, unknown> | null
}

/** RFC 7946, and the older kind that names another coordinate system; text in GB18030 too, as desktop software writes it. */
export const geojson: Format = {
  id: 'geojson',
  recognises: ({ kind, head }) => kind === 'text' && /^\s*\{/.test(head),
  read({ bytes }, _, options) {
    mustBeShort(bytes)
    const { text, encoding } = decodeMapText(bytes, options.encoding)
    let input: Record<string, unknown>
    try {
      input = JSON.parse(text) as Record<string, unknown>
    } catch (error) {
      throw damaged('GeoJSON', error)
    }
    const given = input.type === 'FeatureCollection' ? input.features : input.type === 'Feature' ? [input] : [{ type: 'Feature', geometry: input, properties: {} }]
    if (!Array.isArray(given)) throw new DoorError('file-damaged', { format: 'GeoJSON', detail: 'features must be a list' })
    const features = given as JsonFeature[]
    const columns = columnsOf(features)
    const crsName = (input.crs as { properties?: { name?: unknown } } | null | undefined)?.properties?.name
    const crs = typeof crsName === 'string' ? crsNamed(crsName) : undefined
    return {
      columns,
      features: rows(features, columns),
      // Without a word the standard means WGS84; many files do not keep to it, so that it is a guess like any other.
      crs: crsName === undefined ? undefined : crs,
      crsName: typeof crsName === 'string' ? crsName.slice(0, 100) : null,
      oldDatum: null,
      encoding,
      parts: [],
      part: null,
    }
  },
  write({ columns, features, crs }) {
    const head = `{"type":"FeatureCollection",${crs.epsg === WGS84.epsg ? '' : `"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::${crs.epsg}"}},`}"features":[\n`
    // A hundredth of a millimetre, in degrees or in metres.
    const digits = crs.kind === 'geographic' ? 10 : 5
    const lines = features.map(({ shape, values }) =>
      JSON.stringify({ type: 'Feature', properties: Object.fromEntries(columns.map(({ name }, i) => [name, values[i] ?? null])), geometry: shape && geometryOf(shape, digits) }),
    )
    return { bytes: Buffer.from(`${head}${lines.join(',\n')}\n]}\n`), extension: 'geojson', type: 'application/geo+json' }
  },
}

function crsNamed(name: string): Crs | undefined {
  if (/CRS84|CRS:84/i.test(name)) return WGS84
  const epsg = /EPSG:{1,2}(?:[\d.]*:)?(\d{4,6})$/i.exec(name)?.[1]
  return epsg ? crsOfEpsg(Number(epsg)) : undefined
}

function columnsOf(features: readonly JsonFeature[]): Column[] {
  const types = new Map<string, ColumnType | null>()
  for (const feature of features) {
    const properties = typeof feature?.properties === 'object' && feature.properties !== null ? feature.properties : {}
    for (const [name, value] of Object.entries(properties)) {
      if (!types.has(name) && types.size >= MAP_LIMITS.fields) throw new DoorError('file-too-long', { limit: MAP_LIMITS.fields, what: 'columns' })
      types.set(name, together(types.get(name) ?? null, value))
    }
  }
  return [...types].map(([name, type]) => ({ name, type: type ?? 'text' }))
}

/** The type of a column that has this value too. */
export function together(before: ColumnType | null, value: unknown): ColumnType | null {
  if (value === null || value === undefined) return before
  const own: ColumnType = typeof value === 'boolean' ? 'yes-no' : typeof value === 'number' ? (Number.isInteger(value) ? 'whole' : 'number') : 'text'
  if (before === null || before === own) return own
  return (before === 'whole' && own === 'number') || (before === 'number' && own === 'whole') ? 'number' : 'text'
}

function* rows(features: readonly JsonFeature[], columns: Column[]): Iterable<RawFeature> {
  for (const feature of features) {
    if (typeof feature !== 'object' || feature === null) throw new DoorError('file-damaged', { format: 'GeoJSON', detail: 'a feature is no object' })
    const values = columns.map(({ name }) => valueOf(feature.properties && Object.hasOwn(feature.properties, name) ? feature.properties[name] : null))
    yield { ...shapeIn(feature), values }
  }
}

function shapeIn({ geometry }: JsonFeature): Omit<RawFeature, 'values'> {
  if (!geometry) return { shape: null }
  try {
    return { shape: shapeOfGeometry(geometry as never) }
  } catch (error) {
    if (error instanceof DoorError && error.key === 'shape-unknown') return { shape: null, fault: 'collection' }
    if (error instanceof DoorError) return { shape: null, fault: 'broken' }
    throw error
  }
}

function valueOf(value: unknown): Value {
  if (value === null || value === undefined) return null
  if (typeof value === 'object') return JSON.stringify(value).slice(0, MAP_LIMITS.text)
  return typeof value === 'string' ? value.slice(0, MAP_LIMITS.text) : (value as number | boolean)
}
