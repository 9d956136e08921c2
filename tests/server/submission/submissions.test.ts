import { expect, it } from 'vitest'
import { describeOnBothDatabases, type Asking } from '../harness.ts'

const BAIHE = '310118110'
const KEY = { task: 17, kind: 'finding', town: BAIHE, month: '2023-12' }
interface Row {
  version: number
  state: string
  done: boolean | null
  words: string
  reason: string | null
}

describeOnBothDatabases('submissions', (server) => {
  const save = (who: Asking, change: object) => who.post('/api/plans/2023/submissions', { submissions: [{ ...KEY, ...change }] }, 'PUT')
  const act = (who: Asking, which: string, change: object) => who.post(`/api/plans/2023/submissions/${which}`, { submissions: [{ ...KEY, ...change }] })
  const row = async (answer: Response) => ((await answer.json()) as Row[])[0]!

  it('should go the way of a report: entered, handed in, returned with a reason, mended, approved, each a version', async () => {
    const town = await server.as('town-310118110')
    const department = await server.as('dept-01')
    expect(await row(await save(town, { version: 0, done: false }))).toMatchObject({ version: 1, state: 'draft', done: false })
    const incomplete = await act(town, 'submit', { version: 1 })
    expect(incomplete.status).toBe(422)
    expect(await incomplete.json()).toMatchObject({ type: '/problems/submission-incomplete', params: { gaps: ['why-not'] } })
    expect(await row(await save(town, { version: 1, words: '两处地笼待清理' }))).toMatchObject({ version: 2, done: false, words: '两处地笼待清理' })
    expect(await row(await act(town, 'submit', { version: 2 }))).toMatchObject({ version: 3, state: 'submitted' })
    expect((await act(department, 'return', { version: 3 })).status).toBe(422)
    expect(await row(await act(department, 'return', { version: 3, reason: '请写明位置' }))).toMatchObject({ state: 'returned', reason: '请写明位置' })
    expect(await row(await save(town, { version: 4, done: true, words: '已清理' }))).toMatchObject({ version: 5, state: 'returned' })
    expect(await row(await act(town, 'submit', { version: 5 }))).toMatchObject({ state: 'submitted' })
    expect(await row(await act(department, 'approve', { version: 6 }))).toMatchObject({ version: 7, state: 'approved', done: true })
    const versions = await town.json<{ act: string; by: string }[]>(`/api/plans/2023/submissions/versions?task=17&kind=finding&town=${BAIHE}&month=2023-12`)
    expect(versions.map((version) => version.act)).toEqual(['save', 'save', 'submit', 'return', 'save', 'submit', 'approve'])
    const handedIn = await department.json<{ task: number; town: string }[]>('/api/plans/2023/submissions?month=2023-12&state=approved')
    expect(handedIn).toEqual([expect.objectContaining({ task: 17, town: BAIHE, desk: null, over: false })])
    const [trail] = await server.sql<{ n: number }[]>`select count(*)::int as n from audit where subject = ${`submission/2023/2023-12/${BAIHE}/17/finding`}`
    expect(trail!.n).toBe(7)
  })

  it('should refuse another town, another department, an old version, and what nobody asks for', async () => {
    const other = await server.as('town-310118105')
    expect((await save(other, { version: 7, done: true })).status).toBe(403)
    expect((await act(await server.as('dept-02'), 'return', { version: 7, reason: 'x' })).status).toBe(403)
    const town = await server.as('town-310118110')
    expect((await save(town, { kind: 'submission', version: 3, words: 'x' })).status).toBe(409)
    for (const never of [{ task: 4 }, { task: 13, kind: 'milestone', item: '13.1/1' }, { task: 16, kind: 'submission', month: '2023-11' }]) {
      expect((await save(town, { version: 0, words: 'x', ...never })).status, JSON.stringify(never)).toBe(404)
    }
    expect((await save(town, { version: 0, kind: 'milestone', item: 'x', words: 'x' })).status).toBe(400)
    expect((await save(town, { version: 0, kind: 'submission', words: 'a\u0000b' })).status).toBe(400)
    // Nobody sees another's: neither by asking for all nor by asking for its history.
    expect(await other.json('/api/plans/2023/submissions?month=2023-12')).toEqual([])
    expect((await other.request(`/api/plans/2023/submissions/versions?task=17&kind=finding&town=${BAIHE}&month=2023-12`)).status).toBe(403)
  })

  it('should be in the reviewers’ clock: shown as waiting too long, and reminded', async () => {
    const { waitingReviews } = await import('../../../server/reminder/queries.ts')
    const [plan] = await server.sql<{ id: number }[]>`select id from plan where year = 2023`
    const before = (await waitingReviews(server.sql, plan!.id)).find(({ scope, month }) => scope === '区农业农村委' && month === '2023-12')?.count ?? 0
    const town = await server.as('town-310118110')
    const key = { kind: 'inspection' }
    expect((await save(town, { ...key, version: 0, done: true })).status).toBe(200)
    expect((await act(town, 'submit', { ...key, version: 1 })).status).toBe(200)
    await server.sql`update submission set submitted_at = '2023-12-20T09:00:00+08:00', changed_at = '2023-12-20T09:00:00+08:00' where kind = 'inspection' and town = ${BAIHE} and month = '2023-12'`
    const [row] = await town.json<{ desk: string; days: number; over: boolean }[]>('/api/plans/2023/submissions?month=2023-12&kind=inspection&state=submitted')
    expect(row).toMatchObject({ desk: 'department', over: true })
    expect(row!.days).toBeGreaterThan(100)
    const waiting = (await waitingReviews(server.sql, plan!.id)).find(({ scope, month }) => scope === '区农业农村委' && month === '2023-12')!
    expect(waiting).toMatchObject({ desk: 'department', count: before + 1, since: '2023-12-20' })
  })

  it('should let one of two people win who enter the same first words at once', async () => {
    const town = await server.as('town-310118110')
    const answers = await Promise.all(['a', 'b', 'c'].map((words) => save(town, { kind: 'submission', version: 0, words })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })

  it('should be held by the database to their own town, even with a wrong query', async () => {
    const { beginAs } = await import('../../../server/database/wall.ts')
    const person = { account: 'x', name: 'x', grants: [{ role: 'reporter' as const, scope: '310118105' }], readOnly: false }
    expect(await beginAs(server.sql, true, person, (tx) => tx`update submission set done = true where town = ${BAIHE} returning id`)).toHaveLength(0)
    await expect(
      beginAs(server.sql, true, person, (tx) => tx`
        insert into submission (plan_id, task_no, kind, town, month, version, state, entered_by, changed_at, demo)
        select id, 17, 'inspection', ${BAIHE}, '2023-12', 1, 'draft', 'x', now(), true from plan`),
    ).rejects.toMatchObject({ code: '42501' })
    await expect(beginAs(server.sql, true, person, (tx) => tx`update submission_version set words = 'x'`)).rejects.toMatchObject({ code: '42501' })
  })
})
