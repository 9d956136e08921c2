/** Where nobody works and many look: the wall in the hall, and the map in a meeting. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
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

describe('presenting', () => {
  let serving: Serving
  let browser: Browser
  beforeAll(async () => {
    ;[serving, browser] = await Promise.all([serve(), launch()])
  })
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
  })
  const views = (page: Page) => page.getByRole('dialog').getByRole('listitem')
  const town = (page: Page) => new URL(page.url()).searchParams.get('town')

  it('should save views by number, put them in order, rename them, and have one back that was deleted', async () => {
    const screen = await openScreen(browser, `${serving.address}/?month=2023-09`, { width: 1366, height: 768 }, 'leader')
    const { page } = screen
    const save = async (query: string, name: string | null) => {
      await page.goto(`${serving.address}/${query}`)
      await page.getByRole('button', { name: '视图', exact: true }).click()
      const field = page.getByLabel('把当前视图存为')
      // It comes with the list.
      await field.waitFor()
      const before = await views(page).count()
      if (name === null) await eventually(() => field.inputValue()).toBe('2023年9月')
      else await field.fill(name)
      await page.getByRole('button', { name: '保存', exact: true }).click()
      await eventually(() => views(page).count()).toBe(before + 1)
    }
    await save('?month=2023-09', null)
    await save('?month=2023-09&town=310118110', '白鹤')
    await save('?task=14&lang=zh-CN', '水稻')
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: '上移“水稻”' }).click()
    await eventually(() => views(page).nth(1).getByRole('link').textContent()).toBe('水稻')
    await page.getByRole('button', { name: '删除“2023年9月”' }).click()
    await eventually(() => views(page).count()).toBe(2)
    await page.getByRole('button', { name: '撤销' }).click()
    await eventually(() => views(page).first().getByRole('link').textContent()).toBe('2023年9月')
    await page.getByRole('button', { name: '改名“白鹤”' }).click()
    await page.getByLabel('“白鹤”的新名称').fill('白鹤镇')
    await page.getByRole('button', { name: '确定' }).click()
    await page.getByRole('link', { name: '白鹤镇', exact: true }).click()
    await eventually(() => town(page)).toBe('310118110')

    // Somebody else has views of their own.
    const other = await openScreen(browser, serving.address, undefined, 'office')
    await other.page.getByRole('button', { name: '视图', exact: true }).click()
    await other.page.getByText('还没有保存过视图').waitFor()
    for (const one of [screen, other]) {
      one.guard.check()
      expect(one.complaints).toEqual([])
      await one.page.context().close()
    }
  })

  it('should show them one after the other by keys, with nothing but the map and its reasons', async () => {
    const { page, guard, complaints } = await openScreen(browser, `${serving.address}/?month=2023-09`, { width: 1366, height: 768 }, 'planner')
    const kept = (await (await page.request.get(`${serving.address}/api/views`)).json()) as { id: number }[]
    for (const { id } of kept) await page.request.delete(`${serving.address}/api/views/${id}`)
    for (const [name, query] of [['2023年9月', 'month=2023-09'], ['水稻', 'task=14'], ['白鹤镇', 'month=2023-09&town=310118110']]) await page.request.post(`${serving.address}/api/views`, { data: { name, query } })
    await page.getByRole('button', { name: '视图', exact: true }).click()
    await eventually(() => views(page).count()).toBe(3)
    await page.getByRole('button', { name: '开始汇报' }).click()
    await page.getByRole('heading', { name: '2023年9月' }).waitFor()
    expect(await page.getByRole('navigation', { name: '主导航' }).count()).toBe(0)
    expect(await page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize))).toBeGreaterThanOrEqual(18)
    await page.getByRole('complementary', { name: '亮灯原因' }).waitFor()
    for (const [key, name] of [['ArrowRight', '水稻'], ['ArrowRight', '白鹤镇'], ['ArrowRight', '2023年9月'], ['ArrowLeft', '白鹤镇'], ['2', '水稻']] as const) {
      await page.keyboard.press(key)
      await page.getByRole('heading', { name, level: 1 }).first().waitFor()
    }
    expect(new URL(page.url()).searchParams.get('task')).toBe('14')
    // Asking on from a view leaves the row and the presentation where they are.
    await page.locator('[data-town="310118110"]').click()
    await eventually(() => town(page)).toBe('310118110')
    await page.getByText('– / 3').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: '结束' }).click()
    await page.getByRole('navigation', { name: '主导航' }).waitFor()
    expect(new URL(page.url()).searchParams.has('present')).toBe(false)
    expect(await page.evaluate(() => document.documentElement.className)).not.toContain('presenting')
    guard.check()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  // What of the screen's own is never read on paper.
  const CONTROLS = 'nav, .button, [role=toolbar], input[type=file]'
  it.each([
    ['/', '白鹤'],
    ['/tasks', '稳定粮食生产'],
    ['/lights', '稳定粮食生产'],
    ['/towns/310118110', '白鹤镇'],
    ['/reports?town=310118110', '白鹤镇'],
    ['/reconciliation', '账图核对'],
    ['/findings', '问题台账'],
    ['/planning', '规划'],
  ])('should print %s: what is read, whose and of when, and nothing that is pressed or wider than the sheet', async (path, words) => {
    const { page, guard } = await openScreen(browser, `${serving.address}${path}`, { width: 1366, height: 768 }, 'office')
    await page.locator('main').getByText(words).first().waitFor({ state: 'attached' })
    await page.emulateMedia({ media: 'print' })
    await eventually(() => page.locator(CONTROLS).locator('visible=true').count()).toBe(0)
    const pdf = await page.pdf({ preferCSSPageSize: true })
    const text = (await textOf(pdf)).replace(/\s+/g, '')
    for (const wanted of [words, '演示', '数据截至2023年12月31日', '区乡村振兴办打印于20', '1/']) expect(text, wanted).toContain(wanted)
    // The bar's words on top, and the button that signs out.
    for (const unwanted of ['亮灯矩阵任务街镇', '月度工作', '退出']) expect(text, unwanted).not.toContain(unwanted)
    // As wide as the sheet that the screen asks for, less its margins.
    const sheet = path === '/lights' ? 1527 : await page.locator('.paper-wide').count() ? 1046 : 702
    await page.setViewportSize({ width: sheet, height: 900 })
    await eventually(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(sheet)
    guard.check()
    await page.context().close()
  })

  it('should print every screen that there is: whose and of when, nothing that is pressed, nothing dark, nothing white on white', async () => {
    const office = await browser.newContext()
    await office.request.post(`${serving.address}/api/session`, { data: { account: 'office', password: DEMO_PASSWORD } })
    const made = async (path: string, data: object) => ((await (await office.request.post(`${serving.address}${path}`, { data })).json()) as { id: number }).id
    const view = { plan: 2023, month: '2023-09' }
    const ids = {
      snapshot: await made('/api/snapshots', { view, dpi: 72 }),
      pack: await made('/api/packs', view),
      order: ((await (await office.request.get(`${serving.address}/api/plans/2023/orders`)).json()) as { id: number }[])[0]!.id,
    }
    const { hash } = (await (await office.request.get(`${serving.address}/api/snapshots/${ids.snapshot}`)).json()) as { hash: string }
    await office.close()
    // Who sees the most of it; what a screen has to have been given first is said by the screen itself.
    const PLACES: Record<string, readonly (readonly [who: string, path: string])[]> = {
      '/': [['leader', '/?month=2023-09&task=15']],
      '/lights': [['leader', '/lights']],
      '/tasks': [['leader', '/tasks']],
      '/tasks/:no(\\d+)': [['leader', '/tasks/14']],
      '/towns': [['leader', '/towns']],
      '/towns/:code': [['leader', '/towns/310118110']],
      '/reports': [['town-310118110', '/reports?town=310118110']],
      '/reviews': [['office', '/reviews']],
      '/months': [['office', '/months?month=2023-09']],
      '/months/:month(\\d{4}-\\d{2})/frozen/:version(\\d+)': [['office', '/months/2023-08/frozen/1']],
      '/meetings': [['office', '/meetings']],
      '/meetings/:month(\\d{4}-\\d{2})': [['office', '/meetings/2023-09']],
      '/snapshots': [['office', '/snapshots']],
      '/snapshots/new': [['office', '/snapshots/new?month=2023-09']],
      "/${kind === 'atlas' ? 'atlases' : `${kind}s`}/:id(\\d+)": [['office', `/snapshots/${ids.snapshot}`], ['office', `/packs/${ids.pack}`]],
      '/s/:hash([0-9a-f]{12})': [['office', `/s/${hash.slice(0, 12)}`]],
      '/notices': [['leader', '/notices']],
      '/notices/:id(\\d+)': [['leader', '/notices/1']],
      '/admin/notices/:id(\\d+)': [['office', '/admin/notices/1']],
      '/planning': [['planner', '/planning']],
      '/reconciliation': [['planner', '/reconciliation']],
      '/planning/imports': [['planner', '/planning/imports']],
      '/planning/imports/:id(\\d+)': [['planner', '/planning/imports/1']],
      '/admin/lists': [['office', '/admin/lists']],
      '/admin/lists/:id': [['office', '/admin/lists/1']],
      '/admin/towns': [['office', '/admin/towns']],
      '/admin/people': [['admin', '/admin/people']],
      '/admin/rights': [['admin', '/admin/rights']],
      '/admin/audit': [['auditor', '/admin/audit']],
      '/me': [['office', '/me']],
      '/inbox': [['office', '/inbox']],
      '/orders/:id(\\d+)?': [['office', '/orders'], ['office', `/orders/${ids.order}`]],
      '/findings/:id(\\d+)?': [['office', '/findings'], ['office', '/findings/1']],
      '/checks': [['planner', '/checks']],
      '/checks/:id(\\d+)': [['planner', '/checks/1']],
      '/reminders': [['office', '/reminders']],
      '/admin/rules': [['office', '/admin/rules']],
      '/admin/channels': [['admin', '/admin/channels']],
      '/admin/walls': [['admin', '/admin/walls']],
      '/wall': [],
      '/admin/letters': [['office', '/admin/letters']],
      '/login': [['planner', '/login']],
      '/:rest(.*)*': [['planner', '/nowhere']],
    }
    expect(ROUTES.filter((path) => !PLACES[path])).toEqual([])
    const screens = new Map<string, Screen>()
    for (const [who, path] of ROUTES.flatMap((route) => PLACES[route]!)) {
      if (!screens.has(who)) screens.set(who, await openScreen(browser, `${serving.address}/me`, { width: 1366, height: 768 }, who))
      const { page } = screens.get(who)!
      await page.emulateMedia({ media: 'screen' })
      await page.goto(`${serving.address}${path}`)
      await page.locator('#main :is(h1, h2, .empty, [role=alert])').first().waitFor({ state: 'attached' })
      await eventually(() => page.locator('#main .loading').count()).toBe(0)
      await page.emulateMedia({ media: 'print' })
      await eventually(() => page.evaluate(paperFaults).then((faults) => faults.map((fault) => `${path} ${fault}`))).toEqual([])
    }
    for (const { page, guard } of screens.values()) {
      guard.check()
      await page.context().close()
    }
  }, 900_000)
})

/** What stands in the router, pattern by pattern. */
const ROUTES = [...new Set([...readFileSync(new URL('../../client/router.ts', import.meta.url), 'utf8').matchAll(/^ {2,4}\{? ?path: (['`])(.+?)\1,/gm)].map(([, , path]) => path!.replaceAll('\\\\', '\\')))].filter((path) => path !== '/admin')

/** What is wrong with a screen on paper, as it stands in the page. */
function paperFaults(): string[] {
  const seen = (element: Element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && element.getBoundingClientRect().width > 1
  const faults: string[] = []
  const rgb = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number)
  const light = (colour: string) => { const [r = 0, g = 0, b = 0] = rgb(colour); return (r * 0.3 + g * 0.59 + b * 0.11) / 255 }
  const opaque = (colour: string) => colour.startsWith('rgb(') || (rgb(colour)[3] ?? 0) > 0.5
  const where = (element: Element) => `${element.tagName}.${element.getAttribute('class') ?? ''} ${element.textContent?.trim().slice(0, 40)}`
  for (const element of document.querySelectorAll('#main nav, .bar nav, .button, [role=toolbar], [role=tablist], input[type=file]')) if (seen(element)) faults.push(`is pressed: ${where(element)}`)
  // What is read on what: white on white, or a sheet full of black ink.
  const below = (element: Element | null): string => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(at)
      if (backgroundImage !== 'none') return 'none'
      if (opaque(backgroundColor)) return backgroundColor
    }
    return 'rgb(255, 255, 255)'
  }
  for (const element of document.querySelectorAll('#app *')) {
    if (element.closest('svg') || !seen(element)) continue
    const { width, height } = element.getBoundingClientRect()
    const { backgroundColor, color } = getComputedStyle(element)
    if (width * height > 60_000 && opaque(backgroundColor) && light(backgroundColor) < 0.5) faults.push(`is dark: ${where(element)}`)
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim())) continue
    const ground = below(element)
    if (ground !== 'none' && Math.abs(light(color) - light(ground)) < 0.15) faults.push(`is not read: ${color} on ${ground} ${where(element)}`)
  }
  const line = document.querySelector('.printed')
  if (!line || !seen(line)) faults.push('nothing says who printed it')
  return [...new Set(faults)].slice(0, 6)
}

/** The words of a PDF. */
async function textOf(pdf: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'xiangtu-print-'))
  try {
    await writeFile(join(folder, 'a.pdf'), pdf)
    return (await promisify(execFile)('pdftotext', ['-layout', join(folder, 'a.pdf'), '-'])).stdout
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What the page holds on to, after what is garbage was collected. */
async function measured(devtools: CDPSession): Promise<{ nodes: number; listeners: number; heap: number }> {
  for (let i = 0; i < 3; i++) await devtools.send('HeapProfiler.collectGarbage')
  const { metrics } = await devtools.send('Performance.getMetrics')
  const of = (name: string) => metrics.find((metric) => metric.name === name)!.value
  return { nodes: of('Nodes'), listeners: of('JSEventListeners'), heap: of('JSHeapUsedSize') }
}
