import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Task } from '../../geo/plan/plan.ts'
import { launch } from './browser.ts'
import { eventually, openScreen, seriousFindings, type Screen } from './screens.ts'
import { serve, type Serving } from './serve.ts'

const DOCUMENT = fileURLToPath(new URL('../../seeds/task-lists/2023-310118.txt', import.meta.url))

describe('the import of a list', () => {
  let serving: Serving
  let browser: Browser
  /** The address of the draft that the first test makes. */
  let draft = ''
  beforeAll(async () => {
    ;[serving, browser] = await Promise.all([serve(), launch()])
  })
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
  })
  const open = (path: string) => openScreen(browser, serving.address + path, undefined, 'office')
  /** Ends a visit: nothing left the machine, and nothing went wrong but what was meant to. */
  const end = async ({ page, guard, complaints }: Screen, ...expected: (string | RegExp)[]) => {
    guard.check()
    const odd = complaints.filter((line) => !expected.some((known) => line.match(known)))
    expect(odd).toEqual([])
    await page.context().close()
  }
  const upload = async (page: Page, file: string | { name: string; mimeType: string; buffer: Buffer }) => {
    await page.waitForSelector('.drop')
    await page.setInputFiles('input[type=file]', file)
  }
  const quota = (page: Page, measure: string, town: string) =>
    page.locator(`[data-target="m${measure}-q-${town}"].quota`)
  const correct = async (page: Page, measure: string, town: string, value: string, reason: string) => {
    await quota(page, measure, town).locator('.number .value').click()
    await page.keyboard.type(value)
    await page.keyboard.press('Tab')
    await page.keyboard.type(reason)
    await page.keyboard.press('Enter')
  }
  const saved = (page: Page) => page.locator('.save.saved', { hasText: '已保存' }).waitFor()

  it('should say what is wrong with a file that cannot be read, and what to do', async () => {
    const screen = await open('/admin/lists')
    const alert = screen.page.getByRole('alert')
    await upload(screen.page, {
      name: '清单.docx',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from('no Word file at all'.repeat(40)),
    })
    await alert.waitFor()
    expect(await alert.textContent()).toMatch(/清单\.docx.*(损坏|格式|表格)/)
    await upload(screen.page, { name: '说明.txt', mimeType: 'text/plain', buffer: Buffer.from('这里没有表格。') })
    await eventually(() => alert.textContent()).toContain('说明.txt')
    expect(await alert.textContent()).toMatch(/表/)
    expect(new URL(screen.page.url()).pathname).toBe('/admin/lists')
    await end(screen, '422')
  })

  it('should show the real document beside its structure, its numbers linked both ways', async () => {
    const screen = await open('/admin/lists')
    const { page } = screen
    await upload(page, DOCUMENT)
    await page.waitForURL(/\/admin\/lists\/\d+/)
    draft = new URL(page.url()).pathname
    await page.waitForSelector('.structure article.task')
    expect(await page.locator('.structure article.task').count()).toBe(56)

    const number = page.locator('.source a.mark-quota', { hasText: '26200' })
    await number.click()
    const place = quota(page, '14.1', '金泽镇')
    await eventually(() => place.evaluate((element) => element.classList.contains('linked'))).toBe(true)
    await eventually(() =>
      place.evaluate((element) => {
        const { top, bottom } = element.getBoundingClientRect()
        return top > 0 && bottom < innerHeight
      }),
    ).toBe(true)

    // The other way by keyboard: from a quota F6 goes to its number in the document, and back.
    await quota(page, '14.1', '白鹤镇').locator('.number .value').focus()
    await page.keyboard.press('F6')
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim())
    expect(['白鹤镇', '12300']).toContain(await focused())
    await page.keyboard.press('F6')
    expect(await page.evaluate(() => document.activeElement?.closest('.quota')?.textContent)).toContain('白鹤镇')
    expect(await seriousFindings(page)).toEqual([])
    await end(screen)
  })

  it('should keep corrections with what was read and why, over a reload, with undo', async () => {
    const screen = await open(draft)
    const { page } = screen
    await page.waitForSelector('.structure article.task')
    const blocking = () => page.locator('#why-not').textContent()
    const before = await blocking()
    await correct(page, '14.1', '赵巷镇', '4，950', '与来文部门核实')
    await saved(page)
    // The towns no longer add up to the total: that is a new doubt.
    expect(await blocking()).not.toBe(before)
    expect(await page.locator('.problems').textContent()).toContain('125000')

    await page.reload()
    await page.waitForSelector('.structure article.task')
    expect(await quota(page, '14.1', '赵巷镇').textContent()).toContain('4,950')
    await page.getByRole('tab', { name: /更正记录/ }).click()
    expect(await page.locator('#pane-corrections tbody tr').textContent()).toMatch(
      /任务 14.*赵巷镇.*3950.*4950.*与来文部门核实/s,
    )
    await page.getByRole('tab', { name: /^核对/ }).click()

    await correct(page, '1.1', '重固镇', '5', '')
    await page.getByRole('button', { name: /撤销/ }).first().click()
    await eventually(() => quota(page, '1.1', '重固镇').textContent()).toMatch(/^重固镇\s*1/)
    await page.getByRole('button', { name: /重做/ }).click()
    await eventually(() => quota(page, '1.1', '重固镇').textContent()).toMatch(/^重固镇\s*5/)
    await page.getByRole('button', { name: /撤销/ }).first().click()
    await saved(page)
    await end(screen)
  })

  it('should refuse a correction that makes no sense, in words', async () => {
    const screen = await open(draft)
    const { page } = screen
    await page.waitForSelector('.structure article.task')
    await quota(page, '14.1', '徐泾镇').locator('.number .value').click()
    await page.keyboard.type('很多')
    await page.keyboard.press('Enter')
    expect(await page.locator('.editor [role=alert]').textContent()).toContain('数字')
    await page.keyboard.press('Escape')
    expect(await quota(page, '14.1', '徐泾镇').textContent()).toContain('850')
    await end(screen)
  })

  it('should let two people at once keep what both did', async () => {
    const [one, two] = await Promise.all([open(draft), open(draft)])
    await Promise.all([
      one.page.waitForSelector('.structure article.task'),
      two.page.waitForSelector('.structure article.task'),
    ])
    await correct(one.page, '1.1', '练塘镇', '2', '甲')
    await saved(one.page)
    await correct(two.page, '12.1', '练塘镇', '3', '乙')
    const dialog = two.page.getByRole('dialog')
    await dialog.waitFor()
    expect(await dialog.textContent()).toContain('有人同时修改')
    await dialog.getByRole('button', { name: /合并/ }).click()
    await saved(two.page)
    expect(await quota(two.page, '1.1', '练塘镇').textContent()).toMatch(/^练塘镇\s*2/)
    expect(await quota(two.page, '12.1', '练塘镇').textContent()).toMatch(/^练塘镇\s*3/)
    // Put back, so that the list can be stored as it is.
    for (const measure of ['1.1', '12.1'])
      await quota(two.page, measure, '练塘镇').getByRole('button', { name: /撤回/ }).click()
    await eventually(() => two.page.locator('.tabs').textContent()).toMatch(/更正记录\s*1/)
    await saved(two.page)
    await end(one)
    await end(two, '409')
  })

  it('should store the list once every doubt is settled, and show what it changes before', async () => {
    const screen = await open(draft)
    const { page } = screen
    await page.waitForSelector('.structure article.task')
    const store = page.getByRole('button', { name: '入库' })
    expect(await store.isDisabled()).toBe(true)
    await page.getByRole('tab', { name: /变化/ }).click()
    expect(await page.locator('#pane-changes tbody').allTextContents()).toEqual([
      expect.stringMatching(/稳定粮食生产.*赵巷镇.*3,950.*4,950/s),
    ])
    await page.getByRole('tab', { name: /^核对/ }).click()

    // Kind by kind, then those that stand alone.
    const doubts = page.locator('.problems .severity:is(.warning, .error)')
    for (let left = await doubts.count(); left > 0; left = await doubts.count()) {
      const group = page.locator('.problems .group').first()
      const all = group.locator('> .all')
      await ((await all.count()) > 0 ? all : group.getByRole('button', { name: '照原文确认' }).first()).click()
      await eventually(() => doubts.count()).toBeLessThan(left)
    }
    await eventually(() => store.isEnabled()).toBe(true)
    await store.click()
    await page.getByRole('link', { name: '到地图上看' }).waitFor()
    expect(await page.locator('.quota .remove').count()).toBe(0)
    const tasks = (await (await fetch(`${serving.address}/api/plans/2023/tasks`)).json()) as Task[]
    const grain = tasks.find(({ no }) => no === 14)!.measures[0]!
    expect(grain.quotas.find(({ town }) => town === '310118105')?.target).toBe(4950)
    expect(tasks).toHaveLength(56)
    await end(screen)
  })

  it('should read a table that was pasted, merged cells and all', async () => {
    const screen = await open('/admin/lists')
    const { page } = screen
    await page.waitForSelector('.drop')
    const rows = (await readFile(DOCUMENT, 'utf8'))
      .split('\n')
      .filter((line) => line.split('\t').length === 8)
      .slice(0, 4)
    const cells = rows.map((row) => row.split('\t'))
    // As a browser copies it: the category's cell spans the three rows below the head.
    const html = `<table>${cells.map((row, r) => `<tr>${row.map((cell, c) => (c === 0 && r > 1 ? '' : `<td${c === 0 && r === 1 ? ' rowspan="3"' : ''}>${cell}</td>`)).join('')}</tr>`).join('')}</table>`
    await page.evaluate((html) => {
      const data = new DataTransfer()
      data.setData('text/html', html)
      data.setData('text/plain', 'table')
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
    }, html)
    await page.waitForURL(/\/admin\/lists\/\d+/)
    await page.waitForSelector('.structure article.task')
    expect(await page.locator('.structure article.task').count()).toBe(3)
    expect(await page.locator('.structure h3').count()).toBe(1)
    await page.getByRole('button', { name: '放弃' }).click()
    await page.locator('.sure').getByRole('button', { name: '放弃' }).click()
    await page.locator('.state.discarded').waitFor()
    await end(screen)
  })
})
