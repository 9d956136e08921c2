/**
 * Keeps one private PostgreSQL for as long as its standard input stays open. Tests start it as a process of its own: when they end, however
 * they end (done, Ctrl-C, kill -9), the pipe closes, and the server and its files go.
 *
 * With a path as argument it removes that folder too when it goes.
 *
 * Says one line of JSON on standard output: {"url": …, "version": …} once it answers, or {"reason": …} when it cannot run here.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accountForServer, findPrograms, type Account, type Programs } from './programs.ts'

const USER = 'xiangtu'
const STARTS_WITHIN_MS = 60_000

/** Nothing here has to survive a power cut, and everything has to be quick. */
const SETTINGS: Record<string, string> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '128MB',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  log_min_messages: 'warning',
  timezone: 'UTC',
}

const folder = mkdtempSync(join(tmpdir(), 'xiangtu-postgres-'))
let server: ChildProcess | null = null
let leaving = false
const alsoRemove = process.argv[2]

function say(answer: { url: string; version: number } | { reason: string }) {
  process.stdout.write(JSON.stringify(answer) + '\n')
}

/** Stops the server without ceremony, removes its files, and goes. */
function leave() {
  if (leaving) return
  leaving = true
  const remove = () => {
    // What tests started may take a moment longer to end, and write meanwhile.
    for (const path of [folder, ...(alsoRemove ? [alsoRemove] : [])]) {
      rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
    }
    process.exit(0)
  }
  if (!server || server.exitCode !== null || server.signalCode !== null) return remove()
  server.on('exit', remove)
  server.kill('SIGQUIT')
  setTimeout(() => server?.kill('SIGKILL'), 5_000).unref()
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

/** Makes the files of an empty database cluster; the password is new for every run. */
function initialise({ bin }: Programs, account: Account | null, password: string) {
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (account) for (const path of [folder, passwordFile]) chownSync(path, account.uid, account.gid)
  const attempt = (locale: string[]) =>
    spawnSync(
      join(bin, 'initdb'),
      [
        '-D',
        join(folder, 'data'),
        '-U',
        USER,
        '-E',
        'UTF8',
        ...locale,
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--no-sync',
      ],
      { ...account, cwd: folder, encoding: 'utf8' },
    )
  // Chinese letters are letters in C.UTF-8; systems without that locale have to do with C.
  let made = attempt(['--locale=C.UTF-8'])
  if (made.status !== 0) {
    rmSync(join(folder, 'data'), { recursive: true, force: true })
    made = attempt(['--locale=C'])
  }
  if (made.status !== 0) throw new Error(`initdb failed: ${(made.stderr || made.error?.message || '').trim()}`)
}

/** Starts the server on a free port of the loopback and waits until it takes connections. */
async function start({ bin }: Programs, account: Account | null): Promise<number> {
  const port = await freePort()
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = join(folder, 'log')
  writeFileSync(log, '')
  const child = spawn(join(bin, 'postgres'), ['-D', join(folder, 'data'), '-p', String(port), ...settings], {
    ...account,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  child.stderr?.on('data', (bytes) => writeFileSync(log, bytes, { flag: 'a' }))
  child.on('error', () => {})
  server = child
  const giveUp = Date.now() + STARTS_WITHIN_MS
  while (child.exitCode === null && child.signalCode === null && Date.now() < giveUp) {
    if (isReady()) return port
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`postgres did not start: ${readFileSync(log, 'utf8').trim() || 'it said nothing'}`)
}

/** The server writes its state into the last line of its pid file; a connection alone would also succeed while it still starts up. */
function isReady(): boolean {
  const pidFile = join(folder, 'data/postmaster.pid')
  return existsSync(pidFile) && readFileSync(pidFile, 'utf8').trimEnd().endsWith('ready')
}

process.stdin.resume()
process.stdin.on('end', leave).on('close', leave).on('error', leave)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, leave)

const programs = findPrograms()
if ('reason' in programs) {
  say(programs)
  leave()
} else {
  try {
    const password = randomBytes(12).toString('hex')
    const account = accountForServer()
    initialise(programs, account, password)
    const port = await start(programs, account).catch(() => start(programs, account)) // the port may have been taken meanwhile
    say({ url: `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`, version: programs.version })
  } catch (error) {
    if (!leaving) say({ reason: (error as Error).message })
    leave()
  }
}
