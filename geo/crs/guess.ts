/** In which system coordinates may be, by what the file says and by where they would land. A guess is shown and chosen from, never simply taken. */
import type { Box, CrsGuess, GuessReason } from './candidate.ts'
import { CGCS2000, CRS_LIST, GCJ02, LOCAL, WEB_MERCATOR, WGS84, type Crs } from './crs.ts'
import type { OldDatum } from './prj.ts'
import { toLonLat } from './transform.ts'

const MOST_POINTS = 120

export interface GuessInput {
  /** Some of the file's coordinates in pairs, as they are. */
  sample: Float64Array
  /** What the file itself says. */
  named: Crs | undefined
  oldDatum?: OldDatum | null
  /** The district's box. */
  ground: Box
  local: string | null
}

const MOST_GUESSES = 8
/** Degrees: about 5 km beyond the district still count as in it. */
const MARGIN = 0.05

export function guessCrs({ sample, named, oldDatum = null, ground, local }: GuessInput): CrsGuess[] {
  if (sample.length < 2) return []
  const guesses: CrsGuess[] = []
  const consider = (crs: Crs, swap: boolean, why: GuessReason, most: number, least: number) => {
    if (guesses.some((one) => one.crs === crs.id && one.swap === swap)) return
    const landed = land(sample, crs, swap, local)
    if (!landed) return
    const inside = shareInside(landed, ground)
    // An old datum moves everything by some tens of metres: nothing known here is right.
    const confidence = (least + (most - least) * inside) * (oldDatum ? 0.3 : 1)
    guesses.push({ crs: crs.id, swap, confidence: Math.round(confidence * 100) / 100, why: why === 'size' && inside > 0.5 ? 'place' : why, box: boxOf(landed), inside, points: [...landed.subarray(0, MOST_POINTS * 2)].map((degrees) => Math.round(degrees * 1e6) / 1e6) })
  }
  if (named) consider(named, false, 'file', 0.98, 0.8)
  for (const swap of [false, true]) {
    const [x, y] = ranges(sample, swap)
    const less = swap ? 0.6 : 1
    if (within(x, -180, 180) && within(y, -85, 85)) {
      consider(CGCS2000, swap, 'size', 0.8 * less, 0.2 * less)
      consider(WGS84, swap, 'size', 0.75 * less, 0.2 * less)
      if (!swap) consider(GCJ02, false, 'told', 0.05, 0.01)
    }
    if (within(y, 0, 6_700_000)) {
      if (within(x, 13_000_000, 46_000_000)) {
        for (const crs of CRS_LIST) if (crs.zone !== undefined && within(x, crs.zone * 1_000_000, (crs.zone + 1) * 1_000_000)) consider(crs, swap, 'number', 0.9 * less, 0.4 * less)
      }
      // The maths of 3° and 6° are the same where they share a meridian: one of them is enough to choose from.
      if (within(x, 0, 1_000_000)) for (const crs of CRS_LIST) if (crs.kind === 'zone3' && crs.zone === undefined) consider(crs, swap, 'size', 0.85 * less, 0.03 * less)
    }
    if (!swap && within(x, -20_037_509, 20_037_509) && within(y, -20_037_509, 20_037_509) && !within(x, -1000, 1000)) consider(WEB_MERCATOR, false, 'size', 0.8, 0.02)
    if (local) consider(LOCAL, swap, 'size', 0.84 * less, 0.02 * less)
  }
  guesses.sort((a, b) => b.confidence - a.confidence)
  // Where one puts everything into the district, those that put nothing there only make the list longer; any system can still be chosen by name.
  const isSettled = (guesses[0]?.inside ?? 0) === 1
  return guesses.filter(({ inside, why }) => !isSettled || inside > 0 || why === 'file').slice(0, MOST_GUESSES)
}

/** Where the sample lies in WGS84; null where it cannot be in this system. */
export function land(sample: Float64Array, crs: Crs, swap: boolean, local: string | null): Float64Array | null {
  const landed = swap ? sample.map((_, i) => sample[i ^ 1]!) : sample.slice()
  try {
    toLonLat(crs, local)(landed)
  } catch {
    return null
  }
  const onEarth = landed.every((degrees, i) => Number.isFinite(degrees) && Math.abs(degrees) <= (i % 2 ? 85 : 180))
  return onEarth ? landed : null
}

type Range = [least: number, most: number]

function ranges(sample: Float64Array, swap: boolean): [x: Range, y: Range] {
  const found: [Range, Range] = [
    [Infinity, -Infinity],
    [Infinity, -Infinity],
  ]
  sample.forEach((value, i) => {
    const range = found[(i % 2) as 0 | 1]
    range[0] = Math.min(range[0], value)
    range[1] = Math.max(range[1], value)
  })
  return swap ? [found[1], found[0]] : found
}

const within = ([least, most]: Range, from: number, to: number) => least >= from && most <= to

export function boxOf(lonLat: Float64Array): Box {
  const [[west, east], [south, north]] = ranges(lonLat, false)
  return [west, south, east, north]
}

function shareInside(lonLat: Float64Array, [west, south, east, north]: Box): number {
  let inside = 0
  for (let i = 0; i < lonLat.length; i += 2) {
    const [lon, lat] = [lonLat[i]!, lonLat[i + 1]!]
    if (lon >= west - MARGIN && lon <= east + MARGIN && lat >= south - MARGIN && lat <= north + MARGIN) inside++
  }
  return inside / (lonLat.length / 2)
}
