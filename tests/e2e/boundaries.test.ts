import { readFile } from 'node:fs/promises'
import type { FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { polygonArea } from '../../geo/town/area.ts'
import { launch } from './browser.ts'
import { eventually, openScreen, seriousFindings, type Screen } from './screens.ts'
import { serve, type Serving } from './serve.ts'

type Towns = FeatureCollection<Polygon | MultiPolygon, { name: string; code: string }>

describe('replacing the boundaries of the towns', () => {
  let serving: Serving
  let browser: Browser
  let seeds: Towns
  beforeAll(async () => {
    seeds = JSON.parse(await readFile(new URL('../../seeds/towns.geojson', import.meta.url), 'utf8')) as Towns
    ;[serving, browser] = await Promise.all([serve(), launch()])
  })
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
  })

  const open = () => openScreen(browser, `${serving.address}/admin/towns`, undefined, 'office')
  const end = async ({ page, guard, complaints }: Screen, ...expected: string[]) => {
    guard.check()
    expect(complaints.filter((line) => !expected.some((known) => line.includes(known)))).toEqual([])
    await page.context().close()
  }
  const hand = async (page: Page, name: string, content: string) => {
    await page.waitForSelector('.drop')
    await page.setInputFiles('input[type=file]', {
      name,
      mimeType: 'application/geo+json',
      buffer: Buffer.from(content),
    })
  }
  const inUse = async () =>
    ((await (await fetch(`${serving.address}/api/district`)).json()) as { boundary: { credit: string } }).boundary
      .credit
  /** The boundaries with one town moved east by some degrees, so that it lies on its neighbour and leaves a gap. */
  const withMoved = (name: string, by: number): Towns => {
    const towns = structuredClone(seeds)
    const move = (part: unknown): unknown =>
      Array.isArray(part) && typeof part[0] === 'number'
        ? [(part as Position)[0]! + by, part[1]]
        : (part as unknown[]).map(move)
    for (const { properties, geometry } of towns.features)
      if (properties.name === name) geometry.coordinates = move(geometry.coordinates) as never
    return towns
  }

  it('should check a faulty file and say what is wrong where, storing nothing', async () => {
    const screen = await open()
    const { page } = screen
    const faulty = withMoved('重固镇', 0.01)
    faulty.features.find(({ properties }) => properties.name === '金泽镇')!.properties = {
      name: '桃花镇',
      code: '999999999',
    }
    const before = await inUse()
    await hand(page, '有误.geojson', JSON.stringify(faulty))
    const report = page.locator('.report')
    await report.waitFor()
    const words = (await report.textContent())!
    expect(words).toMatch(/处错误，不能入库/)
    expect(words).toContain('桃花镇')
    expect(words).toMatch(/金泽镇\s*缺少这个街镇/)
    expect(words).toMatch(/重固镇.*重叠/s)
    expect(await page.getByRole('button', { name: '替换边界' }).isDisabled()).toBe(true)
    expect(await page.locator('.after path').count()).toBe(11)

    // The place of a fault is shown from close by, and the whole again.
    const view = () => page.locator('.map svg[viewBox]').first().getAttribute('viewBox')
    const whole = await view()
    await report.locator('li', { hasText: '重叠' }).first().getByRole('button').click()
    await eventually(view).not.toBe(whole)
    expect(await page.locator('circle.chosen').count()).toBe(1)
    await page.getByRole('button', { name: '看全图' }).click()
    await eventually(view).toBe(whole)

    expect(await seriousFindings(page)).toEqual([])
    expect(await inUse()).toBe(before)
    expect(await page.locator('.sets tbody tr').count()).toBe(1)
    await end(screen)
  })

  it('should say in words when a file is no map at all', async () => {
    const screen = await open()
    await hand(screen.page, '地图.geojson', 'PK\u0003\u0004 not a map')
    const words = screen.page.locator('[role=alert], .report .verdict.error')
    await words.first().waitFor()
    expect(await screen.page.locator('.boundaries').textContent()).toMatch(/GeoJSON/)
    expect(await screen.page.getByRole('button', { name: '替换边界', disabled: false }).count()).toBe(0)
    await end(screen, '422')
  })

  it('should put a good file into use with its source, and go back to the one before', async () => {
    const screen = await open()
    const { page } = screen
    const before = await inUse()
    await hand(page, '新边界.geojson', JSON.stringify(seeds))
    await page.locator('.report .verdict').waitFor()
    const store = page.getByRole('button', { name: '替换边界' })
    expect(await store.isDisabled()).toBe(true)
    await page.getByText('官方边界').click()
    await page.getByLabel('来源').fill('测试用边界')
    await page.getByLabel('使用许可').fill('内部使用')
    await page.getByLabel('图上署名').fill('测试署名')
    const warnings = page.getByRole('checkbox')
    if ((await warnings.count()) > 0) await warnings.check()
    await eventually(() => store.isEnabled()).toBe(true)
    await store.click()
    await page.locator('.done').waitFor()
    expect(await inUse()).toBe('测试署名')
    await eventually(() => page.locator('.credit').textContent()).not.toContain('示意')

    const old = page.locator('.sets tbody tr', { hasText: 'towns.geojson' })
    await old.getByRole('button', { name: /恢复/ }).click()
    await old.getByRole('button', { name: /恢复/ }).click()
    await eventually(inUse).toBe(before)
    await eventually(() => old.textContent()).toContain('现用')
    await eventually(() => page.locator('.credit').textContent()).toContain('示意')
    await end(screen)
  })

  const geodata = process.env.XIANGTU_GEODATA
  it.skipIf(!geodata)('should put the towns as OpenStreetMap has them into use', async () => {
    const screen = await open()
    const { page } = screen
    await hand(page, 'towns-osm.geojson', await readFile(`${geodata}/towns-osm.geojson`, 'utf8'))
    await page.locator('.report .verdict').waitFor()
    const store = page.getByRole('button', { name: '替换边界' })
    await page.getByLabel('来源').fill('OpenStreetMap')
    await page.getByLabel('使用许可').fill('ODbL-1.0')
    await page.getByLabel('图上署名').fill('© OpenStreetMap contributors')
    const warnings = page.getByRole('checkbox')
    if ((await warnings.count()) > 0) await warnings.check()
    await eventually(() => store.isEnabled()).toBe(true)
    await store.click()
    await page.locator('.done').waitFor()
    expect(await inUse()).toBe('© OpenStreetMap contributors')
    const { features } = (await (await fetch(`${serving.address}/api/towns`)).json()) as { features: { geometry: Polygon | null; properties: { shortName: string } }[] }
    const km2 = (name: string) => polygonArea(features.find(({ properties }) => properties.shortName === name)!.geometry!) / 1e6
    // As published, in square kilometres; what was mapped differs by up to 4 %.
    for (const [name, published] of [['朱家角', 136.85], ['金泽', 108.49], ['重固', 30.21]] as const) expect(Math.abs(km2(name) / published - 1), name).toBeLessThan(0.05) // prettier-ignore
    await end(screen)
  })
})
