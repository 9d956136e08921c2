import { expect, it } from 'vitest'
import type { Light } from '../../../geo/light/light.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'

const BAIHE = '310118110'
/** 白鹤's first cell of the grain task in the only month of the demonstration that is open. */
const KEY = { measure: '14.1', town: BAIHE, month: '2023-12' }
interface Row {
  version: number
  state: string
  value: number | null
  reason: string | null
  approvedValue: number | null
}
/** Last month's demonstration value is higher than what these tests enter. */
const ANSWERS = [
  { check: 'below-last', reason: '测产复核' },
  { check: 'over-quota', reason: '测产复核' },
]
const problem = async (answer: Response) => ((await answer.json()) as { type: string }).type

describeOnBothDatabases('a report on its way', (server) => {
  const act = async (who: Asking, which: string, change: object) => who.post(`/api/plans/2023/reports/${which}`, { reports: [{ ...KEY, ...change }] })
  const save = async (who: Asking, change: object) => who.post('/api/plans/2023/reports', { reports: [{ ...KEY, ...change }] }, 'PUT')
  const row = async (answer: Response) => ((await answer.json()) as Row[])[0]!

  it('should go from draft to submitted, returned, submitted and approved, each a version with who and why', async () => {
    await server.sql`delete from report where measure_id = '14.1' and town = ${BAIHE} and month = '2023-12'`
    const town = await server.as('town-310118110')
    const department = await server.as('dept-01')
    expect(await row(await save(town, { version: 0, value: 12000, words: '收割过半', answers: ANSWERS }))).toMatchObject({ version: 1, state: 'draft', value: 12000 })
    expect(await row(await save(town, { version: 1, value: 12200 }))).toMatchObject({ version: 2, value: 12200 })
    expect(await row(await act(town, 'submit', { version: 2 }))).toMatchObject({ version: 3, state: 'submitted' })
    expect((await act(department, 'return', { version: 3 })).status).toBe(422)
    expect(await row(await act(department, 'return', { version: 3, reason: '请附测产依据' }))).toMatchObject({ version: 4, state: 'returned', reason: '请附测产依据' })
    expect(await row(await save(town, { version: 4, value: 12300, words: '测产表已附' }))).toMatchObject({ version: 5, state: 'returned', reason: '请附测产依据' })
    expect(await row(await act(town, 'submit', { version: 5 }))).toMatchObject({ version: 6, state: 'submitted' })
    expect(await row(await act(department, 'approve', { version: 6 }))).toMatchObject({ version: 7, state: 'approved', approvedValue: 12300 })
    const versions = await town.json<{ act: string; by: string; value: number }[]>(`/api/plans/2023/reports/2023-12/${BAIHE}/14.1/versions`)
    expect(versions.map(({ act: a, by }) => `${a} ${by}`)).toEqual([
      'save town-310118110',
      'save town-310118110',
      'submit town-310118110',
      'return dept-01',
      'save town-310118110',
      'submit town-310118110',
      'approve dept-01',
    ])
  })

  it('should keep the approved value on the map while a correction waits, and ask for its reason', async () => {
    const town = await server.as('town-310118110')
    expect((await act(town, 'correct', { version: 7, value: 11000 })).status).toBe(422)
    const waits = await act(town, 'correct', { version: 7, value: 11000, reason: '测产复核', answers: ANSWERS })
    expect(await row(waits)).toMatchObject({ version: 8, state: 'submitted', value: 11000, approvedValue: 12300 })
    const light = async (query = '') => (await server.json<Light[]>(`/api/plans/2023/lights?asOf=2023-12-31${query}`)).find((l) => l.measure === '14.1' && l.town === BAIHE)!
    expect(await light()).toMatchObject({ value: 12300, claimed: 11000 / 12300 })
    expect(await row(await act(await server.as('dept-01'), 'approve', { version: 8 }))).toMatchObject({ approvedValue: 11000 })
    expect(await light()).toMatchObject({ value: 11000, claimed: null })
  })

  it('should answer what was known on an earlier day, whatever was corrected since', async () => {
    const key = { measure: '14.1', town: '310118105', month: '2023-12' }
    await server.sql`delete from report where measure_id = '14.1' and town = '310118105' and month = '2023-12'`
    const town = await server.as('town-310118105')
    const department = await server.as('dept-01')
    const at = async (instant: string, who: Asking, which: string, change: object) => {
      server.clock.set(instant)
      const path = which === 'save' ? '/api/plans/2023/reports' : `/api/plans/2023/reports/${which}`
      const answer = await who.post(path, { reports: [{ ...key, ...change }] }, which === 'save' ? 'PUT' : 'POST')
      expect(answer.status, `${which} ${await answer.clone().text()}`).toBe(200)
    }
    // The signed-in sessions are of the machine's today: a clock before them is of no harm to them.
    await at('2024-01-03T10:00:00+08:00', town, 'save', { version: 0, value: 5000, answers: ANSWERS })
    await at('2024-01-03T10:01:00+08:00', town, 'submit', { version: 1 })
    await at('2024-01-04T10:00:00+08:00', department, 'approve', { version: 2 })
    await at('2024-02-20T10:00:00+08:00', town, 'correct', { version: 3, value: 4800, reason: '重复统计', answers: ANSWERS })
    await at('2024-02-21T10:00:00+08:00', department, 'approve', { version: 4 })
    server.clock.set(null)
    const value = async (knownAt: string) => (await server.json<Light[]>(`/api/plans/2023/lights?asOf=2023-12-31&knownAt=${knownAt}`)).find((l) => l.measure === '14.1' && l.town === '310118105')!
    expect((await value('2024-01-04')).value).toBe(5000)
    expect((await value('2024-02-20')).value).toBe(5000)
    expect((await value('2024-02-20')).claimed).not.toBeNull()
    expect((await value('2024-02-21')).value).toBe(4800)
  })

  it('should refuse another town, another department, an old version, a closed month and a cell without a quota', async () => {
    const other = await server.as('town-310118105')
    const refused = await save(other, { version: 9, value: 1 })
    expect(refused.status).toBe(403)
    expect(await problem(refused)).toBe('/problems/not-allowed')
    expect((await act(await server.as('dept-02'), 'approve', { version: 9 })).status).toBe(403)
    const town = await server.as('town-310118110')
    const old = await act(town, 'correct', { version: 3, value: 1, reason: 'x' })
    expect(old.status).toBe(409)
    expect(await problem(old)).toBe('/problems/version-conflict')
    await server.sql`delete from report where measure_id = '14.1' and town = ${BAIHE} and month = '2023-03'`
    const closed = await town.post('/api/plans/2023/reports', { reports: [{ ...KEY, month: '2023-03', version: 0, value: 1 }] }, 'PUT')
    expect(closed.status).toBe(409)
    expect(await closed.json()).toMatchObject({ type: '/problems/report-refused', params: { refusal: 'closed' } })
    const none = await town.post('/api/plans/2023/reports', { reports: [{ ...KEY, measure: '25.1', version: 0, value: 1 }] }, 'PUT')
    expect(none.status).toBe(404)
  })

  it('should do all of many or none', async () => {
    const town = await server.as('town-310118104')
    await server.sql`delete from report where town = '310118104' and month = '2023-12'`
    const one = { town: '310118104', month: '2023-12', version: 0 }
    const answer = await town.post('/api/plans/2023/reports', { reports: [{ ...one, measure: '14.1', value: 9000 }, { ...one, measure: '15.1', value: 9000, version: 5 }] }, 'PUT')
    expect(answer.status).toBe(409)
    expect(await answer.json()).toMatchObject({ field: '/reports/1' })
    const [count] = await server.sql<{ n: number }[]>`select count(*)::int as n from report where town = '310118104' and month = '2023-12'`
    expect(count!.n).toBe(0)
  })

  it('should let one of two people win who enter the same first value at once', async () => {
    const town = await server.as('town-310118104')
    const entry = (value: number) => town.post('/api/plans/2023/reports', { reports: [{ measure: '14.1', town: '310118104', month: '2023-12', version: 0, value }] }, 'PUT')
    const answers = await Promise.all([entry(1000), entry(2000), entry(3000)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  })

  it('should write no report of another town even with a wrong query: the second wall', async () => {
    expect(server.database.wall).toBe(true)
    const { beginAs } = await import('../../../server/database/wall.ts')
    const person = { account: 'x', name: 'x', grants: [{ role: 'reporter' as const, scope: '310118105' }], readOnly: false }
    const changed = await beginAs(server.sql, true, person, (tx) => tx`update report set value = 1 where measure_id = '14.1' returning town`)
    expect(changed.length).toBeGreaterThan(0)
    expect(new Set(changed.map(({ town }) => town))).toEqual(new Set(['310118105']))
    const insert = beginAs(
      server.sql,
      true,
      person,
      (tx) => tx`insert into report (plan_id, measure_id, town, month, value, state, demo) select plan_id, '14.1', '310118106', '2023-12', 1, 'draft', false from report limit 1 on conflict do nothing returning id`,
    )
    await expect(insert).rejects.toMatchObject({ code: '42501' })
    for (const statement of ['delete from audit', "update audit set actor = 'x'", 'delete from report_version', 'update report_version set value = 1', 'delete from migration']) {
      await expect(beginAs(server.sql, true, person, (tx) => tx.unsafe(statement)), statement).rejects.toMatchObject({ code: '42501' })
    }
    // Nothing of the role or the identity stays on the connection.
    const [who] = await server.sql<{ role: string; towns: string }[]>`select current_user as role, coalesce(current_setting('xiangtu.towns', true), '') as towns`
    expect(who!.role).not.toBe('xiangtu_app')
    expect(who!.towns).toBe('')
  })
})
