/** Checks that are kept: overlay and freeze, then decide and write with the trail beside it. Overlays are made outside of transactions that write: they take their time. */
import type { MultiPolygon, Polygon } from 'geojson'
import { resultOf, sliverShape, VERDICTS } from '../../geo/check/check.ts'
import type { CheckContent } from '../../geo/check/content.ts'
import { actsOn, CHECK_ACTS, CHECK_CHANGES, CHECK_STATES, changeOf, checkNumber, differencesOf, runsThatMayStand, type CheckSource, type Differences, type RunCause } from '../../geo/check/record.ts'
import { MOST_GROUND, viewOf } from '../../geo/check/view.ts'
import type { Told } from '../../geo/message/message.ts'
import { formatNumber } from '../../geo/number/format.ts'
import { departmentsOf } from '../../geo/right/role.ts'
import { rounded } from '../../geo/shape/cut.ts'
import { ringsOf } from '../../geo/shape/measure.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { M2_PER_MU } from '../../geo/unit/unit.ts'
import { audit } from '../audit/queries.ts'
import type { Queryable, Sql, Tx } from '../database/connect.ts'
import { takeTurn } from '../database/turns.ts'
import { freeze } from '../frozen/frozen.ts'
import { tell } from '../message/tell.ts'
import { Problem } from '../problems.ts'
import { mustAllow, type Actor } from '../route.ts'
import { currentSet } from '../town/queries.ts'
import { acknowledgementsOf, checkOf, frozenRun, groundOf, holdCheck, insertAcknowledgement, insertCheck, insertRun, overlayOf, plotOf, putRun, putStanding, putState, confirmChecks, type CheckRow } from './queries.ts'

/** A plot held against the farmland, with all that its sheet shows; of one moment. */
export interface Taken {
  content: CheckContent
  towns: string[]
  fingerprint: string
}

/** To the millimetre, and as one kind of shape: so it is stored, and checked again. */
export function tidyPlot(plot: Polygon | MultiPolygon): MultiPolygon {
  return rounded({ type: 'MultiPolygon', coordinates: ringsOf(plot) })
}

/** Holds a plot (valid) against the farmland. The statements see one state of the database. */
export function takeCheck(sql: Sql, plot: MultiPolygon, toleranceMu: number, at: string): Promise<Taken> {
  return sql.begin('isolation level repeatable read read only', (tx) => taken(tx, plot, toleranceMu, at)) as Promise<Taken>
}

/** The same inside of a transaction: what it sees. */
export async function taken(tx: Queryable, plot: MultiPolygon, toleranceMu: number, at: string): Promise<Taken> {
  const { touched, remaining, remainingM2, dataVersion, towns, fingerprint, ...overlay } = await overlayOf(tx, plot, toleranceMu)
  const { box, step } = viewOf(plot)
  const ground = await groundOf(tx, box, step, MOST_GROUND)
  const set = await currentSet(tx, QINGPU.code)
  const result = resultOf(overlay, toleranceMu)
  const boundary = set && { kind: set.kind, credit: set.credit || set.source }
  return { content: { checkedAt: at, dataVersion, plot, result, touched, sliverShapes: sliverShape(overlay, result), remaining, remainingMu: remainingM2 / M2_PER_MU, ground, boundary }, towns, fingerprint }
}

/** What a person says of a check. */
export interface CheckGiven {
  applicant: string
  purpose: string
  source: CheckSource
  sourceWords: string
  /** Left out: those that the person speaks for. */
  departments: readonly string[] | undefined
}

/**
 * Keeps a check under the year's next number.
 * @param today China's day, by the server's clock
 * @throws Problem sign-in-needed, not-allowed
 */
export async function keepCheck(tx: Tx, actor: Actor, given: CheckGiven, { content, towns, fingerprint }: Taken, today: string): Promise<number> {
  const { applicant, purpose, source, sourceWords } = given
  const departments = [...(given.departments ?? (actor.person ? departmentsOf(actor.person) : []))]
  mustMake(actor, { towns, departments })
  // Until the end nobody else takes a number: none is left out, and none is given twice.
  await takeTurn(tx, 'checks')
  const { result, dataVersion, checkedAt, plot } = content
  const { verdict } = result
  const permanentMu = result.permanent.mu
  const year = Number(today.slice(0, 4))
  const facts = { year, applicant, purpose, source, sourceWords, areaMu: result.areaMu, toleranceMu: result.slivers.toleranceMu, town: towns[0] ?? null, towns, departments, verdict, permanentMu, dataVersion }
  const { id, no } = await insertCheck(tx, { ...facts, plot, fingerprint, madeBy: actor.name, madeAt: checkedAt, demo: actor.demo })
  const frozen = freeze(content)
  await insertRun(tx, { checkId: id, no: 1, at: checkedAt, by: actor.name, cause: 'first', dataVersion, verdict, permanentMu, differences: null, ...frozen })
  await audit(tx, actor, { action: 'check.keep', subject: `check/${id}`, before: null, after: { number: checkNumber({ year, no }), ...facts, sha256: frozen.sha256 } })
  return id
}

export interface RunInput {
  check: CheckRow
  taken: Taken
  before: CheckContent
}

/** What a new run of a check needs, looked up and overlaid before anything is written. */
export function takeAgain(sql: Sql, check: CheckRow, at: string): Promise<RunInput> {
  return takenAgain(sql, check, (plot) => takeCheck(sql, plot, check.toleranceMu, at))
}

export async function takenAgain(sql: Queryable, check: CheckRow, take: (plot: MultiPolygon) => Promise<Taken>): Promise<RunInput> {
  const [plot, run] = [await plotOf(sql, check.id), await frozenRun(sql, check.id, check.run)]
  return { check, taken: await take(plot), before: JSON.parse(run!.content) as CheckContent }
}

/**
 * Keeps a new run where it finds anything else; otherwise the newest run holds up to this version of the farmland too.
 * @returns what is different (null: nothing); undefined where somebody was quicker, and nothing was written
 * @throws Problem state-conflict where it is closed
 */
export async function keepAgain(tx: Tx, actor: Actor, { check, taken, before }: RunInput, cause: Exclude<RunCause, 'first'>): Promise<Differences | null | undefined> {
  const { id } = check
  const now = await holdCheck(tx, id)
  if (now?.state === 'closed') throw new Problem('state-conflict', { state: CHECK_STATES.closed.zh })
  const { content, fingerprint } = taken
  const { result, dataVersion, checkedAt } = content
  if (!now || now.run !== check.run || now.dataVersion > dataVersion) return undefined
  const differences = differencesOf({ ...before.result, remainingMu: before.remainingMu }, { ...result, remainingMu: content.remainingMu })
  const { verdict } = result
  const permanentMu = result.permanent.mu
  if (!differences) {
    await putRun(tx, id, { run: now.run, verdict, permanentMu, dataVersion, fingerprint, at: checkedAt })
    await audit(tx, actor, { action: 'check.again', subject: `check/${id}`, before: { dataVersion: now.dataVersion }, after: { dataVersion, same: true } })
    return null
  }
  const run = now.run + 1
  const frozen = freeze(content)
  await insertRun(tx, { checkId: id, no: run, at: checkedAt, by: actor.name, cause, dataVersion, verdict, permanentMu, differences, ...frozen })
  await putRun(tx, id, { run, verdict, permanentMu, dataVersion, fingerprint, at: checkedAt })
  await audit(tx, actor, {
    action: 'check.again',
    subject: `check/${id}`,
    before: { run: now.run, dataVersion: now.dataVersion, verdict: now.verdict, permanentMu: now.permanentMu },
    after: { run, dataVersion, verdict, permanentMu, sha256: frozen.sha256 },
  })
  if (actor.name !== now.madeBy) await tell(tx, [toldOf(now, run, { before: before.result.permanent.mu, after: permanentMu }, differences)], checkedAt)
  return differences
}

function toldOf(check: CheckRow, run: number, permanent: { before: number; after: number }, { verdict }: Differences): Told {
  const words = (language: 'zh' | 'en') => (verdict ? `${VERDICTS[verdict.before][language]} → ${VERDICTS[verdict.after][language]}` : '')
  const mu = (amount: number) => formatNumber(Math.round(amount * 100) / 100)
  const params = { number: checkNumber(check), applicant: check.applicant, verdict: words('zh'), verdictEn: words('en'), before: mu(permanent.before), after: mu(permanent.after) }
  return { kind: 'check-changed', key: `check/${check.id}/${run}`, to: [{ account: check.madeBy }], params: { ...params, ...(check.demo ? { demo: true } : {}) }, path: `/checks/${check.id}` }
}

/**
 * Closes a check, or opens it again: then it is run again when its turn comes.
 * @throws Problem not-found, version-conflict, state-conflict, check-unacknowledged
 */
export async function changeState(tx: Tx, actor: Actor, id: number, act: 'close' | 'reopen', { version, words }: { version: number; words: string }, at: string): Promise<void> {
  const now = await heldAt(tx, id, version)
  if (now.state !== CHECK_ACTS[act].from) throw new Problem('state-conflict', { state: CHECK_STATES[now.state].zh })
  if (!actsOn(now).includes(act)) throw new Problem('check-unacknowledged', { number: checkNumber(now) })
  const state = act === 'close' ? 'closed' : 'open'
  await putState(tx, id, state, words, at)
  await audit(tx, actor, { action: `check.${act}`, subject: `check/${id}`, before: { state: now.state }, after: { state, ...(words ? { words } : {}) } })
}

/**
 * Keeps that somebody has seen what the runs of a check found up to now, and which run's verdict stands from now on. What was decided before stays on
 * record; another decision is one more acknowledgement.
 * @param stands the number of the run: the newest, or one that has stood
 * @throws Problem not-found, version-conflict (somebody was quicker, or a further run has come), state-conflict (nothing has changed), reason-missing, request-invalid
 */
export async function acknowledge(tx: Tx, actor: Actor, id: number, { version, stands, words }: { version: number; stands: number; words: string }, at: string): Promise<void> {
  const now = await heldAt(tx, id, version)
  if (changeOf(now) === 'none') throw new Problem('state-conflict', { state: CHECK_CHANGES.none.zh })
  const before = await acknowledgementsOf(tx, id)
  if (!runsThatMayStand(now, before).includes(stands)) throw new Problem('request-invalid', { field: '/stands', why: `run ${stands} neither is the newest nor has it stood` }, '/stands')
  if (stands !== now.run && words === '') throw new Problem('reason-missing', { key: checkNumber(now) }, '/words')
  const { run, standingRun: stood, dataVersion } = now
  await insertAcknowledgement(tx, id, { no: (before[0]?.no ?? 0) + 1, at, by: actor.name, run, stood, stands, dataVersion, words })
  await putStanding(tx, id, { run, stands, at })
  await audit(tx, actor, {
    action: 'check.acknowledge',
    subject: `check/${id}`,
    before: { acknowledgedRun: now.acknowledgedRun, standingRun: stood, verdict: now.standingVerdict, permanentMu: now.standingMu },
    after: { acknowledgedRun: run, standingRun: stands, found: now.verdict, foundMu: now.permanentMu, dataVersion, ...(words ? { words } : {}) },
  })
}

/** @throws Problem not-found, version-conflict */
async function heldAt(tx: Tx, id: number, version: number): Promise<CheckRow> {
  const now = await holdCheck(tx, id)
  if (!now) throw new Problem('not-found', { what: `check/${id}` }, 'id')
  if (now.version !== version) throw new Problem('version-conflict', { current: now.version, given: version }, 'version')
  return now
}

/** @throws Problem sign-in-needed, not-allowed */
export function mustMake({ person }: Actor, { towns, departments }: { towns: readonly string[]; departments: readonly string[] }): void {
  mustAllow(person, 'check.make', { town: towns[0] ?? '', departments })
}

/** The newest run of checks whose parcels are the same as before holds up to a version too. */
export async function keepConfirmed(tx: Tx, actor: Actor, ids: readonly number[], dataVersion: number): Promise<void> {
  await confirmChecks(tx, ids, dataVersion)
  await audit(tx, actor, { action: 'check.confirm', subject: 'checks', before: null, after: { dataVersion, checks: [...ids] } })
}

/** @throws Problem not-found */
export async function existingCheck(sql: Queryable, id: number): Promise<CheckRow> {
  const check = await checkOf(sql, id)
  if (!check) throw new Problem('not-found', { what: `check/${id}` }, 'id')
  return check
}
