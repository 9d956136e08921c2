import type { MultiPolygon, Polygon } from 'geojson'

/** What the database finds out about boundaries as a set of shapes; see `groundOf` in server/town/queries.ts. */
export interface Ground {
  shapes: TownGround[]
  overlaps: Piece[]
  /** Ground that the towns enclose and none of them covers. */
  gaps: Piece[]
}

export interface TownGround {
  town: string
  /** On the ellipsoid, of the shape as it came if it is valid, else of the repaired one. */
  areaM2: number
  /** Where and why the shape as it came is not valid, and by how much repairing it changes its area. */
  invalid: { at: [number, number]; why: string; changedM2: number } | null
  /** The repaired shape of one that is not valid. */
  repaired: Polygon | MultiPolygon | null
}

/** A piece of ground that two towns claim, or none. */
export interface Piece {
  /** The towns that claim it; of a gap: the towns around it. */
  towns: string[]
  areaM2: number
  /** Mean width in metres: area by half the perimeter. */
  widthM: number
  /** A point in it. */
  at: [number, number]
}

/**
 * Narrower than this (mean width, metres) it is a sliver, not land: coordinates rounded to five decimals are off by up to
 * 0.7 m, two neighbours drawn one after the other along the same ditch by a few metres.
 */
export const SLIVER_WIDTH_M = 5

/** A loop of less than this (m²) is nobody's land: the border touches itself, or crosses itself by the noise of computed coordinates. */
export const NOISE_M2 = 1
