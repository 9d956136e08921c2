/**
 * Text as outlines, for pictures and SVG files: the renderer of SVG would open the font of ten megabytes anew for each line, and take seconds for a page that
 * takes a tenth of one this way. Glyphs are kept; they stand where geo/snapshot/type measured them.
 */
import { readFileSync } from 'node:fs'
import * as fontkit from 'fontkit'
import type { Weight } from '../../geo/snapshot/drawing.ts'
import type { SvgNode } from '../../geo/snapshot/svg.ts'
import { FONT_FILES } from './fonts.ts'

interface Glyph {
  /** Commands of the outline with their numbers, in the font's units, upwards. */
  commands: { command: string; args: number[] }[]
  advance: number
}
interface FontkitFont {
  unitsPerEm: number
  glyphForCodePoint(code: number): { advanceWidth: number; path: { commands: Glyph['commands'] } }
}

const LETTERS: Record<string, string> = { moveTo: 'M', lineTo: 'L', quadraticCurveTo: 'Q', bezierCurveTo: 'C', closePath: 'Z' }
const fonts = new Map<Weight, FontkitFont>()
const glyphs = new Map<string, Glyph>()

function fontOf(weight: Weight): FontkitFont {
  let font = fonts.get(weight)
  if (!font) fonts.set(weight, (font = fontkit.create(readFileSync(FONT_FILES[weight])) as FontkitFont))
  return font
}

function glyphOf(char: string, weight: Weight): Glyph {
  const key = `${weight}${char}`
  let glyph = glyphs.get(key)
  if (!glyph) {
    const { path, advanceWidth } = fontOf(weight).glyphForCodePoint(char.codePointAt(0)!)
    glyphs.set(key, (glyph = { commands: path.commands, advance: advanceWidth }))
  }
  return glyph
}

/** The tree with every text as a path that bears its words as its title: no font is needed where it is opened. */
export function outlined(node: SvgNode): SvgNode {
  if (node.tag === 'text') return textPath(node)
  return { ...node, children: node.children.map((child) => (typeof child === 'string' ? child : outlined(child))) }
}

function textPath({ attributes, children }: SvgNode): SvgNode {
  const { x, y, 'font-size': size, 'font-weight': bold, 'text-anchor': anchor, ...paint } = attributes
  const weight: Weight = bold ? 700 : 400
  const words = [...children.join('')].map((char) => glyphOf(char, weight))
  const scale = Number(size) / fontOf(weight).unitsPerEm
  const width = words.reduce((sum, { advance }) => sum + advance, 0) * scale
  const n = (value: number) => Math.round(value * 1000) / 1000
  let at = Number(x) - (anchor === 'middle' ? width / 2 : anchor === 'end' ? width : 0)
  let d = ''
  for (const { commands, advance } of words) {
    for (const { command, args } of commands) d += LETTERS[command]! + args.map((value, i) => n(i % 2 === 0 ? at + value * scale : Number(y) - value * scale)).join(' ')
    at += advance * scale
  }
  return { tag: 'path', attributes: { d, ...paint }, children: [{ tag: 'title', attributes: {}, children }] }
}
