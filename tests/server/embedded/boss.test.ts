import { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bossDatabase, plainConnect, type PlainSql } from '../../../server/database/boss-adapter.ts'
import { openTestDatabase, type TestDatabase } from './database.ts'

const native = process.env.TEST_DATABASE_URL

describe.each([{ kind: 'embedded' }, { kind: 'native' }].filter(({ kind }) => kind === 'embedded' || native))(
  'pg-boss on our driver ($kind)',
  ({ kind }) => {
    let database: TestDatabase | undefined
    let plain: PlainSql
    let boss: PgBoss
    const errors: unknown[] = []
    const schema = `boss_${process.pid}`

    beforeAll(async () => {
      if (kind === 'embedded') database = await openTestDatabase()
      plain = plainConnect(database ? database.embedded.connection : native!, 1)
      boss = new PgBoss({ db: bossDatabase(plain), schema })
      boss.on('error', (error) => errors.push(error))
      await boss.start()
    }, 120_000)
    afterAll(async () => {
      await boss?.stop({ graceful: false })
      await plain?.unsafe(`drop schema if exists ${schema} cascade`)
      await plain?.end({ timeout: 2 })
      await database?.remove()
    })

    it('should do a job, once, with its data as they were', async () => {
      const data = { town: '赵巷镇', values: [1, 2.5, null], quoted: `it's "so" \\ here`, nested: { at: '2023-09-30' } }
      const done: unknown[] = []
      await boss.createQueue('reports')
      await boss.work('reports', { pollingIntervalSeconds: 0.5 }, async (jobs) => {
        done.push(...jobs.map((job) => job.data))
        return { seen: jobs.length }
      })
      const id = await boss.send('reports', data)
      await expect.poll(() => done, { timeout: 20_000 }).toEqual([data])
      await expect
        .poll(async () => (await boss.findJobs('reports', { id: id! }))[0]?.state, { timeout: 20_000 })
        .toBe('completed')
      expect((await boss.findJobs('reports', { id: id! }))[0]).toMatchObject({ data, output: { seen: 1 } })
    })

    it('should try a job again that failed, and put it aside in the end', async () => {
      let tries = 0
      await boss.createQueue('dead')
      await boss.createQueue('fragile', { retryLimit: 1, retryDelay: 0, deadLetter: 'dead' })
      await boss.work('fragile', { pollingIntervalSeconds: 0.5 }, async () => {
        tries++
        throw new Error('not today')
      })
      await boss.send('fragile', { a: 1 })
      await expect.poll(() => tries, { timeout: 30_000 }).toBe(2)
      await expect.poll(async () => (await boss.fetch('dead'))?.[0]?.data, { timeout: 20_000 }).toEqual({ a: 1 })
    })

    it('should keep a schedule, and insert many jobs at once', async () => {
      await boss.createQueue('nightly')
      await boss.schedule('nightly', '20 3 * * *', { why: 'test' }, { tz: 'Asia/Shanghai' })
      expect(await boss.getSchedules()).toMatchObject([
        { name: 'nightly', cron: '20 3 * * *', timezone: 'Asia/Shanghai', data: { why: 'test' } },
      ])
      await boss.insert(
        'nightly',
        Array.from({ length: 200 }, (_, i) => ({ data: { i } })),
      )
      const fetched = await boss.fetch('nightly', { batchSize: 500 })
      expect(fetched.map((job) => (job.data as { i: number }).i).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 200 }, (_, i) => i),
      )
      await boss.complete(
        'nightly',
        fetched.map((job) => job.id),
      )
      expect(errors).toEqual([])
    })
  },
)
