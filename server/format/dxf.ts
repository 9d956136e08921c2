/**
 * DXF as text: what surveyors send. Points, lines, polylines (arcs drawn as short chords), circles, hatches and texts of the drawing itself; blocks
 * stand as points where they were put. It says nothing of its coordinate system, so that a person has to.
 */
import { encode } from 'iconv-lite'
import { DoorError } from '../task-list/doors/error.ts'
import type { Column, Format, RawFeature, Value, Writing } from './format.ts'
import { MAP_LIMITS } from './limits.ts'
import { polygonsOf, type Shape } from './shape.ts'
import { decodeMapText, mustBeShort } from './text.ts'

const COLUMNS: Column[] = [
  { name: 'Layer', type: 'text' },
  { name: 'Entity', type: 'text' },
  { name: 'Handle', type: 'text' },
  { name: 'Text', type: 'text' },
]

export const dxf: Format = {
  id: 'dxf',
  recognises: ({ kind, head }) => kind === 'text' && /^(\s*999\r?\n[^\n]*\n)*\s*0\s*\r?\n\s*SECTION\b/.test(head),
  read({ bytes }, { head }, options) {
    mustBeShort(bytes)
    const page = /\$DWGCODEPAGE\s*\r?\n\s*3\s*\r?\n\s*(\S+)/.exec(head)?.[1]
    const version = /\$ACADVER\s*\r?\n\s*1\s*\r?\n\s*AC(\d+)/.exec(head)?.[1]
    // Since 2007 texts are UTF-8, whatever the code page says.
    const { text, encoding } = decodeMapText(bytes, options.encoding, version && Number(version) >= 1021 ? undefined : page)
    return { columns: COLUMNS, features: entities(text), crs: undefined, crsName: null, oldDatum: null, encoding, parts: [], part: null }
  },
  write,
}

interface Group {
  code: number
  value: string
}

function* groups(text: string): Generator<Group> {
  let at = 0
  const line = () => {
    if (at >= text.length) return null
    let end = text.indexOf('\n', at)
    if (end < 0) end = text.length
    const found = text.slice(at, end).replace(/\r$/, '')
    at = end + 1
    return found
  }
  for (;;) {
    const code = line()
    const value = line()
    if (code === null || value === null) return
    if (!/^\s*\d{1,4}\s*$/.test(code)) {
      if (code.trim() === '' && value.trim() === '') continue
      throw new DoorError('file-damaged', { format: 'DXF', detail: `a group code was expected, not “${code.trim().slice(0, 40)}”` })
    }
    yield { code: Number(code), value }
  }
}

interface Entity {
  type: string
  groups: Group[]
}

function* entities(text: string): Iterable<RawFeature> {
  let section = ''
  let current: Entity | null = null
  let polyline: { entity: Entity; vertices: Entity[] } | null = null
  let waits = false
  const finished = (): RawFeature | null => {
    const entity = current
    current = null
    if (!entity) return null
    if (entity.type === 'POLYLINE') {
      polyline = { entity, vertices: [] }
      return null
    }
    if (entity.type === 'VERTEX' && polyline) {
      polyline.vertices.push(entity)
      return null
    }
    if (entity.type === 'SEQEND') {
      const done = polyline
      polyline = null
      return done && featureOf(done.entity, polylineOf(done.entity, done.vertices))
    }
    const shape = shapeOf(entity)
    return shape === undefined ? null : featureOf(entity, shape)
  }
  for (const { code, value } of groups(text)) {
    if (code === 0) {
      const feature = section === 'ENTITIES' ? finished() : null
      if (feature) yield feature
      const type = value.trim()
      waits = type === 'SECTION'
      if (type === 'ENDSEC') section = ''
      else if (section === 'ENTITIES' && !waits) current = { type, groups: [] }
      if (type === 'EOF') return
    } else if (waits && code === 2) {
      section = value.trim()
      waits = false
    } else if (current) {
      current.groups.push({ code, value })
      if (current.groups.length > 200_000) throw new DoorError('file-too-long', { limit: 200_000, what: 'groups' })
    }
  }
  throw new DoorError('file-damaged', { format: 'DXF', detail: 'ends without EOF' })
}

const textOf = ({ groups: all }: Entity, code: number) => all.find((group) => group.code === code)?.value.trim()
const numberOf = (entity: Entity, code: number, otherwise = NaN) => {
  const text = textOf(entity, code)
  return text === undefined || text === '' ? otherwise : Number(text)
}

/** Undefined: nothing that a layer could hold. */
function shapeOf(entity: Entity): Shape | null | undefined {
  const at = (x: number, y: number): [number, number] => [numberOf(entity, x), numberOf(entity, y)]
  switch (entity.type) {
    case 'POINT':
    case 'INSERT':
    case 'TEXT':
    case 'MTEXT':
      return { kind: 'point', parts: [[Float64Array.from(at(10, 20))]] }
    case 'LINE':
      return { kind: 'line', parts: [[Float64Array.from([...at(10, 20), ...at(11, 21)])]] }
    case 'LWPOLYLINE': {
      const corners = cornersOf(entity.groups)
      return lineOf(corners, (numberOf(entity, 70, 0) & 1) === 1)
    }
    case 'CIRCLE': {
      const [x, y] = at(10, 20)
      return lineOf([{ x: x - numberOf(entity, 40), y, bulge: 1 }, { x: x + numberOf(entity, 40), y, bulge: 1 }], true) // prettier-ignore
    }
    case 'ARC': {
      const [[x, y], radius] = [at(10, 20), numberOf(entity, 40)]
      const [from, to] = [(numberOf(entity, 50) * Math.PI) / 180, (numberOf(entity, 51) * Math.PI) / 180]
      const angle = (to - from + 2 * Math.PI) % (2 * Math.PI)
      const end = (a: number) => ({ x: x + radius * Math.cos(a), y: y + radius * Math.sin(a) })
      return lineOf([{ ...end(from), bulge: Math.tan(angle / 4) }, { ...end(to), bulge: 0 }], false)
    }
    case 'HATCH':
      return hatchOf(entity.groups)
    default:
      return undefined
  }
}

interface Corner {
  x: number
  y: number
  /** The tangent of a quarter of the arc's angle to the next corner; 0: straight. */
  bulge: number
}

function cornersOf(all: readonly Group[]): Corner[] {
  const corners: Corner[] = []
  for (const { code, value } of all) {
    if (code === 10) corners.push({ x: Number(value), y: NaN, bulge: 0 })
    else if (code === 20 && corners.length) corners.at(-1)!.y = Number(value)
    else if (code === 42 && corners.length) corners.at(-1)!.bulge = Number(value)
  }
  return corners
}

function polylineOf(entity: Entity, vertices: Entity[]): Shape | null | undefined {
  const flags = numberOf(entity, 70, 0)
  // Meshes are no lines.
  if (flags & 80) return undefined
  const corners = vertices.filter((one) => !(numberOf(one, 70, 0) & 16)).map((one) => ({ x: numberOf(one, 10), y: numberOf(one, 20), bulge: numberOf(one, 42, 0) }))
  return lineOf(corners, (flags & 1) === 1)
}

/** Degrees of an arc that one chord stands for. */
const CHORD = (5 * Math.PI) / 180

function lineOf(corners: Corner[], closed: boolean): Shape | null {
  const xy = curveOf(corners, closed)
  return xy.length < 4 ? null : { kind: 'line', parts: [[xy]] }
}

function curveOf(corners: Corner[], closed: boolean): Float64Array {
  const places: number[] = []
  corners.forEach(({ x, y, bulge }, i) => {
    places.push(x, y)
    const next = corners[i + 1] ?? (closed ? corners[0] : undefined)
    if (!next || !bulge || !Number.isFinite(bulge)) return
    const angle = 4 * Math.atan(bulge)
    const [dx, dy] = [next.x - x, next.y - y]
    const steps = Math.min(180, Math.ceil(Math.abs(angle) / CHORD))
    // The centre lies off the chord's middle, by what the bulge says.
    const off = (1 / bulge - bulge) / 4
    const [cx, cy] = [x + dx / 2 - dy * off, y + dy / 2 + dx * off]
    for (let s = 1; s < steps; s++) {
      const turn = (angle * s) / steps
      const [rx, ry] = [x - cx, y - cy]
      places.push(cx + rx * Math.cos(turn) - ry * Math.sin(turn), cy + rx * Math.sin(turn) + ry * Math.cos(turn))
    }
  })
  const [first] = corners
  if (closed && first && (places.at(-2) !== first.x || places.at(-1) !== first.y)) places.push(first.x, first.y)
  return Float64Array.from(places)
}

/** The border paths of a hatch, as rings. */
function hatchOf(all: readonly Group[]): Shape | null {
  const rings: Float64Array[] = []
  const start = all.findIndex(({ code }) => code === 91)
  let at = start + 1
  const paths = start < 0 ? 0 : Number(all[start]!.value)
  for (let p = 0; p < paths && at < all.length; p++) {
    while (at < all.length && all[at]!.code !== 92) at++
    if (at >= all.length) break
    const isPolyline = (Number(all[at]!.value) & 2) === 2
    let end = at + 1
    while (end < all.length && all[end]!.code !== 92 && all[end]!.code !== 75 && all[end]!.code !== 97) end++
    const own = all.slice(at + 1, end)
    const corners = isPolyline ? cornersOf(own) : edgesOf(own)
    const ring = curveOf(corners, true)
    if (ring.length >= 8) rings.push(ring)
    at = end
  }
  if (rings.length === 0) return null
  // Nothing says which ring is a hole: those within another are.
  const isWithin = (ring: Float64Array) => rings.some((other) => other !== ring && contains(other, ring))
  return { kind: 'polygon', parts: polygonsOf(rings, (ring) => !isWithin(ring)) }
}

function edgesOf(own: readonly Group[]): Corner[] {
  const corners: Corner[] = []
  for (const { code, value } of own) {
    if (code === 72 && Number(value) !== 1) return []
    if (code === 10) corners.push({ x: Number(value), y: NaN, bulge: 0 })
    else if (code === 20 && corners.length) corners.at(-1)!.y = Number(value)
  }
  return corners
}

function contains(outer: Float64Array, inner: Float64Array): boolean {
  const [x, y] = [(inner[0]! + inner[2]!) / 2, (inner[1]! + inner[3]!) / 2]
  let inside = false
  for (let i = 0, j = outer.length - 2; i < outer.length; j = i, i += 2) {
    if (outer[i + 1]! > y !== outer[j + 1]! > y && x < ((outer[j]! - outer[i]!) * (y - outer[i + 1]!)) / (outer[j + 1]! - outer[i + 1]!) + outer[i]!) inside = !inside
  }
  return inside
}

function featureOf(entity: Entity, shape: Shape | null | undefined): RawFeature | null {
  if (shape === undefined) return null
  const words = entity.type === 'TEXT' || entity.type === 'MTEXT' ? plainText(entity.groups.filter(({ code }) => code === 1 || code === 3).map(({ value }) => value).join('')) : entity.type === 'INSERT' ? (textOf(entity, 2) ?? null) : null // prettier-ignore
  const values: Value[] = [plainText(textOf(entity, 8) ?? ''), entity.type, textOf(entity, 5) ?? null, words && words.slice(0, MAP_LIMITS.text)]
  return { shape, values }
}

const plainText = (text: string) =>
  text
    .replace(/\\U\+([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\P/g, ' ')
    .replace(/\\[A-Za-z][^;\\{}]*;/g, '')
    .replace(/[{}]/g, '')
    .trim()

/** As AutoCAD 12 had it, which everything reads: closed polylines, each feature's name as a text beside it; texts in GBK. */
function write({ columns, features, title, geometry }: Writing) {
  const at = columns.findIndex(({ name }) => name === title)
  const kindAt = columns.findIndex(({ name }) => name !== title && /类型|Kind|工程|Works/.test(name))
  const clean = (text: string) => text.replace(/[\r\n]+/g, ' ')
  const layerOf = (values: Value[]) => clean(String((kindAt >= 0 ? values[kindAt] : null) ?? 'XIANGTU')).replace(/[<>/\\":;?*|=,`]/g, '_').slice(0, 31) || 'XIANGTU'
  const layers = [...new Set(features.map(({ values }) => layerOf(values)))]
  const out: string[] = ['0', 'SECTION', '2', 'HEADER', '9', '$ACADVER', '1', 'AC1009', '9', '$DWGCODEPAGE', '3', 'ANSI_936', '0', 'ENDSEC']
  out.push('0', 'SECTION', '2', 'TABLES', '0', 'TABLE', '2', 'LAYER', '70', String(layers.length))
  layers.forEach((layer, i) => out.push('0', 'LAYER', '2', layer, '70', '0', '62', String((i % 7) + 1), '6', 'CONTINUOUS'))
  out.push('0', 'ENDTAB', '0', 'ENDSEC', '0', 'SECTION', '2', 'ENTITIES')
  const place = (x: number, y: number) => out.push('10', coordinate(x), '20', coordinate(y), '30', '0.0')
  for (const { shape, values } of features) {
    if (!shape) continue
    const layer = layerOf(values)
    for (const rings of shape.parts) {
      for (const ring of rings) {
        if (geometry === 'point') {
          out.push('0', 'POINT', '8', layer)
          place(ring[0]!, ring[1]!)
          continue
        }
        const isClosed = geometry === 'polygon'
        out.push('0', 'POLYLINE', '8', layer, '66', '1')
        place(0, 0)
        out.push('70', isClosed ? '1' : '0')
        for (let i = 0; i < ring.length - (isClosed ? 2 : 0); i += 2) {
          out.push('0', 'VERTEX', '8', layer)
          place(ring[i]!, ring[i + 1]!)
        }
        out.push('0', 'SEQEND', '8', layer)
      }
    }
    const words = clean(String(values[at] ?? ''))
    if (!words) continue
    const [first] = shape.parts[0]!
    out.push('0', 'TEXT', '8', layer)
    place(first![0]!, first![1]!)
    out.push('40', '2.0', '1', words)
  }
  out.push('0', 'ENDSEC', '0', 'EOF', '')
  return { bytes: encode(out.join('\r\n'), 'gbk'), extension: 'dxf', type: 'image/vnd.dxf' }
}

/** Digits for a hundredth of a millimetre, in degrees too. */
const coordinate = (value: number) => (Math.abs(value) <= 360 ? value.toFixed(10) : value.toFixed(5))
