import { type Finding, type FindingKind, finding } from './finding.ts'

/** A value as words for a person: text and figures as they are, anything else by its type (it may be nested without end). */
export function word(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, 60)
  return typeof value === 'number' || value === null ? String(value) : Array.isArray(value) ? 'array' : typeof value
}

/** One position that cannot be longitude and latitude. */
export class CoordinateProblem {
  readonly kind: Extract<FindingKind, 'coordinate-invalid' | 'coordinate-out-of-range'>
  readonly params: { example: string }

  constructor(kind: CoordinateProblem['kind'], position: unknown[]) {
    this.kind = kind
    this.params = { example: `[${position.slice(0, 3).map(word).join(', ')}]` }
  }

  static of(position: unknown[]): CoordinateProblem | null {
    const [x, y] = position
    if (!Number.isFinite(x) || !Number.isFinite(y)) return new CoordinateProblem('coordinate-invalid', position)
    if (Math.abs(x as number) > 180 || Math.abs(y as number) > 90)
      return new CoordinateProblem('coordinate-out-of-range', position)
    return null
  }
}

/** Projections that files from Shanghai come in, by the size of their figures (metres). */
const PROJECTIONS: { name: string; x: [number, number]; y: [number, number] }[] = [
  { name: 'EPSG:3857 (Web 墨卡托)', x: [1.2e7, 1.5e7], y: [2e6, 6e6] },
  { name: 'EPSG:4549 (CGCS2000 3° 带，无带号，中央经线 120°)', x: [3e5, 8e5], y: [3e6, 4e6] },
  { name: 'EPSG:4528 (CGCS2000 3° 带，40 带)', x: [4.03e7, 4.08e7], y: [3e6, 4e6] },
  { name: 'EPSG:4499 (CGCS2000 6° 带，21 带)', x: [2.1e7, 2.2e7], y: [3e6, 4e6] },
  { name: '上海 2000 坐标系 / Shanghai’s local grid', x: [-1e5, 1e5], y: [-1e5, 1e5] },
]

/** What is wrong with the coordinates of the file as a whole: metres instead of degrees, or latitude first. */
export function checkCoordinates(geometries: unknown[]): Finding | null {
  const first = geometries.map(firstPosition).find((position) => position !== null)
  if (!first) return null
  const [x, y] = first
  const example = `[${x}, ${y}]`
  if (Math.abs(x) <= 90 && Math.abs(y) > 90 && Math.abs(y) <= 180)
    return finding('axes-swapped', { params: { example } })
  if (Math.abs(x) <= 360 && Math.abs(y) <= 180) return null
  const fits = (a: number, b: number) =>
    PROJECTIONS.find((p) => a >= p.x[0] && a <= p.x[1] && b >= p.y[0] && b <= p.y[1])?.name
  const swapped = fits(y, x)
  const guess = fits(x, y) ?? (swapped ? `${swapped}, x ⇄ y` : '?')
  return finding('coordinates-projected', { params: { example, guess } })
}

function firstPosition(geometry: unknown): [number, number] | null {
  let value = (geometry as { coordinates?: unknown } | null)?.coordinates
  // Four levels: polygons, rings, positions, numbers.
  for (let depth = 0; depth < 4 && Array.isArray(value); depth++) {
    const [x, y] = value
    if (typeof x === 'number' && typeof y === 'number') return [x, y]
    value = value[0]
  }
  return null
}
