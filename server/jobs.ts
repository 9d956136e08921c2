import { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import { bossDatabase, type PlainSql } from './database/boss-adapter.ts'
import type { Sql } from './database/connect.ts'
import { discardForgottenDrafts } from './task-list/forgotten.ts'

/** Work that runs beside requests, in queues that several processes share. */
export interface Jobs {
  ready(): boolean
  stop(): Promise<void>
}

/**
 * Starts the queues and the scheduled work. The schedule reads as a list:
 * - every night at 03:20, drafts of task lists that nobody touched for 90 days are discarded.
 */
export async function startJobs(plain: PlainSql, sql: Sql, log: Logger): Promise<Jobs> {
  const boss = new PgBoss({ db: bossDatabase(plain) })
  let ready = false
  boss.on('error', (error) => log.warn({ err: error }, 'jobs'))
  await boss.start()
  await scheduled(boss, 'task-list-drafts', '20 3 * * *', async () => {
    const discarded = await discardForgottenDrafts(sql)
    if (discarded.length) log.info({ discarded }, 'forgotten drafts discarded')
  })
  ready = true
  return {
    ready: () => ready,
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
