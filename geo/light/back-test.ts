/** What other thresholds would have made of the months past: before they are saved, the office sees which lights would differ. */
import { LIGHTS, type LightColour, type LightRule } from './light.ts'
import { lightsOf, type LitTask } from './lights.ts'
import { countLights, type LightCounts } from './task-light.ts'
import { monthEnd } from '../month/month.ts'
import type { Progress } from '../report/report.ts'

export interface BackTestChange {
  task: number
  measure: string
  town: string
  before: LightColour
  after: LightColour
}

export interface BackTestMonth {
  month: string
  before: LightCounts
  after: LightCounts
  changes: BackTestChange[]
}

/**
 * The lights at the end of each month that is over on a day, as they are and as they would be if the proposed thresholds had held all year.
 * What an earlier colour was is not touched by saving: new thresholds hold from their day on.
 */
export function backTest(tasks: readonly LitTask[], progress: Progress, proposed: Pick<LightRule, 'green' | 'yellow'>, today: string): BackTestMonth[] {
  const other: Progress = { ...progress, rules: [{ ...proposed, version: 0, validFrom: progress.plan.startsOn }] }
  return progress.months
    .map(({ id }) => id)
    .filter((month) => monthEnd(month) <= today)
    .map((month) => {
      const asOf = monthEnd(month)
      const before = lightsOf(tasks, progress, asOf, { history: false })
      const after = lightsOf(tasks, other, asOf, { history: false })
      const changes = before.flatMap((light, i) => {
        const now = after[i]!.light
        return light.light === now ? [] : [{ task: light.task, measure: light.measure, town: light.town, before: light.light, after: now }]
      })
      return { month, before: countLights(before), after: countLights(after), changes: changes.sort(byTrouble) }
    })
}

/** Those that would get worst on top. */
function byTrouble(a: BackTestChange, b: BackTestChange): number {
  return step(b) - step(a) || a.task - b.task || a.measure.localeCompare(b.measure) || a.town.localeCompare(b.town)
}

function step({ before, after }: BackTestChange): number {
  return LIGHTS.indexOf(after) - LIGHTS.indexOf(before)
}
