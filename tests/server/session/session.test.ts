import { expect, it } from 'vitest'
import { describeOnBothDatabases } from '../harness.ts'

interface Session {
  person: { account: string; grants: { role: string; scope: string }[]; readOnly: boolean } | null
  realAccount: string | null
  demo: { name: string }[]
}

describeOnBothDatabases('sessions', (server) => {
  const signIn = async (account: string, password: string) => (await server.as(null)).post('/api/session', { account, password })

  it('should say that nobody is signed in, and which demonstration accounts there are', async () => {
    const session = await (await server.as(null)).json<Session>('/api/session')
    expect(session.person).toBeNull()
    const names = session.demo.map(({ name }) => name)
    for (const name of ['leader', 'office', 'planner', 'auditor', 'admin', 'town-310118001', 'town-310118p01']) expect(names).toContain(name)
    expect(names.filter((name) => name.startsWith('town-'))).toHaveLength(12)
    expect(names.filter((name) => name.startsWith('dept-'))).toHaveLength(19)
  })

  it('should set a cookie that scripts cannot read and other sites do not send, and end with it', async () => {
    const answer = await signIn('town-310118P01', 'xiangtu-demo')
    expect(answer.status).toBe(200)
    expect(((await answer.json()) as Session).person).toMatchObject({ account: 'town-310118p01', grants: [{ role: 'reporter', scope: '310118P01' }] })
    const cookie = answer.headers.get('set-cookie')!
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Lax/)
    const headers = { cookie: cookie.split(';')[0]! }
    const me = (await (await (await server.as(null)).request('/api/session', { headers })).json()) as Session
    expect(me.person?.account).toBe('town-310118p01')
    expect((await (await server.as(null)).request('/api/session', { method: 'DELETE', headers })).status).toBe(204)
    const after = (await (await (await server.as(null)).request('/api/session', { headers })).json()) as Session
    expect(after.person).toBeNull()
  })

  it('should store no cookie that could be used by who reads the database', async () => {
    const answer = await signIn('leader', 'xiangtu-demo')
    const token = answer.headers.get('set-cookie')!.split(';')[0]!.split('=')[1]!
    const rows = await server.sql<{ tokenHash: string }[]>`select token_hash from session`
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every((row) => row.tokenHash !== token)).toBe(true)
  })

  it('should tell a wrong password and an unknown account apart for nobody', async () => {
    for (const [account, password] of [
      ['planner', 'wrong'],
      ['nobody-here', 'xiangtu-demo'],
    ] as const) {
      const answer = await signIn(account, password)
      expect(answer.status).toBe(401)
      expect(await answer.json()).toMatchObject({ type: '/problems/sign-in-failed' })
    }
  })

  it('should lock an account after five wrong passwords, for a quarter of an hour', async () => {
    server.clock.set('2023-06-01T09:00:00+08:00')
    for (let i = 0; i < 4; i++) expect((await signIn('town-310118001', `wrong ${i}`)).status).toBe(401)
    const locked = await signIn('town-310118001', 'wrong again')
    expect(locked.status).toBe(403)
    expect(await locked.json()).toMatchObject({ type: '/problems/account-locked', params: { until: '2023-06-01 09:15' } })
    expect((await signIn('town-310118001', 'xiangtu-demo')).status).toBe(403)
    server.clock.set('2023-06-01T09:16:00+08:00')
    expect((await signIn('town-310118001', 'xiangtu-demo')).status).toBe(200)
    server.clock.set(null)
    const lines = await server.sql<{ after: { why: string } }[]>`select after from audit where action = 'session.refused' and subject = 'account/town-310118001'`
    expect(lines.map(({ after }) => after.why)).toEqual(['password', 'password', 'password', 'password', 'password', 'locked'])
  })

  it('should end when nobody has used it for an hour, and after twelve in any case', async () => {
    server.clock.set('2023-06-01T08:00:00+08:00')
    const answer = await signIn('auditor', 'xiangtu-demo')
    const headers = { cookie: answer.headers.get('set-cookie')!.split(';')[0]! }
    const account = async () => ((await (await (await server.as(null)).request('/api/session', { headers })).json()) as Session).person?.account
    for (const time of ['08:50', '09:40', '10:35', '11:30', '12:25', '13:20', '14:15', '15:10', '16:05', '17:00', '17:55', '18:50', '19:45']) {
      server.clock.set(`2023-06-01T${time}:00+08:00`)
      expect(await account(), time).toBe('auditor')
    }
    server.clock.set('2023-06-01T20:01:00+08:00')
    expect(await account()).toBeUndefined()
    const idle = { cookie: (await signIn('auditor', 'xiangtu-demo')).headers.get('set-cookie')!.split(';')[0]! }
    server.clock.set('2023-06-01T21:02:30+08:00')
    expect(((await (await (await server.as(null)).request('/api/session', { headers: idle })).json()) as Session).person).toBeNull()
    server.clock.set(null)
  })

  it('should let an administrator look as somebody, change nothing, and come back', async () => {
    const { headers } = await signIn('admin', 'xiangtu-demo')
    const cookie = { cookie: headers.get('set-cookie')!.split(';')[0]! }
    const asking = await server.as(null)
    const put = (account: string | null) =>
      asking.request('/api/session/looks-as', { method: 'PUT', headers: { ...cookie, 'content-type': 'application/json' }, body: JSON.stringify({ account }) })
    expect((await (await put('town-310118110')).json()) as Session).toMatchObject({ person: { account: 'town-310118110', readOnly: true }, realAccount: 'admin' })
    const write = await asking.request('/api/plans/2023/reports', {
      method: 'PUT',
      headers: { ...cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ reports: [{ measure: '14.1', town: '310118110', month: '2023-12', version: 0, value: 1 }] }),
    })
    expect(write.status).toBe(403)
    expect(await write.json()).toMatchObject({ type: '/problems/not-allowed', params: { refusal: 'looking-as' } })
    expect((await (await put(null)).json()) as Session).toMatchObject({ person: { account: 'admin' }, realAccount: null })
    const leader = await (await server.as('leader')).post('/api/session/looks-as', { account: 'office' }, 'PUT')
    expect(leader.status).toBe(403)
  })
})

describeOnBothDatabases(
  'demonstration accounts where others reach the server',
  (server) => {
    it('should not be good there', async () => {
      const answer = await (await server.as(null)).post('/api/session', { account: 'office', password: 'xiangtu-demo' })
      expect(answer.status).toBe(403)
      expect(await answer.json()).toMatchObject({ type: '/problems/demo-account-elsewhere' })
      const session = await (await server.as(null)).json<Session>('/api/session')
      expect(session.demo).toEqual([])
    })

    it('should let only who is signed in read', async () => {
      const anonymous = await server.as(null)
      for (const path of ['/api/plans', '/api/plans/2023/tasks', '/api/plans/2023/lights', '/api/plans/2023/progress', '/api/plans/2023/reports']) {
        expect((await anonymous.request(path)).status, path).toBe(401)
        expect((await server.request(path)).status, path).toBe(200)
      }
    })
  },
  { env: { HOST: '0.0.0.0' } },
)
