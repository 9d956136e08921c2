import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { createApp } from '../../server/app.ts'
import { readEnvironment } from '../../server/environment.ts'
import { WHO_MAY } from '../../server/route.ts'

/** Rights are decided before a handler runs; these tests need no database, and a handler that gets through would fail without one. */
function appWith(env: Record<string, string>) {
  const sql = (() => {
    throw new Error('the database was reached')
  }) as never
  return createApp({
    sql,
    jobs: { ready: () => true, stop: async () => {} },
    environment: readEnvironment({ ...env }),
    log: pino({ level: 'silent' }),
    clientFolder: null,
  })
}

interface Operation {
  'x-who-may'?: string
  security?: unknown
}

const KEY = 'a-key-of-enough-length'
const WRITES = new Set(['post', 'put', 'patch', 'delete'])
/** POST routes that write nothing: anyone may use them. */
const READS_BY_POST = new Set(['/api/task-lists/read', '/api/towns/boundaries/check'])

async function operations() {
  const response = await appWith({}).request('/api/openapi.json')
  const { paths } = (await response.json()) as { paths: Record<string, Record<string, Operation>> }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
}

describe('who may', () => {
  it('should be said by every route of the API', async () => {
    const all = await operations()
    expect(all.length).toBeGreaterThan(10)
    for (const { path, method, operation } of all) {
      expect(Object.keys(WHO_MAY), `${method} ${path}`).toContain(operation['x-who-may'])
    }
  })

  it('should keep every write to the operator', async () => {
    for (const { path, method, operation } of await operations()) {
      if (!WRITES.has(method) || READS_BY_POST.has(path)) continue
      expect(operation['x-who-may'], `${method} ${path}`).toBe('operator')
    }
  })

  it.each([
    ['without a key on an open address', { HOST: '0.0.0.0' }, {}, 403, '/problems/operator-key-unset'],
    ['without giving the key', { HOST: '0.0.0.0', OPERATOR_KEY: KEY }, {}, 401, '/problems/operator-needed'],
    ['with a wrong key', { OPERATOR_KEY: KEY }, { authorization: 'Bearer wrong' }, 401, '/problems/operator-needed'],
  ])('should refuse every write %s', async (_, env, headers, status, type) => {
    const app = appWith(env)
    for (const { path, method, operation } of await operations()) {
      if (operation['x-who-may'] !== 'operator') continue
      const body = method === 'delete' ? {} : { body: JSON.stringify({ version: 1, corrections: [], confirmed: [] }) }
      const response = await app.request(path.replace('{id}', '1'), {
        method: method.toUpperCase(),
        headers: { 'content-type': 'application/json', ...headers },
        ...body,
      })
      expect(response.status, `${method} ${path}`).toBe(status)
      expect(await response.json()).toMatchObject({ type })
    }
  })

  it.each([
    ['with a public address', { PUBLIC_ORIGIN: 'https://xiangtu.example.gov.cn' }, {}],
    ['that says for whom it asks', {}, { 'x-forwarded-for': '203.0.113.7' }],
  ])('should not take whoever comes through a proxy %s for somebody at this machine', async (_, env, headers) => {
    const response = await appWith(env).request('/api/task-lists/1', { method: 'DELETE', headers: headers as never })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ type: '/problems/operator-key-unset' })
  })

  it('should let a write with the right key through to its handler', async () => {
    const response = await appWith({ HOST: '0.0.0.0', OPERATOR_KEY: KEY }).request('/api/task-lists/1', {
      method: 'DELETE',
      headers: { authorization: `Bearer ${KEY}` },
    })
    expect(response.status).toBe(500)
  })

  it('should refuse a write that a browser sends from another site', async () => {
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'http://evil.example' }]) {
      const response = await appWith({}).request('http://127.0.0.1/api/task-lists/1', { method: 'DELETE', headers: { host: '127.0.0.1', ...headers } as never })
      expect(response.status).toBe(403)
      expect(await response.json()).toMatchObject({ type: '/problems/origin-refused' })
    }
  })

  it('should not serve a foreign host name on loopback', async () => {
    const response = await appWith({}).request('http://evil.example/api/plans', { headers: { host: 'evil.example' } })
    expect(response.status).toBe(421)
  })
})
