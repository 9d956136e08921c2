/**
 * One process a data folder. PGlite lets a second one in, and the two destroy the database without a word.
 *
 * Held is an flock(2) on the file `lock`: the kernel drops it the moment its process ends, however it ends, and it holds
 * across containers that share the folder. Node has no call for it, so the program `flock` (util-linux, busybox) locks the
 * descriptor that it inherits; the lock belongs to the open file and stays with us. Without that program, the file says
 * which process holds it, and it counts as held while that process (same pid, same start time) lives.
 */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

/** Another process holds the data folder. */
export class DataDirLocked extends Error {
  override readonly name = 'DataDirLocked'
  readonly dataDir: string
  /** The holder's process id, or null if it could not be read. */
  readonly pid: number | null

  constructor(dataDir: string, pid: number | null) {
    super(
      `the data folder ${dataDir} is in use by ${pid === null ? 'another process' : `process ${pid}`}; ` +
        'stop that copy first, or choose another folder by DATA_DIR',
    )
    this.dataDir = dataDir
    this.pid = pid
  }
}

type Holder = { pid: number; started: string | null }

/** Takes the folder for this process until `release` or its end. Throws DataDirLocked if another process has it. */
export function lockDataDir(dataDir: string): { release(): void } {
  const file = path.join(dataDir, 'lock')
  const descriptor = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600)
  const taken = takeFlock(descriptor) ?? !isAlive(readHolder(descriptor))
  if (!taken) {
    const holder = readHolder(descriptor)
    fs.closeSync(descriptor)
    throw new DataDirLocked(dataDir, holder?.pid ?? null)
  }
  fs.ftruncateSync(descriptor)
  fs.writeSync(descriptor, JSON.stringify({ pid: process.pid, started: startTime(process.pid) } satisfies Holder), 0)
  return {
    release() {
      fs.ftruncateSync(descriptor)
      fs.closeSync(descriptor)
    },
  }
}

/** True if the lock was taken, false if another has it, null if there is no `flock` here. */
function takeFlock(descriptor: number): boolean | null {
  const { error, status } = spawnSync('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', descriptor] })
  if (error || (status !== 0 && status !== 1)) return null
  return status === 0
}

function readHolder(descriptor: number): Holder | null {
  const bytes = Buffer.alloc(200)
  const size = fs.readSync(descriptor, bytes, 0, bytes.length, 0)
  try {
    return JSON.parse(bytes.toString('utf8', 0, size)) as Holder
  } catch {
    return null
  }
}

/** A process with this pid lives and is the one that wrote the file, not a later one with the same number. */
function isAlive(holder: Holder | null): boolean {
  if (!holder || holder.pid === process.pid) return false
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return holder.started === null || startTime(holder.pid) === holder.started
}

/** When the process started, in clock ticks since boot (field 22 of /proc/<pid>/stat); null where there is no /proc. */
function startTime(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}
