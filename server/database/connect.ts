import type postgres from 'postgres'
import guarded from './postgres-guard.ts'
import { takeTurn } from './turns.ts'

const TYPES = {
  // Dates stay the ISO text that they are: a JavaScript Date would put them into a time zone.
  date: { to: 1082, from: [1082], serialize: (x: string) => x, parse: (x: string) => x },
  timestamptz: { to: 1184, from: [1184], serialize: (x: string) => x, parse: (x: string) => new Date(x).toISOString() },
}

export type Sql = postgres.Sql<{ date: string; timestamptz: string }>
export type Tx = postgres.TransactionSql<{ date: string; timestamptz: string }>
/** Either: a query that may run alone or within a transaction. */
export type Queryable = Sql | Tx

/** What the connected database can do, probed once. */
export interface DatabaseFacts {
  version: string
  postgis: string
  embedded: boolean
  /** Whether ST_AsMVT works; the embedded PostGIS has no protobuf. */
  mvt: boolean
}

/** The database is too old, or has no PostGIS: says what is there and what is needed. */
export class DatabaseError extends Error {}

export interface ConnectOptions {
  max: number
  onNotice?: (message: string) => void
}

/**
 * Opens a pool with the types of the house: dates as ISO text, numeric and bigint as text (no figure is ever rounded on the way),
 * columns in camelCase (only columns: keys inside json stay as they are).
 */
export function connect(where: string | postgres.Options<Record<string, never>>, options: ConnectOptions): Sql {
  const common = {
    max: options.max,
    types: TYPES,
    transform: { column: { from: guarded.toCamel, to: guarded.fromCamel } },
    // Statements here are short. Compiling one costs half a second where PostGIS is in it, each time, and the planner thinks it cheap.
    connection: { jit: 'off' },
    onnotice: (notice: postgres.Notice) => options.onNotice?.(notice.message ?? ''),
    idle_timeout: 0,
    connect_timeout: 10,
    // Left alone, a connection that was lost may wait 20 s before it tries again, and the request that was given to it with it.
    backoff: (tries: number) => Math.min(3 ** tries / 100, 1),
  }
  const sql = typeof where === 'string' ? guarded(where, common) : guarded({ ...where, ...common } as never)
  return sql as unknown as Sql
}

/**
 * Waits for the database to answer and says what it is.
 * @throws DatabaseError when it stays away, or is not PostgreSQL ≥ 15 with PostGIS ≥ 3.3
 */
export async function probe(sql: Sql, embedded: boolean, patience = { tries: 30, pauseMs: 1000 }): Promise<DatabaseFacts> {
  for (let attempt = 1; ; attempt++) {
    try {
      const [row] = await sql<{ number: number; version: string; available: string | null }[]>`
        select current_setting('server_version_num')::int as number, current_setting('server_version') as version,
               (select coalesce(installed_version, default_version) from pg_available_extensions where name = 'postgis') as available`
      if (!row || row.number < 150000) throw new DatabaseError(`PostgreSQL ${row?.version} is too old: 15 or newer is needed.`)
      if (!row.available || olderThan(row.available, [3, 3])) {
        throw new DatabaseError(`PostGIS 3.3 or newer is needed; this server has ${row.available ?? 'none'}.`)
      }
      await sql.begin(async (tx) => {
        // "If not exists" is no promise: of two processes that start at once, one would fail.
        await takeTurn(tx, 'structure')
        await tx`create extension if not exists postgis`
      })
      const mvt = await sql`select ST_AsMVT(q, 'probe') from (select 1 as id) q`.then(
        () => true,
        () => false,
      )
      return { version: row.version, postgis: row.available, embedded, mvt }
    } catch (error) {
      const code = (error as { code?: string }).code ?? ''
      const worthWaiting = /^(ECONNREFUSED|ENOTFOUND|ENOENT|CONNECT_TIMEOUT|CONNECTION_|57P03)/.test(code)
      if (!worthWaiting) throw error
      if (attempt >= patience.tries) throw new DatabaseError(`The database does not answer (${code}).`)
      await new Promise((done) => setTimeout(done, patience.pauseMs))
    }
  }
}

function olderThan(version: string, least: [number, number]): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major < least[0] || (major === least[0] && minor < least[1])
}
