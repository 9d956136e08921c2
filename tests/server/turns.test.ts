import { readFileSync } from 'node:fs'
import pino from 'pino'
import postgres from 'postgres'
import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../../server/environment.ts'
import { openDatabase } from '../../server/database/open.ts'
import { planOf, plans } from '../../server/plan/queries.ts'
import { seed } from '../../server/seed.ts'
import { describeOnBothDatabases } from './harness.ts'

const DOCUMENT = readFileSync(new URL('../../seeds/task-lists/2023-310118.txt', import.meta.url), 'utf8')
const NUL_IN_A_CELL = '类别\t序号\t任务名称\t任务要求及举措\t区级牵头部门\t街镇任务量\t完成时间节点\n一\t1\t修\0路\t修路\t区建管委\t赵巷镇 1 个\t10月底\n'

interface Draft {
  id: number
  version: number
  list: { tasks: { name: string }[] }
  problems: { key: string }[]
}

describe.skipIf(!process.env.TEST_DATABASE_URL)('several processes on one database', () => {
  it('should fill a new database once, however many start at the same time', async () => {
    const url = new URL(process.env.TEST_DATABASE_URL!)
    const maintenance = postgres(url.href, { max: 1, onnotice: () => {} })
    const name = `xiangtu_turns_${process.pid}`
    await maintenance.unsafe(`create database ${name}`)
    url.pathname = `/${name}`
    const environment = readEnvironment({ DATABASE_URL: url.href, DATABASE_POOL: '3' })
    const log = pino({ level: 'silent' })
    const start = async () => {
      const database = await openDatabase(environment, log, () => {})
      await seed(database.sql, log, { empty: true, clock: { now: () => new Date() }, say: () => {} })
      return database
    }
    const databases = await Promise.all([start(), start(), start()])
    try {
      const { sql } = databases[0]!
      expect(await plans(sql)).toHaveLength(1)
      expect(await sql`select id from task_list`).toHaveLength(1)
      expect(await sql`select id from boundary_set`).toHaveLength(1)
    } finally {
      for (const database of databases) await database.close()
      await maintenance.unsafe(`drop database ${name} with (force)`)
      await maintenance.end()
    }
  })
})

describeOnBothDatabases(
  'storing lists',
  (server) => {
    const draft = async (text: string) => {
      const response = await server.request('/api/task-lists', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: text })
      expect(response.status).toBe(201)
      return (await response.json()) as Draft
    }
    const settled = async ({ id, version, problems }: Draft, corrections: object[] = []) => {
      const confirmed = problems.map((p) => p.key)
      return (await (await server.post(`/api/task-lists/${id}/corrections`, { version, corrections, confirmed }, 'PUT')).json()) as Draft
    }
    const store = ({ id, version }: Draft) => server.post(`/api/task-lists/${id}/store`, { version })

    it('should keep one plan when two lists of a year are stored at the same time', async () => {
      const [first, second] = [await settled(await draft(DOCUMENT)), await settled(await draft(DOCUMENT))]
      const answers = await Promise.all([store(first), store(second)])
      expect(answers.map(({ status }) => status)).toEqual([200, 200])
      expect(await plans(server.sql)).toHaveLength(1)
      expect([first.id, second.id]).toContain((await planOf(server.sql, 2023))!.taskListId)
    })

    it('should refuse a measure in which one town stands under two names', async () => {
      const before = await planOf(server.sql, 2023)
      const twice = { path: 'tasks/14/measures/14.1/quotas/赵巷', read: null, corrected: { target: 1 }, reason: '', at: '2023-01-01T00:00:00Z' }
      const corrected = await settled(await settled(await draft(DOCUMENT), [twice]), [twice])
      const response = await store(corrected)
      expect(response.status).toBe(422)
      expect(await response.json()).toMatchObject({ type: '/problems/correction-invalid', params: { why: 'town-repeated' } })
      expect(await planOf(server.sql, 2023)).toEqual(before)
    })

    it('should keep a file with characters that no database holds, and mark where they were', async () => {
      expect((await draft(NUL_IN_A_CELL)).list.tasks[0]!.name).toBe('修\ufffd路')
    })
  },
  { seeded: 'empty' },
)
