import { readFile } from 'node:fs/promises'
import { read, utils } from '@e965/xlsx'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Light } from '../../geo/light/light.ts'
import { launch } from './browser.ts'
import { eventually, openScreen, seriousFindings, type Screen } from './screens.ts'
import { serve, type Serving } from './serve.ts'

describe('the matrix, a task and a town', () => {
  let serving: Serving
  let browser: Browser
  let screen: Screen
  beforeAll(async () => {
    ;[serving, browser] = await Promise.all([serve(), launch()])
  })
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
  })
  const open = async (path: string, size?: { width: number; height: number }) => {
    screen = await openScreen(browser, serving.address + path, size)
    return screen.page
  }
  const done = async () => {
    screen.guard.check()
    expect(screen.complaints).toEqual([])
    await screen.page.context().close()
  }
  const lightsOf = async (asOf: string) =>
    (await (await fetch(`${serving.address}/api/plans/2023/lights?asOf=${asOf}`)).json()) as Light[]

  it('should show every task against every unit, with the server’s own lights', async () => {
    const page = await open('/lights?month=2023-09')
    await page.waitForSelector('table.matrix')
    expect(await page.locator('tbody tr[data-task]').count()).toBe(56)
    expect(await page.locator('thead th.unit').count()).toBe(13)
    const shown = await page.locator('td.cell:not(.none)').evaluateAll((cells) =>
      cells.map((cell) => {
        const { town } = (cell as HTMLElement).dataset
        return `${cell.parentElement!.dataset.task} ${town} ${['red', 'yellow', 'green', 'grey'].find((colour) => cell.classList.contains(colour))}`
      }),
    )
    const order = ['grey', 'green', 'yellow', 'red']
    const worst = new Map<string, string>()
    for (const { task, town, light } of await lightsOf('2023-09-30')) {
      const key = `${task} ${town}`
      if (order.indexOf(light) > order.indexOf(worst.get(key) ?? '')) worst.set(key, light)
    }
    expect(shown.sort()).toEqual([...worst].map(([key, light]) => `${key} ${light}`).sort())
    await done()
  })

  it('should export what stands on the screen: the matrix with its filters, and any table as it is', async () => {
    const rowsOf = async (press: () => Promise<void>) => {
      const [download] = await Promise.all([screen.page.waitForEvent('download'), press()])
      const book = read(await readFile(await download.path()))
      return { name: download.suggestedFilename(), sheets: book.SheetNames.map((name) => utils.sheet_to_json<(string | number | null)[]>(book.Sheets[name]!, { header: 1, defval: null })) }
    }
    let page = await open('/lights?month=2023-09&light=red')
    await page.waitForSelector('table.matrix')
    const shown = await page.locator('tbody tr[data-task]').evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset.task)))
    const matrix = await rowsOf(() => page.getByRole('link', { name: '导出表格' }).click())
    expect(matrix.sheets[0]!.filter(([no, name]) => typeof no === 'number' && name !== null).map(([no]) => no)).toEqual(shown)
    await done()

    page = await open('/tasks?month=2023-09')
    const { name, sheets } = await rowsOf(() => page.getByRole('button', { name: '导出表格' }).click())
    expect(name).toBe('任务 2023-09-30.xlsx')
    const [rows] = sheets
    expect(rows![0]![0]).toBe('任务（含演示数据）')
    expect(rows![1]![0]).toBe('数据截至 2023年9月30日 · 演示数据')
    expect(rows!.find(([no]) => no === 14)!.slice(0, 3)).toEqual([14, '稳定粮食生产', '区农业农村委'])
    await done()

    // Pressing it moves nothing, also where what has the focus scrolls its other side into view.
    page = await open('/tasks/14?month=2023-09')
    const measure = page.locator('section.measure', { hasText: '粮食生产任务' })
    const task = await rowsOf(() => measure.getByRole('button', { name: '导出表格' }).first().click())
    const light = (await lightsOf('2023-09-30')).find((one) => one.measure === '14.1' && one.town === '310118110')!
    const baihe = task.sheets[0]!.find(([unit]) => unit === '白鹤镇')!
    expect(baihe.slice(1, 3)).toEqual([light.target, light.value])
    expect(baihe[3]).toBeCloseTo(light.done!, 2)
    expect(baihe[5]).toBe('● 正常 曾亮红灯')
    await done()
  })

  it('should be walked by keyboard, and say why on Enter', async () => {
    const page = await open('/lights?month=2023-09')
    await page.focus('[data-at="1 1"]')
    const at = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.at)
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key)
    expect(await at()).toBe('3 3')
    await page.keyboard.press('Control+End')
    expect(await at()).toBe('56 13')
    await page.keyboard.press('Home')
    expect(await at()).toBe('56 0')
    await page.keyboard.press('Control+Home')
    expect(await at()).toBe('0 0')
    expect(await page.locator('table.matrix [data-at][tabindex="0"]').count()).toBe(1)

    await page.focus('tr[data-task="14"] td[data-town="310118105"]')
    await page.keyboard.press('Enter')
    const why = page.locator('.why')
    await why.waitFor()
    expect(new URL(page.url()).searchParams.get('town')).toBe('310118105')
    const light = (await lightsOf('2023-09-30')).find(
      ({ measure, town }) => measure === '14.1' && town === '310118105',
    )!
    expect(await why.textContent()).toContain(light.reason)
    expect(await why.locator('mark.strong').first().textContent()).toBe('3950')
    await page.keyboard.press('Escape')
    await why.waitFor({ state: 'detached' })
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.town)).toBe('310118105')
    await done()
  })

  it('should bring the tasks most behind up, filter them, and keep all of it in the address', async () => {
    const page = await open('/lights?month=2023-06')
    const reds = () =>
      page
        .locator('tbody tr[data-task]')
        .evaluateAll((rows) => rows.map((row) => row.querySelectorAll('td.red').length))
    // The radio itself is out of sight; a person clicks its words.
    await page.locator('label', { hasText: '按滞后' }).first().click()
    await page.waitForURL(/rows=trouble/)
    const sorted = await reds()
    expect(sorted.length).toBe(56)
    expect(sorted).toEqual(sorted.toSorted((a, b) => b - a))
    expect(sorted[0]).toBeGreaterThan(0)
    await page.getByLabel('亮灯', { exact: true }).selectOption('red')
    await eventually(async () => (await reds()).every((n) => n > 0)).toBe(true)
    const address = page.url()
    const again = await page.context().newPage()
    await again.goto(address)
    await again.waitForSelector('table.matrix')
    expect(await again.locator('tbody tr[data-task]').count()).toBe((await reds()).length)
    await done()
  })

  it('should fit one A3 sheet on paper', async () => {
    const page = await open('/lights?month=2023-09')
    await page.waitForSelector('table.matrix')
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    const boxes = [...pdf.matchAll(/\/MediaBox ?\[([^\]]*)\]/g)].map(([, box]) => box!.trim().split(/\s+/).map(Number))
    // A3 across, in points.
    for (const [, , width, height] of boxes)
      expect([Math.round(width! / 10), Math.round(height! / 10)]).toEqual([119, 84])
    expect([...pdf.matchAll(/\/Type ?\/Page\b(?!s)/g)]).toHaveLength(1)
    await done()
  })

  it('should link each number of a task’s sentence with its quota, both ways', async () => {
    const page = await open('/tasks/14?month=2023-09', { width: 1920, height: 1080 })
    const number = page.locator('aside a.mark-quota', { hasText: '26200' })
    await number.hover()
    const row = page.locator('tr.linked')
    await eventually(() => row.count()).toBe(1)
    expect(await row.textContent()).toContain('金泽镇')
    await page.locator('tr', { hasText: '白鹤镇' }).first().hover()
    await eventually(() => page.locator('aside a.mark-quota.linked').allTextContents()).toEqual(['12300'])
    expect(await page.locator('section.measure').first().locator('.body > table tbody tr').count()).toBe(12)
    await done()
  })

  it('should show a town with its reasons, and the units that have no boundary too', async () => {
    const page = await open('/towns/310118104?month=2023-09')
    await page.waitForSelector('h1')
    expect(await page.locator('.locator path.chosen').count()).toBe(1)
    const reason = (await lightsOf('2023-09-30')).find(
      ({ measure, town }) => measure === '14.1' && town === '310118104',
    )!.reason
    expect(await page.locator('td.reason').allTextContents()).toContain(reason)
    for (const [code, name] of [
      ['310118P01', '现代农业园区'],
      ['310118', '青浦区'],
    ]) {
      await page.goto(`${serving.address}/towns/${code}`)
      await page.waitForSelector('h1')
      expect(await page.locator('h1').textContent()).toContain(name)
    }
    await done()
  })

  it.each([
    '/lights?month=2023-09&task=14&town=310118105',
    '/lights?lang=en',
    '/tasks',
    '/tasks/15',
    '/towns',
    '/towns/310118104',
  ])('should give axe nothing serious to say: %s', async (path) => {
    const page = await open(path)
    await page.waitForSelector('main h1')
    expect(await seriousFindings(page)).toEqual([])
    await done()
  })
})
