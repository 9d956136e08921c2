import ExcelJS from 'exceljs'
import { expect, it } from 'vitest'
import type { FindingRow, PhotoRow } from '../../../server/finding/queries.ts'
import { beginAs } from '../../../server/database/wall.ts'
import { remind } from '../../../server/reminder/night.ts'
import type { Sheet } from '../../../server/report/sheet.ts'
import { IN_BAIHE, jpegOf } from '../../geo/attachment/jpeg.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'

const BAIHE = '310118110'
const ZHAOXIANG = '310118105'
const PARK = '310118P01'
/** In Baihe by the schematic boundaries. */
const PLACE: [number, number] = [121.135, 31.2427]
const ROOT = '/api/plans/2023/findings'

type Whole = FindingRow & { overdue: boolean; next: string[]; history: { version: number; act: string; by: string; state: string; words: string; changed: Record<string, unknown> | null }[]; files: PhotoRow[] }
interface Page {
  total: number
  open: number
  overdue: number
  day: string
  findings: (FindingRow & { overdue: boolean })[]
}

describeOnBothDatabases('findings', (server) => {
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
  const upload = (who: Asking, path: string, bytes: Uint8Array | string, name: string) => {
    const form = new FormData()
    form.set('file', new File([bytes as BlobPart], name))
    return who.request(path, { method: 'POST', body: form })
  }
  const made = async (answer: Response): Promise<Whole> => {
    expect(answer.status, await answer.clone().text()).toBeLessThan(300)
    return (await answer.json()) as Whole
  }
  const kindsIn = async (account: string) => (await (await signIn(account)).json<{ items: { kind: string; params: Record<string, unknown>; path: string }[] }>('/api/inbox')).items

  it('should begin with a demonstration’s year, marked and inside the right towns, that the sheets report as it is', async () => {
    const page = await server.json<Page>(`${ROOT}?limit=200`)
    expect(page.total).toBeGreaterThan(150)
    expect(page.day).toBe('2023-12-31')
    expect(page.findings.every(({ demo, title, words }) => demo && title !== '' && words.startsWith('演示数据'))).toBe(true)
    const [astray] = await server.sql<{ n: number }[]>`
      select count(*)::int as n from finding f join boundary b on b.town = f.town join boundary_set s on s.id = b.set_id and s.current where not ST_Covers(b.geom, f.place)`
    expect(astray!.n).toBe(0)
    const [states] = await server.sql<{ hung: number; fixed: number; checked: number }[]>`
      select count(*) filter (where state = 'hung')::int as hung, count(*) filter (where state in ('fixed', 'struck'))::int as fixed, count(*) filter (where state = 'checked')::int as checked from finding`
    for (const n of Object.values(states!)) expect(n).toBeGreaterThan(0)
    const [late] = await server.sql<{ n: number }[]>`select count(*)::int as n from finding f where version <> (select max(version) from finding_version v where v.finding_id = f.id)`
    expect(late!.n).toBe(0)
    const { counts } = await server.json<{ counts: { month: string; task: number; town: string; found: number; cleared: number; left: number }[] }>(`${ROOT}/counts?asOf=2023-11-30`)
    const its = counts.find(({ month, task, town, found }) => month === '2023-11' && task === 17 && town !== PARK && found > 0)
    const reported = await server.sql<{ words: string; town: string }[]>`select words, town from submission where kind = 'finding' and task_no = 17 and month = '2023-11'`
    if (its) expect(reported.find(({ town }) => town === its.town)!.words).toContain(`本期发现 ${its.found} 处，销账 ${its.cleared} 处`)
    expect(reported.length).toBeGreaterThan(5)
  })

  it('should go its way from the town over the department to the office, with photos, and stay on record', async () => {
    server.clock.set('2023-06-10T09:00:00+08:00')
    const town = await signIn(`town-${BAIHE}`)
    const one = await made(await town.post(ROOT, { task: 13, title: '擅自加层', address: '集镇商住楼', code: 'red', place: PLACE, foundOn: '2023-06-09' }))
    expect(one).toMatchObject({ town: BAIHE, atBorder: false, state: 'hung', dueOn: '2023-06-16', version: 1, demo: true, next: ['edit', 'fix'] })
    const step = (who: Asking, name: string, version: number, more: object = {}) => who.post(`${ROOT}/${one.id}/${name}`, { version, words: '说明', ...more })
    const photo = (await (await upload(town, `${ROOT}/${one.id}/photos?stage=found`, jpegOf(IN_BAIHE), '现场.png')).json()) as PhotoRow
    expect(photo).toMatchObject({ stage: 'found', name: '现场.jpg', type: 'jpeg', place: [121.135, 31.2426667], takenAt: '2023-12-18T09:30:05' })
    expect((await upload(town, `${ROOT}/${one.id}/photos`, '<svg/>', 'x.jpg')).status).toBe(422)
    const edited = await made(await town.post(`${ROOT}/${one.id}`, { version: 1, title: '擅自加层两层', code: 'yellow' }, 'PUT'))
    expect(edited.history.at(-1)).toMatchObject({ act: 'edit', changed: { title: ['擅自加层', '擅自加层两层'], code: ['red', 'yellow'] } })
    expect((await step(town, 'fix', 2)).status).toBe(422)
    expect(await (await step(town, 'fix', 2)).json()).toMatchObject({ type: '/problems/finding-photo-missing' })
    expect((await upload(town, `${ROOT}/${one.id}/photos?stage=fixed`, jpegOf(), '整改后.jpg')).status).toBe(201)
    expect((await step(town, 'fix', 1)).status).toBe(409)
    expect((await step(town, 'fix', 2, { words: ' ' })).status).toBe(422)
    expect(await made(await step(town, 'fix', 2, { words: '已拆除加建部分' }))).toMatchObject({ state: 'fixed', fixedOn: '2023-06-10', version: 3, next: ['edit'] })
    expect((await upload(town, `${ROOT}/${one.id}/photos?stage=fixed`, jpegOf(), 'x.jpg')).status).toBe(409)
    const leads = (await server.json<{ no: number; leads: string[] }[]>('/api/plans/2023/tasks')).find(({ no }) => no === 13)!.leads
    const [account] = await server.sql<{ account: string }[]>`select account from account_role where role = 'department' and scope = ${leads[0]!}`
    const department = await signIn(account!.account)
    expect((await kindsIn(account!.account))[0]).toMatchObject({ kind: 'finding-changed', params: { actEn: 'report as put right', title: '擅自加层两层' }, path: `/findings/${one.id}` })
    expect((await step(town, 'strike', 3)).status).toBe(403)
    expect(await made(await step(department, 'return', 3, { words: '照片看不清', dueOn: '2023-06-20' }))).toMatchObject({ state: 'hung', fixedOn: null, dueOn: '2023-06-20' })
    expect((await kindsIn(`town-${BAIHE}`))[0]).toMatchObject({ kind: 'finding-changed', params: { words: '照片看不清' } })
    await made(await step(town, 'fix', 4, { words: '已补拍' }))
    expect(await made(await step(department, 'strike', 5, { words: '', code: 'green' }))).toMatchObject({ state: 'struck', struckOn: '2023-06-10', code: 'green', next: [] })
    const office = await signIn('office')
    expect((await step(department, 'check', 6)).status).toBe(403)
    const checked = await made(await step(office, 'check', 6, { words: '' }))
    expect(checked).toMatchObject({ state: 'checked', checkedOn: '2023-06-10', next: [] })
    expect(checked.history.map(({ act }) => act)).toEqual(['hang', 'edit', 'fix', 'return', 'fix', 'strike', 'check'])
    expect((await step(office, 'return', 7)).status).toBe(409)
    const trail = await server.sql<{ action: string }[]>`select action from audit where subject = ${`finding/${one.id}`} order by id`
    expect(trail.map(({ action }) => action)).toEqual(['finding.hang', 'finding.photo.add', 'finding.edit', 'finding.photo.add', 'finding.fix', 'finding.return', 'finding.fix', 'finding.strike', 'finding.check'])
    await expect(server.sql`update finding_version set words = 'other' where finding_id = ${one.id}`).rejects.toMatchObject({ code: '42501' })
    const file = await department.request(`/api/finding-photos/${photo.id}/file`)
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(jpegOf(IN_BAIHE))
    expect((await (await signIn(`town-${ZHAOXIANG}`)).request(`/api/finding-photos/${photo.id}/file`)).status).toBe(404)
  })

  it('should be the town’s where it lies, and refused elsewhere', async () => {
    server.clock.set('2023-06-10T09:00:00+08:00')
    const office = await signIn('office')
    const hang = (more: object) => office.post(ROOT, { task: 17, title: '地笼网', place: PLACE, foundOn: '2023-06-09', ...more })
    const problemOf = async (more: object) => ((await (await hang(more)).json()) as { params: { problem: string } }).params.problem
    expect(await problemOf({ place: [121.47, 31.23] })).toBe('outside')
    expect(await problemOf({ town: '310118104' })).toBe('town-other')
    expect(await problemOf({ foundOn: '2023-06-11' })).toBe('day-in-future')
    expect(await problemOf({ dueOn: '2023-06-08' })).toBe('due-before-found')
    expect(await problemOf({ code: 'red' })).toBe('code-needless')
    expect(await problemOf({ task: 13 })).toBe('code-missing')
    expect(await problemOf({ task: 1 })).toBe('task-without-ledger')
    expect((await hang({ task: 99 })).status).toBe(404)
    expect((await hang({ foundOn: '2023-02-30' })).status).toBe(400)
    expect(await made(await hang({ town: PARK }))).toMatchObject({ town: PARK, atBorder: false, dueOn: '2023-06-25' })
    const town = await signIn(`town-${ZHAOXIANG}`)
    expect((await town.post(ROOT, { task: 17, title: '地笼网', place: PLACE, foundOn: '2023-06-09' })).status).toBe(403)
    expect(await made(await hang({ ref: 'A-7' }))).toMatchObject({ ref: 'A-7', town: BAIHE })
    expect(await problemOf({ ref: 'A-7' })).toBe('ref-known')
    // Someone else hung it: the town is told.
    expect((await kindsIn(`town-${BAIHE}`))[0]).toMatchObject({ kind: 'finding-changed', params: { act: '挂账', title: '地笼网' } })
  })

  it('should be seen by their own, filtered, in pages and on the map, and go out as files', async () => {
    server.clock.set(null)
    const town = await signIn(`town-${BAIHE}`)
    const own = await town.json<Page>(`${ROOT}?limit=200`)
    expect(own.total).toBe(own.findings.length)
    expect(new Set(own.findings.map((one) => one.town))).toEqual(new Set([BAIHE]))
    const page = await town.json<Page>(`${ROOT}?limit=2&offset=1`)
    expect(page).toMatchObject({ total: own.total, findings: own.findings.slice(1, 3).map(({ id }) => ({ id })) })
    const hung = await server.json<Page>(`${ROOT}?state=hung&limit=200&town=${BAIHE}`)
    expect(hung.findings.every(({ state }) => state === 'hung')).toBe(true)
    const overdue = await server.json<Page>(`${ROOT}?overdue=true&limit=200`)
    expect(overdue.total).toBe((await server.json<Page>(ROOT)).overdue)
    expect(overdue.findings.every((one) => one.overdue && one.dueOn < '2023-12-31')).toBe(true)
    expect((await server.json<Page>(`${ROOT}?code=red,yellow&task=13&q=${encodeURIComponent('加层')}`)).findings.every(({ title, code }) => title.includes('加层') && code !== 'green')).toBe(true)
    const [lon, lat] = PLACE
    const points = await town.json<{ features: { geometry: { coordinates: number[] } }[]; cut: boolean }>(`${ROOT}/points?bbox=${lon - 0.001},${lat - 0.001},${lon + 0.001},${lat + 0.001}`)
    expect(points.features.length).toBeGreaterThan(0)
    expect(points.features.every(({ geometry: { coordinates } }) => Math.abs(coordinates[0]! - lon) < 0.001)).toBe(true)
    expect((await town.request(`${ROOT}?bbox=1,2,3`)).status).toBe(400)
    expect((await town.request(`${ROOT}?state=lost`)).status).toBe(400)
    expect((await town.json<{ features: unknown[] }>(`${ROOT}/file?format=geojson`)).features).toHaveLength(own.total)
    const file = await town.request(`${ROOT}/file`)
    const book = new ExcelJS.Workbook()
    await book.xlsx.load((await file.arrayBuffer()) as never)
    expect(book.worksheets[0]!.rowCount).toBe(own.total + 2)
    expect(String(book.worksheets[0]!.getCell('A1').value)).toContain('含演示数据')
    // Even a wrong query sees and writes no other town's.
    const person = { account: 'x', name: 'x', grants: [{ role: 'reporter' as const, scope: BAIHE }], readOnly: false }
    await beginAs(server.sql, true, person, async (tx) => {
      expect((await tx<{ n: number }[]>`select count(*)::int as n from finding`)[0]!.n).toBe(own.total)
      expect((await tx`update finding set title = title where town <> ${BAIHE} returning id`).length).toBe(0)
    })
    await expect(beginAs(server.sql, true, person, (tx) => tx`delete from finding_version`)).rejects.toMatchObject({ code: '42501' })
  })

  it('should come in from Excel and CSV: tried first, every wrong cell named, then all or nothing', async () => {
    server.clock.set('2023-06-10T09:00:00+08:00')
    const town = await signIn(`town-${BAIHE}`)
    const template = new ExcelJS.Workbook()
    await template.xlsx.load((await (await town.request(`${ROOT}/template/file`)).arrayBuffer()) as never)
    const sheet = template.worksheets[0]!
    const fill = (row: number, values: Record<string, unknown>) => {
      const heads = (sheet.getRow(1).values as string[]).map((head) => String(head ?? '').replace('*', ''))
      for (const [head, value] of Object.entries(values)) sheet.getRow(row).getCell(heads.indexOf(head)).value = value as never
    }
    fill(2, { 编号: 'B1', 任务: 17, 问题: '地笼网', 经度: 121.1351234, 纬度: 31.2427, 发现日期: new Date('2023-06-05T00:00:00Z') })
    fill(3, { 编号: 'B2', 任务: '17 禁渔', 街镇: '白鹤镇', 问题: '违规垂钓', 经度: '121°08′06″', 纬度: '31.2430', 发现日期: '2023/6/6' })
    fill(4, { 编号: 'B3', 任务: 13, 问题: '加层', 经度: 121.135, 纬度: 31.2427, 发现日期: '2023-06-07' })
    fill(5, { 编号: 'A-7', 任务: 17, 问题: '重复', 经度: 121.135, 纬度: 31.2427, 发现日期: '2023-06-07' })
    fill(6, { 任务: 17, 街镇: '金泽镇', 问题: '别处', 经度: 121.135, 纬度: 31.2427, 发现日期: '2023-06-07' })
    fill(7, { 任务: 17, 问题: '区外', 经度: 121.47, 纬度: 31.23, 发现日期: '2023-06-07' })
    fill(8, { 任务: 17, 问题: '农业园区', 街镇: '现代农业园区', 经度: 121.135, 纬度: 31.2427, 发现日期: '2023-06-07' })
    const bytes = new Uint8Array(await template.xlsx.writeBuffer())
    const tried = (await (await upload(town, `${ROOT}/import`, bytes, '台账.xlsx')).json()) as { rows: number; towns: object[]; problems: { row: number; column: string; letter: string; problem: string }[]; written: boolean }
    expect(tried.problems.map(({ row, column, problem }) => [row, column, problem])).toEqual([
      [4, 'code', 'code-missing'],
      [5, 'ref', 'ref-known'],
      [6, 'town', 'town-other'],
      [7, 'lon', 'outside'],
      [8, 'task', 'not-yours'],
    ])
    expect(tried).toMatchObject({ rows: 2, towns: [{ town: BAIHE, count: 2 }], written: false })
    expect(tried.problems[0]!.letter).toMatch(/^[A-Z]$/)
    const before = (await town.json<Page>(ROOT)).total
    expect((await upload(town, `${ROOT}/import?commit=true`, bytes, '台账.xlsx')).status).toBe(422)
    expect((await town.json<Page>(ROOT)).total).toBe(before)
    const csv = '\ufeff任务,街镇,问题,经度,纬度,发现日期,编号\r\n17,白鹤镇,"地笼网，两张",121.1351234,31.2427,2023-06-05,C1\r\n17,,违规垂钓,121.136,31.2430,2023年6月6日,C2\r\n'
    expect(await (await upload(town, `${ROOT}/import?commit=true`, csv, '台账.csv')).json()).toMatchObject({ rows: 2, problems: [], written: true })
    const after = await town.json<Page>(`${ROOT}?order=no`)
    expect(after.total).toBe(before + 2)
    expect(after.findings.slice(0, 2)).toMatchObject([{ ref: 'C2', version: 1 }, { ref: 'C1', title: '地笼网，两张', place: [121.1351234, 31.2427] }])
    expect(after.findings[0]!.no).toBe(after.findings[1]!.no + 1)
    for (const [content, name, type] of [['', 'x.csv', 'file-empty'], ['姓名,电话\n张三,1', 'x.csv', 'ledger-file-foreign'], [jpegOf(), 'x.xlsx', 'format-unknown']] as const) {
      expect(await (await upload(town, `${ROOT}/import`, content, name)).json(), name).toMatchObject({ type: `/problems/${type}` })
    }
  })

  it('should be counted by month, stand ready in the sheet, and remind when overdue by the server’s clock', async () => {
    server.clock.set('2023-06-12T09:00:00+08:00')
    const town = await signIn(`town-${BAIHE}`)
    const counts = async () => (await town.json<{ counts: { month: string; task: number; found: number; left: number; overdue: number }[] }>(`${ROOT}/counts?task=17`)).counts.find(({ month }) => month === '2023-06')!
    const { found, left } = await counts()
    await made(await town.post(ROOT, { task: 17, title: '“三无”船舶', place: PLACE, foundOn: '2023-06-12', dueOn: '2023-06-19' }))
    expect(await counts()).toMatchObject({ found: found + 1, left: left + 1 })
    await server.sql`update month set closed_on = null where id >= '2023-06'`
    const due = async () => (await town.json<Sheet>(`/api/plans/2023/sheets/2023-06/${BAIHE}`)).due.find(({ task, kind }) => task === 17 && kind === 'finding')!
    expect((await due()).ledger).toMatchObject({ found: found + 1, left: left + 1 })
    expect((await due()).ledger!.words).toContain(`本期发现 ${found + 1} 处`)
    const told = async (kind: string) => (await kindsIn(`town-${BAIHE}`)).filter((item) => item.kind === kind && item.params.task === 17)
    await remind(server.sql, server.clock)
    expect((await told('finding-due')).filter(({ params }) => params.dueOn === '2023-06-19')).toEqual([])
    server.clock.set('2023-06-16T09:00:00+08:00')
    await remind(server.sql, server.clock)
    expect((await told('finding-due')).filter(({ params }) => params.dueOn === '2023-06-19')).toHaveLength(1)
    // Far enough for everything that is hung in June to be overdue.
    server.clock.set('2023-07-10T09:00:00+08:00')
    await remind(server.sql, server.clock)
    const [first] = await told('finding-overdue')
    expect(first).toMatchObject({ path: `/findings?task=17&town=${BAIHE}&overdue=1` })
    expect(Number(first!.params.count)).toBeGreaterThan(0)
    const before = (await told('finding-overdue')).length
    await remind(server.sql, server.clock)
    expect((await told('finding-overdue')).length).toBe(before)
    const page = await (await signIn('office')).json<Page>(`${ROOT}?overdue=true&task=17&town=${BAIHE}`)
    expect(page).toMatchObject({ day: '2023-07-10', total: first!.params.count })
  })
})
