/**
 * The process of the embedded database: locks the folder, starts the engine, opens the bridge, and closes all of it when it is
 * told to or when its parent is gone. Started by start.ts with its options as one JSON argument and an IPC channel.
 */
import fs from 'node:fs'
import path from 'node:path'
import { Bridge, type BridgeLimits } from './bridge.ts'
import { prepareDataDir } from './data-dir.ts'
import { DataDirLocked, lockDataDir } from './lock.ts'
import { Runner } from './runner.ts'
import type { Step } from './thread-messages.ts'

export type EngineOptions = { dataDir: string; socket: string; limits: BridgeLimits }
export type FromEngine =
  | { kind: 'step'; step: Step }
  | { kind: 'log'; message: string }
  | { kind: 'ready' }
  | { kind: 'refused'; name: string; message: string; pid: number | null }
export type ToEngine = { kind: 'stop' }

const STOP_SECONDS = 10

const options = JSON.parse(process.argv[2]!) as EngineOptions
const tell = (message: FromEngine) => process.connected && process.send!(message)
const log = (message: string) => tell({ kind: 'log', message })

let stopping: Promise<void> | undefined
let stop = async () => process.exit(0)
const stopOnce = () => (stopping ??= stop())
process.on('message', (message: ToEngine) => message.kind === 'stop' && void stopOnce())
process.on('disconnect', () => void stopOnce())
process.on('SIGTERM', () => void stopOnce())
// Ctrl-C reaches the whole group of processes; the parent decides when the database stops.
process.on('SIGINT', () => undefined)

try {
  fs.mkdirSync(options.dataDir, { recursive: true, mode: 0o700 })
  const lock = lockDataDir(options.dataDir)
  const { folder, finish } = prepareDataDir(options.dataDir)
  const runner = new Runner({ folder, log, onStep: (step) => tell({ kind: 'step', step }) })
  const bridge = new Bridge(runner, options.limits, log)
  stop = async () => {
    // A statement that will not end is cut off: what was committed is in the WAL.
    setTimeout(() => process.exit(0), STOP_SECONDS * 1000)
    await bridge.close()
    await runner.stop()
    lock.release()
    fs.rmSync(path.dirname(options.socket), { recursive: true, force: true })
    process.exit(0)
  }
  await runner.ready
  finish()
  fs.mkdirSync(path.dirname(options.socket), { recursive: true, mode: 0o700 })
  fs.rmSync(options.socket, { force: true })
  await bridge.listen(options.socket)
  fs.chmodSync(options.socket, 0o600)
  tell({ kind: 'ready' })
} catch (error) {
  const { name, message } = error as Error
  const pid = error instanceof DataDirLocked ? error.pid : null
  process.send?.({ kind: 'refused', name, message, pid } satisfies FromEngine, () => process.exit(1))
}
