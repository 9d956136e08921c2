/** What the words of both languages share: the parameters of a reason and the numbers in it. */

import type { LightColour, ReasonKey } from './light.ts'
import { formatNumber, formatPoints, formatShare } from '../number/format.ts'

/** The numbers and names that a reason is worded from. Absent is what does not apply. */
export interface ReasonParams {
  kind: string
  unit: string
  /** The plan's year: days of it are said without a year. */
  year: number
  /** Shares 0…1 and the gap in percentage points, as in the light. */
  expected: number
  done?: number
  gap?: number
  value?: number
  target?: number
  /** How much more (for limits: how much less), in the measure's unit, makes the light green. */
  need?: number
  /** The milestone missed, its due day and its share; without a name it is the deadline. */
  milestone?: string
  missedOn?: string
  missedShare?: number
  /** The threshold for green, in percentage points. */
  green: number
}

export type Sentence = (params: ReasonParams) => string

/** The sentences of one language. */
export interface ReasonWords {
  day(date: string, planYear: number): string
  since(light: LightColour, day: string): string
  reasons: Record<ReasonKey, Sentence>
}

/** `13,456/21,600 亩`; decimals as the more exact of the two has them. */
export function ofTarget({ value, target, unit }: ReasonParams): string {
  return `${formatNumber(value ?? 0)}/${withUnit(target ?? 0, unit)}`
}

/** `4,904 亩`, `98%`. */
export function withUnit(value: number, unit: string): string {
  return unit === '%' || unit === '％' ? `${formatNumber(value)}%` : `${formatNumber(value)} ${unit}`.trimEnd()
}

export const shown = (share: number | undefined) => formatShare(share ?? 0)
export const points = (gap: number | undefined) => formatPoints(Math.abs(gap ?? 0))

export function named(milestone: string | undefined): string {
  return milestone ? `“${milestone}”` : ''
}

export function isPercent({ unit }: ReasonParams): boolean {
  return unit === '%' || unit === '％'
}
