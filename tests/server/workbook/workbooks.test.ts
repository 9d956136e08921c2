import { read, utils, type WorkBook } from '@e965/xlsx'
import ExcelJS from 'exceljs'
import { expect, it } from 'vitest'
import type { Light } from '../../../geo/light/light.ts'
import type { Task } from '../../../geo/plan/plan.ts'
import { describeOnBothDatabases } from '../harness.ts'
import { convertByOffice, findSoffice } from '../office.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const LIST = '/api/plans/2023/tasks/file.xlsx?asOf=2023-09-30'
const MATRIX = '/api/plans/2023/lights/file.xlsx?asOf=2023-09-30'

const hostile = ['=HYPERLINK("http://x","y")', '+1+1', '-2+3', '@SUM(1)', '\t=1']
const table = {
  name: '督办单',
  sheets: [
    {
      name: '督办单/一?',
      title: '督办单 & 情况',
      notes: ['只列待回复的'],
      demo: true,
      asOf: '2023-09-30',
      lang: 'zh-CN',
      rows: [
        { kind: 'head', cells: [{ value: '编号', rows: 2 }, { value: '内容', columns: 2 }, { value: '期限', rows: 2 }] },
        { kind: 'head', cells: [{ value: '标题' }, { value: '完成率' }] },
        { kind: 'group', cells: [{ value: '白鹤镇', columns: 4 }] },
        ...hostile.map((value, i) => ({ kind: 'row', cells: [{ value: i + 1 }, { value }, { value: 0.625, number: { decimals: 1, percent: true } }, { value: '2023-10-31', time: 'day' }] })),
        { kind: 'row', cells: [{ value: '—' }, { value: null }, { value: 3950, number: { decimals: 0, unit: '亩' } }, { value: '2023-10-31T09:05', time: 'minute' }] },
        { kind: 'row', cells: [{ value: '■ 红灯', light: 'red' }] },
      ],
    },
    { name: '督办单 一', title: '第二张', demo: false, lang: 'en', rows: [{ kind: 'head', cells: [{ value: 'a' }] }, { kind: 'row', cells: [{ value: 1 }] }] },
  ],
}

describeOnBothDatabases('workbooks', (server) => {
  const bytesOf = async (answer: Response) => {
    expect(answer.status, answer.status === 200 ? '' : await answer.clone().text()).toBe(200)
    expect(answer.headers.get('content-type')).toBe(XLSX)
    return new Uint8Array(await answer.arrayBuffer())
  }
  const get = async (path: string) => bytesOf(await server.request(path))
  const opened = (bytes: Uint8Array) => read(bytes, { cellNF: true, cellDates: false })
  const rowsOf = (book: WorkBook, i = 0) => utils.sheet_to_json<(string | number | null)[]>(book.Sheets[book.SheetNames[i]!]!, { header: 1, defval: null, raw: true })
  const lit = async () => Map.groupBy(await server.json<Light[]>('/api/plans/2023/lights?asOf=2023-09-30'), ({ task }) => task)
  const order = ['grey', 'green', 'yellow', 'red']

  it('should hand round the list: every task in the document’s words, categories merged, progress and lights beside', async () => {
    const book = opened(await get(LIST))
    const rows = rowsOf(book)
    expect(rows[0]![0]).toMatch(/^2023.*重点任务清单（进展与亮灯）（含演示数据）$/)
    expect(rows[1]![0]).toBe('数据截至 2023年9月30日 · 演示数据')
    const at = rows.findIndex(([first]) => first === '类别')
    expect(rows[at]).toEqual(['类别', '市级序号', '区级序号', '任务名称', '任务要求及举措', '区级牵头部门', '街镇任务量', '完成时间节点', '进展情况', '亮灯', '各单位亮灯', '滞后、预警单位'])
    const [tasks, lights] = [await server.json<Task[]>('/api/plans/2023/tasks'), await lit()]
    const body = rows.slice(at + 1)
    expect(body).toHaveLength(56)
    const words = { red: '■ 红灯', yellow: '▲ 黄灯', green: '● 绿灯', grey: '○ 未到' } as Record<string, string>
    for (const [i, task] of tasks.entries()) {
      const row = body[i]!
      expect(row.slice(1, 8), `task ${task.no}`).toEqual([task.municipalNo, task.no, task.name, task.requirement, task.leads.join('、'), task.townText, task.deadlineText])
      const own = (lights.get(task.no) ?? []).filter(({ reasonKey }) => reasonKey !== 'no-quota')
      const worst = own.map(({ light }) => light).sort((a, b) => order.indexOf(b) - order.indexOf(a))[0]
      expect(String(row[9]).split('\n')[0], `task ${task.no}`).toBe(worst ? words[worst] : '—')
    }
    expect(body[13]![8]).toMatch(/^粮食.*：[\d,]+ 亩 \/ 124,000 亩（\d+%）/)
    // Eleven categories, each one cell from its first task to its last; and what stands above the table.
    const merges = book.Sheets[book.SheetNames[0]!]!['!merges']!.filter(({ s, e }) => s.c === 0 && e.c === 0)
    expect(merges.reduce((n, { s, e }) => n + e.r - s.r + 1, 0) + body.filter(([name], i) => name !== null && !merges.some(({ s }) => s.r === at + 1 + i)).length).toBe(56)
    expect(body.filter(([name]) => name !== null)).toHaveLength(11)
  })

  it('should keep heads on every page of A3, fitted to its width', async () => {
    const book = new ExcelJS.Workbook()
    await book.xlsx.load((await get(LIST)).buffer as never)
    const sheet = book.worksheets[0]!
    const head = sheet.getColumn(1).values.indexOf('类别')
    expect(sheet.pageSetup).toMatchObject({ paperSize: 8, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0, printTitlesRow: `${head}:${head}` })
    expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: head, xSplit: 4 })
    const red = sheet.getColumn(10).values.findIndex((value) => value === '■ 红灯')
    expect(sheet.getCell(red, 10).fill).toMatchObject({ fgColor: { argb: 'FFB3261E' } })
    expect(sheet.getCell(red, 5).alignment.wrapText).toBe(true)
  })

  it('should say 无数据 where nothing was approved, and never nought', async () => {
    const rows = rowsOf(opened(await get('/api/plans/2023/tasks/file.xlsx?asOf=2023-06-30&knownAt=2023-01-02')))
    const body = rows.slice(rows.findIndex(([first]) => first === '类别') + 1)
    expect(body).toHaveLength(56)
    for (const row of body) {
      expect(row[8]).toBe('无数据')
      expect(row[9]).toMatch(/^(■ 红灯|▲ 黄灯|● 绿灯|○ 未到)\n无数据$|^—$/)
    }
    const matrix = rowsOf(opened(await get('/api/plans/2023/lights/file.xlsx?asOf=2023-06-30&knownAt=2023-01-02')))
    const cells = matrix.flat().filter((cell) => /^(■|▲|●|○) \S+ /.test(String(cell)))
    expect(cells.length).toBeGreaterThan(300)
    expect(cells.every((cell) => String(cell).includes('无数据'))).toBe(true)
  })

  it('should write the matrix with the lights that the API has, and only what the filters leave', async () => {
    const whole = rowsOf(opened(await get(MATRIX)))
    const head = whole.findIndex(([first]) => first === '序号')
    expect(whole[head]!.slice(3, 16)).toEqual(['全区', '赵巷', '徐泾', '华新', '重固', '白鹤', '朱家角', '练塘', '金泽', '夏阳', '盈浦', '香花桥', '农业园区'])
    const lights = await lit()
    const rows = whole.filter(([no, name]) => typeof no === 'number' && name !== null)
    expect(rows).toHaveLength(56)
    for (const row of rows) {
      const own = [...Map.groupBy((lights.get(Number(row[0])) ?? []).filter(({ reasonKey }) => reasonKey !== 'no-quota'), ({ town }) => town).values()]
      const count = (colour: string) => own.filter((units) => units.map(({ light }) => light).sort((a, b) => order.indexOf(b) - order.indexOf(a))[0] === colour).length
      expect(row.slice(16, 19), `task ${row[0]}`).toEqual([count('red'), count('yellow'), count('green')])
      expect(row.slice(3, 16).filter((cell) => cell !== null)).toHaveLength(own.length)
    }
    const red = rowsOf(opened(await get(`${MATRIX}&light=red&rows=trouble&department=${encodeURIComponent('区农业农村委')}`)))
    const shown = red.filter(([no, name]) => typeof no === 'number' && name !== null)
    expect(shown.length).toBeGreaterThan(0)
    expect(shown.every((row) => row[2]!.toString().includes('区农业农村委') && Number(row[16]) > 0)).toBe(true)
    expect(red[2]![0]).toContain('筛选：牵头部门“区农业农村委”；有■ 红灯的任务')
    const few = rowsOf(opened(await get(`${MATRIX}&tasks=14,15&lang=en`)))
    expect(few.filter(([no, name]) => typeof no === 'number' && name !== null).map(([no]) => no)).toEqual([14, 15])
    expect(few[1]![0]).toContain('Demonstration data')
    for (const wrong of ['&light=blue', '&tasks=1;drop', '&rows=town:x', '&category=0']) expect((await server.request(MATRIX + wrong)).status, wrong).toBe(400)
    expect((await server.request('/api/plans/1999/tasks/file.xlsx')).status).toBe(404)
  })

  it('should write any table that is brought: merged, numbers as numbers, days as days, and nothing that computes', async () => {
    const book = opened(await bytesOf(await server.post('/api/workbooks', table)))
    expect(book.SheetNames).toEqual(['督办单 一', '督办单 一 2'])
    const sheet = book.Sheets['督办单 一']!
    const rows = rowsOf(book)
    expect(rows.slice(0, 3).map(([cell]) => cell)).toEqual(['督办单 & 情况（含演示数据）', '数据截至 2023年9月30日 · 演示数据', '只列待回复的'])
    expect(rows.slice(6, 11).map((row) => row[1])).toEqual(hostile.map((text) => `'${text}`))
    expect(Object.values(sheet).some((cell) => typeof cell === 'object' && cell !== null && 'f' in cell)).toBe(false)
    expect(sheet.C7).toMatchObject({ t: 'n', v: 0.625, w: '62.5%' })
    expect(sheet.D7).toMatchObject({ t: 'n', v: 45230, w: '2023-10-31' })
    expect(sheet.C12).toMatchObject({ t: 'n', v: 3950, w: '3,950 亩' })
    expect(sheet.D12!.w).toBe('2023-10-31 09:05')
    expect(rows[11]![0]).toBe('—')
    expect(sheet['!merges']!.map((range) => utils.encode_range(range))).toEqual(expect.arrayContaining(['A4:A5', 'B4:C4', 'D4:D5', 'A6:D6']))
  })

  it('should refuse what is no table, and more than a table', async () => {
    const sheet = table.sheets[0]!
    const refused: object[] = [
      { ...table, sheets: [] },
      { ...table, sheets: [{ ...sheet, rows: [{ kind: 'row', cells: [{ value: { richText: [] } }] }] }] },
      { ...table, sheets: [{ ...sheet, rows: [{ kind: 'row', cells: [{ formula: '1+1', value: null }] }] }] },
      { ...table, sheets: [{ ...sheet, rows: Array.from({ length: 300 }, () => ({ kind: 'row', cells: [{ value: 1, columns: 200, rows: 300 }] })) }] },
    ]
    for (const body of refused) expect((await server.post('/api/workbooks', body)).status).toBe(400)
  })

  it.skipIf(server.kind !== 'embedded' || !findSoffice())('should open in LibreOffice and read back equal', async () => {
    const files = { 'list.xlsx': await get(LIST), 'matrix.xlsx': await get(MATRIX), 'table.xlsx': await bytesOf(await server.post('/api/workbooks', table)) }
    const again = convertByOffice(files, 'xlsx')
    for (const [name, bytes] of Object.entries(files)) {
      const [ours, theirs] = [opened(bytes), opened(again[name]!)]
      expect(theirs.SheetNames).toEqual(ours.SheetNames)
      for (const i of ours.SheetNames.keys()) {
        expect(rowsOf(theirs, i), name).toEqual(rowsOf(ours, i))
        const merged = (book: WorkBook) => (book.Sheets[book.SheetNames[i]!]!['!merges'] ?? []).map((range) => utils.encode_range(range)).sort()
        expect(merged(theirs), name).toEqual(merged(ours))
      }
    }
  })
})
