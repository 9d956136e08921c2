/** A drawing as a picture. */
import { crc32 } from 'node:zlib'
import { Resvg } from '@resvg/resvg-js'
import type { Box, Drawing } from '../../geo/snapshot/drawing.ts'
import { MM_PER_INCH, type PaperSize } from '../../geo/snapshot/paper.ts'
import { svgOf, svgText } from '../../geo/snapshot/svg.ts'
import { outlined } from './outline.ts'

/** The page in so many pixels; where the paper is a trifle higher than they are, the foot is cut. */
export function pngOf(drawing: Drawing, { pixels, perMm }: Pick<PaperSize, 'pixels' | 'perMm'>): Uint8Array {
  return withDensity(picture(drawing, { x: 0, y: 0, width: drawing.width, height: drawing.height }, pixels), perMm)
}

/** A part of the page. */
export function partOf(drawing: Drawing, box: Box, perMm: number): Uint8Array {
  return picture(drawing, box, { width: Math.round(box.width * perMm), height: Math.round(box.height * perMm) })
}

function picture(drawing: Drawing, box: Box, pixels: { width: number; height: number }): Uint8Array {
  const node = svgOf(drawing)
  const attributes = { ...node.attributes, width: pixels.width, height: pixels.height, viewBox: `${box.x} ${box.y} ${box.width} ${box.height}`, preserveAspectRatio: 'xMidYMin slice' }
  return new Resvg(svgText(outlined({ ...node, attributes })), { font: { loadSystemFonts: false } }).render().asPng()
}

/** Says in the file how large it is on paper (a pHYs chunk behind IHDR), so that it is printed in its true size. */
function withDensity(png: Uint8Array, perMm: number): Uint8Array {
  const head = 8 + 25
  const chunk = new DataView(new ArrayBuffer(21))
  chunk.setUint32(0, 9)
  chunk.setUint32(4, 0x70485973)
  const perMetre = Math.round(perMm * 1000)
  chunk.setUint32(8, perMetre)
  chunk.setUint32(12, perMetre)
  chunk.setUint8(16, 1)
  chunk.setUint32(17, crc32(new Uint8Array(chunk.buffer, 4, 13)))
  const whole = new Uint8Array(png.length + 21)
  whole.set(png.subarray(0, head))
  whole.set(new Uint8Array(chunk.buffer), head)
  whole.set(png.subarray(head), head + 21)
  return whole
}

/** What a picture for a slide needs. */
export const SLIDE_PER_MM = 200 / MM_PER_INCH
