import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Logger } from 'pino'
import type { Environment } from '../environment.ts'
import type { PlainSql } from './boss-adapter.ts'
import { connect, DatabaseError, probe, type DatabaseFacts, type Sql } from './connect.ts'
import { startEmbedded, type Step } from './embedded/start.ts'
import { migrate } from './migrate.ts'
import { plainConnect } from './boss-adapter.ts'
import { APP_ROLE, raiseWall } from './wall.ts'

/** An open, migrated database, whichever of the two it is. */
export interface Database {
  sql: Sql
  /** A small pool without our types and names, for the job queue. */
  plain: PlainSql
  facts: DatabaseFacts
  /** Whether the second wall stands (see wall.ts). */
  wall: boolean
  /** One line for the person at the terminal. */
  words: string
  /** Resolves, with the reason, when the embedded database is gone for good. */
  lost: Promise<string>
  close(): Promise<void>
}

/** What the embedded database is doing while it starts, for the person who waits. */
const STEPS: Record<Step, string> = {
  open: '正在打开内置数据库 / opening the embedded database',
  create: '首次启动：正在创建数据库，约十秒 / first start: creating the database, about ten seconds',
  postgis: '正在装入 PostGIS / loading PostGIS',
}

/** Embedded there is one backend: more connections would only queue. */
const EMBEDDED_POOL = 4

/**
 * Opens the database that the environment names: PostgreSQL at DATABASE_URL, or the embedded one in DATA_DIR, started here.
 * @throws DatabaseError, MigrationError, and what startEmbedded throws (folder locked, folder of another version)
 */
export async function openDatabase(environment: Environment, log: Logger, say: (step: string) => void): Promise<Database> {
  const onNotice = (message: string) => log.debug({ message }, 'notice')
  const closers: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    let where: Parameters<typeof connect>[0]
    let lost: Promise<string> = new Promise(() => {})
    if (environment.databaseUrl) {
      say('正在连接数据库 / connecting to the database')
      where = environment.databaseUrl
    } else {
      await mustBeWritable(environment.dataDir)
      const embedded = await startEmbedded({ dataDir: environment.dataDir, onProgress: (step) => say(STEPS[step]), log: (message) => log.warn(message) })
      closers.push(() => embedded.stop())
      where = embedded.connection
      lost = embedded.exited.then(({ code, signal }) => `code ${code}, signal ${signal}`)
    }
    const embedded = environment.databaseUrl == null
    const sql = connect(where, { max: embedded ? EMBEDDED_POOL : environment.databasePool, onNotice })
    closers.push(() => sql.end({ timeout: 3 }))
    const plain = plainConnect(where, embedded ? 1 : 3)
    closers.push(() => plain.end({ timeout: 3 }))
    const facts = await probe(sql, embedded)
    const applied = await migrate(sql)
    if (applied.length) say(`数据库结构已更新 / database brought up to date: ${applied.join(', ')}`)
    const wall = await raiseWall(sql)
    if (!wall) say(`数据库账号不能建立角色，行级保护未启用 / the database account may create no role, so row-level security is off: create role ${APP_ROLE} nologin; grant ${APP_ROLE} to …`)
    const words = embedded
      ? `内置数据库 / embedded database: ${join(environment.dataDir, 'database')}（试用与小规模试点 / for trying out and small pilots）`
      : `PostgreSQL ${facts.version}, PostGIS ${facts.postgis}`
    return { sql, plain, facts, wall, words, lost, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** @throws DatabaseError when the data folder cannot be made or written */
async function mustBeWritable(dataDir: string): Promise<void> {
  const trial = join(dataDir, `.writable-${process.pid}`)
  try {
    await makeFolder(dataDir)
    await writeFile(trial, '')
    await rm(trial)
  } catch (error) {
    const code = (error as { code?: string }).code ?? ''
    throw new DatabaseError(`数据目录不可写 / the data folder cannot be written: DATA_DIR=${dataDir} (${code})`)
  }
}

/** Step by step: Node's own recursive mkdir never comes back where the system refuses with ENOENT, as below /proc. */
async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return
  await makeFolder(dirname(folder))
  await mkdir(folder).catch((error: { code?: string }) => {
    if (error.code !== 'EEXIST') throw error
  })
}
