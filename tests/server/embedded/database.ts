/** An embedded database for a test. The first start takes ten seconds, so it is made once and copied. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type postgresTypes from 'postgres'
import { ENGINE } from '../../../server/database/embedded/data-dir.ts'
import { type Embedded, startEmbedded, type StartOptions } from '../../../server/database/embedded/start.ts'
import postgres from '../../../server/database/postgres-guard.ts'

const TEMPLATE =
  process.env.TEST_EMBEDDED_TEMPLATE ??
  path.join(os.tmpdir(), `xiangtu-template-${process.getuid?.() ?? 0}-${ENGINE.pglite}-${ENGINE.postgres}`)

/** A folder with a fresh database in it, closed. */
export async function freshDataDir(): Promise<string> {
  if (!fs.existsSync(path.join(TEMPLATE, 'database.json'))) await makeTemplate()
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'xiangtu-test-'))
  fs.cpSync(TEMPLATE, dataDir, { recursive: true })
  return dataDir
}

async function makeTemplate(): Promise<void> {
  const making = fs.mkdtempSync(path.join(os.tmpdir(), 'xiangtu-making-'))
  await (await startEmbedded({ dataDir: making, log: console.error })).stop()
  fs.rmSync(TEMPLATE, { recursive: true, force: true })
  fs.renameSync(making, TEMPLATE)
}

export type TestDatabase = {
  embedded: Embedded
  dataDir: string
  log: string[]
  /** Opens a pool, ended with the database. */
  connect(options?: Record<string, unknown>): postgresTypes.Sql
  remove(): Promise<void>
}

/** A running database in a fresh folder, or in a given one that is then kept. */
export async function openTestDatabase(options: Partial<StartOptions> = {}): Promise<TestDatabase> {
  const dataDir = options.dataDir ?? (await freshDataDir())
  const log: string[] = []
  const embedded = await startEmbedded({ log: (message) => log.push(message), ...options, dataDir })
  const pools: postgresTypes.Sql[] = []
  return {
    embedded,
    dataDir,
    log,
    connect(more = {}) {
      const sql = postgres({
        ...embedded.connection,
        onnotice: () => {},
        backoff: 0.05,
        ...more,
      } as never) as unknown as postgresTypes.Sql
      pools.push(sql)
      return sql
    },
    async remove() {
      await Promise.all(pools.map((sql) => sql.end({ timeout: 2 })))
      await embedded.stop()
      if (!options.dataDir) fs.rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** The error that a promise rejects with. Throws if it does not. */
export async function errorOf(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await promise
  } catch (error) {
    return error as Error & { code?: string }
  }
  throw new Error('expected an error')
}
