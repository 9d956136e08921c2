import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { ACTIONS } from '../../geo/right/right.ts'
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
    wall: false,
    clock: { now: () => new Date() },
    jobs: { ready: () => true, stop: async () => {} },
    environment: readEnvironment({ ...env }),
    log: pino({ level: 'silent' }),
    clientFolder: null,
  })
}

interface Operation {
  'x-who-may'?: string | string[]
  security?: unknown
}

const KEY = 'a-key-of-enough-length'
const WRITES = new Set(['post', 'put', 'patch', 'delete'])
/** Writes that anyone may ask for: reading a list stores nothing, signing in and out is where rights begin, and the public may object to a notice. */
const FOR_ANYONE = new Set(['post /api/task-lists/read', 'post /api/checks/farmland', 'post /api/checks/plots', 'post /api/workbooks', 'post /api/session', 'delete /api/session', 'post /api/notices/{id}/objections'])

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
      for (const who of [operation['x-who-may']].flat()) expect([...Object.keys(WHO_MAY), ...Object.keys(ACTIONS)], `${method} ${path}`).toContain(who)
    }
  })

  it('should let nobody write without a right', async () => {
    for (const { path, method, operation } of await operations()) {
      if (!WRITES.has(method) || FOR_ANYONE.has(`${method} ${path}`)) continue
      expect(['anyone', 'reader'], `${method} ${path}`).not.toContain(operation['x-who-may'])
    }
  })

  it.each([
    ['who is not signed in', {}, {}, 401, '/problems/sign-in-needed'],
    ['who is not signed in, on an open address', { HOST: '0.0.0.0' }, {}, 401, '/problems/sign-in-needed'],
    ['a wrong key', { OPERATOR_KEY: KEY }, { authorization: 'Bearer wrong' }, 401, '/problems/operator-needed'],
    ['a key where there is none', {}, { authorization: `Bearer ${KEY}` }, 401, '/problems/operator-needed'],
  ])('should refuse every write to %s', async (_, env, headers, status, type) => {
    const app = appWith(env)
    for (const { path, method, operation } of await operations()) {
      // What stores nothing is open to whoever may read: to anyone, while nobody but this machine reaches the server.
      const isOpen = operation['x-who-may'] === 'anyone' || (operation['x-who-may'] === 'reader' && !('HOST' in env) && !('authorization' in headers))
      if (!WRITES.has(method) || isOpen) continue
      const body = method === 'delete' ? {} : { body: '{}' }
      const response = await app.request(path.replace(/\{\w+\}/g, '1'), {
        method: method.toUpperCase(),
        headers: { 'content-type': 'application/json', ...headers },
        ...body,
      })
      expect(response.status, `${method} ${path}`).toBe(status)
      expect(await response.json()).toMatchObject({ type })
    }
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
