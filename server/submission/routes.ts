import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { REPORT_ACTS, REVIEW_LEVELS, type ReportAct } from '../../geo/report/flow.ts'
import { REPORT_STATES } from '../../geo/report/report.ts'
import { can } from '../../geo/right/right.ts'
import { SUBMISSION_KINDS, type SubmissionKind } from '../../geo/submission/submission.ts'
import { instantOf, todayOf } from '../clock.ts'
import { isoMonth } from '../plan/schemas.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import { tasksOf } from '../plan/queries.ts'
import { begin, failures, json, mustBeAllowed, route, router, wholeNumber, type App } from '../route.ts'
import { storedText, townCode } from '../report/routes.ts'
import { submissionsOf, versionsOfSubmission } from './queries.ts'
import { actOnSubmissions, withClock, type SubmissionChange } from './store.ts'

const kindKey = z.enum(Object.keys(SUBMISSION_KINDS) as [SubmissionKind, ...SubmissionKind[]])
const itemText = z.string().regex(/^(\d{1,9}\.\d{1,4}\/\d{1,4})?$/, 'must be a milestone, e.g. 13.1/2, or nothing')

const keySchema = z.object({ task: z.int().min(1).max(2 ** 31 - 1), kind: kindKey, item: itemText.default(''), town: townCode, month: isoMonth })

const entrySchema = keySchema
  .extend({ version: z.int().min(0), done: z.boolean().nullable().optional(), words: storedText(20_000).optional(), reason: storedText(1000).optional() })
  .openapi('SubmissionEntry')

const rowSchema = z
  .object({
    id: z.int(),
    task: z.int(),
    kind: kindKey,
    item: z.string(),
    town: z.string(),
    month: isoMonth,
    version: z.int(),
    state: z.enum(REPORT_STATES),
    done: z.boolean().nullable(),
    words: z.string(),
    reason: z.string().nullable(),
    enteredBy: z.string(),
    changedAt: z.iso.datetime(),
    submittedAt: z.iso.datetime().nullable(),
    approvedAt: z.iso.datetime().nullable(),
    approvedVersion: z.int().nullable(),
    demo: z.boolean(),
  })
  .openapi('Submission')

const listedSchema = rowSchema
  .extend({
    desk: z.enum(REVIEW_LEVELS).nullable().openapi({ description: 'whose turn it is; null: it does not wait' }),
    since: z.iso.datetime().nullable(),
    days: z.int().nullable().openapi({ description: 'working days that it has waited there' }),
    over: z.boolean().openapi({ description: 'waits longer than the plan’s days' }),
  })
  .openapi('ListedSubmission')

const versionSchema = z
  .object({
    version: z.int(),
    at: z.iso.datetime(),
    by: z.string(),
    act: z.enum(Object.keys(REPORT_ACTS) as [ReportAct, ...ReportAct[]]),
    state: z.enum(REPORT_STATES),
    done: z.boolean().nullable(),
    words: z.string(),
    reason: z.string().nullable(),
  })
  .openapi('SubmissionVersion')

const entries = { required: true, content: { 'application/json': { schema: z.object({ submissions: z.array(entrySchema).min(1).max(500) }) } } } as const

async function act(c: Context<App>, year: number, which: ReportAct, submissions: SubmissionChange[]) {
  const plan = await planOfPath(c, year)
  const context = { plan, actor: c.var.actor, now: instantOf(c.var.clock), today: todayOf(c.var.clock) }
  return begin(c, (tx) => actOnSubmissions(tx, context, which, submissions))
}

export const submissionRoutes = router()
  .openapi(
    route('report.read', {
      method: 'get',
      path: '/api/plans/{year}/submissions',
      summary: 'Submissions that have left the towns: texts, inspections, findings looked for, milestones; only those that whoever asks may read',
      request: {
        params: yearParam,
        query: z.object({ month: isoMonth.optional(), town: townCode.optional(), task: wholeNumber(1).optional(), kind: kindKey.optional(), state: z.enum(REPORT_STATES).optional() }),
      },
      responses: { 200: json(z.array(listedSchema), 'submissions'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const leads = new Map((await tasksOf(c.var.sql, plan.id)).map((task) => [task.no, task.leads]))
      const { person } = c.var.actor
      const rows = (await submissionsOf(c.var.sql, plan.id, c.req.valid('query'))).filter(({ task, town }) => can(person, 'report.read', { town, departments: leads.get(task) ?? [] }))
      return c.json(await withClock(c.var.sql, plan.id, rows, todayOf(c.var.clock)), 200)
    },
  )
  .openapi(
    route('report.read', {
      method: 'get',
      path: '/api/plans/{year}/submissions/versions',
      summary: 'Everything that ever happened to one submission, oldest first',
      request: { params: yearParam, query: z.object({ task: wholeNumber(1), kind: kindKey, item: itemText.default(''), town: townCode, month: isoMonth }) },
      responses: { 200: json(z.array(versionSchema), 'versions; none while nothing was entered'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const key = c.req.valid('query')
      const task = (await tasksOf(c.var.sql, plan.id)).find(({ no }) => no === key.task)
      mustBeAllowed(c, 'report.read', { town: key.town, departments: task?.leads ?? [] })
      return c.json(await versionsOfSubmission(c.var.sql, plan.id, key), 200)
    },
  )
  .openapi(
    route('report.write', {
      method: 'put',
      path: '/api/plans/{year}/submissions',
      summary: 'Saves drafts of submissions, each with the version it was made on (0: none yet); all or nothing',
      request: { params: yearParam, body: entries },
      responses: { 200: json(z.array(rowSchema), 'the submissions as they are now'), ...failures(400, 401, 403, 404, 409) },
    }),
    async (c) => c.json(await act(c, c.req.valid('param').year, 'save', c.req.valid('json').submissions), 200),
  )
  .openapi(
    route(['report.write', 'report.endorse', 'report.review'], {
      method: 'post',
      path: '/api/plans/{year}/submissions/{act}',
      summary: 'Hands in, takes back, corrects, endorses, approves or returns one or many submissions; all or nothing',
      description: 'The same way and the same rights as with reports; `return` and `correct` need a reason.',
      request: { params: yearParam.extend({ act: z.enum(['submit', 'withdraw', 'correct', 'endorse', 'approve', 'return']) }), body: entries },
      responses: { 200: json(z.array(rowSchema), 'the submissions as they are now'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const { year, act: which } = c.req.valid('param')
      return c.json(await act(c, year, which, c.req.valid('json').submissions), 200)
    },
  )
