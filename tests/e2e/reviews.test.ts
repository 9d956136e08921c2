import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { DEMO_PASSWORD } from '../../server/account/first.ts'
import { launch } from './browser.ts'
import { eventually, openScreen, seriousFindings } from './screens.ts'
import { serve, type Serving } from './serve.ts'

interface Item {
  measure: string
  town: string
  month: string
  version: number
  value: number
  next: string[]
}
const BAIHE = '310118110'
const TOWNS = [BAIHE, '310118103', '310118105']

describe('reviews', () => {
  let serving: Serving
  let browser: Browser

  async function asking(account: string) {
    const to = (path: string) => `${serving.address}/api${path}`
    const json = { 'content-type': 'application/json' }
    const signedIn = await fetch(to('/session'), { method: 'POST', headers: json, body: JSON.stringify({ account, password: DEMO_PASSWORD }) })
    const headers = { ...json, cookie: signedIn.headers.get('set-cookie')!.split(';')[0]! }
    return {
      raw: async (method: string, path: string, body: object) => (await fetch(to(path), { method, headers, body: JSON.stringify(body) })).status,
      get: async <T>(path: string) => (await (await fetch(to(path), { headers })).json()) as T,
      send: async (path: string, reports: object[], method = 'POST') => {
        const answer = await fetch(to(path), { method, headers, body: JSON.stringify({ reports }) })
        expect(answer.status, await answer.clone().text()).toBe(200)
        return (await answer.json()) as Item[]
      },
    }
  }
  const item = async (town: string) => (await asking(`town-${town}`)).get<Item>(`/plans/2023/reviews/2023-12/${town}/14.1`)
  const key = ({ measure, town, month, version }: Item) => ({ measure, town, month, version })

  beforeAll(async () => {
    serving = await serve()
    browser = await launch()
    for (const town of TOWNS) {
      const now = await item(town)
      await (await asking(`town-${town}`)).send('/plans/2023/reports/correct', [
        { ...key(now), value: now.value - 10, words: '演示：测产复核', reason: '重复统计', answers: [{ check: 'below-last', reason: '测产复核' }] },
      ])
    }
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
  })

  it('should return one with a reason, show of its resubmission only what changed, and approve many at once', async () => {
    const { page, complaints, guard } = await openScreen(browser, `${serving.address}/reviews?task=14`, undefined, 'dept-01')
    const rows = page.locator('tbody tr:not(.group)')
    await rows.first().waitFor({ timeout: 60_000 })
    await eventually(() => rows.count()).toBe(3)
    expect(await seriousFindings(page)).toEqual([])

    // One goes back, with its reason.
    await page.getByRole('button', { name: '白鹤镇' }).click()
    const detail = page.getByRole('region', { name: '所选上报' })
    await detail.getByText('重复统计').first().waitFor()
    await detail.getByRole('button', { name: '退回…' }).click()
    await page.keyboard.type('请附测产表')
    await detail.getByRole('button', { name: '退回', exact: true }).click()
    await eventually(() => page.locator('.said').textContent()).toContain('已退回 1 项')
    await eventually(() => rows.count()).toBe(2)

    // The town mends it and hands it in again.
    const town = await asking(`town-${BAIHE}`)
    const returned = await item(BAIHE)
    await town.send('/plans/2023/reports', [{ ...key(returned), value: returned.value + 5 }], 'PUT')
    await town.send('/plans/2023/reports/submit', [{ ...key(returned), version: returned.version + 1 }])
    await page.reload()
    await eventually(() => rows.count()).toBe(3)
    await page.getByRole('button', { name: '白鹤镇' }).click()
    await detail.getByText('请附测产表').first().waitFor()
    expect(await detail.locator('.changed dt').allTextContents()).toEqual(['数值'])

    // All three at once.
    await page.getByRole('checkbox', { name: '选择全部可审核的' }).check()
    await page.getByRole('button', { name: '审核通过 3 项' }).click()
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: '确认通过' }).click()
    await eventually(() => page.locator('.said').textContent()).toContain('已通过 3 项')
    await page.getByText('没有等您审核的上报').or(page.getByText('没有符合筛选条件的上报')).first().waitFor()
    expect((await item(BAIHE)).next).toEqual(['correct'])
    expect(complaints).toEqual([])
    guard.check()
  })

  it('should tell the second of two reviewers that somebody was quicker, and lose nothing', async () => {
    const now = await item(BAIHE)
    await (await asking(`town-${BAIHE}`)).send('/plans/2023/reports/correct', [{ ...key(now), value: now.value + 1, words: '演示', reason: '补报', answers: [{ check: 'below-last', reason: '测产复核' }] }])
    const { page } = await openScreen(browser, `${serving.address}/reviews?task=14`, undefined, 'dept-01')
    await page.getByRole('button', { name: '白鹤镇' }).click()
    const detail = page.getByRole('region', { name: '所选上报' })
    await detail.getByRole('button', { name: '审核通过' }).waitFor()
    const waiting = await item(BAIHE)
    await (await asking('office')).send('/plans/2023/reports/approve', [key(waiting)])
    await detail.getByRole('button', { name: '审核通过' }).click()
    await eventually(() => page.getByRole('alert').allTextContents()).toEqual([expect.stringContaining('白鹤镇 2023年12月')])
    expect((await item(BAIHE)).version).toBe(waiting.version + 1)
  })

  it('should correct a figure of a closed month, and let the office set the levels, in English', async () => {
    const { page, complaints } = await openScreen(browser, `${serving.address}/reviews?list=decided&of=2023-03&task=14&lang=en`, undefined, 'office')
    await page.getByRole('button', { name: 'Baihe' }).click()
    await page.getByRole('button', { name: 'Correct…' }).click()
    const dialog = page.getByRole('dialog')
    const value = Number(await dialog.getByLabel('Corrected value').inputValue())
    await dialog.getByLabel('Corrected value').fill(String(value + 1))
    expect(await dialog.getByRole('button', { name: 'Hand in the correction' }).isDisabled()).toBe(true)
    await dialog.getByLabel('Why (needed)').fill('演示：漏报')
    expect(await seriousFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Hand in the correction' }).click()
    await eventually(() => page.locator('.said').textContent()).toContain('waits for review')

    await page.getByRole('button', { name: 'Review: lead department, within 3 working days' }).click()
    await page.getByRole('checkbox', { name: /approver/ }).check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Review: town, then lead department, within 3 working days' }).waitFor()
    // What the office itself entered waits for others; the town's approver comes first now.
    await page.goto(`${serving.address}/reviews?list=others&task=14&lang=en`)
    await page.getByText('waits for the town').first().waitFor()
    expect(complaints).toEqual([])
  })

  it('should show that submissions wait as well, and lead to their row in the sheet', async () => {
    const town = await asking('town-310118105')
    const { due } = await town.get<{ due: { task: number; kind: string; item: string; town: string; month: string; version: number; may: string[] }[] }>('/plans/2023/sheets/2023-12/310118105')
    const one = due.find(({ task, may }) => task === 7 && may.includes('save'))!
    const key = { task: one.task, kind: one.kind, item: one.item, town: one.town, month: one.month }
    const send = (method: string, path: string, change: object) =>
      town.raw(method, `/plans/2023/submissions${path}`, { submissions: [{ ...key, ...change }] })
    expect(await send('PUT', '', { version: one.version, done: true, words: '演示：已排查' })).toBe(200)
    expect(await send('POST', '/submit', { version: one.version + 1 })).toBe(200)
    const { page, complaints } = await openScreen(browser, `${serving.address}/reviews`, undefined, 'dept-01')
    await page.getByText(/另有 \d+ 项按期报送等您审核/).click()
    await page.getByRole('link', { name: /赵巷镇 2023年12月（\d+ 项）/ }).click()
    await page.waitForSelector('table.sheet')
    await eventually(() => page.getByRole('heading', { level: 1 }).first().textContent()).toContain('填报')
    expect(complaints).toEqual([])
  })
})
