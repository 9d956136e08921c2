/** The product from a user's terminal: starting, stopping, starting again, and what it says when it cannot. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { descendants, isAlive } from './processes.ts'
import { serve, type Serving } from './serve.ts'

const get = async (server: Serving, path: string) => {
  const response = await fetch(server.address + path)
  return { status: response.status, body: (await response.json()) as never }
}

/** The plan, and how many values are reported: what must be there again after a stop. */
async function stored(server: Serving) {
  const plans = (await get(server, '/api/plans')).body as { year: number; tasks: number }[]
  const progress = (await get(server, '/api/plans/2023/progress')).body as { series: { points: unknown[] }[] }
  return {
    plans: plans.map(({ year, tasks }) => ({ year, tasks })),
    points: progress.series.reduce((sum, { points }) => sum + points.length, 0),
  }
}

describe('the embedded way', () => {
  let dataDir: string
  let server: Serving
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'xiangtu-e2e-'))
    server = await serve({ dataDir })
  })
  afterAll(async () => {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  })

  it('should say what it is doing, and be ready when it prints its address', async () => {
    expect(server.output()).toMatch(/embedded database/)
    expect(server.output()).toMatch(/2023/)
    expect(await get(server, '/healthz')).toMatchObject({ status: 200 })
    expect(await get(server, '/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } })
  })

  it('should know the 56 tasks of 2023 and a demonstration year', async () => {
    const { plans, points } = await stored(server)
    expect(plans).toEqual([{ year: 2023, tasks: 56 }])
    expect(points).toBeGreaterThan(1000)
  })

  it('should refuse a second copy on the same data, and go on itself', async () => {
    await expect(serve({ dataDir })).rejects.toThrow(/ended with code 1[\s\S]*(in use|another|已)/i)
    expect(await get(server, '/readyz')).toMatchObject({ status: 200 })
  })

  it('should end wholly on Ctrl-C, and start again with what was there', async () => {
    const before = await stored(server)
    const family = [server.pid, ...descendants(server.pid)]
    expect(family.length).toBeGreaterThan(1)
    expect(await server.stop('SIGINT')).toBe(0)
    await expect.poll(() => family.filter(isAlive)).toEqual([])

    server = await serve({ dataDir })
    expect(await stored(server)).toEqual(before)
  })

  it('should keep what was there when it is killed, and leave no process behind', async () => {
    const before = await stored(server)
    const family = [server.pid, ...descendants(server.pid)]
    await server.stop('SIGKILL')
    await expect.poll(() => family.filter(isAlive), { timeout: 30_000 }).toEqual([])
    server = await serve({ dataDir })
    expect(await stored(server)).toEqual(before)
  })

  it('should start without the demonstration year when told so', async () => {
    const empty = await serve({ empty: true })
    expect(await stored(empty)).toEqual({ plans: [{ year: 2023, tasks: 56 }], points: 0 })
    expect(await empty.stop()).toBe(0)
  })
})

describe('starts that cannot be', () => {
  it('should name a variable that it cannot understand', async () => {
    await expect(serve({ env: { PORT: 'eighty' } })).rejects.toThrow('PORT=eighty')
  })

  it.skipIf(process.platform !== 'linux')('should refuse a folder that cannot be written, within a moment', async () => {
    await expect(serve({ dataDir: '/proc/xiangtu' })).rejects.toThrow(/data folder cannot be written: DATA_DIR=\/proc\/xiangtu/)
  })

  it('should say that the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as AddressInfo
    await expect(serve({ empty: true, env: { PORT: String(port) } })).rejects.toThrow(`port ${port} is taken`)
    taken.close()
  })
})

describe.skipIf(!process.env.TEST_DATABASE_URL)('the way with PostgreSQL', () => {
  const name = `xiangtu_start_${process.pid}`
  const admin = postgres(process.env.TEST_DATABASE_URL ?? '', { max: 1, onnotice: () => {} })
  const DATABASE_URL = Object.assign(new URL(process.env.TEST_DATABASE_URL ?? 'postgres://x/'), {
    pathname: `/${name}`,
  }).href
  beforeAll(async () => {
    await admin.unsafe(`create database ${name}`)
  })
  afterAll(async () => {
    await admin.unsafe(`drop database if exists ${name} with (force)`)
    await admin.end()
  })

  it('should start no database of its own, and let two servers share one', async () => {
    const [one, other] = await Promise.all([serve({ env: { DATABASE_URL } }), serve({ env: { DATABASE_URL } })])
    expect(one.output()).toMatch(/PostgreSQL \d+/)
    expect(descendants(one.pid)).toEqual([])
    expect(await stored(one)).toEqual(await stored(other))
    expect((await stored(one)).plans).toEqual([{ year: 2023, tasks: 56 }])
    expect(await Promise.all([one.stop(), other.stop()])).toEqual([0, 0])
  })

  it('should name a database that is not there', async () => {
    await expect(serve({ env: { DATABASE_URL: DATABASE_URL.replace(name, 'no_such_database') } })).rejects.toThrow(
      /no_such_database/,
    )
  })
})
