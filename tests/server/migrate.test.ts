import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrate, MigrationError } from '../../server/database/migrate.ts'
import { describeOnBothDatabases } from './harness.ts'

const OURS = new URL('../../server/database/migrations/', import.meta.url)

describeOnBothDatabases(
  'migrations',
  (server) => {
    let folder = ''
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'xiangtu-migrations-'))
      for (const name of await readdir(OURS)) await writeFile(join(folder, name), await readFile(new URL(name, OURS)))
    })
    afterAll(() => rm(folder, { recursive: true, force: true }))
    const run = () => migrate(server.sql, pathToFileURL(`${folder}/`))

    it('should find nothing to do in a database that is up to date', async () => {
      expect(await run()).toEqual([])
    })

    it('should leave nothing of a migration that fails, nor of those before it', async () => {
      await writeFile(join(folder, '9000-good.sql'), 'create table half_way (id int);')
      await writeFile(join(folder, '9001-bad.sql'), 'create table half_way_too (id int); select no_such_function();')
      await expect(run()).rejects.toThrow('no_such_function')
      expect(await server.sql`select name from migration where name like '9%'`).toHaveLength(0)
      expect(await server.sql`select tablename from pg_tables where tablename like 'half_way%'`).toHaveLength(0)
      await rm(join(folder, '9001-bad.sql'))
      expect(await run()).toEqual(['9000-good.sql'])
    })

    it('should refuse a file that was edited after it had been applied, naming it', async () => {
      await writeFile(join(folder, '9000-good.sql'), 'create table another (id int);')
      await expect(run()).rejects.toThrow(MigrationError)
      await expect(run()).rejects.toThrow('9000-good.sql was edited')
    })

    it('should refuse a database that a newer version has brought further', async () => {
      await rm(join(folder, '9000-good.sql'))
      await expect(run()).rejects.toThrow('9000-good.sql, which this version does not know')
    })
  },
  { seeded: 'no' },
)
