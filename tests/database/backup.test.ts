import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster, type Cluster } from './cluster.ts'
import { findPrograms } from './programs.ts'

const programs = findPrograms()
const SCRIPT = fileURLToPath(new URL('../../server/database/backup.sh', import.meta.url))

describe.skipIf('reason' in programs)('backup.sh', () => {
  let cluster: Cluster
  let folder: string
  const at = (database: string) => postgres(cluster.url, { database, max: 1, onnotice: () => {} })
  const backup = (...args: string[]) => {
    const { hostname, port, username, password } = new URL(cluster.url)
    const libpq = {
      PGHOST: hostname,
      PGPORT: port,
      PGUSER: username,
      PGPASSWORD: password,
      PGDATABASE: 'town hall',
      BACKUPS: folder,
    }
    const path = 'bin' in programs ? `${programs.bin}:${process.env.PATH}` : process.env.PATH
    return promisify(execFile)('sh', [SCRIPT, ...args], { env: { ...libpq, PATH: path } })
  }

  beforeAll(async () => {
    const started = await startCluster()
    if ('reason' in started) throw new Error(started.reason)
    cluster = started
    folder = await mkdtemp(join(tmpdir(), 'xiangtu-backups-'))
    const admin = at('postgres')
    await admin`create database "town hall"`
    await admin.end()
  })
  afterAll(async () => {
    await cluster.stop()
    await rm(folder, { recursive: true })
  })

  it('should bring back what was there, shapes included, and keep what it replaces', async () => {
    const before = at('town hall')
    await before`create extension postgis`
    await before`create table place (name text, geom geometry(Point, 4326))`
    await before`insert into place values ('赵巷镇', 'SRID=4326;POINT(121.2 31.15)')`
    const { stdout } = await backup()
    expect((await readdir(folder)).map((name) => join(folder, name))).toEqual([stdout.trim()])
    await before`delete from place`
    await before.end()

    await backup('restore', stdout.trim())
    const after = at('town hall')
    expect([...(await after`select name, st_x(geom) as x from place`)]).toEqual([{ name: '赵巷镇', x: 121.2 }])
    expect([
      ...(await after`select datname ~ '^town hall_until_' as kept from pg_database where datname like 'town hall_%'`),
    ]).toEqual([{ kept: true }])
    await after.end()
  })

  it('should leave everything as it is when the file is broken', async () => {
    const broken = join(folder, 'broken.dump')
    await writeFile(broken, 'no dump at all')
    await expect(backup('restore', broken)).rejects.toThrow(/archive|valid/)
    const sql = at('town hall')
    expect([...(await sql`select name from place`)]).toEqual([{ name: '赵巷镇' }])
    expect([...(await sql`select 1 from pg_database where datname like '%_fresh_%'`)]).toEqual([])
    await sql.end()
  })
})
