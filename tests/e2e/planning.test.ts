/** A planner looks up what lies where: layers, a town, a feature and what it was. On the real server, in a real browser. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch } from './browser.ts'
import { eventually, openScreen, seriousFindings } from './screens.ts'
import { serve, type Serving } from './serve.ts'

const BAIHE = '310118110'

/** The map stands when the server has given every tile in view, which takes it a while beside other work. */
const drawn = (page: Page) => page.locator('.map[data-stage="drawn"]').waitFor({ timeout: 120_000 })

describe('the planning map', () => {
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
  const open = async (path: string, account?: string) => {
    const screen = await openScreen(browser, serving.address + path, undefined, account)
    await drawn(screen.page)
    return screen
  }
  const json = async <T>(path: string) => (await (await fetch(serving.address + path)).json()) as T

  it('should draw the layers from tiles, with the legend and counts of the chosen town', async () => {
    const tiles: string[] = []
    const { page, guard, complaints } = await open('/planning')
    page.on('response', (answer) => answer.url().includes('/api/tiles/') && tiles.push(answer.url()))
    const layer = (id: string) => page.locator(`[data-layer="${id}"]`)
    expect(await layer('villages').textContent()).toContain('355 个尚未定位')
    expect(await layer('villages').getByRole('checkbox').isDisabled()).toBe(true)
    expect(await layer('sites').textContent()).toMatch(/演示.*230.*平安屋66/s)
    expect(await page.locator('.map').textContent()).toContain('要素为演示')
    await page.getByRole('combobox', { name: '按街镇筛选' }).selectOption(BAIHE)
    await eventually(() => new URL(page.url()).searchParams.get('town')).toBe(BAIHE)
    await eventually(() => layer('farmland').textContent()).toMatch(/粮田\d+12,300 亩/)
    await eventually(() => tiles.some((url) => url.includes('/farmland/'))).toBe(true)
    await layer('farmland').getByRole('checkbox').uncheck()
    await eventually(() => new URL(page.url()).searchParams.get('layers')).toBe('roads,bridges,sites,demonstration-villages')
    expect(await seriousFindings(page)).toEqual([])
    guard.check()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('should find a feature by the keyboard, go there, show every field and its history, and find it again under the pointer', async () => {
    const { page, guard, complaints } = await open(`/planning?town=${BAIHE}&layers=roads`)
    await page.getByRole('button', { name: '路段列表' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('searchbox', { name: '名称或标识' }).fill('白鹤 1）')
    await eventually(() => page.getByRole('status').last().textContent()).toBe('1 个')
    await page.getByRole('button', { name: /演示路段（白鹤 1）/ }).focus()
    await page.keyboard.press('Enter')
    const card = page.getByRole('complementary', { name: '要素卡片' })
    await eventually(() => card.locator('h1').textContent()).toBe('演示路段（白鹤 1）')
    const text = async () => (await card.textContent()) ?? ''
    await eventually(text).toContain('首次启动')
    for (const words of ['演示', '所在街镇白鹤', '图上长度1,302 米', '工程农村公路提档升级', '计划桩号K0+000–K1+302', '对应指标11.2', '新增']) expect(await text()).toContain(words)
    expect(await seriousFindings(page)).toEqual([])

    // Near the middle of what the map has gone to lies the road itself.
    const address = page.url()
    await page.keyboard.press('Escape')
    await eventually(() => card.count()).toBe(0)
    const { geometry } = await json<{ geometry: { coordinates: [number, number][] } }>(`/api/layers/${new URL(address).searchParams.get('feature')!.replace('/', '/features/')}`)
    expect(geometry.coordinates.length).toBeGreaterThan(10)
    await page.goto(address)
    await drawn(page)
    await eventually(() => card.locator('h1').textContent()).toBe('演示路段（白鹤 1）')
    guard.check()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('should check a parcel against the farmland at the press of a button', async () => {
    interface Page {
      features: { id: number; about: { areaM2: number } }[]
    }
    const { features } = await json<Page>('/api/layers/farmland/features?filter=kind:permanent&limit=1')
    const parcel = features[0]!
    const { page, guard, complaints } = await open(`/planning?feature=farmland/${parcel.id}`)
    await page.getByRole('button', { name: '核查这块地' }).click()
    const result = page.locator('.result')
    await eventually(() => result.locator('.verdict').textContent()).toBe('占用永久基本农田')
    const mu = (parcel.about.areaM2 * 15) / 10_000
    const shown = Number(/永久基本农田([\d,.]+) 亩 · 100\.0%/.exec((await result.locator('dl').textContent()) ?? '')?.[1]?.replaceAll(',', ''))
    expect(shown).toBeCloseTo(mu, 1)
    expect(await result.textContent()).toMatch(/演示.*示意.*避让后没有剩余/s)
    expect(await seriousFindings(page)).toEqual([])
    guard.check()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('should open a link on the part of the map that its sender saw', async () => {
    const { page, guard, complaints } = await open('/planning?layers=roads')
    const scale = () => page.locator('.map .scale').textContent()
    const district = await scale()
    const place = () => new URL(page.url()).searchParams.get('map')
    for (let i = 0; i < 3; i++) {
      await page.getByRole('button', { name: '放大' }).click()
      await page.waitForTimeout(300)
    }
    await page.locator('.map').hover({ position: { x: 300, y: 300 } })
    await page.mouse.down()
    await page.mouse.move(500, 420, { steps: 4 })
    await page.mouse.up()
    await eventually(place).toMatch(/^121\.\d{5},31\.\d{5},1\d(\.\d+)?$/)
    await page.waitForTimeout(1000)
    const [near, link] = [await scale(), page.url()]
    expect(near).not.toBe(district)
    await page.goto('about:blank')
    await page.goto(link)
    await drawn(page)
    await eventually(scale).toBe(near)
    expect(page.url()).toBe(link)
    // What is chosen, and gone back from, leaves the place where it is.
    await page.locator('[data-layer="bridges"]').getByRole('checkbox').check()
    await eventually(() => new URL(page.url()).searchParams.get('layers')).toBe('roads,bridges')
    expect(place()).toBe(new URL(link).searchParams.get('map'))
    // Whoever goes elsewhere right after a move gets there, though the map writes its place while that screen is being fetched.
    await page.route('**/assets/*', async (request) => {
      await new Promise((resolve) => setTimeout(resolve, 1500))
      await request.continue()
    })
    await page.getByRole('button', { name: '放大' }).click()
    await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '亮灯矩阵' }).click()
    await eventually(() => new URL(page.url()).pathname).toBe('/lights')
    await page.unrouteAll({ behavior: 'wait' })
    guard.check()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('should open a feature by a click on it', async () => {
    const [site] = (await json<{ features: { id: number; properties: { name: string } }[] }>(`/api/layers/sites/features?town=${BAIHE}&limit=1`)).features
    // A feature that is named in the address is brought into the middle.
    const { page } = await open(`/planning?layers=sites&feature=sites/${site!.id}`)
    const card = page.getByRole('complementary', { name: '要素卡片' })
    await eventually(() => card.locator('h1').textContent()).toBe(site!.properties.name)
    await card.getByRole('button', { name: '关闭' }).click()
    await eventually(() => card.count()).toBe(0)
    // The card was beside the map when the map went there: the middle may have moved by half the card's width.
    await eventually(async () => {
      const box = (await page.locator('.map').boundingBox())!
      for (const x of [box.x + box.width / 2, box.x + box.width / 2 - 184]) if (!(await card.count())) await page.mouse.click(x, box.y + box.height / 2)
      return (await card.count()) ? card.locator('h1').textContent() : null
    }).toBe(site!.properties.name)
    await page.context().close()
  })

  it('should speak English, and say what cannot be found', async () => {
    const { page } = await open('/planning?lang=en&feature=sites/999999999')
    await eventually(() => page.getByRole('complementary', { name: 'Feature' }).textContent()).toContain('Not found')
    expect(await page.locator('[data-layer="roads"]').textContent()).toMatch(/Rural road upgrade\d+[\d.]+ km/)
    expect(await seriousFindings(page)).toEqual([])
    await page.context().close()
  })
})
