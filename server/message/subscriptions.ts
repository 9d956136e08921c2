/** What people asked to be sent: each for themselves. */
import type { Topic } from '../../geo/message/subscription.ts'
import type { Queryable, Tx } from '../database/connect.ts'

export async function topicsOf(sql: Queryable, account: string): Promise<Topic[]> {
  return (await sql<{ topic: Topic }[]>`select topic from subscription where account = ${account} order by topic`).map(({ topic }) => topic)
}

/** @returns whether that is new */
export async function subscribe(tx: Tx, account: string, topic: Topic, at: string): Promise<boolean> {
  return (await tx`insert into subscription (account, topic, at) select name, ${topic}, ${at}::timestamptz from account where name = ${account} on conflict do nothing returning topic`).length > 0
}

/** @returns whether there was something to end */
export async function unsubscribe(tx: Tx, account: string, topic: Topic): Promise<boolean> {
  return (await tx`delete from subscription where account = ${account} and topic = ${topic} returning topic`).length > 0
}
