import { expect, it } from 'vitest'
import { hashPassword, verifyPassword, faultOfPassword, oneTimePassword } from '../../../server/account/password.ts'
import { seedAccounts } from '../../../server/seed.ts'
import { describeOnBothDatabases } from '../harness.ts'

it('should hash passwords with argon2id, each with its own salt', async () => {
  const [one, two] = await Promise.all([hashPassword('一个好密码 2023'), hashPassword('一个好密码 2023')])
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(one).not.toBe(two)
  expect(await verifyPassword('一个好密码 2023', one)).toBe(true)
  expect(await verifyPassword('一个好密码 2024', one)).toBe(false)
  expect(await verifyPassword('', null)).toBe(false)
})

it.each([
  ['short', 'too-short'],
  ['aaaaaaaaaaaa', 'too-simple'],
  ['my-office-2023', 'like-account'],
  ['x'.repeat(201), 'too-long'],
  ['中文密码也可以用哦真的', null],
] as const)('should say of the password %s: %s', (password, fault) => {
  expect(faultOfPassword(password, 'office')).toBe(fault)
})

it('should make one-time passwords that differ and can be read out', () => {
  const some = Array.from({ length: 50 }, oneTimePassword)
  expect(new Set(some).size).toBe(50)
  for (const password of some) expect(password).toMatch(/^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/)
})

describeOnBothDatabases('accounts', (server) => {
  it('should be made by an administrator, used once with the password handed over, and then with one’s own', async () => {
    const admin = await server.as('admin')
    const made = await admin.post('/api/accounts', { name: 'zhang.san', person: '张三', email: 'zhang@example.gov.cn', grants: [{ role: 'reporter', scope: '310118110' }] })
    expect(made.status).toBe(201)
    const { oneTimePassword: password } = (await made.json()) as { oneTimePassword: string }
    const anonymous = await server.as(null)
    const first = await anonymous.post('/api/session', { account: 'zhang.san', password })
    expect(await first.json()).toMatchObject({ mustChange: true })
    const headers = { cookie: first.headers.get('set-cookie')!.split(';')[0]!, 'content-type': 'application/json' }
    const write = () => anonymous.request('/api/plans/2023/reports', { method: 'PUT', headers, body: JSON.stringify({ reports: [{ measure: '14.1', town: '310118105', month: '2023-12', version: 1, value: 1 }] }) })
    expect(await (await write()).json()).toMatchObject({ type: '/problems/password-change-needed' })
    const change = (body: object) => anonymous.request('/api/account/password', { method: 'PUT', headers, body: JSON.stringify(body) })
    expect((await change({ current: 'wrong', password: 'harvest moon 23' })).status).toBe(401)
    expect(await (await change({ current: password, password: 'short' })).json()).toMatchObject({ type: '/problems/password-weak', params: { fault: 'too-short' } })
    expect(await (await change({ current: password, password })).json()).toMatchObject({ params: { fault: 'same' } })
    expect((await change({ current: password, password: 'harvest moon 23' })).status).toBe(204)
    // Another town's cell: now the right is looked at, not the password.
    expect(await (await write()).json()).toMatchObject({ type: '/problems/not-allowed', params: { refusal: 'scope' } })
    expect((await anonymous.post('/api/session', { account: 'zhang.san', password })).status).toBe(401)
    expect((await anonymous.post('/api/session', { account: 'zhang.san', password: 'harvest moon 23' })).status).toBe(200)
  })

  it('should refuse a town or department that there is not, a name that is taken, and an old version', async () => {
    const admin = await server.as('admin')
    const wrong = await admin.post('/api/accounts', { name: 'li.si', person: '李四', email: null, grants: [{ role: 'reporter', scope: '310118999' }] })
    expect(wrong.status).toBe(400)
    expect(await wrong.json()).toMatchObject({ field: '/grants/0/scope' })
    expect((await admin.post('/api/accounts', { name: 'li.si', person: '李四', email: null, grants: [{ role: 'department', scope: '区火星委' }] })).status).toBe(400)
    expect((await admin.post('/api/accounts', { name: 'office', person: '又一个', email: null, grants: [] })).status).toBe(409)
    const old = await admin.post('/api/accounts/leader', { person: '区长', email: null, grants: [{ role: 'leader', scope: '' }], version: 99 }, 'PUT')
    expect(old.status).toBe(409)
  })

  it('should be disabled, not deleted: sessions end at once, and the name stays', async () => {
    const admin = await server.as('admin')
    const planner = await server.as('planner')
    expect((await planner.json<{ person: { account: string } }>('/api/session')).person.account).toBe('planner')
    expect((await admin.post('/api/accounts/planner/disabled', { disabled: true }, 'PUT')).status).toBe(200)
    expect((await planner.json<{ person: unknown }>('/api/session')).person).toBeNull()
    expect((await (await server.as(null)).post('/api/session', { account: 'planner', password: 'xiangtu-demo' })).status).toBe(403)
    expect((await admin.post('/api/accounts/planner/disabled', { disabled: false }, 'PUT')).status).toBe(200)
    expect((await (await server.as(null)).post('/api/session', { account: 'planner', password: 'xiangtu-demo' })).status).toBe(200)
  })

  it('should show no password to anybody', async () => {
    const text = await (await (await server.as('admin')).request('/api/accounts')).text()
    expect(text).not.toContain('argon2')
    const trail = await server.sql<{ text: string }[]>`select coalesce(before::text, '') || coalesce(after::text, '') as text from audit where action like 'account.%'`
    expect(trail.length).toBeGreaterThan(3)
    expect(trail.every(({ text }) => !text.includes('argon2'))).toBe(true)
  })
})

describeOnBothDatabases(
  'the first administrator',
  (server) => {
    it('should be made once, with a password for one use, and never be shut out by mistake', async () => {
      await server.sql`delete from account_role`
      await server.sql`delete from account`
      const first = await seedAccounts(server.sql, { demo: false, clock: server.clock })
      expect(first?.account).toBe('admin')
      expect(await seedAccounts(server.sql, { demo: false, clock: server.clock })).toBeNull()
      const last = await server.post('/api/accounts/admin/disabled', { disabled: true }, 'PUT')
      expect(last.status).toBe(409)
      const answer = await (await server.as(null)).post('/api/session', { account: 'admin', password: first!.password })
      expect(await answer.json()).toMatchObject({ mustChange: true, person: { account: 'admin' } })
    })
  },
  { seeded: 'empty' },
)
