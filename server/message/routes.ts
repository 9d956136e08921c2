import { z } from '@hono/zod-openapi'
import { streamSSE } from 'hono/streaming'
import { MESSAGE_KINDS, MESSAGE_STATES, type MessageKind, type MessageState } from '../../geo/message/message.ts'
import { TOPICS, type Topic } from '../../geo/message/subscription.ts'
import { dayNumber, isoDay } from '../../geo/month/day.ts'
import { missingOf, missingSubmissions } from '../../geo/reminder/missing.ts'
import { reportersOf } from '../../geo/reminder/reminders.ts'
import { unitNames } from '../../geo/town/names.ts'
import { audit } from '../audit/queries.ts'
import { instantOf, todayOf } from '../clock.ts'
import { tasksOf } from '../plan/queries.ts'
import { isoDate, isoMonth } from '../plan/schemas.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import { Problem } from '../problems.ts'
import { progressOf } from '../report/queries.ts'
import { begin, failures, json, mustBeAllowed, route, router, wholeNumber } from '../route.ts'
import { isStorable } from '../storable.ts'
import { submissionPoints } from '../submission/queries.ts'
import { endWithServer, watchInbox, type InboxState } from './live.ts'
import { inboxOf, inboxStates, markRead, receipts, subscribe, topicsOf, unsubscribe } from './queries.ts'
import { tell } from './tell.ts'

const topic = z.enum(Object.keys(TOPICS) as [Topic, ...Topic[]])
const kind = z.enum(Object.keys(MESSAGE_KINDS) as [MessageKind, ...MessageKind[]])
const params = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
const itemSchema = z.object({ id: z.int(), kind, params, path: z.string(), at: z.iso.datetime(), readAt: z.iso.datetime().nullable() }).openapi('InboxItem')
const receiptSchema = z
  .object({
    kind,
    key: z.string(),
    params,
    path: z.string(),
    at: z.iso.datetime(),
    told: z.array(
      z.object({
        account: z.string(),
        person: z.string(),
        readAt: z.iso.datetime().nullable(),
        message: z.union([z.enum(Object.keys(MESSAGE_STATES) as [MessageState, ...MessageState[]]), z.null()]).openapi({ description: 'of the message out of the house, if there was one' }),
      }),
    ),
  })
  .openapi('Receipt')

/** A stream ends after so long, and the browser opens the next: so it goes through the door again, and a session that has ended ends it. */
const STREAM_MS = 5 * 60_000
const HEARTBEAT_MS = 25_000
const PAGE = 100
const MOST_RECEIPTS = 500

export const messageRoutes = router()
  .openapi(
    route('signed-in', {
      method: 'get',
      path: '/api/inbox',
      summary: 'One’s own inbox, the newest on top, a page at a time',
      request: { query: z.object({ before: wholeNumber(1).optional().openapi({ description: 'entries older than this one' }) }) },
      responses: { 200: json(z.object({ unread: z.int(), items: z.array(itemSchema) }), 'the inbox'), ...failures(400, 401) },
    }),
    async (c) => {
      const account = c.var.actor.person!.account
      const [items, states] = await Promise.all([inboxOf(c.var.sql, account, c.req.valid('query').before ?? null, PAGE), inboxStates(c.var.sql, [account])])
      return c.json({ unread: states.get(account)?.unread ?? 0, items }, 200, { 'cache-control': 'no-store' })
    },
  )
  .openapi(
    route('signed-in', {
      method: 'post',
      path: '/api/inbox/read',
      summary: 'Marks entries of one’s own inbox as read, or all of them; the office sees who has read what',
      request: { body: { required: true, content: { 'application/json': { schema: z.object({ ids: z.array(z.int().min(1)).max(1000).nullable() }) } } } },
      responses: { 200: json(z.object({ read: z.int() }), 'how many were not before'), ...failures(400, 401, 403) },
    }),
    async (c) => {
      const person = c.var.actor.person!
      if (person.readOnly) throw new Problem('not-allowed', { refusal: 'looking-as', what: '标为已读', whatEn: 'mark as read', why: '正在以他人身份查看', whyEn: 'you are looking as somebody else' })
      const read = await begin(c, (tx) => markRead(tx, person.account, c.req.valid('json').ids, instantOf(c.var.clock)))
      return c.json({ read }, 200)
    },
  )
  .openapi(
    route('signed-in', {
      method: 'get',
      path: '/api/inbox/stream',
      summary: 'Server-sent events `inbox`: how much is unread, whenever that changes',
      responses: { 200: { description: 'events', content: { 'text/event-stream': { schema: z.string() } } }, ...failures(401) },
    }),
    (c) => {
      const account = c.var.actor.person!.account
      return streamSSE(c, async (stream) => {
        const states: InboxState[] = []
        let wake = () => {}
        let over = false
        const end = () => {
          over = true
          wake()
        }
        const forget = endWithServer(end)
        const stop = watchInbox(c.var.sql, account, (state) => {
          states.push(state)
          wake()
        })
        const timer = setTimeout(end, STREAM_MS)
        const heart = setInterval(() => void stream.write(': still here\n\n'), HEARTBEAT_MS)
        stream.onAbort(end)
        try {
          while (!over) {
            const state = states.shift()
            if (state) await stream.writeSSE({ event: 'inbox', data: JSON.stringify(state) })
            else await new Promise<void>((resolve) => (wake = resolve))
          }
        } finally {
          clearTimeout(timer)
          clearInterval(heart)
          stop()
          forget()
        }
      }) as never
    },
  )
  .openapi(
    route('signed-in', {
      method: 'get',
      path: '/api/me/subscriptions',
      summary: 'What one asked to be sent',
      responses: { 200: json(z.object({ topics: z.array(topic) }), 'topics'), ...failures(401) },
    }),
    async (c) => c.json({ topics: await topicsOf(c.var.sql, c.var.actor.person!.account) }, 200, { 'cache-control': 'no-store' }),
  )
  .openapi(
    route('signed-in', {
      method: 'put',
      path: '/api/me/subscriptions',
      summary: 'Asks to be sent something, or no more: into one’s inbox, and by e-mail where one has an address',
      request: { body: { required: true, content: { 'application/json': { schema: z.object({ topic, wanted: z.boolean() }) } } } },
      responses: { 200: json(z.object({ topics: z.array(topic) }), 'topics'), ...failures(400, 401, 403) },
    }),
    async (c) => {
      const { account } = c.var.actor.person!
      const { topic: asked, wanted } = c.req.valid('json')
      if (wanted) mustBeAllowed(c, TOPICS[asked].needs)
      const topics = await begin(c, async (tx) => {
        const changed = wanted ? await subscribe(tx, account, asked, instantOf(c.var.clock)) : await unsubscribe(tx, account, asked)
        if (changed) await audit(tx, c.var.actor, { action: wanted ? 'subscription.start' : 'subscription.end', subject: `account/${account}`, before: null, after: { topic: asked } })
        return topicsOf(tx, account)
      })
      return c.json({ topics }, 200)
    },
  )
  .openapi(
    route('reminder.read', {
      method: 'get',
      path: '/api/reminders',
      summary: 'What was told to whom, and who has read it; without `since` of the last 14 days',
      request: { query: z.object({ since: isoDate.optional() }) },
      responses: { 200: json(z.array(receiptSchema), 'the newest on top'), ...failures(400, 401, 403) },
    }),
    async (c) => {
      const since = c.req.valid('query').since ?? isoDay(dayNumber(todayOf(c.var.clock)) - 14)
      return c.json(await receipts(c.var.sql, since, MOST_RECEIPTS), 200)
    },
  )
  .openapi(
    route('reminder.send', {
      method: 'post',
      path: '/api/plans/{year}/reminders',
      summary: 'Reminds everybody whose reports for a month are missing, or those of some units; once a day each',
      request: {
        params: yearParam,
        body: {
          required: true,
          content: {
            'application/json': {
              schema: z.object({
                month: isoMonth,
                towns: z.array(z.string().max(12)).max(100).optional(),
                words: z.string().trim().max(500).refine((text) => isStorable(text), 'holds a NUL or half a character').default(''),
              }),
            },
          },
        },
      },
      responses: { 200: json(z.object({ units: z.array(z.string()), accounts: z.array(z.string()) }), 'which units miss reports, and who was told'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const { month, towns, words } = c.req.valid('json')
      const [today, now] = [todayOf(c.var.clock), instantOf(c.var.clock)]
      const [tasks, progress, submissions] = await Promise.all([tasksOf(c.var.sql, plan.id), progressOf(c.var.sql, plan), submissionPoints(c.var.sql, plan.id, month)])
      if (!progress.months.some(({ id }) => id === month)) throw new Problem('not-found', { what: `month/${month}` }, 'month')
      const cells = [...missingOf(tasks, progress, month, today), ...missingSubmissions(tasks, submissions, month)].filter(({ town }) => !towns || towns.includes(town))
      const units = [...new Set(cells.map(({ town }) => town))]
      const told = units.map((unit) => {
        const its = cells.filter(({ town }) => town === unit)
        const { zh, en } = unitNames(unit)
        return {
          kind: 'reminded' as const,
          key: `reminded/${plan.year}/${month}/${unit}/${today}`,
          to: reportersOf(unit, tasks, its),
          params: { unit: zh, unitEn: en, month, missing: its.length, words },
          path: `/reports?month=${month}&town=${unit}`,
        }
      })
      const accounts = await begin(c, async (tx) => {
        const names = await tell(tx, told, now)
        await audit(tx, c.var.actor, { action: 'reminder.send', subject: `month/${month}`, before: null, after: { units, accounts: names, words } })
        return names
      })
      return c.json({ units, accounts }, 200)
    },
  )
