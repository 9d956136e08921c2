import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { Sql } from './connect.ts'
import { takeTurn } from './turns.ts'

const FOLDER = new URL('./migrations/', import.meta.url)

/** A migration that was applied has been edited since, or a file is missing: says which. */
export class MigrationError extends Error {}

/**
 * Applies the numbered `.sql` files that the database has not seen, each in its order, all in one transaction.
 * @returns the names of the files applied now
 * @throws MigrationError when a file that was applied has changed or is gone
 */
export async function migrate(sql: Sql, folder: URL = FOLDER): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[\w-]+\.sql$/.test(name)).sort()
  const files = await Promise.all(names.map(async (name) => ({ name, text: await readFile(new URL(name, folder), 'utf8') })))
  return sql.begin(async (tx) => {
    await takeTurn(tx, 'structure')
    await tx`create table if not exists migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())`
    const applied = new Map((await tx<{ name: string; sha256: string }[]>`select name, sha256 from migration`).map((row) => [row.name, row.sha256]))
    for (const name of applied.keys()) {
      if (!names.includes(name)) throw new MigrationError(`The database has ${name}, which this version does not know: it is older than the data.`)
    }
    const done: string[] = []
    for (const { name, text } of files) {
      const sha256 = createHash('sha256').update(text).digest('hex')
      const known = applied.get(name)
      if (known === sha256) continue
      if (known) throw new MigrationError(`${name} was edited after it had been applied. Restore it and write a new migration.`)
      await tx.unsafe(text)
      await tx`insert into migration (name, sha256) values (${name}, ${sha256})`
      done.push(name)
    }
    return done
  })
}
