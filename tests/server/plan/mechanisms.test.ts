import { expect, it } from 'vitest'
import type { Task, TaskMechanism } from '../../../geo/plan/plan.ts'
import type { Sheet } from '../../../server/report/sheet.ts'
import { describeOnBothDatabases } from '../harness.ts'

describeOnBothDatabases('mechanisms of a task', (server) => {
  const of = async (no: number) => (await server.json<Task[]>('/api/plans/2023/tasks')).find((task) => task.no === no)!
  const inSheet = async (town: string, no: number) =>
    (await server.json<Sheet>(`/api/plans/2023/sheets/2023-12/${town}`)).due.filter(({ task }) => task === no).map(({ kind }) => kind)

  it('should be edited by the office, with the words that ask for them, and then be due in the sheet', async () => {
    const office = await server.as('office')
    const { mechanisms: before, requirement, towns } = await of(36)
    expect(await inSheet(towns[0]!, 36)).toEqual([])
    const mechanisms: TaskMechanism[] = [...before, { mechanism: 'submission', period: { every: 1, unit: 'quarter' }, source: { field: 'requirement', start: 0, end: Math.min(6, requirement.length) } }]
    expect((await office.post('/api/plans/2023/tasks/36/mechanisms', { before, mechanisms }, 'PUT')).status).toBe(200)
    expect((await of(36)).mechanisms).toEqual(mechanisms)
    expect(await inSheet(towns[0]!, 36)).toEqual(['submission'])
    const [entry] = await server.sql<{ actor: string; before: unknown; after: unknown }[]>`select actor, before, after from audit where action = 'mechanism.edit' order by id desc limit 1`
    expect(entry).toMatchObject({ actor: 'office', before, after: mechanisms })
    // Who has the old ones before their eyes is told.
    const late = await office.post('/api/plans/2023/tasks/36/mechanisms', { before, mechanisms: before }, 'PUT')
    expect(late.status).toBe(409)
    expect((await office.post('/api/plans/2023/tasks/36/mechanisms', { before: mechanisms, mechanisms: before }, 'PUT')).status).toBe(200)
    expect(await inSheet(towns[0]!, 36)).toEqual([])
  })

  it('should be refused to others, and where they make no sense', async () => {
    const { mechanisms: before } = await of(36)
    const town = await server.as('town-310118110')
    expect((await town.post('/api/plans/2023/tasks/36/mechanisms', { before, mechanisms: before }, 'PUT')).status).toBe(403)
    const office = await server.as('office')
    const repeated = await office.post('/api/plans/2023/tasks/36/mechanisms', { before, mechanisms: [...before, before[0]] }, 'PUT')
    expect(repeated.status).toBe(422)
    expect(await repeated.json()).toMatchObject({ type: '/problems/mechanism-invalid', params: { fault: 'repeated' } })
    expect((await office.post('/api/plans/2023/tasks/99/mechanisms', { before, mechanisms: before }, 'PUT')).status).toBe(404)
  })

  it('should stay in the sheet where something was reported, though it is no longer asked for', async () => {
    const office = await server.as('office')
    const town = await server.as('town-310118110')
    const { mechanisms: before } = await of(54)
    expect((await town.post('/api/plans/2023/submissions', { submissions: [{ task: 54, kind: 'submission', town: '310118110', month: '2023-12', version: 0, words: '案例一篇' }] }, 'PUT')).status).toBe(200)
    const mechanisms = before.filter(({ mechanism }) => mechanism !== 'submission')
    expect((await office.post('/api/plans/2023/tasks/54/mechanisms', { before, mechanisms }, 'PUT')).status).toBe(200)
    expect(await inSheet('310118110', 54)).toEqual(['submission'])
    expect(await inSheet('310118105', 54)).toEqual([])
  })
})
