/**
 * Starts the embedded database as a process of its own and watches over it.
 *
 * The process ends with its parent: it closes cleanly when the IPC channel goes, also after kill -9 of the parent. If it ends
 * unexpectedly it is started again on the same socket path, so that a pool of connections finds it by itself; clients see
 * CONNECTION_CLOSED for what was under way. After five ends within a minute it stays down and
 * `exited` tells.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { BRIDGE_LIMITS, type BridgeLimits } from './bridge.ts'
import { DataDirVersion } from './data-dir.ts'
import type { EngineOptions, FromEngine, ToEngine } from './engine.ts'
import { DataDirLocked } from './lock.ts'
import type { Step } from './thread-messages.ts'

export { DataDirLocked, DataDirVersion }
export type { BridgeLimits, Step }

/** More than the process takes for itself; then it is killed, which loses nothing. */
const STOP_SECONDS = 20
const RESTARTS = { limit: 5, withinSeconds: 60 } as const

export type Exit = { code: number | null; signal: NodeJS.Signals | null }
export type StartOptions = {
  /** Folder of the data; made if it does not exist. */
  dataDir: string
  /** Called with what a start is doing, in its order; also at a restart. */
  onProgress?: (step: Step) => void
  /** Called for what an operator should know: restarts, an engine that broke. */
  log: (message: string) => void
  limits?: Partial<BridgeLimits>
  /** How often the process may end by itself within how many seconds before it is left down. */
  restarts?: { limit: number; withinSeconds: number }
}
export type Embedded = {
  /** Options for `postgres()`; the socket lies in a folder that only this user may enter. */
  connection: { path: string; user: string; database: string }
  /** The process that now holds the database; changes at a restart. */
  readonly pid: number
  /** Finishes what runs, writes a checkpoint and ends the process. */
  stop(): Promise<void>
  /** When the process has ended for good: after `stop`, or because it could not be kept up. */
  exited: Promise<Exit>
  /** Called each time the process was started again and takes connections. Gives back what unsubscribes. */
  onRestart(call: (exit: Exit) => void): () => void
}

/**
 * Starts the database in `dataDir` and resolves when it takes connections: after about 2 s, at the very first start about 10 s.
 * Throws DataDirLocked if another process has the folder, DataDirVersion if another engine made it.
 */
export async function startEmbedded(options: StartOptions): Promise<Embedded> {
  const socketDir = fs.mkdtempSync(path.join(os.tmpdir(), 'xiangtu-'))
  const socket = path.join(socketDir, '.s.PGSQL.5432')
  const engine: EngineOptions = {
    dataDir: path.resolve(options.dataDir),
    socket,
    limits: { ...BRIDGE_LIMITS, ...options.limits },
  }
  const restarts = options.restarts ?? RESTARTS
  const listeners = new Set<(exit: Exit) => void>()
  const ends: number[] = []
  let stopping = false
  let child: ChildProcess
  let tellExited: (exit: Exit) => void
  const exited = new Promise<Exit>((resolve) => {
    tellExited = resolve
  })

  /** Starts the process once and resolves when it takes connections. */
  const launch = () =>
    new Promise<void>((resolve, reject) => {
      child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', enginePath, JSON.stringify(engine)], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      })
      let ready = false
      child.on('message', (message: FromEngine) => {
        if (message.kind === 'step') options.onProgress?.(message.step)
        if (message.kind === 'log') options.log(message.message)
        if (message.kind === 'refused') reject(refusal(message, engine.dataDir))
        if (message.kind !== 'ready') return
        ready = true
        resolve()
      })
      child.once('error', reject)
      child.once('exit', (code, signal) => {
        reject(new Error(`the embedded database ended while starting (${signal ?? `code ${code}`})`))
        if (ready) void ended({ code, signal })
      })
    })

  const ended = async (exit: Exit): Promise<void> => {
    const now = Date.now()
    ends.push(now)
    const recent = ends.filter((at) => now - at < restarts.withinSeconds * 1000).length
    if (!stopping && recent <= restarts.limit) {
      options.log(`the embedded database ended (${exit.signal ?? `code ${exit.code}`}); it starts again`)
      try {
        await launch()
        for (const call of listeners) call(exit)
        return
      } catch (error) {
        options.log((error as Error).message)
      }
    }
    fs.rmSync(socketDir, { recursive: true, force: true })
    tellExited(exit)
  }

  try {
    await launch()
  } catch (error) {
    fs.rmSync(socketDir, { recursive: true, force: true })
    throw error
  }
  return {
    connection: { path: socket, user: 'postgres', database: 'postgres' },
    get pid() {
      return child.pid!
    },
    async stop() {
      stopping = true
      if (child.connected) child.send({ kind: 'stop' } satisfies ToEngine)
      const patience = setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS * 1000)
      await exited
      clearTimeout(patience)
    },
    exited,
    onRestart(call) {
      listeners.add(call)
      return () => listeners.delete(call)
    },
  }
}

const enginePath = path.join(import.meta.dirname, 'engine.ts')

function refusal(message: Extract<FromEngine, { kind: 'refused' }>, dataDir: string): Error {
  if (message.name === 'DataDirLocked') return new DataDirLocked(dataDir, message.pid)
  if (message.name === 'DataDirVersion') return new DataDirVersion(message.message)
  return new Error(`the embedded database did not start: ${message.message}`)
}
