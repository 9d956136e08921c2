/**
 * An uploaded logo becomes a picture that we have drawn ourselves: nothing of the file is kept, shown or sent on. Before it is drawn it is held
 * against what a logo needs: of PNG the size that it claims, of SVG plain shapes, as everything else may load files or take for ever.
 */
import { Resvg } from '@resvg/resvg-js'
import { SaxesParser } from 'saxes'
import { LOGO_LIMITS } from '../../geo/snapshot/own.ts'
import { LogoError } from './fault.ts'
import { sizeOfPng } from './png-size.ts'

export interface DrawnLogo {
  width: number
  height: number
  bytes: Uint8Array
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** @throws LogoError */
export function drawLogo(file: Uint8Array): DrawnLogo {
  if (file.length > LOGO_LIMITS.bytes) throw new LogoError('size')
  if (PNG.every((byte, i) => file[i] === byte)) return drawn(pngAsSvg(file))
  const text = svgText(file)
  if (text === null) throw new LogoError('kind')
  mustBePlain(text)
  return drawn(text)
}

function pngAsSvg(file: Uint8Array): string {
  const size = file.length >= 33 ? sizeOfPng(file) : null
  if (!size) throw new LogoError('broken')
  mustFit(size)
  const { width, height } = size
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><image href="data:image/png;base64,${Buffer.from(file).toString('base64')}" width="${width}" height="${height}"/></svg>`
}

function mustFit({ width, height }: { width: number; height: number }): void {
  const [short, long] = [Math.min(width, height), Math.max(width, height)]
  if (!(short >= 8 && long <= LOGO_LIMITS.pixels && long <= short * LOGO_LIMITS.ratio)) throw new LogoError('pixels')
}

/** The text of what begins like SVG; null: it does not. */
function svgText(file: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(file)
    return /^\uFEFF?\s*(<\?xml[^>]*\?>\s*)?(<!--[\s\S]*?-->\s*)*<svg[\s>]/.test(text) ? text : null
  } catch {
    return null
  }
}

const ELEMENTS = new Set(['svg', 'g', 'defs', 'title', 'desc', 'path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon', 'linearGradient', 'radialGradient', 'stop', 'clipPath'])
/** Everything else that shapes have is let through as long as it points nowhere. Dashes may be without number. */
const BAD_NAMES = /^(on|xml:base|style$|class$|filter|mask|marker|stroke-dash|(xlink:)?href$)/i
const POINTS_WITHIN = /^url\(\s*['"]?#[\w-]+['"]?\s*\)$/

/** @throws LogoError content */
function mustBePlain(text: string): void {
  if (text.length > LOGO_LIMITS.svgBytes) throw new LogoError('size')
  let [elements, depth] = [0, 0]
  const refuse = () => {
    throw new LogoError('content')
  }
  const parser = new SaxesParser()
  parser.on('error', () => {
    throw new LogoError('broken')
  })
  parser.on('doctype', refuse)
  parser.on('processinginstruction', refuse)
  parser.on('opentag', ({ name, attributes }) => {
    if (!ELEMENTS.has(name) || ++elements > LOGO_LIMITS.elements || ++depth > LOGO_LIMITS.depth) refuse()
    for (const [attribute, value] of Object.entries(attributes as Record<string, string>)) {
      // Gradients that build on one another are the one use of a link.
      if (/^(xlink:)?href$/.test(attribute) && /Gradient$/.test(name) && /^#[\w-]+$/.test(value)) continue
      if (BAD_NAMES.test(attribute)) refuse()
      if (/url\s*\(/i.test(value) && !POINTS_WITHIN.test(value.trim())) refuse()
    }
  })
  parser.on('closetag', () => void depth--)
  parser.write(text).close()
}

/** @throws LogoError */
function drawn(svg: string): DrawnLogo {
  let picture
  try {
    const size = new Resvg(svg, { font: { loadSystemFonts: false } })
    const { width, height } = size
    // A drawing has no pixels of its own: only its shape counts.
    const long = Math.max(width, height)
    const scale = LOGO_LIMITS.side / long
    mustFit({ width: width * Math.max(scale, 0.001), height: height * Math.max(scale, 0.001) })
    picture = new Resvg(svg, { font: { loadSystemFonts: false }, fitTo: width >= height ? { mode: 'width', value: Math.min(LOGO_LIMITS.side, Math.ceil(Math.max(long, 240))) } : { mode: 'height', value: Math.min(LOGO_LIMITS.side, Math.ceil(Math.max(long, 240))) } }).render()
  } catch (error) {
    if (error instanceof LogoError) throw error
    throw new LogoError('broken')
  }
  const { pixels, width, height } = picture
  let seen = false
  for (let i = 3; i < pixels.length && !seen; i += 4) seen = pixels[i]! > 0
  if (!seen) throw new LogoError('broken')
  return { width, height, bytes: picture.asPng() }
}
