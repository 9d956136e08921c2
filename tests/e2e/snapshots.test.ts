import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { launch } from './browser.ts'
import { openScreen, seriousFindings } from './screens.ts'
import { serve, type Serving } from './serve.ts'

describe('the studio', () => {
  let serving: Serving
  let browser: Browser

  beforeAll(async () => {
    serving = await serve()
    browser = await launch()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
  })

  it('should carry the view from the map to a page, let it be laid out, and make its files', async () => {
    const { page, complaints, guard } = await openScreen(browser, `${serving.address}/?month=2023-09&task=15`, undefined, 'office')
    await page.locator('.summary').getByRole('link', { name: '导出' }).click({ timeout: 60_000 })
    const sheet = page.locator('.page-sheet')
    await sheet.waitFor({ timeout: 60_000 })
    expect(await sheet.textContent()).toContain('稳定蔬菜播种面积和产量')
    expect(await sheet.textContent()).toContain('数据截至 2023年9月30日')
    await page.getByRole('textbox', { name: '标题', exact: true }).fill('九月蔬菜进展')
    await page.locator('.gallery').getByText('黑白打印').click()
    await page.getByRole('checkbox', { name: '问题清单', exact: true }).uncheck()
    await expect.poll(() => sheet.textContent(), { timeout: 60_000 }).toContain('九月蔬菜进展')
    expect(await sheet.locator('[data-block=troubles]').count()).toBe(0)
    // What must not be left out cannot be.
    expect(await page.getByRole('checkbox', { name: '演示、示意标记' }).isDisabled()).toBe(true)
    const north = sheet.locator('[data-block=north] text')
    const x = Number(await north.getAttribute('x'))
    const box = (await sheet.locator('[data-block=north] path').first().boundingBox())!
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x - 60, box.y + box.height / 2, { steps: 6 })
    await page.mouse.up()
    await expect.poll(async () => Number(await north.getAttribute('x')), { timeout: 60_000 }).toBeLessThan(x - 5)
    // The map is made smaller by its corner, by keys too, and step by step as it was again.
    const width = async () => Number(await sheet.locator('#clip-map rect').getAttribute('width'))
    const whole = await width()
    await sheet.locator('[data-block=map] > rect').first().click({ position: { x: 12, y: 12 } })
    const corner = (await sheet.locator('[data-handle=se]').boundingBox())!
    await page.mouse.move(corner.x + corner.width / 2, corner.y + corner.height / 2)
    await page.mouse.down()
    await page.mouse.move(corner.x - 50, corner.y - 30, { steps: 6 })
    await page.mouse.up()
    await expect.poll(width, { timeout: 60_000 }).toBeLessThan(whole - 5)
    const smaller = await width()
    await sheet.focus()
    await page.keyboard.press('Shift+ArrowRight')
    await expect.poll(width, { timeout: 60_000 }).toBeCloseTo(smaller + 1)
    await page.keyboard.press('Control+z')
    await page.getByRole('button', { name: '撤销' }).click()
    await expect.poll(width, { timeout: 60_000 }).toBeCloseTo(whole)
    await page.keyboard.press('Shift+ArrowDown')
    await expect.poll(width, { timeout: 60_000 }).toBeCloseTo(whole)
    expect(await seriousFindings(page)).toEqual([])

    await page.getByRole('button', { name: /^生成/ }).click()
    await page.waitForURL(/\/snapshots\/\d+/, { timeout: 60_000 })
    await page.getByRole('link', { name: '下载 PDF' }).waitFor({ timeout: 150_000 })
    for (const format of ['PNG', 'PPTX', 'SVG']) expect(await page.getByRole('link', { name: `下载 ${format}` }).count()).toBe(1)
    const picture = page.locator('img.sheet')
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth), { timeout: 60_000 }).toBe(1754)
    expect(await page.getByText('与现在的数据相同').count()).toBe(1)
    expect(await seriousFindings(page)).toEqual([])
    const id = /snapshots\/(\d+)/.exec(page.url())![1]
    await page.goto(`${serving.address}/snapshots`)
    await page.getByRole('link', { name: '九月蔬菜进展' }).waitFor({ timeout: 60_000 })
    expect(await seriousFindings(page)).toEqual([])

    // The way back that stands on the page.
    const { hash } = (await (await page.request.get(`${serving.address}/api/snapshots/${id}`)).json()) as { hash: string }
    await page.goto(`${serving.address}/s/${hash.slice(0, 12)}`)
    await page.waitForURL(new RegExp(`/snapshots/${id}`), { timeout: 60_000 })
    expect(complaints).toEqual([])
    guard.check()
  })
})
