import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch } from './browser.ts'
import { eventually, openScreen, seriousFindings, type Screen } from './screens.ts'
import { serve, type Serving } from './serve.ts'

interface Order {
  id: number
  ownerTown: string
  source: string
}

/** The product in July of its demonstration year: the jobs have a past half year to record, red lights to make orders of, and people to tell. */
describe('lights that escalate', () => {
  let browser: Browser
  let serving: Serving
  let order: Order
  const screens: Screen[] = []
  const open = async (path: string, account: string, size?: { width: number; height: number }) => {
    const screen = await openScreen(browser, serving.address + path, size, account)
    screens.push(screen)
    await screen.page.waitForSelector('h1')
    return screen.page
  }
  const done = async () => {
    for (const { page, guard, complaints } of screens.splice(0)) {
      guard.check()
      expect(complaints).toEqual([])
      await page.context().close()
    }
  }
  beforeAll(async () => {
    ;[browser, serving] = await Promise.all([launch(), serve({ env: { CLOCK: '2023-07-06T09:00:00+08:00' } })])
    const page = await open('/orders', 'office')
    const orders = () => page.evaluate(() => fetch('/api/plans/2023/orders').then(async (answer) => ((await answer.json()) as Order[]).filter(({ source }) => source === 'rule')))
    // The first start has half a year of nights to record.
    for (let seconds = 0; (await orders()).length === 0 && seconds < 120; seconds++) await page.waitForTimeout(1000)
    order = (await orders()).find(({ ownerTown }) => ownerTown !== null)!
    await done()
  })
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
  })

  it('should bring an order from the town’s inbox to its answer and its closing, live on the other side', async () => {
    const office = await open('/orders', 'office')
    const bell = office.locator('.bell .aside')
    await eventually(() => bell.textContent()).toContain('未读 0 条')
    const town = await open('/inbox', `town-${order.ownerTown.toLowerCase()}`)
    const entry = town.locator('li', { hasText: '督办单' }).filter({ has: town.locator(`a[href*="/orders/${order.id}"]`) })
    expect(await entry.getAttribute('class')).toContain('unread')
    await entry.locator('a').click()
    await town.waitForURL(new RegExp(`/orders/${order.id}`))
    await town.getByRole('button', { name: '回复', exact: true }).click()
    await town.getByLabel('回复内容').fill('已制定整改计划，8 月底前完成')
    await town.getByRole('button', { name: '确认回复' }).click()
    await town.locator('aside .state', { hasText: '已回复待销号' }).waitFor()
    // Nobody loaded the office's page again.
    await eventually(() => bell.textContent()).toContain('未读 1 条')
    await office.locator('.bell').click()
    await office.locator('li.unread a', { hasText: '已制定整改计划' }).click()
    await office.getByRole('button', { name: '销号', exact: true }).click()
    await office.getByRole('button', { name: '确认销号' }).click()
    await office.locator('aside .state', { hasText: '已销号' }).waitFor()
    await eventually(() => bell.textContent()).toContain('未读 0 条')
    await done()
  })

  it('should issue an order by hand, and show a town none of the others’', async () => {
    const office = await open('/orders', 'office')
    await office.getByRole('button', { name: '签发督办单' }).click()
    await office.getByLabel('责任单位').selectOption({ label: '重固镇' })
    await office.getByLabel('事由').fill('河道保洁不到位')
    await office.getByLabel('要求').fill('一周内整改并报送照片')
    await office.locator('dialog').getByRole('button', { name: '签发督办单' }).click()
    await office.locator('aside h2', { hasText: '河道保洁不到位' }).waitFor()
    const other = await open('/orders', 'town-310118002')
    await other.waitForSelector('.list > *')
    expect(await other.getByText('河道保洁不到位').count()).toBe(0)
    expect(await other.getByRole('button', { name: '签发督办单' }).isDisabled()).toBe(true)
    await done()
  })

  it('should show what other thresholds would have done before they can be saved', async () => {
    const page = await open('/admin/rules', 'office')
    await page.getByLabel('绿灯：落后不超过').fill('2')
    await page.getByLabel('黄灯：落后不超过').fill('8')
    expect(await page.getByRole('button', { name: '保存新版本' }).count()).toBe(0)
    await page.getByRole('button', { name: '试算' }).click()
    await page.locator('.back-test').waitFor()
    expect(await page.locator('.back-test tbody tr').count()).toBe(6)
    await page.locator('.back-test summary').last().click()
    expect(await page.locator('.back-test li').count()).toBeGreaterThan(0)
    await page.getByLabel('调整原因').fill('年底冲刺从严')
    await page.getByRole('button', { name: '保存新版本' }).click()
    await page.getByText('已保存为新版本').waitFor()
    expect(await page.locator('table').last().locator('tbody tr').count()).toBe(2)
    await done()
  })

  it('should show the recorded year of a light with its reasons', async () => {
    const page = await open('/lights?month=2023-06&task=14&town=310118105', 'leader')
    await page.locator('.history li').first().waitFor()
    expect(await page.locator('.history .run').count()).toBe(await page.locator('.history li').count())
    expect(await seriousFindings(page)).toEqual([])
    await done()
  })

  it.each([
    ['/inbox', 'town-310118103'],
    ['/orders/1', 'office'],
    ['/reminders', 'office'],
    ['/admin/rules', 'office'],
    ['/admin/rules?tab=reminders', 'office'],
    ['/admin/rules?tab=calendar', 'office'],
    ['/admin/channels', 'admin'],
    ['/orders?lang=en', 'leader'],
  ])('should give axe nothing serious to say: %s', async (path, account) => {
    const page = await open(path, account)
    await page.waitForLoadState('load')
    await page.waitForTimeout(500)
    expect(await seriousFindings(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await done()
  })
})
