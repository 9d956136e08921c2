import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import type { FrozenMonth } from '../../../geo/month/frozen.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'

interface Detail {
  id: string
  version: number
  closedOn: string | null
  state: string
  counts: { expected: number; approved: number; waiting: number; returned: number; missing: number }
  refusals: { close: string | null; reopen: string | null }
  freeze: { version: number; sha256: string } | null
  freezes: { version: number; sha256: string }[]
  units: { town: string; missing: number; open: { subject: string; standing: string }[] }[]
  acts: { act: string; by: string; reason: string }[]
}
interface Freeze {
  sha256: string
  holds: boolean
  content: FrozenMonth
  since: { measure: string; town: string; then: { value: number | null }; now: { value: number | null } }[]
}

const BAIHE = '310118110'
const MONTHS = '/api/plans/2023/months'
const typeOf = async (answer: Response) => ((await answer.json()) as { type: string }).type

describeOnBothDatabases('the months of a plan', (server) => {
  let office: Asking
  const detail = (month: string) => office.json<Detail>(`${MONTHS}/${month}`)
  const freeze = (month: string, version: number) => office.json<Freeze>(`${MONTHS}/${month}/freezes/${version}`)
  const close = async (month: string, words = '缺报的下月补报') => {
    const { version, counts } = await detail(month)
    return office.post(`${MONTHS}/${month}/close`, { version, missing: counts.missing, waiting: counts.waiting, words })
  }

  it('should come with the demonstration’s past frozen, each month with a hash that holds', async () => {
    office = await server.as('office')
    const months = await office.json<Detail[]>(MONTHS)
    expect(months.map(({ state }) => state)).toEqual([...Array<string>(11).fill('closed'), 'open'])
    for (const { id, freeze: kept } of months.slice(0, 11)) {
      const { content, holds, sha256 } = await freeze(id, 1)
      expect([id, kept?.version, holds, sha256]).toEqual([id, 1, true, kept?.sha256])
      expect(content).toMatchObject({ month: { id }, demo: true, boundaries: { kind: '示意' }, rule: { green: 5, yellow: 20 } })
      expect(content.lights.length).toBeGreaterThan(200)
      expect(content.submissions.length).toBeGreaterThan(50)
      expect(content.submissions.every((one) => one.month === id && one.state === 'approved' && one.words.startsWith('演示'))).toBe(true)
    }
  })

  it('should miss the submissions of a month that nobody handed in, and freeze those that came with their words', async () => {
    const of = async () => (await detail('2023-12')).units.find(({ town }) => town === BAIHE)!.open.find(({ subject }) => subject === '17/finding')?.standing
    expect(await of()).toBe('missing')
    const key = { task: 17, kind: 'finding', town: BAIHE, month: '2023-12' }
    const act = async (who: Asking, which: string, change: object) =>
      expect((await who.post(`/api/plans/2023/submissions${which && `/${which}`}`, { submissions: [{ ...key, ...change }] }, which ? 'POST' : 'PUT')).status).toBe(200)
    const [town, department] = [await server.as(`town-${BAIHE}`), await server.as('dept-01')]
    await act(town, '', { version: 0, done: false, words: '两处地笼待清理' })
    expect(await of()).toBe('missing')
    await act(town, 'submit', { version: 1 })
    expect(await of()).toBe('waiting')
    await act(department, 'return', { version: 2, reason: '请写明位置' })
    expect(await of()).toBe('returned')
    const inbox = await town.json<{ items: { kind: string; params: Record<string, unknown> }[] }>('/api/inbox')
    expect(inbox.items[0]).toMatchObject({ kind: 'report-returned', params: { reason: '请写明位置', name: expect.stringContaining('问题排查') as unknown } })
    await act(town, 'submit', { version: 3 })
    await act(department, 'approve', { version: 4 })
    expect(await of()).toBeUndefined()
    // A correction that waits does not undo what counts, and is frozen beside it.
    await act(town, 'correct', { version: 5, done: true, words: '已清理', reason: '复查' })
    expect(await of()).toBeUndefined()
  })

  it('should freeze a month that is closed, exactly as its lights and reports were', async () => {
    const before = await detail('2023-12')
    expect(before.refusals).toEqual({ close: null, reopen: 'not-closed' })
    expect(before.counts.expected).toBe(before.counts.approved + before.counts.waiting + before.counts.returned + before.counts.missing)
    const lights = await office.json('/api/plans/2023/lights?asOf=2023-12-31')
    const stale = await office.post(`${MONTHS}/2023-12/close`, { version: before.version, missing: before.counts.missing + 1, waiting: before.counts.waiting })
    expect([stale.status, await typeOf(stale)]).toEqual([409, '/problems/month-changed'])
    if (before.counts.missing + before.counts.waiting > 0) expect((await close('2023-12', ' ')).status).toBe(422)
    const answer = await close('2023-12')
    expect(answer.status, await answer.clone().text()).toBe(200)
    const after = (await answer.json()) as Detail
    expect(after).toMatchObject({ state: 'closed', refusals: { close: 'closed', reopen: null }, freeze: { version: 1 } })
    expect(after.acts.at(-1)).toMatchObject({ act: 'close', by: 'office', reason: '缺报的下月补报' })
    const kept = await freeze('2023-12', 1)
    expect(kept.content.lights).toEqual(lights)
    const found = kept.content.submissions.filter(({ task, kind, town }) => task === 17 && kind === 'finding' && town === BAIHE)
    expect(found.map(({ state, done, words }) => [state, done, words])).toEqual([
      ['approved', false, '两处地笼待清理'],
      ['submitted', true, '已清理'],
    ])
    expect(kept).toMatchObject({ holds: true, since: [] })
    const bytes = await (await office.request(`${MONTHS}/2023-12/freezes/1/file`)).text()
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(kept.sha256)
    expect((await close('2023-12')).status).toBe(409)
  })

  it('should show what became of a frozen month without changing it', async () => {
    const kept = await freeze('2023-12', 1)
    const value = kept.content.values.find(({ measure, town }) => measure === '14.1' && town === BAIHE)!.value!
    const key = { measure: '14.1', town: BAIHE, month: '2023-12' }
    const last = async () => (await office.json<{ version: number }[]>(`/api/plans/2023/reports/2023-12/${BAIHE}/14.1/versions`)).at(-1)!.version
    const answers = ['below-last', 'over-quota'].map((check) => ({ check, reason: '测产复核' }))
    const town = await server.as(`town-${BAIHE}`)
    const corrected = await town.post('/api/plans/2023/reports/correct', { reports: [{ ...key, version: await last(), value: value - 100, reason: '测产复核', answers }] })
    expect(corrected.status, await corrected.clone().text()).toBe(200)
    expect((await (await server.as('dept-01')).post('/api/plans/2023/reports/approve', { reports: [{ ...key, version: await last() }] })).status).toBe(200)
    const later = await freeze('2023-12', 1)
    expect(later.content).toEqual(kept.content)
    expect(later.holds).toBe(true)
    expect(later.since).toMatchObject([{ measure: '14.1', town: BAIHE, then: { value }, now: { value: value - 100 } }])
  })

  it('should reopen only with a reason, keep what was frozen, and freeze again beside it', async () => {
    const { version } = await detail('2023-12')
    const post = (body: object) => office.post(`${MONTHS}/2023-12/reopen`, body)
    expect((await post({ version, reason: '  ' })).status).toBe(422)
    expect((await post({ version: version - 1, reason: '漏报' })).status).toBe(409)
    const reopened = (await (await post({ version, reason: '白鹤镇漏报' })).json()) as Detail
    expect(reopened).toMatchObject({ state: 'open', closedOn: null, freeze: { version: 1 } })
    expect((await close('2023-12')).status).toBe(200)
    const again = await detail('2023-12')
    expect(again.freezes.map(({ version: v }) => v)).toEqual([1, 2])
    expect(again.freezes[0]!.sha256).not.toBe(again.freezes[1]!.sha256)
    expect(again.acts.map(({ act, reason }) => `${act} ${reason}`)).toEqual(['close 缺报的下月补报', 'reopen 白鹤镇漏报', 'close 缺报的下月补报'])
  })

  it('should close in the order of the months and take only dates that follow each other', async () => {
    await office.post(`${MONTHS}/2023-11/reopen`, { version: (await detail('2023-11')).version, reason: '漏报' })
    const { version } = await detail('2023-12')
    await office.post(`${MONTHS}/2023-12/reopen`, { version, reason: '漏报' })
    const refused = await close('2023-12')
    expect(await refused.json()).toMatchObject({ type: '/problems/month-refused', params: { refusal: 'earlier-open' } })
    const put = async (dates: object) => office.post(`${MONTHS}/2023-12`, { version: (await detail('2023-12')).version, ...dates }, 'PUT')
    expect((await put({ opensOn: '2023-12-20', dueOn: '2023-12-10', closesOn: '2024-01-10' })).status).toBe(422)
    expect((await put({ opensOn: '2023-12-15', dueOn: '2024-01-04', closesOn: '2024-01-09', reason: '年底提前' })).status).toBe(200)
    expect((await detail('2023-12')).acts.at(-1)).toMatchObject({ act: 'dates', reason: '年底提前' })
  })

  it('should be closed and reopened by the office alone', async () => {
    for (const account of ['leader', 'dept-01', 'town-310118110', 'auditor', 'admin', 'planner']) {
      const person = await server.as(account)
      expect((await person.post(`${MONTHS}/2023-12/close`, { version: 1, missing: 0, waiting: 0 })).status, account).toBe(403)
      expect((await person.post(`${MONTHS}/2023-12/reopen`, { version: 1, reason: 'x' })).status, account).toBe(403)
    }
    expect((await (await server.as(null)).request(MONTHS)).status).toBe(401)
    expect((await (await server.as('leader')).request(MONTHS)).status).toBe(200)
  })

  it('should let a report in before a closing or refuse it after, and never lose one in between', async () => {
    await close('2023-11')
    const town = await server.as('town-310118104')
    await server.sql`delete from report where measure_id = '14.1' and town = '310118104' and month = '2023-12'`
    const save = () => town.post('/api/plans/2023/reports', { reports: [{ measure: '14.1', town: '310118104', month: '2023-12', version: 0, value: 1 }] }, 'PUT')
    const [closed, saved] = await Promise.all([close('2023-12'), save()])
    expect([200, 409]).toContain(saved.status)
    expect(closed.status, await closed.clone().text()).toBe(200)
    const [stored] = await server.sql<{ n: number }[]>`select count(*)::int as n from report where measure_id = '14.1' and town = '310118104' and month = '2023-12'`
    expect(stored!.n).toBe(saved.status === 200 ? 1 : 0)
  })

  it('should find a freeze that somebody changed', async () => {
    await expect(server.sql`update month_freeze set content = replace(content, '"red"', '"green"') where month = '2023-05'`).rejects.toThrow(/append-only/)
    await server.sql`alter table month_freeze disable trigger month_freeze_kept`
    await server.sql`update month_freeze set content = replace(content, '"red"', '"green"') where month = '2023-05'`
    expect((await freeze('2023-05', 1)).holds).toBe(false)
    expect((await freeze('2023-06', 1)).holds).toBe(true)
  })
})
