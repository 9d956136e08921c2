/** What a run of a check froze: all that its sheet shows, whatever becomes of the farmland and the boundaries afterwards. */
import type { MultiPolygon, Polygon } from 'geojson'
import type { BoundaryKind } from '../town/town.ts'
import type { CheckResult } from './check.ts'

/** The land around the plot, as far as the sheet shows it: parts of shapes, thinned out for its scale. */
export interface CheckGround {
  parcels: { kind: string; geometry: Polygon | MultiPolygon }[]
  /** More parcels than are drawn lie here. */
  cut: boolean
  towns: { town: string; geometry: Polygon | MultiPolygon }[]
}

export interface CheckContent {
  checkedAt: string
  /** Of the farmland layer. */
  dataVersion: number
  plot: MultiPolygon
  result: CheckResult
  /** What of the plot lies on permanent basic farmland; null: nothing. */
  touched: MultiPolygon | null
  /** Of that, the slivers. */
  sliverShapes: MultiPolygon | null
  /** The plot without it; null: nothing is left. */
  remaining: MultiPolygon | null
  remainingMu: number
  ground: CheckGround
  boundary: { kind: BoundaryKind; credit: string } | null
}
