import pino from 'pino'
import { afterAll, describe, expect, it } from 'vitest'
import { createApp } from '../../../server/app.ts'
import { EnvironmentError, readEnvironment } from '../../../server/environment.ts'
import { describeOnBothDatabases } from '../harness.ts'
import { CLIENT, startProvider } from './provider.ts'

const provider = await startProvider('http://localhost/api/session/sso/callback')
afterAll(() => provider.stop())

const env = { OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret }
const cookieOf = (answer: Response, name: string) => answer.headers.getSetCookie().find((cookie) => cookie.startsWith(`${name}=`) && !/Max-Age=0/.test(cookie))
const pair = (cookie: string | undefined) => (cookie ?? '').split(';')[0]!

describeOnBothDatabases(
  'single sign-on',
  (server) => {
    const begin = async (to = '') => {
      const anonymous = await server.as(null)
      const answer = await anonymous.request(`/api/session/sso${to && `?to=${encodeURIComponent(to)}`}`)
      expect(answer.status).toBe(302)
      return { url: answer.headers.get('location')!, cookie: cookieOf(answer, 'xiangtu-sso')! }
    }
    const finish = async (back: string, cookie: string) => {
      const { pathname, search } = new URL(back)
      return (await server.as(null)).request(`${pathname}${search}`, { headers: { cookie } })
    }
    const signIn = async (subject: string, name: string | null, to = '') => {
      provider.next = { subject, name }
      const { url, cookie } = await begin(to)
      const answer = await finish(await provider.visit(url), pair(cookie))
      return { answer, location: answer.headers.get('location'), session: pair(cookieOf(answer, 'xiangtu')) }
    }
    const make = async (name: string) => (await server.as('admin')).post('/api/accounts', { name, person: '李四', email: null, grants: [{ role: 'reporter', scope: '310118110' }] })
    const lines = (action: string) => server.sql<{ actor: string; subject: string; after: { why?: string; by?: string } }[]>`select actor, subject, after from audit where action = ${action} order by id`

    it('should open a session for the account that the provider names, without asking for a password of ours', async () => {
      await make('li.si')
      const { location, session } = await signIn('u-1', 'Li.Si', '/lights?month=2023-06')
      expect(location).toBe('/lights?month=2023-06')
      const shown = await (await server.as(null)).json<{ person: object; mustChange: boolean; sso: boolean }>('/api/session', { headers: { cookie: session } })
      expect(shown).toMatchObject({ person: { account: 'li.si' }, mustChange: false, sso: true })
      expect((await lines('account.bind-sso')).map(({ actor }) => actor)).toEqual(['li.si'])
      expect((await lines('session.begin')).at(-1)).toMatchObject({ actor: 'li.si', after: { by: 'single sign-on' } })
    })

    it('should know somebody again whatever they are called there now, and let nobody inherit their name', async () => {
      expect((await signIn('u-1', 'li.si.renamed')).location).toBe('/')
      expect((await signIn('u-2', 'li.si')).location).toBe('/login?failed=sso-other')
      await make('li.si.renamed')
      const { session } = await signIn('u-1', 'li.si.renamed')
      expect(await (await server.as(null)).json('/api/session', { headers: { cookie: session } })).toMatchObject({ person: { account: 'li.si' } })
    })

    it('should let in nobody without an account, without a name, or whose account is disabled', async () => {
      expect((await signIn('u-9', 'stranger')).location).toBe('/login?failed=sso-unknown')
      expect((await signIn('u-9', null)).location).toBe('/login?failed=sso-unknown')
      await make('wang.wu')
      await (await server.as('admin')).post('/api/accounts/wang.wu/disabled', { disabled: true }, 'PUT')
      const refused = await signIn('u-3', 'wang.wu')
      expect(refused).toMatchObject({ location: '/login?failed=account-disabled', session: '' })
      expect((await lines('session.refused')).slice(-3).map(({ subject, after }) => `${subject} ${after.why}`)).toEqual(['account/stranger sso-unknown', 'account/ sso-unknown', 'account/wang.wu disabled'])
    })

    it('should take an answer once, in the browser that asked, and only as it was asked for', async () => {
      provider.next = { subject: 'u-1', name: 'li.si' }
      const { url, cookie } = await begin()
      expect(cookie).toMatch(/HttpOnly/)
      expect(cookie).toMatch(/SameSite=Lax/)
      expect(cookie).toMatch(/Path=\/api\/session\/sso/)
      expect(cookie).toMatch(/Max-Age=600/)
      const asked = new URL(url).searchParams
      expect(Object.fromEntries(asked)).toMatchObject({ response_type: 'code', code_challenge_method: 'S256', client_id: CLIENT.id })
      const failed = '/login?failed=sso-failed'
      const altered = (change: object) => {
        const [name, value] = pair(cookie).split('=')
        return `${name}=${Buffer.from(JSON.stringify({ ...(JSON.parse(Buffer.from(value!, 'base64url').toString()) as object), ...change })).toString('base64url')}`
      }
      for (const spoilt of ['', 'xiangtu-sso=rubbish', altered({ state: 'another' }), altered({ nonce: 'another' }), altered({ verifier: 'another'.repeat(8) }), altered({ until: 0 })]) {
        expect((await finish(await provider.visit(url), spoilt)).headers.get('location'), spoilt).toBe(failed)
      }
      const back = await provider.visit(url)
      expect((await finish(back, pair(cookie))).headers.get('location')).toBe('/')
      // The provider gives a code's tokens once.
      expect((await finish(back, pair(cookie))).headers.get('location')).toBe(failed)
      expect((await finish('http://localhost/api/session/sso/callback?error=access_denied&state=x', pair(cookie))).headers.get('location')).toBe(failed)
    })

    it.each(['//evil.example', 'https://evil.example', '/\\evil.example', '/api/session/sso', 'lights'])('should lead nowhere else afterwards: %s', async (to) => {
      expect((await signIn('u-1', 'li.si', to)).location).toBe('/')
    })

    it('should be forgotten by an administrator, so that the account can be bound anew', async () => {
      const admin = await server.as('admin')
      expect((await admin.request('/api/accounts/li.si/sso', { method: 'DELETE' })).status).toBe(200)
      expect((await signIn('u-2', 'li.si')).location).toBe('/')
      expect((await signIn('u-1', 'li.si')).location).toBe('/login?failed=sso-other')
    })
  },
  { env },
)

describe('single sign-on that is not there', () => {
  const app = (more: Record<string, string>) =>
    createApp({ sql: null as never, wall: false, clock: { now: () => new Date() }, jobs: { ready: () => true, stop: async () => {} }, environment: readEnvironment(more), log: pino({ level: 'silent' }), clientFolder: null })

  it('should say so where it is not set up, and where the provider does not answer', async () => {
    expect((await app({}).request('/api/session/sso')).headers.get('location')).toBe('/login?failed=not-found')
    const away = app({ ...env, OIDC_ISSUER: 'http://127.0.0.1:9' })
    expect((await away.request('/api/session/sso')).headers.get('location')).toBe('/login?failed=sso-away')
  })

  it('should be set up as a whole, and over https save on this machine', () => {
    expect(() => readEnvironment({ OIDC_ISSUER: 'https://login.example.gov.cn' })).toThrow(EnvironmentError)
    expect(() => readEnvironment({ OIDC_ISSUER: 'http://login.example.gov.cn', OIDC_CLIENT_ID: 'x' })).toThrow(/must be https/)
    expect(readEnvironment({ OIDC_ISSUER: 'https://login.example.gov.cn', OIDC_CLIENT_ID: 'x' }).oidc).toEqual({ issuer: 'https://login.example.gov.cn', clientId: 'x', clientSecret: null, claim: 'preferred_username' })
  })
})
