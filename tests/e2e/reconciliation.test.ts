/** A planner holds what was reported against the map, goes to the features and back, and enters a road's ranges. On the real server, in a real browser. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch } from './browser.ts'
import { eventually, openScreen, seriousFindings } from './screens.ts'
import { serve, type Serving } from './serve.ts'

const BAIHE = '310118110'
const drawn = (page: Page) => page.locator('.map[data-stage="drawn"]').waitFor({ timeout: 120_000 })

/** A PNG of one pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

describe('reported against drawn', () => {
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
  const json = async <T>(path: string) => (await (await fetch(serving.address + path)).json()) as T

  it('should lead from a difference in the table to the features on the map, and from a feature back', async () => {
    const { page, guard, complaints } = await openScreen(browser, `${serving.address}/reconciliation?month=2023-09`, undefined, 'planner')
    await page.locator('tr[data-measure="18.1"]').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    const cell = page.locator(`tr[data-measure="18.1"] [data-town="${BAIHE}"]`)
    expect(await cell.locator('.aside').last().textContent()).toMatch(/^白鹤镇、上报 [\d,.]+ 亩，图上 2,15\d(\.\d+)? 亩/)
    await cell.focus()
    await page.keyboard.press('Enter')
    const panel = page.locator('.detail')
    await eventually(() => panel.locator('h1').textContent()).toBe('种植业绿色生产基地建设')
    await eventually(() => new URL(page.url()).searchParams.get('measure')).toBe('18.1')
    await panel.getByRole('link', { name: /在地图上看/ }).click()
    await drawn(page)
    const at = () => new URL(page.url()).searchParams
    expect([at().get('list'), at().get('where'), at().get('counts')]).toEqual(['farmland', 'kind:green-crops', BAIHE])
    const { numberMatched } = await json<{ numberMatched: number }>(`/api/layers/farmland/features?counts=${BAIHE}&filter=kind:green-crops&limit=1`)
    await eventually(() => page.locator('.list').getByRole('status').textContent()).toBe(`${numberMatched} 个`)
    const banner = page.getByRole('region', { name: '账图核对' })
    await eventually(() => banner.textContent()).toMatch(/18\.1 · 白鹤 · 2023年9月.*图上/)
    await page.locator('.list li button').first().click()
    const card = page.getByRole('complementary', { name: '要素卡片' })
    await card.getByRole('link', { name: '账图核对' }).click()
    await eventually(() => panel.locator('h1').textContent()).toBe('种植业绿色生产基地建设')
    expect(at().get('town')).toBe(BAIHE)
    guard.check()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('should take ranges as they are written, tell their union, and draw what is done', async () => {
    const { features } = await json<{ features: { id: number; properties: { name: string } }[] }>(`/api/layers/roads/features?town=${BAIHE}&filter=works:upgrade&limit=1`)
    const road = features[0]!
    const { page, guard, complaints } = await openScreen(browser, `${serving.address}/planning?layers=roads,bridges&feature=roads/${road.id}`, undefined, 'planner')
    await drawn(page)
    const card = page.getByRole('complementary', { name: '要素卡片' })
    await eventually(() => card.locator('.strip svg').count()).toBe(1)
    await eventually(() => page.locator('.marks').textContent()).toContain('K0+000')
    await card.getByRole('button', { name: '编辑' }).click()
    const board = page.getByRole('complementary', { name: '绘图' })
    await board.locator('[data-stage="ready"]').waitFor()
    const done = board.locator('.ranges').nth(1)
    const enter = async (text: string) => {
      await done.getByRole('textbox').fill(text)
      await done.getByRole('textbox').press('Tab')
    }
    await enter('K0+000–K0+350, 300-500, K1+200–K9+000')
    await eventually(() => done.textContent()).toMatch(/超出路段终点 K1\+30\d/)
    await enter('K0+000–K0+350, 300-500')
    await eventually(() => done.locator('[data-union]').textContent()).toMatch(/合计 500 米.*重叠 50 米只计一次/)
    await board.getByRole('button', { name: /保存/ }).click()
    await eventually(() => card.locator('[data-done]').textContent()).toContain('已完成 500 米 / 计划 1,302 米')
    expect(await card.textContent()).toContain('K0+000–K0+350、K0+300–K0+500 (500 米)')
    // A range more by two clicks, where two of the marks stand on the line.
    const map = page.locator('.map')
    const marks = async () => {
      const found = await page.locator('.marks li').evaluateAll((items) => items.map((item) => ({ words: item.textContent!, x: parseFloat((item as HTMLElement).style.left), y: parseFloat((item as HTMLElement).style.top) })))
      return found.map(({ words, ...at }) => ({ ...at, metres: Number(/^K(\d+)\+(\d{3})$/.exec(words)!.slice(1).join('')) }))
    }
    await card.getByRole('button', { name: '编辑' }).click()
    await board.locator('[data-stage="ready"]').waitFor()
    await eventually(async () => (await marks()).filter(({ metres }) => metres > 500).length).toBeGreaterThan(1)
    const [near, far] = (await marks()).filter(({ metres }) => metres > 500) as [{ x: number; y: number; metres: number }, { x: number; y: number; metres: number }]
    await done.getByRole('button', { name: '在图上点两处添加' }).click()
    await done.getByText('请在路段上点起点').waitFor()
    await map.click({ position: { x: near.x, y: near.y } })
    await done.getByText(/起点 K\d\+\d+，请再点终点/).waitFor()
    await map.click({ position: { x: far.x, y: far.y } })
    const union = async () => Number(/合计 ([\d,]+) 米/.exec((await done.locator('[data-union]').textContent()) ?? '')?.[1]?.replaceAll(',', '') ?? NaN)
    await eventually(async () => Math.abs((await union()) - 500 - (far.metres - near.metres))).toBeLessThan(30)
    await board.getByRole('button', { name: /保存/ }).click()
    await eventually(() => card.locator('[data-done]').textContent()).not.toContain('已完成 500 米')
    // A photo at a chainage stands on the strip and on the map.
    await card.getByLabel('桩号').fill('K0+200')
    await card.getByLabel('拍摄日期').fill('2023-06-01')
    await card.getByLabel('说明').fill('路面已铺')
    await card.getByLabel('添加照片').setInputFiles({ name: '路面.png', mimeType: 'image/png', buffer: Buffer.from(PIXEL, 'base64') })
    await card.locator('.photos li').waitFor()
    await eventually(() => page.locator('.map button.pin').count()).toBe(1)
    expect(await page.locator('.map button.pin').getAttribute('aria-label')).toBe('K0+200 照片 2023-06-01 路面已铺')
    await eventually(() => card.locator('.photos img').evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(1)
    // The bridges' lights stand in the legend, and lead to the list of those that are due.
    await page.getByRole('button', { name: /列出应检查的/ }).click()
    await eventually(() => page.locator('[data-due] li').count()).toBeGreaterThan(0)
    expect(await page.locator('[data-due]').textContent()).toMatch(/应于\d{4}年\d+月\d+日前检查，已过期 \d+ 天/)
    expect(await seriousFindings(page)).toEqual([])
    guard.check()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('should put a difference behind a light’s reason once the office wants it', async () => {
    const { page, guard, complaints } = await openScreen(browser, `${serving.address}/admin/rules?tab=reconciliation`, undefined, 'office')
    await page.getByLabel('允差（占上报值的 %）').fill('0.1')
    await page.getByLabel('在亮灯原因后注明账图不符').check()
    await page.getByLabel('调整原因').fill('图层已补齐')
    await page.getByRole('button', { name: '保存新版本' }).click()
    await page.locator('ol li', { hasText: '图层已补齐' }).waitFor()
    await page.goto(`${serving.address}/tasks/18?month=2023-09&town=${BAIHE}`)
    await eventually(() => page.locator('.measure').first().textContent()).toMatch(/账图不符（.+）：上报 [\d,.]+ 亩，图上/)
    guard.check()
    expect(complaints).toEqual([])
    await page.context().close()
  })
})
