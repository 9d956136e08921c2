import type { Told } from '../../geo/message/message.ts'
import type { Tx } from '../database/connect.ts'
import { insertItems } from './queries.ts'

/**
 * Tells people something: writes it into their inboxes, in the transaction of what it tells of, so that neither is there without the other.
 * Messages out of the house are made from inboxes later (digest.ts).
 * @param now ISO instant
 * @returns the accounts that were told something new
 */
export async function tell(tx: Tx, told: readonly Told[], now: string): Promise<string[]> {
  return [...new Set((await insertItems(tx, told, now)).map(({ account }) => account))]
}
