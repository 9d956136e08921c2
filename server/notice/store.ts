/**
 * Notices on the database: from the office's draft to the record that the public reads. Preview and publishing make the record with the same
 * function, and publishing is refused unless it comes out with the very hash that the office saw.
 */
import {
  faultsOfNotice,
  NOTICE_FAULTS,
  periodOf,
  rowDifferences,
  type FrozenNotice,
  type NoticeDraft,
  type NoticeFault,
  type NoticeRow,
  type RowDifference,
} from '../../geo/notice/notice.ts'
import type { Task } from '../../geo/plan/plan.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { audit } from '../audit/queries.ts'
import type { Queryable, Tx } from '../database/connect.ts'
import { freeze, type Frozen } from '../frozen/frozen.ts'
import { planById, tasksOf, type PlanRow } from '../plan/queries.ts'
import { Problem } from '../problems.ts'
import { actOnReports } from '../report/store.ts'
import type { Actor } from '../route.ts'
import { figuresOf, holdNotice, insertNoticeVersion, versionsOfNotice, writeNotice, type FigureRow, type NoticeRowStored } from './queries.ts'

/** A figure that can be chosen, as the office reads it. */
export type Choice = NoticeRow & { state: FigureRow['state']; approved: boolean; waits: boolean }

const UNITS = new Map([...QINGPU.towns, QINGPU].map((unit) => [unit.code, unit]))

/** Every figure of a month that has left its town, in the list's order. Words without a number are no figure. */
export async function choicesOf(sql: Queryable, plan: PlanRow, month: string): Promise<Choice[]> {
  const [tasks, figures] = await Promise.all([tasksOf(sql, plan.id), figuresOf(sql, plan.id, month)])
  const byKey = new Map(figures.map((figure) => [`${figure.measure}|${figure.town}`, figure]))
  return tasks.flatMap((task) => task.measures.flatMap((measure) => measure.quotas.flatMap(({ town }) => choiceOf(task, measure, town, byKey.get(`${measure.id}|${town}`)))))
}

function choiceOf(task: Task, measure: Task['measures'][number], town: string, figure: FigureRow | undefined): Choice[] {
  if (!figure) return []
  const quota = measure.quotas.find((candidate) => candidate.town === town)
  const unit = UNITS.get(town)
  const target = measure.kind === 'stage' ? 100 : (quota?.target ?? null)
  const { value } = figure
  return [
    {
      task: task.no,
      taskName: task.name,
      measure: measure.id,
      measureName: measure.name,
      unit: measure.unit,
      kind: measure.kind,
      direction: measure.direction,
      town,
      townName: unit?.name ?? town,
      townNameEn: unit?.nameEn ?? town,
      target,
      value: value ?? 0,
      share: value === null || !target || measure.direction === 'atMost' ? null : value / target,
      reportVersion: figure.approvedVersion ?? figure.version,
      demo: figure.demo,
      state: figure.state,
      approved: value !== null,
      waits: value !== null && figure.state !== 'approved' && figure.state !== 'published',
    },
  ]
}

export interface Preview extends Frozen {
  record: FrozenNotice
  faults: NoticeFault[]
  /** What it changes in the version that the public sees; empty for the first. */
  differences: RowDifference[]
}

/**
 * The page as the public would see it if it were published today.
 * @throws Problem not-found when the plan of the notice is gone
 */
export async function previewOf(sql: Queryable, notice: NoticeRowStored, reason: string, today: string): Promise<Preview> {
  const plan = notice.planId === null ? null : await planById(sql, notice.planId)
  if (!plan) throw new Problem('plan-unknown', { year: notice.year })
  const { draft } = notice
  const choices = new Map((await choicesOf(sql, plan, draft.month)).map((choice) => [`${choice.measure}|${choice.town}`, choice]))
  const chosen = new Set(draft.figures.map(({ measure, town }) => `${measure}|${town}`))
  const standings = draft.figures.map((figure) => {
    const choice = choices.get(`${figure.measure}|${figure.town}`)
    return { ...figure, approved: choice?.approved ?? false, waits: choice?.waits ?? false }
  })
  // In the list's order, whatever the order they were chosen in.
  const rows = [...choices].filter(([key, { approved }]) => chosen.has(key) && approved).map(([, { state: _s, approved: _a, waits: _w, ...row }]) => row)
  const last = notice.published === null ? null : (await versionsOfNotice(sql, notice.id)).at(-1)!
  const before = last ? (JSON.parse(last.content) as FrozenNotice) : null
  const record: FrozenNotice = {
    kind: 'xiangtu.notice',
    format: 1,
    notice: notice.id,
    version: (before?.version ?? 0) + 1,
    district: plan.district,
    planTitle: plan.title,
    year: plan.year,
    month: draft.month,
    title: draft.title.trim(),
    words: draft.words.trim(),
    contact: draft.contact.trim(),
    publishedOn: today,
    period: periodOf(today, draft.days),
    rows,
    corrects: before && { version: before.version, reason: reason.trim() },
    demo: rows.some(({ demo }) => demo),
  }
  return {
    ...freeze(record),
    record,
    faults: faultsOfNotice(draft, standings, before && { before, after: record, reason }),
    differences: before ? rowDifferences(before.rows, rows) : [],
  }
}

export interface PublishContext {
  actor: Actor
  now: string
  today: string
}

/**
 * Publishes a draft: a version of its own, for ever. The reports that it shows become published.
 * @throws Problem not-found, version-conflict, notice-refused, notice-changed
 */
export async function publishNotice(tx: Tx, context: PublishContext, id: number, given: { version: number; sha256: string; reason: string }): Promise<number> {
  const { actor, now, today } = context
  const notice = await mustBeHeld(tx, id, given.version)
  const preview = await previewOf(tx, notice, given.reason, today)
  const fault = preview.faults[0]
  if (fault) throw new Problem('notice-refused', { faults: preview.faults, why: NOTICE_FAULTS[fault].zh, whyEn: NOTICE_FAULTS[fault].en })
  if (preview.sha256 !== given.sha256) throw new Problem('notice-changed', { given: given.sha256, current: preview.sha256 }, '/sha256')
  const plan = (await planById(tx, notice.planId!))!
  const { record } = preview
  const shown = new Set(record.rows.map(({ measure, town }) => `${measure}|${town}`))
  // A figure may stand in several notices: it is published once.
  const fresh = (await figuresOf(tx, plan.id, record.month)).filter(({ measure, town, state }) => state === 'approved' && shown.has(`${measure}|${town}`))
  const changes = fresh.map(({ measure, town, version }) => ({ measure, town, month: record.month, version }))
  await actOnReports(tx, { plan, actor, now, today }, 'publish', changes)
  await insertNoticeVersion(tx, { notice: id, version: record.version, at: now, by: actor.name, sha256: preview.sha256, content: preview.content })
  await writeNotice(tx, id, { draft: notice.draft, published: record.version, at: now })
  await audit(tx, actor, {
    action: 'notice.publish',
    subject: `notice/${id}`,
    before: notice.published,
    after: { version: record.version, sha256: preview.sha256, rows: record.rows.length, period: record.period, corrects: record.corrects },
  })
  return record.version
}

/**
 * The office's working copy anew.
 * @throws Problem not-found, version-conflict
 */
export async function saveDraft(tx: Tx, context: PublishContext, id: number, given: { version: number; draft: NoticeDraft }): Promise<void> {
  const notice = await mustBeHeld(tx, id, given.version)
  await writeNotice(tx, id, { draft: given.draft, published: notice.published, at: context.now })
  await audit(tx, context.actor, { action: 'notice.draft', subject: `notice/${id}`, before: summaryOf(notice.draft), after: summaryOf(given.draft) })
}

/** What the trail keeps of a draft: the figures by number only, as publishing keeps them whole. */
export function summaryOf({ figures, ...draft }: NoticeDraft) {
  return { ...draft, figures: figures.length }
}

/** @throws Problem not-found, version-conflict */
export async function mustBeHeld(tx: Tx, id: number, version: number): Promise<NoticeRowStored> {
  const notice = await holdNotice(tx, id)
  if (!notice) throw new Problem('not-found', { what: `notice/${id}` }, 'id')
  if (notice.version !== version) throw new Problem('version-conflict', { current: notice.version, given: version }, '/version')
  return notice
}
