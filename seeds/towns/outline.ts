import { readFileSync } from 'node:fs'
import gcoord from 'gcoord'
import type { Position } from 'geojson'

/** The package's types describe its bundler build; Node gets the plain object. */
const { transform, GCJ02, WGS84 } = gcoord as unknown as typeof gcoord.default

interface EncodedOutline {
  geometry: { coordinates: string[]; encodeOffsets: [number, number][] }
}

/** ECharts writes coordinates as whole 1024ths of a degree: about 95 m across, 108 m up and down. */
const STEPS_A_DEGREE = 1024

/**
 * One ring of an ECharts 4 map: each character is a zigzag-coded step from the point before (its code less 64), x and
 * y in turn, starting from an offset. Gives [lon, lat] in the map's own datum.
 */
export function decodeRing(encoded: string, [startX, startY]: readonly [number, number]): Position[] {
  const ring: Position[] = []
  let [x, y] = [startX, startY]
  const step = (at: number): number => {
    const code = encoded.charCodeAt(at) - 64
    return (code >> 1) ^ -(code & 1)
  }
  for (let i = 0; i + 1 < encoded.length; i += 2) {
    x += step(i)
    y += step(i + 1)
    ring.push([x / STEPS_A_DEGREE, y / STEPS_A_DEGREE])
  }
  return ring
}

/** The district's outline in WGS84 lon/lat, one closed ring, from the file beside this one (kept as its source has it: GCJ-02, encoded). */
export function readOutline(file: URL): Position[] {
  const { geometry } = JSON.parse(readFileSync(file, 'utf8')) as EncodedOutline
  const [encoded, offset] = [geometry.coordinates[0], geometry.encodeOffsets[0]]
  if (encoded === undefined || offset === undefined) throw new Error(`${file.pathname}: no outline in it`)
  const ring = decodeRing(encoded, offset).map((point) => transform(point as [number, number], GCJ02, WGS84))
  ring[ring.length - 1] = [...(ring[0] as Position)] as [number, number]
  return ring
}
