/**
 * Runs once before a group of tests that needs databases, and says through the environment what there is:
 * - TEST_DATABASE_URL: a PostgreSQL with PostGIS where every test file makes a database of its own. A private one is started, unless the variable
 *   names one already. Without any, tests on PostgreSQL are skipped and the reason is printed.
 * - TEST_MIGRATED_TEMPLATE: where the first tests of the API leave embedded databases to copy; TEST_RUN names this run's on PostgreSQL.
 * - TMPDIR: a folder for everything that the tests put aside; it goes with the database, also when the tests are killed.
 */
import { chmodSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { startCluster } from './cluster.ts'

export default async function setup(): Promise<() => Promise<void>> {
  const before = { ...process.env }
  const folder = mkdtempSync(join(tmpdir(), 'xiangtu-tests-'))
  // The database's account passes through it to its own folder.
  chmodSync(folder, 0o711)
  process.env.TMPDIR = folder
  process.env.TEST_MIGRATED_TEMPLATE ??= join(folder, 'template')
  process.env.TEST_RUN = basename(folder)
  let stop = async () => {}
  if (!process.env.TEST_DATABASE_URL) {
    const cluster = await startCluster(folder)
    if ('reason' in cluster) console.warn(`Tests on PostgreSQL are skipped: ${cluster.reason}.`)
    else {
      process.env.TEST_DATABASE_URL = cluster.url
      stop = cluster.stop
    }
  }
  return async () => {
    for (const name of ['TMPDIR', 'TEST_MIGRATED_TEMPLATE', 'TEST_RUN', 'TEST_DATABASE_URL']) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
    await stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
  }
}
