import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_PASSWORD } from '../../server/account/first.ts'
import { IN_BAIHE, jpegOf } from '../geo/attachment/jpeg.ts'
import { launch } from './browser.ts'
import { openScreen, seriousFindings, type Screen } from './screens.ts'
import { serve, type Serving } from './serve.ts'

const BAIHE = '310118110'
/** A machine beside other work takes its time. */
const PATIENCE = { timeout: 90_000 }

/** The ledger through the browser, with the server's clock in June of the demonstration's year and then in July. */
describe('the findings ledger', () => {
  let browser: Browser
  let serving: Serving
  let folder: string
  const screens: Screen[] = []
  const open = async (path: string, account: string, size?: { width: number; height: number }) => {
    const screen = await openScreen(browser, serving.address + path, size, account)
    screens.push(screen)
    screen.page.setDefaultTimeout(PATIENCE.timeout)
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
  const state = (page: Page, word: string) => page.locator('.drawer .mark', { hasText: word }).waitFor(PATIENCE)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'xiangtu-findings-'))
    await writeFile(join(folder, 'found.jpg'), jpegOf({ ...IN_BAIHE, takenAt: '2023:06:08 09:30:05' }))
    await writeFile(join(folder, 'fixed.jpg'), jpegOf())
    await writeFile(join(folder, 'ledger.csv'), '\ufeff任务,问题,经度,纬度,发现日期\r\n17,违规垂钓,121.136,31.2431,2023-06-06\r\n17,地笼网,121.47,31.23,2023-06-06\r\n')
    ;[browser, serving] = await Promise.all([launch(), serve({ dataDir: join(folder, 'data'), env: { CLOCK: '2023-06-12T09:00:00+08:00' } })])
  })
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('should take a finding from the town with a photo’s place over the department to the office', async () => {
    const town = await open('/findings', `town-${BAIHE}`)
    await town.locator('.ledger tbody tr').first().waitFor()
    await town.getByRole('button', { name: '挂账', exact: true }).click()
    await town.locator('.form select').first().selectOption('13')
    await town.locator('.form input').first().fill('集镇商铺擅自加层')
    await town.locator('.form').getByLabel('安全码').selectOption('red')
    await town.locator('.form input[type=file]').setInputFiles(join(folder, 'found.jpg'))
    await town.getByText('31.24267, 121.13500').waitFor()
    expect(await town.locator('.form').getByLabel('经度').inputValue()).toBe('121.135')
    expect(await town.locator('.form').getByLabel('发现日期').inputValue()).toBe('2023-06-08')
    await town.locator('.form').getByRole('button', { name: '挂账' }).click()
    await state(town, '挂账待整改')
    await town.locator('.drawer img').waitFor()
    await town.getByRole('button', { name: '报整改' }).click()
    await town.getByLabel('整改情况').fill('已拆除加建部分')
    expect(await town.getByRole('button', { name: '确认报整改' }).isDisabled()).toBe(true)
    const chooser = town.waitForEvent('filechooser')
    await town.getByRole('button', { name: '添加整改后照片' }).click()
    await (await chooser).setFiles(join(folder, 'fixed.jpg'))
    await expect.poll(() => town.getByRole('button', { name: '确认报整改' }).isEnabled(), PATIENCE).toBe(true)
    await town.getByRole('button', { name: '确认报整改' }).click()
    await state(town, '已整改待销账')
    expect(await town.getByRole('button', { name: '销账' }).isDisabled()).toBe(true)
    const path = new URL(town.url()).pathname

    const leads = await town.evaluate(() => fetch('/api/plans/2023/tasks').then((answer) => answer.json() as Promise<{ no: number; leads: string[] }[]>))
    const departments = [...new Set(leads.flatMap((task) => task.leads))]
    const account = `dept-${String(departments.indexOf(leads.find(({ no }) => no === 13)!.leads[0]!) + 1).padStart(2, '0')}`
    const department = await open(path, account)
    await state(department, '已整改待销账')
    await department.getByRole('button', { name: '销账', exact: true }).click()
    await department.getByRole('button', { name: '确认销账' }).click()
    await state(department, '已销账待复核')

    const office = await open(path, 'office')
    await office.getByRole('button', { name: '复核通过', exact: true }).click()
    await office.getByRole('button', { name: '确认复核通过' }).click()
    await state(office, '已复核')
    expect(await office.locator('.drawer ol li').count()).toBe(4)
    await done()
  })

  it('should give a place by a click on the map, try a file without writing, and keep what is chosen in the address', async () => {
    const page = await open(`/findings?task=17&town=${BAIHE}&state=open`, 'office')
    await page.locator('.controls').waitFor()
    expect(await page.getByLabel('状态').inputValue()).toBe('open')
    await page.getByRole('button', { name: '挂账', exact: true }).click()
    const box = (await page.locator('.on-map').boundingBox())!
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
    await expect.poll(() => page.locator('.form').getByLabel('经度').inputValue(), PATIENCE).toMatch(/^12[01]\.\d{2,6}$/)
    await page.getByRole('button', { name: '取消' }).click()
    await page.getByRole('button', { name: '批量导入' }).click()
    await page.locator('dialog input[type=file]').setInputFiles(join(folder, 'ledger.csv'))
    await page.locator('dialog tbody tr', { hasText: '位置不在本区' }).waitFor()
    expect(await page.locator('dialog tbody th').allTextContents()).toEqual(['C3'])
    expect(await page.getByRole('button', { name: /^全部导入/ }).isDisabled()).toBe(true)
    await page.locator('dialog').getByRole('button', { name: '关闭' }).click()
    await done()
  })

  it('should remind of what is overdue by the server’s clock, and count it', async () => {
    const { dataDir } = serving
    const hung = await fetch(`${serving.address}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account: `town-${BAIHE}`, password: DEMO_PASSWORD }) })
    const cookie = hung.headers.get('set-cookie')!.split(';')[0]!
    const content = { task: 17, title: '“三无”船舶停靠', place: [121.135, 31.2427], foundOn: '2023-06-12', dueOn: '2023-06-19' }
    expect((await fetch(`${serving.address}/api/plans/2023/findings`, { method: 'POST', headers: { 'content-type': 'application/json', cookie }, body: JSON.stringify(content) })).status).toBe(201)
    await serving.stop()
    serving = await serve({ dataDir, env: { CLOCK: '2023-06-26T09:00:00+08:00' } })
    const town = await open('/inbox', `town-${BAIHE}`)
    // The first start has half a year of nights to record before it reminds anybody.
    const kinds = () => town.evaluate(() => fetch('/api/inbox').then((answer) => answer.json() as Promise<{ items: { kind: string }[] }>)).then(({ items }) => items.map(({ kind }) => kind))
    await expect.poll(kinds, { timeout: 180_000, interval: 2000 }).toContain('finding-overdue')
    await town.reload()
    const entry = town.locator('li a[href*="/findings"]', { hasText: '逾期未整改' }).first()
    await entry.click()
    await town.locator('.ledger tr', { hasText: '“三无”船舶停靠' }).first().waitFor()
    expect(await town.locator('.ledger .mark.overdue').count()).toBeGreaterThan(0)
    await town.getByText('动态清零', { exact: true }).click()
    await town.locator('.counts tr.total').waitFor()
    await done()
  })

  it.each([
    ['/findings', 'office'],
    ['/findings/1', 'office'],
    ['/findings?show=counts', 'leader'],
    ['/findings?lang=en', 'auditor'],
  ])('should give axe nothing serious to say: %s', async (path, account) => {
    const page = await open(path, account)
    await page.locator(path.includes('counts') ? '.counts table' : '.ledger tbody tr').first().waitFor()
    await page.waitForLoadState('load')
    expect(await seriousFindings(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await done()
  })
})
