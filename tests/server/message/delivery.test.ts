import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Told } from '../../../geo/message/message.ts'
import { insertChannel } from '../../../server/channel/queries.ts'
import { connect, type Sql } from '../../../server/database/connect.ts'
import { claim, deliver } from '../../../server/message/deliver.ts'
import { makeMessages } from '../../../server/message/digest.ts'
import { tell } from '../../../server/message/tell.ts'
import { mailReceiver, robotReceiver, type MailReceiver, type RobotReceiver } from '../channel/receivers.ts'
import { describeOnBothDatabases } from '../harness.ts'

const SECRET = 'SEC-演示-0123456789'
const SENDER = fileURLToPath(new URL('./sender.ts', import.meta.url))
const TOWNS = ['310118105', '310118106', '310118107', '310118109', '310118110', '310118102', '310118103', '310118104', '310118001', '310118002']
const accountOf = (town: string) => `town-${town}`

describeOnBothDatabases(
  'messages out of the house',
  (server) => {
    let mail: MailReceiver
    let robots: RobotReceiver
    beforeAll(async () => {
      mail = await mailReceiver()
      robots = await robotReceiver(SECRET, () => server.clock.now().getTime())
      await server.sql`update account set email = name || '@example.gov.cn' where name like 'town-%'`
    })
    afterAll(async () => {
      await mail.stop()
      await robots.stop()
    })
    // Thursday of a working week; each test begins with empty inboxes and its own channels.
    beforeEach(async () => {
      server.clock.set('2023-07-06T09:00:00+08:00')
      mail.mails.length = 0
      robots.taken.length = 0
      mail.behave('take')
      robots.behave('take')
      await server.sql`delete from inbox_item`
      await server.sql`delete from channel`
    })
    const options = () => ({ hosts: [mail.host, robots.host], secretKey: server.environment.secretKey, origin: null })
    const go = async (sql: Sql = server.sql) => {
      await makeMessages(sql, server.clock)
      return deliver(sql, server.clock, options())
    }
    const channel = (kind: 'email' | 'wecom' | 'dingtalk' | 'feishu') =>
      server.sql.begin((tx) =>
        insertChannel(
          tx,
          server.environment.secretKey!,
          { kind, name: kind, address: kind === 'email' ? mail.address : robots.url(kind), secret: SECRET, sender: kind === 'email' ? 'xiangtu@example.gov.cn' : null, enabled: true },
          server.clock.now().toISOString(),
        ),
      ) as Promise<number>
    const note = (key: string, to: Told['to'], kind: 'note' | 'order-issued' = 'note'): Told => ({ kind, key, to, params: { zh: `事项${key}`, en: key, no: 1, title: `事项${key}` }, path: '/inbox' })
    const say = (...told: Told[]) => server.sql.begin((tx) => tell(tx, told, server.clock.now().toISOString()))
    const everyTown = (key: string) => note(key, TOWNS.map((town) => ({ account: accountOf(town) })))
    const states = async () => Object.fromEntries((await server.sql<{ state: string; n: number }[]>`select state, count(*)::int as n from message group by state`).map(({ state, n }) => [state, n]))

    it('should be one a day to a person: all that is new, and what comes later the next working day', async () => {
      await channel('email')
      const baihe = [{ account: accountOf('310118110') }]
      await say(note('a', baihe), note('b', baihe))
      expect(await go()).toBe(1)
      expect(mail.mails[0]!.text).toMatch(/事项a[\s\S]*事项b/)
      await say(note('c', baihe))
      expect(await go()).toBe(0)
      server.clock.set('2023-07-06T19:59:00+08:00')
      expect(await go()).toBe(0)
      server.clock.set('2023-07-07T09:00:00+08:00')
      expect(await go()).toBe(1)
      expect(mail.mails[1]!.text).toContain('事项c')
      expect(mail.mails[1]!.text).not.toContain('事项a')
      expect(await go()).toBe(0)
    })

    it('should rest in quiet hours, on weekends and holidays, and work on a Saturday that is worked', async () => {
      await channel('email')
      await say(note('a', [{ account: accountOf('310118110') }]))
      for (const quiet of ['2023-07-06T20:00:00+08:00', '2023-07-07T07:59:00+08:00', '2023-07-08T10:00:00+08:00']) {
        server.clock.set(quiet)
        expect(await go(), quiet).toBe(0)
      }
      server.clock.set('2023-10-06T10:00:00+08:00')
      await say(note('b', [{ account: accountOf('310118110') }]))
      expect(await go()).toBe(0)
      server.clock.set('2023-10-07T10:00:00+08:00')
      expect(await go()).toBe(1)
    })

    it('should not send what was read in the inbox before it could go', async () => {
      await channel('email')
      server.clock.set('2023-07-06T21:00:00+08:00')
      await say(note('a', [{ account: accountOf('310118110') }]))
      await server.sql`update inbox_item set read_at = now()`
      server.clock.set('2023-07-07T09:00:00+08:00')
      expect(await go()).toBe(0)
      expect(mail.mails).toHaveLength(0)
    })

    it('should come once though two processes make and send at the same moment', async () => {
      await channel('email')
      for (const kind of ['wecom', 'dingtalk', 'feishu'] as const) await channel(kind)
      await say(everyTown('a'), note('督办', TOWNS.map((town) => ({ account: accountOf(town) })), 'order-issued'))
      const second = server.kind === 'native' ? connect(server.environment.databaseUrl!, { max: 3 }) : server.sql
      const sent = await Promise.all([go(), go(second), go(), go(second)])
      if (second !== server.sql) await second.end()
      expect(sent.reduce((sum, n) => sum + n, 0)).toBe(TOWNS.length + 3)
      expect(mail.mails.map(({ to }) => to).sort()).toEqual(TOWNS.map((town) => `${accountOf(town)}@example.gov.cn`).sort())
      expect(robots.taken.map(({ kind }) => kind).sort()).toEqual(['dingtalk', 'feishu', 'wecom'])
      // A group hears of a thing once, however many people were told.
      for (const { text } of robots.taken) expect(text.match(/事项督办/g)).toHaveLength(1)
    })

    it('should send a mail again that was in doubt, under the same Message-ID, and leave a robot’s in doubt', async () => {
      const [email, feishu] = [await channel('email'), await channel('feishu')]
      await say(note('督办', [{ account: accountOf('310118110') }], 'order-issued'))
      await makeMessages(server.sql, server.clock)
      // A process claims both, the mail even arrives, and then it is gone before it can say so.
      const claimed = (await claim(server.sql, server.clock, { id: email }, null))!
      await claim(server.sql, server.clock, { id: feishu }, null)
      const { sendBy } = await import('../../../server/channel/send.ts')
      await sendBy({ kind: 'email', address: mail.address, secret: null, sender: 'xiangtu@example.gov.cn' }, claimed.outgoing!, [mail.host], server.clock.now())
      expect(await go()).toBe(0)
      expect(await states()).toEqual({ sending: 2 })
      server.clock.set('2023-07-06T09:11:00+08:00')
      expect(await go()).toBe(1)
      expect(await states()).toEqual({ sent: 1, unsure: 1 })
      expect(mail.mails).toHaveLength(2)
      expect(new Set(mail.mails.map(({ id }) => id)).size).toBe(1)
      expect(robots.taken).toHaveLength(0)
      // The first process comes back late: what it says counts no more.
      const { settleMessage } = await import('../../../server/message/queries.ts')
      expect(await server.sql.begin((tx) => settleMessage(tx, claimed.message, { state: 'failed', error: 'late', at: server.clock.now().toISOString() }))).toBe(false)
      const admin = await server.as('admin')
      const [message] = await admin.json<{ id: number; state: string }[]>(`/api/channels/${feishu}/messages`)
      expect(message!.state).toBe('unsure')
      expect((await admin.request(`/api/channels/${feishu}/messages/${message!.id}/again`, { method: 'POST' })).status).toBe(204)
      expect(await go()).toBe(1)
      expect(robots.taken).toHaveLength(1)
    })

    it('should back off while a channel is down for an hour, and catch up when it is back', async () => {
      await channel('email')
      await channel('dingtalk')
      await say(everyTown('a'), note('督办', [{ account: accountOf('310118110') }], 'order-issued'))
      mail.behave('later')
      robots.behave('down')
      const start = Date.parse('2023-07-06T09:00:00+08:00')
      const tries: number[] = []
      for (let minute = 0; minute < 60; minute++) {
        server.clock.set(new Date(start + minute * 60_000).toISOString())
        expect(await go()).toBe(0)
        const [row] = await server.sql<{ tries: number }[]>`select tries from channel where kind = 'email'`
        if (row!.tries > tries.length) tries.push(minute)
        // News of the day joins what waits.
        if (minute === 30) await say(everyTown('b'))
      }
      // Looked at once a minute, some moments after it, which differ: pauses of 1, 2, 4 and 8 minutes end with it or in the next.
      expect(tries[0]).toBe(0)
      for (const [i, pause] of [1, 2, 4, 8].entries()) expect([pause, pause + 1], `pause ${i + 1} in ${tries.join()}`).toContain(tries[i + 1]! - tries[i]!)
      expect(tries.length).toBeLessThan(9)
      const admin = await server.as('admin')
      const { channels } = await admin.json<{ channels: { downSince: string | null; error: string }[] }>('/api/channels')
      for (const { downSince } of channels) expect(downSince).toMatch(/^2023-07-06T01:0/)
      mail.behave('take')
      robots.behave('take')
      server.clock.set('2023-07-06T10:20:00+08:00')
      expect(await go()).toBe(TOWNS.length + 1)
      expect(mail.mails.map(({ to }) => to).sort()).toEqual(TOWNS.map((town) => `${accountOf(town)}@example.gov.cn`).sort())
      for (const { text } of mail.mails) expect(text).toMatch(/事项a[\s\S]*事项b/)
      expect(robots.taken).toHaveLength(1)
      expect((await server.sql<{ downSince: string | null }[]>`select down_since from channel`).every(({ downSince }) => downSince === null)).toBe(true)
      expect(await go()).toBe(0)
    })

    it('should give up what has waited for three days, and a mailbox that is not there, and go on with the others', async () => {
      await channel('email')
      await say(everyTown('a'))
      mail.behave('refuse')
      expect(await go()).toBe(0)
      expect(await states()).toEqual({ failed: TOWNS.length })
      await say(everyTown('b'))
      mail.behave('later')
      server.clock.set('2023-07-07T09:00:00+08:00')
      await go()
      server.clock.set('2023-07-11T09:00:00+08:00')
      await go()
      expect((await states()).failed).toBe(2 * TOWNS.length)
      const [inbox] = await server.sql<{ n: number }[]>`select count(*)::int as n from inbox_item`
      expect(inbox!.n).toBe(2 * TOWNS.length)
    })

    it('should lose and double nothing when a sending process is killed', async () => {
      if (server.kind !== 'native') return // the embedded database has one process
      await channel('email')
      await channel('wecom')
      await say(everyTown('a'), note('督办', [{ account: accountOf('310118110') }], 'order-issued'))
      await makeMessages(server.sql, server.clock)
      // The mail server takes each mail and never answers: the process hangs in the midst of the first and is killed there.
      mail.behave('swallow')
      const child = spawn(process.execPath, [SENDER], {
        env: { ...process.env, DATABASE_URL: server.environment.databaseUrl!, CHANNEL_HOSTS: options().hosts.join(','), SECRET_KEY: server.environment.secretKey!, CLOCK: server.clock.now().toISOString() },
        stdio: 'inherit',
      })
      const gone = new Promise((resolve) => child.once('exit', resolve))
      await expect.poll(() => mail.mails.length, { timeout: 20_000 }).toBe(1)
      child.kill('SIGKILL')
      await gone
      mail.behave('take')
      expect(await go()).toBe(TOWNS.length - 1 + 1)
      server.clock.set('2023-07-06T09:11:00+08:00')
      expect(await go()).toBe(1)
      expect(new Set(mail.mails.map(({ id }) => id)).size).toBe(TOWNS.length)
      expect(mail.mails).toHaveLength(TOWNS.length + 1)
      expect(robots.taken).toHaveLength(1)
      expect(await states()).toEqual({ sent: TOWNS.length + 1 })
    })

    it('should hold an entry in the inbox only with the write that it tells of', async () => {
      await expect(
        server.sql.begin(async (tx) => {
          await tell(tx, [everyTown('x')], server.clock.now().toISOString())
          throw new Error('the write failed')
        }),
      ).rejects.toThrow('the write failed')
      const [inbox] = await server.sql<{ n: number }[]>`select count(*)::int as n from inbox_item`
      expect(inbox!.n).toBe(0)
      expect(await say(everyTown('x'))).toHaveLength(TOWNS.length)
      expect(await say(everyTown('x'))).toHaveLength(0)
    })

    it('should show channels without their keys, and take none off the allow-list', async () => {
      const admin = await server.as('admin')
      server.environment.channelHosts.push(robots.host)
      const made = await admin.post('/api/channels', { kind: 'dingtalk', name: '工作群', address: robots.url('dingtalk'), secret: SECRET, enabled: true })
      expect(made.status).toBe(201)
      const row = (await made.json()) as { id: number; version: number }
      expect(JSON.stringify(row)).not.toContain('token')
      expect((await admin.post('/api/channels', { kind: 'wecom', name: 'x', address: 'https://evil.example/', enabled: true })).status).toBe(422)
      const trail = await server.sql<{ after: unknown }[]>`select after from audit where action like 'channel.%'`
      expect(JSON.stringify(trail)).not.toMatch(/token|SEC-/)
      expect((await (await server.as('office')).request('/api/channels')).status).toBe(403)
      expect(await (await admin.post(`/api/channels/${row.id}/test`, {})).json()).toEqual({ is: 'sent', why: null })
      const changed = await admin.post(`/api/channels/${row.id}`, { name: '新群', enabled: false, version: row.version }, 'PUT')
      expect(await changed.json()).toMatchObject({ name: '新群', hasSecret: true, enabled: false })
      expect((await admin.post(`/api/channels/${row.id}`, { name: '旧', enabled: true, version: row.version }, 'PUT')).status).toBe(409)
    })

    it('should mark one’s own entries as read only, and stream how much is unread', async () => {
      await say(note('a', [{ account: accountOf('310118110') }]), note('b', [{ account: accountOf('310118110') }, { account: 'office' }]))
      const town = await server.as('town-310118110')
      const inbox = await town.json<{ unread: number; items: { id: number; readAt: string | null }[] }>('/api/inbox')
      expect(inbox).toMatchObject({ unread: 2 })
      const office = await server.as('office')
      expect(await (await office.post('/api/inbox/read', { ids: inbox.items.map(({ id }) => id) })).json()).toEqual({ read: 0 })
      const stream = await town.request('/api/inbox/stream')
      expect(stream.headers.get('content-type')).toContain('text/event-stream')
      const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
      const next = async (wanted: string) => {
        for (let text = ''; ; ) {
          text += (await reader.read()).value ?? ''
          if (text.includes(wanted)) return text
        }
      }
      await next('"unread":2')
      expect(await (await town.post('/api/inbox/read', { ids: [inbox.items[0]!.id] })).json()).toEqual({ read: 1 })
      await next('"unread":1')
      await say(note('c', [{ account: accountOf('310118110') }]))
      await next('"unread":2')
      await reader.cancel()
      const receipts = await office.json<{ key: string; told: { account: string; readAt: string | null }[] }[]>('/api/reminders')
      expect(receipts.find(({ key }) => key === 'b')!.told.map(({ account, readAt }) => [account, readAt !== null])).toEqual([
        ['office', false],
        ['town-310118110', true],
      ])
      expect((await town.request('/api/reminders')).status).toBe(403)
    })
  },
  { seeded: 'empty' },
)
