/** The driver when the database goes away. XIANGTU_LOSSES sets how often it is killed; each costs a restart of some seconds. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import net from 'node:net'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import postgres from '../../../server/database/postgres-guard.ts'
import { errorOf, openTestDatabase, type TestDatabase } from './database.ts'

const LOSSES = Number(process.env.XIANGTU_LOSSES ?? 40)

/** Passes bytes between the driver and the database, and cuts all connections at once: the loss, without the restart. */
async function cuttable(target: string): Promise<{ path: string; cut: () => void; close: () => void }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'xiangtu-cut-'))
  const sockets = new Set<net.Socket>()
  const server = net.createServer((near) => {
    const far = net.connect(target)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => (sockets.delete(socket), near.destroy(), far.destroy()))
    }
    near.pipe(far)
    far.pipe(near)
  })
  const socket = path.join(folder, '.s.PGSQL.5432')
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  const cut = () => sockets.forEach((each) => each.destroy())
  return { path: socket, cut, close: () => (cut(), server.close(), fs.rmSync(folder, { recursive: true })) }
}

let database: TestDatabase
let line: Awaited<ReturnType<typeof cuttable>>
/** A pool over the line that can be cut. */
const driver = (max: number) => postgres({ ...database.embedded.connection, path: line.path, max, backoff: 0.02, onnotice: () => {} } as never)
const uncaught: unknown[] = []
const note = (error: unknown) => uncaught.push(error)
beforeAll(async () => {
  process.on('uncaughtException', note)
  process.on('unhandledRejection', note)
  database = await openTestDatabase({ restarts: { limit: 1000, withinSeconds: 1 } })
  line = await cuttable(database.embedded.connection.path)
}, 240_000)
afterAll(async () => {
  line?.close()
  await database?.remove()
  process.off('uncaughtException', note)
  process.off('unhandledRejection', note)
})

describe('the driver when the database goes away', () => {
  it(
    `should reject what is under way and go on, in ${LOSSES} losses under load`,
    async () => {
      const sql = driver(8)
      await sql`create table load (who int, n int, twin int)`
      let running = true
      const counts = { answered: 0, rejected: 0, wrong: 0 }
      const codes = new Set<string>()
      const attempt = async (work: () => Promise<boolean>) => {
        try {
          if (await work()) counts.answered++
          else counts.wrong++
        } catch (error) {
          counts.rejected++
          const { code, message } = error as { code?: string; message: string }
          codes.add(code?.startsWith('XX') || !code ? `${code} ${message}` : code)
          await sleep(5)
        }
      }
      const caller = async (who: number) => {
        for (let n = 0; running; n++) {
          const kind = (who + n) % 8
          if (kind < 2)
            await attempt(
              async () => (await sql`select ${who}::int as who, ${n}::int as n, repeat('x', 3000)`)[0]!.n === n,
            )
          else if (kind < 6)
            await attempt(() =>
              sql.begin(async (tx) => {
                await tx`insert into load values (${who}, ${n}, 1)`
                await Promise.all([tx`select 2`, tx`select ${'x'.repeat(2000)}::text`])
                if (n % 2) await sleep(2)
                await tx`insert into load values (${who}, ${n}, 2)`
                return true
              }),
            )
          else if (kind === 6)
            await attempt(async () => {
              const seen: number[] = []
              for await (const rows of sql`select i from generate_series(1, 60) i`.cursor(20)) {
                seen.push(...rows.map((row) => row.i as number))
                await sleep(1)
              }
              return seen.length === 60
            })
          else
            await attempt(async () => {
              const rows = Array.from({ length: 2000 }, (_, i) => `-${who + 1}\t${n}\t${i}\n`)
              // Within begin(): on a connection of the pool the driver may send another statement into the COPY.
              await sql.begin(async (tx) => pipeline(Readable.from(rows), await tx`copy load from stdin`.writable()))
              return true
            })
        }
      }
      const callers = Array.from({ length: 16 }, (_, who) => caller(who))
      for (let loss = 0; loss < LOSSES; loss++) {
        const before = counts.answered
        for (let wait = 0; wait < 200 && counts.answered < before + 10; wait++) await sleep(5)
        await sleep(Math.random() * 40)
        line.cut()
      }
      await sleep(200)
      running = false
      await Promise.all(callers)
      console.info(`${LOSSES} losses`, counts, [...codes].join(' '))
      expect(uncaught).toEqual([])
      expect(database.log).toEqual([])
      expect(counts.wrong).toBe(0)
      expect(counts.rejected).toBeGreaterThan(LOSSES / 2)
      expect(
        [...codes].filter((code) => !/^(CONNECTION_CLOSED|ECONNRESET|EPIPE|ECONNREFUSED|CONNECTION_ENDED)$/.test(code)),
      ).toEqual([])
      expect(await sql`select 1 as a`).toEqual([{ a: 1 }])
      // A transaction that was cut left either both of its rows or none, also of those whose COMMIT nobody heard.
      const halves = await sql`select who, n from load where who >= 0 group by who, n having count(*) <> 2`
      expect(halves).toEqual([])
      await sql.end({ timeout: 2 })
    },
    LOSSES * 3000 + 60_000,
  )

  it('should not let a transaction go on in the next connection', async () => {
    const sql = driver(1)
    await sql`create table alone (a int)`
    let inside: Promise<Error & { code?: string }> | undefined
    const outcome = errorOf(
      sql.begin(async (tx) => {
        await tx`insert into alone values (1)`
        line.cut()
        await sleep(50)
        // The transaction is lost already: this opens the pool's only connection anew.
        // eslint-disable-next-line house/tx-in-begin
        for (let i = 0; i < 2; i++) await sql`select 1`.catch(() => undefined)
        inside = errorOf(tx`insert into alone values (2)`)
        await inside
      }),
    )
    expect((await outcome).code).toBe('CONNECTION_CLOSED')
    await expect.poll(() => inside).toBeDefined()
    expect((await inside!).code).toBe('CONNECTION_CLOSED')
    expect(await sql`select a from alone`).toEqual([])
    expect(uncaught).toEqual([])
    await sql.end({ timeout: 2 })
  })

  it('should tell the slow reader of a cursor, wherever it was', async () => {
    const sql = driver(1)
    for (const batch of [1, 2, 3]) {
      let seen = 0
      const read = async () => {
        for await (const rows of sql`select i from generate_series(1, 60) i`.cursor(20)) {
          seen += rows.length
          if (seen < batch * 20) continue
          line.cut()
          await sleep(50)
        }
      }
      expect((await errorOf(read())).code).toBe('CONNECTION_CLOSED')
      expect(seen).toBe(batch * 20)
    }
    expect(uncaught).toEqual([])
    await sql.end({ timeout: 2 })
  })

  it('should survive kill -9 of the database itself, and find it when it is back', async () => {
    const sql = database.connect({ max: 6 })
    await sql`create table if not exists alive (a int)`
    for (let kill = 0; kill < 2; kill++) {
      const outcomes = Promise.allSettled([
        ...Array.from({ length: 10 }, () => sql`select pg_sleep(0.05)`),
        sql.begin(async (tx) => {
          await tx`insert into alive values (1)`
          await sleep(300)
          await tx`insert into alive values (2)`
        }),
      ])
      const back = new Promise<void>((resolve) => {
        const unsubscribe = database.embedded.onRestart(() => (unsubscribe(), resolve()))
      })
      await sleep(100)
      process.kill(database.embedded.pid, 'SIGKILL')
      expect((await outcomes).filter((outcome) => outcome.status === 'rejected').length).toBeGreaterThan(0)
      await back
      await expect.poll(() => sql`select count(*)::int as n from alive`.then((rows) => rows[0]!.n, String)).toBe(0)
    }
    expect(uncaught).toEqual([])
  })
})
