/** The wall's content, and the tokens that it is looked at by: they open the wall and nothing else. */
import { beforeAll, expect, it } from 'vitest'
import { describeOnBothDatabases, type Asking } from '../harness.ts'

interface Token {
  id: number
  name: string
  state: string
  due: boolean
  seenAt: string | null
  seenFrom: string | null
  uses: number
}
interface Wall {
  month: string
  asOf: string
  demo: boolean
  all: { counts: Record<string, number>; before: Record<string, number> | null }
  units: { code: string; counts: Record<string, number>; reasons: { task: number; light: string }[] }[]
  categories: { tasks: number; counts: Record<string, number> }[]
  months: { id: string; counts: Record<string, number>; units: number[] }[]
  shapes: { features: { geometry: object | null }[]; boundary: { kind: string } }
}
const KEYS = ['red', 'yellow', 'green', 'grey'] as const

describeOnBothDatabases(
  'the wall and its tokens',
  (server) => {
    let admin: Asking
    let nobody: Asking
    const issue = async (more: object = {}) => {
      const answer = await admin.post('/api/wall/tokens', { name: '一楼大厅', due: false, expiresAt: null, ...more })
      expect(answer.status).toBe(201)
      return (await answer.json()) as { token: Token; secret: string }
    }
    const ask = (secret: string, path = '/api/wall', method = 'GET') => nobody.request(path, { method, headers: { authorization: `Wall ${secret}`, ...(method === 'GET' ? {} : { 'content-type': 'application/json' }) }, ...(method === 'POST' || method === 'PUT' || method === 'PATCH' ? { body: '{}' } : {}) })
    const problemOf = async (answer: Response) => ((await answer.json()) as { type: string; params: { refusal?: string } })
    const tokens = () => admin.json<Token[]>('/api/wall/tokens')

    beforeAll(async () => {
      ;[admin, nobody] = await Promise.all([server.as('admin'), server.as(null)])
    })

    it('should show what the lights of the same day are, added up', async () => {
      const wall = await admin.json<Wall>('/api/wall?plan=2023')
      expect(wall.demo).toBe(true)
      const lights = await admin.json<{ task: number; town: string; light: string; reasonKey: string }[]>(`/api/plans/2023/lights?asOf=${wall.asOf}`)
      const cells = Map.groupBy(lights.filter(({ reasonKey }) => reasonKey !== 'no-quota'), ({ task, town }) => `${task} ${town}`)
      const order = ['grey', 'green', 'yellow', 'red']
      const worst = [...cells].map(([key, its]) => ({ town: key.split(' ')[1]!, light: its.map(({ light }) => light).sort((a, b) => order.indexOf(b) - order.indexOf(a))[0]! }))
      const counted = (some: typeof worst) => Object.fromEntries(KEYS.map((key) => [key, some.filter(({ light }) => light === key).length]))
      expect(wall.all.counts).toEqual(counted(worst))
      for (const { code, counts } of wall.units) expect(counts, code).toEqual(counted(worst.filter(({ town }) => town === code)))
      for (const key of KEYS) {
        for (const parts of [wall.units, wall.categories]) expect(parts.reduce((sum, { counts }) => sum + counts[key]!, 0)).toBe(wall.all.counts[key])
      }
      expect(wall.categories.reduce((sum, { tasks }) => sum + tasks, 0)).toBe(56)
      expect(wall.months.at(-1)!.id).toBe(wall.month)
      expect(wall.months.at(-1)!.counts).toEqual(wall.all.counts)
      expect(wall.months.at(-2)!.counts).toEqual(wall.all.before)
      expect(wall.months.at(-1)!.units).toEqual(wall.units.map(({ counts }) => counts.red))
      expect(wall.shapes.features.filter(({ geometry }) => geometry)).toHaveLength(11)
      expect(wall.units.some(({ reasons }) => reasons.length > 0 && reasons[0]!.light === 'red')).toBe(true)
      expect((await admin.request('/api/wall?plan=1999')).status).toBe(404)
    })

    it('should show orders and findings to those who may read all of them, and to a token that was issued so', async () => {
      const dueOf = async (answer: Promise<Response>) => ((await (await answer).json()) as { due: { findings: { left: number; towns: { left: number }[] }; orders: { next: unknown[] } } | null }).due
      for (const account of ['leader', 'office']) expect(await dueOf((await server.as(account)).request('/api/wall/due')), account).not.toBeNull()
      for (const account of ['town-310118110', 'planner', 'admin']) expect(await dueOf((await server.as(account)).request('/api/wall/due')), account).toBeNull()
      expect(await dueOf(ask((await issue()).secret, '/api/wall/due'))).toBeNull()
      const due = await dueOf(ask((await issue({ due: true })).secret, '/api/wall/due'))
      const [row] = await server.sql<{ n: number }[]>`select count(*)::int as n from finding where state in ('hung', 'fixed')`
      expect(due!.findings.left).toBe(row!.n)
      expect(due!.findings.towns.reduce((sum, { left }) => sum + left, 0)).toBe(row!.n)
    })

    it('should let the wall in by its token, and keep nothing that would let anybody else in', async () => {
      const { token, secret } = await issue()
      expect(token).toMatchObject({ name: '一楼大厅', state: 'good', due: false, seenAt: null, uses: 0 })
      expect((await nobody.request('/api/wall')).status).toBe(401)
      const answer = await ask(secret)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('set-cookie')).toBeNull()
      expect((await ask(secret, '/api/wall/due')).status).toBe(200)
      const known = await nobody.request('/api/wall', { headers: { authorization: `Wall ${secret}`, 'if-none-match': answer.headers.get('etag')! } })
      expect(known.status).toBe(304)
      // Asked three times within a minute: written down once.
      const seen = (await tokens()).find(({ id }) => id === token.id)!
      expect(seen).toMatchObject({ uses: 1, seenFrom: '127.0.0.1' })
      expect(seen.seenAt).not.toBeNull()
      const stored = await server.sql`select * from wall_token`
      const trail = await server.sql`select * from audit where action like 'wall.%'`
      for (const text of [JSON.stringify(stored), JSON.stringify(trail), JSON.stringify(await tokens())]) expect(text.includes(secret)).toBe(false)
    })

    it('should be refused by every other route, whatever is open there to others, and whoever else is signed in on the machine', async () => {
      const { secret } = await issue({ due: true })
      const { paths } = await nobody.json<{ paths: Record<string, Record<string, object>> }>('/api/openapi.json')
      const routes = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ path, method })))
      expect(routes.length).toBeGreaterThan(80)
      let opened = 0
      for (const { path, method } of routes) {
        const answer = await ask(secret, path.replace('{year}', '2023').replace(/\{\w+\}/g, '1'), method.toUpperCase())
        if (method === 'get' && (path === '/api/wall' || path === '/api/wall/due')) {
          expect(answer.status, path).toBe(200)
          opened++
          await answer.body?.cancel()
        } else {
          expect(answer.status, `${method} ${path}`).toBe(403)
          expect((await problemOf(answer)).type, `${method} ${path}`).toBe('/problems/wall-token-elsewhere')
        }
      }
      expect(opened).toBe(2)
      const signedIn = await admin.request('/api/accounts', { headers: { authorization: `Wall ${secret}` } })
      expect(signedIn.status).toBe(403)
      await signedIn.body?.cancel()
    })

    it('should end with being revoked or running out, and say which', async () => {
      const { token, secret } = await issue()
      for (let i = 0; i < 2; i++) expect(await (await admin.post(`/api/wall/tokens/${token.id}/revoke`, {})).json()).toMatchObject({ state: 'revoked' })
      const refused = await ask(secret)
      expect(refused.status).toBe(401)
      expect(await problemOf(refused)).toMatchObject({ type: '/problems/wall-token-refused', params: { refusal: 'revoked' } })
      expect((await problemOf(await ask('never-issued'))).params.refusal).toBe('unknown')
      expect((await admin.post('/api/wall/tokens', { name: '会议室', due: false, expiresAt: '2020-01-01T00:00:00Z' })).status).toBe(400)
      const soon = await issue({ expiresAt: new Date(Date.now() + 86_400_000).toISOString() })
      expect((await ask(soon.secret)).status).toBe(200)
      server.clock.set(new Date(Date.now() + 2 * 86_400_000).toISOString())
      try {
        expect((await problemOf(await ask(soon.secret))).params.refusal).toBe('expired')
      } finally {
        server.clock.set(null)
      }
      expect((await admin.post('/api/wall/tokens/999999/revoke', {})).status).toBe(404)
      // Not even by a wrong query is a revoked token good again, or another than it was.
      await expect(server.sql`update wall_token set revoked_at = null, revoked_by = null where id = ${token.id}`).rejects.toMatchObject({ code: '42501' })
      await expect(server.sql`update wall_token set due = true where id = ${soon.token.id}`).rejects.toMatchObject({ code: '42501' })
    })

    it('should leave a line in the trail when one is issued and when it is revoked, once', async () => {
      const { token } = await issue({ name: '审计' })
      for (let i = 0; i < 2; i++) await admin.post(`/api/wall/tokens/${token.id}/revoke`, {})
      const lines = await server.sql<{ actor: string; action: string }[]>`select actor, action from audit where subject = ${`wall/${token.id}`} order by id`
      expect([...lines]).toEqual([{ actor: 'admin', action: 'wall.issue' }, { actor: 'admin', action: 'wall.revoke' }])
      for (const account of ['office', 'leader', 'town-310118110']) expect((await (await server.as(account)).request('/api/wall/tokens')).status, account).toBe(403)
    })
  },
  { env: { READING: 'signed-in' } },
)
