/**
 * Records of lights: each change of colour with its day, its reason and what brought it about, as it was known then. They differ from the
 * history of geo/light/history.ts, which is computed from what is known now: a record stays even when a correction makes it untrue.
 */
import type { Light, LightColour } from './light.ts'

/** What made a light be looked at: the night, a report that was approved or corrected, new thresholds. */
export const LIGHT_CAUSES = {
  night: { zh: '每日判定', en: 'nightly' },
  report: { zh: '上报审核', en: 'a report was approved' },
  rule: { zh: '规则调整', en: 'the rules changed' },
} as const satisfies Record<string, { zh: string; en: string }>
export type LightCause = keyof typeof LIGHT_CAUSES

/** A change of light. */
export interface LightRecord {
  task: number
  measure: string
  town: string
  /** ISO date. */
  day: string
  light: LightColour
  /** The colour before; null: the first that was ever recorded. */
  before: LightColour | null
  reasonKey: Light['reasonKey']
  reasonParams: Light['reasonParams']
  cause: LightCause
  demo: boolean
}

export function cellKey({ measure, town }: { measure: string; town: string }): string {
  return `${measure}|${town}`
}

/** The lights whose colour is not the one last recorded, as records of a day; the first of a light is recorded unless it is grey. */
export function changesOfLight(lights: readonly Light[], last: ReadonlyMap<string, LightColour>, day: string, cause: LightCause): LightRecord[] {
  return lights.flatMap((light) => {
    const before = last.get(cellKey(light)) ?? null
    if (light.light === (before ?? 'grey')) return []
    const { task, measure, town, reasonKey, reasonParams, demo } = light
    return [{ task, measure, town, day, light: light.light, before, reasonKey, reasonParams, cause, demo }]
  })
}

/** A light that burns red, with the day from which it was recorded so without a break. */
export interface StandingRed {
  task: number
  measure: string
  town: string
  since: string
  reasonKey: Light['reasonKey']
  reasonParams: Light['reasonParams']
  demo: boolean
}

/** A date some months later (earlier, when negative); the month's last day where it has no such day. */
export function monthsLater(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))).toISOString().slice(0, 10)
}

/** The lights that have been red for so many months on a day: one for each task and unit, the one that has been red the longest. */
export function redsForOrders(reds: readonly StandingRed[], months: number, today: string): StandingRed[] {
  if (months === 0) return []
  const longest = new Map<string, StandingRed>()
  for (const red of reds) {
    if (monthsLater(red.since, months) > today) continue
    const key = `${red.task}|${red.town}`
    const known = longest.get(key)
    if (!known || red.since < known.since || (red.since === known.since && red.measure < known.measure)) longest.set(key, red)
  }
  return [...longest.values()]
}
