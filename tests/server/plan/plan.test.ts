import { describe, expect, it } from 'vitest'
import type { Task } from '../../../geo/plan/plan.ts'
import { describeOnBothDatabases } from '../harness.ts'

describeOnBothDatabases('the stored plan of 2023', (server) => {
  it('should list one plan with 56 tasks, read from the document at first start', async () => {
    const plans = await server.json<{ year: number; tasks: number; district: string; source: { name: string } }[]>('/api/plans')
    expect(plans).toMatchObject([{ year: 2023, tasks: 56, district: '青浦区' }])
    expect(plans[0]!.source.name).toContain('2023')
  })

  it('should give every quota that has a number in townText with the span that is this number', async () => {
    const tasks = await server.json<Task[]>('/api/plans/2023/tasks')
    let numbers = 0
    for (const task of tasks) {
      for (const measure of task.measures) {
        for (const quota of measure.quotas) {
          if (!quota.source) continue
          const { start, end } = quota.source
          expect(Number(task.townText.slice(start, end).replace(/[,，\s]/g, '')), `${task.no} ${measure.id} ${quota.town}`).toBe(quota.target)
          numbers++
        }
      }
    }
    expect(numbers).toBeGreaterThanOrEqual(133)
  })

  it('should name towns by their codes, the park and the district too', async () => {
    const tasks = await server.json<Task[]>('/api/plans/2023/tasks')
    const codes = new Set(tasks.flatMap((t) => [...t.towns, ...t.measures.flatMap((m) => m.quotas.map((q) => q.town))]))
    for (const code of codes) expect(code).toMatch(/^310118(\d{3}|P01)?$/)
    expect(codes).toContain('310118P01')
    expect(codes).toContain('310118')
  })

  it('should keep decimals exact through the database', async () => {
    const tasks = await server.json<Task[]>('/api/plans/2023/tasks')
    const greenBase = tasks.find((t) => t.no === 18)!.measures.find((m) => m.target === 16393.94)!
    expect(greenBase.quotas.map((q) => q.target)).toEqual([812, 343, 2157, 2748.21, 1484.24, 4787.84, 1166.61, 2595.04, 300])
    const farmland = tasks.find((t) => t.no === 24)!.measures.find((m) => m.kind === 'keep')!
    expect(farmland).toMatchObject({ unit: '万亩', target: 15.2416 })
  })

  it('should say which problems the reader found, each with how it was settled', async () => {
    const problems = await server.json<{ kind: string; task: number | null; settled: string }[]>('/api/plans/2023/problems')
    expect(problems.some((p) => p.kind === 'statements-differ' && p.task === 11)).toBe(true)
    expect(problems.some((p) => p.kind === 'category-title-differs')).toBe(true)
    expect(new Set(problems.map((p) => p.settled))).toEqual(new Set(['noted']))
  })

  it('should answer 404 as problem+json for a year without a list, in the language asked for', async () => {
    const response = await server.request('/api/plans/1999/tasks', { headers: { 'accept-language': 'en' } })
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect(await response.json()).toMatchObject({ type: '/problems/plan-unknown', status: 404, title: 'There is no list for 1999', field: 'year' })
  })

  it('should answer 304 to a client that has the plan already', async () => {
    const first = await server.request('/api/plans/2023/tasks')
    const again = await server.request('/api/plans/2023/tasks', { headers: { 'if-none-match': first.headers.get('etag')! } })
    expect(again.status).toBe(304)
    await server.sql`update plan set revision = revision + 1`
    const other = await server.request('/api/plans/2023/tasks', { headers: { 'accept-encoding': 'gzip' } })
    expect(other.headers.get('content-encoding')).toBe('gzip')
  })

  it('should refuse to change the audit trail, whoever asks', async () => {
    await expect(server.sql`update audit set actor = 'nobody'`).rejects.toThrow(/append-only/)
    await expect(server.sql`delete from audit`).rejects.toThrow(/append-only/)
    const [row] = await server.sql<{ n: number }[]>`select count(*)::int as n from audit where action = 'plan.store'`
    expect(row!.n).toBe(1)
  })
})

describeOnBothDatabases('an empty installation', (server) => {
  it('should answer an empty list of plans, not an error', async () => {
    expect(await server.json('/api/plans')).toEqual([])
  })
}, { seeded: 'no' })

describe('the harness', () => {
  it('should have PostgreSQL, or the runner says that it is missing', () => {
    expect(Boolean(process.env.TEST_DATABASE_URL) || Boolean(process.env.TEST_DATABASE_REASON)).toBe(true)
  })
})
