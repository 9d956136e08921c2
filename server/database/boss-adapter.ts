/**
 * pg-boss on our own driver. pg-boss brings a pool of `pg`; it would work on both databases too (the bridge speaks to any
 * client), but then two drivers would have to survive the loss of the database, and one of them is guarded and tested here.
 *
 * The pool is a plain one of its own: pg-boss expects columns and values as `pg` gives them (no camelCase, Dates), writes its
 * JSON itself, and sends whole scripts (BEGIN; …; COMMIT;) that need one connection. LISTEN is not offered: it never fires
 * embedded, so pg-boss polls.
 */
import type { Db } from 'pg-boss'
import type postgresTypes from 'postgres'
import postgres from './postgres-guard.ts'

/** A pool without the types and names of the house. */
export type PlainSql = postgresTypes.Sql

/** A script that opens a transaction; postgres.js refuses it on a connection that others may use in between. */
const SCRIPT = /^\s*BEGIN\b/i

const AS_WRITTEN = {
  // pg-boss hands JSON over as text; the driver's own type would quote it a second time.
  json: {
    to: 114,
    from: [114, 3802],
    serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
    parse: (text: string) => JSON.parse(text) as unknown,
  },
}

/** Opens a plain pool of at most `max` connections. One is enough, and embedded more would only queue. */
export function plainConnect(where: string | postgresTypes.Options<Record<string, never>>, max: number): PlainSql {
  const options = { max, types: AS_WRITTEN, onnotice: () => {}, connect_timeout: 10 }
  const sql = typeof where === 'string' ? postgres(where, options) : postgres({ ...where, ...options } as never)
  return sql as unknown as PlainSql
}

/** The plain pool as pg-boss wants a database: `new PgBoss({ db: bossDatabase(plain) })`. The pool stays the caller's to end. */
export function bossDatabase(plain: PlainSql): Db {
  return {
    async executeSql(text, values = []) {
      const parameters = values.map((value) => (value === undefined ? null : value)) as never[]
      if (!SCRIPT.test(text)) return { rows: rowsOf(await plain.unsafe(text, parameters)) }
      const connection = await plain.reserve()
      try {
        return { rows: rowsOf(await connection.unsafe(text)) }
      } catch (error) {
        await connection.unsafe('rollback').catch(() => undefined)
        throw error
      } finally {
        connection.release()
      }
    },
  }
}

/** The rows of a statement, or those of all statements of a script. */
function rowsOf(result: readonly unknown[]): unknown[] {
  return result.some(Array.isArray) ? result.flat() : [...result]
}
