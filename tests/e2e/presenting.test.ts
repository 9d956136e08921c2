/** The map in a meeting: views that were saved, shown one after the other. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch } from './browser.ts'
import { eventually, openScreen, seriousFindings } from './screens.ts'
import { serve, type Serving } from './serve.ts'

describe('presenting', () => {
  let serving: Serving
  let browser: Browser
  beforeAll(async () => {
    ;[serving, browser] = await Promise.all([serve(), launch()])
  })
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
  })
  const views = (page: Page) => page.getByRole('dialog').getByRole('listitem')
  const town = (page: Page) => new URL(page.url()).searchParams.get('town')

  it('should save views by number, put them in order, rename them, and have one back that was deleted', async () => {
    const screen = await openScreen(browser, `${serving.address}/?month=2023-09`, { width: 1366, height: 768 }, 'leader')
    const { page } = screen
    const save = async (query: string, name: string | null) => {
      await page.goto(`${serving.address}/${query}`)
      await page.getByRole('button', { name: '视图', exact: true }).click()
      const field = page.getByLabel('把当前视图存为')
      // It comes with the list.
      await field.waitFor()
      const before = await views(page).count()
      if (name === null) await eventually(() => field.inputValue()).toBe('2023年9月')
      else await field.fill(name)
      await page.getByRole('button', { name: '保存', exact: true }).click()
      await eventually(() => views(page).count()).toBe(before + 1)
    }
    await save('?month=2023-09', null)
    await save('?month=2023-09&town=310118110', '白鹤')
    await save('?task=14&lang=zh-CN', '水稻')
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: '上移“水稻”' }).click()
    await eventually(() => views(page).nth(1).getByRole('link').textContent()).toBe('水稻')
    await page.getByRole('button', { name: '删除“2023年9月”' }).click()
    await eventually(() => views(page).count()).toBe(2)
    await page.getByRole('button', { name: '撤销' }).click()
    await eventually(() => views(page).first().getByRole('link').textContent()).toBe('2023年9月')
    await page.getByRole('button', { name: '改名“白鹤”' }).click()
    await page.getByLabel('“白鹤”的新名称').fill('白鹤镇')
    await page.getByRole('button', { name: '确定' }).click()
    await page.getByRole('link', { name: '白鹤镇', exact: true }).click()
    await eventually(() => town(page)).toBe('310118110')

    // Somebody else has views of their own.
    const other = await openScreen(browser, serving.address, undefined, 'office')
    await other.page.getByRole('button', { name: '视图', exact: true }).click()
    await other.page.getByText('还没有保存过视图').waitFor()
    for (const one of [screen, other]) {
      one.guard.check()
      expect(one.complaints).toEqual([])
      await one.page.context().close()
    }
  })

  it('should show them one after the other by keys, with nothing but the map and its reasons', async () => {
    const { page, guard, complaints } = await openScreen(browser, `${serving.address}/?month=2023-09`, { width: 1366, height: 768 }, 'planner')
    const kept = (await (await page.request.get(`${serving.address}/api/views`)).json()) as { id: number }[]
    for (const { id } of kept) await page.request.delete(`${serving.address}/api/views/${id}`)
    for (const [name, query] of [['2023年9月', 'month=2023-09'], ['水稻', 'task=14'], ['白鹤镇', 'month=2023-09&town=310118110']]) await page.request.post(`${serving.address}/api/views`, { data: { name, query } })
    await page.getByRole('button', { name: '视图', exact: true }).click()
    await eventually(() => views(page).count()).toBe(3)
    await page.getByRole('button', { name: '开始汇报' }).click()
    await page.getByRole('heading', { name: '2023年9月' }).waitFor()
    expect(await page.getByRole('navigation', { name: '主导航' }).count()).toBe(0)
    expect(await page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize))).toBeGreaterThanOrEqual(18)
    await page.getByRole('complementary', { name: '亮灯原因' }).waitFor()
    for (const [key, name] of [['ArrowRight', '水稻'], ['ArrowRight', '白鹤镇'], ['ArrowRight', '2023年9月'], ['ArrowLeft', '白鹤镇'], ['2', '水稻']] as const) {
      await page.keyboard.press(key)
      await page.getByRole('heading', { name, level: 1 }).first().waitFor()
    }
    expect(new URL(page.url()).searchParams.get('task')).toBe('14')
    // Asking on from a view leaves the row and the presentation where they are.
    await page.locator('[data-town="310118110"]').click()
    await eventually(() => town(page)).toBe('310118110')
    await page.getByText('– / 3').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: '结束' }).click()
    await page.getByRole('navigation', { name: '主导航' }).waitFor()
    expect(new URL(page.url()).searchParams.has('present')).toBe(false)
    expect(await page.evaluate(() => document.documentElement.className)).not.toContain('presenting')
    guard.check()
    expect(complaints).toEqual([])
    await page.context().close()
  })
})
