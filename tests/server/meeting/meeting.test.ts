import { expect, it } from 'vitest'
import type { AgendaItem } from '../../../geo/meeting/agenda.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'

interface Decision {
  id: number
  words: string
  order: { id: number; no: number; state: string; answer: string | null } | null
  outcomes: { month: string; outcome: string }[]
}
interface Meeting {
  freeze: { version: number } | null
  notes: { version: number; chair: string }
  agenda: AgendaItem[]
  tasks: { no: number; name: string }[]
  decisions: Decision[]
  comingBack: Decision[]
}

const PATH = '/api/plans/2023/meetings'
const ORDER = { kind: 'order', task: 14, town: '310118110', department: null, words: '月底前补齐收割进度', dueOn: '2023-12-20' }

describeOnBothDatabases('a month’s meeting', (server) => {
  let office: Asking
  const meeting = (month: string, who = office) => who.json<Meeting>(`${PATH}/${month}`)
  const decide = (month: string, decision: object) => office.post(`${PATH}/${month}/decisions`, { ...ORDER, ...decision })

  it('should have the month’s trouble in order, from what was frozen', async () => {
    server.clock.set('2023-12-12T09:00:00+08:00')
    office = await server.as('office')
    const { agenda, freeze, tasks } = await meeting('2023-11')
    expect(freeze).toMatchObject({ version: 1 })
    expect(agenda.length).toBeGreaterThan(3)
    const reds = agenda.map(({ red }) => red)
    expect(reds).toEqual([...reds].sort((a, b) => b - a))
    for (const { units, red, yellow } of agenda) expect(units.length).toBe(red + yellow)
    expect(tasks.find(({ no }) => no === agenda[0]!.task)?.name).toBeTruthy()
    expect((await meeting('2023-12')).freeze).toBeNull()
    expect((await office.request(`${PATH}/2024-01`)).status).toBe(404)
  })

  it('should turn a decision into an order for a town or a department, which needs an owner and a day', async () => {
    expect((await decide('2023-11', { town: null })).status).toBe(400)
    expect((await decide('2023-11', { dueOn: null })).status).toBe(400)
    expect((await decide('2023-11', { task: 999 })).status).toBe(404)
    const answer = await decide('2023-11', {})
    expect(answer.status, await answer.clone().text()).toBe(201)
    const [decision] = ((await answer.json()) as Meeting).decisions
    expect(decision!.order).toMatchObject({ state: 'issued' })
    const orders = await (await server.as('town-310118110')).json<{ id: number; source: string; demand: string }[]>('/api/plans/2023/orders')
    expect(orders.find(({ id }) => id === decision!.order!.id)).toMatchObject({ source: 'meeting', demand: ORDER.words })
    expect((await decide('2023-11', { kind: 'note', task: null, town: null, dueOn: null, words: '下月专题研究农村公路' })).status).toBe(201)
    expect((await (await server.as('dept-01')).post(`${PATH}/2023-11/decisions`, ORDER)).status).toBe(403)
  })

  it('should see a decision again at every later meeting until one settles it', async () => {
    const [first, second] = (await meeting('2023-12')).comingBack
    expect([first!.words, second!.words]).toEqual([ORDER.words, '下月专题研究农村公路'])
    const find = (month: string, id: number, outcome: string) => office.post(`${PATH}/${month}/decisions/${id}/outcome`, { outcome, words: '' })
    expect((await find('2023-11', first!.id, 'done')).status).toBe(409)
    expect((await find('2023-12', first!.id, 'going-on')).status).toBe(200)
    const settled = await find('2023-12', second!.id, 'done')
    expect(settled.status).toBe(200)
    // What a meeting looked at stays on its page, with what it found.
    const { comingBack } = (await settled.json()) as Meeting
    expect(comingBack.map(({ outcomes }) => outcomes.map(({ outcome }) => outcome))).toEqual([['going-on'], ['done']])
    const [january] = await server.sql<{ open: number }[]>`
      select count(*)::int as open from decision d
      where coalesce((select outcome from decision_outcome o where o.decision_id = d.id order by o.id desc limit 1), 'going-on') = 'going-on'`
    expect(january!.open).toBe(1)
  })

  it('should keep its notes by version, and be read by whoever is signed in', async () => {
    const put = (version: number) => office.post(`${PATH}/2023-11`, { version, heldOn: '2023-12-12', place: '三楼会议室', chair: '分管副区长（演示）', words: '' }, 'PUT')
    expect((await put(0)).status).toBe(200)
    expect((await put(0)).status).toBe(409)
    expect((await put(1)).status).toBe(200)
    expect((await meeting('2023-11', await server.as('leader'))).notes).toMatchObject({ version: 2, chair: '分管副区长（演示）' })
    expect((await (await server.as(null)).request(`${PATH}/2023-11`)).status).toBe(401)
    server.clock.set(null)
  })
})
