import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seedTowns } from '../../../server/town/seed.ts'
import type { BoundarySet } from '../../../server/town/queries.ts'
import { describeOnBothDatabases } from '../harness.ts'

const COMMAND = fileURLToPath(new URL('../../../server/town/boundaries.command.ts', import.meta.url))
const SEED = fileURLToPath(new URL('../../../seeds/towns.geojson', import.meta.url))
const ABOUT = [
  '--kind',
  'official',
  '--source',
  '区规划资源局',
  '--licence',
  '内部使用',
  '--credit',
  '青浦区规划和自然资源局',
]

function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, ...args], { env: { PATH: process.env.PATH } }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err })
    })
  })
}

describeOnBothDatabases(
  'npm run boundaries',
  (server) => {
    let folder: string
    let address: string[]
    let listening: ReturnType<typeof serve>
    beforeAll(async () => {
      await seedTowns(server.sql)
      folder = await mkdtemp(join(tmpdir(), 'xiangtu-boundaries-'))
      const fetch = async (request: Request) => {
        const { pathname, search } = new URL(request.url)
        const body = request.method === 'GET' ? {} : { body: await request.arrayBuffer() }
        return server.request(`${pathname}${search}`, { method: request.method, headers: request.headers, ...body })
      }
      listening = await new Promise((resolve) => {
        const started = serve({ fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(started))
      })
      address = ['--server', `http://127.0.0.1:${(listening.address() as AddressInfo).port}`]
    })
    afterAll(async () => {
      listening?.close()
      await rm(folder, { recursive: true, force: true })
    })
    const sets = () => server.json<BoundarySet[]>('/api/towns/boundaries')

    it('should print what a check finds, storing nothing', async () => {
      const before = await sets()
      const { code, out } = await run(SEED, '--check', ...address)
      expect(code).toBe(0)
      expect(out).toMatch(/135\.31 +135\.31 +136\.85 +朱家角镇/)
      expect(out).toContain('0 个错误 / errors, 0 个警告 / warnings')
      expect(await sets()).toEqual(before)
    })

    it('should put the boundaries of a file into use', async () => {
      const { code, out } = await run(SEED, ...ABOUT, ...address)
      expect(code).toBe(0)
      const [newest] = await sets()
      expect(out).toContain(`第 ${newest!.id} 套边界`)
      expect(newest).toMatchObject({
        current: true,
        kind: 'official',
        source: '区规划资源局',
        fileName: 'towns.geojson',
      })
    })

    it('should say what is wrong with a file, with the town, and store nothing', async () => {
      const before = await sets()
      const path = join(folder, 'half.geojson')
      const text =
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"赵巷镇"},"geometry":null}]}'
      await writeFile(path, text)
      const { code, out, err } = await run(path, ...ABOUT, ...address)
      expect(code).toBe(1)
      expect(out).toContain('✗ 赵巷镇: 第 1 个要素没有图形')
      expect(out).toContain('✗ 徐泾镇: 缺少这个街镇')
      expect(err).toContain('未入库')
      expect(await sets()).toEqual(before)
    })

    it('should say what it needs', async () => {
      expect(await run()).toMatchObject({
        code: 1,
        err: expect.stringContaining('npm run boundaries -- <file.geojson>'),
      })
      expect((await run(SEED, '--kind', 'official', ...address)).err).toContain('--source --licence --credit')
      expect((await run(join(folder, 'none.geojson'), ...ABOUT, ...address)).err).toContain('没有这个文件')
      expect((await run(SEED, '--colour', 'red')).err).toContain('--colour')
      expect((await run('--help')).out).toContain('--accept-warnings')
    })

    it('should say that the server is not running', async () => {
      const { code, err } = await run(SEED, ...ABOUT, '--server', 'http://127.0.0.1:9')
      expect(code).toBe(1)
      expect(err).toContain('服务没有运行')
      expect(err).toContain('npm start')
    })
  },
  { seeded: 'no' },
)
