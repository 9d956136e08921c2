import type { ChannelKind } from '../../geo/message/message.ts'
import type { Queryable, Tx } from '../database/connect.ts'

/** A way out of the house, secrets included: never for an answer. */
export interface ChannelRow {
  id: number
  kind: ChannelKind
  name: string
  /** A webhook's URL, or a mail server's: `smtps://account:password@host:465`. */
  address: string
  secret: string | null
  /** Of mail: who it comes from. */
  sender: string | null
  enabled: boolean
  version: number
  createdAt: string
  downSince: string | null
  tries: number
  retryAt: string | null
  error: string | null
}

export async function channels(sql: Queryable): Promise<ChannelRow[]> {
  return [
    ...(await sql<ChannelRow[]>`
      select id, kind, name, address, secret, sender, enabled, version, created_at, down_since, tries, retry_at, error from channel order by id`),
  ]
}

export async function channelOf(sql: Queryable, id: number): Promise<ChannelRow | null> {
  return (await channels(sql)).find((channel) => channel.id === id) ?? null
}

export type ChannelFacts = Pick<ChannelRow, 'kind' | 'name' | 'address' | 'secret' | 'sender' | 'enabled'>

/** A new channel; a robot speaks of what comes from now on. */
export async function insertChannel(tx: Tx, facts: ChannelFacts, createdAt: string): Promise<number | null> {
  const [row] = await tx<{ id: number }[]>`
    insert into channel (kind, name, address, secret, sender, enabled, created_at, last_item)
    values (${facts.kind}, ${facts.name}, ${facts.address}, ${facts.secret}, ${facts.sender}, ${facts.enabled}, ${createdAt}, coalesce((select max(id) from inbox_item), 0))
    on conflict do nothing returning id`
  return row?.id ?? null
}

/** Changes a channel and lets it be tried at once. */
export async function updateChannel(tx: Tx, id: number, facts: ChannelFacts): Promise<void> {
  await tx`
    update channel set name = ${facts.name}, address = ${facts.address}, secret = ${facts.secret}, sender = ${facts.sender}, enabled = ${facts.enabled},
                       version = version + 1, down_since = null, tries = 0, retry_at = null, error = null
    where id = ${id}`
}

export async function channelAnswers(tx: Tx, id: number): Promise<void> {
  await tx`update channel set down_since = null, tries = 0, retry_at = null, error = null where id = ${id} and down_since is not null`
}

/** A channel does not answer: it rests, the longer the more often that happened. */
export async function channelRests(tx: Tx, id: number, rest: { now: string; error: string; until(tries: number): string }): Promise<void> {
  const [row] = await tx<{ tries: number }[]>`
    update channel set down_since = coalesce(down_since, ${rest.now}), tries = tries + 1, error = ${rest.error} where id = ${id} returning tries`
  if (row) await tx`update channel set retry_at = ${rest.until(row.tries)} where id = ${id}`
}
