import { expect, it } from 'vitest'
import { bySystem } from '../../../server/audit/queries.ts'
import { beginAs } from '../../../server/database/wall.ts'
import { issueOrder } from '../../../server/order/store.ts'
import { planOf } from '../../../server/plan/queries.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'

const BAIHE = '310118110'
interface Order {
  id: number
  no: number
  state: string
  version: number
  answer: string | null
  dueOn: string
  next: string[]
  events?: { act: string; by: string; words: string }[]
}
const of = async (answer: Response) => (await answer.json()) as Order
const type = async (answer: Response) => ((await answer.json()) as { type: string }).type
const DUE = '2099-10-20'
const NEW = { owner: { town: BAIHE }, task: 14, title: '水稻种植进度滞后', demand: '请说明原因并报送整改计划', dueOn: DUE }

describeOnBothDatabases('supervision orders', (server) => {
  const issue = (who: Asking, change: object = {}) => who.post('/api/plans/2023/orders', { ...NEW, ...change })
  const act = (who: Asking, id: number, which: string, body: object) => who.post(`/api/plans/2023/orders/${id}/${which}`, body)

  it('should be issued, answered, returned, answered again and closed, each step kept with who and what', async () => {
    const office = await server.as('office')
    const town = await server.as('town-310118110')
    const issued = await issue(office)
    expect(issued.status).toBe(201)
    const order = await of(issued)
    expect(order).toMatchObject({ state: 'issued', version: 1, next: ['extend', 'close', 'cancel'] })
    expect((await of(await town.request(`/api/plans/2023/orders/${order.id}`))).next).toEqual(['answer'])
    expect(await type(await act(town, order.id, 'answer', { version: 1, words: ' ' }))).toBe('/problems/reason-missing')
    expect(await of(await act(town, order.id, 'answer', { version: 1, words: '已补种 300 亩' }))).toMatchObject({ state: 'answered', version: 2, answer: '已补种 300 亩' })
    expect(await type(await act(office, order.id, 'close', { version: 1 }))).toBe('/problems/version-conflict')
    expect(await of(await act(office, order.id, 'return', { version: 2, words: '请附照片', dueOn: '2099-10-30' }))).toMatchObject({ state: 'issued', dueOn: '2099-10-30' })
    expect((await act(town, order.id, 'answer', { version: 3, words: '照片已附' })).status).toBe(200)
    expect(await of(await act(office, order.id, 'close', { version: 4 }))).toMatchObject({ state: 'closed', version: 5, next: [] })
    expect(await type(await act(town, order.id, 'answer', { version: 5, words: '再答' }))).toBe('/problems/order-refused')
    const { events } = await of(await office.request(`/api/plans/2023/orders/${order.id}`))
    expect(events!.map((event) => `${event.act} ${event.by}`)).toEqual(['issue office', 'answer town-310118110', 'return office', 'answer town-310118110', 'close office'])
    const trail = await server.sql<{ action: string }[]>`select action from audit where subject = ${`order/2023/${order.no}`} order by id`
    expect(trail.map(({ action }) => action)).toEqual(['order.issue', 'order.answer', 'order.return', 'order.answer', 'order.close'])
    await expect(server.sql`update order_event set words = '' where order_id = ${order.id}`).rejects.toThrow(/append-only/)
  })

  it('should be seen and answered only by their own town, department, and those who see all', async () => {
    const office = await server.as('office')
    const order = await of(await issue(office))
    const other = await server.as('town-310118105')
    expect((await other.request(`/api/plans/2023/orders/${order.id}`)).status).toBe(403)
    expect((await act(other, order.id, 'answer', { version: 1, words: 'x' })).status).toBe(403)
    const ids = async (who: Asking) => (await who.json<Order[]>('/api/plans/2023/orders')).map(({ id }) => id)
    expect(await ids(other)).not.toContain(order.id)
    for (const who of ['dept-01', 'leader', 'auditor', 'town-310118110']) expect(await ids(await server.as(who)), who).toContain(order.id)
    expect((await act(await server.as('dept-01'), order.id, 'answer', { version: 1, words: 'x' })).status).toBe(403)
    expect((await issue(other)).status).toBe(403)
    expect((await (await server.as('planner')).request('/api/plans/2023/orders')).status).toBe(403)
    const leaders = await of(await issue(await server.as('leader'), { owner: { department: '区农业农村委' }, task: null }))
    expect(await of(await act(await server.as('dept-01'), leaders.id, 'answer', { version: 1, words: '已落实' }))).toMatchObject({ state: 'answered' })
    expect(await of(await act(await server.as('leader'), leaders.id, 'cancel', { version: 2, words: '误发' }))).toMatchObject({ state: 'cancelled' })
  })

  it('should refuse an owner, a task and a due day that will not do', async () => {
    const office = await server.as('office')
    for (const change of [{ owner: { town: '310118999' } }, { owner: { department: '没有的局' } }, { task: 99 }, { dueOn: '2020-01-01' }, { title: '' }, { owner: {} }]) {
      expect((await issue(office, change)).status, JSON.stringify(change)).toBe(400)
    }
  })

  it('should issue the same thing once, also when two do it at the same moment, and number without gaps', async () => {
    const plan = (await planOf(server.sql, 2023))!
    const actor = bySystem('escalation')
    const order = { ...NEW, source: 'rule' as const, sourceKey: `red/14/${BAIHE}/2023-09-12` }
    const now = '2023-10-08T00:00:00.000Z'
    const issues = await Promise.all(Array.from({ length: 4 }, () => beginAs(server.sql, server.database.wall, null, (tx) => issueOrder(tx, actor, plan, order, now, '2023-10-08'))))
    expect(issues.filter(({ created }) => created)).toHaveLength(1)
    expect(new Set(issues.map(({ order: { id } }) => id)).size).toBe(1)
    const all = (await (await server.as('office')).json<Order[]>('/api/plans/2023/orders')).map(({ no }) => no).sort((a, b) => a - b)
    expect(all).toEqual(all.map((_, i) => i + 1))
  })

  it('should not be changed by a wrong query for another town: the second wall', async () => {
    const person = { account: 'x', name: 'x', grants: [{ role: 'reporter' as const, scope: '310118105' }], readOnly: false }
    const changed = await beginAs(server.sql, server.database.wall, person, (tx) => tx`update supervision_order set answer = 'x' returning id`)
    expect(changed).toHaveLength(0)
  })
})
