/** What is done to findings: load, decide (geo/finding), write the finding, its version and the audit entry, tell whom it concerns; all in the caller's transaction. */
import { createHash } from 'node:crypto'
import { ATTACHMENT_TYPES } from '../../geo/attachment/attachment.ts'
import {
  actionOf,
  codeUseOf,
  dueDayOf,
  findingStateAfter,
  FINDING_ACTS,
  FINDING_REFUSALS,
  FINDING_STATES,
  hasLedger,
  MOST_PHOTOS,
  refusalOfFinding,
  type FindingAct,
  type FindingStep,
  type LaterAct,
  type PhotoStage,
} from '../../geo/finding/finding.ts'
import { LEDGER_PROBLEMS, type LedgerProblem } from '../../geo/finding/import.ts'
import { BORDER_METRES, townOfPlace } from '../../geo/finding/place.ts'
import type { MessageParams, Recipient, Told } from '../../geo/message/message.ts'
import type { Task } from '../../geo/plan/plan.ts'
import { slackOf } from '../../geo/road/chainage.ts'
import { placeAt } from '../../geo/shape/along.ts'
import { ACTIONS, REFUSALS, refusalOf } from '../../geo/right/right.ts'
import { departmentsOf, townsOf, type Person } from '../../geo/right/role.ts'
import { unitNames } from '../../geo/town/names.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import type { ReadAttachment } from '../attachment/read.ts'
import { audit, auditAll } from '../audit/queries.ts'
import { calendar } from '../calendar/queries.ts'
import type { Queryable, Tx } from '../database/connect.ts'
import { takeTurn } from '../database/turns.ts'
import { tell } from '../message/tell.ts'
import { tasksOf, type PlanRow } from '../plan/queries.ts'
import { Problem } from '../problems.ts'
import { roadLine } from '../road/queries.ts'
import type { Actor } from '../route.ts'
import {
  boundedTowns,
  findingsOf,
  holdFinding,
  insertFindings,
  insertFindingVersions,
  insertPhoto,
  knownRefs,
  markPhotoRemoved,
  photosOfFinding,
  townsNear,
  updateFinding,
  type FindingRow,
  type NewFinding,
  type NewVersion,
  type PhotoRow,
  type RoadPlace,
  type Sight,
} from './queries.ts'

export interface FindingContext {
  plan: PlanRow
  actor: Actor
  /** ISO instant and China's day, by the server's clock. */
  now: string
  today: string
}

/** How far a person's sight reaches. */
export function sightOf(person: Person | null): Sight {
  const everywhere = refusalOf(person, 'finding.read', { town: '*', departments: [] }) === null
  return { everywhere, towns: person ? townsOf(person) : [], departments: person ? departmentsOf(person) : [] }
}

const EVERYWHERE: Sight = { everywhere: true, towns: [], departments: [] }

/** One finding; behind the wall only those that the person may see. */
export async function findingOf(sql: Queryable, planId: number, id: number): Promise<FindingRow | null> {
  return (await findingsOf(sql, planId, EVERYWHERE, { id }, { order: 'no', limit: 1, offset: 0 }))[0] ?? null
}

/** What a person says of a finding. */
export interface FindingContent {
  task: number
  /** Null: by its place. */
  town: string | null
  title: string
  words: string
  address: string
  source: FindingRow['source']
  code: FindingRow['code']
  place: [number, number]
  foundOn: string
  /** Null: by its code. */
  dueOn: string | null
  ref: string | null
  /** The road that it hangs on: then the place follows from it. */
  road: RoadPlace | null
}

/**
 * Hangs a finding.
 * @throws Problem not-found (no such task), not-allowed, finding-invalid
 */
export async function hangFinding(tx: Tx, context: FindingContext, content: FindingContent): Promise<FindingRow> {
  const task = (await tasksOf(tx, context.plan.id)).find(({ no }) => no === content.task)
  if (!task) throw new Problem('not-found', { what: `task/${context.plan.year}/${content.task}` }, 'task')
  // The right comes first where the town is known: nobody learns of another's ledger what would be wrong there.
  if (content.town !== null) mustBeAllowedTo('hang', { town: content.town, departments: task.leads, state: 'hung' }, context.actor.person)
  const finding = await soundFinding(tx, context, task, { ...content, ...(await onRoad(tx, content.road)) })
  mustBeAllowedTo('hang', { town: finding.town, departments: task.leads, state: 'hung' }, context.actor.person)
  // From here on nobody else hangs anything: neither a number nor a reference is given twice.
  await takeTurn(tx, 'findings')
  if (finding.ref !== null && (await knownRefs(tx, context.plan.id, [{ task: task.no, ref: finding.ref }])).size) throw invalid('ref-known', 'ref')
  const [id] = await store(tx, context, [finding])
  const row = (await findingOf(tx, context.plan.id, id!))!
  await tell(tx, toldOf(context, row, 'hang', ''), context.now)
  return row
}

/** Hangs many at once: rows that are known to be sound. @returns their ids */
export async function hangFindings(tx: Tx, context: FindingContext, findings: readonly NewFinding[], file: string): Promise<number[]> {
  const ids = await store(tx, context, findings)
  await audit(tx, context.actor, { action: 'finding.import', subject: `findings/${context.plan.year}`, before: null, after: { file: file.slice(0, 200), findings: ids.length } })
  const tasks = await tasksOf(tx, context.plan.id)
  const groups = Map.groupBy(findings, ({ task, town }) => `${task}|${town}`)
  await tell(
    tx,
    [...groups.values()].map((its): Told => {
      const { task, town } = its[0]!
      const name = unitNames(town)
      const params = { unit: name.zh, unitEn: name.en, task, act: '批量挂账', actEn: 'hung from a file', title: `${its.length}`, ...(context.actor.demo ? { demo: true } : {}) }
      return { kind: 'finding-changed', key: `finding-import/${ids[0]}/${task}/${town}`, to: others(context, town, tasks.find(({ no }) => no === task)!.leads, 'town'), params, path: `/findings?task=${task}&town=${town}` }
    }),
    context.now,
  )
  return ids
}

async function store(tx: Tx, context: FindingContext, findings: readonly NewFinding[]): Promise<number[]> {
  const { actor, now, plan } = context
  await takeTurn(tx, 'findings')
  const start = { state: 'hung', stepWords: '', fixedOn: null, struckOn: null, checkedOn: null, version: 1 } as const
  const ids = await insertFindings(tx, plan.id, findings.map((finding) => ({ ...finding, ...start })), { by: actor.name, at: now, demo: actor.demo })
  await insertFindingVersions(
    tx,
    findings.map(({ foundOn, dueOn, code, words }, i) => ({ findingId: ids[i]!, version: 1, at: now, by: actor.name, act: 'hang', state: 'hung', words, foundOn, dueOn, fixedOn: null, struckOn: null, code, changed: null })),
  )
  await auditAll(tx, actor, findings.map((finding, i) => ({ action: 'finding.hang', subject: `finding/${ids[i]}`, before: null, after: finding })))
  return ids
}

/** The content as it can be stored: with its town by its place, and its due day. @throws Problem finding-invalid */
async function soundFinding(tx: Tx, { plan, today }: FindingContext, task: Task, content: FindingContent): Promise<NewFinding> {
  if (!hasLedger(task)) throw invalid('task-without-ledger', 'task')
  if (content.title.trim() === '') throw invalid('title-missing', 'title')
  if (content.foundOn > today) throw invalid('day-in-future', 'foundOn')
  if (content.foundOn < plan.startsOn) throw invalid('day-before-plan', 'foundOn')
  const use = codeUseOf(task)
  if (use === 'asked' && content.code === null) throw invalid('code-missing', 'code')
  if (use === 'none' && content.code !== null) throw invalid('code-needless', 'code')
  if (content.town !== null && !QINGPU.towns.some(({ code }) => code === content.town)) throw invalid('town-unknown', 'town')
  const [placed] = await placedOf(tx, [{ place: content.place, town: content.town }])
  if ('problem' in placed!) throw invalid(placed.problem, placed.problem === 'outside' ? 'place' : 'town', placed.towns)
  const dueOn = content.dueOn ?? dueDayOf(content.foundOn, content.code, await calendar(tx))
  if (dueOn < content.foundOn) throw invalid('due-before-found', 'dueOn')
  const { title, words, address, source, code, place, foundOn, ref, road } = content
  return { task: task.no, town: placed!.town, atBorder: placed!.border, title: title.trim(), words: words.trim(), address: address.trim(), source, code, place, foundOn, dueOn, ref, road: road && { feature: road.feature, chainage: road.chainage } }
}

/** The place on a road, if one is named. @throws Problem finding-invalid */
async function onRoad(tx: Tx, road: RoadPlace | null | undefined): Promise<{ place?: [number, number] }> {
  if (!road) return {}
  const found = await roadLine(tx, road.feature)
  if (!found) throw invalid('road-unknown', 'road/feature')
  if (road.chainage > found.length + slackOf(found.length)) throw invalid('chainage-past-end', 'road/chainage')
  const [lon, lat] = placeAt(found.line, road.chainage).map((degrees) => Math.round(degrees * 1e8) / 1e8)
  return { place: [lon!, lat!] }
}

/** Whose each place is, by the boundaries in use. */
export async function placedOf(sql: Queryable, places: readonly { place: [number, number]; town: string | null }[]) {
  const bounded = await boundedTowns(sql, QINGPU.code)
  if (!bounded) return places.map(() => ({ problem: 'outside' as const, towns: [] as string[] }))
  const near = await townsNear(sql, QINGPU.code, places.map(({ place }) => place), BORDER_METRES[bounded.kind])
  return places.map(({ town }, i) => townOfPlace(near[i]!, town, bounded.towns))
}

/**
 * Corrects a finding; what is not given stays. Moved to another place, it may become another town's, if the person may write there too.
 * @throws Problem not-found, not-allowed, version-conflict, finding-refused, finding-invalid
 */
export async function editFinding(tx: Tx, context: FindingContext, id: number, version: number, change: Partial<Omit<FindingContent, 'task' | 'ref'>>): Promise<FindingRow> {
  const { before, task } = await held(tx, context, id, 'edit', version)
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<FindingContent>
  const town = 'town' in given ? given.town! : given.place || given.road ? null : before.town
  // Moved without a road, it hangs on none any more.
  const road = 'road' in given ? given.road! : given.place ? null : before.road
  const content: FindingContent = { ...before, dueOn: before.dueOn, ...given, ...(await onRoad(tx, given.road)), road, town, task: before.task, ref: before.ref }
  const sound = await soundFinding(tx, context, task, content)
  mustBeAllowedTo('edit', { town: sound.town, departments: task.leads, state: before.state }, context.actor.person)
  const FIELDS = ['town', 'title', 'words', 'address', 'source', 'code', 'place', 'foundOn', 'dueOn'] as const
  const placeOf = (one: RoadPlace | null | undefined) => one && { feature: one.feature, chainage: one.chainage }
  const moved = JSON.stringify(placeOf(before.road) ?? null) === JSON.stringify(sound.road ?? null) ? {} : { road: [placeOf(before.road), sound.road] as [unknown, unknown] }
  const others = FIELDS.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(sound[field])).map((field) => [field, [before[field], sound[field]] as [unknown, unknown]])
  const changed: Record<string, [unknown, unknown]> = { ...Object.fromEntries(others), ...moved }
  if (Object.keys(changed).length === 0) return before
  return write(tx, context, before, 'edit', { ...before, ...sound, road: sound.road ? { ...sound.road, name: before.road?.name ?? null } : null }, '', changed)
}

export interface FindingStepGiven {
  /** The version that the person has before their eyes. */
  version: number
  words: string
  /** A new due day: where it is sent back. */
  dueOn?: string | undefined
  /** Another safety code, as it is now. */
  code?: FindingRow['code'] | undefined
}

/**
 * Leads a finding on: put right, struck off, checked, sent back or cancelled.
 * @throws Problem not-found, not-allowed, version-conflict, finding-refused, reason-missing, finding-photo-missing, finding-invalid
 */
export async function stepFinding(tx: Tx, context: FindingContext, id: number, step: FindingStep, given: FindingStepGiven): Promise<FindingRow> {
  const { before, task } = await held(tx, context, id, step, given.version)
  const words = given.words.trim()
  if (words === '' && FINDING_ACTS[step].words) throw new Problem('reason-missing', { key: `问题 ${before.no}` }, 'words')
  if (step === 'fix' && !(await photosOfFinding(tx, id)).some(({ stage, type }) => stage === 'fixed' && ATTACHMENT_TYPES[type].photo)) throw new Problem('finding-photo-missing', { no: before.no }, 'photos')
  if (given.code != null && codeUseOf(task) === 'none') throw invalid('code-needless', 'code')
  const dueOn = step === 'return' ? (given.dueOn ?? before.dueOn) : before.dueOn
  if (step === 'return' && given.dueOn !== undefined && given.dueOn < context.today) throw new Problem('request-invalid', { field: 'dueOn', why: '期限已过 / the due day has passed' }, 'dueOn')
  const { today } = context
  const back = step === 'return'
  const after: FindingRow = {
    ...before,
    state: findingStateAfter(step),
    stepWords: words,
    dueOn,
    code: given.code ?? before.code,
    fixedOn: step === 'fix' ? today : back ? null : before.fixedOn,
    struckOn: step === 'strike' ? today : back ? null : before.struckOn,
    checkedOn: step === 'check' ? today : null,
  }
  const changed = after.code === before.code ? null : { code: [before.code, after.code] as [unknown, unknown] }
  const row = await write(tx, context, before, step, after, words, changed)
  await tell(tx, toldOf(context, row, step, words), context.now)
  return row
}

/** Holds a finding that the act is possible on. */
async function held(tx: Tx, { plan, actor }: FindingContext, id: number, act: LaterAct, version: number): Promise<{ before: FindingRow; task: Task }> {
  await holdFinding(tx, plan.id, id)
  const before = await findingOf(tx, plan.id, id)
  if (!before) throw new Problem('not-found', { what: `finding/${plan.year}/${id}` }, 'id')
  const refusal = refusalOfFinding(act, before, actor.person)
  if (refusal && refusal in REFUSALS) throw notAllowed(act, before.state, refusal as keyof typeof REFUSALS)
  if (before.version !== version) throw new Problem('version-conflict', { current: before.version, given: version }, 'version')
  if (refusal) {
    const { zh: what, en: whatEn } = FINDING_ACTS[act]
    const { zh: why, en: whyEn } = FINDING_REFUSALS[refusal as keyof typeof FINDING_REFUSALS]
    throw new Problem('finding-refused', { no: before.no, what, whatEn, state: FINDING_STATES[before.state].zh, stateEn: FINDING_STATES[before.state].en, why, whyEn })
  }
  return { before, task: (await tasksOf(tx, plan.id)).find(({ no }) => no === before.task)! }
}

async function write(tx: Tx, context: FindingContext, before: FindingRow, act: LaterAct, after: FindingRow, words: string, changed: NewVersion['changed']): Promise<FindingRow> {
  const { actor, now, plan } = context
  const version = before.version + 1
  await updateFinding(tx, before.id, { ...after, version, changedAt: now })
  const { state, foundOn, dueOn, fixedOn, struckOn, code } = after
  await insertFindingVersions(tx, [{ findingId: before.id, version, at: now, by: actor.name, act, state, words, foundOn, dueOn, fixedOn, struckOn, code, changed }])
  await audit(tx, actor, {
    action: `finding.${act}`,
    subject: `finding/${before.id}`,
    before: { version: before.version, state: before.state, ...Object.fromEntries(Object.entries(changed ?? {}).map(([field, [old]]) => [field, old])) },
    after: { version, state, ...(words ? { words } : {}), ...Object.fromEntries(Object.entries(changed ?? {}).map(([field, [, now]]) => [field, now])) },
  })
  return (await findingOf(tx, plan.id, before.id))!
}

/** Attaches a photo or file: of what was found by whoever may write it, of what was put right by whoever may report that. */
export async function addPhoto(tx: Tx, context: FindingContext, id: number, stage: PhotoStage, file: ReadAttachment): Promise<PhotoRow> {
  const finding = await mustTakePhotos(tx, context, id, stage)
  if ((await photosOfFinding(tx, id)).length >= MOST_PHOTOS) throw new Problem('photos-too-many', { limit: MOST_PHOTOS }, 'file')
  const { name, type, bytes, takenAt, place } = file
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const photo = await insertPhoto(tx, { findingId: id, stage, name, type, bytes, sha256, takenAt, place, addedBy: context.actor.name, addedAt: context.now, demo: context.actor.demo })
  await audit(tx, context.actor, { action: 'finding.photo.add', subject: `finding/${finding.id}`, before: null, after: { photo: photo.id, stage, name, type, size: bytes.length, sha256, takenAt, place } })
  return photo
}

/** Takes a photo out of sight; what was there stays on record. */
export async function removePhoto(tx: Tx, context: FindingContext, photo: PhotoRow): Promise<void> {
  await mustTakePhotos(tx, context, photo.findingId, photo.stage)
  await markPhotoRemoved(tx, photo.id, context.actor.name, context.now)
  await audit(tx, context.actor, { action: 'finding.photo.remove', subject: `finding/${photo.findingId}`, before: { photo: photo.id, stage: photo.stage, name: photo.name }, after: null })
}

/** Photos may come and go while a finding is hung. */
export async function mustTakePhotos(sql: Queryable, { plan, actor }: Pick<FindingContext, 'plan' | 'actor'>, id: number, stage: PhotoStage): Promise<FindingRow> {
  const finding = await findingOf(sql, plan.id, id)
  if (!finding) throw new Problem('not-found', { what: `finding/${plan.year}/${id}` }, 'id')
  mustBeAllowedTo(stage === 'found' ? 'edit' : 'fix', finding, actor.person)
  if (finding.state !== 'hung') {
    const { zh: why, en: whyEn } = FINDING_REFUSALS.state
    throw new Problem('finding-refused', { no: finding.no, what: '改动照片', whatEn: 'change photos', state: FINDING_STATES[finding.state].zh, stateEn: FINDING_STATES[finding.state].en, why, whyEn })
  }
  return finding
}

/** Who hears of what was done: the town of what was hung on it or sent back, the departments of what was put right, the office of what was struck off. */
function toldOf(context: FindingContext, finding: FindingRow, act: FindingAct, words: string): Told[] {
  const whom = { hang: 'town', return: 'town', cancel: 'town', fix: 'departments', strike: 'office', check: null, edit: null } as const satisfies Record<FindingAct, 'town' | 'departments' | 'office' | null>
  const to = whom[act] && others(context, finding.town, finding.departments, whom[act])
  if (!to?.length) return []
  const name = unitNames(finding.town)
  const { zh, en } = FINDING_ACTS[act]
  const params: MessageParams = { unit: name.zh, unitEn: name.en, task: finding.task, act: zh, actEn: en, title: finding.title, ...(words ? { words } : {}), ...(finding.demo ? { demo: true } : {}) }
  return [{ kind: 'finding-changed', key: `finding/${finding.id}/${finding.version}`, to, params, path: `/findings/${finding.id}` }]
}

/** Those concerned, but for whoever did it: nobody is told what they did themselves. */
function others({ actor }: FindingContext, town: string, departments: readonly string[], whom: 'town' | 'departments' | 'office'): Recipient[] {
  const person = actor.person
  if (whom === 'town') return person && townsOf(person).includes(town) ? [] : [{ role: 'reporter', scope: town }]
  if (whom === 'office') return person?.grants.some(({ role }) => role === 'office') ? [] : [{ role: 'office' }]
  return departments.filter((scope) => !person || !departmentsOf(person).includes(scope)).map((scope) => ({ role: 'department', scope }))
}

function mustBeAllowedTo(act: FindingAct, finding: { town: string; departments: readonly string[]; state: FindingRow['state'] }, person: Person | null): void {
  const refusal = refusalOf(person, actionOf(act, finding.state), { town: finding.town, departments: finding.departments })
  if (refusal) throw notAllowed(act, finding.state, refusal)
}

function notAllowed(act: FindingAct, state: FindingRow['state'], refusal: keyof typeof REFUSALS): Problem {
  if (refusal === 'signed-out') return new Problem('sign-in-needed')
  const action = actionOf(act, state)
  const { zh: what, en: whatEn } = ACTIONS[action]
  const { zh: why, en: whyEn } = REFUSALS[refusal]
  return new Problem('not-allowed', { action, refusal, what, whatEn, why, whyEn })
}

function invalid(problem: LedgerProblem, field: string, towns: readonly string[] = []): Problem {
  const { zh, en } = LEDGER_PROBLEMS[problem]
  const more = towns.map((code) => unitNames(code))
  return new Problem('finding-invalid', { problem, why: more.length ? `${zh}：${more.map((name) => name.zh).join('、')}` : zh, whyEn: more.length ? `${en}: ${more.map((name) => name.en).join(', ')}` : en, towns }, field)
}
