/** Reports: one town's value for one measure and month. */

import type { LightRule } from '../light/light.ts'
import type { Month } from '../month/month.ts'

/** draft → submitted → (endorsed by the town) → approved / returned → published. Only approved and published values light the map. */
export const REPORT_STATES = ['draft', 'submitted', 'endorsed', 'approved', 'returned', 'published'] as const
export type ReportState = (typeof REPORT_STATES)[number]

export interface Report {
  id: number
  measure: string
  town: string
  /** ISO month, `2023-09`. */
  month: string
  /** Cumulative since the plan's start, in the measure's unit; for `stage` a percentage 0…100; null: words only. */
  value: number | null
  words: string
  state: ReportState
  /** ISO date-times, null while it has not happened. */
  submittedAt: string | null
  approvedAt: string | null
  /** Synthetic, for demonstration: carries 演示 wherever it is seen. */
  demo: boolean
}

/** What a report says, as far as lights need it: no words, no id. Points of a series stand in the order of their months. */
export interface Point {
  /** ISO month, `2023-09`. */
  month: string
  /** Cumulative since the plan's start, in the measure's unit; for `stage` a percentage 0…100; null: words only. */
  value: number | null
  state: ReportState
  /** ISO date-times, null while it has not happened. */
  submittedAt: string | null
  approvedAt: string | null
  /** Synthetic, for demonstration: carries 演示 wherever it is seen. */
  demo: boolean
}

/**
 * All that one unit reported for one measure in the plan's year, by month: one point a month, or two where an approved value is being
 * corrected: the one that counts, then the one that waits.
 */
export interface Series {
  measure: string
  /** Town code; the district's for district-only quotas. */
  town: string
  points: Point[]
}

/** A plan's year in numbers: everything that lights are computed from, besides the plan itself. */
export interface Progress {
  /** ISO dates, both inclusive. */
  plan: { year: number; startsOn: string; endsOn: string }
  months: Month[]
  /** All versions of the thresholds, in the order of `validFrom`. */
  rules: LightRule[]
  /** Only units that ever reported have a series; no series is "no data", not zero. */
  series: Series[]
}
