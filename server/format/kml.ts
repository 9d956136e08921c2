/** KML and KMZ: WGS84 by definition. Read as a stream of tags, so that neither depth nor size builds anything; a DOCTYPE, which entities need, is refused. */
import { SaxesParser } from 'saxes'
import { WGS84 } from '../../geo/crs/crs.ts'
import type { LayerGeometry } from '../../geo/layer/layer.ts'
import { damaged, DoorError } from '../task-list/doors/error.ts'
import { unzip } from '../task-list/doors/zip.ts'
import type { Column, Format, Look, RawFeature, Value, Writing } from './format.ts'
import { MAP_LIMITS } from './limits.ts'
import type { Shape } from './shape.ts'
import { decodeMapText, mustBeShort } from './text.ts'

const isKml = (name: string) => /\.kml$/i.test(name) && !/(^|\/)__MACOSX\//.test(name)

export const kml: Format = {
  id: 'kml',
  onlyLonLat: true,
  recognises: ({ kind, entries, head }) => (kind === 'zip' && entries.some(isKml)) || (kind === 'text' && /<kml[\s>]|<(\w+:)?Placemark[\s>]/i.test(head)),
  read({ bytes }, look, options) {
    const xml = kmlOf(bytes, look)
    mustBeShort(xml)
    const declared = /^[^<]*<\?xml[^>]*encoding\s*=\s*["']([\w-]+)["']/i.exec(Buffer.from(xml.buffer, xml.byteOffset, Math.min(xml.length, 200)).toString('latin1'))?.[1]
    const { text, encoding } = decodeMapText(xml, options.encoding, declared)
    const { columns, features } = placemarks(text)
    return { columns, features, crs: WGS84, crsName: 'WGS 84', oldDatum: null, encoding, parts: [], part: null }
  },
  write,
}

function kmlOf(bytes: Uint8Array, { kind, entries }: Look): Uint8Array {
  if (kind !== 'zip') return bytes
  const name = entries.find((one) => /^doc\.kml$/i.test(one)) ?? entries.find(isKml)!
  return unzip(bytes, (one) => one === name, MAP_LIMITS.unpackedBytes).get(name)!
}

interface Mark {
  named: Map<string, string>
  parts: { kind: LayerGeometry; rings: Float64Array[] }[]
  unknown: boolean
}

const SKIPPED = new Set(['Model', 'Track', 'MultiTrack'])

function placemarks(text: string): { columns: Column[]; features: RawFeature[] } {
  const marks: Mark[] = []
  const names = new Map<string, number>()
  let mark: Mark | null = null
  let rings: Float64Array[] | null = null
  let datum: string | null = null
  let words = ''
  let vertices = 0
  const open: string[] = []
  const local = (name: string) => name.slice(name.indexOf(':') + 1)
  const put = (name: string, value: string) => {
    const given = value.trim().slice(0, MAP_LIMITS.text)
    if (!mark || given === '') return
    if (!names.has(name) && names.size >= MAP_LIMITS.fields) throw new DoorError('file-too-long', { limit: MAP_LIMITS.fields, what: 'columns' })
    names.set(name, names.get(name) ?? names.size)
    mark.named.set(name, given)
  }
  const parser = new SaxesParser({ xmlns: false as const })
  parser.on('doctype', () => {
    throw new DoorError('file-damaged', { format: 'KML', detail: 'a DOCTYPE is not taken' })
  })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name: full, attributes }) => {
    const name = local(full)
    if (open.push(name) > MAP_LIMITS.depth * 2) throw new DoorError('file-too-long', { limit: MAP_LIMITS.depth * 2, what: 'depth' })
    words = ''
    if (name === 'Placemark') mark = { named: new Map(), parts: [], unknown: false }
    else if (name === 'Polygon') rings = []
    else if (name === 'Data' || name === 'SimpleData') datum = String((attributes as Record<string, string>).name ?? '')
    else if (SKIPPED.has(name) && mark) mark.unknown = true
  })
  parser.on('text', (part) => (words += part))
  parser.on('cdata', (part) => (words += part))
  parser.on('closetag', ({ name: full }) => {
    const name = local(full)
    open.pop()
    const parent = open.at(-1)
    if (name === 'coordinates' && mark) {
      const xy = coordinates(words)
      vertices += xy.length / 2
      if (vertices > MAP_LIMITS.vertices) throw new DoorError('file-too-long', { limit: MAP_LIMITS.vertices, what: 'vertices' })
      if (parent === 'Point') mark.parts.push({ kind: 'point', rings: [xy.subarray(0, 2)] })
      else if (parent === 'LineString') mark.parts.push({ kind: 'line', rings: [xy] })
      else if (parent === 'LinearRing' && rings) rings.push(xy)
    } else if (name === 'Polygon' && mark && rings) {
      if (rings.length) mark.parts.push({ kind: 'polygon', rings })
      rings = null
    } else if (name === 'SimpleData' && datum !== null) {
      put(datum, words)
      datum = null
    } else if (name === 'value' && datum !== null) put(datum, words)
    else if (name === 'Data') datum = null
    else if ((name === 'name' || name === 'description') && parent === 'Placemark') put(name, words)
    else if (name === 'Placemark' && mark) {
      marks.push(mark)
      if (marks.length > MAP_LIMITS.features) throw new DoorError('file-too-long', { limit: MAP_LIMITS.features, what: 'features' })
      mark = null
    }
    words = ''
  })
  try {
    parser.write(text).close()
  } catch (error) {
    throw damaged('KML', error)
  }
  const columns = [...names.keys()].map((name): Column => ({ name, type: 'text' }))
  return { columns, features: marks.map((one) => featureOf(one, columns)) }
}

function featureOf({ named, parts, unknown }: Mark, columns: Column[]): RawFeature {
  const values = columns.map(({ name }): Value => named.get(name) ?? null)
  const kinds = new Set(parts.map(({ kind }) => kind))
  if (unknown || kinds.size > 1) return { shape: null, values, fault: 'collection' }
  const [kind] = kinds
  const shape: Shape | null = kind === undefined ? null : { kind, parts: parts.map(({ rings }) => rings) }
  return { shape, values }
}

function coordinates(text: string): Float64Array {
  const tuples = text.trim().split(/\s+/)
  const xy = new Float64Array(tuples.length * 2)
  tuples.forEach((tuple, i) => {
    const [x, y] = tuple.split(',')
    xy[i * 2] = x ? Number(x) : NaN
    xy[i * 2 + 1] = y ? Number(y) : NaN
  })
  return xy
}

// eslint-disable-next-line no-control-regex -- what XML cannot hold
const escaped = (text: string) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

function write({ name, columns, features, title }: Writing) {
  const list = (xy: Float64Array) => Array.from({ length: xy.length / 2 }, (_, i) => `${degrees(xy[i * 2]!)},${degrees(xy[i * 2 + 1]!)}`).join(' ')
  const part = (kind: LayerGeometry, rings: Float64Array[]) => {
    if (kind === 'point') return `<Point><coordinates>${list(rings[0]!)}</coordinates></Point>`
    if (kind === 'line') return `<LineString><coordinates>${list(rings[0]!)}</coordinates></LineString>`
    return `<Polygon>${rings.map((ring, i) => `<${i ? 'inner' : 'outer'}BoundaryIs><LinearRing><coordinates>${list(ring)}</coordinates></LinearRing></${i ? 'inner' : 'outer'}BoundaryIs>`).join('')}</Polygon>`
  }
  const at = columns.findIndex((column) => column.name === title)
  const lines = features.map(({ shape, values }) => {
    const data = columns.flatMap((column, i) => (values[i] === null || values[i] === undefined ? [] : [`<Data name="${escaped(column.name)}"><value>${escaped(String(values[i]))}</value></Data>`]))
    const shapes = shape ? shape.parts.map((rings) => part(shape.kind, rings)) : []
    return `<Placemark><name>${escaped(String(values[at] ?? ''))}</name><ExtendedData>${data.join('')}</ExtendedData>${shapes.length > 1 ? `<MultiGeometry>${shapes.join('')}</MultiGeometry>` : (shapes[0] ?? '')}</Placemark>`
  })
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>${escaped(name)}</name>\n${lines.join('\n')}\n</Document></kml>\n`
  return { bytes: Buffer.from(text), extension: 'kml', type: 'application/vnd.google-earth.kml+xml' }
}

const degrees = (value: number) => String(Math.round(value * 1e10) / 1e10)
