import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import type { FrozenNotice } from '../../../geo/notice/notice.ts'
import { describeOnBothDatabases, type Asking } from '../harness.ts'
import { draftNotice, preview, publish, type Working } from './publish.ts'

interface Page {
  notice: FrozenNotice
  sha256: string
  holds: boolean
  phase: string
  newest: number
  versions: { version: number; reason: string | null }[]
  objections: { no: number; words: string; answer: string }[]
}

const ZHAOXIANG = '310118105'
const typeOf = async (answer: Response) => ((await answer.json()) as { type: string }).type

describeOnBothDatabases('a notice', (server) => {
  let office: Asking
  let nobody: Asking
  let made: Working
  const page = async (version?: number) => nobody.json<Page>(`/api/notices/${made.id}${version ? `?version=${version}` : ''}`)
  const file = async (version: number) => (await nobody.request(`/api/notices/${made.id}/file?version=${version}`)).text()
  const report = async () => {
    const rows = await office.json<{ month: string; version: number; state: string; value: number; approvedValue: number }[]>(
      `/api/plans/2023/reports?measure=14.1&town=${ZHAOXIANG}&month=2023-11`,
    )
    return rows[0]!
  }
  const versionOfReport = async () => {
    const versions = await office.json<{ version: number }[]>(`/api/plans/2023/reports/2023-11/${ZHAOXIANG}/14.1/versions`)
    return versions.at(-1)!.version
  }

  it('should be shown to the office exactly as the public will see it, and to nobody before it is published', async () => {
    office = await server.as('office')
    nobody = await server.as(null)
    made = await draftNotice(office)
    expect((await nobody.request(`/api/notices/${made.id}`)).status).toBe(404)
    expect((await nobody.request('/api/notice-drafts')).status).toBe(401)
    expect((await (await server.as('dept-01')).post(`/api/notice-drafts/${made.id}/publish`, { version: 1, sha256: 'a'.repeat(64) })).status).toBe(403)
    const before = await preview(office, made.id)
    expect(before.faults).toEqual([])
    const answer = await publish(office, made)
    expect(answer.status, await answer.clone().text()).toBe(200)
    made = (await answer.json()) as Working
    const shown = await page()
    expect(shown.notice).toEqual(before.notice)
    expect(shown.sha256).toBe(before.sha256)
    expect(shown).toMatchObject({ holds: true, phase: 'open', newest: 1 })
    expect(shown.notice.rows.map(({ town, demo }) => [town, demo])).toEqual([
      [ZHAOXIANG, true],
      ['310118110', true],
    ])
    expect((await report()).state).toBe('published')
    expect(await nobody.json('/api/notices')).toMatchObject([{ id: made.id, version: 1, rows: 2, demo: true }])
  })

  it('should stay as it was, byte by byte, when its report is corrected', async () => {
    const before = await file(1)
    expect(createHash('sha256').update(before).digest('hex')).toBe((await page()).sha256)
    const town = await server.as(`town-${ZHAOXIANG}`)
    const key = { measure: '14.1', town: ZHAOXIANG, month: '2023-11' }
    const answers = ['below-last', 'over-quota'].map((check) => ({ check, reason: '复核' }))
    const corrected = await town.post('/api/plans/2023/reports/correct', { reports: [{ ...key, version: await versionOfReport(), value: 1234, reason: '重复统计', answers }] })
    expect(corrected.status, await corrected.clone().text()).toBe(200)
    // While the correction waits, the old value can be published no more.
    expect((await preview(office, made.id, '更正')).faults).toContain('figure-waits')
    const approved = await (await server.as('dept-01')).post('/api/plans/2023/reports/approve', { reports: [{ ...key, version: await versionOfReport() }] })
    expect(approved.status, await approved.clone().text()).toBe(200)
    expect(await file(1)).toBe(before)
    expect(await page()).toMatchObject({ holds: true, newest: 1 })
  })

  it('should be corrected by another version with a reason, beside the old one', async () => {
    const old = await page()
    expect((await preview(office, made.id)).faults).toContain('reason-missing')
    expect(await typeOf(await publish(office, made))).toBe('/problems/notice-refused')
    const asked = await preview(office, made.id, '赵巷镇数值更正')
    expect(asked.differences).toEqual([{ task: 14, measure: '14.1', town: ZHAOXIANG, before: old.notice.rows[0]!.value, after: 1234 }])
    const answer = await publish(office, made, '赵巷镇数值更正')
    expect(answer.status, await answer.clone().text()).toBe(200)
    made = (await answer.json()) as Working
    const now = await page()
    expect(now.notice).toMatchObject({ version: 2, corrects: { version: 1, reason: '赵巷镇数值更正' } })
    expect(now.notice.rows[0]!.value).toBe(1234)
    expect(now.versions.map(({ version, reason }) => [version, reason])).toEqual([
      [1, null],
      [2, '赵巷镇数值更正'],
    ])
    const then = await page(1)
    expect(then.notice).toEqual(old.notice)
    expect(then).toMatchObject({ sha256: old.sha256, holds: true, newest: 2, phase: 'over' })
    // The same again is no correction.
    expect((await preview(office, made.id, '再次更正')).faults).toEqual(['nothing-changed'])
  })

  it('should be published only as it was previewed', async () => {
    const other = await draftNotice(office, { month: '2023-10' })
    const { sha256 } = await preview(office, other.id)
    const saved = await office.post(`/api/notice-drafts/${other.id}`, { version: 1, draft: { ...other.draft, title: '另一个标题' } }, 'PUT')
    expect(saved.status).toBe(200)
    const late = await office.post(`/api/notice-drafts/${other.id}/publish`, { version: 1, sha256 })
    expect([late.status, await typeOf(late)]).toEqual([409, '/problems/version-conflict'])
    const changed = await office.post(`/api/notice-drafts/${other.id}/publish`, { version: 2, sha256 })
    expect([changed.status, await typeOf(changed)]).toEqual([409, '/problems/notice-changed'])
    expect((await office.request(`/api/notice-drafts/${other.id}?version=2`, { method: 'DELETE' })).status).toBe(204)
    expect((await office.request(`/api/notice-drafts/${made.id}?version=${made.version}`, { method: 'DELETE' })).status).toBe(409)
    const empty = await draftNotice(office, { title: ' ', contact: '', figures: [] })
    expect((await preview(office, empty.id)).faults).toEqual(['title-missing', 'contact-missing', 'figures-missing'])
    const unapproved = await draftNotice(office, { figures: [{ measure: '14.1', town: '310118999' }] })
    expect((await preview(office, unapproved.id)).faults).toContain('figure-not-approved')
  })

  it('should take objections as text, show none of them before the office decides, and never who objected', async () => {
    const object = (words: string, version = 2) => nobody.post(`/api/notices/${made.id}/objections`, { version, words, name: '张三', contact: '13800000000' })
    expect((await object('<script>alert(1)</script> 数值与实际不符')).status).toBe(201)
    expect((await object('这一数值没有包括村里的田')).status).toBe(201)
    expect((await object('短')).status).toBe(400)
    expect((await object('长'.repeat(2001))).status).toBe(400)
    expect((await object('说的是旧版本的内容', 1)).status).toBe(409)
    expect((await page()).objections).toEqual([])
    expect((await nobody.request(`/api/notices/${made.id}/objections`)).status).toBe(401)
    const inbox = await office.json<{ id: number; name: string; words: string; version: number }[]>(`/api/notices/${made.id}/objections`)
    expect(inbox.map(({ name, words }) => [name, words])).toEqual([
      ['张三', '<script>alert(1)</script> 数值与实际不符'],
      ['张三', '这一数值没有包括村里的田'],
    ])
    const decide = (id: number, state: string, version = 1) => office.post(`/api/notices/${made.id}/objections/${id}/decide`, { version, state, answer: '已核实，按测产表统计。' })
    expect((await decide(inbox[0]!.id, 'kept')).status).toBe(200)
    expect((await decide(inbox[1]!.id, 'shown')).status).toBe(200)
    expect((await decide(inbox[1]!.id, 'shown')).status).toBe(409)
    const shown = await page()
    expect(shown.objections).toMatchObject([{ no: 1, words: '这一数值没有包括村里的田', answer: '已核实，按测产表统计。' }])
    expect(JSON.stringify(shown)).not.toMatch(/张三|13800000000/)
    expect(shown.holds).toBe(true)
  })

  it('should take no more than a few objections an hour from one address, and none after the period', async () => {
    const object = () => nobody.post(`/api/notices/${made.id}/objections`, { version: 2, words: '同一地址的又一条意见' })
    const statuses = (await Promise.all(Array.from({ length: 8 }, object))).map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(3)
    expect(statuses.filter((status) => status === 429)).toHaveLength(5)
    const until = (await page()).notice.period.until
    server.clock.set(`${until}T23:00:00+08:00`)
    expect((await object()).status).toBe(201)
    server.clock.set(`${until}T23:00:00+08:00`)
    server.clock.set(new Date(Date.parse(`${until}T23:59:59+08:00`) + 2000).toISOString())
    const late = await object()
    expect([late.status, await typeOf(late)]).toEqual([409, '/problems/notice-over'])
    expect((await page()).phase).toBe('over')
    server.clock.set(null)
  })

  it('should not be changed by a wrong query either, nor go with its plan', async () => {
    await expect(server.sql`update notice_version set content = '{}' where notice_id = ${made.id}`).rejects.toThrow(/append-only/)
    await expect(server.sql`delete from notice_version where notice_id = ${made.id}`).rejects.toThrow(/append-only/)
    await server.sql`delete from report`
    await server.sql`delete from plan`
    expect(await page()).toMatchObject({ holds: true, newest: 2 })
  })
})
