/** Drawing borders calmly: lines in metres on a plane, their two ends kept exactly where they are. */

export type Point = [x: number, y: number]

const distance = (a: Point, b: Point): number => Math.hypot(b[0] - a[0], b[1] - a[1])
const between = (a: Point, b: Point, t: number): Point => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]

/** The line walked in equal steps of about `step` metres. */
export function evenSteps(line: readonly Point[], step: number): Point[] {
  const lengths = line.slice(1).map((point, i) => distance(line[i] as Point, point))
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const steps = Math.max(2, Math.round(total / step))
  const even: Point[] = [line[0] as Point]
  let [segment, walked] = [0, 0]
  for (let i = 1; i < steps; i++) {
    const target = (total * i) / steps
    while (segment < lengths.length - 1 && walked + (lengths[segment] as number) < target) {
      walked += lengths[segment] as number
      segment++
    }
    even.push(
      between(line[segment] as Point, line[segment + 1] as Point, (target - walked) / (lengths[segment] as number)),
    )
  }
  even.push(line[line.length - 1] as Point)
  return even
}

/**
 * The line's evenly walked points, each replaced by the weighted mean of its neighbours along the line (a Gaussian of
 * `sigma` metres). Beyond an end the line goes on as its own mirror image through that end, so that the end stays;
 * a closed line goes round and has no ends.
 */
export function smooth(line: readonly Point[], sigma: number, step: number): Point[] {
  const even = evenSteps(line, step)
  const last = even.length - 1
  const closed = distance(even[0] as Point, even[last] as Point) === 0
  const pointAt = (i: number): Point => {
    if (closed) return even[((i % last) + last) % last] as Point
    if (i >= 0 && i <= last) return even[i] as Point
    const end = even[i < 0 ? 0 : last] as Point
    const mirrored = even[Math.max(0, Math.min(last, i < 0 ? -i : 2 * last - i))] as Point
    return [2 * end[0] - mirrored[0], 2 * end[1] - mirrored[1]]
  }
  // A short line is smoothed less: the kernel never sees beyond the mirror images of its two ends.
  const width = Math.min(sigma / step, last / 3)
  const reach = Math.ceil(3 * width)
  const weights = Array.from({ length: 2 * reach + 1 }, (_, k) => Math.exp(-((k - reach) ** 2) / (2 * width * width)))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const smoothed = even.map((_, i): Point => {
    let [x, y] = [0, 0]
    weights.forEach((weight, k) => {
      const [px, py] = pointAt(i + k - reach)
      x += px * weight
      y += py * weight
    })
    return [x / total, y / total]
  })
  if (!closed) {
    smoothed[0] = even[0] as Point
    smoothed[last] = even[last] as Point
  } else smoothed[last] = smoothed[0] as Point
  return smoothed
}

/** Douglas and Peucker: the fewest of the line's points that stay within `tolerance` metres of all the others. */
export function simplify(line: readonly Point[], tolerance: number): Point[] {
  const kept = new Set([0, line.length - 1])
  const spans: [number, number][] = [[0, line.length - 1]]
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span
    let [farthest, most] = [-1, tolerance]
    for (let i = from + 1; i < to; i++) {
      const off = distanceToSegment(line[i] as Point, line[from] as Point, line[to] as Point)
      if (off > most) [farthest, most] = [i, off]
    }
    if (farthest < 0) continue
    kept.add(farthest)
    spans.push([from, farthest], [farthest, to])
  }
  return [...kept].sort((a, b) => a - b).map((i) => line[i] as Point)
}

function distanceToSegment(p: Point, a: Point, b: Point): number {
  const length2 = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2
  const t = length2 === 0 ? 0 : ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / length2
  return distance(p, between(a, b, Math.max(0, Math.min(1, t))))
}
