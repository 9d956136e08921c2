/** A drawing as SVG: as a tree for the screen, and as text for files. Units are millimetres. */
import type { At, DrawnBlock, Drawing, Item, Stroke } from './drawing.ts'

export const PAGE_FONT = 'Noto Sans SC'

export interface SvgNode {
  tag: string
  attributes: Record<string, string | number>
  children: readonly (SvgNode | string)[]
}

/** Four decimals of a millimetre are finer than any print. */
const n = (value: number) => Math.round(value * 10_000) / 10_000

/** Without kerning: lines are as wide as geo/snapshot/type measured them. `fonts`: what the typeface is called where it is shown. */
export function svgOf(drawing: Drawing, fonts: string = `${PAGE_FONT}, sans-serif`): SvgNode {
  const { width, height, background } = drawing
  const clips = drawing.blocks.filter(({ clipped }) => clipped)
  return {
    tag: 'svg',
    attributes: { xmlns: 'http://www.w3.org/2000/svg', width: `${n(width)}mm`, height: `${n(height)}mm`, viewBox: `0 0 ${n(width)} ${n(height)}`, 'font-family': fonts, 'font-kerning': 'none' },
    children: [
      { tag: 'defs', attributes: {}, children: clips.map(clipOf) },
      { tag: 'rect', attributes: { width: n(width), height: n(height), fill: background }, children: [] },
      ...drawing.blocks.map(blockNode),
    ],
  }
}

export function blockNode(block: DrawnBlock): SvgNode {
  return {
    tag: 'g',
    attributes: { 'data-block': block.id, ...(block.clipped ? { 'clip-path': `url(#clip-${block.id})` } : {}) },
    children: block.items.map(itemNode),
  }
}

function clipOf({ id, x, y, width, height }: DrawnBlock): SvgNode {
  return { tag: 'clipPath', attributes: { id: `clip-${id}` }, children: [{ tag: 'rect', attributes: { x: n(x), y: n(y), width: n(width), height: n(height) }, children: [] }] }
}

export function itemNode(item: Item): SvgNode {
  if (item.kind === 'text') {
    const { x, y, size, weight, colour, anchor, halo } = item
    return {
      tag: 'text',
      attributes: {
        x: n(x),
        y: n(y),
        'font-size': n(size),
        ...(weight === 700 ? { 'font-weight': 700 } : {}),
        fill: colour,
        ...(anchor === 'start' ? {} : { 'text-anchor': anchor }),
        ...(halo ? { stroke: halo, 'stroke-width': n(size * 0.22), 'stroke-linejoin': 'round', 'paint-order': 'stroke' } : {}),
      },
      children: [item.text],
    }
  }
  if (item.kind === 'image') return { tag: 'image', attributes: { href: item.href, x: n(item.x), y: n(item.y), width: n(item.width), height: n(item.height) }, children: [] }
  const paint = { fill: item.fill ?? 'none', ...strokeOf(item.stroke) }
  if (item.kind === 'circle') return { tag: 'circle', attributes: { cx: n(item.x), cy: n(item.y), r: n(item.radius), ...paint }, children: [] }
  if (item.kind === 'rect') {
    const { x, y, width, height, radius } = item
    return { tag: 'rect', attributes: { x: n(x), y: n(y), width: n(width), height: n(height), ...(radius ? { rx: n(radius) } : {}), ...paint }, children: [] }
  }
  return { tag: 'path', attributes: { d: item.lines.map((line) => pathOf(line, item.closed)).join(''), ...(item.fill ? { 'fill-rule': 'evenodd' } : {}), 'stroke-linejoin': 'round', ...paint }, children: [] }
}

function strokeOf(stroke: Stroke | undefined): Record<string, string | number> {
  if (!stroke) return {}
  return { stroke: stroke.colour, 'stroke-width': n(stroke.width), ...(stroke.dash ? { 'stroke-dasharray': stroke.dash.map(n).join(' ') } : {}) }
}

function pathOf(line: readonly At[], closed: boolean): string {
  return `M${line.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}${closed ? 'Z' : ''}`
}

export function svgText(node: SvgNode | string): string {
  if (typeof node === 'string') return escaped(node)
  const attributes = Object.entries(node.attributes).map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
  return `<${node.tag}${attributes.join('')}>${node.children.map(svgText).join('')}</${node.tag}>`
}

/** What XML has no place for (control characters) is left out. */
function escaped(words: string): string {
  return words
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!)
}
