/** The demonstration's checks, kept, run again, acknowledged and closed by the very code that people's checks go through; part of the caller's transaction. */
import type { Person } from '../../geo/right/role.ts'
import type { DemoCheck, DemoCheckStep } from '../../seeds/demo/checks.ts'
import type { Tx } from '../database/connect.ts'
import type { Actor } from '../route.ts'
import { SLIVER_MU } from '../../geo/check/check.ts'
import { BY_DATA } from './again.ts'
import { checkOf, checksBehind, type CheckRow } from './queries.ts'
import { acknowledge, changeState, keepAgain, keepCheck, keepConfirmed, taken, takenAgain, tidyPlot } from './store.ts'

export interface CheckPlayer {
  /** What happens before a day. */
  before: (day: string) => Promise<void>
  /** Open checks are run again, as farmland has changed on a day. */
  again: (day: string) => Promise<void>
}

/** Plays checks through a year, beside the layers' own history. */
export function playChecks(tx: Tx, checks: readonly DemoCheck[]): CheckPlayer {
  const kept = new Map<DemoCheck, number>()
  const waiting = checks
    .flatMap((check) => [{ day: check.day, check, step: null }, ...check.steps.map((step) => ({ day: step.day, check, step }))])
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))

  async function keep(check: DemoCheck): Promise<void> {
    const { day, by, applicant, purpose, source, sourceWords, plot } = check
    const found = await taken(tx, tidyPlot(plot), SLIVER_MU, atTen(day))
    kept.set(check, await keepCheck(tx, demoActor(by), { applicant, purpose, source, sourceWords, departments: [] }, found, day))
  }

  async function go(check: DemoCheck, step: DemoCheckStep): Promise<void> {
    const now = await checkOf(tx, kept.get(check)!)
    if (!now) return
    const { id, version, run, standingRun } = now
    const said = { version, words: step.words }
    if (step.act === 'close') await changeState(tx, demoActor(step.by), id, 'close', said, atTen(step.day))
    else await acknowledge(tx, demoActor(step.by), id, { ...said, stands: step.choice === 'accept' ? run : standingRun }, atTen(step.day))
  }

  return {
    before: async (day) => {
      while (waiting[0] && waiting[0].day < day) {
        const { check, step } = waiting.shift()!
        if (step) await go(check, step)
        else await keep(check)
      }
    },
    again: async (day) => {
      const at = atTen(day)
      for (const { id, same, dataVersion } of await checksBehind(tx, 0, checks.length)) {
        const check = (await checkOf(tx, id)) as CheckRow
        if (same) await keepConfirmed(tx, BY_DATA, [id], dataVersion)
        else await keepAgain(tx, BY_DATA, await takenAgain(tx, check, (plot) => taken(tx, plot, check.toleranceMu, at)), 'data')
      }
    },
  }
}

const atTen = (day: string) => new Date(`${day}T10:00:00+08:00`).toISOString()

/** An account of the demonstration, which is made after the plan. */
function demoActor(name: string): Actor {
  const grants: Person['grants'] = name.startsWith('town-') ? [{ role: 'reporter', scope: name.slice(5) }] : [{ role: name as 'planner', scope: '' }]
  return { name, looksAs: null, origin: 'server', person: { account: name, name, grants, readOnly: false }, demo: true }
}
