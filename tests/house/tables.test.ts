import { describe, expect, it } from 'vitest'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { repositoryFiles, ROOT, textOf } from './files.ts'

interface CheckList {
  /** `table.column`. */
  column: string
  values: string[]
}

/** The lists `check (column in ('a', 'b'))` of SQL text, the later one winning where a migration replaces it. */
function checkLists(sql: string): CheckList[] {
  const found = new Map<string, string[]>()
  const plain = sql.replace(/--.*$/gm, '')
  for (const [, table, body] of plain.matchAll(
    /\b(?:create table(?: if not exists)?|alter table(?: only)?)\s+(\w+)([\s\S]*?);/gi,
  )) {
    for (const [, column, list] of (body ?? '').matchAll(/\bcheck\s*\(\s*(\w+)\s+in\s*\(([^)]*)\)\s*\)/gi)) {
      found.set(
        `${table}.${column}`,
        [...(list ?? '').matchAll(/'((?:[^']|'')*)'/g)].map(([, value]) => (value ?? '').replaceAll("''", "'")),
      )
    }
  }
  return [...found].map(([column, values]) => ({ column, values }))
}

/** Every finite list that a module exports: arrays of words, and the keys of tables. */
async function exportedLists(paths: string[]): Promise<Map<string, string[]>> {
  const lists = new Map<string, string[]>()
  for (const path of paths) {
    const exported = (await import(/* @vite-ignore */ pathToFileURL(join(ROOT, path)).href)) as Record<string, unknown>
    for (const [name, value] of Object.entries(exported)) {
      if (!/^[A-Z][A-Z0-9_]+$/.test(name) || typeof value !== 'object' || value === null) continue
      if (!Array.isArray(value)) lists.set(`${path} ${name}`, Object.keys(value))
      else if (value.every((entry) => typeof entry === 'string')) lists.set(`${path} ${name}`, value)
    }
  }
  return lists
}

describe('reading check lists', () => {
  it('should take the last word on a column, and none from comments', () => {
    const sql = `create table a (kind text check (kind in ('x', 'it''s')), n int check (n > 0), state text not null check ( state in ('on') ) -- check (old in ('no'))
    );
    alter table a drop constraint a_state_check, add constraint a_state_check check (state in ('on', 'off'));`
    expect(checkLists(sql)).toEqual([
      { column: 'a.kind', values: ['x', "it's"] },
      { column: 'a.state', values: ['on', 'off'] },
    ])
  })
})

describe('finite lists', async () => {
  const files = repositoryFiles()
  const migrations = files.filter((path) => /^server\/database\/migrations\/.*\.sql$/.test(path)).sort()
  const lists = checkLists(migrations.map(textOf).join('\n'))
  const tables = await exportedLists(files.filter((path) => /^geo\/.*\.ts$/.test(path)))

  it('should be found in the migrations and in geo', () => {
    expect(lists.length).toBeGreaterThan(3)
    expect(tables.size).toBeGreaterThan(5)
  })

  it.each(lists)('should be the same in SQL as in geo: $column', ({ values }) => {
    const same = [...tables].filter(([, table]) => [...table].sort().join() === [...values].sort().join())
    expect(
      same.map(([name]) => name),
      `no exported table in geo has exactly: ${values.join(', ')}`,
    ).not.toEqual([])
  })
})
