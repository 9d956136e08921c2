/**
 * 月调度 on the database: dates, closing and reopening, each in the caller's transaction with its line and its audit entry. Whoever closes
 * holds the months, so that no report slips in between what was counted and what is frozen.
 */
import { DATE_FAULTS, faultOfDates, MONTH_ACTS, MONTH_REFUSALS, refusalOfClosing, refusalOfReopening, type MonthAct, type MonthRefusal } from '../../geo/month/closing.ts'
import { frozenMonthOf, type FrozenMonth, type FrozenUnit } from '../../geo/month/frozen.ts'
import type { Month } from '../../geo/month/month.ts'
import { standingsOf, sumStandings } from '../../geo/month/standing.ts'
import type { Task } from '../../geo/plan/plan.ts'
import type { Progress } from '../../geo/report/report.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { audit } from '../audit/queries.ts'
import type { Queryable, Tx } from '../database/connect.ts'
import { freeze } from '../frozen/frozen.ts'
import { bumpRevision, tasksOf, type PlanRow } from '../plan/queries.ts'
import { Problem } from '../problems.ts'
import { progressOf } from '../report/queries.ts'
import type { Actor } from '../route.ts'
import { submissionPoints, submissionsKnown } from '../submission/queries.ts'
import { currentSet } from '../town/queries.ts'
import { holdMonths, insertFreeze, insertMonthAct, listSha256, writeMonth, type FreezeRow, type MonthRow } from './queries.ts'

export interface MonthContext {
  plan: PlanRow
  actor: Actor
  /** ISO instant and, in China, ISO date. */
  now: string
  today: string
}

/** What the office saw when it decided to close. */
export interface Closing {
  version: number
  missing: number
  waiting: number
  words: string
}

/**
 * Changes an open month's dates.
 * @throws Problem not-found, version-conflict, month-refused, month-dates-invalid
 */
export async function setDates(tx: Tx, context: MonthContext, id: string, given: Pick<Month, 'opensOn' | 'dueOn' | 'closesOn'> & { version: number; reason: string }): Promise<void> {
  const { month } = await held(tx, context, id, given.version)
  if (month.closedOn !== null) throw refused('dates', id, 'closed')
  const { opensOn, dueOn, closesOn } = given
  const fault = faultOfDates(id, { opensOn, dueOn, closesOn })
  if (fault) throw new Problem('month-dates-invalid', { month: id, fault, why: DATE_FAULTS[fault].zh, whyEn: DATE_FAULTS[fault].en }, '/opensOn')
  const before = { opensOn: month.opensOn, dueOn: month.dueOn, closesOn: month.closesOn }
  await writeMonth(tx, context.plan.id, { ...month, opensOn, dueOn, closesOn })
  await done(tx, context, id, 'dates', given.reason, { before, after: { opensOn, dueOn, closesOn } })
}

/**
 * Closes a month and freezes it.
 * @throws Problem not-found, version-conflict, month-refused, month-changed (something came or went since the office looked), reason-missing
 *   (cells are missing and nobody says why it is closed all the same)
 */
export async function closeMonth(tx: Tx, context: MonthContext, id: string, given: Closing): Promise<FreezeRow> {
  const { plan, actor, now, today } = context
  const { month, months } = await held(tx, context, id, given.version)
  const refusal = refusalOfClosing(month, months, today)
  if (refusal) throw refused('close', id, refusal)
  const [tasks, progress, submissions] = await Promise.all([tasksOf(tx, plan.id), progressOf(tx, plan), submissionPoints(tx, plan.id, id)])
  const counts = sumStandings(standingsOf(tasks, progress, submissions, id))
  if (counts.missing !== given.missing || counts.waiting !== given.waiting) {
    throw new Problem('month-changed', { month: id, missing: counts.missing, waiting: counts.waiting }, counts.missing === given.missing ? '/waiting' : '/missing')
  }
  if (counts.missing + counts.waiting > 0 && !given.words.trim()) throw new Problem('reason-missing', { key: id }, '/words')
  const frozen = await frozenMonth(tx, plan, tasks, progress, { month, closedOn: today, knownAt: null })
  const row = await insertFreeze(tx, plan.id, id, { ...freeze(frozen), at: now, by: actor.name })
  await writeMonth(tx, plan.id, { ...month, closedOn: today })
  await done(tx, context, id, 'close', given.words, { freeze: row.version, sha256: row.sha256, ...counts })
  return row
}

/**
 * Reopens a month; what was frozen stays.
 * @throws Problem not-found, version-conflict, month-refused, reason-missing
 */
export async function reopenMonth(tx: Tx, context: MonthContext, id: string, given: { version: number; reason: string }): Promise<void> {
  const { month } = await held(tx, context, id, given.version)
  const refusal = refusalOfReopening(month)
  if (refusal) throw refused('reopen', id, refusal)
  if (!given.reason.trim()) throw new Problem('reason-missing', { key: id }, '/reason')
  await writeMonth(tx, context.plan.id, { ...month, closedOn: null })
  await done(tx, context, id, 'reopen', given.reason, { closedOn: month.closedOn })
}

/** Freezes months that were closed before: the demonstration's past, each as it was known on the day that it was closed. */
export async function freezeClosedMonths(tx: Tx, actor: Actor, plan: PlanRow): Promise<void> {
  const [tasks, progress] = await Promise.all([tasksOf(tx, plan.id), progressOf(tx, plan)])
  for (const month of progress.months) {
    if (month.closedOn === null) continue
    const frozen = await frozenMonth(tx, plan, tasks, progress, { month: { ...month, closedOn: null }, closedOn: month.closedOn, knownAt: month.closedOn })
    // By China's clock, in the evening of the day.
    const row = await insertFreeze(tx, plan.id, month.id, { ...freeze(frozen), at: `${month.closedOn}T18:00:00+08:00`, by: actor.name })
    const counts = sumStandings(frozen.standings)
    await insertMonthAct(tx, plan.id, month.id, {
      act: 'close',
      at: row.at,
      by: actor.name,
      reason: counts.missing + counts.waiting > 0 ? '演示数据：缺报的下月补报' : '',
      detail: { freeze: row.version, sha256: row.sha256, ...counts },
    })
  }
}

async function frozenMonth(
  tx: Queryable,
  plan: PlanRow,
  tasks: readonly Task[],
  progress: Progress,
  when: { month: Month; closedOn: string; knownAt: string | null },
): Promise<FrozenMonth> {
  const set = await currentSet(tx, plan.districtCode)
  const { year, district, districtCode, title, startsOn, endsOn } = plan
  const { id, opensOn, dueOn, closesOn, closedOn } = when.month
  return frozenMonthOf({
    plan: { year, district, districtCode, title, startsOn, endsOn, listSha256: await listSha256(tx, plan.taskListId) },
    month: { id, opensOn, dueOn, closesOn, closedOn },
    closedOn: when.closedOn,
    tasks,
    progress,
    submissions: await submissionsKnown(tx, plan.id, id, when.knownAt),
    boundaries: set && { id: set.id, kind: set.kind, sha256: set.sha256, source: set.source },
    units: unitsOf(),
    knownAt: when.knownAt,
  })
}

/** The district's units by name, itself last. */
function unitsOf(): FrozenUnit[] {
  return [...QINGPU.towns, QINGPU].map(({ code, name, nameEn }) => ({ code, name, nameEn }))
}

async function held(tx: Tx, { plan }: MonthContext, id: string, version: number): Promise<{ month: MonthRow; months: MonthRow[] }> {
  const months = await holdMonths(tx, plan.id)
  const month = months.find((candidate) => candidate.id === id)
  if (!month) throw new Problem('not-found', { what: `month/${id}` }, 'month')
  if (month.version !== version) throw new Problem('version-conflict', { current: month.version, given: version }, '/version')
  return { month, months }
}

async function done(tx: Tx, { plan, actor, now }: MonthContext, id: string, act: MonthAct, reason: string, detail: Record<string, unknown>): Promise<void> {
  await insertMonthAct(tx, plan.id, id, { act, at: now, by: actor.name, reason: reason.trim(), detail })
  await bumpRevision(tx, plan.id)
  await audit(tx, actor, { action: `month.${act}`, subject: `month/${id}`, before: null, after: { reason: reason.trim(), ...detail } })
}

function refused(act: MonthAct, month: string, refusal: MonthRefusal): Problem {
  const { zh: what, en: whatEn } = MONTH_ACTS[act]
  const { zh: why, en: whyEn } = MONTH_REFUSALS[refusal]
  return new Problem('month-refused', { month, act, refusal, what, whatEn, why, whyEn })
}
