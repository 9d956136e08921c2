/** The robots of chat groups, as their vendors document them: how a call is signed, and what their answers mean. */
import { createHmac } from 'node:crypto'
import type { Outcome } from '../../geo/message/message.ts'
import type { Outgoing } from './send.ts'

export interface RobotCall {
  request(address: string, secret: string | null, message: Outgoing, now: Date): { url: string; body: unknown }
  outcome(said: Record<string, unknown>): Outcome
}

/** Longer texts are refused by the vendors; the inbox has them whole. */
const LONGEST = { wecom: 4000, dingtalk: 18_000, feishu: 18_000 }

/** A text of at most so many bytes, cut between lines. */
function within(lines: readonly string[], bytes: number): string {
  let text = ''
  for (const line of lines) {
    const next = text ? `${text}\n${line}` : line
    if (Buffer.byteLength(next) > bytes - 40) return `${text}\n……（完整内容见站内消息）`
    text = next
  }
  return text
}

/** What a code means: nought is taken; "too many" passes by itself; everything else is a fault of the settings. */
function outcomeOf(code: unknown, words: unknown, tooMany: readonly number[]): Outcome {
  if (code === 0) return { is: 'sent' }
  const why = `${String(code)} ${String(words ?? '')}`.trim()
  return { is: tooMany.includes(Number(code)) ? 'away' : 'refused', why }
}

/** 企业微信: the key in the address is all there is; no signature. */
export const wecom: RobotCall = {
  request: (address, _secret, { title, lines }) => ({ url: address, body: { msgtype: 'markdown', markdown: { content: within([`**${title}**`, ...lines], LONGEST.wecom) } } }),
  outcome: ({ errcode, errmsg }) => outcomeOf(errcode, errmsg, [45009, -1]),
}

/** 钉钉: timestamp (ms) and base64 of HMAC-SHA256(secret, timestamp + "\n" + secret) in the address. */
export const dingtalk: RobotCall = {
  request(address, secret, { title, lines }, now) {
    const url = new URL(address)
    if (secret) {
      const timestamp = String(now.getTime())
      url.searchParams.set('timestamp', timestamp)
      url.searchParams.set('sign', createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'))
    }
    return { url: url.href, body: { msgtype: 'markdown', markdown: { title, text: within([`### ${title}`, ...lines.map((line) => `${line}  `)], LONGEST.dingtalk) } } }
  },
  outcome: ({ errcode, errmsg }) => outcomeOf(errcode, errmsg, [130101, 410100, -1]),
}

/** 飞书: timestamp (s) and base64 of HMAC-SHA256 over nothing, with timestamp + "\n" + secret as the key, in the body. */
export const feishu: RobotCall = {
  request(address, secret, { title, lines }, now) {
    const timestamp = String(Math.floor(now.getTime() / 1000))
    const signature = secret ? { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64') } : {}
    return { url: address, body: { ...signature, msg_type: 'text', content: { text: within([title, ...lines], LONGEST.feishu) } } }
  },
  outcome: ({ code, StatusCode, msg }) => outcomeOf(code ?? StatusCode, msg, [11232, 9499]),
}
