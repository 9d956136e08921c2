/** People in the browser: an account is made, used, looked as, signed in by a provider, disabled; the audit trail tells of it. */
import { createServer, type AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase } from '../database/template.ts'
import { CLIENT, startProvider, type TestProvider } from '../server/session/provider.ts'
import { launch } from './browser.ts'
import { eventually, openScreen, seriousFindings, type Screen } from './screens.ts'
import { serve, type Serving } from './serve.ts'

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

describe('people', () => {
  let serving: Serving
  let browser: Browser
  let provider: TestProvider
  let database: Awaited<ReturnType<typeof freshDatabase>> | null = null
  beforeAll(async () => {
    // The provider is told beforehand where it sends people back to.
    const port = await freePort()
    provider = await startProvider(`http://127.0.0.1:${port}/api/session/sso/callback`)
    database = process.env.TEST_DATABASE_URL ? await freshDatabase('demo') : null
    const env = { PORT: String(port), OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret, ...(database ? { DATABASE_URL: database.url } : {}) }
    ;[serving, browser] = await Promise.all([serve({ env }), launch()])
  })
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
    await provider?.stop()
    await database?.drop()
  })

  const open = (path: string, account?: string) => openScreen(browser, `${serving.address}${path}`, undefined, account)
  const end = async ({ page, guard, complaints }: Screen, ...expected: string[]) => {
    guard.check()
    expect(complaints.filter((line) => !expected.some((known) => line.includes(known)))).toEqual([])
    await page.context().close()
  }
  const signIn = async (page: Page, account: string, password: string) => {
    await page.getByLabel('账号', { exact: true }).fill(account)
    await page.getByLabel('密码', { exact: true }).fill(password)
    await page.getByRole('button', { name: '登录', exact: true }).click()
  }
  let oneTime = ''

  it('should make an account with a role in a town, and show its one-time password once', async () => {
    const screen = await open('/admin/people', 'admin')
    const { page } = screen
    await page.getByRole('button', { name: '新建账号' }).click()
    await page.getByLabel('账号', { exact: true }).fill('zhang.san')
    await page.getByLabel('姓名', { exact: true }).fill('张三')
    await page.getByLabel('第 1 个角色的街镇或部门').selectOption({ label: '白鹤镇' })
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: '建立账号' }).click()
    oneTime = await page.locator('dialog code').innerText()
    expect(oneTime).toMatch(/^(\w{4}-){3}\w{4}$/)
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: '已转交' }).click()
    await page.getByLabel('姓名、账号、街镇或部门').fill('白鹤')
    // The demonstration's two of that town, and the new one.
    await eventually(() => page.locator('tbody tr').count()).toBe(3)
    expect(await page.locator('tbody').innerText()).toContain('街镇填报员 · 白鹤镇')
    expect(await page.locator('tbody').innerText()).toContain('待首次登录')
    expect(page.url()).toContain('words=')
    await end(screen)
  })

  it('should let that person do nothing before the password is their own, and then what their role says', async () => {
    const screen = await open('/login')
    const { page } = screen
    await signIn(page, 'zhang.san', oneTime)
    await page.waitForURL(/\/me/)
    await page.getByLabel('现在的密码').fill(oneTime)
    await page.getByLabel('新密码', { exact: true }).fill('zhang.san')
    await page.getByLabel('再输一次新密码').fill('zhang.sun')
    expect(await page.getByText('两次输入不一样').count()).toBe(1)
    await page.getByLabel('新密码', { exact: true }).fill('zhang.san 2023')
    await page.getByLabel('再输一次新密码').fill('zhang.san 2023')
    await page.getByRole('button', { name: '修改密码' }).click()
    await page.getByText('不能包含账号名', { exact: false }).last().waitFor()
    for (const label of ['新密码', '再输一次新密码']) await page.getByLabel(label, { exact: true }).fill('丰收的月亮照白鹤 23')
    await page.getByRole('button', { name: '修改密码' }).click()
    await page.getByText('密码已修改').waitFor()
    expect(await page.getByRole('row', { name: '本机' }).count()).toBe(1)
    expect(await seriousFindings(page)).toEqual([])
    await page.goto(`${serving.address}/admin/people`)
    await page.getByText('您的角色没有这项权限').waitFor()
    await end(screen, '422', '403')
  })

  it('should show an administrator what somebody sees, read-only, under a banner', async () => {
    const screen = await open('/admin/people?account=zhang.san', 'admin')
    const { page } = screen
    await page.getByRole('button', { name: '以此人身份查看' }).click()
    await page.getByText('正在以 张三（zhang.san）的身份查看').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('link', { name: '张三' }).click()
    await page.getByText('正在以他人身份查看，不能修改密码').waitFor()
    await page.getByRole('button', { name: '回到 admin' }).click()
    await page.getByRole('heading', { name: '人员账号' }).waitFor()
    await end(screen)
  })

  it('should let somebody in whom the single sign-on knows, back to where they were going, and nobody whom it does not', async () => {
    const screen = await open('/login?to=%2Freports')
    const { page } = screen
    provider.next = { subject: 'z-1', name: 'zhang.san' }
    await page.getByRole('link', { name: '单点登录' }).click()
    await page.waitForURL(/\/reports/)
    await page.getByRole('link', { name: '张三' }).waitFor()
    await end(screen)
    const stranger = await open('/login')
    provider.next = { subject: 'x-9', name: 'nobody.known' }
    await stranger.page.getByRole('link', { name: '单点登录' }).click()
    await stranger.page.waitForURL(/failed=sso-unknown/)
    expect(await stranger.page.getByRole('alert').innerText()).toContain('没有对应的账号')
    expect(await seriousFindings(stranger.page)).toEqual([])
    await end(stranger)
  })

  it('should disable an account after a second word; the person is out at once', async () => {
    const theirs = await open('/login')
    await signIn(theirs.page, 'zhang.san', '丰收的月亮照白鹤 23')
    await theirs.page.waitForURL((url) => url.pathname === '/')
    const screen = await open('/admin/people?account=zhang.san', 'admin')
    await screen.page.getByRole('button', { name: '停用账号' }).click()
    await screen.page.getByText('此人将立即退出且不能登录').waitFor()
    await screen.page.getByRole('button', { name: '停用账号' }).click()
    await screen.page.getByText('张三的账号已停用').waitFor()
    await theirs.page.goto(`${serving.address}/me`)
    await theirs.page.waitForURL(/\/login/)
    await end(screen)
    await end(theirs)
  })

  it('should tell all of it in the audit trail, searched and taken out', async () => {
    const screen = await open('/admin/audit?subject=account%2Fzhang.san', 'auditor')
    const { page } = screen
    await page.getByRole('rowheader', { name: '账号：停用' }).waitFor()
    for (const words of ['账号：建立', '账号：修改密码', '登录：以他人身份查看', '登录：开始']) expect(await page.getByRole('rowheader', { name: words, exact: true }).count(), words).toBeGreaterThan(0)
    await page.getByRole('button', { name: /^详情：第 \d+ 条$/ }).first().click()
    expect(await page.locator('pre').count()).toBe(2)
    expect(await seriousFindings(page)).toEqual([])
    await page.getByLabel('做了什么').selectOption('session')
    await eventually(() => page.getByRole('rowheader', { name: '账号：建立' }).count()).toBe(0)
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '导出 CSV' }).click()])
    expect(download.suggestedFilename()).toMatch(/^audit-.*\.csv$/)
    await end(screen)
  })

  it('should show the table of rights, with one’s own roles marked', async () => {
    const screen = await open('/admin/rights', 'planner')
    const { page } = screen
    const row = page.getByRole('row', { name: /^替换街镇边界/ })
    await row.waitFor()
    expect(await row.locator('td.own').innerText()).toBe('全部')
    expect(await seriousFindings(page)).toEqual([])
    await end(screen)
  })

  it('should say before an idle session ends, stay on a word, and else lead to the door and back', async () => {
    const screen = await openScreen(browser, `${serving.address}/login`, undefined, 'leader')
    const { page } = screen
    await page.clock.install()
    await page.goto(`${serving.address}/me`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    // What the screen asks for meanwhile counts as use: on a slow machine it may come after the leap, and the time begins anew.
    const dialog = page.getByRole('alertdialog')
    await eventually(async () => {
      if (await dialog.isVisible()) return true
      await page.clock.fastForward('00:57:30')
      return dialog.waitFor({ timeout: 4000 }).then(
        () => true,
        () => false,
      )
    }).toBe(true)
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: '继续使用' }).click()
    await eventually(() => page.getByRole('alertdialog').count()).toBe(0)
    // The browser's clock runs ahead, the server's does not: its part, ending the session, is done by hand.
    await page.context().request.delete(`${serving.address}/api/session`)
    await page.clock.fastForward('01:01:00')
    await page.waitForURL(/\/login\?.*failed=(idle|ended)/)
    await page.getByRole('alert').getByText('登录后回到原来的页面').waitFor()
    await signIn(page, 'leader', 'xiangtu-demo')
    await page.waitForURL(/\/me/)
    // What was asked for in the background in that moment was refused.
    await end(screen, '401')
  })
})
