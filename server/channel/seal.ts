/** Encrypts what channels kept in the clear before there was encryption; at each start, and nothing is left to do after the first. */
import { audit, bySystem } from '../audit/queries.ts'
import type { Sql } from '../database/connect.ts'
import { holdUnsealed, writeSealed } from './queries.ts'

/** Several processes may start at once: the rows are held, and whoever comes second finds none. @returns how many channels were sealed */
export async function sealChannels(sql: Sql, key: string): Promise<number> {
  return sql.begin(async (tx) => {
    const plain = await holdUnsealed(tx)
    for (const channel of plain) await writeSealed(tx, key, channel)
    if (plain.length) await audit(tx, bySystem('first start'), { action: 'channel.seal', subject: 'channels', before: null, after: { channels: plain.map(({ id }) => id) } })
    return plain.length
  })
}
