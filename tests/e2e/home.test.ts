/** The leader's ten seconds: open the map, see who is behind, why, and since when. On the real server, in a real browser. */
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Light } from '../../geo/light/light.ts'
import type { Task } from '../../geo/plan/plan.ts'
import { collectComplaints, guardNetwork, launch, type NetworkGuard } from './browser.ts'
import { serve, type Serving } from './serve.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const BAIHE = '310118110'
/** As `expect.poll`, with patience for a busy machine. */
const poll = <T>(ask: () => T) => expect.poll(ask, { timeout: 30_000 })


interface Violation {
  id: string
  impact: string
  nodes: { html: string; failureSummary: string }[]
}

describe('the map of the district', () => {
  let serving: Serving
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let guard: NetworkGuard
  let complaints: string[]

  beforeAll(async () => {
    serving = await serve()
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
  })
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN' })
    page = await context.newPage()
    guard = await guardNetwork(context)
    complaints = collectComplaints(page)
  })
  afterEach(async () => {
    guard.check()
    expect(complaints).toEqual([])
    await context.close()
  })

  const open = async (path: string) => {
    await page.goto(serving.address + path)
    await page.getByRole('list', { name: '街镇列表' }).waitFor()
  }
  /** The map's label of a town: its button. */
  const town = (code: string) => page.locator(`[data-town="${code}"]`)
  const panel = () => page.getByRole('complementary')
  const ask = async <T>(path: string) => (await (await fetch(serving.address + path)).json()) as T
  /** Serious findings of axe, with the place. */
  const axe = async () => {
    await page.evaluate(AXE)
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } }
      return (await axe.run()).violations
    })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n  ')}`,
      )
  }

  it('should show in ten seconds which towns and tasks are behind, why, and since when', async () => {
    await open('/?month=2023-06')
    const lights = await ask<Light[]>('/api/plans/2023/lights?asOf=2023-06-30')
    const red = new Set(lights.filter(({ light }) => light === 'red').map((light) => `${light.task} ${light.town}`))
    const redInBaihe = [...red].filter((cell) => cell.endsWith(BAIHE))

    // Which towns: the numbers on the map are the server's.
    await poll(() => town(BAIHE).textContent()).toContain(`滞后 ${redInBaihe.length} `)
    const summary = page.locator('.summary')
    await poll(() => summary.textContent()).toContain(`滞后${red.size}`)
    expect(await summary.textContent()).toContain('演示')

    // Which tasks: the town's panel lists them, worst first, with the reason.
    await town(BAIHE).click()
    await poll(() => panel().locator('h1').textContent()).toBe('白鹤镇')
    expect(new URL(page.url()).searchParams.get('town')).toBe(BAIHE)
    await panel().getByRole('button', { name: '稳定粮食生产' }).click()

    // Why and since when: one sentence with the numbers, and the document's words with the number marked.
    const grain = lights.find(({ measure, town: unit }) => measure === '14.1' && unit === BAIHE)!
    await poll(() => panel().locator('.reason').first().textContent()).toBe(grain.reason)
    expect(grain.reason).toMatch(/自 .+起亮红灯/)
    expect(await panel().locator('mark').allTextContents()).toEqual(expect.arrayContaining(['12300', '白鹤镇']))
    expect(
      await panel()
        .getByRole('img', { name: /进度曲线/ })
        .count(),
    ).toBeGreaterThan(0)
  })

  it('should show a task’s quotas on the map and in the panel as the plan has them', async () => {
    await open('/')
    const grain = (await ask<Task[]>('/api/plans/2023/tasks')).find(({ no }) => no === 14)!
    await page.locator('[data-task="14"]').click()
    await poll(() => new URL(page.url()).searchParams.get('task')).toBe('14')
    const rows = panel().locator('tbody').first().locator('tr')
    await poll(() => rows.count()).toBe(grain.measures[0]!.quotas.length)
    expect(await panel().locator('tfoot').first().textContent()).toContain('124,000')
    for (const name of ['赵巷', '农业园区']) expect(await rows.filter({ hasText: name }).count()).toBe(1)
    expect(await town(BAIHE).textContent()).toMatch(/12,300/)
  })

  it('should open the same view from its address, and go back by the browser’s button', async () => {
    await open('/?month=2023-09&measure=15.1&by=completion&town=310118P01&light=green&q=蔬菜')
    const there = async () => ({
      title: await panel().locator('h1').textContent(),
      map: await page.locator('.map h1').textContent(),
      completion: await page.getByRole('radio', { name: '完成率' }).isChecked(),
      month: await page.getByRole('slider').getAttribute('aria-valuetext'),
      search: await page.getByRole('searchbox').inputValue(),
      tasks: await page.locator('[data-task]').count(),
    })
    // The months' counts are worked out when the page has nothing else to do: before that the view is not whole.
    await poll(async () => (await there()).month).toMatch(/^2023年9月：/)
    const view = await there()
    expect(view).toMatchObject({
      title: '现代农业园区',
      map: '稳定蔬菜播种面积和产量',
      completion: true,
      search: '蔬菜',
    })
    await town(BAIHE).click()
    await poll(() => panel().locator('h1').textContent()).toBe('白鹤镇')
    await page.goBack()
    await poll(there).toEqual(view)
    await page.reload()
    await town(BAIHE).waitFor()
    await poll(there).toEqual(view)
  })

  it('should be used by keyboard alone: towns by arrows, months by arrows', async () => {
    await open('/?month=2023-06')
    await town(BAIHE).focus()
    await page.keyboard.press('ArrowDown')
    const next = await page.evaluate(() => (document.activeElement as HTMLElement).dataset.town)
    expect(next).toMatch(/^310118/)
    expect(next).not.toBe(BAIHE)
    await page.keyboard.press('Enter')
    await poll(() => new URL(page.url()).searchParams.get('town')).toBe(next)
    await page.getByRole('slider').focus()
    await page.keyboard.press('ArrowRight')
    await poll(() => new URL(page.url()).searchParams.get('month')).toBe('2023-07')
    await page.keyboard.press('Home')
    await poll(() => page.getByRole('slider').getAttribute('aria-valuenow')).toBe('1')
  })

  it('should find tasks by number, name, department and pinyin', async () => {
    await open('/')
    const search = page.getByRole('searchbox')
    const found = () =>
      page.locator('[data-task]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-task')))
    for (const [text, task] of [
      ['14', '14'],
      ['稳定粮食', '14'],
      ['wdlssc', '14'],
      ['wendingliangshi', '14'],
    ] as const) {
      await search.fill(text)
      await poll(found).toEqual([task])
    }
    await search.fill('区体育局')
    await poll(found).toEqual(['48'])
  })

  it('should draw the map by WebGL, in the place where the flat one stood', async () => {
    await open('/?month=2023-06')
    const before = await town(BAIHE).boundingBox()
    await page.locator('.map[data-stage="drawn"]').waitFor({ timeout: 60_000 })
    const after = await town(BAIHE).boundingBox()
    expect(Math.abs(after!.x - before!.x)).toBeLessThan(2)
    expect(Math.abs(after!.y - before!.y)).toBeLessThan(2)
  })

  it('should have a change of task and of month on the screen in the very next frame', async () => {
    await open('/?month=2023-06')
    await page.locator('.map[data-stage="drawn"]').waitFor({ timeout: 60_000 })
    // All months are computed while nothing else is to do.
    await poll(() => page.locator('[data-month] .bar:has(i)').count()).toBe(12)
    // What it costs is a matter for tests/bench; here, that nothing is put off.
    const nextFrame = (act: string, look: string) =>
      page.evaluate(
        ([does, sees]) => {
          const [selector, key] = does!.split(' ← ') as [string, string?]
          const element = document.querySelector<HTMLElement>(selector)!
          if (key) element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
          else element.click()
          return new Promise<string>((resolve) => requestAnimationFrame(() => resolve(document.querySelector(sees!)!.textContent!.trim())))
        },
        [act, look],
      )
    for (const no of [14, 20, 15, 46]) {
      const name = (await page.locator(`[data-task="${no}"] .name`).first().textContent())!.trim()
      expect(await nextFrame(`[data-task="${no}"]`, '.map h1')).toBe(name)
    }
    expect(await nextFrame('[role="slider"] ← ArrowRight', '[data-month].chosen .name')).toBe('7月')
    expect(await nextFrame('[role="slider"] ← ArrowLeft', '[data-month].chosen .name')).toBe('6月')
  })

  it('should have nothing serious for axe to find, in both languages', async () => {
    for (const path of [
      '/?month=2023-06',
      `/?month=2023-06&task=14&town=${BAIHE}`,
      '/?month=2023-06&task=14&by=completion&lang=en',
    ]) {
      await page.goto(serving.address + path)
      await town(BAIHE).waitFor()
      expect(await axe(), path).toEqual([])
    }
  })

  it('should speak English by a switch, and keep the view', async () => {
    await open('/?month=2023-06&task=14')
    await page.locator('label', { hasText: 'EN' }).click()
    await poll(() => page.getByRole('navigation').textContent()).toContain('Matrix')
    expect(new URL(page.url()).searchParams.get('task')).toBe('14')
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    expect(await town(BAIHE).textContent()).toContain('Baihe')
  })

  it('should say so kindly when there is no such page', async () => {
    await page.goto(`${serving.address}/nowhere`)
    await page.getByRole('heading', { name: '没有这个页面' }).waitFor()
    await page.getByRole('link', { name: '回到一张图' }).click()
    await town(BAIHE).waitFor()
  })

  it('should say what is wrong when the server does not answer, and go on once it does', async () => {
    await page.route('**/api/plans', (route) => route.fulfill({ status: 503, body: '' }))
    await page.goto(serving.address)
    const alert = page.getByRole('alert')
    await alert.waitFor()
    expect(await alert.textContent()).toContain('连接不上服务')
    await page.unroute('**/api/plans')
    await alert.getByRole('button', { name: '重试' }).click()
    await town(BAIHE).waitFor()
    // The browser complains of each refused answer.
    expect(complaints.splice(0).every((complaint) => complaint.includes('503'))).toBe(true)
  })
})

describe('the map of a district that has reported nothing', () => {
  it('should show the plan, say what to do next, and claim no zeros', { timeout: 240_000 }, async () => {
    const serving = await serve({ empty: true })
    const browser = await launch()
    try {
      const page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
      await page.goto(serving.address)
      await page.getByRole('heading', { name: '清单已就绪，还没有进度上报' }).waitFor()
      expect(await page.locator(`[data-town="${BAIHE}"]`).textContent()).toContain('无审定数据')
      expect(await page.getByText('演示数据', { exact: true }).count()).toBe(0)
      await page.locator('[data-task="14"]').click()
      await poll(() => page.getByRole('complementary').textContent()).toContain('12300')
    } finally {
      await browser.close()
      await serving.stop()
    }
  })
})
