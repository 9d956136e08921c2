/**
 * Makes messages of what is new in the inboxes: on working days and outside of the quiet hours, at most one a day to a person and to a robot's
 * group. The database keeps that (a person has one message a day, and one that waits), whatever processes do at once.
 */
import { CHANNEL_KINDS, MESSAGE_KINDS, type MessageKind } from '../../geo/message/message.ts'
import { isWorkday } from '../../geo/month/workday.ts'
import { isQuiet } from '../../geo/reminder/rule.ts'
import { calendar } from '../calendar/queries.ts'
import { enabledChannels } from '../channel/queries.ts'
import { instantOf, timeOf, todayOf, type Clock } from '../clock.ts'
import type { Sql } from '../database/connect.ts'
import { takeTurn } from '../database/turns.ts'
import { reminderRuleNow } from '../rule/queries.ts'
import { makeMails, makeRobotMessage } from './queries.ts'

/** The kinds that robots speak of. */
export const GROUP_KINDS = (Object.keys(MESSAGE_KINDS) as MessageKind[]).filter((kind) => MESSAGE_KINDS[kind].group)

/** May anything leave the house now? */
export async function mayGoOut(sql: Sql, clock: Clock): Promise<boolean> {
  const today = todayOf(clock)
  if (!isWorkday(await calendar(sql), today)) return false
  return !isQuiet(await reminderRuleNow(sql, today), timeOf(clock))
}

/** The frequent work: a message for everybody who has something new and had none today. */
export async function makeMessages(sql: Sql, clock: Clock): Promise<void> {
  const ways = await enabledChannels(sql)
  if (ways.length === 0 || !(await mayGoOut(sql, clock))) return
  const [today, now] = [todayOf(clock), instantOf(clock)]
  for (const { id, kind } of ways) {
    await sql.begin(async (tx) => {
      await takeTurn(tx, 'messages')
      if (CHANNEL_KINDS[kind].canTell) await makeMails(tx, id, today, now)
      else await makeRobotMessage(tx, id, GROUP_KINDS, today, now)
    })
  }
}
