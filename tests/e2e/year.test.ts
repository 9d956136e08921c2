/**
 * A year in one town, as the people live it: the real server with its clock set to each day, the screens in a browser, the rest through the
 * API. Between the days the server is stopped and started again, once by kill -9: nothing of the year may depend on its staying up.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Light } from '../../geo/light/light.ts'
import type { Grant } from '../../geo/right/role.ts'
import type { Sheet } from '../../server/report/sheet.ts'
import { freshDatabase } from '../database/template.ts'
import { collectComplaints, guardNetwork, launch } from './browser.ts'
import { eventually } from './screens.ts'
import { serve, type Serving } from './serve.ts'

const DOCUMENT = fileURLToPath(new URL('../../seeds/task-lists/2023-310118.txt', import.meta.url))
const BAIHE = '310118110'
/** 白鹤's grain: 12,300 亩, 85 % of them by 20 June. */
const GRAIN = { measure: '14.1', town: BAIHE }
const PASSWORD = '稻花香里说丰年 2023'

interface Person {
  context: BrowserContext
  get<T>(path: string): Promise<T>
  send(method: 'POST' | 'PUT', path: string, body: unknown): Promise<{ status: number; body: unknown }>
  page(path: string): Promise<Page>
}

describe('a year in one town', () => {
  let serving: Serving
  let browser: Browser
  let folder: string
  let database: Awaited<ReturnType<typeof freshDatabase>> | null = null
  const strays: { check(): void }[] = []
  const complaints: string[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'xiangtu-year-'))
    database = process.env.TEST_DATABASE_URL ? await freshDatabase('no') : null
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await serving?.stop()
    await database?.drop()
    await rm(folder, { recursive: true, force: true })
  })

  /** The server on another day; `how` the one before ended. */
  async function dayIs(clock: string, how: NodeJS.Signals = 'SIGINT'): Promise<void> {
    await serving?.stop(how)
    serving = await serve({ empty: true, dataDir: folder, env: { CLOCK: clock, ...(database ? { DATABASE_URL: database.url } : {}) } })
  }

  async function signIn(account: string, password = PASSWORD): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN', reducedMotion: 'reduce' })
    const answer = await context.request.post(`${serving.address}/api/session`, { data: { account, password } })
    expect(answer.status(), await answer.text()).toBe(200)
    const to = (path: string) => `${serving.address}/api${path}`
    return {
      context,
      get: async <T>(path: string) => {
        const got = await context.request.get(to(path))
        expect(got.status(), `${path} ${await got.text()}`).toBe(200)
        return (await got.json()) as T
      },
      send: async (method, path, body) => {
        const got = await context.request.fetch(to(path), { method, data: body as object })
        const text = await got.text()
        return { status: got.status(), body: text ? JSON.parse(text) : null }
      },
      page: async (path) => {
        const page = await context.newPage()
        strays.push(await guardNetwork(page))
        const heard = collectComplaints(page)
        page.on('close', () => complaints.push(...heard))
        await page.goto(serving.address + path)
        return page
      },
    }
  }

  const visit = async (account: string, path: string, see: (page: Page) => Promise<void>) => {
    const person = await signIn(account)
    const page = await person.page(path)
    await see(page)
    await page.close()
    await person.context.close()
  }
  const cellOf = async (person: Person, month: string) =>
    (await person.get<Sheet>(`/plans/2023/sheets/${month}/${BAIHE}`)).rows.find(({ measure }) => measure === GRAIN.measure)!
  const act = async (person: Person, which: string, month: string, change: object = {}) => {
    const { version } = await cellOf(person, month)
    const reports = [{ ...GRAIN, month, version, ...change }]
    const { status, body } = which === 'save' ? await person.send('PUT', '/plans/2023/reports', { reports }) : await person.send('POST', `/plans/2023/reports/${which}`, { reports })
    expect(status, JSON.stringify(body)).toBe(200)
  }
  /** A value goes all the way: entered, handed in, approved. */
  const report = async (month: string, value: number) => {
    const [town, department] = [await signIn('li.na'), await signIn('wang.wei')]
    await act(town, 'save', month, { value, words: `${month} 种植进度` })
    await act(town, 'submit', month)
    await act(department, 'approve', month)
    await Promise.all([town.context.close(), department.context.close()])
  }
  const light = async (person: Person, query: string) =>
    (await person.get<Light[]>(`/plans/2023/lights?${query}`)).find(({ measure, town }) => measure === GRAIN.measure && town === BAIHE)!

  /** What the person was told, by kind: all pages of the inbox, for who reports one task of fifty is told of many orders. */
  const kindsOf = async (person: Person) => {
    const kinds = new Set<string>()
    for (let before = ''; ;) {
      const { items } = await person.get<{ items: { id: number; kind: string }[] }>(`/inbox${before}`)
      if (!items.length) return [...kinds]
      for (const { kind } of items) kinds.add(kind)
      before = `?before=${items.at(-1)!.id}`
    }
  }

  it('3 January: the first administrator comes in with the printed password, changes it, and lets the others in', async () => {
    await dayIs('2023-01-03T09:00:00+08:00')
    const password = () => /一次性密码 one-time password (\S+)/.exec(serving.output())?.[1]
    await eventually(password).toBeDefined()
    const printed = password()
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN' })
    const page = await context.newPage()
    strays.push(await guardNetwork(page))
    await page.goto(`${serving.address}/login`)
    await page.getByLabel('账号').fill('admin')
    await page.getByLabel('密码', { exact: true }).fill(printed!)
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.waitForURL(/\/me/)
    await page.getByLabel('现在的密码').fill(printed!)
    await page.getByLabel('新密码', { exact: true }).fill(PASSWORD)
    await page.getByLabel('再输一次新密码').fill(PASSWORD)
    await page.getByRole('button', { name: '修改密码' }).click()
    await page.getByText('密码已修改').waitFor()
    await context.close()

    const admin = await signIn('admin')
    const people: [string, string, Grant][] = [
      ['he.jing', '何静', { role: 'office', scope: '' }],
      ['li.na', '李娜', { role: 'reporter', scope: BAIHE }],
      ['wang.wei', '王伟', { role: 'department', scope: '区农业农村委' }],
      ['chen.hua', '陈华', { role: 'leader', scope: '' }],
      ['sun.li', '孙丽', { role: 'auditor', scope: '' }],
    ]
    for (const [name, person, grant] of people) {
      const { body } = await admin.send('POST', '/accounts', { name, person, email: null, grants: [grant] })
      const own = await signIn(name, (body as { oneTimePassword: string }).oneTimePassword)
      const changed = await own.send('PUT', '/account/password', { current: (body as { oneTimePassword: string }).oneTimePassword, password: PASSWORD })
      expect(changed.status).toBe(204)
      await own.context.close()
    }
    await admin.context.close()
  })

  it('the office imports the list and opens January', async () => {
    const office = await signIn('he.jing')
    const page = await office.page('/admin/lists')
    await page.waitForSelector('.drop')
    await page.setInputFiles('input[type=file]', DOCUMENT)
    await page.waitForSelector('.structure article.task', { timeout: 60_000 })
    const id = new URL(page.url()).pathname.split('/').at(-1)
    const draft = await office.get<{ version: number; problems: { key: string; settled: string | null }[] }>(`/task-lists/${id}`)
    const confirmed = draft.problems.filter(({ settled }) => settled === null).map(({ key }) => key)
    expect((await office.send('PUT', `/task-lists/${id}/corrections`, { version: draft.version, corrections: [], confirmed })).status).toBe(200)
    await page.reload()
    const store = page.getByRole('button', { name: '入库' })
    await eventually(() => store.isEnabled()).toBe(true)
    await store.click()
    await page.getByRole('link', { name: '到地图上看' }).waitFor({ timeout: 60_000 })
    await page.close()

    const town = await signIn('li.na')
    const early = await town.send('PUT', '/plans/2023/reports', { reports: [{ ...GRAIN, month: '2023-01', version: 0, value: 100 }] })
    expect(early.body).toMatchObject({ type: '/problems/report-refused', params: { refusal: 'unopened' } })
    const { version } = await office.get<{ version: number }>('/plans/2023/months/2023-01')
    const opened = await office.send('PUT', '/plans/2023/months/2023-01', { version, opensOn: '2023-01-03', dueOn: '2023-02-06', closesOn: '2023-02-10', reason: '新年提前开放' })
    expect(opened.status, JSON.stringify(opened.body)).toBe(200)
    await Promise.all([office.context.close(), town.context.close()])
  })

  it('January: the town reports in its sheet, the department returns it, the town mends it, the department approves', async () => {
    await dayIs('2023-02-02T09:00:00+08:00')
    await visit('li.na', '/reports?month=2023-01', async (page) => {
      await page.waitForSelector('table.sheet')
      await page.locator('[data-cell="14.1"][data-column="text"]').fill('1100')
      await eventually(() => page.locator('.save').textContent()).toMatch(/已保存/)
      await page.locator('tr[data-subject="14.1"] .link', { hasText: '报送' }).click()
      await eventually(async () => (await signedCell('2023-01')).state).toBe('submitted')
    })
    await visit('wang.wei', '/reviews?task=14', async (page) => {
      await page.getByRole('button', { name: '白鹤镇' }).click()
      const detail = page.getByRole('region', { name: '所选上报' })
      await detail.getByRole('button', { name: '退回…' }).click()
      await page.keyboard.type('请写明品种和地块')
      await detail.getByRole('button', { name: '退回', exact: true }).click()
      await eventually(() => page.locator('.said').textContent()).toContain('已退回 1 项')
    })
    await visit('li.na', '/reports?month=2023-01', async (page) => {
      await page.getByText('请写明品种和地块').first().waitFor()
      await page.locator('[data-cell="14.1"][data-column="words"]').fill('绿肥翻耕，青龙村、塘湾村')
      await eventually(() => page.locator('.save').textContent()).toMatch(/已保存/)
      await page.locator('tr[data-subject="14.1"] .link', { hasText: '报送' }).click()
      await eventually(async () => (await signedCell('2023-01')).state).toBe('submitted')
    })
    await visit('wang.wei', '/reviews?task=14', async (page) => {
      await page.getByRole('button', { name: '白鹤镇' }).click()
      await page.getByRole('region', { name: '所选上报' }).getByRole('button', { name: '审核通过' }).click()
      await eventually(async () => (await signedCell('2023-01')).state).toBe('approved')
    })
  })
  const signedCell = async (month: string) => {
    const town = await signIn('li.na')
    const cell = await cellOf(town, month)
    await town.context.close()
    return cell
  }

  it('spring goes by; in June the milestone is missed, the light turns red, and the town is told', async () => {
    await dayIs('2023-06-02T09:00:00+08:00')
    for (const [month, value] of [
      ['2023-02', 2300],
      ['2023-03', 3900],
      ['2023-04', 5600],
      ['2023-05', 7200],
    ] as const)
      await report(month, value)
    // The day after the light turned red, the town reads it in its inbox.
    await dayIs('2023-06-09T09:00:00+08:00')
    const told = await signIn('li.na')
    await eventually(() => kindsOf(told)).toContain('light-red')
    await told.context.close()
    await dayIs('2023-07-03T09:00:00+08:00')
    await report('2023-06', 7400)
    const leader = await signIn('chen.hua')
    expect(await light(leader, 'asOf=2023-06-30')).toMatchObject({ light: 'red', reasonKey: 'milestone-passed', value: 7400 })
    // As it was known on each day: a spring without reports, then from 8 June more than 20 points behind, whatever came later.
    interface LightLine {
      measure: string
      light: string
      day: string
    }
    const reds = async () => (await leader.get<LightLine[]>(`/plans/2023/light-records?task=14&town=${BAIHE}`)).filter((line) => line.measure === '14.1' && line.light === 'red')
    await eventually(async () => (await reds()).at(-1)?.day).toBe('2023-06-08')
    await leader.context.close()
    const town = await signIn('li.na')
    await eventually(() => kindsOf(town)).toContain('report-due')
    await town.context.close()
  })

  it('10 July: the office closes June, which freezes; late figures need a reason from now on', async () => {
    await dayIs('2023-07-10T09:00:00+08:00')
    // Months close in their order.
    const office = await signIn('he.jing')
    interface Closing {
      version: number
      counts: { missing: number; waiting: number }
    }
    for (const month of ['2023-01', '2023-02', '2023-03', '2023-04', '2023-05']) {
      const { version, counts } = await office.get<Closing>(`/plans/2023/months/${month}`)
      const closed = await office.send('POST', `/plans/2023/months/${month}/close`, { version, ...counts, words: '试运行，其余任务未报' })
      expect(closed.status, JSON.stringify(closed.body)).toBe(200)
    }
    await office.context.close()
    await visit('he.jing', '/months?month=2023-06', async (page) => {
      const detail = page.locator('.detail')
      await detail.getByRole('heading', { name: '2023年6月' }).waitFor()
      await detail.getByRole('button', { name: '关账', exact: true }).click()
      await detail.getByLabel(/说明/).fill('其余任务未报，下月补')
      await detail.getByRole('button', { name: '关账并冻结' }).click()
      await detail.getByText('2023年6月已关账并冻结。').waitFor()
    })
    const town = await signIn('li.na')
    const refused = await town.send('PUT', '/plans/2023/reports', { reports: [{ measure: '15.1', town: BAIHE, month: '2023-06', version: 0, value: 100 }] })
    expect(refused.body).toMatchObject({ type: '/problems/report-refused', params: { refusal: 'closed' } })
    await town.context.close()
  })

  it('25 August: two months red become a supervision order, which the town answers and the office closes', async () => {
    await dayIs('2023-08-03T09:00:00+08:00')
    await report('2023-07', 8000)
    await dayIs('2023-08-25T09:00:00+08:00')
    const [town, office] = [await signIn('li.na'), await signIn('he.jing')]
    interface Order {
      id: number
      task: number
      town: string
      state: string
      version: number
      source: string
    }
    const orderOf = async (who: Person) => (await who.get<Order[]>('/plans/2023/orders')).find(({ task, town: unit, source }) => task === 14 && unit === BAIHE && source === 'rule')
    await eventually(async () => (await orderOf(town))?.state).toBe('issued')
    await eventually(() => kindsOf(town)).toEqual(expect.arrayContaining(['report-overdue', 'order-issued']))
    const issued = (await orderOf(town))!
    const answered = await town.send('POST', `/plans/2023/orders/${issued.id}/answer`, { version: issued.version, words: '已调来秧苗，9 月 10 日前补种完毕' })
    expect(answered.status, JSON.stringify(answered.body)).toBe(200)
    const closing = (await orderOf(office))!
    const closed = await office.send('POST', `/plans/2023/orders/${closing.id}/close`, { version: closing.version, words: '措施可行' })
    expect(closed.status, JSON.stringify(closed.body)).toBe(200)
    await Promise.all([town.context.close(), office.context.close()])
  })

  it('5 September: the server was killed; June is corrected with a reason, and July’s knowledge of June stays what it was', async () => {
    await dayIs('2023-09-05T09:00:00+08:00', 'SIGKILL')
    const [town, department] = [await signIn('li.na'), await signIn('wang.wei')]
    const plain = await town.send('PUT', '/plans/2023/reports', { reports: [{ ...GRAIN, month: '2023-06', version: (await cellOf(town, '2023-06')).version, value: 10600 }] })
    expect(plain.body).toMatchObject({ type: '/problems/report-refused' })
    await act(town, 'correct', '2023-06', { value: 10600, words: '漏报机插秧', reason: '漏报两个村的机插秧面积' })
    expect((await light(department, 'asOf=2023-06-30')).value).toBe(7400)
    await act(department, 'approve', '2023-06')
    expect(await light(department, 'asOf=2023-06-30')).toMatchObject({ value: 10600, light: 'green' })
    expect(await light(department, 'asOf=2023-06-30&knownAt=2023-07-15')).toMatchObject({ value: 7400, light: 'red' })
    const frozen = await department.get<{ intact?: boolean; sha256: string; computed?: string }>('/plans/2023/months/2023-06/freezes/1')
    expect(JSON.stringify(frozen)).toContain(frozen.sha256)
    await Promise.all([town.context.close(), department.context.close()])
  })

  it('the office publishes June, and anybody can read it', async () => {
    await visit('he.jing', '/notices', async (page) => {
      await page.getByRole('button', { name: '新建公示' }).click()
      await page.getByLabel('标题').fill('6月粮食生产进度公示')
      await page.getByLabel('月份').selectOption('2023-06')
      await page.getByLabel('联系方式（公开）').fill('区乡村振兴办')
      await page.getByRole('checkbox', { name: /^14\.1 / }).check()
      const publish = page.getByRole('button', { name: '发布公示' })
      await eventually(() => publish.isEnabled()).toBe(true)
      await publish.click()
      await page.getByText('校验通过：内容与公示时一致').waitFor()
    })
    const [notice] = (await (await fetch(`${serving.address}/api/notices`)).json()) as { id: number }[]
    const context = await browser.newContext({ locale: 'zh-CN' })
    const page = await context.newPage()
    strays.push(await guardNetwork(page))
    await page.goto(`${serving.address}/notices/${notice!.id}`)
    await page.getByText('校验通过：内容与公示时一致').waitFor()
    expect(await page.locator('.page').textContent()).toContain('10,600')
    await context.close()
  })

  it('the auditor finds every hand that touched June, and nothing of it was lost or done twice', async () => {
    const auditor = await signIn('sun.li')
    const { lines } = await auditor.get<{ lines: { action: string; actor: string }[] }>(`/audit?subject=${encodeURIComponent(`report/2023/2023-06/${BAIHE}/14.1`)}`)
    expect(lines.map(({ action, actor }) => `${action} ${actor}`).toSorted()).toEqual(
      ['report.save li.na', 'report.submit li.na', 'report.approve wang.wei', 'report.correct li.na', 'report.approve wang.wei', 'report.publish he.jing'].toSorted(),
    )
    await auditor.context.close()
    for (const guard of strays) guard.check()
    expect(complaints.filter((line) => !/401/.test(line))).toEqual([])
  })
})
