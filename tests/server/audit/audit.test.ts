import { expect, it } from 'vitest'
import excel from 'exceljs'
import { describeOnBothDatabases } from '../harness.ts'

interface Page {
  lines: { id: number; actor: string; person: string | null; looksAs: string | null; action: string; subject: string; before: unknown; after: { why?: string } | null }[]
  count: number
  more: boolean
}

describeOnBothDatabases('the audit trail', (server) => {
  const search = async (query = '') => (await server.as('auditor')).json<Page>(`/api/audit${query}`)

  it('should have who did what, with before and after, and be searched by each', async () => {
    const admin = await server.as('admin')
    await admin.post('/api/accounts', { name: 'sun.qi', person: '孙七 100%', email: null, grants: [{ role: 'reporter', scope: '310118110' }] })
    await admin.post('/api/accounts/sun.qi', { person: '孙七', email: null, grants: [{ role: 'approver', scope: '310118110' }], version: 1 }, 'PUT')
    expect((await (await server.as('town-310118110')).request('/api/audit')).status).toBe(403)

    const [changed, created] = (await search('?subject=account/sun.qi')).lines
    expect(created).toMatchObject({ actor: 'admin', person: '系统管理员', action: 'account.create', before: null })
    expect(changed).toMatchObject({ action: 'account.change', before: { person: '孙七 100%' }, after: { person: '孙七', grants: [{ role: 'approver' }] } })
    expect((await search('?action=account.change')).lines.map(({ id }) => id)).toEqual([changed!.id])
    const kinds = new Set((await search('?action=account')).lines.map(({ action }) => action))
    expect([...kinds].sort()).toEqual(['account.change', 'account.create', 'account.demo'])
    expect((await search('?action=acc')).lines).toEqual([])
    // What is typed is meant as it stands.
    expect((await search(`?text=${encodeURIComponent('七 100%')}`)).count).toBe(2)
    expect((await search('?text=100_')).count).toBe(0)
    expect((await search('?actor=town-310118110&action=refused')).lines[0]).toMatchObject({ subject: '/api/audit', after: { why: 'role' } })
    expect((await search('?actor=town-310118110&action=session.begin')).count).toBe(1)
  })

  it('should be searched by days of China’s calendar', async () => {
    await server.sql`insert into audit (at, actor, origin, action, subject) values
      ('2023-05-31T15:59:59Z', 'office', '10.0.0.1', 'try.day', 'a'), ('2023-05-31T16:00:00Z', 'office', '10.0.0.1', 'try.day', 'b'),
      ('2023-06-30T15:59:59Z', 'office', '10.0.0.1', 'try.day', 'c'), ('2023-06-30T16:00:00Z', 'office', '10.0.0.1', 'try.day', 'd')`
    expect((await search('?action=try.day&from=2023-06-01&until=2023-06-30')).lines.map(({ subject }) => subject)).toEqual(['c', 'b'])
    expect((await search('?action=try.day&from=2023-06-01')).count).toBe(3)
  })

  it('should come page by page, the newest first, and miss nothing', async () => {
    await server.sql`insert into audit (actor, origin, action, subject) select 'office', '10.0.0.1', 'try.page', 'n/' || n from generate_series(1, 125) n order by n`
    const seen: string[] = []
    let before = ''
    for (let i = 0; i < 3; i++) {
      const page = await search(`?action=try.page&limit=50${before}`)
      expect(page).toMatchObject({ count: 125, more: i < 2 })
      seen.push(...page.lines.map(({ subject }) => subject))
      before = `&before=${page.lines.at(-1)!.id}`
    }
    expect(seen).toEqual(Array.from({ length: 125 }, (_, i) => `n/${125 - i}`))
  })

  it('should offer what there is to choose from', async () => {
    const choices = await (await server.as('auditor')).json<{ actions: string[]; actors: { name: string; person: string | null }[] }>('/api/audit/choices')
    expect(choices.actions).toEqual(expect.arrayContaining(['plan.store', 'account.create', 'refused', 'session.begin']))
    expect(choices.actors).toContainEqual({ name: 'admin', person: '系统管理员' })
    expect(choices.actors).toContainEqual({ name: 'first start', person: null })
  })

  it('should go out as files that nobody’s spreadsheet computes, and say that it went out', async () => {
    await server.sql`insert into audit (actor, origin, action, subject, after) values ('office', '10.0.0.1', 'try.file', '=1+1', ${server.sql.json({ words: '他说"好", 第二行\n' })})`
    const auditor = await server.as('auditor')
    const csv = await auditor.request('/api/audit/file.csv?action=try.file')
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/)
    const bytes = new Uint8Array(await csv.arrayBuffer())
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const text = new TextDecoder().decode(bytes)
    expect(text.split('\r\n')).toHaveLength(3)
    expect(text).toContain(`"'=1+1"`)
    expect(text).toContain(`"{""words"":""他说\\""好\\"", 第二行\\n""}"`)
    const workbook = new excel.Workbook()
    await workbook.xlsx.load(await (await auditor.request('/api/audit/file.xlsx?action=try.file')).arrayBuffer())
    const sheet = workbook.worksheets[0]!
    expect(sheet.rowCount).toBe(2)
    expect(sheet.getRow(2).getCell(8).value).toBe('=1+1')
    expect(sheet.getRow(2).getCell(8).type).toBe(excel.ValueType.String)
    expect((await search('?action=audit.export')).lines.map(({ actor, after }) => [actor, after])).toEqual([
      ['auditor', { format: 'xlsx', lines: 1, action: 'try.file' }],
      ['auditor', { format: 'csv', lines: 1, action: 'try.file' }],
    ])
  })

  it('should name the administrator and whom they looked as', async () => {
    const opened = await (await server.as(null)).post('/api/session', { account: 'admin', password: 'xiangtu-demo' })
    const headers = { cookie: opened.headers.get('set-cookie')!.split(';')[0]!, 'content-type': 'application/json' }
    const anonymous = await server.as(null)
    await anonymous.request('/api/session/looks-as', { method: 'PUT', headers, body: JSON.stringify({ account: 'office' }) })
    await anonymous.request('/api/plans/2023/orders', { method: 'POST', headers, body: '{}' })
    expect((await search('?actor=office&action=refused')).lines[0]).toMatchObject({ actor: 'admin', looksAs: 'office', after: { why: 'looking-as' } })
  })
})
