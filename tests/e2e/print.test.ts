/** Every screen on paper. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_PASSWORD } from '../../server/account/first.ts'
import { launch } from './browser.ts'
import { eventually, openScreen, type Screen } from './screens.ts'
import { serve, type Serving } from './serve.ts'

describe('print', () => {
  let serving: Serving
  let browser: Browser
  beforeAll(async () => {
    ;[serving, browser] = await Promise.all([serve(), launch()])
  })
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
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
