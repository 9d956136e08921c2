import { audit, bySystem } from '../audit/queries.ts'
import type { Sql } from '../database/connect.ts'
import { forgottenDrafts, updateStatus } from './queries.ts'

/** A draft that nobody touched for so many days is put away; it stays on record. */
const FORGOTTEN_DAYS = 90

/** Discards forgotten drafts, each with its line in the audit trail. Gives the ids. */
export async function discardForgottenDrafts(sql: Sql): Promise<number[]> {
  return sql.begin(async (tx) => {
    const drafts = await forgottenDrafts(tx, FORGOTTEN_DAYS)
    for (const { id } of drafts) {
      await updateStatus(tx, id, 'discarded')
      await audit(tx, bySystem('schedule'), { action: 'task-list.discard', subject: `task-list/${id}`, before: 'draft', after: 'discarded' })
    }
    return drafts.map(({ id }) => id)
  })
}
