/** What people are told: the kinds of it, who it is for, and the states of a message on its way out. */
import type { Role } from '../right/role.ts'

/** Kinds of entry in an inbox. Those with `group` also go to the robots of chat groups, which speak to many. */
export const MESSAGE_KINDS = {
  'report-due': { zh: '临近报送', en: 'Reports due soon', group: false },
  'report-overdue': { zh: '逾期未报', en: 'Reports overdue', group: true },
  'report-returned': { zh: '填报退回', en: 'Report returned', group: false },
  'review-waiting': { zh: '待审核', en: 'Waiting for review', group: false },
  'light-red': { zh: '新亮红灯', en: 'Turned red', group: true },
  'order-issued': { zh: '督办单', en: 'Supervision order', group: true },
  'order-due': { zh: '督办单临期', en: 'Order due soon', group: false },
  'order-overdue': { zh: '督办单逾期', en: 'Order overdue', group: true },
  'order-answered': { zh: '督办单回复', en: 'Order answered', group: false },
  'order-changed': { zh: '督办单变更', en: 'Order changed', group: false },
  'finding-due': { zh: '台账临期', en: 'Findings due soon', group: false },
  'finding-overdue': { zh: '台账逾期', en: 'Findings overdue', group: true },
  'finding-changed': { zh: '台账变更', en: 'Findings changed', group: false },
  'check-changed': { zh: '核查变化', en: 'Checks changed', group: false },
  'pack-ready': { zh: '月调度材料', en: 'Dispatch pack', group: false },
  'reminded': { zh: '人工催办', en: 'Reminded by the office', group: false },
  'note': { zh: '通知', en: 'Note', group: false },
} as const satisfies Record<string, { zh: string; en: string; group: boolean }>
export type MessageKind = keyof typeof MESSAGE_KINDS

export type MessageParams = Record<string, string | number | boolean>

/** Who something is for: everybody with a role (and scope, where the role has one), or one account. */
export type Recipient = { role: Role; scope?: string } | { account: string }

/** Something to be told. */
export interface Told {
  kind: MessageKind
  /** The same thing, told to the same person, is told once. */
  key: string
  to: readonly Recipient[]
  params: MessageParams
  /** Where in the screens one does something about it: `/orders/3`. */
  path: string
}

/** Channels out of the house. `canTell`: the other end knows a message that came before, so that one in doubt may be sent again. */
export const CHANNEL_KINDS = {
  email: { zh: '电子邮件', en: 'E-mail', canTell: true },
  wecom: { zh: '企业微信群机器人', en: 'WeCom robot', canTell: false },
  dingtalk: { zh: '钉钉群机器人', en: 'DingTalk robot', canTell: false },
  feishu: { zh: '飞书群机器人', en: 'Feishu robot', canTell: false },
} as const satisfies Record<string, { zh: string; en: string; canTell: boolean }>
export type ChannelKind = keyof typeof CHANNEL_KINDS

/**
 * States of a message on its way out. `unsure`: it was being sent when the process or the line broke, and the channel cannot tell whether it
 * arrived; it is not sent again by itself. `needless`: everything in it had been read in the inbox before it could go.
 */
export const MESSAGE_STATES = {
  waiting: { zh: '待发', en: 'Waiting' },
  sending: { zh: '发送中', en: 'Being sent' },
  sent: { zh: '已发', en: 'Sent' },
  failed: { zh: '未能发出', en: 'Failed' },
  unsure: { zh: '结果不明', en: 'Unsure' },
  needless: { zh: '已读不发', en: 'Already read' },
} as const satisfies Record<string, { zh: string; en: string }>
export type MessageState = keyof typeof MESSAGE_STATES

/** How a try to send ended. `refused`: never, whatever is tried; `away`: surely not arrived, later perhaps; `unsure`: nobody knows. */
export type Outcome = { is: 'sent' } | { is: 'refused' | 'away' | 'unsure'; why: string }

/** What becomes of a message after a try. Only where the channel can tell is one in doubt tried again. */
export function stateAfterTry(outcome: Outcome, kind: ChannelKind): MessageState {
  if (outcome.is === 'sent') return 'sent'
  if (outcome.is === 'refused') return 'failed'
  if (outcome.is === 'unsure' && !CHANNEL_KINDS[kind].canTell) return 'unsure'
  return 'waiting'
}

const LONGEST_PAUSE_MIN = 15

/** Minutes to wait before the next try when a channel has been away `tries` times in a row: 1, 2, 4, 8, then 15. */
export function pauseAfter(tries: number): number {
  return Math.min(2 ** Math.max(0, tries - 1), LONGEST_PAUSE_MIN)
}
