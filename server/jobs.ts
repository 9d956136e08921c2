import { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import { runChecksAgain } from './check/again.ts'
import { todayOf, type Clock } from './clock.ts'
import { bossDatabase, type PlainSql } from './database/boss-adapter.ts'
import type { Sql } from './database/connect.ts'
import type { Environment } from './environment.ts'
import { discardForgottenImports } from './import/store.ts'
import { workOnImports } from './import/work.ts'
import { recordNights } from './light/record.ts'
import { deliver } from './message/deliver.ts'
import { makeMessages } from './message/digest.ts'
import { packsOfClosings } from './pack/closing.ts'
import { issueRuleOrders, remind } from './reminder/night.ts'
import { makeWaiting } from './snapshot/work.ts'
import { discardForgottenDrafts } from './task-list/forgotten.ts'

/** Work that runs beside requests, in queues that several processes share. */
export interface Jobs {
  ready(): boolean
  /** Has a queue look for work now, rather than at its next turn. */
  wake?(queue: 'imports'): Promise<void>
  stop(): Promise<void>
}

export interface JobParts {
  sql: Sql
  clock: Clock
  environment: Pick<Environment, 'channelHosts' | 'publicOrigin' | 'secretKey' | 'localCrs' | 'databaseUrl'>
  log: Logger
}

/**
 * Starts the queues and the scheduled work. Each piece does nothing that is done already, so it may run twice, and late. The schedule reads as a list:
 * - every half hour, and at the start, the lights of all plans are recorded up to today, red ones become orders, and people are told what the day
 *   has for them: whatever changes at midnight is known at half past;
 * - every minute, messages are made of what is new in the inboxes, and sent;
 * - every minute, snapshots that somebody began and did not finish are made (what is asked for is made at once, by whoever was asked);
 * - every minute, the dispatch pack of a month that was closed is made, and whoever asked for it is told when it is there;
 * - whenever somebody asks for it, and every minute, imports of map files that wait are worked on: what a stopped process left lying goes on;
 * - every minute, open farmland checks that the farmland data have got ahead of are run again;
 * - every night at 03:20, drafts of task lists that nobody touched for 90 days are discarded, and imports that nobody touched for 14.
 */
export async function startJobs(plain: PlainSql, parts: JobParts): Promise<Jobs> {
  const { sql, clock, log, environment } = parts
  const boss = new PgBoss({ db: bossDatabase(plain) })
  let ready = false
  boss.on('error', (error) => log.warn({ err: error }, 'jobs'))
  await boss.start()
  await scheduled(boss, 'escalation', '*/30 * * * *', async () => {
    const changed = await recordNights(sql, clock)
    const issued = await issueRuleOrders(sql, clock)
    const told = await remind(sql, clock)
    if (changed || issued || told) log.info({ changed, issued, told }, 'escalation')
  })
  // Of several processes that start at once one does it; a clock set to another day has other work.
  await boss.send('escalation', null, { singletonKey: `start ${todayOf(clock)}`, singletonSeconds: 60 })
  await scheduled(boss, 'messages', '* * * * *', async () => {
    await makeMessages(sql, clock)
    const sent = await deliver(sql, clock, { hosts: environment.channelHosts, secretKey: environment.secretKey, origin: environment.publicOrigin })
    if (sent) log.info({ sent }, 'messages sent')
  })
  await scheduled(boss, 'snapshots', '* * * * *', () => makeWaiting(sql, log))
  await scheduled(boss, 'packs', '* * * * *', async () => {
    const { made, told } = await packsOfClosings(sql, clock, environment.publicOrigin, log)
    if (made || told) log.info({ made, told }, 'dispatch packs')
  })
  await scheduled(boss, 'task-list-drafts', '20 3 * * *', async () => {
    const discarded = await discardForgottenDrafts(sql)
    if (discarded.length) log.info({ discarded }, 'forgotten drafts discarded')
    const imports = await discardForgottenImports(sql, clock)
    if (imports.length) log.info({ imports }, 'forgotten imports discarded')
  })
  await scheduled(boss, 'imports', '* * * * *', async () => {
    const done = await workOnImports(sql, { clock, local: environment.localCrs, aside: environment.databaseUrl != null })
    if (done) log.info({ done }, 'imports worked on')
  })
  await scheduled(boss, 'checks', '* * * * *', async () => {
    const { same, changed } = await runChecksAgain(sql, clock, log)
    if (same || changed) log.info({ same, changed }, 'farmland checks run again')
  })
  ready = true
  return {
    ready: () => ready,
    wake: async (queue) => void (await boss.send(queue, null)),
    async stop() {
      ready = false
      await boss.stop({ graceful: true, timeout: 5000 })
    },
  }
}

async function scheduled(boss: PgBoss, queue: string, cron: string, work: () => Promise<void>): Promise<void> {
  await boss.createQueue(queue)
  await boss.schedule(queue, cron, null, { tz: 'Asia/Shanghai' })
  await boss.work(queue, work)
}
