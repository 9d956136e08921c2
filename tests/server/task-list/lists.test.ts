import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { Problem, TaskList } from '../../../geo/plan/plan.ts'
import { describeOnBothDatabases } from '../harness.ts'

const DOCUMENT = readFileSync(new URL('../../../seeds/task-lists/2023-310118.txt', import.meta.url), 'utf8')

interface Draft {
  id: number
  version: number
  status: string
  list: TaskList
  problems: (Problem & { key: string; settled: string | null })[]
  open: number
  changes: { kind: string; task?: number | null }[] | null
  comparedWith: number | null
}

function upload(text: string, name = 'list.txt'): RequestInit {
  const form = new FormData()
  form.set('file', new File([text], name))
  return { method: 'POST', body: form }
}

describeOnBothDatabases(
  'importing a list',
  (server) => {
    const draft = async (text = DOCUMENT) => (await server.request('/api/task-lists', upload(text))).json() as Promise<Draft>

    it('should read a file without storing anything', async () => {
      const before = await server.json<unknown[]>('/api/task-lists')
      const response = await server.request('/api/task-lists/read', upload(DOCUMENT))
      expect(response.status).toBe(200)
      const list = (await response.json()) as TaskList
      expect(list.tasks).toHaveLength(56)
      expect(list.tasks[0]!.measures[0]!.quotas.map((q) => q.town)).toEqual(['赵巷镇', '重固镇', '练塘镇'])
      expect(await server.json<unknown[]>('/api/task-lists')).toHaveLength(before.length)
    })

    it('should read plain text too, as a body or as JSON', async () => {
      const plain = await server.request('/api/task-lists/read', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: DOCUMENT })
      const wrapped = await server.post('/api/task-lists/read', { text: DOCUMENT })
      expect(((await plain.json()) as TaskList).tasks).toHaveLength(56)
      expect(((await wrapped.json()) as TaskList).tasks).toHaveLength(56)
    })

    it.each([
      ['nothing', ''],
      ['words without a table', '这里没有表格。\n只有两句话。'],
      ['binary rubbish', '\u0000\u0001\u0002\u0003PNG\u0000\u0000'],
    ])('should answer %s with 422 and what is wrong', async (_, text) => {
      const response = await server.request('/api/task-lists/read', upload(text))
      expect(response.status).toBe(422)
      const problem = (await response.json()) as { type: string; words: Record<string, string> }
      expect(problem.type).toMatch(/^\/problems\/[a-z-]+$/)
      expect(problem.words['zh-CN']!.length).toBeGreaterThan(4)
    })

    it('should answer a request without a file with 422', async () => {
      const form = new FormData()
      form.set('other', 'x')
      const response = await server.request('/api/task-lists/read', { method: 'POST', body: form })
      expect(response.status).toBe(422)
      expect(await response.json()).toMatchObject({ type: '/problems/file-missing', field: 'file' })
    })

    it('should not store a draft while a warning is open, and say how many are', async () => {
      const { id, version, open } = await draft()
      expect(open).toBeGreaterThan(0)
      const response = await server.post(`/api/task-lists/${id}/store`, { version })
      expect(response.status).toBe(422)
      expect(await response.json()).toMatchObject({ type: '/problems/task-list-open-problems', params: { count: open } })
    })

    it('should keep what was read beside what was corrected, and store the corrected value', async () => {
      const { id, version, problems } = await draft()
      const saved = await server.post(
        `/api/task-lists/${id}/corrections`,
        {
          version,
          corrections: [
            { path: 'tasks/14/measures/14.1/quotas/赵巷镇/target', read: 3950, corrected: 3960, reason: '以 2 月调整文件为准', at: '2023-03-01T00:00:00Z' },
          ],
          confirmed: problems.map(({ key }) => key),
        },
        'PUT',
      )
      expect(saved.status).toBe(200)
      const corrected = (await saved.json()) as Draft
      expect(corrected.version).toBe(version + 1)
      // The quotas now add up to 124,010: a problem of the correction's own making, to be settled too.
      const sum = corrected.problems.find((p) => p.kind === 'sum-differs' && p.task === 14)
      expect(sum?.settled).toBeNull()
      const confirmed = corrected.problems.map(({ key }) => key)
      const again = await server.post(
        `/api/task-lists/${id}/corrections`,
        { version: corrected.version, corrections: (corrected as never as { corrections: unknown[] }).corrections, confirmed },
        'PUT',
      )
      const ready = (await again.json()) as Draft
      expect(ready.open).toBe(0)
      const stored = await server.post(`/api/task-lists/${id}/store`, { version: ready.version })
      expect(await stored.json()).toEqual({ year: 2023, tasks: 56 })
      const tasks = await server.json<TaskList['tasks']>('/api/plans/2023/tasks')
      const quota = tasks.find((t) => t.no === 14)!.measures[0]!.quotas.find((q) => q.town === '310118105')
      expect(quota?.target).toBe(3960)
      const kept = await server.json<Draft>(`/api/task-lists/${id}`)
      expect(kept.status).toBe('stored')
      expect(kept.list.tasks.find((t) => t.no === 14)!.measures[0]!.quotas[0]!.target).toBe(3950)
      const [entry] = await server.sql<{ after: { corrections: number } }[]>`
        select after from audit where action = 'plan.store' and subject = 'plan/2023' order by id desc limit 1`
      expect(entry!.after.corrections).toBe(1)
    })

    it('should show what a next year’s list changes against this year’s', async () => {
      const next = DOCUMENT.replace('2023 年上海市', '2024 年上海市').replaceAll('赵巷镇 3950 亩', '赵巷镇 4050 亩').replace('全区落实粮食生产任务 12.4 万亩', '全区落实粮食生产任务 12.41 万亩')
      const { changes, comparedWith } = await draft(next)
      expect(comparedWith).toBe(2023)
      expect(changes!.length).toBeGreaterThan(0)
      expect(JSON.stringify(changes)).toContain('4050')
    })

    it('should let only one of two people save corrections made on the same version', async () => {
      const { id, version } = await draft()
      const save = () => server.post(`/api/task-lists/${id}/corrections`, { version, corrections: [], confirmed: ['x'] }, 'PUT')
      const statuses = (await Promise.all([save(), save()])).map((r) => r.status).sort()
      expect(statuses).toEqual([200, 409])
    })

    it('should refuse a correction that points nowhere and keep the draft as it was', async () => {
      const { id, version } = await draft()
      const response = await server.post(
        `/api/task-lists/${id}/corrections`,
        { version, corrections: [{ path: 'tasks/999/name', read: 'a', corrected: 'b', reason: '', at: '' }], confirmed: [] },
        'PUT',
      )
      expect(response.status).toBe(422)
      expect(await response.json()).toMatchObject({ type: '/problems/correction-invalid', field: 'tasks/999/name' })
      expect((await server.json<Draft>(`/api/task-lists/${id}`)).version).toBe(version)
    })

    it('should discard a draft but keep it on record, and refuse to touch it afterwards', async () => {
      const { id, version } = await draft()
      expect((await server.request(`/api/task-lists/${id}`, { method: 'DELETE' })).status).toBe(204)
      expect(await server.json<Draft>(`/api/task-lists/${id}`)).toMatchObject({ status: 'discarded' })
      expect((await server.post(`/api/task-lists/${id}/store`, { version })).status).toBe(409)
      expect((await server.request('/api/task-lists/999999', { method: 'DELETE' })).status).toBe(404)
    })

    it('should give the file back byte for byte', async () => {
      const { id } = await draft()
      const response = await server.request(`/api/task-lists/${id}/file`)
      expect(Buffer.from(await response.arrayBuffer()).toString('utf8')).toBe(DOCUMENT)
    })
  },
  { seeded: 'empty' },
)

describeOnBothDatabases('a list stored over the demonstration', (server) => {
  it('should take the place of the demonstration as a whole, which is made anew for it, and never of a real report', async () => {
    const office = await server.as('office')
    const draft = (await (await office.request('/api/task-lists', upload(DOCUMENT.replace('赵巷镇 3950 亩', '赵巷镇 4950 亩')))).json()) as Draft
    let ready = draft
    // A correction can bring problems of its own making; here each is confirmed as it comes.
    while (ready.open) {
      const confirmed = ready.problems.map(({ key }) => key)
      ready = (await (await office.post(`/api/task-lists/${draft.id}/corrections`, { version: ready.version, corrections: [], confirmed }, 'PUT')).json()) as Draft
    }
    const reports = async () => (await server.sql<{ n: number; demo: number }[]>`select count(*)::int as n, count(*) filter (where demo)::int as demo from report`)[0]!
    const before = await reports()
    const stored = await office.post(`/api/task-lists/${draft.id}/store`, { version: ready.version })
    expect(await stored.json()).toEqual({ year: 2023, tasks: 56 })
    expect(await reports()).toEqual(before)
    const grain = (await server.json<TaskList['tasks']>('/api/plans/2023/tasks')).find(({ no }) => no === 14)!.measures[0]!
    expect(grain.quotas.find(({ town }) => town === '310118105')?.target).toBe(4950)

    await server.sql`update report set demo = false where id = (select min(id) from report)`
    const again = (await (await office.request('/api/task-lists', upload(DOCUMENT))).json()) as Draft
    const { version } = (await (await office.post(`/api/task-lists/${again.id}/corrections`, { version: again.version, corrections: [], confirmed: again.problems.map(({ key }) => key) }, 'PUT')).json()) as Draft
    const refused = await office.post(`/api/task-lists/${again.id}/store`, { version })
    expect(refused.status).toBe(409)
    expect(await refused.json()).toMatchObject({ type: '/problems/plan-exists' })
    expect(await reports()).toEqual({ n: before.n, demo: before.n - 1 })
  })
})
