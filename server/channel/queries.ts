import type { ChannelKind } from '../../geo/message/message.ts'
import type { Queryable, Tx } from '../database/connect.ts'
import { seal, unseal } from './secrets.ts'

/** A way out of the house, secrets included: never for an answer. In the database address and secret are encrypted. */
export interface ChannelRow {
  id: number
  kind: ChannelKind
  name: string
  /** A webhook's URL, or a mail server's: `smtps://account:password@host:465`; '' where it is locked. */
  address: string
  secret: string | null
  /** Of mail: who it comes from. */
  sender: string | null
  enabled: boolean
  /** Address and secret were encrypted under another key: they must be entered again. */
  locked: boolean
  version: number
  createdAt: string
  downSince: string | null
  tries: number
  retryAt: string | null
  error: string | null
}

type Stored = Omit<ChannelRow, 'locked'> & { sealed: boolean }

/** All channels, opened with the key. */
export async function channels(sql: Queryable, key: string | null): Promise<ChannelRow[]> {
  const rows = await sql<Stored[]>`
    select id, kind, name, address, secret, sealed, sender, enabled, version, created_at, down_since, tries, retry_at, error from channel order by id`
  return rows.map(({ sealed, ...row }) => {
    if (!sealed) return { ...row, locked: false }
    const address = key === null ? null : unseal(key, 'address', row.address)
    const secret = key === null || row.secret === null ? null : unseal(key, 'secret', row.secret)
    const locked = address === null || (row.secret !== null && secret === null)
    return { ...row, address: locked ? '' : address, secret: locked ? null : secret, locked }
  })
}

export async function channelOf(sql: Queryable, key: string | null, id: number): Promise<ChannelRow | null> {
  return (await channels(sql, key)).find((channel) => channel.id === id) ?? null
}

/** The ways that are open, for whoever need not open them. */
export async function enabledChannels(sql: Queryable): Promise<Pick<ChannelRow, 'id' | 'kind'>[]> {
  return [...(await sql<Pick<ChannelRow, 'id' | 'kind'>[]>`select id, kind from channel where enabled order by id`)]
}

/** Channels of before there was encryption, held until the transaction ends. */
export async function holdUnsealed(tx: Tx): Promise<Pick<ChannelRow, 'id' | 'address' | 'secret'>[]> {
  return [...(await tx<Pick<ChannelRow, 'id' | 'address' | 'secret'>[]>`select id, address, secret from channel where not sealed order by id for update`)]
}

export async function writeSealed(tx: Tx, key: string, { id, address, secret }: Pick<ChannelRow, 'id' | 'address' | 'secret'>): Promise<void> {
  await tx`update channel set address = ${seal(key, 'address', address)}, secret = ${secret === null ? null : seal(key, 'secret', secret)}, sealed = true where id = ${id}`
}

export type ChannelFacts = Pick<ChannelRow, 'kind' | 'name' | 'address' | 'secret' | 'sender' | 'enabled'>

/** A new channel; a robot speaks of what comes from now on. */
export async function insertChannel(tx: Tx, key: string, facts: ChannelFacts, createdAt: string): Promise<number | null> {
  const [row] = await tx<{ id: number }[]>`
    insert into channel (kind, name, address, secret, sealed, sender, enabled, created_at, last_item)
    values (${facts.kind}, ${facts.name}, ${seal(key, 'address', facts.address)}, ${facts.secret === null ? null : seal(key, 'secret', facts.secret)}, true, ${facts.sender}, ${facts.enabled}, ${createdAt}, coalesce((select max(id) from inbox_item), 0))
    on conflict do nothing returning id`
  return row?.id ?? null
}

/** Changes a channel and lets it be tried at once. */
export async function updateChannel(tx: Tx, key: string, id: number, facts: ChannelFacts): Promise<void> {
  await writeSealed(tx, key, { id, address: facts.address, secret: facts.secret })
  await tx`
    update channel set name = ${facts.name}, sender = ${facts.sender}, enabled = ${facts.enabled},
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
