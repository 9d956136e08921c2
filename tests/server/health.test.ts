import pino from 'pino'
import { expect, it } from 'vitest'
import { createApp } from '../../server/app.ts'
import { startJobs } from '../../server/jobs.ts'
import { discardForgottenDrafts } from '../../server/task-list/forgotten.ts'
import { describeOnBothDatabases } from './harness.ts'

describeOnBothDatabases(
  'health',
  (server) => {
    it('should be ready while database and jobs answer, and say which does not', async () => {
      const log = pino({ level: 'silent' })
      const jobs = await startJobs(server.database.plain, { sql: server.sql, clock: server.clock, environment: server.environment, log })
      const app = createApp({ sql: server.sql, wall: server.database.wall, clock: server.clock, jobs, environment: server.environment, log, clientFolder: null })
      expect((await app.request('/healthz')).status).toBe(200)
      const ready = await app.request('/readyz')
      expect(ready.status).toBe(200)
      expect(await ready.json()).toEqual({ status: 'ready', database: 'ready', jobs: 'ready' })
      await jobs.stop()
      const away = await app.request('/readyz')
      expect(away.status).toBe(503)
      expect(await away.json()).toMatchObject({ database: 'ready', jobs: 'away' })
    })

    it('should discard only drafts that nobody touched for 90 days, each with its line in the audit trail', async () => {
      const text = '类别\t序号\t任务名称\t任务要求及举措\t区级牵头部门\t街镇任务量\t完成时间节点\n一\t1\t修路\t修路\t区建管委\t赵巷镇 1 个\t10月底\n'
      const made = async () => {
        const response = await server.request('/api/task-lists', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: text })
        return ((await response.json()) as { id: number }).id
      }
      const [old, fresh] = [await made(), await made()]
      await server.sql`update task_list set changed_at = now() - interval '91 days' where id = ${old}`
      expect(await discardForgottenDrafts(server.sql)).toEqual([old])
      expect(await server.json(`/api/task-lists/${fresh}`)).toMatchObject({ status: 'draft' })
      const entries = await server.sql`select subject from audit where action = 'task-list.discard'`
      expect(entries.map((e) => e.subject)).toEqual([`task-list/${old}`])
    })
  },
  { seeded: 'no' },
)
