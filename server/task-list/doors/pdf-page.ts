import { DrawOPS, OPS, Util, type PDFPageProxy } from './pdf-library.ts'
import { wholeCharacters } from './pdf-radicals.ts'

/** A run of characters on a page, in points from the upper left corner. */
export interface Piece {
  text: string
  left: number
  right: number
  /** The baseline. */
  y: number
  size: number
}

/** A drawn line: horizontal at `at` = y from `from` to `to` in x, or vertical at `at` = x. */
export interface Ruling {
  at: number
  from: number
  to: number
}

export interface PageContent {
  number: number
  height: number
  pieces: Piece[]
  horizontal: Ruling[]
  vertical: Ruling[]
}

/** Thinner than this (points) a filled shape is a line, not an area. */
const LINE_WIDTH = 3

/** The text of a page that runs from left to right; watermarks across the page are left out. */
export async function pieces(page: PDFPageProxy): Promise<Piece[]> {
  const view = page.getViewport({ scale: 1 }).transform
  const { items } = await page.getTextContent({ includeMarkedContent: false, disableNormalization: true })
  return items.flatMap((item) => {
    if (!('str' in item) || item.str.trim() === '') return []
    const [a, b, c, d, x, y] = Util.transform(view, item.transform) as Matrix
    const size = Math.hypot(c, d)
    if (!(size > 0) || Math.abs(b) > 0.1 * Math.abs(a) || a < 0) return []
    return [{ text: wholeCharacters(item.str), left: x, right: x + item.width, y, size }]
  })
}

type Matrix = [number, number, number, number, number, number]

/** The straight lines of a page: stroked, or filled as narrow boxes, as browsers draw borders. */
export async function rulings(page: PDFPageProxy): Promise<{ horizontal: Ruling[]; vertical: Ruling[] }> {
  const { fnArray, argsArray } = await page.getOperatorList()
  const lines = new RulingCollector()
  let matrix = page.getViewport({ scale: 1 }).transform as Matrix
  const saved: Matrix[] = []
  fnArray.forEach((operation: number, i: number) => {
    const args = argsArray[i] as unknown[]
    if (operation === OPS.save) saved.push(matrix)
    else if (operation === OPS.restore || operation === OPS.paintFormXObjectEnd) matrix = saved.pop() ?? matrix
    else if (operation === OPS.transform) matrix = Util.transform(matrix, args) as Matrix
    else if (operation === OPS.paintFormXObjectBegin) {
      saved.push(matrix)
      if (args[0]) matrix = Util.transform(matrix, args[0]) as Matrix
    } else if (operation === OPS.constructPath) {
      const paint = STROKES.has(args[0] as number) ? 'stroke' : FILLS.has(args[0] as number) ? 'fill' : null
      const path = (args[1] as (Float32Array | null)[])[0]
      if (paint !== null && path) lines.add(subpaths(path, matrix), paint)
    }
  })
  return { horizontal: joined(lines.horizontal), vertical: joined(lines.vertical) }
}

const STROKES = new Set([
  OPS.stroke,
  OPS.closeStroke,
  OPS.fillStroke,
  OPS.eoFillStroke,
  OPS.closeFillStroke,
  OPS.closeEOFillStroke,
])
const FILLS = new Set([OPS.fill, OPS.eoFill])

type Point = [number, number]

/** The polygons of a path in page coordinates; curves count as their end points, no table line is one. */
function subpaths(path: ArrayLike<number>, [a, b, c, d, e, f]: Matrix): Point[][] {
  const polygons: Point[][] = []
  const point = (i: number): Point => [a * path[i]! + c * path[i + 1]! + e, b * path[i]! + d * path[i + 1]! + f]
  for (let i = 0; i < path.length;) {
    const kind = path[i]
    if (kind === DrawOPS.moveTo) polygons.push([point(i + 1)])
    else if (kind === DrawOPS.lineTo) polygons.at(-1)?.push(point(i + 1))
    else if (kind === DrawOPS.curveTo) polygons.at(-1)?.push(point(i + 5))
    else if (kind === DrawOPS.quadraticCurveTo) polygons.at(-1)?.push(point(i + 3))
    else if (kind === DrawOPS.closePath) {
      const polygon = polygons.at(-1)
      if (polygon !== undefined) polygon.push(polygon[0]!)
    } else break
    i += kind === DrawOPS.curveTo ? 7 : kind === DrawOPS.quadraticCurveTo ? 5 : kind === DrawOPS.closePath ? 1 : 3
  }
  return polygons
}

/** Pages of maps have more lines than any table; from here on they are not collected. */
const MOST_LINES = 50_000

class RulingCollector {
  horizontal: Ruling[] = []
  vertical: Ruling[] = []

  add(polygons: Point[][], paint: 'stroke' | 'fill'): void {
    for (const polygon of polygons) {
      if (this.horizontal.length + this.vertical.length > MOST_LINES) return
      if (paint === 'fill') this.line(...bounds(polygon))
      else for (let i = 1; i < polygon.length; i++) this.line(...bounds([polygon[i - 1]!, polygon[i]!]))
    }
  }

  private line(left: number, top: number, right: number, bottom: number): void {
    const width = right - left
    const height = bottom - top
    // A dot may be part of a dotted line either way.
    if (height <= LINE_WIDTH) this.horizontal.push({ at: (top + bottom) / 2, from: left, to: right })
    if (width <= LINE_WIDTH) this.vertical.push({ at: (left + right) / 2, from: top, to: bottom })
  }
}

function bounds(points: Point[]): [number, number, number, number] {
  const xs = points.map(([x]) => x)
  const ys = points.map(([, y]) => y)
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

/** Lines drawn in parts (a border for each cell, dashes, dots) as whole ones; what is no longer than a dot is none. */
function joined(lines: Ruling[]): Ruling[] {
  const whole: Ruling[] = []
  /** The line that was last seen at about this place. */
  const open = new Map<number, Ruling>()
  for (const line of [...lines].sort((one, other) => one.from - other.from)) {
    const place = Math.round(line.at)
    const before = [place, place - 1, place + 1]
      .map((near) => open.get(near))
      .find((near) => near !== undefined && Math.abs(near.at - line.at) <= 1 && line.from <= near.to + LINE_WIDTH)
    if (before === undefined) {
      const fresh = { ...line }
      whole.push(fresh)
      open.set(place, fresh)
    } else before.to = Math.max(before.to, line.to)
  }
  return whole.filter(({ from, to }) => to - from > 2 * LINE_WIDTH)
}
