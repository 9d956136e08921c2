/** Saved views: each person's own, in their own order, and nothing that is taken away is lost. */
import { expect, it } from 'vitest'
import { MOST_SAVED_VIEWS, type SavedView } from '../../../geo/view/saved.ts'
import { beginAs } from '../../../server/database/wall.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'

describeOnBothDatabases('saved views', (server) => {
  const of = (who: Asking) => who.json<SavedView[]>('/api/views')
  const save = async (who: Asking, name: string, query: string) => (await (await who.post('/api/views', { name, query })).json()) as SavedView
  const names = async (who: Asking) => (await of(who)).map(({ name }) => name)

  it('should be kept for each person, in the order that they put them in', async () => {
    const [leader, office] = await Promise.all([server.as('leader'), server.as('office')])
    const made = [await save(leader, '九月总览', 'month=2023-09'), await save(leader, ' 水稻 ', 'month=2023-09&task=14'), await save(leader, '白鹤', 'town=310118110')]
    await save(office, '办公室的', '')
    expect(await names(leader)).toEqual(['九月总览', '水稻', '白鹤'])
    expect(await names(office)).toEqual(['办公室的'])
    const order = [made[2]!.id, made[0]!.id, made[1]!.id]
    expect((await leader.post('/api/views/order', { ids: order }, 'PUT')).status).toBe(200)
    expect((await of(leader)).map(({ id }) => id)).toEqual(order)
    // Somebody else's, one too few, one twice: nothing is moved.
    for (const ids of [order.slice(1), [...order.slice(1), order[1]!], [...order.slice(1), (await of(office))[0]!.id]]) {
      expect((await leader.post('/api/views/order', { ids }, 'PUT')).status).toBe(409)
    }
    expect((await of(leader)).map(({ id }) => id)).toEqual(order)
    expect((await leader.post(`/api/views/${made[1]!.id}`, { name: '种水稻', query: 'measure=14.1' }, 'PUT')).status).toBe(200)
    expect((await of(leader)).at(-1)).toEqual({ id: made[1]!.id, name: '种水稻', query: 'measure=14.1' })
  })

  it('should come back where it stood when it was taken away by mistake', async () => {
    const planner = await server.as('planner')
    const [one, two] = [await save(planner, '一', 'month=2023-01'), await save(planner, '二', 'month=2023-02')]
    expect((await planner.request(`/api/views/${one.id}`, { method: 'DELETE' })).status).toBe(204)
    expect(await names(planner)).toEqual(['二'])
    expect((await planner.request(`/api/views/${one.id}`, { method: 'DELETE' })).status).toBe(404)
    expect((await planner.post(`/api/views/${two.id}/restore`, {})).status).toBe(404)
    expect(await (await planner.post(`/api/views/${one.id}/restore`, {})).json()).toEqual(one)
    expect(await names(planner)).toEqual(['一', '二'])
  })

  it('should be nobody else’s: not to see, not to change, not by a wrong query either', async () => {
    const [auditor, admin, nobody] = await Promise.all([server.as('auditor'), server.as('admin'), server.as(null)])
    const { id } = await save(auditor, '审计', '')
    expect(await names(admin)).toEqual([])
    for (const answer of [await admin.post(`/api/views/${id}`, { name: '我的', query: '' }, 'PUT'), await admin.request(`/api/views/${id}`, { method: 'DELETE' }), await admin.post(`/api/views/${id}/restore`, {})]) expect(answer.status).toBe(404)
    expect((await nobody.request('/api/views')).status).toBe(401)
    const other = { account: 'admin', name: '', grants: [{ role: 'admin' as const, scope: '' }], readOnly: false }
    expect(await beginAs(server.sql, server.database.wall, other, async (tx) => (await tx`update saved_view set name = 'x'`).count)).toBe(0)
    await expect(beginAs(server.sql, server.database.wall, other, async (tx) => (await tx`insert into saved_view (account, name, query, saved_at, place) values ('auditor', 'x', '', now(), 1)`).count)).rejects.toMatchObject({ code: '42501' })
  })

  it('should take the query of an address and nothing else, and no more than anybody pages through', async () => {
    const town = await server.as('town-310118110')
    for (const [name, query] of [['', ''], ['  ', ''], ['好', '//evil.example'], ['好', 'a=1#b'], ['好', 'x'.repeat(1001)], ['\u0000', '']]) {
      expect((await town.post('/api/views', { name, query })).status, `${name} ${query}`).toBe(400)
    }
    for (let i = 0; i < MOST_SAVED_VIEWS; i++) await save(town, `视图 ${i}`, 'q=%E6%B0%B4%E7%A8%BB+1')
    expect((await town.post('/api/views', { name: '再一个', query: '' })).status).toBe(409)
  })

  it('should leave a line in the trail for each of it', async () => {
    const dept = await server.as('dept-01')
    const { id } = await save(dept, '部门', '')
    await dept.post(`/api/views/${id}`, { name: '本部门', query: '' }, 'PUT')
    await dept.post('/api/views/order', { ids: [id] }, 'PUT')
    await dept.request(`/api/views/${id}`, { method: 'DELETE' })
    await dept.post(`/api/views/${id}/restore`, {})
    const lines = await server.sql<{ action: string }[]>`select action from audit where actor = 'dept-01' and action like 'view.%' order by id`
    expect(lines.map(({ action }) => action)).toEqual(['view.save', 'view.change', 'view.order', 'view.remove', 'view.restore'])
  })
})
