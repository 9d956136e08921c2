import type { ChannelKind, MessageKind, MessageParams, MessageState, Told } from '../../geo/message/message.ts'
import type { Topic } from '../../geo/message/subscription.ts'
import type { Queryable, Tx } from '../database/connect.ts'

/** Writes entries into the inboxes of all who are meant; whoever has an entry of the same key is not told again. Gives the accounts told. */
export async function insertItems(tx: Tx, told: readonly Told[], at: string): Promise<{ id: number; account: string; key: string }[]> {
  const rows = told.flatMap(({ to, ...item }) => to.map((recipient) => ({ ...item, ...recipient })))
  if (rows.length === 0) return []
  const written = await tx<{ id: string; account: string; key: string }[]>`
    insert into inbox_item (account, kind, key, params, path, at)
    select distinct on (a.name, t.key) a.name, t.kind, t.key, t.params, t.path, ${at}::timestamptz
    from jsonb_to_recordset(${tx.json(rows as never)}) as t (kind text, key text, params jsonb, path text, role text, scope text, account text)
    join account a on a.disabled_at is null
      and (a.name = t.account or exists (select 1 from account_role r where r.account = a.name and r.role = t.role and r.scope = coalesce(t.scope, '')))
    order by a.name, t.key
    on conflict (account, key) do nothing returning id, account, key`
  return written.map((row) => ({ ...row, id: Number(row.id) }))
}

export interface InboxItem {
  id: number
  kind: MessageKind
  params: MessageParams
  path: string
  at: string
  readAt: string | null
}

/** An inbox, the newest on top. */
export async function inboxOf(sql: Queryable, account: string, before: number | null, limit: number): Promise<InboxItem[]> {
  const rows = await sql<(Omit<InboxItem, 'id'> & { id: string })[]>`
    select id, kind, params, path, at, read_at from inbox_item
    where account = ${account} and (${before}::bigint is null or id < ${before}) order by id desc limit ${limit}`
  return rows.map((row) => ({ ...row, id: Number(row.id) }))
}

/** How much is unread in each of these inboxes, and the newest entry of each: what a live stream watches. */
export async function inboxStates(sql: Queryable, accounts: readonly string[]): Promise<Map<string, { unread: number; newest: number }>> {
  const rows = await sql<{ account: string; unread: number; newest: string }[]>`
    select a as account, (select count(*)::int from inbox_item i where i.account = a and i.read_at is null) as unread,
           coalesce((select max(id) from inbox_item i where i.account = a), 0) as newest
    from unnest(${[...accounts]}::text[]) as a`
  return new Map(rows.map(({ account, unread, newest }) => [account, { unread, newest: Number(newest) }]))
}

/** Marks entries of one's own inbox as read (null: all); gives how many were not before. */
export async function markRead(tx: Tx, account: string, ids: readonly number[] | null, at: string): Promise<number> {
  const rows = await tx`
    update inbox_item set read_at = ${at} where account = ${account} and read_at is null and (${ids === null} or id = any (${[...(ids ?? [])]}::bigint[])) returning id`
  return rows.length
}

export interface Receipt {
  kind: MessageKind
  key: string
  params: MessageParams
  path: string
  at: string
  told: { account: string; person: string; readAt: string | null; message: MessageState | null }[]
}

/** What was told to whom since a day, and who has read it, the newest on top. */
export async function receipts(sql: Queryable, since: string, limit: number): Promise<Receipt[]> {
  const rows = await sql<Receipt[]>`
    select (array_agg(i.kind))[1] as kind, i.key, (array_agg(i.params))[1] as params, (array_agg(i.path))[1] as path, min(i.at) as at,
           json_agg(json_build_object('account', i.account, 'person', a.person, 'readAt', to_char(i.read_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'message', m.state)
                    order by i.account) as told
    from inbox_item i join account a on a.name = i.account left join message m on m.id = i.message_id
    where (i.at at time zone 'Asia/Shanghai')::date >= ${since}::date
    group by i.key order by min(i.id) desc limit ${limit}`
  return [...rows]
}

/** Entries older than this are not sent out any more: who gets an address today is not told of last month. */
const FRESH = "interval '7 days'"

/**
 * Makes the day's messages to people with an address: one each, of all that is new and unread. What is new while a message still waits joins it.
 * The caller has the turn `messages`.
 */
export async function makeMails(tx: Tx, channelId: number, today: string, now: string): Promise<number> {
  const fresh = tx.unsafe(FRESH)
  const rows = await tx`
    with due as (
      select i.account, a.email from inbox_item i join account a on a.name = i.account
      where i.message_id is null and i.read_at is null and i.at > ${now}::timestamptz - ${fresh} and a.email is not null and a.disabled_at is null
      group by i.account, a.email),
    open as (select id, account from message where state = 'waiting' and channel_id = ${channelId} and account is not null for update),
    made as (
      insert into message (channel_id, account, address, day, state, created_at)
      select ${channelId}::int, d.account, d.email, ${today}::date, 'waiting', ${now}::timestamptz from due d
      where not exists (select 1 from message m where m.account = d.account and (m.day = ${today} or m.state in ('waiting', 'sending')))
      on conflict do nothing returning id, account)
    update inbox_item i set message_id = m.id
    from (select id, account from made union all select id, account from open) m
    where i.account = m.account and i.message_id is null and i.read_at is null and i.at > ${now}::timestamptz - ${fresh}
    returning i.id`
  return rows.length
}

/** Makes a robot's message of the day: of all entries of some kinds since the last that it spoke of. The caller has the turn `messages`. */
export async function makeRobotMessage(tx: Tx, channelId: number, kinds: readonly MessageKind[], today: string, now: string): Promise<void> {
  const [news] = await tx<{ from: string; to: string }[]>`
    select min(i.id) as from, max(i.id) as to from inbox_item i join channel c on c.id = ${channelId}
    where i.id > c.last_item and i.kind = any (${[...kinds]}) having count(*) > 0`
  if (!news) return
  const joined = await tx`update message set to_item = ${news.to} where channel_id = ${channelId} and account is null and state = 'waiting' returning id`
  const made = joined.length
    ? joined
    : await tx`
        insert into message (channel_id, from_item, to_item, day, state, created_at)
        select ${channelId}::int, ${news.from}::bigint, ${news.to}::bigint, ${today}::date, 'waiting', ${now}::timestamptz
        where not exists (select 1 from message m where m.channel_id = ${channelId} and m.account is null and m.state = 'sending')
        on conflict do nothing returning id`
  if (made.length) await tx`update channel set last_item = ${news.to} where id = ${channelId}`
}

/** A message that was claimed for sending. */
export interface Claimed {
  id: number
  key: string
  channelId: number
  account: string | null
  address: string | null
  fromItem: string | null
  toItem: string | null
  tries: number
  createdAt: string
}

/** Takes one message to be sent over a channel, marked as being sent; null: there is none, the channel rests, or another process has them. */
export async function claimMessage(tx: Tx, channelId: number, today: string, now: string): Promise<Claimed | null> {
  const [row] = await tx<(Omit<Claimed, 'id'> & { id: string })[]>`
    with next as (
      select m.id from message m join channel c on c.id = m.channel_id
      where m.channel_id = ${channelId} and m.state = 'waiting' and c.enabled and (c.retry_at is null or c.retry_at <= ${now}::timestamptz)
      order by m.id limit 1 for update of m skip locked)
    update message m set state = 'sending', claimed_at = ${now}, tries = tries + 1,
      day = case when exists (select 1 from message o where o.id <> m.id and o.day = ${today} and o.account is not distinct from m.account
                                                      and (m.account is not null or o.channel_id = m.channel_id)) then m.day else ${today}::date end
    from next where m.id = next.id
    returning m.id, m.key, m.channel_id, m.account, m.address, m.from_item, m.to_item, m.tries, m.created_at`
  return row ? { ...row, id: Number(row.id) } : null
}

/** What a claimed message is made of: a person's unread entries, or the different things that a robot speaks of. */
export async function itemsOfMessage(tx: Tx, message: Claimed, kinds: readonly MessageKind[]): Promise<{ kind: MessageKind; params: MessageParams }[]> {
  const rows =
    message.account !== null
      ? await tx<{ kind: MessageKind; params: MessageParams }[]>`select kind, params from inbox_item where message_id = ${message.id} and read_at is null order by id`
      : await tx<{ kind: MessageKind; params: MessageParams }[]>`
          select kind, params from (
            select distinct on (key) id, kind, params from inbox_item
            where id between ${message.fromItem} and ${message.toItem} and kind = any (${[...kinds]}) order by key, id) i
          order by id`
  return [...rows]
}

/** How a try ended; only who claimed it may say (a message whose claim was given up is somebody else's by then). */
export async function settleMessage(tx: Tx, message: Pick<Claimed, 'id' | 'tries'>, to: { state: MessageState; error: string | null; at: string }): Promise<boolean> {
  const rows = await tx`
    update message set state = ${to.state}, error = ${to.error}, sent_at = case when ${to.state} = 'sent' then ${to.at}::timestamptz else sent_at end
    where id = ${message.id} and state = 'sending' and tries = ${message.tries} returning id`
  return rows.length > 0
}

/** Messages whose sender has not been heard of since an instant: its process is gone. */
export async function abandoned(tx: Tx, since: string): Promise<{ id: number; tries: number; kind: ChannelKind }[]> {
  const rows = await tx<{ id: string; tries: number; kind: ChannelKind }[]>`
    select m.id, m.tries, c.kind from message m join channel c on c.id = m.channel_id
    where m.state = 'sending' and m.claimed_at < ${since} order by m.id for update of m skip locked`
  return rows.map((row) => ({ ...row, id: Number(row.id) }))
}

/** Messages that have waited since before an instant are given up: nobody needs last week's. */
export async function giveUp(tx: Tx, before: string, error: string): Promise<number> {
  return (await tx`update message set state = 'failed', error = ${error} where state = 'waiting' and created_at < ${before} returning id`).length
}

export interface MessageRow {
  id: number
  account: string | null
  address: string | null
  day: string
  state: MessageState
  tries: number
  createdAt: string
  sentAt: string | null
  error: string | null
}

/** The last messages of a channel. */
export async function messagesOf(sql: Queryable, channelId: number, limit: number): Promise<MessageRow[]> {
  const rows = await sql<(Omit<MessageRow, 'id'> & { id: string })[]>`
    select id, account, address, day, state, tries, created_at, sent_at, error from message where channel_id = ${channelId} order by id desc limit ${limit}`
  return rows.map((row) => ({ ...row, id: Number(row.id) }))
}

/** Lets a message that failed or is in doubt be sent again, because a person says so. */
export async function sendAgain(tx: Tx, channelId: number, id: number, now: string): Promise<MessageState | null> {
  const [row] = await tx<{ before: MessageState }[]>`
    with old as (select id, state from message where channel_id = ${channelId} and id = ${id} and state in ('failed', 'unsure') for update)
    update message m set state = 'waiting', error = null, created_at = ${now} from old where m.id = old.id returning old.state as before`
  return row?.before ?? null
}

/** What somebody asked to be sent. */
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
