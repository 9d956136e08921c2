/**
 * What was acknowledged is there: after kill -9, and, as far as a test can see it, after a power cut (the WAL is synced before the
 * answer leaves). XIANGTU_KILLS sets how often the process is killed.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { DataDirLocked, DataDirVersion, startEmbedded } from '../../../server/database/embedded/start.ts'
import { errorOf, freshDataDir, openTestDatabase, type TestDatabase } from './database.ts'

const KILLS = Number(process.env.XIANGTU_KILLS ?? 10)
const STRACE = spawnSync('strace', ['-V']).status === 0

const open: TestDatabase[] = []
const folders: string[] = []
afterEach(async () => {
  for (const database of open.splice(0)) await database.remove()
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true })
})
async function database(...options: Parameters<typeof openTestDatabase>) {
  const opened = await openTestDatabase(...options)
  open.push(opened)
  return opened
}

describe('kill -9 of the database', () => {
  it(
    `should lose nothing acknowledged, ${KILLS} times in a row`,
    async () => {
      const { embedded, connect } = await database({ restarts: { limit: 1000, withinSeconds: 1 } })
      const sql = connect({ max: 4 })
      await sql`create table written (n int primary key, check_text text)`
      const acknowledged: number[] = []
      let next = 0
      let writing = true
      const writer = async () => {
        while (writing) {
          const n = ++next
          try {
            if (n % 3 === 0) {
              await sql.begin(async (tx) => {
                await tx`insert into written values (${n}, ${'half'})`
                await tx`update written set check_text = ${'row ' + n} where n = ${n}`
              })
            } else await sql`insert into written values (${n}, ${'row ' + n})`
            acknowledged.push(n)
          } catch {
            await sleep(20)
          }
        }
      }
      const writers = Array.from({ length: 4 }, writer)
      for (let kill = 0; kill < KILLS; kill++) {
        const before = acknowledged.length
        while (acknowledged.length < before + 50) await sleep(5)
        await sleep(Math.random() * 100)
        const back = new Promise<void>((resolve) => {
          const unsubscribe = embedded.onRestart(() => (unsubscribe(), resolve()))
        })
        process.kill(embedded.pid, 'SIGKILL')
        await back
      }
      writing = false
      await Promise.all(writers)
      const rows = await sql`select n, check_text from written order by n`
      const found = new Set(rows.map((row) => row.n as number))
      console.info(`${KILLS} kills, ${acknowledged.length} rows acknowledged, ${rows.length} found`)
      expect(acknowledged.filter((n) => !found.has(n))).toEqual([])
      expect(found.size).toBe(rows.length)
      expect(rows.filter((row) => row.check_text !== 'row ' + row.n)).toEqual([])
      expect((await sql`select count(*)::int as n from written where n > 0`)[0]!.n).toBe(rows.length)
    },
    KILLS * 60_000 + 60_000,
  )

  it('should leave the folder free at once', async () => {
    const dataDir = await freshDataDir()
    folders.push(dataDir)
    const first = await startEmbedded({ dataDir, log: () => {}, restarts: { limit: 0, withinSeconds: 60 } })
    process.kill(first.pid, 'SIGKILL')
    expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' })
    const second = await startEmbedded({ dataDir, log: () => {} })
    await second.stop()
  })
})

describe('the write-ahead log', () => {
  it.skipIf(!STRACE)('should be synced before a commit is answered, and not at all for reading', async () => {
    const { embedded, connect, dataDir } = await database()
    const sql = connect({ max: 1 })
    await sql`create table traced (a int)`
    const trace = path.join(dataDir, 'trace')
    // y: descriptors with their paths; s: how much of a text is shown.
    const tracer = spawn('strace', [
      '-f',
      '-y',
      '-s',
      '80',
      '-e',
      'trace=fsync,fdatasync,write,writev,sendto',
      '-o',
      trace,
      '-p',
      String(embedded.pid),
    ])
    await started(tracer)
    for (let i = 0; i < 5; i++) await sql`select ${'reading ' + i} as a`
    const readLines = fs.readFileSync(trace, 'utf8')
    for (let i = 0; i < 5; i++) await sql`insert into traced values (${i}) returning ${'written ' + i} as a`
    tracer.kill('SIGINT')
    await new Promise((resolve) => tracer.once('exit', resolve))
    const lines = fs.readFileSync(trace, 'utf8').split('\n')
    expect(readLines).toContain('reading 4')
    expect(readLines).not.toMatch(/f(data)?sync\(/)
    for (let i = 0; i < 5; i++) {
      const answer = lines.findIndex((line) => line.includes('INSERT 0 1') && line.includes(`written ${i}`))
      const since = lines.findLastIndex((line, at) => at < answer && line.includes('INSERT 0 1'))
      const synced = lines.slice(since + 1, answer).findLastIndex((line) => /fsync\(\d+<[^>]*pg_wal/.test(line))
      expect(answer).toBeGreaterThan(0)
      expect(synced).toBeGreaterThanOrEqual(0)
    }
  })
})

describe('the data folder', () => {
  it('should be refused to a second process, which is told who has it', async () => {
    const { embedded, dataDir } = await database()
    const error = await errorOf(startEmbedded({ dataDir, log: () => {} }))
    expect(error).toBeInstanceOf(DataDirLocked)
    expect((error as DataDirLocked).pid).toBe(embedded.pid)
    expect(error.message).toContain(dataDir)
  })

  it('should be refused without the program flock too, and be free when the holder has died', async () => {
    const { lockDataDir } = await import('../../../server/database/embedded/lock.ts')
    const dataDir = fs.mkdtempSync(path.join(process.env.TMPDIR ?? '/tmp', 'xiangtu-lock-'))
    folders.push(dataDir)
    const searched = process.env.PATH
    process.env.PATH = '/nowhere'
    try {
      const stat = fs.readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
      const begun = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]!
      fs.writeFileSync(path.join(dataDir, 'lock'), JSON.stringify({ pid: process.ppid, started: begun }))
      expect(() => lockDataDir(dataDir)).toThrow(DataDirLocked)
      fs.writeFileSync(path.join(dataDir, 'lock'), JSON.stringify({ pid: process.ppid, started: '1' }))
      lockDataDir(dataDir).release()
      fs.writeFileSync(path.join(dataDir, 'lock'), '')
      lockDataDir(dataDir).release()
    } finally {
      process.env.PATH = searched
    }
  })

  it('should be refused when another engine made it', async () => {
    const dataDir = await freshDataDir()
    folders.push(dataDir)
    const note = path.join(dataDir, 'database.json')
    fs.writeFileSync(note, JSON.stringify({ ...JSON.parse(fs.readFileSync(note, 'utf8')), pglite: '0.3' }))
    const error = await errorOf(startEmbedded({ dataDir, log: () => {} }))
    expect(error).toBeInstanceOf(DataDirVersion)
    expect(error.message).toMatch(/made by PGlite 0\.3.*DATA_DIR/)
  })

  it('should keep its data over a clean stop', async () => {
    const dataDir = await freshDataDir()
    folders.push(dataDir)
    const first = await openTestDatabase({ dataDir })
    await first.connect()`create table kept as select 7 as a`
    await first.remove()
    expect(await first.embedded.exited).toEqual({ code: 0, signal: null })
    const second = await openTestDatabase({ dataDir })
    expect((await second.connect()`select a from kept`)[0]!.a).toBe(7)
    await second.remove()
  })

  it('should be made anew when a first start was cut off', async () => {
    const dataDir = await freshDataDir()
    folders.push(dataDir)
    fs.rmSync(path.join(dataDir, 'database.json'))
    fs.rmSync(path.join(dataDir, 'database', 'base'), { recursive: true })
    const steps: string[] = []
    const again = await openTestDatabase({ dataDir, onProgress: (step) => steps.push(step) })
    expect(steps).toEqual(['create', 'postgis'])
    expect((await again.connect()`select postgis_lib_version() as v`)[0]!.v).toMatch(/^3\./)
    await again.remove()
  }, 120_000)
})

describe('the process of the database', () => {
  it('should end when its parent is killed, and leave the folder free', async () => {
    const dataDir = await freshDataDir()
    folders.push(dataDir)
    const source = path.resolve(import.meta.dirname, '../../../server/database/embedded/start.ts')
    const program = `import { startEmbedded } from ${JSON.stringify(source)}
      const { pid } = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log: console.error })
      console.log(pid)
      setInterval(() => {}, 1000)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program])
    const pid = Number(await started(parent, 'stdout'))
    parent.kill('SIGKILL')
    await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false)
    const next = await startEmbedded({ dataDir, log: () => {} })
    await next.stop()
  })

  it('should stay down, and say so, when it cannot be kept up', async () => {
    const { embedded } = await database({ restarts: { limit: 1, withinSeconds: 600 } })
    const back = new Promise<void>((resolve) => embedded.onRestart(() => resolve()))
    process.kill(embedded.pid, 'SIGKILL')
    await back
    process.kill(embedded.pid, 'SIGKILL')
    expect(await embedded.exited).toEqual({ code: null, signal: 'SIGKILL' })
  })
})

function started(child: ChildProcess, from: 'stdout' | 'stderr' = 'stderr'): Promise<string> {
  return new Promise((resolve, reject) => {
    child[from]!.once('data', (chunk: Buffer) => resolve(chunk.toString()))
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
  })
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
