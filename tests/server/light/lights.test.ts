import { expect, it } from 'vitest'
import { lightsOf } from '../../../geo/light/lights.ts'
import type { Light } from '../../../geo/light/light.ts'
import type { Task } from '../../../geo/plan/plan.ts'
import type { Progress, Report } from '../../../geo/report/report.ts'
import { describeOnBothDatabases } from '../harness.ts'

describeOnBothDatabases('the lights of 2023', (server) => {
  it('should be the same as the screens compute from plan and progress, at any date', async () => {
    const tasks = await server.json<Task[]>('/api/plans/2023/tasks')
    const progress = await server.json<Progress>('/api/plans/2023/progress')
    for (const asOf of ['2023-01-01', '2023-06-21', '2023-09-30', '2024-02-29']) {
      const lights = await server.json<Light[]>(`/api/plans/2023/lights?asOf=${asOf}`)
      expect(lights, asOf).toEqual(JSON.parse(JSON.stringify(lightsOf(tasks, progress, asOf))))
    }
  })

  it('should have one light for every measure × unit with a quota, each with a reason', async () => {
    const tasks = await server.json<Task[]>('/api/plans/2023/tasks')
    const lights = await server.json<Light[]>('/api/plans/2023/lights?asOf=2023-09-30')
    const quotas = tasks.flatMap((t) => t.measures.flatMap((m) => m.quotas.map((q) => `${m.id} ${q.town}`)))
    expect(lights.map((l) => `${l.measure} ${l.town}`).sort()).toEqual(quotas.sort())
    for (const light of lights) expect(light.reason.length, `${light.measure} ${light.town}`).toBeGreaterThan(4)
    expect(new Set(lights.map((l) => l.light)).size).toBeGreaterThan(1)
  })

  it('should turn red when an approved value is taken back, and say so at once', async () => {
    const before = await server.json<Light[]>('/api/plans/2023/lights?asOf=2023-12-31')
    const done = before.find((l) => l.measure === '14.1' && l.light === 'green')!
    const [row] = await server.sql<{ version: number }[]>`
      select version from report where measure_id = '14.1' and town = ${done.town} and month = '2023-12'`
    const key = { measure: '14.1', town: done.town, month: '2023-12' }
    const answers = ['below-last', 'unit-scale'].map((check) => ({ check, reason: '误报' }))
    const correction = { ...key, version: row!.version, value: 1, reason: '误报', answers }
    expect((await (await server.as(`town-${done.town}`)).post('/api/plans/2023/reports/correct', { reports: [correction] })).status).toBe(200)
    const approval = { ...key, version: row!.version + 1 }
    expect((await (await server.as('dept-01')).post('/api/plans/2023/reports/approve', { reports: [approval] })).status).toBe(200)
    const after = await server.json<Light[]>('/api/plans/2023/lights?asOf=2023-12-31')
    expect(after.find((l) => l.measure === '14.1' && l.town === done.town)).toMatchObject({ light: 'red', value: 1 })
  })

  it('should know in July only what had been approved by then', async () => {
    const known = await server.json<Light[]>('/api/plans/2023/lights?asOf=2023-06-30&knownAt=2023-02-01')
    const now = await server.json<Light[]>('/api/plans/2023/lights?asOf=2023-06-30')
    expect(known.filter((l) => l.light === 'red').length).toBeGreaterThan(now.filter((l) => l.light === 'red').length)
  })

  it('should answer a date that is none with 400 and the field', async () => {
    for (const asOf of ['yesterday', '2023-13-01', '2023-02-30', '0001-01-01']) {
      const response = await server.request(`/api/plans/2023/lights?asOf=${asOf}`)
      expect(response.status, asOf).toBe(400)
      expect(await response.json()).toMatchObject({ type: '/problems/request-invalid', field: 'asOf' })
    }
  })

  it('should mark every value of the demonstration year, and give the words of the reports', async () => {
    const reports = await server.json<Report[]>('/api/plans/2023/reports?task=14')
    expect(reports.length).toBeGreaterThan(100)
    expect(reports.every((r) => r.demo && r.measure.startsWith('14.'))).toBe(true)
    const lights = await server.json<Light[]>('/api/plans/2023/lights?asOf=2023-09-30')
    expect(lights.filter((l) => l.value != null).every((l) => l.demo)).toBe(true)
  })
})

describeOnBothDatabases(
  'a plan without reports',
  (server) => {
    it('should have no data, which is not zero', async () => {
      const lights = await server.json<Light[]>('/api/plans/2023/lights?asOf=2023-09-30')
      expect(lights.length).toBeGreaterThan(400)
      expect(lights.every((l) => l.value === null && l.done === null && !l.demo)).toBe(true)
    })
  },
  { seeded: 'empty' },
)
