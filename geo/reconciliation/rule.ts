/** How far what is reported may be from what is drawn, and what follows: versioned data of the plan. */
export interface ReconciliationRule {
  version: number
  /** In percent of what is reported. */
  tolerance: number
  /** Whether a difference stands behind the reasons of a light. */
  joins: boolean
}

/**
 * What a plan begins with. Maps are behind the reports at first: were every light to say so from the first day, nobody would read it. The office
 * turns it on once the layers are kept up to date. The colour of a light never depends on it: what was frozen or shown at a meeting stays true.
 */
export const FIRST_RECONCILIATION_RULE: ReconciliationRule = { version: 0, tolerance: 5, joins: false }

export const MOST_TOLERANCE = 50

/** Whether a rule will not do. */
export function isFaultyTolerance(tolerance: number): boolean {
  return !Number.isFinite(tolerance) || tolerance < 0 || tolerance > MOST_TOLERANCE
}
