/**
 * postgres.js 3.4.9, mended for a database that goes away. Import `postgres` from here (its types from 'postgres').
 *
 * When a connection is lost, postgres.js keeps parts of its state and lets the owner of the old connection write on: to no
 * socket (`null.write`, which ends the process), or, worse, to the next connection in the same slot. Each mend below says what
 * happens without it. They are applied to the text of its CommonJS build as it is loaded, nothing on the disk changes, and
 * a text that is not found exactly once is an error: after an update of postgres.js somebody must look again.
 * With these, a lost connection rejects what was under way with CONNECTION_CLOSED, and later queries connect anew.
 */
import fs from 'node:fs'
import Module, { createRequire } from 'node:module'
import path from 'node:path'
import type postgresTypes from 'postgres'

type Mend = { find: string; put: string }

const CONNECTION_MENDS: Mend[] = [
  {
    // A transaction's ROLLBACK after the loss was written to null in a later turn of the event loop: uncaught.
    find: `    if (stream)
      return queryError(q, Errors.generic('COPY_IN_PROGRESS'`,
    put: `    if (!socket)
      return (queryError(q, Errors.connection('CONNECTION_CLOSED', options)), true)

    if (stream)
      return queryError(q, Errors.generic('COPY_IN_PROGRESS'`,
  },
  {
    // The same for every other late writer.
    find: `  function nextWrite(fn) {
`,
    put: `  function nextWrite(fn) {
    if (!socket) {
      nextWriteTimer !== null && clearImmediate(nextWriteTimer)
      chunk = nextWriteTimer = null
      return true
    }
`,
  },
  {
    // Half-sent bytes went out on the next connection in front of its startup message, and a timer that was cleared but not
    // forgotten kept it from sending at all; rows already received left as many holes in the next connection's first result.
    // And the server's last word (FATAL, and why) was lost.
    find: `    socket.removeAllListeners()
    socket = null

    if (initial)
      return reconnect()

    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))
`,
    put: `    socket.removeAllListeners()
    socket = null
    chunk = nextWriteTimer = null
    rows = 0

    if (initial)
      return reconnect()

    ;(query || sent.length) && error(errorResponse || Errors.connection('CONNECTION_CLOSED', options, socket))
    query = results = errorResponse = stream = final = null
    result = new Result()
`,
  },
  {
    // A cursor's reader that came back after the loss wrote into the next connection.
    find: `      const x = await Promise.resolve(query.cursorFn(result))
      rows = 0`,
    put: `      const asked = socket
      const x = await Promise.resolve(query.cursorFn(result))
      if (socket !== asked)
        return
      rows = 0`,
  },
  {
    // The array types are asked for when a connection opens; lost in that moment, nobody handled the rejection.
    find: `        return fetchArrayTypes()
`,
    put: `        return fetchArrayTypes().catch(noop)
`,
  },
  {
    // COPY: the stream is destroyed when the connection is lost, and said so to null.
    find: `      write(chunk, encoding, callback) {
        socket.write(b().d().raw(chunk).end(), callback)
      },
      destroy(error, callback) {
        callback(error)
        socket.write(b().f().str(error + b.N).end())
        stream = null
      },
      final(callback) {
        socket.write(b().c().end())
        final = callback
        stream = null
      }`,
    put: `      write(chunk, encoding, callback) {
        socket ? socket.write(b().d().raw(chunk).end(), callback) : callback(Errors.connection('CONNECTION_CLOSED', options))
      },
      destroy(error, callback) {
        callback(error)
        stream && socket && socket.write(b().f().str(error + b.N).end())
        stream = null
      },
      final(callback) {
        if (!socket)
          return callback(Errors.connection('CONNECTION_CLOSED', options))
        socket.write(b().c().end())
        final = callback
        stream = null
      }`,
  },
  {
    // COPY FROM STDIN: an error that came after the last byte was told to nobody, and the stream never finished.
    find: `  function errored(err) {
`,
    put: `  function errored(err) {
    final && (final(err), final = null)
`,
  },
  {
    find: `    stream = new Stream.Readable({
      read() { socket.resume() }`,
    put: `    stream = new Stream.Readable({
      read() { socket && socket.resume() }`,
  },
]

const INDEX_MENDS: Mend[] = [
  {
    // A transaction whose connection was lost went on in the next connection, statement by statement, without a transaction.
    find: `        new Promise((_, reject) => connection.onclose = reject)
`,
    put: `        new Promise((_, reject) => connection.onclose = e => {
          lost = e
          while (queries.length)
            queries.shift().reject(e)
          reject(e)
        })
`,
  },
  {
    find: `      , connection
      , prepare = null
`,
    put: `      , connection
      , lost = null
      , prepare = null
`,
  },
  {
    find: `        q.catch(e => uncaughtError || (uncaughtError = e))
`,
    put: `        q.catch(e => uncaughtError || (uncaughtError = e))
        if (lost)
          return q.reject(lost)
`,
  },
  {
    // The same for a reserved connection.
    find: `    c.reserved.release = true

    const sql = Sql(handler)
    sql.release = () => {
      c.reserved = null
      onopen(c)
    }

    return sql

    function handler(q) {
`,
    put: `    c.reserved.release = true
    let lost = null
    c.onclose = e => {
      lost = e
      while (queue.length)
        queue.shift().reject(e)
    }

    const sql = Sql(handler)
    sql.release = () => {
      if (lost)
        return
      c.onclose = null
      c.reserved = null
      onopen(c)
    }

    return sql

    function handler(q) {
      if (lost)
        return q.reject(lost)
`,
  },
]

const QUERY_MENDS: Mend[] = [
  {
    // A cursor whose connection was lost while its reader was at work on a batch ended there, as if no more rows were left.
    find: `          if (this.executed && !this.active)
            return { done: true }
`,
    put: `          if (this.executed && !this.active)
            return this.lost ? Promise.reject(this.lost) : { done: true }
`,
  },
  {
    find: `            this.resolve = () => (this.active = false, resolve({ done: true }))
            this.reject = x => (this.active = false, reject(x))
`,
    put: `            this.resolve = () => (this.active = false, resolve({ done: true }))
            this.reject = x => (this.active = false, this.lost = x, reject(x))
`,
  },
]

const require = createRequire(import.meta.url)
const entry = require.resolve('postgres')

/** The text of a file of postgres.js with its mends. Throws if one of them finds no place, or more than one. */
function mended(file: string, mends: Mend[]): string {
  let text = fs.readFileSync(file, 'utf8').replaceAll('\r\n', '\n')
  for (const { find, put } of mends) {
    if (text.split(find).length !== 2)
      throw new Error(
        `postgres.js is another version than this guard was written for: ${file} has no single "${find.trim()}"`,
      )
    text = text.replace(find, () => put)
  }
  return text
}

/** Loads a CommonJS file from a text instead of from the disk; its own requires work as ever. */
function load(file: string, text: string): unknown {
  const module = new Module(file) as Module & { _compile(text: string, file: string): void }
  module.filename = file
  module.paths = []
  require.cache[file] = module
  module._compile(text, file)
  return module.exports
}

for (const [name, mends] of [
  ['query.js', QUERY_MENDS],
  ['connection.js', CONNECTION_MENDS],
] as const) {
  const file = path.join(path.dirname(entry), name)
  load(file, mended(file, mends))
}

/** `postgres()` as the package exports it, with the mends. */
const postgres = load(entry, mended(entry, INDEX_MENDS)) as typeof postgresTypes
export default postgres
