import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { faultOfAddress, sendBy } from '../../../server/channel/send.ts'
import { mailReceiver, robotReceiver, type MailReceiver, type RobotReceiver } from './receivers.ts'

const SECRET = 'SEC-演示-0123456789'
const NOW = new Date('2023-07-06T09:00:00+08:00')
const MESSAGE = { key: '0f2d7f6e-3a51-4c5e-9a52-111111111111', to: 'baihe@example.gov.cn', title: '乡图：2 项提醒', lines: ['【逾期未报】1', '· 白鹤镇 6 月有 2 项逾期未报'] }
const ROBOTS = ['wecom', 'dingtalk', 'feishu'] as const

describe('channels, against real receivers', () => {
  let robots: RobotReceiver
  let mail: MailReceiver
  beforeAll(async () => {
    robots = await robotReceiver(SECRET, () => NOW.getTime())
    mail = await mailReceiver()
  })
  afterAll(async () => {
    await robots.stop()
    await mail.stop()
  })
  beforeEach(() => {
    robots.behave('take')
    mail.behave('take')
  })
  const robot = (kind: (typeof ROBOTS)[number], secret = SECRET) => sendBy({ kind, address: robots.url(kind), secret, sender: null }, MESSAGE, [robots.host], NOW)
  const mailed = (change: object = {}) => sendBy({ kind: 'email', address: mail.address, secret: null, sender: 'xiangtu@example.gov.cn' }, { ...MESSAGE, ...change }, [mail.host], NOW)

  it.each(ROBOTS)('should sign a call of %s as the vendor checks it', async (kind) => {
    expect(await robot(kind)).toEqual({ is: 'sent' })
    expect(robots.taken.at(-1)).toMatchObject({ kind })
    expect(robots.taken.at(-1)!.text).toContain('白鹤镇 6 月有 2 项逾期未报')
  })

  it.each(['dingtalk', 'feishu'] as const)('should be refused by %s with another secret, or with none', async (kind) => {
    expect(await robot(kind, 'another')).toMatchObject({ is: 'refused' })
    expect(await robot(kind, '')).toMatchObject({ is: 'refused' })
  })

  it.each(ROBOTS)('should tell “not now” from “never” and from doubt with %s', async (kind) => {
    robots.behave('busy')
    expect(await robot(kind)).toMatchObject({ is: 'away' })
    robots.behave('down')
    expect(await robot(kind)).toMatchObject({ is: 'away', why: 'HTTP 503' })
    const ended = await robotReceiver(SECRET, () => NOW.getTime())
    await ended.stop()
    expect(await sendBy({ kind, address: ended.url(kind), secret: SECRET, sender: null }, MESSAGE, [ended.host], NOW)).toMatchObject({ is: 'away', why: 'ECONNREFUSED' })
  })

  it('should know that nobody knows when the answer never comes', async () => {
    robots.behave('swallow')
    const answer = robot('feishu')
    setTimeout(() => void robots.stop(), 300)
    expect(await answer).toMatchObject({ is: 'unsure' })
    robots = await robotReceiver(SECRET, () => NOW.getTime())
  })

  it('should send a mail with a Message-ID that is the same at every try', async () => {
    expect(await mailed()).toEqual({ is: 'sent' })
    expect(await mailed()).toEqual({ is: 'sent' })
    expect(new Set(mail.mails.map(({ id }) => id))).toEqual(new Set([`<${MESSAGE.key}@xiangtu>`]))
    expect(mail.mails[0]).toMatchObject({ to: 'baihe@example.gov.cn', subject: '乡图：2 项提醒' })
    expect(mail.mails[0]!.text).toContain('白鹤镇 6 月有 2 项逾期未报')
  })

  it('should tell a mailbox that is not there from a server that has no time, and from one that is away', async () => {
    mail.behave('refuse')
    expect(await mailed()).toMatchObject({ is: 'refused' })
    mail.behave('later')
    expect(await mailed()).toMatchObject({ is: 'away' })
    expect(await mailed({ to: null })).toMatchObject({ is: 'refused' })
    expect(await sendBy({ kind: 'email', address: 'smtp://127.0.0.1:1', secret: null, sender: 'x@example.gov.cn' }, MESSAGE, ['127.0.0.1:1'], NOW)).toMatchObject({ is: 'away' })
  })

  it('should put no line of its own into a mail’s head, whatever a name holds', async () => {
    await mailed({ title: '乡图\r\nBcc: all@example.gov.cn', to: 'a@example.gov.cn' })
    expect(mail.mails.at(-1)!.to).toBe('a@example.gov.cn')
    expect(mail.mails.at(-1)!.subject).toContain('Bcc')
  })

  it.each([
    ['wecom', 'https://evil.example/x', 'CHANNEL_HOSTS'],
    ['wecom', 'http://qyapi.weixin.qq.com/x', 'https'],
    ['dingtalk', 'https://oapi.dingtalk.com.evil.example/x', 'CHANNEL_HOSTS'],
    ['feishu', 'https://open.feishu.cn@evil.example/x', 'CHANNEL_HOSTS'],
    ['feishu', 'file:///etc/passwd', 'https'],
    ['email', 'https://open.feishu.cn/x', 'smtp'],
    ['email', 'nonsense', 'URL'],
  ] as const)('should not let %s reach %s', async (kind, address, why) => {
    const hosts = ['oapi.dingtalk.com', 'open.feishu.cn', 'qyapi.weixin.qq.com']
    expect(faultOfAddress(kind, address, hosts)!.en).toContain(why)
    expect(await sendBy({ kind, address, secret: null, sender: 'a@b.cn' }, MESSAGE, hosts, NOW)).toMatchObject({ is: 'refused' })
  })

  it('should follow no redirection to another host', async () => {
    const { createServer } = await import('node:http')
    const server = createServer((_, response) => response.writeHead(302, { location: robots.url('wecom') }).end())
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const host = `127.0.0.1:${(server.address() as { port: number }).port}`
    const before = robots.taken.length
    expect(await sendBy({ kind: 'wecom', address: `http://${host}/`, secret: null, sender: null }, MESSAGE, [host], NOW)).toMatchObject({ is: 'refused', why: 'HTTP 302' })
    expect(robots.taken).toHaveLength(before)
    server.close()
  })
})
