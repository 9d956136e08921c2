/** What the embedded database costs: simple questions through our bridge, against a PostgreSQL of the machine through the same driver. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import type { Sql } from '../../server/database/connect.ts'
import { openDatabase } from '../../server/database/open.ts'
import { readEnvironment } from '../../server/environment.ts'
import { startCluster } from '../database/cluster.ts'
import { compare, type Comparison } from './measure.ts'

const QUESTIONS: [string, (sql: Sql) => Promise<unknown>][] = [
  ['select 1', (sql) => sql`select 1`],
  ['1,000 rows', (sql) => sql`select n, 'row ' || n as name, n / 7.0 as share from generate_series(1, 1000) n`],
  [
    '100 intersections',
    (sql) => sql`
      select sum(st_area(st_intersection(st_buffer(st_makepoint(0, 0), 1), st_buffer(st_makepoint(n / 100.0, 0), 1)))) as area
      from generate_series(1, 100) n`,
  ],
  ['a transaction', (sql) => sql.begin((tx) => tx`select count(*) from migration`)],
]

/** @returns the comparisons, or why there are none */
export async function databases(): Promise<Comparison[] | { reason: string }> {
  const cluster = await startCluster()
  if ('reason' in cluster) return cluster
  const dataDir = await mkdtemp(join(tmpdir(), 'xiangtu-bench-'))
  const open = (env: Record<string, string>) => openDatabase(readEnvironment(env), pino({ level: 'silent' }), () => {})
  const embedded = await open({ DATA_DIR: dataDir })
  const native = await open({ DATABASE_URL: cluster.url })
  try {
    const comparisons: Comparison[] = []
    for (const callers of [1, 8]) {
      for (const [name, ask] of QUESTIONS) {
        const together = (sql: Sql) => () => Promise.all(Array.from({ length: callers }, () => ask(sql)))
        const ours = { label: 'embedded', run: together(embedded.sql) }
        comparisons.push(
          await compare(callers === 1 ? name : `${name} × ${callers}`, ours, {
            label: `PostgreSQL ${native.facts.version.split(' ')[0]}`,
            run: together(native.sql),
          }),
        )
      }
    }
    return comparisons
  } finally {
    await embedded.close()
    await native.close()
    await cluster.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
