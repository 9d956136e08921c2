/**
 * What a closed month brings by itself: its dispatch pack, and a word to everybody who asked for it. Each closing has one pack, whichever process
 * comes first and however often this runs; people are told when its files are there.
 */
import type { Logger } from 'pino'
import { rolesOf } from '../../geo/message/subscription.ts'
import type { Told } from '../../geo/message/message.ts'
import { bySystem } from '../audit/queries.ts'
import { instantOf, later, todayOf, type Clock } from '../clock.ts'
import type { Sql } from '../database/connect.ts'
import { tell } from '../message/tell.ts'
import { planById } from '../plan/queries.ts'
import { keepSnapshot } from '../snapshot/store.ts'
import { makeWaiting } from '../snapshot/work.ts'
import { closingsWithoutPack, insertMonthPack, markTold, subscribersOf, untoldPacks } from './queries.ts'
import { drawPack } from './store.ts'

/** A closing older than this is history: its pack can be asked for by hand. */
const FRESH_DAYS = 3
const MAKER = bySystem('schedule')

class SomebodyWasFirst extends Error {}

/**
 * @param origin where the code on the pages leads
 * @returns how many packs were begun, and how many people were told
 */
export async function packsOfClosings(sql: Sql, clock: Clock, origin: string | null, log: Logger): Promise<{ made: number; told: number }> {
  let made = 0
  for (const closing of await closingsWithoutPack(sql, later(clock, -FRESH_DAYS * 24 * 60))) {
    const plan = await planById(sql, closing.planId)
    if (!plan) continue
    const drawn = await drawPack(sql, { plan, actor: MAKER, today: todayOf(clock), origin }, { month: closing.month, paper: 'A4-landscape', lang: 'zh-CN', title: '' })
    try {
      await sql.begin(async (tx) => {
        const id = await keepSnapshot(tx, { actor: MAKER, now: instantOf(clock) }, drawn)
        if (!(await insertMonthPack(tx, closing, id))) throw new SomebodyWasFirst()
      })
      made++
    } catch (error) {
      if (!(error instanceof SomebodyWasFirst)) throw error
    }
  }
  if (made > 0) await makeWaiting(sql, log)
  return { made, told: await tellOfPacks(sql, clock) }
}

async function tellOfPacks(sql: Sql, clock: Clock): Promise<number> {
  return sql.begin(async (tx) => {
    const packs = await untoldPacks(tx)
    if (packs.length === 0) return 0
    const accounts = await subscribersOf(tx, 'month-pack', rolesOf('month-pack'))
    const now = instantOf(clock)
    const told = packs.map(
      ({ planId, month, version, id, title, pages, demo }): Told => ({
        kind: 'pack-ready',
        key: `month-pack/${planId}/${month}/${version}`,
        to: accounts.map((account) => ({ account })),
        params: { month, title, pages, ...(demo ? { demo } : {}) },
        path: `/packs/${id}`,
      }),
    )
    for (const pack of packs) await markTold(tx, pack, now)
    return (await tell(tx, told, now)).length
  })
}
