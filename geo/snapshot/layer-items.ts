/** Layers as things to draw on the map of a page, and as the legend's swatches. Pure. */
import type { At, Box, Item } from './drawing.ts'
import { className, drawableOf, FINDINGS, type PageLayer } from './layers.ts'
import type { LegendEntry } from './figures.ts'
import { faded, filledWith, type Theme } from './theme.ts'
import type { Lang } from '../number/in-words.ts'

/** Kinds of line in black and white, by the class's place in its legend. */
const DASHES: readonly (readonly [number, number] | undefined)[] = [undefined, [1, 0.5], [0.35, 0.35], [1.6, 0.6], [0.7, 1]]

type Look = NonNullable<LegendEntry['mark']>

/** Places of these layers are told apart from others by their shape too. */
const SYMBOLS: Record<string, Look> = { bridges: 'square', [FINDINGS]: 'diamond' }

/** How a class is drawn: by its colour, in black and white by its place among the others. */
function lookOf(layer: string, name: string | null): { mark: Look; colour: string; shade: number } {
  const drawable = drawableOf(layer)
  const own = name === null ? undefined : drawable.classes[name]
  const shade = name === null ? 0 : Math.max(0, Object.keys(drawable.classes).indexOf(name))
  const mark: Look = drawable.geometry === 'polygon' ? (own?.outline ? 'outline' : 'area') : drawable.geometry === 'line' ? 'line' : (SYMBOLS[layer] ?? 'disc')
  return { mark, colour: own?.colour ?? '#8d97a0', shade }
}

/** What is drawn, as entries of the legend. */
export function layerLegend(layers: readonly PageLayer[], lang: Lang): LegendEntry[] {
  return layers.flatMap(({ id, shapes }) => {
    const drawn = new Set(shapes.map((shape) => shape.class))
    const drawable = drawableOf(id)
    const order = [...Object.keys(drawable.classes), null]
    return order.filter((name) => drawn.has(name)).map((name): LegendEntry => ({ text: className(drawable, name, lang), light: null, texture: 'plain', ...lookOf(id, name) }))
  })
}

/** `place`: from degrees to the page. */
export function layerItems(layers: readonly PageLayer[], place: (at: readonly [number, number]) => At, box: Box, theme: Theme, unit: number): Item[] {
  return layers.flatMap(({ id, shapes }) => {
    const drawable = drawableOf(id)
    // Uses beneath, designations as outlines over them.
    const sorted = [...shapes].sort((a, b) => Number(lookOf(id, a.class).mark === 'outline') - Number(lookOf(id, b.class).mark === 'outline'))
    return sorted.flatMap((shape) => {
      const look = lookOf(id, shape.class)
      const lines = shape.lines.map((line) => line.map((at) => rounded(place(at))))
      if (drawable.geometry === 'point') return lines.flat().filter((at) => isIn(at, box)).flatMap((at) => pointItems(at, look, theme, unit))
      if (!lines.some((line) => touches(line, box))) return []
      return linesOf(lines, look, theme, unit)
    })
  })
}

/** A hundredth of a millimetre is finer than any print; four digits more for each point would be most of the page. */
const rounded = ([x, y]: At): At => [Math.round(x * 100) / 100, Math.round(y * 100) / 100]

const isIn = ([x, y]: At, box: Box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height

function touches(line: readonly At[], box: Box): boolean {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [x, y] of line) {
    if (x < west) west = x
    if (x > east) east = x
    if (y < north) north = y
    if (y > south) south = y
  }
  return west <= box.x + box.width && east >= box.x && north <= box.y + box.height && south >= box.y
}

function linesOf(lines: readonly (readonly At[])[], { mark, colour, shade }: ReturnType<typeof lookOf>, theme: Theme, unit: number): Item[] {
  if (mark === 'area') {
    if (theme.mono) return [...filledWith(lines, { colour, shade: (shade % 4) + 1, texture: 'plain' }, theme, unit * 0.8), { kind: 'path', lines, closed: true, stroke: { colour: '#000000', width: unit * 0.03 } }]
    return [{ kind: 'path', lines, closed: true, fill: faded(colour, 0.15), stroke: { colour, width: unit * 0.025 } }]
  }
  const dash = theme.mono ? DASHES[shade % DASHES.length] : undefined
  const stroke = { colour: theme.mono ? '#000000' : colour, width: unit * (mark === 'outline' ? 0.12 : 0.26), ...(dash ? { dash: [dash[0] * unit, dash[1] * unit] as const } : {}) }
  return [{ kind: 'path', lines, closed: mark === 'outline', stroke }]
}

function pointItems([x, y]: At, { mark, colour, shade }: ReturnType<typeof lookOf>, theme: Theme, unit: number): Item[] {
  const stroke = { colour: theme.mono ? '#000000' : '#ffffff', width: unit * 0.07 }
  const fill = theme.mono ? (shade % 2 ? '#ffffff' : '#000000') : colour
  if (mark === 'square') return [{ kind: 'rect', x: x - unit * 0.33, y: y - unit * 0.33, width: unit * 0.66, height: unit * 0.66, fill, stroke }]
  if (mark === 'disc') return [{ kind: 'circle', x, y, radius: unit * 0.36, fill, stroke }]
  const half = unit * 0.52
  return [{ kind: 'path', lines: [[[x, y - half], [x + half, y], [x, y + half], [x - half, y]]], closed: true, fill, stroke }]
}

/** A legend's swatch. */
export function layerSwatch(box: Box, { mark, colour, shade }: Pick<LegendEntry, 'colour' | 'shade'> & { mark: Look }, theme: Theme, unit: number): Item[] {
  const [middle, right, bottom] = [box.y + box.height / 2, box.x + box.width, box.y + box.height]
  const look = { mark, colour, shade }
  if (mark === 'disc' || mark === 'square' || mark === 'diamond') return pointItems([box.x + box.width / 2, middle], look, theme, unit * 1.15)
  if (mark === 'line') return linesOf([[[box.x, middle], [right, middle]]], look, theme, unit)
  return linesOf([[[box.x, box.y], [right, box.y], [right, bottom], [box.x, bottom], [box.x, box.y]]], look, theme, unit)
}
