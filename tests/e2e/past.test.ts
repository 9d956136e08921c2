/** One looks back: a past day on the planning map, two days under one divider, the months played. On the real server, in a real browser. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch } from './browser.ts'
import { eventually, openScreen, seriousFindings } from './screens.ts'
import { serve, type Serving } from './serve.ts'

const BAIHE = '310118110'
const GONE = '演示零售网点（白鹤，已撤销）'

describe('the past', () => {
  let serving: Serving
  let browser: Browser
  beforeAll(async () => {
    serving = await serve()
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
  })
  const open = (path: string, account?: string) => openScreen(browser, serving.address + path, undefined, account)
  const drawn = (page: Page) => page.locator('[data-stage="drawn"]').first().waitFor({ timeout: 120_000 })
  const asked = (page: Page, name: string) => new URL(page.url()).searchParams.get(name)

  it('should show on a past day what is gone since, let nothing be changed there, and come back', async () => {
    const { page, guard, complaints } = await open(`/planning?layers=sites&list=sites&town=${BAIHE}`, 'planner')
    await drawn(page)
    const tiles: string[] = []
    page.on('response', (answer) => answer.url().includes('/api/tiles/sites/') && tiles.push(answer.url()))
    const found = page.getByRole('status').last()
    await page.getByRole('searchbox', { name: '名称或标识' }).fill('已撤销')
    await eventually(() => found.textContent()).toBe('0 个')
    // To the end of July by the keyboard: from now back over August.
    await page.getByRole('slider', { name: '时间' }).focus()
    for (let month = 12; month >= 7; month--) {
      await page.keyboard.press('ArrowLeft')
      await eventually(() => asked(page, 'at')?.slice(5, 7)).toBe(String(month).padStart(2, '0'))
    }
    await eventually(() => page.locator('.past').textContent()).toContain('正在看 2023年7月31日 的情形')
    await eventually(() => found.textContent()).toBe('1 个')
    await eventually(() => tiles.some((url) => url.includes('at=2023-07-31'))).toBe(true)
    await page.getByRole('button', { name: GONE }).click()
    const card = page.getByRole('complementary', { name: '要素卡片' })
    await eventually(() => card.locator('h1').textContent()).toBe(GONE)
    const edit = card.getByRole('button', { name: '编辑' })
    expect(await edit.isDisabled()).toBe(true)
    expect(await edit.getAttribute('title')).toContain('往日不能改')
    expect(await page.getByRole('button', { name: '导出', exact: true }).isDisabled()).toBe(true)
    expect(await seriousFindings(page)).toEqual([])
    expect(complaints).toEqual([])
    await card.getByRole('button', { name: '关闭' }).click()
    await page.getByRole('button', { name: '回到现在' }).click()
    await eventually(() => asked(page, 'at')).toBe(null)
    await eventually(() => page.locator('.past').count()).toBe(0)
    await eventually(() => found.textContent()).toBe('0 个')
    expect(await page.getByRole('button', { name: '导出', exact: true }).isDisabled()).toBe(false)
    guard.check()
    await page.context().close()
  })

  it('should judge bridges by a past day, and draw of roads what was on record as done by then', async () => {
    const { page, guard, complaints } = await open(`/planning?layers=roads,bridges&town=${BAIHE}&at=2023-07-31`)
    const works: string[] = []
    page.on('response', (answer) => answer.url().includes('/api/layers/roads/features') && works.push(answer.url()))
    await drawn(page)
    const bridges = page.locator('[data-layer="bridges"]')
    await eventually(() => bridges.textContent()).toContain('结构检查（2023年7月31日）')
    await eventually(() => works.some((url) => url.includes('at=2023-07-31') && url.includes('bbox='))).toBe(true)
    const red = (query: string) => page.request.get(`${serving.address}/api/bridges/inspections?${query}`).then((answer) => answer.json() as Promise<{ bridges: { light: string; town: string }[] }>).then((all) => all.bridges.filter(({ light, town }) => light === 'red' && town === BAIHE).length)
    const [then, before] = [await red('at=2023-07-31'), await red('at=2023-01-31')]
    await eventually(() => bridges.textContent()).toMatch(new RegExp(`已过期\\s*${then}`))
    // The same road on two days: what was done came month by month.
    await page.getByRole('slider', { name: '时间' }).focus()
    await page.keyboard.press('Home')
    await eventually(() => bridges.textContent()).toContain('结构检查（2023年1月31日）')
    await eventually(() => bridges.textContent()).toMatch(new RegExp(`已过期\\s*${before}`))
    await eventually(() => works.some((url) => url.includes('at=2023-01-31') && url.includes('bbox='))).toBe(true)
    const done = async (day: string) => {
      const { features } = (await (await page.request.get(`${serving.address}/api/layers/roads/features?limit=1000&town=${BAIHE}&at=${day}`)).json()) as { features: { properties: { done?: [number, number][] } }[] }
      return features.reduce((sum, { properties }) => sum + (properties.done ?? []).reduce((metres, [from, to]) => metres + to - from, 0), 0)
    }
    expect(await done('2023-01-31')).toBeLessThan(await done('2023-07-31'))
    expect(await seriousFindings(page)).toEqual([])
    expect(complaints).toEqual([])
    guard.check()
    await page.context().close()
  })

  it('should lay two days under one divider that the keyboard moves within the frame, with the difference in each town', async () => {
    const { page, guard, complaints } = await open('/planning?layers=sites&at=2023-07-31')
    await drawn(page)
    await page.locator('summary[aria-label="回看、对比与播放速度"]').click()
    await page.getByRole('button', { name: '对比两个时间' }).click()
    await eventually(() => [asked(page, 'left'), asked(page, 'right')]).toEqual(['2023-07-31', 'now'])
    await page.locator('.compare[data-stage="drawn"]').waitFor({ timeout: 120_000 })
    const row = (town: string) => page.locator(`.compare [data-town="${town}"] td`).allTextContents()
    await eventually(() => row('total')).toEqual(['241', '230', '−11'])
    expect((await row(BAIHE))[2]).toBe('−1')
    const divider = page.getByRole('separator', { name: '对比分隔线' })
    await divider.focus()
    const within = await page.evaluate(() => {
      const [divider, stage] = [document.activeElement!, document.querySelector<HTMLElement>('.stage')!]
      divider.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }))
      return stage.style.getPropertyValue('--share')
    })
    expect(within).toBe('52%')
    await eventually(() => divider.getAttribute('aria-valuenow')).toBe('52')
    await page.keyboard.press('PageUp')
    await eventually(() => asked(page, 'swipe')).toBe('62')
    const box = (await page.locator('.stage').boundingBox())!
    const handle = (await divider.boundingBox())!
    await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2, { steps: 4 })
    await page.mouse.up()
    await eventually(() => divider.getAttribute('aria-valuenow')).toBe('30')
    await eventually(() => asked(page, 'swipe')).toBe('30')
    // A finger moves it too.
    const finger = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', share: number) =>
      finger.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x: box.x + box.width * share, y: box.y + box.height / 2 }] })
    await touch('touchStart', 0.3)
    for (const share of [0.4, 0.5, 0.6, 0.7]) await touch('touchMove', share)
    await touch('touchEnd', 0.7)
    await eventually(() => divider.getAttribute('aria-valuenow')).toBe('70')
    await eventually(() => asked(page, 'swipe')).toBe('70')
    // Another layer on the right.
    await page.getByRole('combobox', { name: '右侧、图层' }).selectOption('roads')
    await eventually(() => asked(page, 'right')).toBe('now.roads')
    await eventually(() => page.locator('.side.right .label').textContent()).toBe('现在 · 路段')
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: '结束对比' }).click()
    await eventually(() => asked(page, 'left')).toBe(null)
    guard.check()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('should play the months, tell a past day’s figures, and compare two months', async () => {
    const { page, guard, complaints } = await open('/?month=2023-10')
    await drawn(page)
    const month = () => page.locator('[data-month].chosen').getAttribute('data-month')
    await page.getByRole('button', { name: '按月播放' }).click()
    await eventually(() => page.locator('[aria-live="polite"]').allTextContents().then((all) => all.join())).toContain('2023年11月')
    await eventually(month).toBe('2023-12')
    // It stops at the end.
    await eventually(() => page.getByRole('button', { name: '按月播放' }).count()).toBe(1)
    await page.locator('summary[aria-label="回看、对比与播放速度"]').click()
    await page.getByRole('button', { name: '对比两个月份' }).click()
    await eventually(() => asked(page, 'left')).toBe('2023-11')
    await eventually(() => page.locator('.compare [data-town="310118"] td').count()).toBe(3)
    const divider = page.getByRole('separator', { name: '对比分隔线' })
    await divider.focus()
    await page.keyboard.press('Home')
    await eventually(() => divider.getAttribute('aria-valuenow')).toBe('0')
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: '结束对比' }).click()
    await page.locator('summary[aria-label="回看、对比与播放速度"]').click()
    await page.getByLabel('回看日期').fill('2023-06-15')
    await eventually(() => page.locator('.past').textContent()).toContain('正在看 2023年6月15日 的情形')
    await eventually(month).toBe('2023-06')
    await eventually(() => page.locator('.date').textContent()).toContain('2023年6月15日')
    expect(await page.locator('[data-month]').count()).toBe(6)
    // The matrix tells of the same day.
    await page.getByRole('link', { name: '亮灯矩阵' }).click()
    await eventually(() => page.locator('.past').textContent()).toContain('2023年6月15日')
    await page.getByRole('button', { name: '回到现在' }).click()
    await eventually(() => page.locator('.past').count()).toBe(0)
    guard.check()
    expect(complaints).toEqual([])
    await page.context().close()
  })
})
