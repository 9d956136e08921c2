/** Pictures as pixels: just enough of PNG (8 bits, not interlaced) and of the PPM that pdftoppm writes. */
import { inflateSync } from 'node:zlib'

export interface Pixels {
  width: number
  height: number
  /** Luminance, a byte each. */
  grey: Uint8Array
}

const luminance = (r: number, g: number, b: number) => Math.round(r * 0.3 + g * 0.59 + b * 0.11)

export function sizeOfPng(png: Uint8Array): { width: number; height: number } {
  const view = new DataView(png.buffer, png.byteOffset)
  return { width: view.getUint32(16), height: view.getUint32(20) }
}

export function readPng(png: Uint8Array): Pixels {
  const view = new DataView(png.buffer, png.byteOffset)
  const { width, height } = sizeOfPng(png)
  const channels = { 2: 3, 6: 4 }[png[25]!]
  if (!channels || png[24] !== 8 || png[28] !== 0) throw new Error('another kind of PNG')
  const data: Uint8Array[] = []
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at)
    if (new TextDecoder().decode(png.subarray(at + 4, at + 8)) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  const raw = inflateSync(Buffer.concat(data))
  const stride = width * channels
  const rows = new Uint8Array(stride * height)
  for (let y = 0; y < height; y++) {
    const predict = FILTERS[raw[y * (stride + 1)]!]!
    for (let x = 0; x < stride; x++) {
      const left = x < channels ? 0 : rows[y * stride + x - channels]!
      const above = y === 0 ? 0 : rows[(y - 1) * stride + x]!
      const corner = y === 0 || x < channels ? 0 : rows[(y - 1) * stride + x - channels]!
      rows[y * stride + x] = raw[y * (stride + 1) + 1 + x]! + predict(left, above, corner)
    }
  }
  return { width, height, grey: Uint8Array.from({ length: width * height }, (_, i) => luminance(rows[i * channels]!, rows[i * channels + 1]!, rows[i * channels + 2]!)) }
}

const FILTERS: ((left: number, above: number, corner: number) => number)[] = [() => 0, (left) => left, (_, above) => above, (left, above) => (left + above) >> 1, paeth]

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)]
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c
}

export function readPpm(ppm: Uint8Array): Pixels {
  const head = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(new TextDecoder('latin1').decode(ppm.subarray(0, 40)))!
  const [width, height] = [Number(head[1]), Number(head[2])]
  const body = ppm.subarray(head[0].length)
  return { width, height, grey: Uint8Array.from({ length: width * height }, (_, i) => luminance(body[i * 3]!, body[i * 3 + 1]!, body[i * 3 + 2]!)) }
}

/** How much darker or lighter the squares of one picture are than those of another: of the page, the mean and the most. */
export function difference(a: Pixels, b: Pixels, cells = 60): { mean: number; most: number } {
  const grid = ({ width, height, grey }: Pixels) => {
    const sums = new Float64Array(cells * cells)
    const counts = new Float64Array(cells * cells)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const cell = Math.floor((y * cells) / height) * cells + Math.floor((x * cells) / width)
        sums[cell]! += grey[y * width + x]!
        counts[cell]!++
      }
    return sums.map((sum, i) => sum / counts[i]!)
  }
  const [one, other] = [grid(a), grid(b)]
  const apart = one.map((value, i) => Math.abs(value - other[i]!))
  return { mean: apart.reduce((sum, n) => sum + n, 0) / apart.length, most: Math.max(...apart) }
}
