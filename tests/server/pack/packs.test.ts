import { execFileSync } from 'node:child_process'
import ExcelJS from 'exceljs'
import { unzipSync } from 'fflate'
import pino from 'pino'
import { SaxesParser } from 'saxes'
import { expect, it, vi } from 'vitest'
import type { FrozenSnapshot } from '../../../geo/snapshot/frozen.ts'
import { packsOfClosings } from '../../../server/pack/closing.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'
import { convertByOffice, findSoffice } from '../office.ts'

interface Detail {
  id: number
  status: string
  hash: string
  holds: boolean
  formats: string[]
  pages: number
  title: string
  content: FrozenSnapshot
}
interface Inbox {
  items: { kind: string; path: string; params: Record<string, unknown> }[]
}

const ASKED = { plan: 2023, month: '2023-09' }
/** Each page ends with a form feed. */
const pdfWords = (pdf: Uint8Array) => execFileSync('pdftotext', ['-', '-'], { input: pdf, encoding: 'utf8', maxBuffer: 2 ** 26 })
const log = pino({ level: 'silent' })

describeOnBothDatabases('packs', (server) => {
  let office: Asking
  let id = 0
  const ready = (of: number) =>
    vi.waitFor(
      async () => {
        const detail = await office.json<Detail>(`/api/packs/${of}`)
        expect(detail.status, JSON.stringify(detail).slice(0, 300)).toBe('ready')
        return detail
      },
      { timeout: 200_000, interval: 400 },
    )
  const bytes = async (format: string) => {
    const answer = await office.request(`/api/packs/${id}/file.${format}`)
    expect(answer.status, format).toBe(200)
    return new Uint8Array(await answer.arrayBuffer())
  }
  const packs = async (who: Asking) => (await who.json<{ id: number; kind: string }[]>('/api/snapshots')).filter(({ kind }) => kind === 'pack').map((one) => one.id)

  it('should be made of a month in one go: pages, slides and a workbook in one zip, under a hash that the same inputs have again', async () => {
    office = await server.as('office')
    await server.post('/api/plans/2023/orders', { owner: { town: '310118110' }, task: 15, title: '=蔬菜播种请说明', demand: '请说明', dueOn: '2099-01-01' })
    const answer = await office.post('/api/packs', ASKED)
    expect(answer.status, await answer.clone().text()).toBe(202)
    id = ((await answer.json()) as { id: number }).id
    const detail = await ready(id)
    expect(detail).toMatchObject({ holds: true, formats: ['pdf', 'pptx', 'xlsx', 'zip'], title: '2023年9月乡村振兴重点任务调度材料' })
    expect(detail.content.pack!.orders).toContainEqual(expect.objectContaining({ owner: '310118110', title: '=蔬菜播种请说明' }))
    expect(detail.content.pack!.before!.length).toBeGreaterThan(400)
    const names = await Promise.all(Array.from({ length: detail.pages }, (_, i) => office.json<{ name: string }>(`/api/packs/${id}/pages/${i + 1}`).then(({ name }) => name)))
    expect(names.map((name) => name.replace(/^\d+-/, '').replace(/ \d$/, ''))).toEqual(
      expect.arrayContaining(['封面', '全区总览', '亮灯矩阵', '比上月变化', '问题清单', '赵巷镇', '现代农业园区', '督办单']),
    )
    expect(new Set(names).size).toBe(detail.pages)
    const again = (await (await office.post('/api/packs', ASKED)).json()) as { id: number; hash: string }
    expect(again.hash).toBe(detail.hash)
    await office.post(`/api/packs/${again.id}/cancel`, {})
  })

  it('should hold in its zip what opens elsewhere: valid XML, a chart with the page’s figures, and sheets that read back equal', async () => {
    const zip = unzipSync(await bytes('zip'))
    expect(Object.keys(zip)).toEqual(['pdf', 'pptx', 'xlsx'].map((extension) => `2023年9月乡村振兴重点任务调度材料.${extension}`))
    const [pdf, pptx, xlsx] = Object.values(zip) as [Uint8Array, Uint8Array, Uint8Array]
    expect(new TextDecoder('latin1').decode(pdf.subarray(0, 5))).toBe('%PDF-')
    const parts = unzipSync(pptx)
    for (const [name, part] of Object.entries(parts).filter(([path]) => /\.(xml|rels)$/.test(path))) {
      const parser = new SaxesParser()
      parser.on('error', (error) => expect.fail(`${name}: ${error.message}`))
      parser.write(new TextDecoder().decode(part)).close()
    }
    const charts = Object.keys(parts).filter((name) => /charts\/chart\d+\.xml$/.test(name))
    expect(charts.length).toBeGreaterThan(0)
    const { content } = await office.json<Detail>(`/api/packs/${id}`)
    const [first] = content.charts!
    const chart = new TextDecoder().decode(parts[charts.sort()[0]!])
    const series = [...chart.matchAll(/<c:ser>.*?<\/c:ser>/gs)].map(([ser]) => [.../<c:val>.*?<\/c:val>/s.exec(ser)![0].matchAll(/<c:v>([\d.]+)<\/c:v>/g)].map(([, value]) => Number(value)))
    expect(series).toEqual([first!.red, first!.yellow])

    const book = new ExcelJS.Workbook()
    await book.xlsx.load(Buffer.from(xlsx) as never)
    expect(book.worksheets.map(({ name }) => name)).toEqual(['全区总览', '亮灯矩阵', '比上月变化', '问题清单', '督办单', '任务清单'])
    // A cell in percent holds the share itself: half is 0.5, and is read as 50 %.
    const shares = book.worksheets.flatMap((sheet) => (sheet.getSheetValues() as unknown[]).flatMap((_, row) => (row === 0 ? [] : Array.from({ length: sheet.columnCount }, (__, i) => sheet.getCell(row, i + 1)).filter(({ numFmt, value }) => numFmt?.endsWith('%') && typeof value === 'number'))))
    expect(shares.length).toBeGreaterThan(20)
    for (const { value } of shares) expect(value).toBeLessThanOrEqual(2)
    expect(shares.some(({ value }) => (value as number) > 0.3)).toBe(true)
    for (const sheet of book.worksheets) expect(sheet.getCell(1, 1).text, sheet.name).toContain(sheet.name === '督办单' ? '督办单' : '演示')
    const column = (sheet: string, no: number) => book.getWorksheet(sheet)!.getColumn(no).values.map((value) => String(value ?? ''))
    expect(column('督办单', 3).some((title) => title.startsWith("'=蔬菜播种请说明"))).toBe(true)
    const reds = column('问题清单', 1).filter((light) => light === '滞后').length
    const [foot] = [book.getWorksheet('全区总览')!.lastRow!]
    expect([foot.getCell(1).text, foot.getCell(2).value]).toEqual(['合计', reds])
    expect(reds).toBe(first!.red.reduce((sum, n) => sum + n, 0))
    if (!findSoffice() || server.kind === 'native') return
    const opened = convertByOffice({ 'slides.pptx': pptx, 'book.xlsx': xlsx }, 'pdf')
    const { pages } = await office.json<Detail>(`/api/packs/${id}`)
    const slides = pdfWords(opened['slides.pdf']!)
    expect(slides.split('\f').length - 1).toBe(pages)
    for (const said of ['调度材料', '问题清单', '白鹤镇', '督办单']) expect(slides).toContain(said)
    expect(pdfWords(opened['book.pdf']!)).toContain('比上月变化')
  })

  it('should be kept from who may not see everybody’s orders', async () => {
    const reporter = await server.as('town-310118110')
    expect((await reporter.post('/api/packs', ASKED)).status).toBe(403)
    expect((await reporter.request(`/api/packs/${id}`)).status).toBe(403)
    expect((await reporter.request(`/api/packs/${id}/file.pdf`)).status).toBe(403)
    // Nor by the doors of another kind.
    expect((await reporter.request(`/api/snapshots/${id}/file.pdf`)).status).toBe(404)
    expect((await reporter.request(`/api/atlases/${id}`)).status).toBe(404)
    expect(await packs(reporter)).toEqual([])
    expect(await packs(await server.as('auditor'))).toContain(id)
    expect((await reporter.post('/api/me/subscriptions', { topic: 'month-pack', wanted: true }, 'PUT')).status).toBe(403)
  })

  it('should be made once by itself when a month is closed, and be told to whoever asked for it', async () => {
    const leader = await server.as('leader')
    const auditor = await server.as('auditor')
    for (const who of [leader, auditor]) expect(await (await who.post('/api/me/subscriptions', { topic: 'month-pack', wanted: true }, 'PUT')).json()).toEqual({ topics: ['month-pack'] })
    expect(await (await auditor.post('/api/me/subscriptions', { topic: 'month-pack', wanted: false }, 'PUT')).json()).toEqual({ topics: [] })
    expect(await packsOfClosings(server.sql, server.clock, null, log)).toEqual({ made: 0, told: 0 })
    server.clock.set('2024-01-12T09:00:00+08:00')
    office = await server.as('office')
    const months = await office.json<{ id: string; version: number; state: string; counts: { missing: number; waiting: number } }[]>('/api/plans/2023/months')
    const month = months.find(({ state }) => state === 'open')!
    const closed = await office.post(`/api/plans/2023/months/${month.id}/close`, { version: month.version, missing: month.counts.missing, waiting: month.counts.waiting, words: '演示：按期关账' })
    expect(closed.status, await closed.clone().text()).toBe(200)
    // Two processes at once.
    const done = await Promise.all([packsOfClosings(server.sql, server.clock, 'https://xiangtu.example', log), packsOfClosings(server.sql, server.clock, null, log)])
    expect(done.reduce((sum, { made }) => sum + made, 0)).toBe(1)
    expect((await packsOfClosings(server.sql, server.clock, null, log)).made).toBe(0)
    const told = async (account: string) => (await (await server.as(account)).json<Inbox>('/api/inbox')).items.filter(({ kind }) => kind === 'pack-ready')
    const items = await told('leader')
    expect(items).toMatchObject([{ params: { month: month.id, demo: true } }])
    expect(await told('auditor')).toEqual([])
    expect(await told('office')).toEqual([])
    const of = Number(/^\/packs\/(\d+)$/.exec(items[0]!.path)![1])
    expect(await ready(of)).toMatchObject({ holds: true, maker: '系统（关账后自动生成）' })
    const [line] = await server.sql<{ by: string }[]>`select actor as by from audit where action = 'pack.make' and subject = ${`pack/${of}`}`
    expect(line!.by).toBe('schedule')
    server.clock.set(null)
  })
})
