/** A planner draws a parcel, reads its 亩, splits it and takes the split back, saves, meets somebody else's change, deletes and brings back. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_PASSWORD } from '../../server/account/first.ts'
import { polygonArea } from '../../geo/town/area.ts'
import { launch } from './browser.ts'
import { openScreen, seriousFindings } from './screens.ts'
import { serve, type Serving } from './serve.ts'

const BAIHE = '310118110'
/** A map beside other work takes its time. */
const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 90_000 })

interface Feature {
  id: number
  geometry: { type: 'Polygon'; coordinates: [number, number][][] }
  properties: Record<string, unknown>
  about: { version: number; areaM2: number; town: string }
}

describe('drawing on the planning map', () => {
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
  const drawnMap = async (path: string, account: string) => {
    const screen = await openScreen(browser, serving.address + path, undefined, account)
    await screen.page.locator('.map[data-stage="drawn"]').waitFor({ timeout: 120_000 })
    return screen
  }
  /** Somebody else, without a browser. */
  const planner = async (method: string, path: string, body?: object) => {
    const session = await fetch(`${serving.address}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account: 'office', password: DEMO_PASSWORD }) })
    const cookie = session.headers.get('set-cookie')!.split(';')[0]!
    return fetch(serving.address + path, { method, headers: { cookie, 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) })
  }
  const panel = (page: Page) => page.getByRole('complementary', { name: '绘图' })
  const tool = (page: Page, name: string) => page.locator(`[data-tool="${name}"]`)
  const field = (page: Page, name: string) => panel(page).getByLabel(name)

  it('should draw a parcel, tell its 亩 while it is drawn, split and undo, and store what was told', async () => {
    const { page, guard, complaints } = await drawnMap(`/planning?layers=farmland&town=${BAIHE}`, 'planner')
    await page.getByRole('button', { name: '新增农田地块' }).click()
    await page.locator('[role="toolbar"][data-stage="ready"]').waitFor({ timeout: 90_000 })
    const box = (await page.locator('.map').boundingBox())!
    const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const
    const click = async (x: number, y: number) => {
      const [px, py] = at(x, y)
      await page.mouse.move(px - 3, py - 3)
      await page.mouse.move(px, py)
      await page.mouse.click(px, py)
    }
    for (const [x, y] of [[0.12, 0.75], [0.3, 0.75], [0.3, 0.9], [0.12, 0.9]] as const) await click(x, y) // prettier-ignore
    const live = page.locator('[data-live]')
    await eventually(() => live.textContent()).toMatch(/图上面积 [\d,.]+ 亩 · 周长/)
    await page.keyboard.press('Enter')
    await eventually(() => tool(page, 'split').isEnabled()).toBe(true)
    const told = (await live.textContent())!
    const mu = Number(/面积 ([\d,.]+) 亩/.exec(told)![1]!.replaceAll(',', ''))
    expect(mu).toBeGreaterThan(1)

    await tool(page, 'split').click()
    await click(0.2, 0.7)
    await click(0.21, 0.95)
    await page.keyboard.press('Enter')
    await eventually(() => panel(page).textContent()).toContain('本次编辑的要素')
    await page.keyboard.press('Control+z')
    await eventually(() => panel(page).textContent()).not.toContain('本次编辑的要素')
    await eventually(() => live.textContent()).toBe(told)

    await panel(page).getByRole('button', { name: /^保存/ }).click()
    await eventually(() => panel(page).textContent()).toContain('有 2 个字段需要更正')
    await field(page, '地块编号').fill('手绘一号')
    await field(page, '地块编号').blur()
    await field(page, '类型').selectOption('grain')
    expect(await seriousFindings(page)).toEqual([])
    await panel(page).getByRole('button', { name: /^保存/ }).click()
    const card = page.getByRole('complementary', { name: '要素卡片' })
    await eventually(() => card.locator('h1').textContent()).toBe('手绘一号')
    const found = (await (await fetch(`${serving.address}/api/layers/farmland/features?q=${encodeURIComponent('手绘一号')}`)).json()) as { features: Feature[] }
    const [stored] = found.features
    expect(Math.abs((stored!.about.areaM2 * 15) / 10_000 - mu)).toBeLessThan(0.02)
    expect(polygonArea(stored!.geometry)).toBeCloseTo(stored!.about.areaM2, 0)

    // Somebody else changes it while it lies on the board.
    await card.getByRole('button', { name: '编辑' }).click()
    await page.locator('[role="toolbar"][data-stage="ready"]').waitFor({ timeout: 90_000 })
    const theirs = await planner('PUT', `/api/layers/farmland/features/${stored!.id}`, { geometry: stored!.geometry, properties: { number: '手绘一号', kind: 'grain', crop: '水稻' }, version: 1 })
    expect(theirs.status).toBe(200)
    await field(page, '类型').selectOption('vegetable')
    await panel(page).getByRole('button', { name: /^保存/ }).click()
    const dialog = page.getByRole('dialog', { name: '他人已修改同一要素' })
    await eventually(() => dialog.textContent()).toMatch(/类型常年菜田粮田/)
    expect(await dialog.textContent()).toMatch(/作物—水稻/)
    await dialog.getByRole('button', { name: '保存我的' }).click()
    await eventually(() => card.textContent()).toContain('常年菜田')

    await card.getByRole('button', { name: '删除' }).click()
    await eventually(() => page.getByText('已删除“手绘一号”').count()).toBe(1)
    await page.getByRole('button', { name: '撤销' }).click()
    await eventually(() => card.locator('h1').textContent()).toBe('手绘一号')
    await eventually(() => card.textContent()).toMatch(/恢复.*删除.*修改.*修改.*新增/s)
    guard.check()
    // The conflict is an answer of 409, as it should be.
    expect(complaints.filter((one) => !one.includes('409'))).toEqual([])
    await page.context().close()
  })

  it('should tell a town why it cannot draw parcels, and let it draw its own sites', async () => {
    const { page } = await drawnMap(`/planning?layers=sites&town=${BAIHE}`, `town-${BAIHE}`)
    expect(await page.getByRole('button', { name: '新增农田地块' }).isDisabled()).toBe(true)
    expect(await page.getByRole('button', { name: '新增农田地块' }).getAttribute('title')).toContain('您的角色没有这项权限')
    await page.getByRole('button', { name: '新增项目点' }).click()
    await page.locator('[role="toolbar"][data-stage="ready"]').waitFor({ timeout: 90_000 })
    await field(page, '名称').fill('村口小店')
    await field(page, '名称').blur()
    await field(page, '类型').selectOption('retail')
    await field(page, '经度').fill('121.1067')
    await field(page, '经度').blur()
    await field(page, '纬度').fill('31.2537')
    await field(page, '纬度').blur()
    await panel(page).getByRole('button', { name: /^保存/ }).click()
    const card = page.getByRole('complementary', { name: '要素卡片' })
    await eventually(() => card.locator('h1').textContent()).toBe('村口小店')
    expect(await card.textContent()).toContain('所在街镇白鹤')
    await page.context().close()
  })
})
