import { z } from '@hono/zod-openapi'
import { REPORT_CHECKS, type ReportCheck } from '../../geo/report/check.ts'
import { FLOW_REFUSALS, REPORT_ACTS, REVIEW_LEVELS, type FlowRefusal, type ReportAct } from '../../geo/report/flow.ts'
import { REPORT_STATES } from '../../geo/report/report.ts'
import { REFUSALS } from '../../geo/right/right.ts'
import { CHANGED_PARTS, REVIEW_LISTS, type ReviewList } from '../../geo/review/review.ts'
import { attachmentSchema } from '../attachment/schemas.ts'
import { todayOf } from '../clock.ts'
import { isoDate, isoMonth } from '../plan/schemas.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import { Problem } from '../problems.ts'
import { answerSchema, measureId, townCode } from '../report/routes.ts'
import { begin, failures, json, route, router, wholeNumber } from '../route.ts'
import { countsByState, reviewSettingsOf } from './queries.ts'
import { changeReviewLevels, listReviews, MOST_REVIEWS, scopeOf } from './store.ts'

const who = z.object({ account: z.string(), name: z.string() })
const acts = z.enum(Object.keys(REPORT_ACTS) as [ReportAct, ...ReportAct[]])
const refusals = z.enum([...Object.keys(REFUSALS), ...Object.keys(FLOW_REFUSALS)] as [FlowRefusal, ...FlowRefusal[]])
const said = { value: z.number().nullable(), words: z.string(), answers: z.array(answerSchema) }

const reviewSchema = z
  .object({
    id: z.int(),
    task: z.int(),
    leads: z.array(z.string()),
    measure: z.string(),
    town: z.string(),
    month: isoMonth,
    version: z.int(),
    state: z.enum(REPORT_STATES),
    ...said,
    target: z.number().nullable(),
    enteredBy: who,
    changedAt: z.iso.datetime(),
    submittedAt: z.iso.datetime().nullable(),
    approvedAt: z.iso.datetime().nullable(),
    approvedValue: z.number().nullable(),
    approvedVersion: z.int().nullable(),
    demo: z.boolean(),
    attachments: z.array(attachmentSchema.omit({ subject: true, addedBy: true, addedAt: true })).openapi({ description: 'photos and files on it' }),
    last: z.union([z.object({ month: isoMonth, value: z.number() }), z.null()]).openapi({ description: 'the newest earlier month with a value that was handed in' }),
    decided: z
      .union([z.object({ version: z.int(), act: acts, at: z.iso.datetime(), by: who, reason: z.string().nullable(), ...said, attachments: z.array(z.object({ id: z.int(), name: z.string() })) }), z.null()])
      .openapi({ description: 'what was decided last: what was asked, or the value that counts' }),
    correction: z.union([z.object({ at: z.iso.datetime(), by: who, reason: z.string().nullable() }), z.null()]),
    checks: z.array(z.enum(Object.keys(REPORT_CHECKS) as [ReportCheck, ...ReportCheck[]])),
    changed: z.array(z.enum(CHANGED_PARTS)).nullable().openapi({ description: 'what is different from what was decided on last; null: nothing was' }),
    desk: z.enum(REVIEW_LEVELS).nullable().openapi({ description: 'whose turn it is; null: it does not wait' }),
    since: z.iso.datetime().nullable(),
    days: z.int().nullable(),
    over: z.boolean().openapi({ description: 'waits longer than the plan’s days' }),
    next: z.array(acts).openapi({ description: 'what the caller may do next' }),
    refusal: refusals.nullable().openapi({ description: 'why the caller may not decide on it although it waits' }),
  })
  .openapi('Review')

const levelsSchema = z
  .object({
    levels: z.array(z.enum(REVIEW_LEVELS)).refine((levels) => levels.includes('department') && new Set(levels).size === levels.length, 'the department always reviews'),
    version: z.int().min(1),
  })
  .openapi('ReviewLevels')
const settingsSchema = levelsSchema.extend({ days: z.int().openapi({ description: 'working days; a part of the rules of reminders' }) }).openapi('ReviewSettings')

export const reviewRoutes = router()
  .openapi(
    route('report.read', {
      method: 'get',
      path: '/api/plans/{year}/reviews',
      summary: 'Reports under review that the caller may see, with all that a reviewer looks at and what the caller may do next',
      description: 'What waits longest comes first; decided ones newest first. `over=yes`: only what waits longer than the plan’s days.',
      request: {
        params: yearParam,
        query: z.object({
          list: z.enum(Object.keys(REVIEW_LISTS) as [ReviewList, ...ReviewList[]]).default('waiting'),
          task: wholeNumber(1).optional(),
          town: townCode.optional(),
          month: isoMonth.optional(),
          over: z.literal('yes').optional(),
        }),
      },
      responses: {
        200: json(
          z.object({
            today: isoDate,
            settings: settingsSchema,
            counts: z.object({ waiting: z.int(), returned: z.int() }).openapi({ description: 'whatever the filter' }),
            reviews: z.array(reviewSchema),
            more: z.boolean().openapi({ description: 'there are more than are listed' }),
          }),
          'reviews',
        ),
        ...failures(400, 401, 403, 404),
      },
    }),
    async (c) => {
      const { list, over, ...filter } = c.req.valid('query')
      const plan = await planOfPath(c, c.req.valid('param').year)
      const { person } = c.var.actor
      const today = todayOf(c.var.clock)
      const counts = await countsByState(c.var.sql, plan.id, scopeOf(person))
      const { settings, reviews } = await listReviews(c.var.sql, { plan, person, today }, { ...filter, states: REVIEW_LISTS[list], limit: MOST_REVIEWS + 1 })
      const listed = reviews.slice(0, MOST_REVIEWS)
      const count = (name: ReviewList) => REVIEW_LISTS[name].reduce((n, state) => n + (counts.get(state) ?? 0), 0)
      return c.json(
        {
          today,
          settings,
          counts: { waiting: count('waiting'), returned: count('returned') },
          reviews: over ? listed.filter((review) => review.over) : listed,
          more: reviews.length > MOST_REVIEWS,
        },
        200,
      )
    },
  )
  .openapi(
    route('report.read', {
      method: 'get',
      path: '/api/plans/{year}/reviews/{month}/{town}/{measure}',
      summary: 'One report as a reviewer sees it, in whatever state it is',
      request: { params: yearParam.extend({ month: isoMonth, town: townCode, measure: measureId }) },
      responses: { 200: json(reviewSchema, 'review'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const { year, ...key } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      const asked = { plan, person: c.var.actor.person, today: todayOf(c.var.clock) }
      const [review] = (await listReviews(c.var.sql, asked, { ...key, states: REPORT_STATES, limit: 1 })).reviews
      if (!review) throw new Problem('not-found', { what: `report/${key.month}/${key.town}/${key.measure}` })
      return c.json(review, 200)
    },
  )
  .openapi(
    route('signed-in', {
      method: 'get',
      path: '/api/plans/{year}/review-settings',
      summary: 'By whom the plan’s reports are reviewed, and within how many working days',
      request: { params: yearParam },
      responses: { 200: json(settingsSchema, 'settings'), ...failures(401, 404) },
    }),
    async (c) => c.json(await reviewSettingsOf(c.var.sql, (await planOfPath(c, c.req.valid('param').year)).id), 200),
  )
  .openapi(
    route('review.levels', {
      method: 'put',
      path: '/api/plans/{year}/review-settings',
      summary: 'Changes by whom reports are reviewed; holds for what waits already, too',
      request: { params: yearParam, body: { required: true, content: { 'application/json': { schema: levelsSchema } } } },
      responses: { 200: json(settingsSchema, 'settings'), ...failures(400, 401, 403, 404, 409) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const { levels, version } = c.req.valid('json')
      const ordered = REVIEW_LEVELS.filter((level) => levels.includes(level))
      return c.json(await begin(c, (tx) => changeReviewLevels(tx, c.var.actor, plan, { version, levels: ordered })), 200)
    },
  )
