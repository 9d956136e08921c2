/** Papers: the size of a page in millimetres, and of its picture in pixels. */

export const MM_PER_INCH = 25.4

/**
 * `pixels300` is the picture's size at 300 dots an inch, as print shops give it. A3's is two rows short of the paper: they are cut off the
 * bottom, a sixth of a millimetre.
 */
export const PAPERS = {
  'A4-landscape': { width: 297, height: 210, pixels300: [3508, 2480], zh: 'A4 横', en: 'A4 landscape' },
  'A4-portrait': { width: 210, height: 297, pixels300: [2480, 3508], zh: 'A4 竖', en: 'A4 portrait' },
  'A3-landscape': { width: 420, height: 297, pixels300: [4961, 3506], zh: 'A3 横', en: 'A3 landscape' },
  'A3-portrait': { width: 297, height: 420, pixels300: [3506, 4961], zh: 'A3 竖', en: 'A3 portrait' },
  // 13⅓ × 7½ inches, as slides are.
  '16:9': { width: 338.6666666666667, height: 190.5, pixels300: [4000, 2250], zh: '16:9 幻灯片', en: '16:9 slide' },
} as const satisfies Record<string, { width: number; height: number; pixels300: readonly [number, number]; zh: string; en: string }>
export type NamedPaper = keyof typeof PAPERS
/** A named one, or the picture's own size: `1920x1080`. */
export type Paper = NamedPaper | `${number}x${number}`

export const DPI = { least: 72, most: 300, usual: 150 } as const
/** Free sizes, in pixels a side. */
export const FREE_PIXELS = { least: 400, most: 5000 } as const
/** What a free size's pixels are of an inch. */
const FREE_DPI = 96

export interface PaperSize {
  /** Millimetres. */
  width: number
  height: number
  pixels: { width: number; height: number }
  /** Pixels a millimetre. */
  perMm: number
}

export function isPaper(text: string): text is Paper {
  if (Object.hasOwn(PAPERS, text)) return true
  const free = freeSize(text)
  return free !== null && free.every((side) => side >= FREE_PIXELS.least && side <= FREE_PIXELS.most) && Math.max(...free) <= Math.min(...free) * 3
}

/** The size of a page and of its picture; a free size is what it says, whatever the resolution. */
export function sizeOf(paper: Paper, dpi: number): PaperSize {
  const free = freeSize(paper)
  if (free) {
    const perMm = FREE_DPI / MM_PER_INCH
    return { width: free[0] / perMm, height: free[1] / perMm, pixels: { width: free[0], height: free[1] }, perMm }
  }
  const { width, height, pixels300 } = PAPERS[paper as NamedPaper]
  const pixels = { width: Math.round((pixels300[0] * dpi) / 300), height: Math.round((pixels300[1] * dpi) / 300) }
  return { width, height, pixels, perMm: dpi / MM_PER_INCH }
}

function freeSize(text: string): [number, number] | null {
  const [, width, height] = /^(\d{3,4})x(\d{3,4})$/.exec(text) ?? []
  return width && height ? [Number(width), Number(height)] : null
}
