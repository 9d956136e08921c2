/** A private PostgreSQL with PostGIS for the tests: own folder, own free port, gone when the tests are. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Cluster {
  /** Of the maintenance database, as a superuser who may create databases. */
  url: string
  /** Major version of PostgreSQL. */
  version: number
  stop: () => Promise<void>
}

/**
 * Starts the cluster (about two seconds). It stops with this process at the latest, however this process ends.
 * @param alsoRemove a folder that goes with it
 * @returns the cluster, or the reason why there can be none on this machine
 */
export async function startCluster(alsoRemove?: string): Promise<Cluster | { reason: string }> {
  const keeper = spawn(
    process.execPath,
    [fileURLToPath(new URL('./keeper.ts', import.meta.url)), ...(alsoRemove ? [alsoRemove] : [])],
    {
      // A group of its own, so that Ctrl-C in the terminal reaches the tests first and the server goes after them.
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  const ended = new Promise<void>((resolve) => keeper.on('exit', () => resolve()))
  const answer = await new Promise<{ url: string; version: number } | { reason: string }>((resolve) => {
    let heard = ''
    keeper.stdout.on('data', (bytes) => {
      heard += bytes
      if (heard.includes('\n')) resolve(JSON.parse(heard.slice(0, heard.indexOf('\n'))))
    })
    keeper.on('error', (error) => resolve({ reason: `the database's keeper could not be started: ${error.message}` }))
    keeper.on('exit', (code) => resolve({ reason: `the database's keeper ended with code ${code}` }))
  })
  keeper.unref()
  for (const pipe of [keeper.stdin, keeper.stdout]) (pipe as unknown as { unref?: () => void }).unref?.()
  if ('reason' in answer) return answer
  return {
    ...answer,
    stop: async () => {
      keeper.ref()
      keeper.stdin.end()
      await ended
    },
  }
}
