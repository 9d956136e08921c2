import { createTransport } from 'nodemailer'
import type { Outcome } from '../../geo/message/message.ts'
import type { ChannelRow } from './queries.ts'
import { TRY_MS, type Outgoing } from './send.ts'

/** Sends a mail. Its Message-ID is the message's key, the same at every try: by it a second copy of one in doubt is known for what it is. */
export async function sendMail(channel: Pick<ChannelRow, 'address' | 'sender'>, message: Outgoing): Promise<Outcome> {
  if (!message.to || !channel.sender) return { is: 'refused', why: '没有收件或发件地址 / no address to send to or from' }
  const url = new URL(channel.address)
  const transport = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (url.protocol === 'smtps:' ? 465 : 25),
    secure: url.protocol === 'smtps:',
    ...(url.username ? { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } } : {}),
    connectionTimeout: TRY_MS / 3,
    greetingTimeout: TRY_MS / 3,
    socketTimeout: TRY_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    await transport.sendMail({
      from: channel.sender,
      to: { name: '', address: message.to },
      subject: message.title,
      text: `${message.lines.join('\n')}\n\n—— 乡图。完整内容见站内消息；每人每天至多一封。`,
      messageId: `<${message.key}@xiangtu>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
    return { is: 'sent' }
  } catch (error) {
    return outcomeOf(error as { code?: string; responseCode?: number; command?: string; message: string })
  } finally {
    transport.close()
  }
}

/** 5xx is for good, 4xx for now (RFC 5321). Broken off while the text went: nobody knows. Anything before: it surely did not arrive. */
function outcomeOf({ code, responseCode, command, message }: { code?: string; responseCode?: number; command?: string; message: string }): Outcome {
  const why = [code, responseCode, message.slice(0, 200)].filter(Boolean).join(' ')
  if (responseCode && responseCode >= 500) return { is: code === 'EAUTH' ? 'away' : 'refused', why }
  if (responseCode && responseCode >= 400) return { is: 'away', why }
  return { is: command === 'DATA' ? 'unsure' : 'away', why }
}
