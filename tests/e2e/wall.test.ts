/** Where nobody works and many look: the wall in the hall. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_PASSWORD } from '../../server/account/first.ts'
import { launch } from './browser.ts'
import { eventually, openScreen, seriousFindings, type Screen } from './screens.ts'
import { serve, type Serving } from './serve.ts'

const SIZE = { width: 1920, height: 1080 }
const PAGES = ['overview', 'categories', 'towns', 'trends', 'due']

describe('the wall', () => {
  let serving: Serving
  let browser: Browser
  let dataDir: string
  const start = (env?: Record<string, string>) => serve({ dataDir, env: { READING: 'signed-in', ...env } })
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'xiangtu-wall-'))
    ;[serving, browser] = await Promise.all([start(), launch()])
  })
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
    await rm(dataDir, { recursive: true, force: true })
  })

  const end = async ({ page, guard, complaints }: Screen, ...expected: string[]) => {
    await page.unrouteAll({ behavior: 'wait' })
    guard.check()
    expect(complaints.filter((line) => !expected.some((known) => line.includes(known)))).toEqual([])
    await page.context().close()
  }
  const shown = (page: Page) => page.locator('.wall').getAttribute('data-page')
  /** As an administrator, by the API. */
  const admin = async <T>(path: string, data: object): Promise<T> => {
    const context = await browser.newContext()
    await context.request.post(`${serving.address}/api/session`, { data: { account: 'admin', password: DEMO_PASSWORD } })
    const answer = await context.request.post(`${serving.address}${path}`, { data })
    expect(answer.ok()).toBe(true)
    const body = (await answer.json()) as T
    await context.close()
    return body
  }
  const issue = () => admin<{ token: { id: number }; secret: string }>('/api/wall/tokens', { name: '大厅', due: true, expiresAt: null })
  /** With the clock in the test's hand. */
  const hang = async (query: string, secret: string) => {
    const screen = await openScreen(browser, 'about:blank', SIZE)
    await screen.page.clock.install({ time: new Date('2026-11-26T08:00:00') })
    await screen.page.goto(`${serving.address}/wall${query}#token=${secret}`)
    await screen.page.locator('.sheet').waitFor()
    return screen
  }
  /** The page asks for what anybody's first screen needs, before it knows that it is the wall's; where reading needs an account that is refused. */
  const PRELOADED = ['401', '/api/plans']

  it('should be opened by a token that an administrator issues, once for all', async () => {
    const screen = await openScreen(browser, `${serving.address}/admin/walls`, { width: 1366, height: 768 }, 'admin')
    const { page } = screen
    await page.getByRole('button', { name: '发放令牌' }).first().click()
    await page.getByLabel('挂在哪里').fill('一楼大厅')
    await page.getByLabel('可显示督办单和问题台账的数字').check()
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: '发放令牌' }).click()
    const address = (await page.getByRole('dialog').locator('code').textContent())!
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/wall#token=[\w-]{43}$/)
    await page.getByRole('button', { name: '已抄录' }).click()
    await page.getByRole('rowheader', { name: '一楼大厅' }).waitFor()
    expect(await page.content()).not.toContain(address.split('=')[1])
    expect(await seriousFindings(page)).toEqual([])

    // Another machine, where nobody is signed in.
    const wall = await openScreen(browser, address, SIZE)
    await wall.page.locator('[data-town]').first().waitFor()
    expect(await wall.page.locator('[data-town]').count()).toBe(11)
    await wall.page.getByText('数据截至 2023年12月31日').waitFor()
    expect(await wall.page.getByRole('banner').count()).toBe(0)
    for (const [i, name] of PAGES.entries()) {
      await wall.page.keyboard.press(String(i + 1))
      await eventually(() => shown(wall.page)).toBe(name)
      expect(await wall.page.getByText('演示', { exact: true }).count()).toBeGreaterThan(0)
      if (name === 'overview' || name === 'towns') expect(await seriousFindings(wall.page), name).toEqual([])
      // Nothing runs out of the window.
      expect(await wall.page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight])).toEqual([SIZE.width, SIZE.height])
    }
    await end(wall, ...PRELOADED)
    await page.reload()
    await page.getByText('来自 127.0.0.1').waitFor()
    await page.getByRole('button', { name: '停用“一楼大厅”' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '停用' }).click()
    await page.getByText('“一楼大厅”已停用').waitFor()
    await end(screen)
  })

  it('should turn its pages by itself, by keys, by swiping, and stand still when told to', async () => {
    const screen = await hang('?seconds=10&pages=overview,towns,trends', (await issue()).secret)
    const { page } = screen
    expect(await shown(page)).toBe('overview')
    for (const next of ['towns', 'trends', 'overview']) {
      await page.clock.runFor(10_000)
      await eventually(() => shown(page)).toBe(next)
    }
    for (const [key, next] of [['ArrowRight', 'towns'], ['ArrowLeft', 'overview'], ['ArrowLeft', 'trends'], ['2', 'towns'], ['9', 'towns']] as const) {
      await page.keyboard.press(key)
      await eventually(() => shown(page)).toBe(next)
    }
    await page.keyboard.press(' ')
    await page.getByText('已暂停').waitFor()
    await page.clock.runFor(60_000)
    expect(await shown(page)).toBe('towns')
    await page.keyboard.press('Escape')
    await page.clock.runFor(10_000)
    await eventually(() => shown(page)).toBe('trends')
    await page.mouse.move(400, 500)
    await page.mouse.down()
    await page.mouse.move(900, 520, { steps: 4 })
    await page.mouse.up()
    await eventually(() => shown(page)).toBe('towns')
    await page.keyboard.press('f')
    await eventually(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(true)
    await end(screen, ...PRELOADED)
  })

  it('should say since when it has had no news, try again, and take up again by itself', async () => {
    const screen = await hang('', (await issue()).secret)
    const { page } = screen
    let asked = 0
    await page.route('**/api/wall*', (route) => {
      asked++
      return route.abort('connectionrefused')
    })
    // Minute by minute, so that each question gets its answer.
    for (let minute = 0; minute < 14; minute++) {
      await page.clock.runFor(60_000)
      await page.evaluate(() => fetch('/healthz'))
    }
    await page.getByRole('alert').filter({ hasText: /数据停在 2026年11月26日 08:0\d，已 1[0-4] 分钟没有更新/ }).waitFor()
    await page.getByText('连接不上服务').waitFor()
    expect(await page.locator('.sheet').count()).toBe(1)
    // First soon, then less and less often: neither given up nor a storm.
    expect(asked).toBeGreaterThan(5)
    expect(asked).toBeLessThan(30)
    await page.unroute('**/api/wall*')
    await eventually(async () => {
      await page.clock.runFor(30_000)
      return page.getByRole('alert').count()
    }).toBe(0)
    await end(screen, ...PRELOADED, 'ERR_CONNECTION_REFUSED')
  })

  it('should outlive the server: killed and started again, the wall goes on with the token that it has', async () => {
    const screen = await hang('', (await issue()).secret)
    const { page } = screen
    const { port } = new URL(serving.address)
    await serving.stop('SIGKILL')
    await eventually(async () => {
      await page.clock.runFor(30_000)
      return page.getByText('连接不上服务').count()
    }).toBe(1)
    expect(await page.locator('.sheet').count()).toBe(1)
    serving = await start({ PORT: port })
    await eventually(async () => {
      await page.clock.runFor(30_000)
      return page.getByRole('alert').count()
    }).toBe(0)
    expect(await page.locator('.sheet').count()).toBe(1)
    await end(screen, ...PRELOADED, 'ERR_CONNECTION_REFUSED', 'ERR_CONNECTION_RESET', 'ERR_EMPTY_RESPONSE')
  })

  it('should go dark within one refresh once its token is revoked', async () => {
    const { token, secret } = await issue()
    const screen = await hang('', secret)
    await admin(`/api/wall/tokens/${token.id}/revoke`, {})
    await screen.page.clock.runFor(3 * 60_000 + 2000)
    await screen.page.getByText('大屏令牌不可用：令牌已停用').waitFor()
    expect(await screen.page.locator('.sheet').count()).toBe(0)
    expect(await screen.page.getByText('青浦区').count()).toBe(0)
    await end(screen, ...PRELOADED, '/api/wall')
  })

  it('should load itself anew when another version was put in place, and only once', async () => {
    const screen = await hang('', (await issue()).secret)
    const { page } = screen
    let loads = 0
    page.on('load', () => loads++)
    await page.route('**/wall', async (route) => {
      if (route.request().resourceType() === 'document') return route.fallback()
      const answer = await route.fetch()
      return route.fulfill({ response: answer, body: (await answer.text()).replace(/(<script[^>]+src=")[^"]+/, '$1/assets/another.js') })
    })
    for (let i = 0; i < 3; i++) {
      await page.clock.runFor(3 * 60_000 + 2000)
      await page.locator('.sheet').waitFor()
      await eventually(() => loads).toBe(1)
    }
    await end(screen, ...PRELOADED)
  })

  it('should be no fatter after a week', async () => {
    const screen = await hang('?seconds=5', (await issue()).secret)
    const { page } = screen
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Performance.enable')
    await devtools.send('HeapProfiler.enable')
    const turnRound = async (times: number) => {
      for (let i = 0; i < times; i++) {
        // Each page and a whole refresh, several hours in all.
        for (const key of ['1', '2', '3', '4', '5']) await page.keyboard.press(key)
        await page.clock.runFor(190_000)
        await page.evaluate(() => fetch('/healthz'))
      }
      await page.keyboard.press('1')
      await eventually(() => shown(page)).toBe('overview')
    }
    await turnRound(10)
    const before = await measured(devtools)
    await turnRound(40)
    const after = await measured(devtools)
    expect(after.nodes).toBeLessThan(before.nodes * 1.1 + 200)
    expect(after.listeners).toBeLessThan(before.listeners * 1.1 + 20)
    expect(after.heap).toBeLessThan(before.heap * 1.15 + 1_500_000)
    await end(screen, ...PRELOADED)
  })
})

/** What the page holds on to, after what is garbage was collected. */
async function measured(devtools: CDPSession): Promise<{ nodes: number; listeners: number; heap: number }> {
  for (let i = 0; i < 3; i++) await devtools.send('HeapProfiler.collectGarbage')
  const { metrics } = await devtools.send('Performance.getMetrics')
  const of = (name: string) => metrics.find((metric) => metric.name === name)!.value
  return { nodes: of('Nodes'), listeners: of('JSEventListeners'), heap: of('JSHeapUsedSize') }
}
