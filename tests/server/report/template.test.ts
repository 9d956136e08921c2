import { read, utils } from '@e965/xlsx'
import type ExcelJS from 'exceljs'
import Excel from 'exceljs'
import { expect, it } from 'vitest'
import type { Comparison } from '../../../geo/report/template.ts'
import type { Sheet } from '../../../server/report/sheet.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'

const BAIHE = '310118110'
const PATH = `/api/plans/2023/sheets/2023-12/${BAIHE}/file`

describeOnBothDatabases('a sheet as an Excel file', (server) => {
  const download = async (who: Asking) => new Uint8Array(await (await who.request(PATH)).arrayBuffer())
  const send = (who: Asking, bytes: Uint8Array | string, commit = false, path = PATH) => {
    const form = new FormData()
    form.set('file', new File([bytes as BlobPart], '白鹤镇.xlsx'))
    return who.request(`${path}?commit=${commit}`, { method: 'POST', body: form })
  }
  /** The template with other contents in some rows, as a person would save it in Excel. */
  const filled = async (bytes: Uint8Array, changes: Record<string, Partial<Record<'G' | 'H' | 'I', unknown>>>) => {
    const book = new Excel.Workbook()
    await book.xlsx.load(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as never)
    const places = new Map<string, number>()
    book.worksheets[0]!.eachRow((row: ExcelJS.Row, n: number) => {
      const change = changes[String(row.getCell('A').value)]
      if (!change) return
      places.set(String(row.getCell('A').value), n)
      for (const [column, value] of Object.entries(change)) {
        row.getCell(column).value = value as ExcelJS.CellValue
        // Cells that look alike share their style: this one gets its own.
        if (value instanceof Date) row.getCell(column).style = { ...row.getCell(column).style, numFmt: 'yyyy-mm-dd' }
      }
    })
    return { bytes: new Uint8Array((await book.xlsx.writeBuffer()) as never), places }
  }

  it('should hold the unit’s own rows with what is there, the rest locked', async () => {
    await server.sql`delete from report where town = ${BAIHE} and month = '2023-12'`
    const town = await server.as('town-310118110')
    const sheet = await town.json<Sheet>(`/api/plans/2023/sheets/2023-12/${BAIHE}`)
    const book = read(await download(town), { type: 'array' })
    const rows = utils.sheet_to_json<(string | number)[]>(book.Sheets[book.SheetNames[0]!]!, { header: 1 })
    expect(rows[0]![0]).toContain('白鹤镇')
    expect(rows.slice(4).map(([subject]) => String(subject))).toEqual(expect.arrayContaining(['14.1', '17/finding', '54/submission']))
    expect(rows.slice(4)).toHaveLength(sheet.rows.length + sheet.due.length)
    const rice = rows.find(([subject]) => subject === '14.1')!
    expect(rice.slice(3, 6)).toEqual(['亩', 12300, sheet.rows.find(({ measure }) => measure === '14.1')!.last!.value])
    expect((await (await server.as('town-310118105')).request(PATH)).status).toBe(403)
  })

  it('should be tried without writing, then written all at once', async () => {
    const town = await server.as('town-310118110')
    const { last } = (await town.json<Sheet>(`/api/plans/2023/sheets/2023-12/${BAIHE}`)).rows.find(({ measure }) => measure === '14.1')!
    const { bytes } = await filled(await download(town), {
      '14.1': { G: last!.value!, H: '全部收割入库' },
      '15.1': { G: { formula: '1+1', result: 2 }, I: '按实际面积' },
      '17/finding': { G: '是' },
      '54/submission': { H: '本月报送案例一篇' },
    })
    const tried = (await (await send(town, bytes)).json()) as Comparison & { written: boolean }
    expect(tried.problems.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(tried.changes.map(({ subject }) => subject).sort()).toEqual(['14.1', '15.1', '17/finding', '54/submission'])
    expect(tried.written).toBe(false)
    expect((await town.json<Sheet>(`/api/plans/2023/sheets/2023-12/${BAIHE}`)).rows.every(({ value }) => value === null)).toBe(true)
    expect(await (await send(town, bytes, true)).json()).toMatchObject({ written: true })
    const sheet = await town.json<Sheet>(`/api/plans/2023/sheets/2023-12/${BAIHE}`)
    expect(sheet.rows.find(({ measure }) => measure === '14.1')).toMatchObject({ value: last!.value, words: '全部收割入库', state: 'draft', version: 1 })
    expect(sheet.rows.find(({ measure }) => measure === '15.1')!.answers.map(({ reason }) => reason)).toContain('按实际面积')
    expect(sheet.due.find(({ task, kind }) => task === 17 && kind === 'finding')).toMatchObject({ done: true, state: 'draft' })
    // The same file again says what is there, but for what was made on versions of before: nothing differs, so nothing clashes.
    expect(await (await send(town, bytes)).json()).toMatchObject({ changes: [], problems: [] })
  })

  it('should write nothing while one cell is wrong, and name it', async () => {
    const town = await server.as('town-310118110')
    const old = await download(town)
    const { bytes, places } = await filled(old, { '14.1': { G: 12400 }, '18.1': { G: '三百多' }, '44.1': { G: 1.5 }, '17/inspection': { G: '也许' }, '46.1': { G: new Date('2023-12-01') } })
    const tried = (await (await send(town, bytes)).json()) as Comparison
    const errors = tried.problems.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ cell, problem }) => `${cell} ${problem}`).sort()).toEqual(
      [`G${places.get('18.1')} not-a-number`, `G${places.get('44.1')} not-whole`, `G${places.get('17/inspection')} yes-or-no`, `G${places.get('46.1')} not-a-number`].sort(),
    )
    const refused = await send(town, bytes, true)
    expect(refused.status).toBe(422)
    expect(await refused.json()).toMatchObject({ type: '/problems/sheet-file-invalid', params: { count: 4 } })
    // Somebody changed a value after the template was downloaded.
    await town.post('/api/plans/2023/reports', { reports: [{ measure: '14.1', town: BAIHE, month: '2023-12', version: 1, value: 12300 }] }, 'PUT')
    const late = await filled(old, { '14.1': { G: 12350 } })
    expect(((await (await send(town, late.bytes)).json()) as Comparison).problems).toEqual([expect.objectContaining({ problem: 'version-changed', severity: 'error' })])
  })

  it('should read a percentage as what it shows', async () => {
    const town = await server.as('town-310118110')
    const book = new Excel.Workbook()
    await book.xlsx.load((await download(town)).buffer as never)
    book.worksheets[0]!.eachRow((row: ExcelJS.Row) => {
      if (row.getCell('A').value !== '51.1') return
      row.getCell('G').value = 0.085
      row.getCell('G').style = { ...row.getCell('G').style, numFmt: '0.0%' }
    })
    const tried = (await (await send(town, new Uint8Array((await book.xlsx.writeBuffer()) as never))).json()) as Comparison
    expect(tried.changes.find(({ subject }) => subject === '51.1')?.after.value).toBe(8.5)
  })

  it('should refuse what is no template, another unit’s, and another person', async () => {
    const town = await server.as('town-310118110')
    for (const [bytes, type] of [
      ['编号,本月累计\n14.1,5', 'sheet-file-foreign'],
      ['', 'file-empty'],
      [new Uint8Array([0x50, 0x4b, 0x03, 0x04, 9, 9]), 'file-damaged'],
    ] as const) {
      const answer = await send(town, bytes)
      expect(answer.status).toBe(422)
      expect(await answer.json()).toMatchObject({ type: `/problems/${type}` })
    }
    const other = await server.as('town-310118105')
    const foreign = await send(other, await download(town), false, PATH.replace(BAIHE, '310118105'))
    expect(await foreign.json()).toMatchObject({ type: '/problems/sheet-file-foreign' })
    expect((await send(other, await download(town))).status).toBe(403)
    expect((await send(await server.as('leader'), await download(town))).status).toBe(403)
  })
})
