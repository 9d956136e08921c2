import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { CHANNEL_KINDS, MESSAGE_STATES, type ChannelKind, type MessageState } from '../../geo/message/message.ts'
import { audit } from '../audit/queries.ts'
import { instantOf } from '../clock.ts'
import { messagesOf, sendAgain } from '../message/queries.ts'
import { isoDate } from '../plan/schemas.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, route, router, wholeNumber, type App } from '../route.ts'
import { channelOf, channels, insertChannel, updateChannel, type ChannelFacts, type ChannelRow } from './queries.ts'
import { faultOfAddress, sendBy } from './send.ts'

const kind = z.enum(Object.keys(CHANNEL_KINDS) as [ChannelKind, ...ChannelKind[]])
const channelSchema = z
  .object({
    id: z.int(),
    kind,
    name: z.string(),
    host: z.string().openapi({ description: 'the address itself holds a key and is never shown' }),
    hasSecret: z.boolean(),
    sender: z.string().nullable(),
    enabled: z.boolean(),
    locked: z.boolean().openapi({ description: 'address and secret were encrypted under another key: they must be entered again' }),
    version: z.int(),
    createdAt: z.iso.datetime(),
    downSince: z.iso.datetime().nullable(),
    tries: z.int(),
    retryAt: z.iso.datetime().nullable(),
    error: z.string().nullable(),
  })
  .openapi('Channel')
const messageSchema = z
  .object({
    id: z.int(),
    account: z.string().nullable(),
    address: z.string().nullable(),
    day: isoDate,
    state: z.enum(Object.keys(MESSAGE_STATES) as [MessageState, ...MessageState[]]),
    tries: z.int(),
    createdAt: z.iso.datetime(),
    sentAt: z.iso.datetime().nullable(),
    error: z.string().nullable(),
  })
  .openapi('OutgoingMessage')

const line = (most: number) => z.string().trim().min(1).max(most).regex(/^[^\p{Cc}]+$/u, 'must be one line')
const facts = {
  name: line(100),
  /** Left out: as it is. */
  address: line(1000).optional(),
  secret: line(500).nullable().optional(),
  sender: z.email().max(200).nullable().optional(),
  enabled: z.boolean(),
}
const idParam = z.object({ id: wholeNumber(1) })
const MOST_MESSAGES = 200

/** Why a locked channel cannot be used. */
const LOCKED = { why: '加密密钥已更换，请重新填写地址和密钥', whyEn: 'the key that it was encrypted with is gone: enter address and secret again' }

/** A channel without what is secret. */
function shown({ address, secret, ...channel }: ChannelRow) {
  return { ...channel, host: hostOf(address), hasSecret: secret !== null }
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : ''
}

/** The key that secrets are encrypted under. @throws Problem channel-refused where there is none */
function secretKeyOf(c: Context<App>): string {
  const key = c.var.environment.secretKey
  if (key === null) throw new Problem('channel-refused', { why: '没有加密密钥：请设置环境变量 SECRET_KEY', whyEn: 'there is no key to encrypt with: set the environment variable SECRET_KEY' }, 'address')
  return key
}

/** What the audit trail keeps of a channel: never its address or secret. */
function forTrail(channel: ChannelFacts) {
  const { kind: which, name, sender, enabled, address } = channel
  return { kind: which, name, sender, enabled, host: hostOf(address) }
}

/** @throws Problem channel-refused */
function mustBeUsable(c: Context<App>, channel: ChannelFacts): void {
  const fault = faultOfAddress(channel.kind, channel.address, c.var.environment.channelHosts)
  if (fault) throw new Problem('channel-refused', { why: fault.zh, whyEn: fault.en }, 'address')
  if (channel.kind === 'email' && !channel.sender) throw new Problem('channel-refused', { why: '请填写发件地址', whyEn: 'mail needs an address to send from' }, 'sender')
}

async function existing(c: Context<App>, id: number): Promise<ChannelRow> {
  const channel = await channelOf(c.var.sql, c.var.environment.secretKey, id)
  if (!channel) throw new Problem('not-found', { what: `channel/${id}` }, 'id')
  return channel
}

export const channelRoutes = router()
  .openapi(
    route('channel.edit', {
      method: 'get',
      path: '/api/channels',
      summary: 'The ways that messages leave by, without their keys',
      responses: { 200: json(z.object({ hosts: z.array(z.string()), channels: z.array(channelSchema) }), 'channels, and the hosts that they may have'), ...failures(401, 403) },
    }),
    async (c) => c.json({ hosts: c.var.environment.channelHosts, channels: (await channels(c.var.sql, c.var.environment.secretKey)).map(shown) }, 200, { 'cache-control': 'no-store' }),
  )
  .openapi(
    route('channel.edit', {
      method: 'post',
      path: '/api/channels',
      summary: 'Sets up a channel; its host must be on the allow-list of the environment (CHANNEL_HOSTS)',
      request: { body: { required: true, content: { 'application/json': { schema: z.object({ ...facts, kind, address: line(1000) }) } } } },
      responses: { 201: json(channelSchema, 'the channel'), ...failures(400, 401, 403, 409, 422) },
    }),
    async (c) => {
      const given = c.req.valid('json')
      const channel: ChannelFacts = { ...given, secret: given.secret ?? null, sender: given.sender ?? null }
      mustBeUsable(c, channel)
      const key = secretKeyOf(c)
      const id = await begin(c, async (tx) => {
        const made = await insertChannel(tx, key, channel, instantOf(c.var.clock))
        if (made === null) throw new Problem('state-conflict', { state: '已有邮件渠道 / there is a mail channel already' }, 'kind')
        await audit(tx, c.var.actor, { action: 'channel.create', subject: `channel/${made}`, before: null, after: forTrail(channel) })
        return made
      })
      return c.json(shown(await existing(c, id)), 201)
    },
  )
  .openapi(
    route('channel.edit', {
      method: 'put',
      path: '/api/channels/{id}',
      summary: 'Changes a channel; address and secret stay as they are where they are left out',
      request: { params: idParam, body: { required: true, content: { 'application/json': { schema: z.object({ ...facts, version: z.int() }) } } } },
      responses: { 200: json(channelSchema, 'the channel'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const given = c.req.valid('json')
      const key = secretKeyOf(c)
      await begin(c, async (tx) => {
        const before = await channelOf(tx, key, id)
        if (!before) throw new Problem('not-found', { what: `channel/${id}` }, 'id')
        if (before.version !== given.version) throw new Problem('version-conflict', { current: before.version, given: given.version }, 'version')
        const channel: ChannelFacts = {
          kind: before.kind,
          name: given.name,
          address: given.address ?? before.address,
          secret: given.secret === undefined ? before.secret : given.secret,
          sender: given.sender === undefined ? before.sender : given.sender,
          enabled: given.enabled,
        }
        if (before.locked && given.address === undefined) throw new Problem('channel-refused', LOCKED, 'address')
        mustBeUsable(c, channel)
        await updateChannel(tx, key, id, channel)
        await audit(tx, c.var.actor, { action: 'channel.change', subject: `channel/${id}`, before: forTrail(before), after: { ...forTrail(channel), newAddress: given.address !== undefined, newSecret: given.secret !== undefined } })
      })
      return c.json(shown(await existing(c, id)), 200)
    },
  )
  .openapi(
    route('channel.edit', {
      method: 'post',
      path: '/api/channels/{id}/test',
      summary: 'Sends one line over a channel at once, and says how that ended',
      request: { params: idParam, body: { required: true, content: { 'application/json': { schema: z.object({ to: z.email().max(200).nullable().optional() }) } } } },
      responses: { 200: json(z.object({ is: z.enum(['sent', 'refused', 'away', 'unsure']), why: z.string().nullable() }), 'how it ended'), ...failures(400, 401, 403, 404, 422) },
    }),
    async (c) => {
      const channel = await existing(c, c.req.valid('param').id)
      if (channel.locked) throw new Problem('channel-refused', LOCKED, 'id')
      const { to } = c.req.valid('json')
      const outgoing = { key: crypto.randomUUID(), to: to ?? null, title: '乡图：渠道测试', lines: ['这是一条测试消息，收到即表示渠道可用。'] }
      const outcome = await sendBy(channel, outgoing, c.var.environment.channelHosts, c.var.clock.now())
      await begin(c, (tx) => audit(tx, c.var.actor, { action: 'channel.test', subject: `channel/${channel.id}`, before: null, after: { to: to ?? null, ...outcome } }))
      return c.json({ is: outcome.is, why: 'why' in outcome ? outcome.why : null }, 200)
    },
  )
  .openapi(
    route('channel.edit', {
      method: 'get',
      path: '/api/channels/{id}/messages',
      summary: 'The last messages of a channel, with their states',
      request: { params: idParam },
      responses: { 200: json(z.array(messageSchema), 'the newest on top'), ...failures(401, 403, 404) },
    }),
    async (c) => c.json(await messagesOf(c.var.sql, (await existing(c, c.req.valid('param').id)).id, MOST_MESSAGES), 200),
  )
  .openapi(
    route('channel.edit', {
      method: 'post',
      path: '/api/channels/{id}/messages/{message}/again',
      summary: 'Sends a message again that failed, or of which nobody knows whether it arrived',
      request: { params: idParam.extend({ message: wholeNumber(1) }) },
      responses: { 204: { description: 'it waits to be sent' }, ...failures(401, 403, 404, 409) },
    }),
    async (c) => {
      const { id, message } = c.req.valid('param')
      await begin(c, async (tx) => {
        const before = await sendAgain(tx, id, message, instantOf(c.var.clock))
        if (!before) throw new Problem('state-conflict', { state: '不在可重发的状态 / neither failed nor unsure' }, 'message')
        await audit(tx, c.var.actor, { action: 'channel.again', subject: `channel/${id}`, before, after: { message } })
      })
      return c.body(null, 204)
    },
  )
