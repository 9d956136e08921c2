/** The product as a user starts it: the real server process, with a data folder of its own, on a free port. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url))
/** A first start loads PostGIS and the seeds; on a busy machine that takes a while. */
const PATIENCE_MS = 240_000

export interface Serving {
  /** Such as `http://127.0.0.1:40123`, without a slash at the end. */
  address: string
  pid: number
  dataDir: string
  /** Everything printed so far. */
  output(): string
  /** Ends it as Ctrl-C does (or by another signal) and gives the exit code. The data folder is removed unless it was given. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

export interface ServeOptions {
  empty?: boolean
  dataDir?: string
  env?: Record<string, string>
}

/**
 * Starts a server and waits until it prints its address.
 * @throws Error with everything printed when it ends before that
 */
export async function serve(options: ServeOptions = {}): Promise<Serving> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'xiangtu-e2e-')))
  const child = spawn(process.execPath, [MAIN, ...(options.empty ? ['--empty'] : [])], {
    env: {
      ...process.env,
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: '',
      NO_OPEN: '1',
      DATA_DIR: dataDir,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const address = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`The server did not start in time:\n${output}`))
    }, PATIENCE_MS)
    const read = (bytes: Buffer) => {
      output += bytes
      const match = /(http:\/\/\S+?)\/\s/.exec(output)
      if (match?.[1]) {
        clearTimeout(late)
        resolve(match[1])
      }
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    void exited.then((code) => {
      clearTimeout(late)
      reject(new Error(`The server ended with code ${code}:\n${output}`))
    })
  })
  return {
    address,
    pid: child.pid ?? 0,
    dataDir,
    output: () => output,
    async stop(signal = 'SIGINT') {
      child.kill(signal)
      const code = await exited
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true })
      return code
    },
  }
}
