import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { expect, it } from 'vitest'
import { startCluster } from './cluster.ts'
import { findPrograms } from './programs.ts'

const programs = findPrograms()
const here = 'reason' in programs ? it.skip : it

here('should give a database with PostGIS, and take it away when stopped', async () => {
  const cluster = await startCluster()
  if ('reason' in cluster) throw new Error(cluster.reason)
  const sql = postgres(cluster.url, { max: 1 })
  await sql`create extension postgis`
  const [row] = await sql<[{ distance: number }]>`select st_distance('point(0 0)', 'point(3 4)') as distance`
  expect(row.distance).toBe(5)
  await sql.end()
  await cluster.stop()
  const after = postgres(cluster.url, { max: 1, connect_timeout: 2, onclose: () => {} })
  await expect(after`select 1`).rejects.toThrow(/ECONNREFUSED/)
})

here('should leave neither a server nor files behind when the tests are killed', async () => {
  // In a temporary folder of its own, so that what other tests do there at the same time is not taken for ours.
  const folder = await mkdtemp(join(tmpdir(), 'xiangtu-kept-'))
  await chmod(folder, 0o755)
  const cluster = fileURLToPath(new URL('./cluster.ts', import.meta.url))
  const script = `const { startCluster } = await import(${JSON.stringify(cluster)}); console.log((await startCluster()).url); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((resolve) =>
    child.stdout.once('data', (bytes) => resolve(String(bytes).trim())),
  )
  expect(await readdir(folder)).toHaveLength(1)
  child.kill('SIGKILL')
  await expect.poll(() => readdir(folder), { timeout: 10_000 }).toEqual([])
  const sql = postgres(url, { max: 1, connect_timeout: 2 })
  await expect(sql`select 1`).rejects.toThrow(/ECONNREFUSED/)
  await rm(folder, { recursive: true })
})
