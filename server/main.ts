import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import pino from 'pino'
import { createApp } from './app.ts'
import { EnvironmentError, readEnvironment } from './environment.ts'
import { sealChannels } from './channel/seal.ts'
import { localSecretKey } from './channel/secrets.ts'
import { clockFrom } from './clock.ts'
import { DatabaseError } from './database/connect.ts'
import { DataDirLocked, DataDirVersion } from './database/embedded/start.ts'
import { MigrationError } from './database/migrate.ts'
import { openDatabase } from './database/open.ts'
import { startJobs } from './jobs.ts'
import { endStreams } from './message/live.ts'
import { localOperatorKey } from './operator.ts'
import { seed, seedAccounts } from './seed.ts'
import { openInBrowser } from './browser.ts'

const CLIENT = fileURLToPath(new URL('../dist/client/', import.meta.url))

/** How long requests under way may take to finish after Ctrl-C. */
const GRACE_MS = 3000

async function main(): Promise<void> {
  const environment = readEnvironment(process.env)
  const empty = process.argv.includes('--empty')
  const log = pino({ level: environment.logLevel }, pino.destination({ dest: 2, sync: true }))
  const started = performance.now()
  const say = (step: string) => process.stdout.write(`  ${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s  ${step}\n`)

  // Whatever was started is stopped in the opposite order, once, also when a start is broken off halfway.
  const stops: (() => Promise<unknown>)[] = []
  let stopping = false
  const stop = async (code: number) => {
    if (stopping) return
    stopping = true
    for (const step of stops.reverse()) await step().catch((error: unknown) => log.warn({ err: error }, 'stop'))
    process.exit(code)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0))
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'))

  try {
    say('乡图正在启动 / Xiangtu is starting')
    await portMustBeFree(environment.port, environment.host)
    const database = await openDatabase(environment, log, say)
    stops.push(() => database.close())
    database.lost.then((why) => {
      if (stopping) return
      process.stderr.write(`\n数据库已停止，服务退出 / the database stopped, so the server does too: ${why}\n`)
      void stop(1)
    })
    const clock = clockFrom(environment.clock)
    if (environment.clock) say(`时钟从 ${environment.clock.toISOString()} 走起（CLOCK）/ the clock starts there`)
    await seed(database.sql, log, { empty, clock, say })
    const first = await seedAccounts(database.sql, { demo: !empty && environment.local, clock })
    const operatorKey = environment.operatorKey ?? (await localOperatorKey(environment.dataDir))
    const secretKey = environment.secretKey ?? (await localSecretKey(environment.dataDir))
    const sealed = secretKey === null ? 0 : await sealChannels(database.sql, secretKey)
    if (sealed) say(`已加密 ${sealed} 个发送渠道的地址和密钥 / encrypted the addresses and secrets of ${sealed} channels`)
    const complete = { ...environment, operatorKey, secretKey }
    say('正在启动任务队列 / starting the job queue')
    const jobs = await startJobs(database.plain, { sql: database.sql, clock, environment: complete, log })
    stops.push(() => jobs.stop())
    const clientFolder = existsSync(CLIENT) ? CLIENT : null
    const app = createApp({ sql: database.sql, wall: database.wall, clock, jobs, environment: complete, log, clientFolder })
    const server = await listen(app, environment.port, environment.host)
    stops.push(() => server.close())
    stops.push(async () => endStreams())
    const host = environment.host.includes(':') ? `[${environment.host}]` : environment.host
    const address = `http://${host}:${server.port}/`
    say(clientFolder ? '就绪 / ready' : '就绪（没有构建界面，只有 API）/ ready (the client is not built: API only)')
    process.stdout.write(`\n  乡图 Xiangtu  →  ${address}\n  ${database.words}\n  Ctrl-C 停止 / stops it\n\n`)
    if (first) process.stdout.write(`  首次登录 / first sign-in:  账号 account ${first.account}   一次性密码 one-time password ${first.password}\n\n`)
    if (environment.openBrowser && clientFolder && process.stdout.isTTY) openInBrowser(address)
  } catch (error) {
    const code = (error as { code?: string }).code
    const known = [DatabaseError, MigrationError, DataDirLocked, DataDirVersion].some((kind) => error instanceof kind)
    const words =
      code === 'EADDRINUSE'
        ? `端口 ${environment.port} 已被占用，请换一个 PORT / port ${environment.port} is taken; set another PORT`
        : known
          ? (error as Error).message
          : ((error as Error).stack ?? String(error))
    process.stderr.write(`\n无法启动 / cannot start: ${words}\n`)
    await stop(1)
  }
}

/** Tells of a taken port at once, not after the database has been made. @throws EADDRINUSE */
function portMustBeFree(port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const trial = createServer()
    trial.once('error', reject)
    trial.listen(port, host, () => trial.close(() => resolve()))
  })
}

function listen(app: { fetch: unknown }, port: number, hostname: string): Promise<{ port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch as never, port, hostname }, (info) => {
      resolve({
        port: info.port,
        close: () =>
          new Promise<void>((closed) => {
            server.close(() => closed())
            if ('closeIdleConnections' in server) server.closeIdleConnections()
            setTimeout(() => {
              if ('closeAllConnections' in server) server.closeAllConnections()
              closed()
            }, GRACE_MS).unref()
          }),
      })
    })
    server.on('error', reject)
  })
}

try {
  await main()
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
