import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { describe, expect, it } from 'vitest'
import { DEMO_PASSWORD } from '../../../server/account/first.ts'
import { copyTemplate } from '../../database/template.ts'
import { serve, type Serving } from '../../e2e/serve.ts'

interface Item {
  measure: string
  town: string
  month: string
  version: number
  value: number
  state: string
  next: string[]
}

async function asking({ address }: Serving, account: string) {
  const signedIn = await fetch(`${address}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ account, password: DEMO_PASSWORD }) })
  const headers = { cookie: signedIn.headers.get('set-cookie')!.split(';')[0]!, 'content-type': 'application/json' }
  return {
    list: async (list: string) => ((await (await fetch(`${address}/api/plans/2023/reviews?list=${list}&month=2023-12`, { headers })).json()) as { reviews: Item[] }).reviews,
    act: (act: string, reports: object[]) => fetch(`${address}/api/plans/2023/reports/${act}`, { method: 'POST', headers, body: JSON.stringify({ reports }) }),
  }
}
const keyOf = ({ measure, town, month, version }: Item) => ({ measure, town, month, version })

/** Many corrections by the office that wait for the first department. */
async function manyWaiting(serving: Serving): Promise<Item[]> {
  const department = await asking(serving, 'dept-01')
  const office = await asking(serving, 'office')
  const mine = new Set((await department.list('decided')).map(({ measure, town }) => `${measure} ${town}`))
  const decided = (await office.list('decided')).filter(({ next, measure, town, state }) => state === 'approved' && next.includes('correct') && mine.has(`${measure} ${town}`))
  const answers = ['below-last', 'over-quota', 'unit-scale', 'below-keep'].map((check) => ({ check, reason: '演示' }))
  const corrected = await office.act('correct', decided.map((one) => ({ ...keyOf(one), value: one.value, words: '演示：复核', reason: '复核', answers })))
  expect(corrected.status, await corrected.clone().text()).toBe(200)
  const waiting = (await department.list('waiting')).filter(({ next }) => next.includes('approve'))
  expect(waiting.length).toBeGreaterThan(50)
  return waiting
}

/** All of them or none, and then all. */
async function approvedOnce(serving: Serving, before: readonly Item[]): Promise<'all' | 'none'> {
  const department = await asking(serving, 'dept-01')
  const waiting = new Set((await department.list('waiting')).map((one) => JSON.stringify(keyOf(one))))
  const left = before.filter((one) => waiting.has(JSON.stringify(keyOf(one))))
  expect([0, before.length]).toContain(left.length)
  if (left.length) expect((await department.act('approve', left.map(keyOf))).status).toBe(200)
  const versions = new Map((await department.list('decided')).map((one) => [`${one.measure} ${one.town}`, one.version]))
  for (const one of before) expect(versions.get(`${one.measure} ${one.town}`)).toBe(one.version + 1)
  return left.length ? 'none' : 'all'
}

describe.skipIf(!process.env.TEST_DATABASE_URL)('a server killed while many are approved (native)', () => {
  it('should have done nothing of it when it was killed before the end, and do it all afterwards', async () => {
    const base = new URL(process.env.TEST_DATABASE_URL!)
    const name = `xiangtu_killed_${process.pid}`
    const maintenance = postgres(base.href, { max: 1, onnotice: () => {} })
    await maintenance.unsafe(`create database ${name}`)
    const url = new URL(base)
    url.pathname = `/${name}`
    const sql = postgres(url.href, { max: 2, onnotice: () => {} })
    try {
      const first = await serve({ env: { DATABASE_URL: url.href } })
      const before = await manyWaiting(first)
      const department = await asking(first, 'dept-01')
      // Somebody holds the plan's row, which an act on reports writes last: all the rest is written and not yet kept.
      let letGo = () => {}
      const held = new Promise<void>((done) => (letGo = done))
      let isHeld = () => {}
      const nowHeld = new Promise<void>((done) => (isHeld = done))
      const holding = sql.begin(async (tx) => {
        await tx`select id from plan for update`
        isHeld()
        await held
      })
      await nowHeld
      const answer = department.act('approve', before.map(keyOf)).catch(() => null)
      const waiting = async () => (await sql`select 1 from pg_stat_activity where datname = ${name} and wait_event_type = 'Lock' and query like '%update plan set revision%'`).length
      await expect.poll(waiting, { timeout: 20_000 }).toBe(1)
      await first.stop('SIGKILL')
      expect(await answer).toBeNull()
      letGo()
      await holding
      const second = await serve({ env: { DATABASE_URL: url.href } })
      expect(await approvedOnce(second, before)).toBe('none')
      await second.stop()
    } finally {
      await sql.end()
      await maintenance.unsafe(`drop database if exists ${name} with (force)`)
      await maintenance.end()
    }
  }, 180_000)
})

describe('a server killed while many are approved (embedded)', () => {
  it('should have done all of it or nothing, whenever it was killed', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'xiangtu-killed-'))
    try {
      await copyTemplate(dataDir, 'demo')
      const first = await serve({ dataDir })
      const before = await manyWaiting(first)
      const department = await asking(first, 'dept-01')
      const answer = department.act('approve', before.map(keyOf)).catch(() => null)
      await new Promise((done) => setTimeout(done, 60))
      await first.stop('SIGKILL')
      await answer
      const second = await serve({ dataDir })
      await approvedOnce(second, before)
      await second.stop()
    } finally {
      await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
    }
  }, 600_000)
})
