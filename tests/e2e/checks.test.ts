/** A planner draws a plot over the farmland, reads its 亩 and the verdict, keeps it, finds it again in the list, and opens its sheet. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CheckContent } from '../../geo/check/content.ts'
import { polygonArea } from '../../geo/town/area.ts'
import { launch } from './browser.ts'
import { openScreen, seriousFindings } from './screens.ts'
import { serve, type Serving } from './serve.ts'

const BAIHE = '310118110'
/** A map beside other work takes its time. */
const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 90_000 })
const numberIn = (text: string | null, pattern: RegExp) => Number(pattern.exec(text ?? '')?.[1]?.replaceAll(',', ''))

describe('farmland checks', () => {
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
    await screen.page.locator('.map[data-stage="drawn"]').waitFor({ timeout: 120_000 })
    return screen
  }

  it('should check a plot that is drawn, keep it under a number, list it, and give its sheet', async () => {
    const { page, guard, complaints } = await open(`/planning?layers=farmland&town=${BAIHE}`, 'planner')
    await page.getByRole('button', { name: '核查', exact: true }).click()
    const panel = page.getByRole('complementary', { name: '农田核查' })
    await page.locator('[role="toolbar"][data-stage="ready"]').waitFor({ timeout: 90_000 })
    const box = (await page.locator('.map').boundingBox())!
    for (const [x, y] of [[0.42, 0.42], [0.58, 0.42], [0.58, 0.6], [0.42, 0.6]] as const) { // prettier-ignore
      const [px, py] = [box.x + box.width * x, box.y + box.height * y]
      await page.mouse.move(px - 3, py - 3)
      await page.mouse.move(px, py)
      await page.mouse.click(px, py)
    }
    await page.keyboard.press('Enter')
    const verdict = panel.locator('.verdict')
    await eventually(() => verdict.count()).toBe(1)
    const live = numberIn(await page.locator('[data-live]').textContent(), /面积 ([\d,.]+) 亩/)
    const found = await panel.locator('.result dl').textContent()
    const area = numberIn(found, /地块面积([\d,.]+) 亩/)
    const permanent = numberIn(found, /永久基本农田([\d,.]+) 亩/)
    expect(live).toBeGreaterThan(100)
    // The screen's own reckoning while one draws, and the database's.
    expect(Math.abs(area - live)).toBeLessThan(live * 1e-4 + 0.02)
    expect(permanent).toBeGreaterThan(1)
    expect(await verdict.textContent()).toBe('占用永久基本农田')
    expect(await seriousFindings(page)).toEqual([])

    await panel.getByLabel('申请单位（人）').fill('白鹤镇农业服务中心')
    await panel.getByLabel('项目用途').fill('粮仓扩建')
    await panel.getByRole('button', { name: '留存' }).click()
    await eventually(() => new URL(page.url()).searchParams.get('check')).toMatch(/^\d+$/)
    const id = new URL(page.url()).searchParams.get('check')!
    await eventually(() => panel.locator('h1').textContent()).toMatch(/^核查\d{4}-0001$/)
    const number = (await panel.locator('h1').textContent())!
    const kept = (await (await page.context().request.get(`${serving.address}/api/checks/${id}`)).json()) as { content: CheckContent }
    expect(Math.abs((polygonArea(kept.content.plot) * 15) / 10_000 - area)).toBeLessThan(0.02)
    expect(kept.content.result.permanent.mu).toBeCloseTo(permanent, 1)
    // The address opens the same again.
    await page.reload()
    await page.locator('.map[data-stage="drawn"]').waitFor({ timeout: 120_000 })
    await eventually(() => panel.locator('.result dl').textContent()).toBe(found)
    await eventually(() => panel.locator('.result[data-marked="true"]').count()).toBe(1)

    await panel.getByRole('link', { name: '查看记录' }).click()
    await eventually(() => page.locator('h1').textContent()).toBe(`${number} 白鹤镇农业服务中心`)
    expect(await page.getByRole('img', { name: `${number} 核查图` }).textContent()).toContain('占永久基本农田')
    await page.getByRole('button', { name: '重新核查' }).click()
    await eventually(() => page.getByRole('status').allTextContents()).toContain('重新核查，结果没有变化。')
    expect(await seriousFindings(page)).toEqual([])
    const sheet = await page.context().request.get(new URL((await page.getByRole('link', { name: '打印核查单（PDF）' }).getAttribute('href'))!, serving.address).href)
    expect([sheet.status(), sheet.headers()['content-type'], (await sheet.body()).subarray(0, 5).toString()]).toEqual([200, 'application/pdf', '%PDF-'])

    await page.getByRole('link', { name: '农田核查' }).first().click()
    const row = page.getByRole('row', { name: new RegExp(number) })
    await eventually(() => row.textContent()).toMatch(/白鹤镇农业服务中心.*演示.*粮仓扩建.*白鹤镇.*占用永久基本农田.*在办/s)
    expect(await seriousFindings(page)).toEqual([])
    await page.getByLabel('编号、申请单位或用途').fill(number)
    await eventually(() => page.locator('tbody tr').count()).toBe(1)
    await page.getByRole('combobox', { name: '结论' }).selectOption('clear')
    await eventually(() => page.locator('.list').textContent()).toContain('没有符合条件的核查')
    guard.check()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('should show a difference that nobody has acknowledged, have it acknowledged with a reason, and tell whoever was slower', async () => {
    const { page, guard } = await openScreen(browser, `${serving.address}/checks?changed=new`, undefined, 'planner')
    const row = page.getByRole('row', { name: /未知悉/ })
    await eventually(() => row.count()).toBe(1)
    expect(await row.textContent()).toMatch(/演示.*不涉及永久基本农田.*现为.*占用永久基本农田/s)
    await row.getByRole('link').click()
    await page.getByText('第 2 次核查的结果有变化，尚未知悉。').waitFor()
    expect(await page.getByRole('button', { name: '办结' }).isDisabled()).toBe(true)
    expect(await seriousFindings(page)).toEqual([])
    // Two people have it open at the same time.
    const { page: other } = await openScreen(browser, page.url(), undefined, 'office')
    for (const one of [page, other]) {
      await one.getByRole('button', { name: '知悉变化' }).click()
      await one.getByLabel(/维持原结论/).check()
      expect(await one.getByRole('button', { name: '已知悉' }).isDisabled()).toBe(true)
      await one.getByLabel('为什么维持原结论').fill(one === page ? '批准在先' : '尚未开工')
    }
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: '已知悉' }).click()
    await eventually(() => page.locator('dialog').count()).toBe(0)
    await eventually(() => page.getByText('已知悉 · 维持原结论').count()).toBe(1)
    await other.getByRole('button', { name: '已知悉' }).click()
    await eventually(() => other.getByRole('alert').allTextContents()).toEqual([expect.stringMatching(/已于 .* 知悉：维持原结论.*批准在先/)])
    await other.getByRole('button', { name: '关闭' }).click()
    // Another decision is one more; the first stays.
    await other.getByRole('button', { name: '重新认定' }).click()
    await other.getByLabel(/以新结果为准/).check()
    await other.getByRole('button', { name: '已知悉' }).click()
    await eventually(() => other.getByText('已知悉 · 以新结果为准').count()).toBe(1)
    expect(await other.locator('aside').textContent()).toMatch(/变化知悉.*以新结果为准.*维持原结论.*批准在先/s)
    const download = other.waitForEvent('download')
    await other.locator('aside').getByRole('button', { name: '导出表格' }).click()
    expect((await download).suggestedFilename()).toMatch(/^核查2023-\d{4} 历次核查\.xlsx$/)
    guard.check()
    for (const one of [page, other]) await one.context().close()
  })

  it('should check features that stand in the address for whoever reads, and say why they cannot keep it', async () => {
    const { features } = (await (await fetch(`${serving.address}/api/layers/farmland/features?filter=kind:permanent&limit=2`)).json()) as { features: { id: number; about: { areaM2: number } }[] }
    const { page } = await open(`/planning?layers=farmland&check=new&plots=${features.map(({ id }) => `farmland/${id}`).join()}`, 'leader')
    const panel = page.getByRole('complementary', { name: '农田核查' })
    await eventually(() => panel.locator('.verdict').allTextContents()).toEqual(['占用永久基本农田'])
    const mu = features.reduce((sum, { about }) => sum + (about.areaM2 * 15) / 10_000, 0)
    expect(numberIn(await panel.locator('.result dl').textContent(), /地块面积([\d,.]+) 亩/)).toBeCloseTo(mu, 0)
    expect(await panel.textContent()).toContain('可以核查，不能留存：您的角色没有这项权限')
    await page.context().close()
  })
})
