import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import { monthsOf } from '../geo/month/month.ts'
import type { Task } from '../geo/plan/plan.ts'
import { QINGPU } from '../geo/town/qingpu.ts'
import { demoOrders } from '../seeds/demo/orders.ts'
import { photosOfReports } from '../seeds/demo/photos.ts'
import { demoSubmissions } from '../seeds/demo/submissions.ts'
import { demoYear, type DemoReport } from '../seeds/demo/year.ts'
import { demoPasswordHash, departmentAccount, firstAdmin, seedDemoAccounts } from './account/first.ts'
import { accounts } from './account/queries.ts'
import { demoPhoto } from './attachment/demo-photo.ts'
import { insertAttachment } from './attachment/queries.ts'
import { audit, bySystem } from './audit/queries.ts'
import { seedCalendar } from './calendar/seed.ts'
import { instantOf, type Clock } from './clock.ts'
import type { Sql, Tx } from './database/connect.ts'
import { takeTurn } from './database/turns.ts'
import { seedFindings } from './finding/seed.ts'
import { prepareCells, seedDemoLayers, seedVillages } from './layer/seed.ts'
import { freezeClosedMonths } from './month/store.ts'
import { seedOrders } from './order/seed.ts'
import { bumpRevision, leadDepartments, planById, plans, tasksOf } from './plan/queries.ts'
import { closeMonths, insertReports } from './report/queries.ts'
import type { Actor } from './route.ts'
import { insertApproved } from './submission/queries.ts'
import { keepDraft, readFile as readList, storePlan } from './task-list/store.ts'
import { seedTowns } from './town/seed.ts'

const SEEDS = new URL('../seeds/', import.meta.url)
/** The document that a new installation starts with, as it was given; read by the reader like any other. */
const FIRST_LIST = { file: 'task-lists/2023-310118.txt', name: '2023年上海市青浦区乡村振兴重点任务清单.txt' }
const FIRST_START = bySystem('first start')

/**
 * Fills an empty installation: towns, the 2023 list (by reading the document) and, unless `empty`, a demonstration year of reports.
 * Does nothing where there is a plan already; may run in several processes at once.
 */
export async function seed(sql: Sql, log: Logger, options: { empty: boolean; clock: Clock; say: (step: string) => void }): Promise<void> {
  await seedTowns(sql, instantOf(options.clock))
  await seedCalendar(sql)
  await prepareCells(sql)
  await seedVillages(sql, instantOf(options.clock))
  if ((await plans(sql)).length) return
  options.say('正在读取 2023 年任务清单 / reading the 2023 list')
  const bytes = await readFile(new URL(FIRST_LIST.file, SEEDS))
  const file = { name: FIRST_LIST.name, bytes: new Uint8Array(bytes) }
  const read = await readList(file, QINGPU)
  const stored = await sql.begin(async (tx) => {
    await takeTurn(tx, 'plans')
    // Another process may have been quicker.
    if ((await plans(tx)).length) return null
    const id = await keepDraft(tx, FIRST_START, file, read)
    const plan = await storePlan(tx, FIRST_START, id, { version: null, district: QINGPU, unattended: true })
    if (!options.empty) {
      await seedDemo(tx, FIRST_START, plan.planId)
      await seedDemoLayers(tx, FIRST_START, { year: plan.year, startsOn: `${plan.year}-01-01` }, await tasksOf(tx, plan.planId))
    }
    return plan
  })
  if (stored) log.debug({ year: stored.year, tasks: stored.tasks.length, demo: !options.empty }, 'first plan stored')
}

/**
 * Makes the accounts that an installation begins with: the demonstration's where `demo`, else one administrator.
 * @returns the administrator's password for one use, to be printed; null where none was made
 */
export async function seedAccounts(sql: Sql, options: { demo: boolean; clock: Clock }): Promise<{ account: string; password: string } | null> {
  if (!options.demo) return firstAdmin(sql, options.clock)
  if ((await accounts(sql)).length) return null
  const password = await demoPasswordHash()
  await sql.begin(async (tx) => {
    await takeTurn(tx, 'accounts')
    if ((await accounts(tx)).length === 0) await seedDemoAccounts(tx, options.clock, password)
  })
  return null
}

/** Gives a plan its demonstration year: synthetic monthly values, submissions and some orders, every one marked; part of the caller's transaction. */
export async function seedDemo(tx: Tx, actor: Actor, planId: number): Promise<void> {
  const plan = await planById(tx, planId)
  if (!plan) return
  const tasks = await tasksOf(tx, planId)
  const reports = demoYear({ year: plan.year, startsOn: plan.startsOn, endsOn: plan.endsOn }, tasks)
  await insertReports(tx, planId, reports)
  const photos = await seedPhotos(tx, planId, tasks, reports)
  const findings = await seedFindings(tx, plan)
  const submissions = demoSubmissions(plan.year, tasks, reports, findings)
  await insertApproved(tx, planId, submissions)
  await closeMonths(tx, planId, monthsOf(plan.year).slice(0, -1))
  await freezeClosedMonths(tx, actor, plan)
  const departments = await leadDepartments(tx)
  const orders = await seedOrders(tx, planId, demoOrders(plan.year, tasks, (name) => departmentAccount(departments.indexOf(name))))
  await bumpRevision(tx, planId)
  await audit(tx, actor, { action: 'report.demo', subject: `plan/${plan.year}`, before: null, after: { reports: reports.length, submissions: submissions.length, photos, findings: findings.length, orders } })
}

/** Photos of some reports. @returns how many */
async function seedPhotos(tx: Tx, planId: number, tasks: readonly Task[], reports: readonly DemoReport[]): Promise<number> {
  const taskOf = new Map(tasks.flatMap((task) => task.measures.map(({ id, kind }) => [id, { no: task.no, kind }])))
  const chosen = photosOfReports(reports, (measure) => taskOf.get(measure)?.kind === 'length')
  for (const { report, photo } of chosen) {
    const { town, month, measure } = report
    const cell = { task: taskOf.get(measure)!.no, town, month, subject: measure }
    await insertAttachment(tx, planId, { ...cell, ...demoPhoto(photo), addedBy: `town-${town.toLowerCase()}`, addedAt: `${photo.day}T11:00:00+08:00`, demo: true })
  }
  return chosen.length
}
