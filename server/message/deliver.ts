/**
 * Sends messages: an outbox in the database that any number of processes empty together. What is guaranteed:
 *
 * - Nothing is lost: every entry stands in the inbox before any message is made of it, in the transaction of what it tells of.
 * - A message is sent by one process: it is claimed with `for update skip locked` and marked as being sent, and that is committed, before the
 *   first byte leaves. Two processes never send the same one.
 * - When a process or a line breaks between the first byte and the answer, nobody on this side can know whether the message arrived. Mail carries
 *   a Message-ID that never changes, by which mail servers and readers drop a second copy, so it is sent again: it arrives at least once, and a
 *   reader that honours Message-ID shows it once. The robots of 企业微信, 钉钉 and 飞书 take no such key, so there a message in doubt is not
 *   sent again (at most once): it stands as `unsure`, the administrator sees it and may send it again, and the inbox has everything anyway.
 * - A channel that does not answer (refused, no name, "try later") has surely not taken the message: it waits, and the channel rests for 1, 2, 4, 8,
 *   then 15 minutes. When it answers again, all that waits goes, oldest first. What has waited for three days is given up, and says so.
 */
import { pauseAfter, stateAfterTry, type Outcome } from '../../geo/message/message.ts'
import { digestLines } from '../../geo/message/words.ts'
import { channelAnswers, channelRests, channels, type ChannelRow } from '../channel/queries.ts'
import { sendBy, type Outgoing } from '../channel/send.ts'
import { instantOf, later, todayOf, type Clock } from '../clock.ts'
import type { Sql } from '../database/connect.ts'
import { GROUP_KINDS, mayGoOut } from './digest.ts'
import { abandoned, claimMessage, giveUp, itemsOfMessage, settleMessage, type Claimed } from './queries.ts'

/** Longer than any try lasts: whoever claimed a message and has not said how it ended by then is gone. */
const LEASE_MINUTES = 10
const GIVE_UP_DAYS = 3

export interface DeliverOptions {
  /** Hosts that messages may be sent to. */
  hosts: readonly string[]
  /** What the channels' secrets are encrypted under; null: there is no key. */
  secretKey: string | null
  /** Where the links of messages lead; null: none are given. */
  origin: string | null
}

/**
 * The frequent work: sends what waits, channel by channel, until nothing waits or nothing answers. May run in several processes at once.
 * @returns how many were sent
 */
export async function deliver(sql: Sql, clock: Clock, options: DeliverOptions): Promise<number> {
  await takeBack(sql, clock)
  if (!(await mayGoOut(sql, clock))) return 0
  let sent = 0
  for (const channel of await channels(sql, options.secretKey)) {
    // A locked one waits for its address and secret, and what waits for it waits too; the administrator's screen says so.
    if (!channel.enabled || channel.locked) continue
    for (;;) {
      const claimed = await claim(sql, clock, channel, options.origin)
      if (!claimed) break
      if (claimed.outgoing === null) continue
      const outcome = await sendBy(channel, claimed.outgoing, options.hosts, clock.now())
      await settle(sql, clock, channel, claimed.message, outcome)
      if (outcome.is === 'sent') sent++
    }
  }
  return sent
}

/** What a process that is gone was sending: sent again where the channel can tell, else in doubt for good. */
async function takeBack(sql: Sql, clock: Clock): Promise<void> {
  const now = instantOf(clock)
  await sql.begin(async (tx) => {
    for (const { id, tries, kind } of await abandoned(tx, later(clock, -LEASE_MINUTES))) {
      const why = '发送途中进程中断 / the process ended while sending'
      await settleMessage(tx, { id, tries }, { state: stateAfterTry({ is: 'unsure', why }, kind), error: why, at: now })
    }
    await giveUp(tx, later(clock, -GIVE_UP_DAYS * 24 * 60), `等待超过 ${GIVE_UP_DAYS} 天 / waited for more than ${GIVE_UP_DAYS} days`)
  })
}

/** Marks one message as being sent and words it; `outgoing` null: all of it had been read by then. */
export async function claim(sql: Sql, clock: Clock, channel: Pick<ChannelRow, 'id'>, origin: string | null): Promise<{ message: Claimed; outgoing: Outgoing | null } | null> {
  return sql.begin(async (tx) => {
    const message = await claimMessage(tx, channel.id, todayOf(clock), instantOf(clock))
    if (!message) return null
    const items = await itemsOfMessage(tx, message, GROUP_KINDS)
    if (items.length === 0) {
      await settleMessage(tx, message, { state: 'needless', error: null, at: instantOf(clock) })
      return { message, outgoing: null }
    }
    const outgoing = { key: message.key, to: message.address, title: `乡图：${items.length} 项提醒（${todayOf(clock)}）`, lines: [...digestLines(items, 'zh-CN'), ...(origin ? [`${origin}/inbox`] : [])] }
    return { message, outgoing }
  })
}

async function settle(sql: Sql, clock: Clock, channel: ChannelRow, message: Claimed, outcome: Outcome): Promise<void> {
  await sql.begin(async (tx) => {
    const now = instantOf(clock)
    const error = outcome.is === 'sent' ? null : outcome.why
    await settleMessage(tx, message, { state: stateAfterTry(outcome, channel.kind), error, at: now })
    if (outcome.is === 'sent' || outcome.is === 'refused') return channelAnswers(tx, channel.id)
    await channelRests(tx, channel.id, { now, error: outcome.why, until: (tries) => later(clock, pauseAfter(tries)) })
  })
}
