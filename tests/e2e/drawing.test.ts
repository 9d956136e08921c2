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

  it('should cut a hole, merge with a neighbour and be caught by a corner that is there', async () => {
    // Two squares side by side where nothing else lies.
    const side = 0.004
    const free = async () => {
      for (let i = 0; i < 200; i++) {
        const [west, south] = [121.08 + (i % 20) * 0.006, 31.22 + Math.floor(i / 20) * 0.006]
        const found = await planner('GET', `/api/layers/farmland/features?bbox=${west - 0.001},${south - 0.001},${west + 2 * side + 0.001},${south + 2 * side}&limit=1`)
        if (((await found.json()) as { numberMatched: number }).numberMatched === 0) return [west, south] as const
      }
      throw new Error('the district is full of parcels')
    }
    const [west, south] = await free()
    const square = (from: number) => ({ type: 'Polygon', coordinates: [[[from, south], [from + side, south], [from + side, south + side], [from, south + side], [from, south]]] }) // prettier-ignore
    const rounded = (value: number) => Math.round(value * 1e7) / 1e7
    const added = (await (await planner('POST', '/api/layers/farmland/edits', { add: [0, 1].map((i) => ({ geometry: square(west + i * side), properties: { number: `拼合${i + 1}号`, kind: 'grain' } })) })).json()) as { added: Feature[] }
    const [one, two] = added.added as [Feature, Feature]
    const { page, guard, complaints } = await drawnMap(`/planning?layers=farmland&feature=farmland/${one.id}`, 'planner')
    const card = page.getByRole('complementary', { name: '要素卡片' })
    await card.getByRole('button', { name: '编辑' }).click({ timeout: 90_000 })
    await page.locator('[role="toolbar"][data-stage="ready"]').waitFor({ timeout: 90_000 })
    const live = page.locator('[data-live]')
    const mu = async () => Number(/面积 ([\d,.]+) 亩/.exec((await live.textContent())!)![1]!.replaceAll(',', ''))
    const muOf = (...areas: number[]) => (areas.reduce((sum, area) => sum + area, 0) * 15) / 10_000
    // The chosen feature stands in the middle, at zoom 15.
    const box = (await page.locator('.map').boundingBox())!
    const pixels = (512 * 2 ** 15) / 360
    const at = (lon: number, lat: number, aside = 0) => {
      const [cx, cy] = [west + side / 2, south + side / 2]
      return [box.x + box.width / 2 + (lon - cx) * pixels + aside, box.y + box.height / 2 - ((lat - cy) * pixels) / Math.cos((cy * Math.PI) / 180) + aside] as const
    }
    const click = async ([x, y]: readonly [number, number]) => {
      await page.mouse.move(x - 3, y - 3)
      await page.mouse.move(x, y)
      await page.mouse.click(x, y)
    }
    const whole = await mu()
    expect(Math.abs(whole - muOf(one.about.areaM2))).toBeLessThan(0.02)
    await tool(page, 'hole').click()
    for (const [x, y] of [[0.3, 0.3], [0.7, 0.3], [0.7, 0.7], [0.3, 0.7]] as const) await click(at(west + x * side, south + y * side)) // prettier-ignore
    await page.keyboard.press('Enter')
    // A hole of 0.4 by 0.4 of the side, drawn to the pixel.
    await eventually(async () => Math.abs((await mu()) / whole - 0.84)).toBeLessThan(0.02)
    const withHole = await mu()
    await tool(page, 'merge').click()
    await click(at(west + 1.5 * side, south + 0.5 * side))
    await eventually(() => panel(page).textContent()).toMatch(/拼合2号.*保存后删除/s)
    expect(Math.abs((await mu()) - withHole - muOf(two.about.areaM2))).toBeLessThan(0.03)
    await panel(page).getByRole('button', { name: /^保存/ }).click()
    await eventually(() => card.locator('h1').textContent()).toBe('拼合1号')
    const stored = (await (await planner('GET', `/api/layers/farmland/features/${one.id}`)).json()) as Feature
    expect(stored.geometry.coordinates).toHaveLength(2)
    expect(Math.abs(muOf(stored.about.areaM2) - withHole - muOf(two.about.areaM2))).toBeLessThan(0.03)
    expect((await planner('GET', `/api/layers/farmland/features/${two.id}`)).status).toBe(404)

    // A new one above it, begun some pixels beside its corner.
    const around = page.waitForResponse((answer) => answer.url().includes('/api/layers/farmland/features?') && answer.url().includes('bbox='), { timeout: 90_000 })
    await page.getByRole('button', { name: '新增农田地块' }).click()
    await page.locator('[role="toolbar"][data-stage="ready"]').waitFor({ timeout: 90_000 })
    await (await around).finished()
    await click(at(west, south + side, 4))
    await click(at(west + 0.5 * side, south + 1.2 * side))
    await click(at(west, south + 1.4 * side))
    await page.keyboard.press('Enter')
    await eventually(() => tool(page, 'split').isEnabled()).toBe(true)
    await field(page, '地块编号').fill('贴边三号')
    await field(page, '地块编号').blur()
    await field(page, '类型').selectOption('grain')
    await panel(page).getByRole('button', { name: /^保存/ }).click()
    await eventually(() => card.locator('h1').textContent()).toBe('贴边三号')
    const caught = (await (await planner('GET', `/api/layers/farmland/features?q=${encodeURIComponent('贴边三号')}`)).json()) as { features: Feature[] }
    expect(caught.features[0]!.geometry.coordinates[0]!.map((place) => place.map(rounded))).toContainEqual([rounded(west), rounded(south + side)])
    guard.check()
    // Whether the neighbour is gone is asked above by another, not by the screen.
    expect(complaints).toEqual([])
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
