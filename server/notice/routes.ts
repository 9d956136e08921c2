import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { OBJECTION_RATES, phaseOf, type FrozenNotice } from '../../geo/notice/notice.ts'
import { audit } from '../audit/queries.ts'
import { instantOf, todayOf } from '../clock.ts'
import { takeTurn } from '../database/turns.ts'
import { frozenFile, holds } from '../frozen/frozen.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import { isoMonth } from '../plan/schemas.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, route, router, wholeNumber, type App } from '../route.ts'
import {
  answerObjection,
  deleteNotice,
  holdObjection,
  insertNotice,
  insertObjection,
  noticeOf,
  notices,
  objectionsSince,
  objectionsTo,
  openObjections,
  publishedNotices,
  versionsOfNotice,
  type NoticeRowStored,
  type NoticeVersionRow,
} from './queries.ts'
import {
  choiceSchema,
  decidedObjectionSchema,
  draftSchema,
  givenObjectionSchema,
  noticeSummarySchema,
  objectionSchema,
  previewSchema,
  publicNoticeSchema,
  reasonSchema,
  workingNoticeSchema,
} from './schemas.ts'
import { choicesOf, mustBeHeld, previewOf, publishNotice, saveDraft, summaryOf } from './store.ts'

const idParam = z.object({ id: wholeNumber(1) })
const versionQuery = z.object({ version: wholeNumber(1).optional().openapi({ description: 'an earlier version; without it the one that counts' }) })
const body = <S extends z.ZodType>(schema: S) => ({ required: true, content: { 'application/json': { schema } } })
const HOUR_MS = 3_600_000

const recordOf = (row: NoticeVersionRow) => JSON.parse(row.content) as FrozenNotice
const contextOf = (c: Context<App>) => ({ actor: c.var.actor, now: instantOf(c.var.clock), today: todayOf(c.var.clock) })

/** @throws Problem not-found, also for a notice that is a draft only: the public learns nothing of drafts */
async function publishedVersion(c: Context<App>, id: number, version: number | undefined) {
  const versions = await versionsOfNotice(c.var.sql, id)
  const row = version === undefined ? versions.at(-1) : versions.find((candidate) => candidate.version === version)
  if (!row) throw new Problem('not-found', { what: `notice/${id}${version === undefined ? '' : `/versions/${version}`}` }, 'id')
  return { row, versions }
}

async function workingNotice(c: Context<App>, id: number) {
  const notice = await existing(c, id)
  return { ...withoutPlan(notice), openObjections: (await openObjections(c.var.sql)).get(id) ?? 0 }
}

/** @throws Problem not-found */
async function existing(c: Context<App>, id: number): Promise<NoticeRowStored> {
  const notice = await noticeOf(c.var.sql, id)
  if (!notice) throw new Problem('not-found', { what: `notice/${id}` }, 'id')
  return notice
}

function withoutPlan({ planId: _, ...notice }: NoticeRowStored) {
  return notice
}

export const noticeRoutes = router()
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/api/notices',
      summary: 'What is put before the public, newest first; needs no signing in',
      responses: { 200: json(z.array(noticeSummarySchema), 'notices') },
    }),
    async (c) => {
      const today = todayOf(c.var.clock)
      const rows = (await publishedNotices(c.var.sql)).map(recordOf)
      return c.json(
        rows.map(({ notice: id, version, title, district, year, month, publishedOn, period, rows: figures, demo }) => {
          return { id, version, title, district, year, month, publishedOn, period, phase: phaseOf(period, today), rows: figures.length, demo }
        }),
        200,
      )
    },
  )
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/api/notices/{id}',
      summary: 'A notice exactly as it was published, with its hash computed anew, its versions, and the objections that are shown',
      request: { params: idParam, query: versionQuery },
      responses: { 200: json(publicNoticeSchema, 'the notice'), ...failures(400, 404) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { row, versions } = await publishedVersion(c, id, c.req.valid('query').version)
      const notice = recordOf(row)
      const newest = versions.at(-1)!
      const objections = (await objectionsTo(c.var.sql, id)).filter(({ state }) => state === 'shown')
      return c.json(
        {
          notice,
          publishedAt: row.at,
          sha256: row.sha256,
          holds: holds(row),
          phase: row.version === newest.version ? phaseOf(notice.period, todayOf(c.var.clock)) : ('over' as const),
          newest: newest.version,
          versions: versions.map((version) => {
            const { publishedOn, corrects } = recordOf(version)
            return { version: version.version, at: version.at, sha256: version.sha256, publishedOn, reason: corrects?.reason ?? null }
          }),
          // Whoever objected is nobody else's business: neither name nor contact is shown.
          objections: objections.map(({ at, words, answer, answeredAt }, i) => ({ no: i + 1, at, words, answer, answeredAt })),
        },
        200,
      )
    },
  )
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/api/notices/{id}/file',
      summary: 'The bytes that the hash of a notice is of, for keeping and checking elsewhere',
      request: { params: idParam, query: versionQuery },
      responses: { 200: { description: 'canonical JSON', content: { 'application/json': { schema: z.unknown() } } }, ...failures(400, 404) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { row } = await publishedVersion(c, id, c.req.valid('query').version)
      return frozenFile(c, row, `notice-${id}-v${row.version}.json`) as never
    },
  )
  .openapi(
    route('anyone', {
      method: 'post',
      path: '/api/notices/{id}/objections',
      summary: 'Objects to a notice, within its period; stored as text and shown to nobody but the office until that decides',
      description: `At most ${OBJECTION_RATES.anHour} an hour from one address.`,
      request: { params: idParam, body: body(givenObjectionSchema) },
      responses: { 201: json(z.object({ id: z.int() }), 'received'), ...failures(400, 404, 409, 429) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const given = c.req.valid('json')
      const { row } = await publishedVersion(c, id, undefined)
      const { period } = recordOf(row)
      if (given.version !== row.version) throw new Problem('version-conflict', { current: row.version, given: given.version }, '/version')
      if (phaseOf(period, todayOf(c.var.clock)) === 'over') throw new Problem('notice-over', { until: period.until })
      const now = c.var.clock.now().getTime()
      const since = (ms: number) => new Date(now - ms).toISOString()
      const objection = await begin(c, async (tx) => {
        await takeTurn(tx, 'objections')
        const { origin } = c.var.actor
        const { own, all } = await objectionsSince(tx, origin, since(HOUR_MS), since(24 * HOUR_MS))
        if (own >= OBJECTION_RATES.anHour || all >= OBJECTION_RATES.aDayForAll) throw new Problem('too-many-objections')
        const objectionId = await insertObjection(tx, { ...given, notice: id, noticeVersion: row.version, at: instantOf(c.var.clock), origin })
        await audit(tx, c.var.actor, { action: 'notice.object', subject: `notice/${id}`, before: null, after: { objection: objectionId, length: given.words.length } })
        return objectionId
      })
      return c.json({ id: objection }, 201)
    },
  )
  .openapi(
    route('notice.publish', {
      method: 'get',
      path: '/api/notices/{id}/objections',
      summary: 'Everything that was said against a notice, with names and contacts, for the office',
      request: { params: idParam },
      responses: { 200: json(z.array(objectionSchema), 'objections'), ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await existing(c, id)
      return c.json(await objectionsTo(c.var.sql, id), 200, { 'cache-control': 'no-store' })
    },
  )
  .openapi(
    route('notice.publish', {
      method: 'post',
      path: '/api/notices/{id}/objections/{objection}/decide',
      summary: 'Answers an objection and decides whether the public sees both',
      request: { params: idParam.extend({ objection: wholeNumber(1) }), body: body(decidedObjectionSchema) },
      responses: { 200: json(z.array(objectionSchema), 'objections'), ...failures(400, 401, 403, 404, 409) },
    }),
    async (c) => {
      const { id, objection } = c.req.valid('param')
      const given = c.req.valid('json')
      await begin(c, async (tx) => {
        const before = await holdObjection(tx, id, objection)
        if (!before) throw new Problem('not-found', { what: `notice/${id}/objections/${objection}` }, 'objection')
        if (before.version !== given.version) throw new Problem('version-conflict', { current: before.version, given: given.version }, '/version')
        await answerObjection(tx, objection, { state: given.state, answer: given.answer, by: c.var.actor.name, at: instantOf(c.var.clock) })
        await audit(tx, c.var.actor, {
          action: 'notice.answer',
          subject: `notice/${id}`,
          before: { objection, state: before.state, answer: before.answer },
          after: { objection, state: given.state, answer: given.answer },
        })
      })
      return c.json(await objectionsTo(c.var.sql, id), 200)
    },
  )
  .openapi(
    route('notice.publish', {
      method: 'get',
      path: '/api/plans/{year}/figures/{month}',
      summary: 'The figures of a month that a notice can be made of, and those that are not approved yet',
      request: { params: yearParam.extend({ month: isoMonth }) },
      responses: { 200: json(z.array(choiceSchema), 'figures in the list’s order'), ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { year, month } = c.req.valid('param')
      return c.json(await choicesOf(c.var.sql, await planOfPath(c, year), month), 200)
    },
  )
  .openapi(
    route('notice.publish', {
      method: 'get',
      path: '/api/notice-drafts',
      summary: 'The office’s notices, drafts and published ones, newest first',
      responses: { 200: json(z.array(workingNoticeSchema), 'notices'), ...failures(401, 403) },
    }),
    async (c) => {
      const [rows, open] = await Promise.all([notices(c.var.sql), openObjections(c.var.sql)])
      return c.json(
        rows.map((row) => ({ ...withoutPlan(row), openObjections: open.get(row.id) ?? 0 })),
        200,
      )
    },
  )
  .openapi(
    route('notice.publish', {
      method: 'post',
      path: '/api/notice-drafts',
      summary: 'Begins a notice',
      request: { body: body(z.object({ year: z.int().min(1900).max(2999), draft: draftSchema })) },
      responses: { 201: json(workingNoticeSchema, 'the notice'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const { year, draft } = c.req.valid('json')
      const plan = await planOfPath(c, year)
      const id = await begin(c, async (tx) => {
        const made = await insertNotice(tx, { planId: plan.id, year, draft, by: c.var.actor.name, at: instantOf(c.var.clock) })
        await audit(tx, c.var.actor, { action: 'notice.begin', subject: `notice/${made}`, before: null, after: summaryOf(draft) })
        return made
      })
      return c.json(await workingNotice(c, id), 201)
    },
  )
  .openapi(
    route('notice.publish', {
      method: 'get',
      path: '/api/notice-drafts/{id}',
      summary: 'The office’s working copy of a notice',
      request: { params: idParam },
      responses: { 200: json(workingNoticeSchema, 'the notice'), ...failures(401, 403, 404) },
    }),
    async (c) => c.json(await workingNotice(c, c.req.valid('param').id), 200),
  )
  .openapi(
    route('notice.publish', {
      method: 'put',
      path: '/api/notice-drafts/{id}',
      summary: 'Saves the working copy; what is published already does not change',
      request: { params: idParam, body: body(z.object({ version: z.int(), draft: draftSchema })) },
      responses: { 200: json(workingNoticeSchema, 'the notice'), ...failures(400, 401, 403, 404, 409) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await begin(c, (tx) => saveDraft(tx, contextOf(c), id, c.req.valid('json')))
      return c.json(await workingNotice(c, id), 200)
    },
  )
  .openapi(
    route('notice.publish', {
      method: 'delete',
      path: '/api/notice-drafts/{id}',
      summary: 'Gives up a draft that was never published',
      request: { params: idParam, query: z.object({ version: wholeNumber(1) }) },
      responses: { 204: { description: 'gone' }, ...failures(400, 401, 403, 404, 409) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await begin(c, async (tx) => {
        const notice = await mustBeHeld(tx, id, c.req.valid('query').version)
        if (notice.published !== null) throw new Problem('state-conflict', { state: '已公示 / published' })
        await deleteNotice(tx, id)
        await audit(tx, c.var.actor, { action: 'notice.give-up', subject: `notice/${id}`, before: summaryOf(notice.draft), after: null })
      })
      return c.body(null, 204)
    },
  )
  .openapi(
    route('notice.publish', {
      method: 'get',
      path: '/api/notice-drafts/{id}/preview',
      summary: 'The very record that publishing today would freeze, with its hash and what is still in the way',
      request: { params: idParam, query: z.object({ reason: reasonSchema.optional() }) },
      responses: { 200: json(previewSchema, 'the preview'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const notice = await existing(c, c.req.valid('param').id)
      const { record, sha256, faults, differences } = await previewOf(c.var.sql, notice, c.req.valid('query').reason ?? '', todayOf(c.var.clock))
      return c.json({ notice: record, sha256, faults, differences }, 200)
    },
  )
  .openapi(
    route('notice.publish', {
      method: 'post',
      path: '/api/notice-drafts/{id}/publish',
      summary: 'Publishes what the preview with this hash showed; a published notice gets another version, and the old one stays readable',
      request: { params: idParam, body: body(z.object({ version: z.int(), sha256: z.string().regex(/^[\da-f]{64}$/), reason: reasonSchema.default('') })) },
      responses: { 200: json(workingNoticeSchema, 'the notice'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await begin(c, (tx) => publishNotice(tx, contextOf(c), id, c.req.valid('json')))
      return c.json(await workingNotice(c, id), 200)
    },
  )
