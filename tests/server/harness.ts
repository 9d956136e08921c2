/**
 * What tests of the server have in common: the whole app on a fresh, migrated and (if wanted) seeded database of its own, once on the embedded
 * database and once on PostgreSQL. Without PostgreSQL those tests are skipped, and the runner says why.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import postgres from 'postgres'
import { afterAll, beforeAll, describe } from 'vitest'
import { createApp } from '../../server/app.ts'
import type { Sql } from '../../server/database/connect.ts'
import { openDatabase, type Database } from '../../server/database/open.ts'
import { readEnvironment, type Environment } from '../../server/environment.ts'
import { seed } from '../../server/seed.ts'
import { copyTemplate } from '../database/template.ts'

export type DatabaseKind = 'embedded' | 'native'

/** The server under test; filled before the first test of its `describe`. */
export interface TestServer {
  kind: DatabaseKind
  sql: Sql
  database: Database
  environment: Environment
  /** A request as a browser on the same origin would send it. */
  request(path: string, init?: RequestInit): Promise<Response>
  json<T = unknown>(path: string, init?: RequestInit): Promise<T>
  post(path: string, body: unknown, method?: 'POST' | 'PUT'): Promise<Response>
}

export interface HarnessOptions {
  /** Load towns, the 2023 list and, unless `empty`, the demonstration year. Default: `demo`. */
  seeded?: 'no' | 'empty' | 'demo'
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
      }, 180_000)
      afterAll(() => cleanUp(), 60_000)
      body(server)
    })
  }
}

async function fill(server: TestServer, options: HarnessOptions): Promise<() => Promise<void>> {
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' })
  const dataDir = await mkdtemp(join(tmpdir(), 'xiangtu-test-'))
  const native = server.kind === 'native' ? await freshDatabase() : null
  const environment = readEnvironment({ DATA_DIR: dataDir, NO_OPEN: '1', DATABASE_URL: native?.url, ...options.env })
  if (!native) await copyTemplate(dataDir)
  const database = await openDatabase(environment, log, () => {})
  const seeded = options.seeded ?? 'demo'
  if (seeded !== 'no') await seed(database.sql, log, { empty: seeded === 'empty', say: () => {} })
  const app = createApp({ sql: database.sql, jobs: { ready: () => true, stop: async () => {} }, environment, log, clientFolder: null })
  const request = async (path: string, init?: RequestInit) => app.request(path, init)
  Object.assign(server, {
    sql: database.sql,
    database,
    environment,
    request,
    json: async (path: string, init?: RequestInit) => (await request(path, init)).json(),
    post: (path: string, body: unknown, method = 'POST') =>
      request(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return async () => {
    await database.close()
    await native?.drop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

let databases = 0

/** A new empty database on the server of TEST_DATABASE_URL. */
async function freshDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const base = new URL(process.env.TEST_DATABASE_URL ?? '')
  const name = `xiangtu_test_${process.pid}_${++databases}_${Math.floor(performance.now())}`
  const maintenance = postgres(base.href, { max: 1, onnotice: () => {} })
  await maintenance.unsafe(`create database ${name}`)
  const url = new URL(base)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: async () => {
      await maintenance.unsafe(`drop database if exists ${name} with (force)`)
      await maintenance.end()
    },
  }
}
