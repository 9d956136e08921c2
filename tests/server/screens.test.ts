import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { screens } from '../../server/screens.ts'

describe('the screens', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'xiangtu-screens-'))
    await mkdir(join(folder, 'client/assets'), { recursive: true })
    await writeFile(join(folder, 'client/index.html'), '<!doctype html><title>乡图</title>')
    await writeFile(join(folder, 'client/assets/map-1a2b.js'), 'export const map = 1\n'.repeat(50))
    await writeFile(join(folder, 'client/assets/map-1a2b.js.gz'), gzipSync('export const map = 1\n'.repeat(50)))
    await writeFile(join(folder, 'secret.txt'), 'not for the browser')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const get = (path: string, headers: Record<string, string> = {}) => screens(join(folder, 'client')).request(path, { headers })

  it.each(['/', '/lights', '/tasks/14?month=2023-06', '/admin/lists/3', '/unknown'])('should give the one page at %s, asked for anew each time', async (path) => {
    const response = await get(path)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('乡图')
    expect(response.headers.get('cache-control')).toBe('no-cache')
  })

  it('should send what the build has compressed, to be kept for ever', async () => {
    const response = await get('/assets/map-1a2b.js', { 'accept-encoding': 'gzip' })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(response.headers.get('vary')?.toLowerCase()).toContain('accept-encoding')
    expect(response.headers.get('cache-control')).toContain('immutable')
    expect((await get('/assets/map-1a2b.js')).headers.get('content-encoding')).toBeNull()
  })

  it('should answer 404 for an asset that is gone, not the page', async () => {
    expect((await get('/assets/map-old.js')).status).toBe(404)
  })

  it.each(['/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/assets/%2e%2e%2f%2e%2e%2fsecret.txt', '/..%5csecret.txt'])(
    'should never leave its folder: %s',
    async (path) => {
      expect(await (await get(path)).text()).not.toContain('not for the browser')
    },
  )
})
