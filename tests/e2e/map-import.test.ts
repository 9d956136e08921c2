/** A planner brings a shapefile into the layer of farmland, comes back to it after a reload, sees what the dry run says, stores it and undoes it. In a real browser. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { crsOf } from '../../geo/crs/crs.ts'
import { fromLonLat } from '../../geo/crs/transform.ts'
import { formatOf } from '../../server/format/formats.ts'
import { launch } from './browser.ts'
import { eventually, openScreen, seriousFindings } from './screens.ts'
import { serve, type Serving } from './serve.ts'

const PATIENCE = { timeout: 90_000 }

async function shapefile(): Promise<Uint8Array> {
  const crs = crsOf('EPSG:4549')!
  const features = Array.from({ length: 40 }, (_, i) => {
    const [x, y, side] = [121.1 + (i % 8) * 0.002, 31.25 + Math.floor(i / 8) * 0.001, 0.0008]
    const ring = Float64Array.of(x, y, x, y + side, x + side, y + side, x + side, y, x, y)
    fromLonLat(crs)(ring)
    return { shape: { kind: 'polygon' as const, parts: [[ring]] }, values: [`溇塍-${i + 1}`, i === 7 ? '荒地' : '粮田', i === 3 ? 99 : null] }
  })
  const columns = [{ name: '地块编号', type: 'text' as const }, { name: '类型', type: 'text' as const }, { name: '申报面积', type: 'number' as const }] // prettier-ignore
  return (await formatOf('shapefile').write!({ name: '地块', geometry: 'polygon', columns, features, crs, title: '' }, '')).bytes
}

describe('importing a map file', () => {
  let serving: Serving
  let browser: Browser
  let folder: string
  beforeAll(async () => {
    serving = await serve()
    browser = await launch()
    folder = await mkdtemp(join(tmpdir(), 'xiangtu-e2e-'))
    await writeFile(join(folder, '溇塍地块.zip'), await shapefile())
  })
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('should go from the file to the layer and back again', async () => {
    const { page, guard, complaints } = await openScreen(browser, `${serving.address}/planning/imports`, undefined, 'planner')
    await page.locator('input[type="file"]').setInputFiles(join(folder, '溇塍地块.zip'))
    await page.waitForURL(/\/planning\/imports\/\d+/, PATIENCE)
    await page.getByRole('radio', { name: /CGCS2000 三度带 中央经线 120°（无带号）/ }).waitFor(PATIENCE)
    expect(await page.getByRole('radio', { name: /中央经线 120°（无带号）/ }).isChecked()).toBe(true)
    expect(await page.getByRole('combobox', { name: '文字编码' }).inputValue()).toBe('gb18030')
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: '下一步：字段与方式' }).click()
    expect(await page.getByRole('combobox', { name: '“地块编号”取自' }).inputValue()).toBe('c:地块编号')
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: '试算（不入库）' }).click()
    await page.getByRole('heading', { name: '检查发现' }).waitFor(PATIENCE)
    expect(await page.getByRole('button', { name: /入库 39 个要素/ }).isDisabled()).toBe(true)
    await page.getByText('字段有误：类型 不是可选的值').waitFor(PATIENCE)
    expect(await seriousFindings(page)).toEqual([])
    // What was chosen and found is still there after a reload.
    await page.reload()
    await page.getByRole('button', { name: '修改设置' }).click(PATIENCE)
    await page.getByRole('checkbox', { name: '略去有误的要素，其余入库' }).check()
    await page.getByRole('button', { name: '试算（不入库）' }).click()
    const store = page.getByRole('button', { name: /入库 39 个要素/ })
    await eventually(() => store.isEnabled().catch(() => false)).toBe(true)
    await store.click()
    await page.getByRole('dialog').getByRole('button', { name: '入库' }).click()
    await page.getByText(/已存入“农田地块”：新增 39/).waitFor(PATIENCE)
    const count = async () => ((await (await fetch(`${serving.address}/api/layers/farmland/features?q=${encodeURIComponent('溇塍')}&limit=1`)).json()) as { numberMatched: number }).numberMatched
    expect(await count()).toBe(39)
    await page.getByRole('button', { name: '撤销此次导入' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '撤销', exact: true }).click()
    await page.getByText('已撤销，图层恢复到导入之前。').waitFor(PATIENCE)
    expect(await count()).toBe(0)
    guard.check()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('should give a layer out as a file of the chosen kind', async () => {
    const { page, guard } = await openScreen(browser, `${serving.address}/planning`, undefined, 'leader')
    await page.getByRole('button', { name: '导出', exact: true }).click(PATIENCE)
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: '图层' }).selectOption('roads')
    await dialog.getByRole('combobox', { name: '坐标系' }).selectOption('EPSG:4528')
    const counted = async () => Number(/([\d,]+) 个要素/.exec((await dialog.getByRole('status').textContent()) ?? '')?.[1]?.replaceAll(',', '') ?? NaN)
    await eventually(counted).toBeGreaterThan(1)
    const all = await counted()
    await dialog.getByRole('button', { name: '取消' }).click()
    // Nearer by there are fewer, and only these are asked for.
    for (let step = 0; step < 3; step++) await page.getByRole('button', { name: '放大' }).click()
    await eventually(async () => {
      await page.getByRole('button', { name: '导出', exact: true }).click()
      await dialog.getByRole('combobox', { name: '图层' }).selectOption('roads')
      await dialog.getByRole('combobox', { name: '坐标系' }).selectOption('EPSG:4528')
      await dialog.getByRole('checkbox', { name: '只要地图当前范围内的' }).check()
      const link = await dialog.getByRole('link', { name: '下载' }).getAttribute('href')
      const n = await counted()
      if (n < all && n > 0 && link!.includes('bbox=')) return true
      await dialog.getByRole('button', { name: '取消' }).click()
      return false
    }).toBe(true)
    const download = page.waitForEvent('download', PATIENCE)
    await dialog.getByRole('link', { name: '下载' }).click()
    expect((await download).suggestedFilename()).toMatch(/^路段_演示_.*EPSG4528_.*\.zip$/)
    guard.check()
    await page.context().close()
  })

  const geodata = process.env.XIANGTU_GEODATA
  it.skipIf(!geodata)('should bring the lines of OpenStreetMap into the road segments', async () => {
    const { page, guard } = await openScreen(browser, `${serving.address}/planning/imports`, undefined, 'planner')
    await page.getByLabel('图层').selectOption('roads')
    await page.locator('input[type="file"]').setInputFiles(`${geodata}/transport-osm.geojson`)
    await page.waitForURL(/\/planning\/imports\/\d+/, PATIENCE)
    await page.getByRole('button', { name: '下一步：字段与方式' }).click(PATIENCE)
    await page.getByRole('combobox', { name: '“名称”取自' }).selectOption('c:name')
    await page.getByRole('combobox', { name: '“工程”取自' }).selectOption('v')
    await page.getByRole('combobox', { name: '“工程”统一填' }).selectOption({ label: '日常管护' })
    await page.getByLabel('来源').fill('OpenStreetMap')
    await page.getByLabel('许可').fill('ODbL-1.0')
    await page.getByRole('combobox', { name: '方式' }).selectOption('add')
    await page.getByRole('checkbox', { name: '略去有误的要素，其余入库' }).check()
    await page.getByRole('button', { name: '试算（不入库）' }).click()
    await page.getByRole('heading', { name: '检查发现' }).waitFor(PATIENCE)
    const store = page.getByRole('button', { name: /入库 [\d,]+ 个要素/ })
    await eventually(() => store.isEnabled().catch(() => false)).toBe(true)
    const stored = Number(/[\d,]+/.exec((await store.textContent())!)![0].replaceAll(',', ''))
    expect(stored).toBeGreaterThan(50)
    await store.click()
    await page.getByRole('dialog').getByRole('button', { name: '入库' }).click()
    await page.getByText(/已存入“路段”/).waitFor(PATIENCE)
    const found = (await (await fetch(`${serving.address}/api/layers/roads/features?q=${encodeURIComponent('上海地铁17号线')}&limit=100`)).json()) as { features: { about: { lengthM: number; licence: string } }[] }
    // The line through Qingpu, as far as it is drawn there.
    expect(found.features.length).toBeGreaterThan(0)
    expect(found.features.every(({ about }) => about.lengthM > 0 && about.licence === 'ODbL-1.0')).toBe(true)
    guard.check()
    await page.context().close()
  })
})
