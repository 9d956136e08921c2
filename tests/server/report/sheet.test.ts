import { expect, it } from 'vitest'
import type { Sheet, SheetSummary } from '../../../server/report/sheet.ts'
import { describeOnBothDatabases } from '../harness.ts'

const BAIHE = '310118110'
const MONTH = '2023-12'
const sheetPath = (town: string, month = MONTH) => `/api/plans/2023/sheets/${month}/${town}`

describeOnBothDatabases('a sheet', (server) => {
  it('should hold all that a town has to report, with last month’s value and what may be done', async () => {
    await server.sql`delete from report where measure_id = '14.1' and town = ${BAIHE} and month = ${MONTH}`
    const town = await server.as('town-310118110')
    const sheet = await town.json<Sheet>(sheetPath(BAIHE))
    expect(sheet).toMatchObject({ year: 2023, town: BAIHE, month: { id: MONTH, state: 'open' }, levels: ['department'] })
    expect(sheet.rows.length).toBeGreaterThan(30)
    const grain = sheet.rows.find(({ measure }) => measure === '14.1')!
    expect(grain).toMatchObject({ task: 14, target: 12300, version: 0, state: null, value: null, may: ['save'], whyNot: null, last: { month: '2023-11' } })
    expect(grain.last!.value).toBeGreaterThan(10000)
    expect(sheet.due.map(({ task, kind }) => `${task} ${kind}`)).toEqual(expect.arrayContaining(['17 finding', '17 inspection', '17 submission', '54 submission']))
    // Every task that names the town has something in it.
    const tasks = await server.json<{ no: number; towns: string[] }[]>('/api/plans/2023/tasks')
    const inSheet = new Set(sheet.rows.map(({ task }) => task))
    expect(tasks.filter(({ no, towns }) => towns.includes(BAIHE) && !inSheet.has(no))).toEqual([])
  })

  it('should show a value that came back with who asked what, and a draft to its own town only', async () => {
    const town = await server.as('town-310118110')
    const department = await server.as('dept-01')
    const key = { measure: '14.1', town: BAIHE, month: MONTH }
    const answers = [
      { check: 'below-last', reason: '测产复核' },
      { check: 'over-quota', reason: '测产复核' },
    ]
    expect((await town.post('/api/plans/2023/reports', { reports: [{ ...key, version: 0, value: 12000, answers }] }, 'PUT')).status).toBe(200)
    expect((await town.post('/api/plans/2023/reports/submit', { reports: [{ ...key, version: 1 }] })).status).toBe(200)
    expect((await department.post('/api/plans/2023/reports/return', { reports: [{ ...key, version: 2, reason: '请附测产依据' }] })).status).toBe(200)
    const cell = (await town.json<Sheet>(sheetPath(BAIHE))).rows.find(({ measure }) => measure === '14.1')!
    expect(cell).toMatchObject({ state: 'returned', value: 12000, reason: '请附测产依据', returned: { by: '区农业农村委' }, may: ['save', 'submit'], enteredByName: '白鹤镇填报员', demo: true })
    expect((await (await server.as('town-310118105')).request(sheetPath(BAIHE))).status).toBe(403)
  })

  it('should give a department the district’s own figures of its tasks, and of a town those rows', async () => {
    const department = await server.as('dept-01')
    const own = await department.json<Sheet>(sheetPath('310118'))
    expect(own.rows.find(({ measure }) => measure === '14.2')?.whyNot).not.toBe('scope')
    const tasks = new Map((await server.json<{ no: number; leads: string[] }[]>('/api/plans/2023/tasks')).map((task) => [task.no, task.leads]))
    for (const { task } of [...own.rows, ...own.due]) expect(tasks.get(task)).toContain('区农业农村委')
    const towns = await department.json<Sheet>(sheetPath(BAIHE))
    expect(towns.rows.length).toBeGreaterThan(5)
    for (const row of towns.rows) {
      expect(tasks.get(row.task)).toContain('区农业农村委')
      expect(row.whyNot).toBe('scope')
    }
  })

  it('should say why nothing can be written: closed, or not opened', async () => {
    const town = await server.as('town-310118110')
    const closed = await town.json<Sheet>(sheetPath(BAIHE, '2023-03'))
    expect(closed.month.state).toBe('closed')
    await server.sql`delete from report where measure_id = '14.1' and town = ${BAIHE} and month = '2023-03'`
    expect((await town.json<Sheet>(sheetPath(BAIHE, '2023-03'))).rows.find(({ measure }) => measure === '14.1')!.whyNot).toBe('closed')
    expect((await town.request(sheetPath(BAIHE, '2024-01'))).status).toBe(404)
    expect((await (await server.as('planner')).request(sheetPath(BAIHE))).status).toBe(403)
    expect((await (await server.as(null)).request(sheetPath(BAIHE))).status).toBe(401)
  })

  it('should show what the demonstration reported besides numbers, marked as such', async () => {
    const town = await server.as('town-310118110')
    const { due } = await town.json<Sheet>(sheetPath(BAIHE, '2023-06'))
    expect(due.length).toBeGreaterThan(10)
    for (const row of due) expect(row).toMatchObject({ state: 'approved', demo: true, words: expect.stringMatching(/^演示数据：/) as string })
    expect(due.find(({ item }) => item === '14.1/1')).toMatchObject({ kind: 'milestone', done: false })
    expect(due.find(({ task, kind }) => task === 17 && kind === 'submission')).toMatchObject({ done: null })
  })

  it('should be counted for whoever may read it', async () => {
    const path = `/api/plans/2023/sheets/${MONTH}`
    const all = await server.json<SheetSummary[]>(path)
    expect(all).toHaveLength(13)
    const own = await (await server.as('town-310118110')).json<SheetSummary[]>(path)
    expect(own.map(({ town }) => town)).toEqual([BAIHE])
    expect(own[0]).toEqual(all.find(({ town }) => town === BAIHE))
    const sheet = await server.json<Sheet>(sheetPath(BAIHE))
    expect(own[0]!.cells).toBe(sheet.rows.length + sheet.due.length)
    expect(own[0]!.returned).toBeGreaterThan(0)
  })
})
