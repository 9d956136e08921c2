/**
 * Keeps the records of lights: each night for every plan that runs, and at once for what a report or a rule changed. Nights that were missed
 * (the server was off, or the plan was stored with a past) are caught up day by day with what was known on each day.
 */
import { dayNumber, isoDay } from '../../geo/month/day.ts'
import { lightsOf } from '../../geo/light/lights.ts'
import { changesOfLight, type LightCause } from '../../geo/light/record.ts'
import type { Task } from '../../geo/plan/plan.ts'
import { DAYS_AFTER } from '../../geo/reminder/reminders.ts'
import { instantOf, todayOf, type Clock } from '../clock.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { planOf, plans, tasksOf, type PlanRow } from '../plan/queries.ts'
import { progressOf } from '../report/queries.ts'
import { daysWithNews, holdRecordedOn, insertLightRecords, lastRecorded, setRecordedOn } from './queries.ts'

/** The last day whose lights are recorded: figures of a year may still change for a while after it. */
function lastDayOf(plan: Pick<PlanRow, 'endsOn'>, today: string): string {
  const end = isoDay(dayNumber(plan.endsOn) + DAYS_AFTER)
  return end < today ? end : today
}

/**
 * Records what a report (only its measures are looked at) or a rule changed today; part of the caller's transaction. Where nights have not
 * been caught up yet it leaves everything to them, so that records stay in the order of their days.
 * @returns how many lights changed
 */
export async function recordLights(tx: Tx, plan: PlanRow, when: { now: string; today: string }, cause: LightCause, measures: readonly string[] | null = null): Promise<number> {
  const recordedOn = await holdRecordedOn(tx, plan.id)
  const asOf = lastDayOf(plan, when.today)
  if (recordedOn === null || dayNumber(recordedOn) < dayNumber(asOf) - 1 || asOf < plan.startsOn) return 0
  const tasks = narrowed(await tasksOf(tx, plan.id), measures)
  const progress = await progressOf(tx, plan, null, measures)
  const changes = changesOfLight(lightsOf(tasks, progress, asOf, { history: false }), await lastRecorded(tx, plan.id, measures), when.today, cause)
  await insertLightRecords(tx, plan.id, changes, when.now)
  return changes.length
}

function narrowed(tasks: Task[], measures: readonly string[] | null): Task[] {
  if (!measures) return tasks
  return tasks.map((task) => ({ ...task, measures: task.measures.filter(({ id }) => measures.includes(id)) })).filter((task) => task.measures.length > 0)
}

/** So many nights are caught up in one transaction; embedded, everybody else waits meanwhile. */
const NIGHTS_AT_ONCE = 7

/** The nightly work: brings the records of every plan up to today. May run in several processes at once, and at any time. */
export async function recordNights(sql: Sql, clock: Clock): Promise<number> {
  let changed = 0
  for (const { year } of await plans(sql)) {
    const plan = await planOf(sql, year)
    const until = plan && lastDayOf(plan, todayOf(clock))
    if (!plan || until === null || until < plan.startsOn) continue
    const tasks = await tasksOf(sql, plan.id)
    for (let done = false; !done; ) {
      const step = await sql.begin((tx) => recordSomeNights(tx, plan, tasks, until, instantOf(clock)))
      changed += step.changed
      done = step.done
      // Requests go first.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return changed
}

async function recordSomeNights(tx: Tx, plan: PlanRow, tasks: readonly Task[], until: string, now: string): Promise<{ changed: number; done: boolean }> {
  const recordedOn = await holdRecordedOn(tx, plan.id)
  const from = recordedOn === null ? plan.startsOn : isoDay(dayNumber(recordedOn) + 1)
  // The night of a day that was recorded already may come again: something may have changed without a report (a month's dates).
  const first = from > until ? until : from
  const last = isoDay(Math.min(dayNumber(first) + NIGHTS_AT_ONCE - 1, dayNumber(until)))
  const news = new Set(await daysWithNews(tx, plan.id, first, last))
  const known = await lastRecorded(tx, plan.id)
  let progress = await progressOf(tx, plan, first)
  let changed = 0
  for (let n = dayNumber(first); n <= dayNumber(last); n++) {
    const day = isoDay(n)
    if (day !== first && news.has(day)) progress = await progressOf(tx, plan, day)
    const cause = progress.rules.some(({ version, validFrom }) => version > 1 && validFrom === day) ? 'rule' : 'night'
    const changes = changesOfLight(lightsOf(tasks, progress, day, { history: false }), known, day, cause)
    await insertLightRecords(tx, plan.id, changes, now)
    for (const change of changes) known.set(`${change.measure}|${change.town}`, change.light)
    changed += changes.length
  }
  if (recordedOn === null || last > recordedOn) await setRecordedOn(tx, plan.id, last)
  return { changed, done: last >= until }
}
