import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { channels } from '../../../server/channel/queries.ts'
import { sealChannels } from '../../../server/channel/seal.ts'
import { localSecretKey, seal, unseal } from '../../../server/channel/secrets.ts'
import { describeOnBothDatabases } from '../harness.ts'

const KEY = 'a-key-of-sixteen-and-more'
const ADDRESS = 'https://oapi.dingtalk.com/robot/send?access_token=演示令牌-0123'

describe('secrets of channels', () => {
  it('should be opened by their key only, as what they are, and not once they were changed', () => {
    const sealed = seal(KEY, 'address', ADDRESS)
    expect(sealed).not.toContain('0123')
    expect(seal(KEY, 'address', ADDRESS)).not.toBe(sealed)
    expect(unseal(KEY, 'address', sealed)).toBe(ADDRESS)
    expect(unseal(KEY, 'address', seal(KEY, 'address', ''))).toBe('')
    expect(unseal('another-key-of-sixteen', 'address', sealed)).toBeNull()
    expect(unseal(KEY, 'secret', sealed)).toBeNull()
    const bytes = Buffer.from(sealed.slice(3), 'base64url')
    for (const at of [0, 15, bytes.length - 1]) {
      const changed = Buffer.from(bytes)
      changed[at]! ^= 1
      expect(unseal(KEY, 'address', `v1.${changed.toString('base64url')}`), String(at)).toBeNull()
    }
    for (const other of ['', 'v1.', 'v1.AAAA', `v2.${sealed.slice(3)}`, `${sealed}.x`, ADDRESS]) expect(unseal(KEY, 'address', other), other).toBeNull()
  })

  it('should have a key of the data folder’s own where none is configured, which only its owner reads', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'xiangtu-key-'))
    try {
      const [one, two] = await Promise.all([localSecretKey(folder), localSecretKey(folder)])
      expect(one).toBe(two)
      expect(await localSecretKey(folder)).toBe(one)
      expect(Buffer.from(one!, 'base64url')).toHaveLength(32)
      expect((await stat(join(folder, 'secret.key'))).mode & 0o777).toBe(0o600)
      expect(await readFile(join(folder, 'secret.key'), 'utf8')).toBe(one)
      expect(await localSecretKey(join(folder, 'nowhere'))).toBeNull()
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describeOnBothDatabases(
  'channels in the database',
  (server) => {
    const stored = async () => JSON.stringify(await server.sql`select * from channel order by id`)
    const opened = () => channels(server.sql, server.environment.secretKey)
    const body = { kind: 'dingtalk', name: '工作群', address: ADDRESS, secret: 'SEC-演示-密钥', enabled: true }

    it('should stand there encrypted, be used as they were entered, and never be sent back', async () => {
      const admin = await server.as('admin')
      const made = await admin.post('/api/channels', body)
      expect(made.status, await made.clone().text()).toBe(201)
      const text = await made.text()
      for (const everywhere of [text, await stored(), await (await admin.request('/api/channels')).text(), JSON.stringify(await server.sql`select before, after from audit where action like 'channel.%'`)]) {
        expect(everywhere).not.toContain('演示令牌')
        expect(everywhere).not.toContain('SEC-演示')
      }
      expect(JSON.parse(text)).toMatchObject({ host: 'oapi.dingtalk.com', hasSecret: true, locked: false })
      expect(await opened()).toMatchObject([{ address: ADDRESS, secret: 'SEC-演示-密钥', locked: false }])
    })

    it('should be encrypted at the start where they stood in the clear, once, also by two processes at once', async () => {
      await server.sql`insert into channel (kind, name, address, secret, sender, created_at) values ('email', '邮件', 'smtps://a:口令@smtp.example.gov.cn:465', null, 'x@example.gov.cn', now())`
      expect((await opened())[1]).toMatchObject({ address: 'smtps://a:口令@smtp.example.gov.cn:465', locked: false })
      const seals = await Promise.all([sealChannels(server.sql, server.environment.secretKey!), sealChannels(server.sql, server.environment.secretKey!)])
      expect(seals.toSorted()).toEqual([0, 1])
      expect(await stored()).not.toContain('口令')
      expect((await opened())[1]).toMatchObject({ address: 'smtps://a:口令@smtp.example.gov.cn:465', secret: null, locked: false })
      expect(await sealChannels(server.sql, server.environment.secretKey!)).toBe(0)
    })

    it('should be locked under another key until they are entered again', async () => {
      await server.sql`update channel set address = ${seal('a-key-that-is-gone-by-now', 'address', ADDRESS)} where kind = 'dingtalk'`
      const admin = await server.as('admin')
      const list = async () => (await admin.json<{ channels: { id: number; kind: string; version: number; locked: boolean; host: string }[] }>('/api/channels')).channels.find(({ kind }) => kind === 'dingtalk')!
      const locked = await list()
      expect(locked).toMatchObject({ locked: true, host: '' })
      const change = (more: object) => admin.post(`/api/channels/${locked.id}`, { name: '工作群', enabled: true, version: locked.version, ...more }, 'PUT')
      expect(await (await change({})).json()).toMatchObject({ type: '/problems/channel-refused' })
      expect((await admin.post(`/api/channels/${locked.id}/test`, {})).status).toBe(422)
      expect((await change({ address: ADDRESS, secret: 'neu' })).status).toBe(200)
      expect(await list()).toMatchObject({ locked: false, host: 'oapi.dingtalk.com' })
      expect((await opened())[0]).toMatchObject({ address: ADDRESS, secret: 'neu' })
    })
  },
  { seeded: 'empty' },
)
