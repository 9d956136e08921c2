/** A file's features on their way into a layer: their place in WGS84, their fields, and what is wrong with either. Runs in the thread. */
import { faultOfShape, faultsOf, faultWords, MOST_VERTICES, tidied, type FeatureFault } from '../../geo/layer/check.ts'
import type { Layer } from '../../geo/layer/layer.ts'
import type { Found, ImportChoices } from '../../geo/import/import.ts'
import { propertiesOf } from '../../geo/import/mapping.ts'
import { Boxes, type Span } from '../../geo/import/span.ts'
import { crsOf } from '../../geo/crs/crs.ts'
import { toLonLat, type Transform } from '../../geo/crs/transform.ts'
import type { MapFile, RawFeature, Value } from '../format/format.ts'
import { openMap } from '../format/open.ts'
import { boxOf, eachList, ewkbHex, geometryOf, polygonsOf, verticesOf, windingOf, type Shape } from '../format/shape.ts'
import { storableText } from '../storable.ts'

/** Rows as columns of text, one line a row: what a database takes quickest without a copy protocol. */
export interface Batch {
  rows: number
  keys: string
  properties: string
  shapes: string
  findings: string
}

const BATCH = 2000
const MOST_KEY = 200

export interface StageInput {
  layer: Layer
  choices: ImportChoices
  local: string | null
}

/**
 * Gives the features batch by batch, then which of them may meet each other, span by span; goes on when what came before has been taken.
 */
export async function* staged(file: MapFile, { layer, choices, local }: StageInput, folder: string): AsyncIterable<Batch | Span> {
  const { encoding, part, x, y, crs, swap, fields, key } = choices
  const options = { encoding: encoding ?? undefined, part: part ?? undefined, x: x ?? undefined, y: y ?? undefined }
  const opened = await openMap(file, options, folder)
  const at = new Map(opened.columns.map(({ name }, i) => [name, i]))
  const change = toLonLat(crsOf(crs)!, local)
  const boxes = new Boxes(layer.geometry === 'polygon')
  let [rows, keys, properties, shapes, findings]: [number, string[], string[], string[], string[]] = [0, [], [], [], []]
  for (const raw of opened.features) {
    const valueOf = (column: string): Value => {
      const value = raw.values[at.get(column) ?? -1] ?? null
      return typeof value === 'string' ? storableText(value) : value
    }
    const found: Found[] = []
    const own = propertiesOf(layer, fields, valueOf)
    const misplaced: Found[] = []
    const shape = placed(raw, layer, swap, change, misplaced)
    // Where a layer has ranges, they are held against the line as it will lie.
    for (const fault of faultsOf(layer, own, shape && layer.geometry === 'line' ? geometryOf(shape) : null)) found.push(foundFault('field', layer, fault))
    found.push(...misplaced)
    const named = key === null ? '' : String(valueOf(key) ?? '').replace(/\s+/g, ' ').trim().slice(0, MOST_KEY)
    keys.push(named)
    properties.push(JSON.stringify(found.some(({ finding }) => finding === 'field') ? own : tidied(layer, own)))
    shapes.push(shape ? ewkbHex(shape) : '')
    boxes.add(shape && boxOf(shape), String(own[layer.legend.field] ?? ''))
    findings.push(found.length ? JSON.stringify(found) : '[]')
    if (++rows < BATCH) continue
    yield { rows, keys: keys.join('\n'), properties: properties.join('\n'), shapes: shapes.join('\n'), findings: findings.join('\n') }
    ;[rows, keys, properties, shapes, findings] = [0, [], [], [], []]
  }
  if (rows) yield { rows, keys: keys.join('\n'), properties: properties.join('\n'), shapes: shapes.join('\n'), findings: findings.join('\n') }
  yield* boxes.spans()
}

function foundFault(finding: 'field' | 'shape', layer: Layer, fault: FeatureFault): Found {
  const name = fault.field.replace(/^\/(properties\/)?/, '')
  const field = layer.fields[name]
  const words = (language: 'zh' | 'en') => (finding === 'shape' ? faultWords(fault, language) : `${field?.[language] ?? name} ${faultWords(fault, language)}`)
  return { finding, params: { what: words('zh'), field: name }, en: { what: words('en') } }
}

const FAULT_WORDS = {
  collection: { zh: '混合或嵌套的图形集合', en: 'a mixed or nested collection of shapes' },
  'too-long': { zh: `顶点超过 ${MOST_VERTICES} 个`, en: `more than ${MOST_VERTICES} vertices` },
  broken: { zh: '图形数据残缺', en: 'the shape is broken off' },
  'not-finite': { zh: '坐标不是数字或不在地球上', en: 'coordinates are no numbers, or not on the earth' },
} as const

/** The shape in longitude and latitude; null where there is none, or one that no database should see. */
export function placed({ shape: given, fault }: RawFeature, layer: Layer, swap: boolean, change: Transform, found: Found[]): Shape | null {
  const at = (what: { zh: string; en: string }): null => {
    found.push({ finding: 'shape', params: { what: what.zh }, en: { what: what.en } })
    return null
  }
  if (fault) return at(FAULT_WORDS[fault])
  if (!given) {
    found.push({ finding: 'no-shape', params: {} })
    return null
  }
  if (verticesOf(given) > MOST_VERTICES) return at(FAULT_WORDS['too-long'])
  const shape = asKind(given, layer.geometry)
  let sound = true
  eachList(shape, (xy) => {
    if (swap) for (let i = 0; i < xy.length; i += 2) [xy[i], xy[i + 1]] = [xy[i + 1]!, xy[i]!]
    change(xy)
    for (let i = 0; i < xy.length; i++) sound &&= Number.isFinite(xy[i]!) && Math.abs(xy[i]!) <= (i % 2 ? 85 : 180)
  })
  if (!sound) return at(FAULT_WORDS['not-finite'])
  // Only what is odd is looked at by the check of single features, which wants nested lists.
  if (shape.kind === layer.geometry && shape.parts.every((lists) => lists.every((xy) => isPlain(shape.kind, xy)))) return shape
  const wrong = faultOfShape(layer, geometryOf(shape))
  if (!wrong) return shape
  found.push(foundFault('shape', layer, wrong))
  return null
}

function isPlain(kind: Shape['kind'], xy: Float64Array): boolean {
  if (kind === 'point') return xy.length === 2
  if (kind === 'line') return xy.length >= 4 && xy.some((value, i) => value !== xy[i % 2])
  return xy.length >= 8 && xy[0] === xy.at(-2) && xy[1] === xy.at(-1)
}

/** Closed lines become areas where the layer has areas: drawings know no others. Rings that were left open are closed. */
function asKind(shape: Shape, wanted: Shape['kind']): Shape {
  if (wanted !== 'polygon') return shape
  if (shape.kind === 'line' && shape.parts.every(([xy]) => isPlain('polygon', xy!))) {
    return { kind: 'polygon', parts: polygonsOf(shape.parts.map(([xy]) => xy!), (ring) => windingOf(ring) > 0 || shape.parts.length === 1) } // prettier-ignore
  }
  if (shape.kind !== 'polygon') return shape
  return { kind: 'polygon', parts: shape.parts.map((rings) => rings.map(closed)) }
}

function closed(ring: Float64Array): Float64Array {
  if (ring.length < 6 || (ring[0] === ring.at(-2) && ring[1] === ring.at(-1))) return ring
  const whole = new Float64Array(ring.length + 2)
  whole.set(ring)
  whole.set(ring.subarray(0, 2), ring.length)
  return whole
}
