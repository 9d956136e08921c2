/** Databases to copy: making and seeding one takes ten times as long as copying it. Each is made by the first test that wants it. */
import { existsSync } from 'node:fs'
import { cp, mkdir, rename, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pino from 'pino'
import postgres from 'postgres'
import { openDatabase } from '../../server/database/open.ts'
import { readEnvironment } from '../../server/environment.ts'
import { seed, seedAccounts } from '../../server/seed.ts'

/** What is in a database: nothing but its tables, the plan without reports, or the demonstration's year; the latter two with its accounts. */
export type Seeded = 'no' | 'empty' | 'demo'

/** Makes a database as a first start leaves it. */
async function make(env: Record<string, string>, seeded: Seeded): Promise<void> {
  const log = pino({ level: 'silent' })
  const clock = { now: () => new Date() }
  const database = await openDatabase(readEnvironment(env), log, () => {})
  try {
    if (seeded === 'no') return
    await seed(database.sql, log, { empty: seeded === 'empty', clock, say: () => {} })
    await seedAccounts(database.sql, { demo: true, clock })
  } finally {
    await database.close()
  }
}

/** Makes something unless it is there; of several test files at once one makes it, and the others wait for that. */
async function once(name: string, isThere: () => Promise<boolean>, work: () => Promise<void>): Promise<void> {
  const turn = join(tmpdir(), `making-${name}`)
  while (!(await isThere())) {
    const mine = await mkdir(turn).then(
      () => true,
      () => false,
    )
    if (!mine) await pause(200)
    else
      try {
        if (!(await isThere())) await work()
      } finally {
        await rmdir(turn)
      }
  }
}

/** Fills a data folder with an embedded database. TEST_MIGRATED_TEMPLATE names where the ones to copy are kept. */
export async function copyTemplate(dataDir: string, seeded: Seeded): Promise<void> {
  const kept = process.env.TEST_MIGRATED_TEMPLATE
  if (!kept) return make({ DATA_DIR: dataDir }, seeded)
  const template = `${kept}-${seeded}`
  await once(
    `embedded-${seeded}`,
    async () => existsSync(template),
    async () => {
      const made = `${template}-${process.pid}`
      await make({ DATA_DIR: made }, seeded)
      await rename(made, template)
    },
  )
  await cp(join(template, 'database'), join(dataDir, 'database'), { recursive: true })
  await cp(join(template, 'database.json'), join(dataDir, 'database.json'))
}

let databases = 0

/** A new database on the server of TEST_DATABASE_URL, copied from one that this run has made. */
export async function freshDatabase(seeded: Seeded): Promise<{ url: string; drop: () => Promise<void> }> {
  const base = new URL(process.env.TEST_DATABASE_URL ?? '')
  const at = (name: string) => Object.assign(new URL(base), { pathname: `/${name}` }).href
  const maintenance = postgres(base.href, { max: 1, onnotice: () => {} })
  const run = (process.env.TEST_RUN ?? String(process.pid)).replace(/\W/g, '_').toLowerCase()
  const template = `xiangtu_template_${run}_${seeded}`
  await once(
    template,
    async () => (await maintenance`select 1 from pg_database where datname = ${template}`).length > 0,
    async () => {
      const made = `${template}_${process.pid}`
      await maintenance.unsafe(`create database ${made}`)
      await make({ DATABASE_URL: at(made) }, seeded)
      await maintenance.unsafe(`alter database ${made} rename to ${template}`)
    },
  )
  const name = `xiangtu_test_${process.pid}_${++databases}_${Math.floor(performance.now())}`
  await maintenance.unsafe(`create database ${name} template ${template}`)
  return {
    url: at(name),
    drop: async () => {
      await maintenance.unsafe(`drop database if exists ${name} with (force)`)
      await maintenance.end()
    },
  }
}
