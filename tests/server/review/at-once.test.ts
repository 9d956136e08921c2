import { beforeEach, expect, it } from 'vitest'
import { describeOnBothDatabases } from '../harness.ts'

interface Key {
  measure: string
  town: string
  month: string
  version: number
}
interface Stored extends Key {
  state: string
  value: number
}

describeOnBothDatabases('reviews by several people at once', (server) => {
  /** The reports of a month back on the reviewers' desks, as they were before they were approved. */
  const waiting = async (count: number): Promise<Key[]> => {
    await server.sql`delete from report_version v using report r where r.id = v.report_id and r.state <> 'returned' and v.version > 1`
    await server.sql`
      update report r set state = 'submitted', version = 1, value = v.value, approved_at = null, approved_value = null, approved_version = null
      from report_version v where v.report_id = r.id and v.version = 1 and r.state <> 'returned'`
    const rows = await server.sql<Key[]>`
      select measure_id as measure, town, month, version from report where state = 'submitted' and month >= '2023-11' and town <> '310118'
      order by month desc, town, measure_id limit ${count}`
    return [...rows]
  }
  /** No report whose versions and state speak of different things. */
  const torn = async () =>
    (
      await server.sql`
        select r.id from report r join lateral (select * from report_version v where v.report_id = r.id order by v.version desc limit 1) as v on true
        where (v.version, v.state) <> (r.version, r.state) or v.value is distinct from r.value
           or (select count(*) from report_version w where w.report_id = r.id) <> r.version`
    ).length
  const stored = async ({ measure, town, month }: Key) =>
    (await server.sql<Stored[]>`select measure_id as measure, town, month, version, state, value::float from report where measure_id = ${measure} and town = ${town} and month = ${month}`)[0]!
  let all: Key[] = []
  beforeEach(async () => void (all = await waiting(500)), 60_000)

  it('should approve five hundred at once', async () => {
    expect(all).toHaveLength(500)
    const office = await server.as('office')
    const answer = await office.post('/api/plans/2023/reports/approve', { reports: all })
    expect(answer.status).toBe(200)
    const rows = (await answer.json()) as Stored[]
    expect(rows.map(({ measure, town, month }) => `${measure} ${town} ${month}`)).toEqual(all.map(({ measure, town, month }) => `${measure} ${town} ${month}`))
    expect(rows.every(({ state }) => state === 'approved')).toBe(true)
    expect(await torn()).toBe(0)
    const [audited] = await server.sql<{ n: number }[]>`select count(*)::int as n from audit where action = 'report.approve' and actor = 'office'`
    expect(audited!.n).toBe(500)
  })

  it('should name the one of many that stops them, and approve none', async () => {
    const office = await server.as('office')
    const answer = await office.post('/api/plans/2023/reports/approve', { reports: all.map((key, i) => (i === 321 ? { ...key, version: 7 } : key)) })
    expect(answer.status).toBe(409)
    expect(await answer.json()).toMatchObject({ type: '/problems/version-conflict', field: '/reports/321', params: { current: 1, given: 7 } })
    const twice = await office.post('/api/plans/2023/reports/approve', { reports: [all[0], all[1], all[0]] })
    expect(twice.status).toBe(400)
    expect((await server.sql`select 1 from report_version where act = 'approve'`).length).toBe(0)
  })

  it('should let one of two reviewers win, whatever order each has the same reports in', async () => {
    const [office, other] = [await server.as('office'), server]
    const half = all.slice(0, 120)
    const answers = await Promise.all([
      office.post('/api/plans/2023/reports/approve', { reports: half }),
      other.post('/api/plans/2023/reports/approve', { reports: [...half].reverse() }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect((await server.sql`select 1 from report_version where act = 'approve'`).length).toBe(120)
    expect(await torn()).toBe(0)
  })

  it('should approve what the reviewer saw, or nothing, while the town takes it back and edits', async () => {
    const office = await server.as('office')
    const mine = all.filter(({ town }) => town === '310118110').slice(0, 12)
    expect(mine.length).toBeGreaterThan(5)
    const town = await server.as('town-310118110')
    for (const key of mine) {
      const seen = (await stored(key)).value
      const edit = async () => {
        const back = await town.post('/api/plans/2023/reports/withdraw', { reports: [key] })
        if (back.status !== 200) return back.status
        return (await town.post('/api/plans/2023/reports', { reports: [{ ...key, version: 2, value: seen + 1 }] }, 'PUT')).status
      }
      const [approved, edited] = await Promise.all([office.post('/api/plans/2023/reports/approve', { reports: [key] }), edit()])
      expect([approved.status, edited].sort()).toEqual([200, 409])
      const now = await stored(key)
      if (approved.status === 200) expect(now).toMatchObject({ state: 'approved', value: seen, version: 2 })
      else expect(now).toMatchObject({ state: 'draft', value: seen + 1, version: 3 })
    }
    expect(await torn()).toBe(0)
  })
})
