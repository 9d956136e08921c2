/** Lights: green, yellow, red or grey for a measure × unit at a date, with the reason. */

/** Trouble grows with the index; "worst" is the highest of the ones that count. Each has a shape and a word besides its colour. */
export const LIGHTS = ['grey', 'green', 'yellow', 'red'] as const
export type LightColour = (typeof LIGHTS)[number]

/** Thresholds on the gap, in percentage points: data of the plan, contiguous, versioned. */
export interface LightRule {
  version: number
  /** ISO date from which it holds. */
  validFrom: string
  /** gap ≤ green → green; ≤ yellow → yellow; more → red. */
  green: number
  yellow: number
}

/** Why, as data: the client words it in the reader's language, `reason` below is the same in Chinese. */
export const REASON_KEYS = [
  'done', // target reached
  'on-schedule',
  'behind', // gap over the thresholds
  'deadline-passed',
  'milestone-passed',
  'below-keep',
  'above-limit', // atMost: over the target
  'keep-held',
  'within-limit', // atMost: not over the target
  'not-due', // nothing expected yet
  'no-quota',
  'no-report', // expected something, nothing approved
] as const
export type ReasonKey = (typeof REASON_KEYS)[number]

export interface Light {
  task: number
  measure: string
  town: string
  light: LightColour
  /** Expected share at the date, 0…1; 1 for what is to be kept or not exceeded, on every day, once there is a value. */
  expected: number
  /** Approved value as a share of the target, 0…(over 1 when exceeded); null when nothing was ever approved ("no data" is not zero). */
  done: number | null
  /** Claimed but not yet approved, as a share; null when the same as done or none. */
  claimed: number | null
  /** Approved value in the measure's unit; null: no data. */
  value: number | null
  target: number | null
  /** expected − done in percentage points (0…100), null when there is no schedule. */
  gap: number | null
  reasonKey: ReasonKey
  reasonParams: Record<string, string | number>
  /** One sentence in Chinese: expected, done, gap, what it takes to be green. */
  reason: string
  /** First day of the present colour without a break, ISO date; null for grey. */
  since: string | null
  /** Was red on some day since the plan's start and is not now (曾亮红灯). */
  wasRed: boolean
  /** No report for a month that is past its due date, nor a later one: a flag, not a colour. */
  late: boolean
  demo: boolean
}
