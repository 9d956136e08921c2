/** Open checks that farmland data have got ahead of, run again; may run in several processes, and again at any time. */
import type { Logger } from 'pino'
import { bySystem } from '../audit/queries.ts'
import { instantOf, type Clock } from '../clock.ts'
import type { Sql } from '../database/connect.ts'
import { checkOf, checksBehind } from './queries.ts'
import { keepAgain, keepConfirmed, takeAgain } from './store.ts'

const BATCH = 200
export const BY_DATA = bySystem('farmland-check')

/**
 * One pass over the checks that are behind. Whether a plot meets the very parcels that it met, in the same versions, is asked of all at once; only the
 * others are overlaid anew.
 * @returns how many hold as they were, and how many have a new run
 */
export async function runChecksAgain(sql: Sql, clock: Clock, log: Pick<Logger, 'warn'>): Promise<{ same: number; changed: number }> {
  const done = { same: 0, changed: 0 }
  for (let after = 0; ; ) {
    const behind = await checksBehind(sql, after, BATCH)
    if (behind.length === 0) return done
    after = behind.at(-1)!.id
    const same = behind.filter((one) => one.same)
    // All of one statement are of one version.
    if (same.length) await sql.begin((tx) => keepConfirmed(tx, BY_DATA, same.map(({ id }) => id), same[0]!.dataVersion)) // prettier-ignore
    done.same += same.length
    for (const { id } of behind.filter((one) => !one.same)) {
      try {
        const check = await checkOf(sql, id)
        if (!check) continue
        const input = await takeAgain(sql, check, instantOf(clock))
        const differences = await sql.begin((tx) => keepAgain(tx, BY_DATA, input, 'data'))
        if (differences) done.changed++
        else if (differences === null) done.same++
      } catch (error) {
        // One that cannot be overlaid, or was closed meanwhile, holds up no other.
        log.warn({ err: error, check: id }, 'a check was not run again')
      }
    }
  }
}
