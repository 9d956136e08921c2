/**
 * What tests of the server have in common: the whole app on a fresh, migrated and (if wanted) seeded database of its own, once on the embedded
 * database and once on PostgreSQL. Without PostgreSQL those tests are skipped, and the runner says why.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe } from 'vitest'
import { createApp } from '../../server/app.ts'
import type { Sql } from '../../server/database/connect.ts'
import { openDatabase, type Database } from '../../server/database/open.ts'
import { readEnvironment, type Environment } from '../../server/environment.ts'
import { DEMO_PASSWORD } from '../../server/account/first.ts'
import type { Clock } from '../../server/clock.ts'
import { copyTemplate, freshDatabase, type Seeded } from '../database/template.ts'

export type DatabaseKind = 'embedded' | 'native'

/** The server under test; filled before the first test of its `describe`. */
export interface TestServer extends Asking {
  kind: DatabaseKind
  sql: Sql
  database: Database
  environment: Environment
  clock: TestClock
  /** Somebody who asks: an account of the demonstration by name, signed in; null: nobody. The server itself asks as the operator, by key. */
  as(account: string | null): Promise<Asking>
}

/** Requests as a browser on the same origin would send them. */
export interface Asking {
  request(path: string, init?: RequestInit): Promise<Response>
  json<T = unknown>(path: string, init?: RequestInit): Promise<T>
  post(path: string, body: unknown, method?: 'POST' | 'PUT'): Promise<Response>
}

/** The server's clock, set by the test; until then the machine's own. */
export interface TestClock extends Clock {
  set(instant: string | null): void
}

const OPERATOR_KEY = 'the-operators-key-in-tests'
const SECRET_KEY = 'the-secret-key-in-tests'

export interface HarnessOptions {
  /** Load towns, the 2023 list and, unless `empty`, the demonstration year. Default: `demo`. */
  seeded?: Seeded
  env?: Record<string, string>
}

/** Declares the same tests for both databases; each `describe` gets a database of its own. */
export function describeOnBothDatabases(name: string, body: (server: TestServer) => void, options: HarnessOptions = {}): void {
  for (const kind of ['embedded', 'native'] as const) {
    const runnable = kind === 'embedded' || Boolean(process.env.TEST_DATABASE_URL)
    describe.skipIf(!runnable)(`${name} (${kind})`, () => {
      const server = { kind } as TestServer
      let cleanUp: () => Promise<void> = async () => {}
      beforeAll(async () => {
        cleanUp = await fill(server, options)
      }, 400_000)
      afterAll(() => cleanUp(), 60_000)
      body(server)
    })
  }
}

async function fill(server: TestServer, options: HarnessOptions): Promise<() => Promise<void>> {
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' })
  const dataDir = await mkdtemp(join(tmpdir(), 'xiangtu-test-'))
  const seeded = options.seeded ?? 'demo'
  const native = server.kind === 'native' ? await freshDatabase(seeded) : null
  const environment = readEnvironment({ DATA_DIR: dataDir, NO_OPEN: '1', DATABASE_URL: native?.url, OPERATOR_KEY, SECRET_KEY, ...options.env })
  if (!native) await copyTemplate(dataDir, seeded)
  const database = await openDatabase(environment, log, () => {})
  const clock = testClock()
  const { sql, wall } = database
  const app = createApp({ sql, wall, clock, jobs: { ready: () => true, stop: async () => {} }, environment, log, clientFolder: null })
  const asking = (headers: Record<string, string>): Asking => {
    const request = async (path: string, init: RequestInit = {}) => app.request(path, { ...init, headers: { ...headers, ...plain(init.headers) } })
    return {
      request,
      json: async <T>(path: string, init?: RequestInit) => (await request(path, init)).json() as Promise<T>,
      post: (path, body, method = 'POST') => request(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    }
  }
  const cookies = new Map<string, string>()
  const as = async (account: string | null): Promise<Asking> => {
    if (account === null) return asking({})
    if (!cookies.has(account)) {
      const answer = await asking({}).post('/api/session', { account, password: DEMO_PASSWORD })
      if (!answer.ok) throw new Error(`${account} could not sign in: ${await answer.text()}`)
      cookies.set(account, answer.headers.get('set-cookie')!.split(';')[0]!)
    }
    return asking({ cookie: cookies.get(account)! })
  }
  Object.assign(server, { sql, database, environment, clock, as, ...asking({ authorization: `Bearer ${OPERATOR_KEY}` }) })
  return async () => {
    await database.close()
    await native?.drop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

function plain(headers: RequestInit['headers']): Record<string, string> {
  return Object.fromEntries(new Headers(headers))
}

function testClock(): TestClock {
  let start: { real: number; shown: number } | null = null
  return {
    now: () => (start ? new Date(start.shown + (Date.now() - start.real)) : new Date()),
    set: (instant) => void (start = instant === null ? null : { real: Date.now(), shown: Date.parse(instant) }),
  }
}
