/** Drawing inside a town: fields side by side, lines that wander, points, each the same every time. On a plane in metres around the town's middle. */
import type { LineString, MultiPolygon, Point, Polygon, Position } from 'geojson'
import { polygonArea } from '../../geo/town/area.ts'
import { partsOf } from '../../geo/town/ring.ts'
import { chanceOf, type Chance } from '../demo/chance.ts'

type Spot = readonly [x: number, y: number]

/** A field: its corners on the plane, and how large it is on the ellipsoid. */
export interface Cell {
  corners: Spot[]
  areaM2: number
}

/** Fields are about so wide and high (metres): some 200 亩 each. */
const [WIDTH, HEIGHT] = [310, 430]
/** What lies between two fields: a ditch, a lane. */
const SHRUNK = 0.95
/** Nothing is drawn nearer to the border than about so many metres: drawn borders are schematic. */
const MARGIN = 60
const STEP = 80

export class Ground {
  readonly #name: string
  readonly #middle: Position
  readonly #metres: Spot
  readonly #rings: Spot[][]
  readonly #box: readonly [number, number, number, number]

  constructor(name: string, shape: Polygon | MultiPolygon, middle: Position) {
    this.#name = name
    this.#middle = middle
    this.#metres = metresADegree(middle[1]!)
    // The largest part: what else there is are slips.
    const part = partsOf(shape).toSorted((a, b) => polygonArea({ type: 'Polygon', coordinates: b }) - polygonArea({ type: 'Polygon', coordinates: a }))[0]!
    this.#rings = part.map((ring) => ring.map((place) => this.#toPlane(place)))
    const outer = this.#rings[0]!
    this.#box = [Math.min(...outer.map(([x]) => x)), Math.min(...outer.map(([, y]) => y)), Math.max(...outer.map(([x]) => x)), Math.max(...outer.map(([, y]) => y))]
  }

  /** Fields side by side all over the town, those of the open country first: where farming is, there it is everywhere. */
  cells(): Cell[] {
    const chance = chanceOf(`${this.#name}/cells`)
    const turn = chance.between(-0.3, 0.3)
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
    const waves = Array.from({ length: 4 }, () => ({ angle: chance.between(0, Math.PI), long: chance.between(2200, 5200), at: chance.between(0, 7) }))
    const openness = ([x, y]: Spot) => waves.reduce((sum, { angle, long, at }) => sum + Math.sin(((x * Math.cos(angle) + y * Math.sin(angle)) / long) * 2 * Math.PI + at), 0)
    const made = new Map<string, Spot>()
    const corner = (i: number, j: number): Spot => {
      const known = made.get(`${i}/${j}`)
      if (known) return known
      const own = chanceOf(`${this.#name}/${i}/${j}`)
      const [x, y] = [i * WIDTH + own.between(-45, 45), j * HEIGHT + own.between(-60, 60)]
      const spot: Spot = [x * cos - y * sin, x * sin + y * cos]
      made.set(`${i}/${j}`, spot)
      return spot
    }
    const [west, south, east, north] = this.#box
    const reach = Math.max(-west, -south, east, north) * 1.5
    const [across, along] = [Math.ceil(reach / WIDTH), Math.ceil(reach / HEIGHT)]
    const found: { cell: Cell; open: number }[] = []
    for (let i = -across; i < across; i++)
      for (let j = -along; j < along; j++) {
        const [roughX, roughY] = [(i + 0.5) * WIDTH, (j + 0.5) * HEIGHT]
        if (!isInside([roughX * cos - roughY * sin, roughX * sin + roughY * cos], this.#rings)) continue
        const [a, b, c, d] = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)]
        const middle: Spot = [(a[0] + b[0] + c[0] + d[0]) / 4, (a[1] + b[1] + c[1] + d[1]) / 4]
        const bent = [a, between(a, b), b, between(b, c), c, between(c, d), d, between(d, a)]
        if (!bent.every((spot) => isInside(away(spot, middle, 1.3), this.#rings))) continue
        const corners = bent.map((spot) => away(spot, middle, SHRUNK))
        found.push({ cell: this.#cell(corners), open: openness(middle) })
      }
    return found.sort((one, other) => other.open - one.open).map(({ cell }) => cell)
  }

  /** Fields out of a row of them that make up so much together: the last one is drawn smaller. @throws Error where there is not enough */
  take(cells: readonly Cell[], m2: number): Cell[] {
    const taken: Cell[] = []
    let left = m2
    for (const cell of cells) {
      if (left < 1) break
      taken.push(cell.areaM2 <= left ? cell : this.#smaller(cell, left))
      left -= taken.at(-1)!.areaM2
    }
    if (left >= m2 * 0.001 + 1) throw new Error(`${this.#name}: there is no room for ${m2} m²`)
    return taken
  }

  polygon({ corners }: Cell): Polygon {
    const ring = corners.map((spot) => this.#toDegrees(spot))
    return { type: 'Polygon', coordinates: [[...ring, ring[0]!]] }
  }

  /** A place of the town. */
  point(chance: Chance): Point {
    return { type: 'Point', coordinates: this.#toDegrees(this.#anywhere(chance)) }
  }

  /** A line of so many metres that wanders through the town. */
  line(chance: Chance, metres: number): LineString {
    for (let tries = 0; tries < 500; tries++) {
      let spot = this.#anywhere(chance)
      let heading = chance.between(0, 2 * Math.PI)
      const spots = [spot]
      for (let left = metres; left > 0 && this.#holds([spot]); left -= STEP) {
        heading += chance.between(-0.22, 0.22)
        const step = Math.min(STEP, left)
        spot = [spot[0] + step * Math.cos(heading), spot[1] + step * Math.sin(heading)]
        spots.push(spot)
      }
      if (this.#holds(spots)) return { type: 'LineString', coordinates: spots.map((one) => this.#toDegrees(one)) }
    }
    throw new Error(`${this.#name}: there is no room for a line of ${metres} m`)
  }

  #cell(corners: Spot[]): Cell {
    const cell = { corners, areaM2: 0 }
    return { corners, areaM2: polygonArea(this.polygon(cell)) }
  }

  #smaller({ corners, areaM2 }: Cell, m2: number): Cell {
    const middle: Spot = [corners.reduce((sum, [x]) => sum + x, 0) / corners.length, corners.reduce((sum, [, y]) => sum + y, 0) / corners.length]
    return this.#cell(corners.map((spot) => away(spot, middle, Math.sqrt(m2 / areaM2))))
  }

  #anywhere(chance: Chance): Spot {
    const [west, south, east, north] = this.#box
    for (;;) {
      const spot: Spot = [chance.between(west, east), chance.between(south, north)]
      if (this.#holds([spot])) return spot
    }
  }

  /** Whether all spots lie in the town, and not near its border. */
  #holds(spots: readonly Spot[]): boolean {
    return spots.every(([x, y]) => AROUND.every(([dx, dy]) => isInside([x + dx, y + dy], this.#rings)))
  }

  #toPlane([lon, lat]: Position): Spot {
    return [(lon! - this.#middle[0]!) * this.#metres[0], (lat! - this.#middle[1]!) * this.#metres[1]]
  }

  #toDegrees([x, y]: Spot): Position {
    return [round(x / this.#metres[0] + this.#middle[0]!), round(y / this.#metres[1] + this.#middle[1]!)]
  }
}

const AROUND: Spot[] = Array.from({ length: 4 }, (_, i) => [MARGIN * Math.cos((i * Math.PI) / 2), MARGIN * Math.sin((i * Math.PI) / 2)])
/** A centimetre. */
const round = (degrees: number) => Math.round(degrees * 1e7) / 1e7
const between = (a: Spot, b: Spot): Spot => [(a[0] + b[0]) / 2 + (a[1] - b[1]) * 0.02, (a[1] + b[1]) / 2 + (b[0] - a[0]) * 0.02]
const away = ([x, y]: Spot, [mx, my]: Spot, by: number): Spot => [mx + (x - mx) * by, my + (y - my) * by]

/** Metres on a degree of longitude and of latitude there, on the ellipsoid. */
function metresADegree(lat: number): Spot {
  const [a, e2, phi] = [6_378_137, 0.00669438, (lat * Math.PI) / 180]
  const w = Math.sqrt(1 - e2 * Math.sin(phi) ** 2)
  return [((a / w) * Math.cos(phi) * Math.PI) / 180, ((a * (1 - e2)) / w ** 3) * (Math.PI / 180)]
}

function isInside([x, y]: Spot, rings: readonly (readonly Spot[])[]): boolean {
  let inside = false
  for (const ring of rings)
    for (let i = 1; i < ring.length; i++) {
      const a = ring[i - 1]!
      const b = ring[i]!
      if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside
    }
  return inside
}
