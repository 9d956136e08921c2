/**
 * Takes the README's pictures from the real screens: starts a server on a data folder of its own and photographs it.
 * `npm run pictures`, after `npm run build`.
 */
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DEMO_PASSWORD } from '../../server/account/first.ts'
import { guardNetwork, launch } from './browser.ts'
import { serve } from './serve.ts'

const FOLDER = new URL('../../docs/pictures/', import.meta.url)

/** What is photographed: file, address, language. */
const PICTURES = [
  ['map', '/?month=2023-06', 'zh'],
  ['task', '/?month=2023-06&task=14&town=310118110', 'zh'],
  ['matrix', '/lights?month=2023-06&sort=trouble', 'zh'],
  ['source', '/tasks/15?month=2023-09', 'zh'],
  ['map.en', '/?month=2023-06&task=14&town=310118110&lang=en', 'en'],
] as const

const server = await serve()
const browser = await launch()
try {
  await mkdir(FOLDER, { recursive: true })
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, reducedMotion: 'reduce' })
  const guard = await guardNetwork(context)
  const page = await context.newPage()
  const photograph = async (name: string, path: string) => {
    await page.goto(server.address + path, { waitUntil: 'networkidle' })
    // The map fades in and the months' columns are counted in idle moments.
    await page.waitForTimeout(4000)
    await page.locator('.map[data-stage="waiting"]').waitFor({ state: 'detached', timeout: 120_000 })
    await page.screenshot({ path: fileURLToPath(new URL(`${name}.png`, FOLDER)) })
  }
  for (const [name, path] of PICTURES) await photograph(name, path)
  const people = async (account: string) => context.request.post(`${server.address}/api/session`, { data: { account, password: DEMO_PASSWORD } })
  await people('town-310118110')
  await photograph('sheet', '/reports')
  await people('office')
  await photograph('reviews', '/reviews?list=decided')
  await photograph('studio', '/snapshots/new?month=2023-06&task=14')
  await people('planner')
  await photograph('planning', '/planning?town=310118110&layers=farmland,roads,bridges,sites,demonstration-villages')
  const form = new FormData()
  const document = await readFile(new URL('../../seeds/task-lists/2023-310118.txt', import.meta.url))
  form.set('file', new File([new Uint8Array(document)], '2023年任务清单.txt'))
  const key = await readFile(join(server.dataDir, 'operator.key'), 'utf8')
  const read = await fetch(`${server.address}/api/task-lists`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: form })
  const draft = (await read.json()) as { id: number }
  await photograph('import', `/admin/lists/${draft.id}`)
  guard.check()
} finally {
  await browser.close()
  await server.stop()
}
