import { expect, it } from 'vitest'
import { planOf } from '../../../server/plan/queries.ts'
import { reviewsOver } from '../../../server/review/store.ts'
import { IN_BAIHE, jpegOf } from '../../geo/attachment/jpeg.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'

const BAIHE = '310118110'
const GRAIN = { measure: '14.1', town: BAIHE, month: '2023-12' }
/** The demonstration's values of November are higher than what these tests enter. */
const ANSWERS = [
  { check: 'below-last', reason: '测产复核' },
  { check: 'over-quota', reason: '测产复核' },
]

interface Item {
  measure: string
  town: string
  month: string
  version: number
  state: string
  value: number | null
  approvedValue: number | null
  enteredBy: { account: string; name: string }
  last: { month: string; value: number } | null
  decided: { act: string; reason: string | null; value: number | null; by: { account: string; name: string }; attachments: { id: number }[] } | null
  correction: { reason: string } | null
  checks: string[]
  changed: string[] | null
  attachments: { id: number }[]
  desk: string | null
  days: number | null
  over: boolean
  next: string[]
  refusal: string | null
}
interface List {
  today: string
  settings: { levels: string[]; days: number; version: number }
  counts: { waiting: number; returned: number }
  reviews: Item[]
}

describeOnBothDatabases('reviews', (server) => {
  const list = async (who: Asking, query = '') => {
    const answer = await who.request(`/api/plans/2023/reviews${query}`)
    expect(answer.status, await answer.clone().text()).toBe(200)
    return (await answer.json()) as List
  }
  const item = async (who: Asking, query = '', key = GRAIN) =>
    (await list(who, query)).reviews.find((one) => one.measure === key.measure && one.town === key.town && one.month === key.month)
  const act = async (who: Asking, which: string, change: object, key: object = GRAIN) => {
    const path = `/api/plans/2023/reports${which === 'save' ? '' : `/${which}`}`
    const answer = await who.post(path, { reports: [{ ...key, ...change }] }, which === 'save' ? 'PUT' : 'POST')
    expect(answer.status, `${which}: ${await answer.clone().text()}`).toBe(200)
    return ((await answer.json()) as (Item & { next: string[] })[])[0]!
  }

  it('should show what waits with the change, the answered warnings and what each person may do next', async () => {
    await server.sql`delete from report where measure_id = '14.1' and town = ${BAIHE} and month = '2023-12'`
    const town = await server.as('town-310118110')
    const department = await server.as('dept-01')
    const saved = await act(town, 'save', { version: 0, value: 12000, words: '收割过半', answers: ANSWERS })
    expect(saved.next).toEqual(['save', 'submit'])
    expect(await item(department)).toBeUndefined()
    expect((await act(town, 'submit', { version: 1 })).next).toEqual(['withdraw'])
    const waits = (await item(department))!
    expect(waits).toMatchObject({
      state: 'submitted',
      value: 12000,
      enteredBy: { account: 'town-310118110', name: '白鹤镇填报员' },
      last: { month: '2023-11' },
      checks: ['below-last'],
      decided: null,
      changed: null,
      desk: 'department',
      days: 0,
      over: false,
      next: ['approve', 'return'],
      refusal: null,
    })
    expect(waits.last!.value).toBeGreaterThan(12000)
    // The town sees that it waits; another department and another town do not; a leader sees it and decides nothing.
    expect(await item(town)).toMatchObject({ next: ['withdraw'], refusal: 'role' })
    expect(await item(await server.as('dept-02'))).toBeUndefined()
    expect(await item(await server.as('town-310118105'))).toBeUndefined()
    expect(await item(await server.as('leader'))).toMatchObject({ next: [], refusal: 'role' })
    expect((await (await server.as('planner')).request('/api/plans/2023/reviews')).status).toBe(403)
    expect((await (await server.as(null)).request('/api/plans/2023/reviews')).status).toBe(401)
    expect((await list(department, '?task=15')).reviews.every((one) => one.measure.startsWith('15.'))).toBe(true)
  })

  it('should show what was asked, and of a resubmission only what changed', async () => {
    const town = await server.as('town-310118110')
    const department = await server.as('dept-01')
    await act(department, 'return', { version: 2, reason: '请附测产依据' })
    expect(await item(town)).toBeUndefined()
    expect(await item(town, '?list=returned')).toMatchObject({ desk: null, next: ['save', 'submit'], decided: { act: 'return', reason: '请附测产依据', by: { account: 'dept-01' } } })
    const attach = async () => {
      const form = new FormData()
      form.set('file', new File([new Uint8Array(jpegOf(IN_BAIHE))], '测产.jpg'))
      return ((await (await town.request(`/api/plans/2023/attachments/2023-12/${BAIHE}?subject=14.1`, { method: 'POST', body: form })).json()) as { id: number }).id
    }
    const files = [await attach(), await attach()]
    expect((await town.request(`/api/attachments/${files[0]}`, { method: 'DELETE' })).status).toBe(204)
    await act(town, 'save', { version: 3, value: 12300 })
    await act(town, 'submit', { version: 4 })
    expect(await item(department)).toMatchObject({ version: 5, value: 12300, changed: ['value', 'attachments'], attachments: [{ id: files[1] }], decided: { act: 'return', reason: '请附测产依据', value: 12000, attachments: [] } })
    await act(department, 'approve', { version: 5 })
    expect(await item(department, '?list=decided&month=2023-12')).toMatchObject({ state: 'approved', approvedValue: 12300, next: [] })
    expect(await item(town, '?list=decided&month=2023-12')).toMatchObject({ next: ['correct'] })
  })

  it('should let nobody approve what they entered, and say so', async () => {
    const district = await server.json<{ measures: { id: string; quotas: { town: string }[] }[]; leads: string[] }[]>('/api/plans/2023/tasks')
    const measure = district.find(({ leads, measures }) => leads.includes('区农业农村委') && measures.some((m) => m.quotas.some((q) => q.town === '310118')))!.measures.find((m) =>
      m.quotas.some((q) => q.town === '310118'),
    )!.id
    const key = { measure, town: '310118', month: '2023-12' }
    await server.sql`delete from report where measure_id = ${measure} and town = '310118' and month = '2023-12'`
    const department = await server.as('dept-01')
    await act(department, 'save', { version: 0, value: 1, answers: ['below-last', 'over-quota', 'unit-scale', 'below-keep'].map((check) => ({ check, reason: '演示' })) }, key)
    await act(department, 'submit', { version: 1 }, key)
    expect(await item(department, '', key)).toMatchObject({ next: ['withdraw', 'return'], refusal: 'own-entry' })
    const refused = await department.post('/api/plans/2023/reports/approve', { reports: [{ ...key, version: 2 }] })
    expect(await refused.json()).toMatchObject({ type: '/problems/report-refused', params: { refusal: 'own-entry' } })
    const office = await server.as('office')
    expect(await item(office, '', key)).toMatchObject({ next: ['withdraw', 'approve', 'return'], refusal: null })
    await act(office, 'approve', { version: 2 }, key)
  })

  it('should show a correction of a closed month beside the value that counts, with its reason', async () => {
    const key = { ...GRAIN, month: '2023-03' }
    const town = await server.as('town-310118110')
    const before = (await town.json<Item>(`/api/plans/2023/reviews/2023-03/${BAIHE}/14.1`))!
    expect(before).toMatchObject({ state: 'approved', next: ['correct'] })
    await act(town, 'correct', { version: before.version, value: before.value! + 10, reason: '漏报一块地', answers: ANSWERS }, key)
    const waits = (await item(await server.as('dept-01'), '', key))!
    expect(waits.changed).not.toContain('attachments')
    expect(waits).toMatchObject({ value: before.value! + 10, approvedValue: before.value, correction: { reason: '漏报一块地' }, decided: { act: 'approve', value: before.value }, next: ['approve', 'return'] })
    expect(waits.changed).toContain('value')
    await act(await server.as('dept-01'), 'approve', { version: waits.version }, key)
    expect(await town.json<Item>(`/api/plans/2023/reviews/2023-03/${BAIHE}/14.1`)).toMatchObject({ state: 'approved', approvedValue: before.value! + 10, correction: null })
    expect((await (await server.as('town-310118105')).request(`/api/plans/2023/reviews/2023-03/${BAIHE}/14.1`)).status).toBe(404)
  })

  it('should take levels as the office sets them, by version, with an entry in the trail', async () => {
    const office = await server.as('office')
    const path = '/api/plans/2023/review-settings'
    const first = await office.json<List['settings']>(path)
    expect(first).toEqual({ levels: ['department'], days: 3, version: 1 })
    expect((await (await server.as('dept-01')).post(path, first, 'PUT')).status).toBe(403)
    expect((await office.post(path, { ...first, levels: ['town'] }, 'PUT')).status).toBe(400)
    const set = await office.post(path, { levels: ['department', 'town'], version: 1 }, 'PUT')
    expect(await set.json()).toEqual({ levels: ['town', 'department'], days: 3, version: 2 })
    expect((await office.post(path, { levels: ['department'], version: 1 }, 'PUT')).status).toBe(409)
    const [entry] = await server.sql<{ actor: string; before: unknown; after: unknown }[]>`select actor, before, after from audit where action = 'review.levels'`
    expect(entry).toEqual({ actor: 'office', before: { levels: ['department'] }, after: { levels: ['town', 'department'] } })
  })

  it('should go over the town’s desk first, and count the days on each desk from its own start', async () => {
    await server.sql`delete from report where measure_id = '14.1' and town = ${BAIHE} and month = '2023-12'`
    const town = await server.as('town-310118110')
    const department = await server.as('dept-01')
    const approver = await server.as('approver-310118110')
    const plan = (await planOf(server.sql, 2023))!
    const over = async () => (await reviewsOver(server.sql, plan, (await list(approver)).today)).filter((one) => one.measure === '14.1' && one.month === '2023-12')
    server.clock.set('2024-01-03T10:00:00+08:00')
    await act(town, 'save', { version: 0, value: 12000, answers: ANSWERS })
    await act(town, 'submit', { version: 1 })
    expect(await item(department)).toMatchObject({ desk: 'town', next: [], refusal: 'state' })
    expect(await item(approver)).toMatchObject({ desk: 'town', next: ['endorse', 'return'], refusal: null })
    server.clock.set('2024-01-08T10:00:00+08:00')
    expect(await item(approver)).toMatchObject({ days: 3, over: false })
    expect(await over()).toEqual([])
    server.clock.set('2024-01-09T10:00:00+08:00')
    expect(await item(approver, '?over=yes')).toMatchObject({ days: 4, over: true })
    expect(await over()).toMatchObject([{ desk: 'town', town: BAIHE, leads: expect.arrayContaining(['区农业农村委']) as string[] }])
    await act(approver, 'endorse', { version: 2 })
    expect(await item(department)).toMatchObject({ state: 'endorsed', desk: 'department', days: 0, over: false, next: ['approve', 'return'] })
    expect(await item(department, '?over=yes')).toBeUndefined()
    await act(department, 'approve', { version: 3 })
    server.clock.set(null)
  })
})
