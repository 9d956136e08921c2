/** What is wrong with a feature's fields and shape, found before the database sees it. Pure; the server refuses by it, a form marks its fields by it. */
import type { Geometry, Position } from 'geojson'
import { chainageWords, pastEnd, rangeWords, type Range } from '../road/chainage.ts'
import type { Line } from '../shape/along.ts'
import { sizeOf } from '../shape/measure.ts'
import { GEOMETRIES, type FeatureProperties, type Field, type Layer } from './layer.ts'

export const FAULTS = {
  unknown: { zh: '没有这个字段', en: 'there is no such field' },
  missing: { zh: '必填', en: 'is needed' },
  'not-text': { zh: '应为不超过 500 字的文字', en: 'must be text of at most 500 characters' },
  'not-number': { zh: '应为数字', en: 'must be a number' },
  'not-whole': { zh: '应为整数', en: 'must be a whole number' },
  'out-of-range': { zh: '应在 {least} 与 {most} 之间', en: 'must lie between {least} and {most}' },
  'not-date': { zh: '应为日期，如 2023-09-30', en: 'must be a date such as 2023-09-30' },
  'not-option': { zh: '不是可选的值', en: 'is none of the options' },
  'not-yes-no': { zh: '应为是或否', en: 'must be yes or no' },
  'not-ranges': { zh: '应为若干“起–止”（米，起小于止）', en: 'must be pairs “from–to” in metres, from before to' },
  'past-end': { zh: '{range} 超出路段终点 {end}（图上长 {length} 米）', en: '{range} runs past the road’s end {end} ({length} m as drawn)' },
  'shape-type': { zh: '此图层只收{types}', en: 'this layer takes {types}' },
  'shape-coordinates': { zh: '坐标应为经纬度（WGS84）数字', en: 'coordinates must be finite lon/lat (WGS84)' },
  'shape-too-long': { zh: '顶点超过 {most} 个', en: 'more than {most} vertices' },
  'shape-ring': { zh: '面的每个环应闭合且至少四点，线至少两点', en: 'rings must be closed with at least four points, lines have at least two' },
  'shape-invalid': { zh: '图形无效：{reason}', en: 'the shape is not valid: {reason}' },
} as const satisfies Record<string, { zh: string; en: string }>
export type Fault = keyof typeof FAULTS

export interface FeatureFault {
  /** A JSON pointer into the feature: `/properties/kind`, `/geometry`. */
  field: string
  fault: Fault
  params: Record<string, string | number>
}

/** More are no parcel or road of one district; and each costs the database time. */
export const MOST_VERTICES = 20_000
const MOST_TEXT = 500
const MOST_RANGES = 200

/** The sentence of a fault. */
export function faultWords({ fault, params }: FeatureFault, language: 'zh' | 'en'): string {
  return FAULTS[fault][language].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))
}

/** What is wrong with the properties, in the order of the layer's fields. `shape`: ranges are held against its length. */
export function faultsOf(layer: Layer, properties: FeatureProperties, shape: Geometry | null = null): FeatureFault[] {
  const length = isLine(shape) ? sizeOf(shape).lengthM : null
  const strays = Object.keys(properties).filter((name) => !Object.hasOwn(layer.fields, name))
  return [
    ...strays.map((name) => ({ field: pointer(name), fault: 'unknown' as const, params: {} })),
    ...Object.entries(layer.fields).flatMap(([name, field]) => {
      const found = faultOf(field, properties[name]) ?? (field.type === 'ranges' && length !== null ? faultOfRanges(properties[name], length) : null)
      return found ? [{ field: pointer(name), params: {}, ...found }] : []
    }),
  ]
}

const isLine = (shape: Geometry | null): shape is Line => shape?.type === 'LineString' || shape?.type === 'MultiLineString'

/** Of ranges that are sound in themselves: the first that runs past the end of the line. */
function faultOfRanges(ranges: unknown, length: number): Pick<FeatureFault, 'fault' | 'params'> | null {
  const past = Array.isArray(ranges) ? pastEnd(ranges as Range[], length) : undefined
  return past ? { fault: 'past-end', params: { range: rangeWords(past), end: chainageWords(length), length: Math.round(length) } } : null
}

const pointer = (name: string) => `/properties/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`

function faultOf({ type, required, options = {}, least, most }: Field, value: unknown): Pick<FeatureFault, 'fault'> & { params?: FeatureFault['params'] } | null {
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) return required ? { fault: 'missing' } : null
  const isOption = (one: unknown) => typeof one === 'string' && Object.hasOwn(options, one)
  switch (type) {
    case 'text':
      return typeof value === 'string' && value.length <= MOST_TEXT ? null : { fault: 'not-text' }
    case 'number':
    case 'whole': {
      if (typeof value !== 'number' || !Number.isFinite(value)) return { fault: 'not-number' }
      if (type === 'whole' && !Number.isSafeInteger(value)) return { fault: 'not-whole' }
      return value < (least ?? -Infinity) || value > (most ?? Infinity) ? { fault: 'out-of-range', params: { least: least ?? '−∞', most: most ?? '∞' } } : null
    }
    case 'date':
      return typeof value === 'string' && isDay(value) ? null : { fault: 'not-date' }
    case 'choice':
      return isOption(value) ? null : { fault: 'not-option' }
    case 'choices':
      return Array.isArray(value) && value.every(isOption) && new Set(value).size === value.length ? null : { fault: 'not-option' }
    case 'yes-no':
      return typeof value === 'boolean' ? null : { fault: 'not-yes-no' }
    case 'ranges':
      return Array.isArray(value) && value.length <= MOST_RANGES && value.every(isRange) ? null : { fault: 'not-ranges' }
  }
}

function isDay(text: string): boolean {
  const [, y, m, d] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []
  if (!y) return false
  const day = new Date(Date.UTC(Number(y), Number(m) - 1, Number(d)))
  return day.getUTCMonth() === Number(m) - 1 && day.getUTCDate() === Number(d)
}

const isRange = (pair: unknown): boolean =>
  Array.isArray(pair) && pair.length === 2 && pair.every((end) => typeof end === 'number' && Number.isFinite(end) && end >= 0) && (pair[0] as number) < (pair[1] as number)

/** The properties as they are stored: values without content left out, text trimmed. */
export function tidied(layer: Layer, properties: FeatureProperties): FeatureProperties {
  const kept: FeatureProperties = {}
  for (const name of Object.keys(layer.fields)) {
    const given = properties[name]
    const value = typeof given === 'string' ? given.trim() : given
    if (value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)) kept[name] = value
  }
  return kept
}

/** What is wrong with a shape, as far as one can tell without overlaying; null: nothing. Whether rings cross is the database's to say. */
export function faultOfShape(layer: Layer, shape: Geometry): FeatureFault | null {
  const fault = (key: Fault, params: FeatureFault['params'] = {}): FeatureFault => ({ field: '/geometry', fault: key, params })
  const { types } = GEOMETRIES[layer.geometry]
  if (!(types as readonly string[]).includes(shape?.type)) return fault('shape-type', { types: types.join(', ') })
  const lines = linesOf(shape)
  if (!lines || lines.length === 0 || !lines.flat().every(isPlace)) return fault('shape-coordinates')
  const vertices = lines.reduce((sum, line) => sum + line.length, 0)
  if (vertices > MOST_VERTICES) return fault('shape-too-long', { most: MOST_VERTICES })
  const isSound = layer.geometry === 'point' ? (line: Position[]) => line.length > 0 : layer.geometry === 'line' ? isPath : isRing
  return lines.every(isSound) ? null : fault('shape-ring')
}

/** The lines, rings or points of a shape as lists of positions; null where it is not built as its type says. */
function linesOf(shape: Geometry): Position[][] | null {
  const depth = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3, GeometryCollection: -1 }[shape.type]
  const lists = (value: unknown, levels: number): Position[][] | null => {
    if (levels === 0) return [[value as Position]]
    if (!Array.isArray(value) || value.length === 0) return null
    if (levels === 1) return [value as Position[]]
    const inner = value.map((one) => lists(one, levels - 1))
    return inner.some((one) => one === null) ? null : (inner as Position[][][]).flat()
  }
  return depth < 0 ? null : lists((shape as { coordinates?: unknown }).coordinates, depth)
}

const isPlace = (place: unknown): boolean =>
  Array.isArray(place) &&
  (place.length === 2 || place.length === 3) &&
  place.every((one) => typeof one === 'number' && Number.isFinite(one)) &&
  Math.abs(place[0] as number) <= 180 &&
  // The tiles' projection ends there.
  Math.abs(place[1] as number) <= 85

const same = (a: Position | undefined, b: Position | undefined) => a?.[0] === b?.[0] && a?.[1] === b?.[1]
const isPath = (line: Position[]) => line.length >= 2 && line.some((place) => !same(place, line[0]))
const isRing = (ring: Position[]) => ring.length >= 4 && same(ring[0], ring.at(-1))
