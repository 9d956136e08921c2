import { createHash } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launch } from './browser.ts'
import { eventually, openScreen, seriousFindings, type Screen } from './screens.ts'
import { serve, type Serving } from './serve.ts'

describe('closing a month, its meeting, and what the public sees', () => {
  let serving: Serving
  let browser: Browser
  beforeAll(async () => {
    ;[serving, browser] = await Promise.all([serve(), launch()])
  })
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
  })
  const open = (path: string, account?: string) => openScreen(browser, serving.address + path, undefined, account)
  const end = async ({ page, guard, complaints }: Screen, ...expected: string[]) => {
    guard.check()
    expect(complaints.filter((line) => !expected.some((known) => line.includes(known)))).toEqual([])
    await page.context().close()
  }
  const json = async <T>(path: string) => (await (await fetch(serving.address + path)).json()) as T

  it('should show who is missing, close with a reason, freeze with a hash that holds, and reopen', async () => {
    const screen = await open('/months', 'office')
    const { page } = screen
    const detail = page.locator('.detail')
    await detail.getByRole('heading', { name: '2023年12月' }).waitFor()
    expect(await page.locator('tbody tr').count()).toBe(12)
    expect(await page.locator('tbody code').count()).toBe(11)
    await page.locator('.standings summary').first().click()
    await page.locator('.standings li').first().waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await detail.getByRole('button', { name: '关账', exact: true }).click()
    const sure = detail.getByRole('button', { name: '关账并冻结' })
    expect(await sure.isDisabled()).toBe(true)
    await detail.getByLabel(/说明/).fill('缺报的下月补报')
    await sure.click()
    await detail.getByText('2023年12月已关账并冻结。').waitFor()
    await eventually(() => page.locator('tbody code').count()).toBe(12)

    await page.locator('tbody tr').last().locator('td a').click()
    await page.getByText('校验通过：内容与关账时一致').waitFor()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('2023年12月冻结（第 1 版）')
    expect(await seriousFindings(page)).toEqual([])
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /下载原文/ }).click()])
    const bytes = await (await file.createReadStream()).toArray()
    const hash = createHash('sha256').update(Buffer.concat(bytes)).digest('hex')
    expect(await page.locator('.seal code').textContent()).toBe(`SHA-256 ${hash}`)

    await page.getByRole('link', { name: '‹ 月调度' }).click()
    await detail.getByRole('button', { name: '重开', exact: true }).click()
    await detail.getByLabel(/重开原因/).fill('白鹤镇漏报')
    await detail.getByRole('button', { name: '重开本月' }).click()
    await detail.getByText(/2023年12月已重开/).waitFor()
    await end(screen)
  })

  it('should let nobody else close, and say why', async () => {
    const screen = await open('/months', 'leader')
    const close = screen.page.locator('.detail').getByRole('button', { name: '关账', exact: true })
    await close.waitFor()
    expect(await close.isDisabled()).toBe(true)
    expect(await screen.page.locator('.acts').textContent()).toContain('您的角色没有这项权限')
    await end(screen)
  })

  it('should turn a decision of the meeting into an order, and see it again a month later', async () => {
    const screen = await open('/meetings/2023-11', 'office')
    const { page } = screen
    await page.locator('.agenda .item').first().waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.locator('.agenda .item').first().getByRole('button').click()
    await page.getByLabel('决定', { exact: true }).fill('月底前书面说明')
    await page.getByLabel('责任单位').selectOption({ index: 1 })
    await page.getByLabel('完成期限').fill('2099-12-20')
    await page.getByRole('button', { name: '签发督办单' }).click()
    await page.locator('aside .decisions').getByText(/督办〔2023〕\d+ 号/).waitFor()
    await page.goto(`${serving.address}/meetings/2023-12`)
    const back = page.locator('.decisions').first()
    await back.getByText('月底前书面说明').waitFor()
    await back.getByRole('button', { name: '继续推进' }).click()
    await back.getByText('2023年12月：继续推进').waitFor()
    await end(screen)
  })

  it('should publish what the preview shows, to whoever comes, and take an objection that the office answers', async () => {
    const screen = await open('/notices', 'office')
    const { page } = screen
    await page.getByRole('button', { name: '新建公示' }).click()
    await page.getByText('请选择要公示的数值').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.getByLabel('标题').fill('11月粮食生产完成情况公示')
    await page.getByLabel('月份').selectOption('2023-11')
    await page.getByLabel('联系方式（公开）').fill('区乡村振兴办')
    await page.getByRole('checkbox', { name: /^14\.1 / }).check()
    const publish = page.getByRole('button', { name: '发布公示' })
    await eventually(() => publish.isEnabled()).toBe(true)
    const previewed = (await page.locator('.preview .page').textContent())!.replace(/\s+/g, ' ')
    expect(previewed).toContain('11月粮食生产完成情况公示')
    expect(await seriousFindings(page)).toEqual([])
    await publish.click()
    await page.getByText('校验通过：内容与公示时一致').waitFor()
    const [{ id }] = await json<[{ id: number }]>('/api/notices')

    const stranger = await open(`/notices/${id}`)
    await stranger.page.getByText('校验通过：内容与公示时一致').waitFor()
    expect((await stranger.page.locator('.page').textContent())!.replace(/\s+/g, ' ')).toBe(previewed)
    expect(await seriousFindings(stranger.page)).toEqual([])
    await stranger.page.getByLabel('意见内容').fill('<b>数值</b>没有包括青龙村')
    await stranger.page.getByRole('button', { name: '提交意见' }).click()
    await stranger.page.getByText(/已收到（编号/).waitFor()

    await page.reload()
    await page.getByText('<b>数值</b>没有包括青龙村').waitFor()
    await page.getByPlaceholder('答复（必填）').fill('已核实，已包括。')
    await page.getByRole('button', { name: '答复并公开' }).click()
    await page.getByText('意见与答复（1）').waitFor()
    await stranger.page.reload()
    await stranger.page.getByText('已核实，已包括。').waitFor()
    await end(stranger)
    await end(screen)
  })

  it('should show the notice and nothing else to whoever is not signed in where reading needs an account', async () => {
    const closed = await serve({ env: { READING: 'signed-in' } })
    try {
      const screen = await openScreen(browser, `${closed.address}/notices`)
      await screen.page.getByText('还没有公示').waitFor()
      await screen.page.waitForTimeout(500)
      expect(new URL(screen.page.url()).pathname).toBe('/notices')
      await screen.page.goto(closed.address)
      await screen.page.waitForURL(/\/login/)
      await end(screen, '401')
    } finally {
      await closed.stop()
    }
  })
})
