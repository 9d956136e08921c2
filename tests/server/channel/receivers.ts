/** Real receivers on loopback: a mail server, and a web server that takes robots' calls as their vendors do, signature checked. */
import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface Mail {
  id: string
  to: string
  subject: string
  text: string
}

export interface MailReceiver {
  address: string
  host: string
  /** Everything that was taken, copies too. */
  mails: Mail[]
  /** What it does with a mail that has come whole: take it, take it and never answer, or refuse. */
  behave(how: 'take' | 'swallow' | 'later' | 'refuse'): void
  stop(): Promise<void>
}

export async function mailReceiver(port = 0): Promise<MailReceiver> {
  const mails: Mail[] = []
  let how: Parameters<MailReceiver['behave']>[0] = 'take'
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      let raw = ''
      stream.on('data', (bytes: Buffer) => (raw += bytes.toString('latin1')))
      stream.on('end', () => {
        if (how === 'later') return done(Object.assign(new Error('try later'), { responseCode: 451 }))
        if (how === 'refuse') return done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }))
        mails.push(mailOf(raw, session.envelope.rcptTo[0]?.address ?? ''))
        if (how === 'take') done()
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready))
  const host = `127.0.0.1:${(server.server.address() as AddressInfo).port}`
  return { address: `smtp://${host}`, host, mails, behave: (next) => void (how = next), stop: () => new Promise((closed) => server.close(() => closed())) }
}

function mailOf(raw: string, to: string): Mail {
  const [head = '', ...body] = raw.split('\r\n\r\n')
  const header = (name: string) => new RegExp(`^${name}: ((?:.|\\r\\n[ \\t])*)`, 'im').exec(head)?.[1]?.replace(/\r\n\s+/g, ' ') ?? ''
  const encoding = header('Content-Transfer-Encoding')
  const text = body.join('\r\n\r\n')
  const decoded =
    encoding === 'base64'
      ? Buffer.from(text, 'base64').toString()
      : Buffer.from(text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString()
  const subject = header('Subject').replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=\s*/gi, (_, kind: string, words: string) =>
    kind.toUpperCase() === 'B'
      ? Buffer.from(words, 'base64').toString()
      : Buffer.from(words.replaceAll('_', ' ').replace(/=([0-9A-F]{2})/g, (__, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString(),
  )
  return { id: header('Message-ID'), to, subject, text: decoded }
}

export interface RobotReceiver {
  host: string
  url(kind: 'wecom' | 'dingtalk' | 'feishu'): string
  /** The texts that were taken, by kind. */
  taken: { kind: string; text: string }[]
  behave(how: 'take' | 'swallow' | 'busy' | 'down'): void
  stop(): Promise<void>
}

const WECOM_KEY = '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa'
const FRESH_MS = 3_600_000

/** Takes calls of the three robots; a call whose signature is wrong or old is answered as the vendor does. */
export async function robotReceiver(secret: string, now: () => number, port = 0): Promise<RobotReceiver> {
  const taken: RobotReceiver['taken'] = []
  let how: Parameters<RobotReceiver['behave']>[0] = 'take'
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1')
      const say = (status: number, value: unknown) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
      if (how === 'down') return say(503, {})
      const [kind, answer, text] = judge(url, JSON.parse(body) as Record<string, unknown>)
      if (how === 'busy') return say(200, kind === 'feishu' ? { code: 11232, msg: 'frequency limited' } : { errcode: kind === 'wecom' ? 45009 : 130101, errmsg: 'too fast' })
      if (text !== null) taken.push({ kind, text })
      if (how !== 'swallow') say(200, answer)
    })
  })
  function judge(url: URL, body: Record<string, unknown>): [string, unknown, string | null] {
    if (url.pathname === '/cgi-bin/webhook/send') {
      if (url.searchParams.get('key') !== WECOM_KEY) return ['wecom', { errcode: 93000, errmsg: 'invalid webhook url' }, null]
      return ['wecom', { errcode: 0, errmsg: 'ok' }, (body.markdown as { content: string }).content]
    }
    if (url.pathname === '/robot/send') {
      const timestamp = url.searchParams.get('timestamp') ?? ''
      const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`, 'utf8').digest('base64')
      const right = sign === url.searchParams.get('sign') && Math.abs(Number(timestamp) - now()) < FRESH_MS && url.searchParams.get('access_token') === 'token'
      return right ? ['dingtalk', { errcode: 0, errmsg: 'ok' }, (body.markdown as { text: string }).text] : ['dingtalk', { errcode: 310000, errmsg: 'sign not match' }, null]
    }
    const timestamp = String(body.timestamp)
    const sign = createHmac('sha256', `${timestamp}\n${secret}`).update(Buffer.alloc(0)).digest('base64')
    const right = sign === body.sign && Math.abs(Number(timestamp) * 1000 - now()) < FRESH_MS
    return right ? ['feishu', { code: 0, msg: 'success', data: {} }, (body.content as { text: string }).text] : ['feishu', { code: 19021, msg: 'sign match fail or timestamp is not within one hour from current time' }, null]
  }
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const paths = { wecom: `/cgi-bin/webhook/send?key=${WECOM_KEY}`, dingtalk: '/robot/send?access_token=token', feishu: '/open-apis/bot/v2/hook/token' }
  return {
    host,
    url: (kind) => `http://${host}${paths[kind]}`,
    taken,
    behave: (next) => void (how = next),
    stop: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const bytes of request) body += String(bytes)
  return body
}
