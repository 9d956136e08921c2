import { expect, it } from 'vitest'
import type { LightRecord } from '../../../geo/light/record.ts'
import { recordNights } from '../../../server/light/record.ts'
import { issueRuleOrders, remind } from '../../../server/reminder/night.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'

const BAIHE = '310118110'
interface Inbox {
  unread: number
  items: { kind: string; params: Record<string, unknown>; path: string }[]
}
interface Order {
  id: number
  task: number
  town: string
  ownerTown: string | null
  source: string
  sourceKey: string
  dueOn: string
  state: string
  version: number
}

describeOnBothDatabases('lights that escalate', (server) => {
  const night = async (instant: string) => {
    server.clock.set(instant)
    return { changed: await recordNights(server.sql, server.clock), issued: await issueRuleOrders(server.sql, server.clock), told: await remind(server.sql, server.clock) }
  }
  const records = (query = '') => server.json<LightRecord[]>(`/api/plans/2023/light-records${query}`)
  const inbox = async (account: string) => (await signIn(account)).json<Inbox>('/api/inbox')
  /** Anew: the clock may have gone on by months since. */
  const signIn = async (account: string): Promise<Asking> => {
    const who = await server.as(null)
    const answer = await who.post('/api/session', { account, password: 'xiangtu-demo' })
    const cookie = answer.headers.get('set-cookie')!.split(';')[0]!
    const request: Asking['request'] = (path, init = {}) => who.request(path, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), cookie } })
    return {
      request,
      json: async <T>(path: string) => (await request(path)).json() as Promise<T>,
      post: (path, body, method = 'POST') => request(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    }
  }

  it('should catch up a past half year with what was known on each day, once, also in two processes at once', async () => {
    // As it was then: of the demonstration's year nothing is closed after May.
    await server.sql`update month set closed_on = null where id >= '2023-06'`
    server.clock.set('2023-06-28T00:30:00+08:00')
    const changed = await Promise.all([recordNights(server.sql, server.clock), recordNights(server.sql, server.clock)])
    const all = await records()
    expect(all.length).toBe(changed[0]! + changed[1]!)
    expect(all.length).toBeGreaterThan(100)
    const days = all.map(({ day }) => day)
    expect(days).toEqual([...days].sort())
    expect(days.at(-1)! <= '2023-06-28').toBe(true)
    // Each record begins where the one before it ended.
    const last = new Map<string, string>()
    for (const { measure, town, before, light } of all) {
      expect(before).toBe(last.get(`${measure}|${town}`) ?? null)
      expect(light).not.toBe(before)
      last.set(`${measure}|${town}`, light)
    }
    expect(await recordNights(server.sql, server.clock)).toBe(0)
    const lights = await server.json<{ measure: string; town: string; light: string }[]>('/api/plans/2023/lights?asOf=2023-06-28&knownAt=2023-06-28')
    for (const { measure, town, light } of lights) expect(last.get(`${measure}|${town}`) ?? 'grey', `${measure} ${town}`).toBe(light)
    await expect(server.sql.begin(async (tx) => {
      await tx.unsafe('set local role xiangtu_app')
      await tx`update light_record set light = 'green'`
    })).rejects.toThrow(/permission denied/)
  })

  it('should make orders of lights red for two months, once, and tell their owners', async () => {
    const { issued } = await night('2023-06-28T07:30:00+08:00')
    const office = await signIn('office')
    const orders = (await office.json<Order[]>('/api/plans/2023/orders')).filter(({ source }) => source === 'rule')
    expect(orders.length).toBe(issued)
    expect(issued).toBeGreaterThan(0)
    for (const { source, sourceKey, dueOn, state } of orders) {
      expect({ source, state }).toEqual({ source: 'rule', state: 'issued' })
      expect(sourceKey.split('/').at(-1)! <= '2023-04-28').toBe(true)
      expect(dueOn).toBe('2023-07-12')
    }
    expect(await night('2023-06-28T12:30:00+08:00')).toEqual({ changed: 0, issued: 0, told: 0 })
    const one = orders.find(({ ownerTown }) => ownerTown !== null)!
    const its = await inbox(`town-${one.ownerTown!.toLowerCase()}`)
    expect(its.items.some(({ kind, path }) => kind === 'order-issued' && path === `/orders/${one.id}`)).toBe(true)
    expect(its.unread).toBe(its.items.length)
  })

  it('should remind of a month before it is due, when it is overdue and again, and of orders', async () => {
    await server.sql`delete from report where month = '2023-06' and town = ${BAIHE}`
    await server.sql`update month set closed_on = closes_on where id < '2023-06'`
    const kinds = async () => (await inbox('town-310118110')).items.map(({ kind }) => kind)
    const count = async (wanted: string) => (await kinds()).filter((kind) => kind === wanted).length
    await night('2023-07-02T07:30:00+08:00')
    expect(await count('report-due')).toBe(0)
    await night('2023-07-03T07:30:00+08:00')
    await night('2023-07-04T07:30:00+08:00')
    expect(await count('report-due')).toBe(1)
    await night('2023-07-06T07:30:00+08:00')
    await night('2023-07-07T07:30:00+08:00')
    expect(await count('report-overdue')).toBe(1)
    await night('2023-07-11T07:30:00+08:00')
    expect(await count('report-overdue')).toBe(2)
    await server.sql`update month set closed_on = '2023-07-12' where id = '2023-06'`
    await night('2023-07-18T07:30:00+08:00')
    expect(await count('report-overdue')).toBe(2)
    expect((await inbox('office')).items.some(({ kind }) => kind === 'order-overdue')).toBe(true)
  })

  it('should record a light in the transaction that approves its report, and tell who entered what was returned', async () => {
    server.clock.set('2023-07-18T10:00:00+08:00')
    await server.sql`update month set closed_on = null where id = '2023-06'`
    const [town, department] = [await signIn('town-310118110'), await signIn('dept-01')]
    const key = { measure: '14.1', town: BAIHE, month: '2023-06' }
    const act = (who: Asking, which: string, change: object) => who.post(`/api/plans/2023/reports/${which}`, { reports: [{ ...key, ...change }] })
    const before = (await records(`?task=14&town=${BAIHE}`)).filter(({ measure }) => measure === '14.1')
    const answers = ['below-last', 'over-quota', 'unit-scale'].map((check) => ({ check, reason: '复核' }))
    await town.post('/api/plans/2023/reports', { reports: [{ ...key, version: 0, value: 12300, answers }] }, 'PUT')
    expect((await act(town, 'submit', { version: 1 })).status).toBe(200)
    expect((await act(department, 'return', { version: 2, reason: '请附测产表' })).status).toBe(200)
    expect((await inbox('town-310118110')).items[0]).toMatchObject({ kind: 'report-returned', params: { reason: '请附测产表' } })
    expect((await act(town, 'submit', { version: 3 })).status).toBe(200)
    expect((await act(department, 'approve', { version: 4 })).status).toBe(200)
    const after = (await records(`?task=14&town=${BAIHE}`)).filter(({ measure }) => measure === '14.1')
    const light = before.at(-1)?.light
    if (light === 'green') expect(after).toHaveLength(before.length)
    else expect(after.at(-1)).toMatchObject({ before: light, light: 'green', day: '2023-07-18', cause: 'report', reasonKey: 'done' })
    await server.sql`update month set closed_on = '2023-07-19' where id = '2023-06'`
  })

  it('should show what other thresholds would have done, save them only as seen, and record what they change', async () => {
    server.clock.set('2023-07-18T11:00:00+08:00')
    const office = await signIn('office')
    const test = async (green: number, yellow: number) => (await office.post('/api/plans/2023/rules/lights/back-test', { green, yellow })).json() as Promise<{ seen: string; months: { month: string; changes: { before: string; after: string }[]; before: object; after: object }[] }>
    expect((await test(5, 20)).months.flatMap(({ changes }) => changes)).toEqual([])
    const stricter = await test(2, 8)
    expect(stricter.months.map(({ month }) => month)).toEqual(['2023-01', '2023-02', '2023-03', '2023-04', '2023-05', '2023-06'])
    expect(stricter.months.at(-1)!.changes.length).toBeGreaterThan(0)
    for (const { after } of stricter.months.at(-1)!.changes) expect(['yellow', 'red']).toContain(after)
    const save = (change: object) => office.post('/api/plans/2023/rules/lights', { green: 2, yellow: 8, validFrom: '2023-07-18', reason: '汛期从严', seen: stricter.seen, ...change })
    expect((await save({ seen: 'x' })).status).toBe(409)
    expect((await save({ validFrom: '2023-06-30' })).status).toBe(422)
    expect((await save({ reason: '' })).status).toBe(400)
    expect((await office.post('/api/plans/2023/rules/lights/back-test', { green: 20, yellow: 20 })).status).toBe(422)
    const changed = (await records()).length
    expect(await (await save({})).json()).toMatchObject({ version: 2, by: 'office', reason: '汛期从严' })
    const fresh = (await records()).slice(changed)
    expect(fresh.length).toBeGreaterThan(0)
    expect(new Set(fresh.map(({ cause, day }) => `${cause} ${day}`))).toEqual(new Set(['rule 2023-07-18']))
    // What was red or yellow before that day stays as it was.
    const june = await server.json<{ light: string }[]>('/api/plans/2023/lights?asOf=2023-06-30')
    expect(june.filter(({ light }) => light === 'red').length).toBe((stricter.months.at(-1)!.before as { red: number }).red)
    expect((await (await signIn('town-310118110')).post('/api/plans/2023/rules/lights/back-test', { green: 2, yellow: 8 })).status).toBe(403)
  })

  it('should keep the rule of reminders and the calendar as versions and entries with who and why', async () => {
    const office = await signIn('office')
    const [rule] = await office.json<Record<string, unknown>[]>('/api/plans/2023/rules/reminders')
    const { by: _by, at: _at, ...facts } = rule!
    const save = (change: object) => office.post('/api/plans/2023/rules/reminders', { ...facts, reason: '试行', ...change })
    expect((await save({ orderDays: 0 })).status).toBe(400)
    expect(await (await save({ redMonths: 3 })).json()).toMatchObject({ version: 1, redMonths: 3 })
    expect((await save({ redMonths: 1 })).status).toBe(409)
    expect((await office.post('/api/calendar/2023-07-19', { working: false, name: '台风停工' }, 'PUT')).status).toBe(200)
    expect((await office.json<{ day: string }[]>('/api/calendar?year=2023')).map(({ day }) => day)).toContain('2023-07-19')
    expect((await office.request('/api/calendar/2023-07-19', { method: 'DELETE' })).status).toBe(204)
    const trail = await server.sql<{ action: string }[]>`select action from audit where action like 'rule.%' or action like 'calendar.%' order by id`
    expect(trail.map(({ action }) => action)).toEqual(['calendar.seed', 'rule.lights', 'rule.reminders', 'calendar.set', 'calendar.clear'])
  })

  it('should remind by hand who is missing, once a day', async () => {
    server.clock.set('2023-08-06T10:00:00+08:00')
    await server.sql`delete from report where month >= '2023-07' and town = ${BAIHE}`
    const office = await signIn('office')
    const by = async () => (await office.post('/api/plans/2023/reminders', { month: '2023-07', towns: [BAIHE], words: '请今日报齐' })).json()
    expect(await by()).toEqual({ units: [BAIHE], accounts: ['town-310118110'] })
    expect(await by()).toEqual({ units: [BAIHE], accounts: [] })
    expect((await inbox('town-310118110')).items[0]).toMatchObject({ kind: 'reminded', params: { words: '请今日报齐', month: '2023-07' } })
  })

  it('should leave a plan alone whose year is long over', async () => {
    expect(await night('2026-11-25T07:30:00+08:00')).toMatchObject({ issued: 0, told: 0 })
  })
})
