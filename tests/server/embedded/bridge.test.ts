import net from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as messages from '../../../server/database/embedded/messages.ts'
import { errorOf, openTestDatabase, type TestDatabase } from './database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await openTestDatabase({ limits: { idleSeconds: 3, messageBytes: 4 * 1024 * 1024 } })
}, 240_000)
afterAll(() => database?.remove())

describe('the bridge, statements', () => {
  it('should answer with rows, and with the error of PostgreSQL', async () => {
    const sql = database.connect()
    expect(await sql`select 1 as a, ${'x'}::text as b`).toEqual([{ a: 1, b: 'x' }])
    expect((await errorOf(sql`select * from nowhere`)).code).toBe('42P01')
    expect(await sql`select ${2}::int as a`).toEqual([{ a: 2 }])
  })

  it('should keep prepared statements of clients apart that have the same name', async () => {
    const first = await rawClient()
    const second = await rawClient()
    const bind = (client: RawClient) =>
      client.ask(Buffer.concat([bindMessage('', 'same'), executeMessage(), messages.sync()]))
    await first.ask(Buffer.concat([parseMessage('same', 'select 1 as a'), messages.sync()]))
    await second.ask(Buffer.concat([parseMessage('same', 'select 2 as a'), messages.sync()]))
    expect(rowsOf(await bind(first))).toEqual([['1']])
    expect(rowsOf(await bind(second))).toEqual([['2']])
    first.end()
    second.end()
  })

  it('should refuse an unnamed statement that another client has replaced, and not run the other one', async () => {
    const first = await rawClient()
    const second = await rawClient()
    await first.ask(Buffer.concat([parseMessage('', 'select 1 as a'), messages.sync()]))
    await second.ask(Buffer.concat([parseMessage('', 'select 2 as a'), messages.sync()]))
    const answer = await first.ask(Buffer.concat([bindMessage('', ''), executeMessage(), messages.sync()]))
    expect(rowsOf(answer)).toEqual([])
    expect(codeOf(answer)).toBe('26000')
    expect(rowsOf(await second.ask(Buffer.concat([bindMessage('', ''), executeMessage(), messages.sync()])))).toEqual([
      ['2'],
    ])
    first.end()
    second.end()
  })

  it('should forget the prepared statements of a client that left', async () => {
    const sql = database.connect({ max: 1 })
    const other = database.connect({ max: 1 })
    for (let i = 0; i < 50; i++) await sql.unsafe(`select ${i} as a`, [], { prepare: true, simple: false } as never)
    const [before] = await other`select count(*)::int as n from pg_prepared_statements`
    expect(before!.n).toBeGreaterThanOrEqual(50)
    await sql.end()
    await expect
      .poll(async () => (await other`select count(*)::int as n from pg_prepared_statements`)[0]!.n)
      .toBeLessThan(10)
  })

  it('should give exactly one ReadyForQuery for each Sync and each simple query', async () => {
    const client = await rawClient()
    const failing = Buffer.concat([
      parseMessage('', 'select 1/0'),
      bindMessage('', ''),
      executeMessage(),
      messages.sync(),
    ])
    const fine = Buffer.concat([parseMessage('', 'select 1'), bindMessage('', ''), executeMessage(), messages.sync()])
    const answer = await client.ask(
      Buffer.concat([failing, fine, messages.sync(), messages.query('select 1; select 1/0; select 2'), fine]),
      5,
    )
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(answer.filter((message) => message[0] === messages.BACKEND.readyForQuery)).toHaveLength(5)
    expect(client.unread()).toBe(0)
    expect(rowsOf(answer)).toEqual([['1'], ['1'], ['1']])
    client.end()
  })

  it('should skip everything after an error up to the Sync, also over a Flush', async () => {
    const client = await rawClient()
    client.send(Buffer.concat([parseMessage('', 'select nothing'), flushMessage()]))
    await client.until((message) => message[0] === messages.BACKEND.error)
    const answer = await client.ask(
      Buffer.concat([bindMessage('', ''), executeMessage(), messages.query('select 7'), messages.sync()]),
    )
    expect(answer.map((message) => String.fromCharCode(message[0]!)).join('')).toBe('Z')
    expect(rowsOf(await client.ask(messages.query('select 8')))).toEqual([['8']])
    client.end()
  })

  it('should stream a result of 50 MB', async () => {
    const sql = database.connect()
    let rows = 0
    let size = 0
    await sql`select i, repeat(md5(i::text), 32) as text from generate_series(1, 50000) i`.forEach((row) => {
      rows++
      size += (row.text as string).length
    })
    expect([rows, size]).toEqual([50_000, 50_000 * 1024])
    const [big] = await sql`select repeat('x', 20000000) as text`
    expect(big!.text).toHaveLength(20_000_000)
  })

  it('should wait for a slow reader for longer than for one who reads nothing, whom it drops', async () => {
    const ROWS = 1500
    const big = Buffer.concat([parseMessage('', `select repeat(md5(i::text), 1024) from generate_series(1, ${ROWS}) i`), bindMessage('', ''), executeMessage(), messages.sync()])
    const slow = await rawClient()
    let isClosed = false
    void slow.closed.then(() => (isClosed = true))
    slow.send(big)
    const began = performance.now()
    // Some of it now and then: longer together than the limit of three seconds, but never so long nothing.
    for (let rows = 0; rows < ROWS; rows += rowsOf(slow.rest().splice(0, Infinity)).length) {
      slow.pause()
      await new Promise((resolve) => setTimeout(resolve, 700))
      slow.resume()
      while (slow.unread() < Math.min(200, ROWS - rows) && !isClosed) await new Promise((resolve) => setTimeout(resolve, 1))
      expect(isClosed, `${rows} rows read`).toBe(false)
    }
    expect(performance.now() - began).toBeGreaterThan(3000)
    slow.destroy()

    const gone = await rawClient()
    gone.pause()
    gone.send(big)
    const sql = database.connect()
    expect((await sql`select 1 as a`)[0]!.a).toBe(1)
    gone.resume()
    await gone.closed
  })

  it('should read by cursor and stop in the middle', async () => {
    const sql = database.connect()
    const seen: number[] = []
    for await (const rows of sql`select i from generate_series(1, 1000) i`.cursor(10)) {
      seen.push(...rows.map((row) => row.i as number))
      if (seen.length === 30) break
    }
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => i + 1))
    expect((await sql`select 5 as a`)[0]!.a).toBe(5)
  })
})

describe('the bridge, transactions', () => {
  it('should let nobody between the statements of a transaction', async () => {
    const sql = database.connect({ max: 8 })
    await sql`create table counter (n int)`
    await sql`insert into counter values (0)`
    const increment = () =>
      sql.begin(async (tx) => {
        const [row] = await tx`select n from counter`
        await new Promise((resolve) => setTimeout(resolve, 2))
        await tx`update counter set n = ${(row!.n as number) + 1}`
      })
    await Promise.all(Array.from({ length: 40 }, increment))
    expect((await sql`select n from counter`)[0]!.n).toBe(40)
  })

  it('should roll back when a client is cut off within a transaction', async () => {
    const client = await rawClient()
    await client.ask(messages.query('create table cut (a int)'))
    await client.ask(messages.query('begin; insert into cut values (1)'))
    client.destroy()
    const sql = database.connect()
    expect((await sql`select count(*)::int as n from cut`)[0]!.n).toBe(0)
  })

  it('should roll back what a client executed without a Sync before it was cut off', async () => {
    const client = await rawClient()
    await client.ask(messages.query('create table unsynced (a int)'))
    const insert = [
      parseMessage('', 'insert into unsynced values (1)'),
      bindMessage('', ''),
      executeMessage(),
      flushMessage(),
    ]
    client.send(Buffer.concat(insert))
    await client.until((message) => message[0] === messages.BACKEND.commandComplete)
    client.destroy()
    const failed = await rawClient()
    failed.send(Buffer.concat([...insert, parseMessage('', 'select nothing'), flushMessage()]))
    await failed.until((message) => message[0] === messages.BACKEND.error)
    failed.destroy()
    const sql = database.connect()
    expect((await sql`select count(*)::int as n from unsynced`)[0]!.n).toBe(0)
    await sql`insert into unsynced values (2)`
    expect(await sql`select a from unsynced`).toEqual([{ a: 2 }])
  })

  it('should dismiss a client that rests in a transaction, with 25P03, and let the others on', async () => {
    const client = await rawClient()
    await client.ask(messages.query('create table rest (a int)'))
    await client.ask(messages.query('begin; insert into rest values (1)'))
    const sql = database.connect()
    const started = performance.now()
    expect((await sql`select count(*)::int as n from rest`)[0]!.n).toBe(0)
    expect(performance.now() - started).toBeGreaterThan(700)
    await client.closed
    expect(codeOf(client.rest())).toBe('25P03')
  })

  it('should run what a client sent before it said goodbye', async () => {
    const client = await rawClient()
    await client.ask(messages.query('create table bye (a int)'))
    client.send(
      Buffer.concat([
        messages.query('insert into bye values (1)'),
        Buffer.from([messages.FRONTEND.terminate, 0, 0, 0, 4]),
      ]),
    )
    await client.closed
    const sql = database.connect()
    await expect.poll(async () => (await sql`select count(*)::int as n from bye`)[0]!.n).toBe(1)
  })
})

describe('the bridge, settings of a session', () => {
  it('should keep what a client SET for itself, from others, and give it back (but not settings of its own making)', async () => {
    const one = database.connect({ max: 1 })
    const two = database.connect({ max: 1 })
    await one`set time zone 'Asia/Shanghai'`
    await one`select set_config('app.town', '310118109', false)`
    expect(
      (await two`select current_setting('TimeZone') as zone, current_setting('app.town', true) as town`)[0],
    ).toMatchObject({
      zone: expect.not.stringContaining('Shanghai'),
    })
    const [own] = await one`select current_setting('TimeZone') as zone, current_setting('app.town', true) as town`
    expect(own).toEqual({ zone: 'Asia/Shanghai', town: '' })
    expect((await two`select current_setting('app.town', true) as town`)[0]!.town ?? '').toBe('')
  })

  it('should not leave a role or a setting from within a transaction to others', async () => {
    const one = database.connect({ max: 1 })
    const two = database.connect({ max: 1 })
    await one.unsafe('create role somebody')
    await one.begin(async (tx) => {
      await tx`set statement_timeout = 12345`
      await tx`set role somebody`
      await tx`select 1`
    })
    expect((await two`select current_user as who, current_setting('statement_timeout') as limit`)[0]).toEqual({
      who: 'postgres',
      limit: '0',
    })
    expect((await one`select current_setting('statement_timeout') as limit`)[0]!.limit).toBe('12345ms')
  })

  it('should apply the settings that a client connects with', async () => {
    const sql = database.connect({ max: 2, connection: { application_name: "it's me", search_path: 'pg_catalog' } })
    const plain = database.connect({ max: 1 })
    const read = (pool: typeof sql) =>
      pool`select current_setting('application_name') as name, current_setting('search_path') as path`
    expect((await read(sql))[0]).toEqual({ name: "it's me", path: 'pg_catalog' })
    expect((await read(plain))[0]!.path).not.toBe('pg_catalog')
    expect((await read(sql))[0]).toEqual({ name: "it's me", path: 'pg_catalog' })
  })
})

describe('the bridge, COPY', () => {
  it('should copy in and out, with others at work at the same time', async () => {
    const sql = database.connect({ max: 4 })
    await sql`create table copied (id int primary key, name text)`
    const busy = Promise.all(Array.from({ length: 50 }, (_, i) => sql`select ${i}::int as i`))
    const lines = Array.from({ length: 60_000 }, (_, i) => `${i}\t青浦 ${i}\n`)
    await pipeline(Readable.from(lines), await sql`copy copied from stdin`.writable())
    expect((await busy).map((rows) => rows[0]!.i)).toEqual(Array.from({ length: 50 }, (_, i) => i))
    let out = ''
    for await (const chunk of await sql`copy (select * from copied order by id) to stdout`.readable()) out += chunk
    expect(out).toBe(lines.join(''))
  })

  it('should answer wrong data with an error and go on', async () => {
    const sql = database.connect({ max: 1 })
    await sql`create table numbers (a int)`
    const stream = await sql`copy numbers from stdin`.writable()
    expect((await errorOf(pipeline(Readable.from(['1\n', 'two\n', '3\n']), stream))).code).toBe('22P02')
    expect((await sql`select count(*)::int as n from numbers`)[0]!.n).toBe(0)
  })

  it('should dismiss a client that sends a statement into its COPY, and nothing worse', async () => {
    const client = await rawClient()
    await client.ask(messages.query('create table astray (a int)'))
    client.send(Buffer.concat([messages.query('copy astray from stdin'), messages.query('select 1')]))
    await client.closed
    expect(codeOf(client.rest())).toBe('08P01')
    expect((await database.connect()`select count(*)::int as n from astray`)[0]!.n).toBe(0)
    expect(database.log).toEqual([])
  })

  it('should end a COPY whose client has gone, or sends nothing more', async () => {
    const client = await rawClient()
    await client.ask(messages.query('create table half (a int)'))
    client.send(messages.query('copy half from stdin'))
    await client.until((message) => message[0] === messages.BACKEND.copyInResponse)
    client.send(Buffer.from('d\0\0\0\x061\n', 'latin1'))
    client.destroy()
    const sql = database.connect()
    expect((await sql`select count(*)::int as n from half`)[0]!.n).toBe(0)

    const silent = await rawClient()
    silent.send(messages.query('copy half from stdin'))
    expect((await sql`select count(*)::int as n from half`)[0]!.n).toBe(0)
    await silent.closed
    expect(codeOf(silent.rest())).toBe('25P03')
  })
})

describe('the bridge, connections', () => {
  it('should bear many connections that come and go', async () => {
    for (let round = 0; round < 10; round++) {
      const pools = Array.from({ length: 20 }, () => database.connect({ max: 1 }))
      const answers = await Promise.all(pools.map((sql, i) => sql`select ${i}::int as i`))
      expect(answers.map((rows) => rows[0]!.i)).toEqual(Array.from({ length: 20 }, (_, i) => i))
      await Promise.all(pools.map((sql) => sql.end()))
    }
  })

  it('should refuse SSL politely, and speak no other protocol', async () => {
    const socket = net.connect(database.embedded.connection.path)
    socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]))
    expect((await firstData(socket)).toString()).toBe('N')
    socket.write(Buffer.from([0, 0, 0, 8, 0, 2, 0, 0]))
    expect((await firstData(socket)).toString()).toContain('0A000')
    socket.destroy()
  })

  it('should refuse a message above the limit with a clear error, and go on for others', async () => {
    const sql = database.connect({ max: 1 })
    const error = await errorOf(sql`select ${'x'.repeat(5 * 1024 * 1024)}::text as a`)
    expect([error.code, error.message]).toEqual(['54000', expect.stringContaining('limit of 4194304 bytes')])
    expect((await sql`select 1 as a`)[0]!.a).toBe(1)
  })

  it('should take garbage for what it is', async () => {
    const socket = net.connect(database.embedded.connection.path)
    socket.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
    expect((await firstData(socket)).toString()).toMatch(/54000|08P01/)
    socket.destroy()
    expect((await database.connect()`select 1 as a`)[0]!.a).toBe(1)
  })

  it('should lie in a folder that only its owner may enter', async () => {
    const { statSync } = await import('node:fs')
    const { dirname } = await import('node:path')
    expect(statSync(dirname(database.embedded.connection.path)).mode & 0o777).toBe(0o700)
  })
})

type RawClient = {
  send(bytes: Uint8Array): void
  ask(bytes: Uint8Array, ready?: number): Promise<Buffer[]>
  until(found: (message: Buffer) => boolean): Promise<Buffer[]>
  rest(): Buffer[]
  unread(): number
  pause(): void
  resume(): void
  end(): void
  destroy(): void
  closed: Promise<void>
}

/** A client without a driver: sends bytes, collects messages. */
async function rawClient(): Promise<RawClient> {
  const socket = net.connect(database.embedded.connection.path)
  const reader = new messages.MessageReader(1e9)
  const read: Buffer[] = []
  let arrived = () => {}
  socket.on('data', (chunk: Buffer) => {
    reader.push(chunk)
    for (let message = reader.next(); message; message = reader.next()) read.push(message)
    arrived()
  })
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const until = async (found: (message: Buffer) => boolean) => {
    for (;;) {
      const at = read.findIndex(found)
      if (at >= 0) return read.splice(0, at + 1)
      await new Promise<void>((resolve) => {
        arrived = resolve
      })
    }
  }
  const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0')
  const startup = Buffer.alloc(8)
  startup.writeInt32BE(8 + parameters.length, 0)
  startup.writeInt32BE(messages.STARTUP.version3, 4)
  socket.write(Buffer.concat([startup, parameters]))
  await until((message) => message[0] === messages.BACKEND.readyForQuery)
  return {
    send: (bytes) => void socket.write(bytes),
    async ask(bytes, ready = 1) {
      socket.write(bytes)
      const answers: Buffer[] = []
      for (let i = 0; i < ready; i++)
        answers.push(...(await until((message) => message[0] === messages.BACKEND.readyForQuery)))
      return answers
    },
    until,
    rest: () => read,
    unread: () => read.length,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
    closed,
  }
}

function firstData(socket: net.Socket): Promise<Buffer> {
  return new Promise((resolve) => socket.once('data', resolve))
}

function typed(letter: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(letter, 'latin1')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
const parseMessage = (name: string, sql: string) => typed('P', Buffer.from(`${name}\0${sql}\0\0\0`))
const bindMessage = (portal: string, name: string) => typed('B', Buffer.from(`${portal}\0${name}\0\0\0\0\0\0\0`))
const executeMessage = () => typed('E', Buffer.from('\0\0\0\0\0'))
const flushMessage = () => typed('H', Buffer.alloc(0))
const rowsOf = (answer: Buffer[]) =>
  answer.filter((message) => message[0] === messages.BACKEND.dataRow).map(messages.readRow)
const codeOf = (answer: Buffer[]) =>
  answer
    .find((message) => message[0] === messages.BACKEND.error)
    ?.toString('utf8', 5)
    .split('\0')
    .find((field) => field.startsWith('C'))
    ?.slice(1)
