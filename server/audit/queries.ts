import type { Tx } from '../database/connect.ts'
import type { Actor } from '../route.ts'

export interface AuditEntry {
  /** Noun and verb: `plan.store`, `town.boundaries.replace`. */
  action: string
  /** The record concerned, e.g. `plan/2023`. */
  subject: string
  before: unknown
  after: unknown
}

/** Writes one line of the append-only audit trail, in the transaction of the write that it speaks of. */
export async function audit(tx: Tx, actor: Actor, entry: AuditEntry): Promise<void> {
  await tx`
    insert into audit (actor, origin, action, subject, before, after)
    values (${actor.name}, ${actor.origin}, ${entry.action}, ${entry.subject},
            ${tx.json(entry.before as never)}, ${tx.json(entry.after as never)})`
}
