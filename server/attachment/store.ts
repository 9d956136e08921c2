/** Attaching and taking away, as long as the cell itself may be changed by whoever asks. Part of the caller's transaction. */
import { createHash } from 'node:crypto'
import { MOST_ATTACHMENTS } from '../../geo/attachment/attachment.ts'
import { FLOW_REFUSALS, refusalOfAct } from '../../geo/report/flow.ts'
import { REFUSALS } from '../../geo/right/right.ts'
import { submissionOf, dueIn } from '../../geo/submission/submission.ts'
import { audit } from '../audit/queries.ts'
import type { Tx } from '../database/connect.ts'
import { tasksOf } from '../plan/queries.ts'
import { Problem } from '../problems.ts'
import { monthsOfPlan, reportsForUpdate } from '../report/queries.ts'
import { flowOf, notAllowed, placeOf, type ActContext } from '../report/store.ts'
import { submissionForUpdate } from '../submission/queries.ts'
import { countAttachments, insertAttachment, markRemoved, type AttachmentRow } from './queries.ts'
import type { ReadAttachment } from './read.ts'

export interface CellAddress {
  town: string
  month: string
  /** A measure (`14.1`) or a submission (`17/finding`). */
  subject: string
}

/** @throws Problem not-found, not-allowed, report-refused, attachments-too-many */
export async function attach(tx: Tx, context: ActContext, cell: CellAddress, file: ReadAttachment): Promise<AttachmentRow> {
  const task = await mustBeChangeable(tx, context, cell)
  if ((await countAttachments(tx, context.plan.id, cell)) >= MOST_ATTACHMENTS) throw new Problem('attachments-too-many', { limit: MOST_ATTACHMENTS }, 'file')
  const { name, type, bytes, takenAt, place } = file
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const row = await insertAttachment(tx, context.plan.id, {
    ...cell,
    task,
    name,
    type,
    bytes,
    sha256,
    takenAt,
    place,
    addedBy: context.actor.name,
    addedAt: context.now,
    demo: context.actor.demo,
  })
  await audit(tx, context.actor, {
    action: 'attachment.add',
    subject: `attachment/${row.id}`,
    before: null,
    after: { cell: `${cell.month}/${cell.town}/${cell.subject}`, name, type, size: bytes.length, sha256, takenAt, place },
  })
  return row
}

/** Takes an attachment out of sight; what was there stays on record. @throws Problem not-allowed, report-refused */
export async function takeAway(tx: Tx, context: ActContext, row: AttachmentRow): Promise<void> {
  await mustBeChangeable(tx, context, row)
  await markRemoved(tx, row.id, context.actor.name, context.now)
  await audit(tx, context.actor, {
    action: 'attachment.remove',
    subject: `attachment/${row.id}`,
    before: { cell: `${row.month}/${row.town}/${row.subject}`, name: row.name, type: row.type, size: row.size },
    after: null,
  })
}

/**
 * A cell takes attachments while it can be saved, and before a correction.
 * @returns the number of its task
 */
async function mustBeChangeable(tx: Tx, { plan, actor, today }: ActContext, cell: CellAddress): Promise<number> {
  const key = `${cell.month}/${cell.town}/${cell.subject}`
  const submission = submissionOf(cell.subject)
  const [months, tasks] = [await monthsOfPlan(tx, plan.id), await tasksOf(tx, plan.id)]
  const month = months.find(({ id }) => id === cell.month)
  const task = tasks.find((one) => (submission ? one.no === submission.task : one.measures.some(({ id }) => id === cell.subject)))
  const asked = submission
    ? task && dueIn(task, cell.month).some(({ kind, item, town }) => kind === submission.kind && item === submission.item && town === cell.town)
    : task?.measures.some(({ id, quotas }) => id === cell.subject && quotas.some(({ town }) => town === cell.town))
  const row = submission
    ? await submissionForUpdate(tx, plan.id, { ...submission, town: cell.town, month: cell.month })
    : (await reportsForUpdate(tx, plan.id, [{ measure: cell.subject, town: cell.town, month: cell.month }]))[0]
  if (!month || !task || (!asked && !row)) throw new Problem('not-found', { what: key }, 'subject')
  const flow = flowOf(row ?? null)
  const place = placeOf(plan, task, cell, month, today)
  const refusal = refusalOfAct('save', flow, place, actor.person)
  if (refusal === null || refusalOfAct('correct', flow, place, actor.person) === null) return task.no
  if (refusal in REFUSALS) throw notAllowed('save', refusal as keyof typeof REFUSALS, '')
  const words = FLOW_REFUSALS[refusal as keyof typeof FLOW_REFUSALS]
  throw new Problem('report-refused', { key, act: 'save', refusal, state: flow.state, what: '附文件', whatEn: 'attach to', why: words.zh, whyEn: words.en })
}
