/** One try to send one message over one channel, and how it ended. */
import type { ChannelKind, Outcome } from '../../geo/message/message.ts'
import type { ChannelRow } from './queries.ts'
import { sendMail } from './email.ts'
import { dingtalk, feishu, wecom, type RobotCall } from './robots.ts'

export interface Outgoing {
  /** The same at every try. */
  key: string
  /** An address, for mail. */
  to: string | null
  title: string
  lines: string[]
}

/** No try lasts longer. */
export const TRY_MS = 15_000

const ROBOTS: Record<Exclude<ChannelKind, 'email'>, RobotCall> = { wecom, dingtalk, feishu }

/** Sends; never throws. */
export async function sendBy(channel: Pick<ChannelRow, 'kind' | 'address' | 'secret' | 'sender'>, message: Outgoing, hosts: readonly string[], now: Date): Promise<Outcome> {
  const fault = faultOfAddress(channel.kind, channel.address, hosts)
  if (fault) return { is: 'refused', why: `${fault.zh} / ${fault.en}` }
  if (channel.kind === 'email') return sendMail(channel, message)
  return callRobot(ROBOTS[channel.kind], channel, message, now)
}

/** Why a channel may not have this address; null: it may. Only hosts of the allow-list, and only encrypted unless it is this machine. */
export function faultOfAddress(kind: ChannelKind, address: string, hosts: readonly string[]): { zh: string; en: string } | null {
  if (!URL.canParse(address)) return { zh: '地址不是有效的 URL', en: 'the address is no URL' }
  const url = new URL(address)
  const mail = kind === 'email'
  const local = url.hostname === '127.0.0.1' || url.hostname === '[::1]' || url.hostname === 'localhost'
  if (!(mail ? ['smtp:', 'smtps:'] : local ? ['http:', 'https:'] : ['https:']).includes(url.protocol)) {
    return mail ? { zh: '邮件服务器地址应以 smtp:// 或 smtps:// 开头', en: 'a mail server’s address begins with smtp:// or smtps://' } : { zh: '机器人地址须为 https', en: 'a robot’s address must be https' }
  }
  if (!hosts.includes(url.hostname.toLowerCase()) && !hosts.includes(url.host.toLowerCase())) {
    return { zh: `主机 ${url.host} 不在允许名单（环境变量 CHANNEL_HOSTS）内`, en: `host ${url.host} is not on the allow-list (environment variable CHANNEL_HOSTS)` }
  }
  return null
}

/** Errors of a line that never came to be: nothing was sent. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT'])

async function callRobot(robot: RobotCall, channel: Pick<ChannelRow, 'address' | 'secret'>, message: Outgoing, now: Date): Promise<Outcome> {
  const { url, body } = robot.request(channel.address, channel.secret, message, now)
  let answer: Response
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(TRY_MS),
    })
  } catch (error) {
    const code = String((error as { cause?: { code?: string } }).cause?.code ?? (error as Error).name)
    return { is: NEVER_SENT.has(code) ? 'away' : 'unsure', why: code }
  }
  // "Not now": a gateway's or the vendor's; anything else of the kind may have been passed on before it broke.
  if (answer.status === 429 || answer.status === 503) return { is: 'away', why: `HTTP ${answer.status}` }
  if (answer.status >= 500) return { is: 'unsure', why: `HTTP ${answer.status}` }
  if (answer.status !== 200) return { is: 'refused', why: `HTTP ${answer.status}` }
  const said = (await answer.json().catch(() => null)) as Record<string, unknown> | null
  if (said === null) return { is: 'unsure', why: '答复不是 JSON / the answer is no JSON' }
  return robot.outcome(said)
}
