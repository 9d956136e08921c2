/** The second wall, tried: whatever a wrong query of a request would write, the database lets through only what the person may touch. */
import { expect, it } from 'vitest'
import { isDistrict } from '../../../geo/right/right.ts'
import { townsOf, departmentsOf, type Grant, type Person } from '../../../geo/right/role.ts'
import { accounts } from '../../../server/account/queries.ts'
import type { Tx } from '../../../server/database/connect.ts'
import { beginAs } from '../../../server/database/wall.ts'
import { describeOnBothDatabases } from '../harness.ts'

const person = (account: string, grants: Grant[]): Person => ({ account, name: account, grants, readOnly: false })
/** Without the right, or a row that the policies do not let through. */
const REFUSED = '42501'

/** Tables with a town in them whose rows are no town's own: what is there is the plan's, the map's, computed, and a meeting's about towns. */
const OF_NO_TOWN = new Set(['quota', 'boundary', 'decision', 'light_record', 'feature_cell', 'feature_cell_change'])

describeOnBothDatabases('the wall', (server) => {
  const as = <T>(who: Person | null, work: (tx: Tx) => Promise<T>) => beginAs(server.sql, server.database.wall, who, work)
  /** The code of PostgreSQL's refusal, or how many rows were written; nothing of it stays. */
  const attempt = async (who: Person | null, work: (tx: Tx) => Promise<{ count: number }>): Promise<string | number> => {
    const undo = new Error('undo')
    let written = 0
    try {
      await as(who, async (tx) => {
        written = (await work(tx)).count
        throw undo
      })
    } catch (error) {
      if (error !== undo) return (error as { code?: string }).code ?? String(error)
    }
    return written
  }

  it('should stand', () => expect(server.database.wall).toBe(true))

  it('should let every account of every role write the reports of its own place, and of no other', async () => {
    const everybody = await accounts(server.sql)
    expect(everybody.length).toBeGreaterThan(30)
    const reports = await server.sql<{ id: string; town: string; leads: string[] }[]>`
      select r.id, r.town, t.leads from report r join measure m on m.plan_id = r.plan_id and m.id = r.measure_id join task t on t.plan_id = m.plan_id and t.no = m.task_no
      where r.month = '2023-11'`
    for (const { name, grants } of everybody) {
      const who = person(name, grants)
      const everywhere = grants.some(({ role }) => role === 'office')
      const own = ({ town, leads }: { town: string; leads: string[] }) => everywhere || townsOf(who).includes(town) || leads.some((lead) => departmentsOf(who).includes(lead))
      const touched = await attempt(who, (tx) => tx`update report set words = 'by a wrong query' where month = '2023-11'`)
      expect(touched, name).toBe(reports.filter(own).length)
    }
  })

  it('should refuse a new report, and a new version, of another town to everybody else', async () => {
    const [cell] = await server.sql<{ planId: number; measureId: string; leads: string[] }[]>`
      select q.plan_id, q.measure_id, t.leads from quota q join measure m on m.plan_id = q.plan_id and m.id = q.measure_id
      join task t on t.plan_id = m.plan_id and t.no = m.task_no where q.town = '310118105' order by t.no limit 1`
    const { planId, measureId, leads } = cell!
    const [report] = await server.sql<{ id: string }[]>`select id from report where measure_id = ${measureId} and town = '310118105' order by month desc limit 1`
    const insert = (tx: Tx) => tx`insert into report (plan_id, measure_id, town, month, value, words, state, demo) values (${planId}, ${measureId}, '310118105', '2099-12', 1, '', 'draft', true)`
    const version = (tx: Tx) => tx`
      insert into report_version (report_id, version, at, by, act, state, value, words) values (${report!.id}, 999, now(), 'somebody', 'save', 'draft', 1, '')`
    for (const { name, grants } of await accounts(server.sql)) {
      const may = grants.some(({ role, scope }) => role === 'office' || scope === '310118105' || leads.includes(scope))
      // The plan has no such month: what gets through the wall fails at the next one.
      expect(await attempt(person(name, grants), insert), name).toBe(may ? '23503' : REFUSED)
      expect(await attempt(person(name, grants), version), name).toBe(may ? 1 : REFUSED)
    }
  })

  it('should let nobody move a report of their own to another town', async () => {
    const baihe = person('town-310118110', [{ role: 'reporter', scope: '310118110' }])
    expect(await attempt(baihe, (tx) => tx`update report set town = '310118105' where town = '310118110'`)).toBe(REFUSED)
  })

  it('should hold a visitor, a leader, an auditor and an administrator to nothing at all', async () => {
    for (const who of [person('anonymous', []), person('leader', [{ role: 'leader', scope: '' }]), person('auditor', [{ role: 'auditor', scope: '' }]), person('admin', [{ role: 'admin', scope: '' }])]) {
      expect(await attempt(who, (tx) => tx`update report set value = 0`), who.account).toBe(0)
    }
  })

  it('should keep what is append-only, also from the office and the system itself', async () => {
    for (const who of [null, person('office', [{ role: 'office', scope: '' }])]) {
      for (const table of ['audit', 'report_version']) {
        expect(await attempt(who, (tx) => tx.unsafe(`delete from ${table}`)), table).toBe(REFUSED)
        expect(await attempt(who, (tx) => tx.unsafe(`truncate ${table} cascade`)), table).toBe(REFUSED)
      }
      expect(await attempt(who, (tx) => tx`update audit set actor = 'somebody else'`)).toBe(REFUSED)
      expect(await attempt(who, (tx) => tx`update report_version set value = 0`)).toBe(REFUSED)
      expect(await attempt(who, (tx) => tx`delete from report`)).toBe(0)
      expect(await attempt(who, (tx) => tx`insert into migration select * from migration`)).toBe(REFUSED)
      expect(await attempt(who, (tx) => tx`alter table report disable row level security`)).toBe(REFUSED)
      expect(await attempt(who, (tx) => tx`drop policy report_added on report`)).toBe(REFUSED)
    }
  })

  it('should leave nothing of an identity behind on the connection', async () => {
    await as(person('office', [{ role: 'office', scope: '' }]), (tx) => tx`select 1`)
    const rows = await Promise.all(
      Array.from({ length: 20 }, () => server.sql<{ role: string; everywhere: string | null }[]>`select current_user::text as role, current_setting('xiangtu.everywhere', true) as everywhere`),
    )
    for (const [row] of rows) {
      expect(row!.role).not.toBe('xiangtu_app')
      expect(row!.everywhere ?? '').toBe('')
    }
  })

  it('should stand before every table whose rows belong to a town', async () => {
    const open = await server.sql<{ table: string }[]>`
      select distinct c.relname::text as table from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
      where n.nspname = 'public' and c.relkind in ('r', 'p') and a.attname in ('town', 'report_id', 'town_code') and not a.attisdropped and not c.relrowsecurity order by 1`
    expect(open.map(({ table }) => table).filter((table) => !OF_NO_TOWN.has(table)), 'tables without row-level security; those of no town are named in this test').toEqual([])
  })

  it('should find the park and the district like any place', async () => {
    const park = person('park', [{ role: 'reporter', scope: '310118P01' }])
    const [counted] = await server.sql<{ n: number }[]>`select count(*)::int as n from report where town = '310118P01'`
    expect(await attempt(park, (tx) => tx`update report set words = ''`)).toBe(counted!.n)
    expect(isDistrict('310118P01')).toBe(false)
  })
})
