import type { APIRequestContext, Browser, Page } from 'playwright-core'
import Excel from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_PASSWORD } from '../../server/account/first.ts'
import type { Sheet, SheetRow } from '../../server/report/sheet.ts'
import { freshDatabase } from '../database/template.ts'
import { IN_BAIHE, jpegOf } from '../geo/attachment/jpeg.ts'
import { launch } from './browser.ts'
import { eventually, openScreen, seriousFindings, type Screen } from './screens.ts'
import { serve, type Serving } from './serve.ts'

const BAIHE = '310118110'
const MONTH = '2023-12'
const TOWN = 'town-310118110'

describe('filling in a month', () => {
  let serving: Serving
  let browser: Browser
  let database: Awaited<ReturnType<typeof freshDatabase>> | null = null
  const screens: Screen[] = []
  beforeAll(async () => {
    // On PostgreSQL where there is one: it is there sooner, and the second wall is a real one.
    database = process.env.TEST_DATABASE_URL ? await freshDatabase('demo') : null
    ;[serving, browser] = await Promise.all([serve(database ? { env: { DATABASE_URL: database.url } } : {}), launch()])
    await sendBack(['14.1', '15.1', '15.2', '18.1'])
  })
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
    await database?.drop()
  })

  /** The demonstration's December is approved: the town corrects some values and the department sends them back, so that they are to be filled in. */
  async function sendBack(measures: string[]) {
    const as = async (account: string): Promise<APIRequestContext> => {
      const { request } = await browser.newContext()
      expect((await request.post(`${serving.address}/api/session`, { data: { account, password: DEMO_PASSWORD } })).ok()).toBe(true)
      return request
    }
    const [town, department] = [await as(TOWN), await as('dept-01')]
    for (const measure of measures) {
      const row = (await sheetOf(town)).rows.find((one) => one.measure === measure)!
      const key = { measure, town: BAIHE, month: MONTH }
      const answers = ['below-last', 'over-quota'].map((check) => ({ check, reason: '复核' }))
      const act = async (who: APIRequestContext, which: string, change: object) => {
        const answer = await who.post(`${serving.address}/api/plans/2023/reports/${which}`, { data: { reports: [{ ...key, ...change }] } })
        expect(answer.status(), await answer.text()).toBe(200)
      }
      await act(town, 'correct', { version: row.version, value: row.last!.value, words: '', reason: '重新核对', answers })
      await act(department, 'return', { version: row.version + 1, reason: '请附测产依据' })
    }
  }
  const sheetOf = async (request: APIRequestContext) => (await (await request.get(`${serving.address}/api/plans/2023/sheets/${MONTH}/${BAIHE}`)).json()) as Sheet
  const rowOf = async (page: Page, measure: string): Promise<SheetRow> => (await sheetOf(page.context().request)).rows.find((row) => row.measure === measure)!

  const open = async (path = '/reports', account = TOWN, size = { width: 1366, height: 768 }) => {
    const screen = await openScreen(browser, serving.address + path, size, account)
    screens.push(screen)
    await screen.page.waitForSelector('table.sheet')
    return screen.page
  }
  const done = async (allowed: RegExp = /$^/) => {
    for (const { guard, complaints, page } of screens.splice(0)) {
      guard.check()
      expect(complaints.filter((one) => !allowed.test(one))).toEqual([])
      await page.context().close()
    }
  }
  const field = (page: Page, subject: string, column = 'text') => page.locator(`[data-cell="${subject}"][data-column="${column}"]`)
  const active = (page: Page) => page.evaluate(() => `${(document.activeElement as HTMLElement).dataset.cell} ${(document.activeElement as HTMLElement).dataset.column}`)
  const paste = (page: Page, text: string) =>
    page.evaluate((content) => {
      const data = new DataTransfer()
      data.setData('text/plain', content)
      document.activeElement!.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    }, text)
  const saved = (page: Page) => eventually(() => page.locator('.save').textContent()).toMatch(/\d\d:\d\d:\d\d 已保存/)

  it('should be typed, moved through by keys, undone and saved by itself', async () => {
    const page = await open()
    const line = page.locator('tr[data-subject="14.1"]')
    expect(await page.locator('tr.notes', { hasText: '请附测产依据' }).count()).toBe(4)
    await field(page, '14.1').click()
    await field(page, '14.1').fill('1.25万亩')
    expect(await line.locator('td').nth(3).textContent()).toBe('102%')
    expect(await line.locator('.light').textContent()).toContain('正常')
    await saved(page)
    expect((await rowOf(page, '14.1')).value).toBe(12500)
    await page.keyboard.press('Enter')
    expect(await active(page)).toBe('14.1 text'.replace('14.1', '15.1'))
    await page.keyboard.press('ArrowUp')
    expect(await active(page)).toBe('14.1 text')
    await page.keyboard.press('ArrowRight')
    expect(await active(page)).toBe('14.1 words')
    await page.keyboard.type('测产表已附')
    await page.keyboard.press('Shift+Tab')
    expect(await active(page)).toBe('14.1 text')
    await saved(page)
    expect((await rowOf(page, '14.1')).words).toBe('测产表已附')
    await page.keyboard.press('Control+z')
    expect(await field(page, '14.1', 'words').inputValue()).toBe('')
    await page.keyboard.press('Control+y')
    expect(await field(page, '14.1', 'words').inputValue()).toBe('测产表已附')
    await done()
  })

  it('should take a block from a spreadsheet over many cells, in one step that can be undone', async () => {
    const page = await open()
    await field(page, '15.1').click()
    const before = [await field(page, '15.1').inputValue(), await field(page, '15.2').inputValue()]
    await paste(page, '9,000\t播种完成\r\n10100\t"产量统计\n已复核"\r\n')
    expect(await field(page, '15.1').inputValue()).toBe('9,000')
    expect(await field(page, '15.2', 'words').inputValue()).toBe('产量统计\n已复核')
    expect(await page.locator('.foot .said').textContent()).toContain('已粘贴 4 格')
    await saved(page)
    expect((await rowOf(page, '15.1')).value).toBe(9000)
    await page.keyboard.press('Control+z')
    expect([await field(page, '15.1').inputValue(), await field(page, '15.2').inputValue()]).toEqual(before)
    await eventually(async () => String((await rowOf(page, '15.1')).value)).toBe(before[0])
    await done()
  })

  it('should ask in the cell for what is wrong, and for a reason where it may be right', async () => {
    const page = await open()
    await field(page, '18.1').fill('三百')
    const notes = page.locator('tr[data-subject="18.1"] + tr.notes')
    expect(await notes.textContent()).toContain('不是数字')
    expect(await page.locator('.unsavable').textContent()).toContain('1 格')
    await field(page, '18.1').fill('1')
    expect(await notes.textContent()).toContain('低于上月累计')
    expect(await page.locator('tr[data-subject="18.1"] .link').count()).toBe(0)
    for (const answer of await notes.locator('input').all()) {
      await answer.fill('上月误报，已核实')
      await answer.press('Tab')
    }
    await eventually(() => page.locator('tr[data-subject="18.1"] .link').textContent()).toBe('报送')
    await saved(page)
    expect((await rowOf(page, '18.1')).answers.map(({ check }) => check)).toContain('below-last')
    await done()
  })

  it('should show both values when two people change one cell, and keep the one that is chosen', async () => {
    const [one, two] = [await open(), await open()]
    await field(one, '14.1').fill('12600')
    await saved(one)
    await field(two, '14.1').fill('12700')
    const clash = two.locator('.clash')
    await clash.waitFor()
    expect(await clash.textContent()).toContain('已改为 12600；您填的是 12700')
    expect((await rowOf(one, '14.1')).value).toBe(12600)
    await clash.getByText('用我的').click()
    await eventually(async () => (await rowOf(one, '14.1')).value).toBe(12700)
    await field(one, '14.1').fill('12800')
    await one.locator('.clash').getByText('用对方的').click()
    await eventually(() => field(one, '14.1').inputValue()).toBe('12700')
    expect((await rowOf(one, '14.1')).value).toBe(12700)
    await done(/409/)
  })

  it('should lose nothing of what was typed while the server could not be reached, over a reload too', async () => {
    const page = await open()
    await page.route('**/api/plans/2023/reports', (route) => route.abort())
    await field(page, '15.2').fill('10234')
    await eventually(() => page.locator('.save').textContent()).toContain('未能保存')
    await page.unroute('**/api/plans/2023/reports')
    page.on('dialog', (dialog) => void dialog.accept())
    await page.reload()
    await page.waitForSelector('table.sheet')
    await eventually(() => field(page, '15.2').inputValue()).toBe('10234')
    await eventually(async () => (await rowOf(page, '15.2')).value).toBe(10234)
    await done(/ERR_FAILED/)
  })

  it('should take photos with their place, and show them on the town’s shape', async () => {
    const page = await open()
    await field(page, '14.1').click()
    await page.locator('.detail input[type=file]').setInputFiles([
      { name: '测产.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(jpegOf(IN_BAIHE)) },
      { name: '说明.exe', mimeType: 'image/jpeg', buffer: Buffer.from('MZ') },
    ])
    await eventually(() => page.locator('.detail .files li').count()).toBe(1)
    expect(await page.locator('.detail .files').textContent()).toContain('拍摄 2023-12-18 09:30 · 位置 31.24267, 121.13500')
    expect(await page.locator('.detail .problem').textContent()).toContain('不能附这种文件')
    expect(await page.locator('.detail figure circle').count()).toBe(1)
    await eventually(() => page.locator('.detail .files img').evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0)).toBe(true)
    await done(/422/)
  })

  it('should be filled in by Excel: tried first, then written', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Excel' }).click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('下载本月模板').click()])
    const book = new Excel.Workbook()
    await book.xlsx.readFile(await download.path())
    book.worksheets[0]!.eachRow((row) => {
      if (row.getCell('A').value === '15.1') row.getCell('G').value = 9100
      if (row.getCell('A').value === '17/finding') row.getCell('G').value = '也许'
    })
    const upload = async () => page.locator('dialog input[type=file]').setInputFiles({ name: '填好.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from(await book.xlsx.writeBuffer()) })
    await upload()
    const dialog = page.locator('dialog')
    await dialog.getByText('1 处错误').waitFor()
    expect(await dialog.locator('tr.error').textContent()).toMatch(/G\d+.*也许：请填“是”或“否”/)
    expect(await dialog.getByText('写入').isDisabled()).toBe(true)
    book.worksheets[0]!.eachRow((row) => {
      if (row.getCell('A').value === '17/finding') row.getCell('G').value = '是'
    })
    await upload()
    await dialog.getByText('写入 2 格').click()
    await dialog.getByText('已写入 2 格草稿').waitFor()
    await page.keyboard.press('Escape')
    await eventually(() => field(page, '15.1').inputValue()).toBe('9100')
    expect(await field(page, '17/finding').inputValue()).toBe('yes')
    await done()
  })

  it('should be handed in one by one or all that is ready, and taken back', async () => {
    const page = await open()
    await field(page, '54/submission', 'words').fill('本月报送案例一篇')
    const line = page.locator('tr[data-subject="54/submission"]')
    await line.getByText('报送', { exact: true }).last().click()
    await eventually(() => line.locator('.badge').textContent()).toBe('待审核')
    const count = async () => Number(/已报 (\d+)/.exec((await page.locator('.progress').textContent())!)![1])
    const before = await count()
    await line.getByText('撤回').click()
    await eventually(count).toBe(before - 1)
    const ready = Number(/\d+/.exec((await page.locator('.foot .primary').textContent())!)![0])
    expect(ready).toBeGreaterThan(2)
    await page.locator('.foot .primary').click()
    await eventually(count).toBe(before - 1 + ready)
    expect((await rowOf(page, '14.1')).state).toBe('submitted')
    await done()
  })

  it('should show a department the district’s own figures, and others nothing that they could change', async () => {
    const page = await open('/reports', 'dept-01')
    expect(await page.locator('h1').textContent()).toBe('填报')
    expect(await page.locator('tr[data-subject="14.2"]').count()).toBe(1)
    const auditor = await open(`/reports?town=${BAIHE}`, 'auditor')
    expect(await auditor.locator('[data-column]').count()).toBe(0)
    expect(await auditor.locator('.keys').textContent()).toContain('只读')
    await done()
  })

  it('should be approved and sent back beside its words, for what is no number too', async () => {
    const page = await open(`/reports?town=${BAIHE}`, 'dept-01')
    const line = page.locator('tr[data-subject="54/submission"]')
    await line.locator('.name').click()
    await page.getByRole('button', { name: '退回' }).click()
    await page.locator('aside textarea').fill('请写明案例名称')
    await page.locator('aside form .primary').click()
    await eventually(() => line.locator('.badge').textContent()).toBe('被退回')
    const town = await open()
    expect(await town.locator('tr[data-subject="54/submission"] + tr.notes').textContent()).toContain('请写明案例名称')
    await done()
  })

  it('should ask for what the office adds to a task’s mechanisms, with the document’s words', async () => {
    const screen = await openScreen(browser, `${serving.address}/tasks/36`, undefined, 'office')
    screens.push(screen)
    const { page } = screen
    await page.getByRole('button', { name: '调整' }).click()
    const dialog = page.locator('dialog')
    await dialog.getByLabel('按期报送').check()
    await dialog.locator('fieldset', { hasText: '按期报送' }).locator('select').selectOption('month')
    await dialog.getByLabel('依据的原文').fill('没有这样的文字')
    expect(await dialog.textContent()).toContain('清单原文里没有这些字')
    const words = (await dialog.locator('.source p').first().textContent())!.slice(0, 8)
    await dialog.getByLabel('依据的原文').fill(words)
    expect(await dialog.locator('mark.strong').textContent()).toBe(words)
    expect(await seriousFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.waitFor({ state: 'detached' })
    await eventually(() => page.locator('.mechanism').allTextContents()).toContain('按期报送')
    const town = await open()
    expect(await town.locator('tr[data-subject="36/submission"]').count()).toBe(1)
    await done()
  })

  it('should show photos on the map where they were taken, with who and when', async () => {
    const screen = await openScreen(browser, `${serving.address}/?town=${BAIHE}`, undefined, TOWN)
    screens.push(screen)
    const { page } = screen
    await page.getByRole('button', { name: '现场照片 1' }).click()
    await page.locator('.photos li button').click()
    const card = page.locator('figure.card')
    await eventually(() => card.locator('img').evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0)).toBe(true)
    expect(await card.textContent()).toMatch(/14 .*白鹤镇.*拍摄 2023-12-18 09:30.*白鹤镇填报员上传/s)
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await card.waitFor({ state: 'detached' })
    expect(new URL(page.url()).searchParams.get('photos')).toBe('yes')
    await done()
  })

  it('should have what counts corrected in the sheet, with a reason, also after the month was closed', async () => {
    const page = await open(`/reports?month=2023-11&town=${BAIHE}`)
    const dialog = page.locator('dialog')
    const correct = async (subject: string, fill: () => Promise<void>) => {
      const line = page.locator(`tr[data-subject="${subject}"]`)
      expect(await line.locator('[data-column]').count()).toBe(0)
      await line.getByText('更正…').click()
      await dialog.locator('textarea').first().waitFor()
      await fill()
      expect(await seriousFindings(page)).toEqual([])
      await dialog.locator('.primary').click()
      await dialog.waitFor({ state: 'detached' })
      await eventually(() => line.locator('.badge').textContent()).toBe('待审核')
    }
    await correct('14.1', () => dialog.locator('textarea').first().fill('测产复核'))
    await correct('17/finding', async () => {
      await dialog.locator('select').selectOption('no')
      expect(await dialog.locator('.primary').isDisabled()).toBe(true)
      await dialog.locator('textarea').first().fill('两处地笼待清理')
      await dialog.locator('textarea').last().fill('复查发现')
    })
    await eventually(() => page.locator('.foot .said').textContent()).toContain('更正已送审')
    await done()
  })

  it.each(['/reports', '/reports?lang=en'])('should give axe nothing serious to say: %s', async (path) => {
    const page = await open(path)
    await page.locator('tr[data-subject] .name').first().click()
    await page.waitForSelector('aside.detail')
    expect(await seriousFindings(page)).toEqual([])
    await done()
  })
})
