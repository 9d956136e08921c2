import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { REPORT_CHECKS, type ReportCheck } from '../../geo/report/check.ts'
import { REPORT_ACTS, type ReportAct } from '../../geo/report/flow.ts'
import { REPORT_STATES } from '../../geo/report/report.ts'
import { cachedJson } from '../cache.ts'
import { instantOf, todayOf } from '../clock.ts'
import { isoMonth, isoDate } from '../plan/schemas.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, mustBeAllowed, route, router, wholeNumber, type App } from '../route.ts'
import { isStorable } from '../storable.ts'
import { dutyForReport, progressOf, reportsOf, versionsOf } from './queries.ts'
import { actOnReports, type ReportChange } from './store.ts'

const pointSchema = z.object({
  month: isoMonth,
  value: z.number().nullable(),
  state: z.enum(REPORT_STATES),
  submittedAt: z.string().nullable(),
  approvedAt: z.string().nullable(),
  demo: z.boolean(),
})

const progressSchema = z
  .object({
    plan: z.object({ year: z.int(), startsOn: isoDate, endsOn: isoDate }),
    months: z.array(z.object({ id: isoMonth, opensOn: isoDate, dueOn: isoDate, closesOn: isoDate, closedOn: isoDate.nullable() })),
    rules: z.array(z.object({ version: z.int(), validFrom: isoDate, green: z.number(), yellow: z.number() })),
    series: z.array(z.object({ measure: z.string(), town: z.string(), points: z.array(pointSchema) })),
  })
  .openapi('Progress')

const reportSchema = pointSchema.extend({ id: z.int(), measure: z.string(), town: z.string(), words: z.string() }).openapi('Report')

export const townCode = z.string().regex(/^\w{6,12}$/, 'must be a code, e.g. 310118105')
export const measureId = z.string().regex(/^\d{1,9}\.\d{1,4}$/, 'must be a measure, e.g. 15.2')
const checkKey = z.enum(Object.keys(REPORT_CHECKS) as [ReportCheck, ...ReportCheck[]])
export const answerSchema = z.object({ check: checkKey, reason: z.string().trim().max(500).refine((text) => isStorable(text), 'holds a NUL or half a character') })

/** Text as the database can hold it. */
export const storedText = (most: number) => z.string().max(most).refine((text) => isStorable(text), 'holds a NUL or half a character')

const entrySchema = z
  .object({
    measure: measureId,
    town: townCode,
    month: isoMonth,
    version: z.int().min(0),
    value: z.number().min(-1e12).max(1e12).nullable().optional(),
    words: storedText(5000).optional(),
    answers: z.array(answerSchema).max(20).optional(),
    reason: z.string().trim().max(1000).refine((text) => isStorable(text), 'holds a NUL or half a character').optional(),
  })
  .openapi('ReportEntry')

export const rowSchema = z
  .object({
    id: z.int(),
    measure: z.string(),
    town: z.string(),
    month: isoMonth,
    version: z.int(),
    state: z.enum(REPORT_STATES),
    value: z.number().nullable(),
    words: z.string(),
    answers: z.array(answerSchema),
    reason: z.string().nullable(),
    enteredBy: z.string(),
    changedAt: z.iso.datetime(),
    submittedAt: z.iso.datetime().nullable(),
    approvedAt: z.iso.datetime().nullable(),
    approvedValue: z.number().nullable(),
    approvedVersion: z.int().nullable(),
    demo: z.boolean(),
  })
  .openapi('ReportRow')

const withNextSchema = rowSchema
  .extend({ next: z.array(z.enum(Object.keys(REPORT_ACTS) as [ReportAct, ...ReportAct[]])).openapi({ description: 'what the caller may do to it next' }) })
  .openapi('ReportWithNext')

const versionSchema = z
  .object({
    version: z.int(),
    at: z.iso.datetime(),
    by: z.string(),
    name: z.string(),
    act: z.enum(Object.keys(REPORT_ACTS) as [ReportAct, ...ReportAct[]]),
    state: z.enum(REPORT_STATES),
    value: z.number().nullable(),
    words: z.string(),
    answers: z.array(answerSchema),
    reason: z.string().nullable(),
  })
  .openapi('ReportVersion')

/** Does one act to the reports of a request, in one transaction behind the database's wall. */
async function act(c: Context<App>, year: number, which: ReportAct, reports: ReportChange[]) {
  const plan = await planOfPath(c, year)
  const context = { plan, actor: c.var.actor, now: instantOf(c.var.clock), today: todayOf(c.var.clock) }
  return begin(c, (tx) => actOnReports(tx, context, which, reports))
}

export const reportRoutes = router()
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/plans/{year}/progress',
      summary: 'A year of reported values, with months and light rules: all that lights are computed from',
      description: '`knownAt`: as it was known at the end of that day, whatever was corrected since.',
      request: { params: yearParam, query: z.object({ knownAt: isoDate.optional() }) },
      responses: { 200: json(progressSchema, 'progress'), ...failures(400, 404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const { knownAt } = c.req.valid('query')
      return cachedJson(c, c.var.sql, `progress/${plan.id}/${plan.revision}/${knownAt ?? ''}`, () => progressOf(c.var.sql, plan, knownAt ?? null)) as never
    },
  )
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/plans/{year}/reports',
      summary: 'Reports with their words, filtered by task, measure, town or month',
      request: {
        params: yearParam,
        query: z.object({
          task: wholeNumber(1).optional(),
          measure: measureId.optional(),
          town: townCode.optional(),
          month: isoMonth.optional(),
        }),
      },
      responses: { 200: json(z.array(reportSchema), 'reports'), ...failures(400, 404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      return c.json(await reportsOf(c.var.sql, plan.id, c.req.valid('query')), 200)
    },
  )
  .openapi(
    route('report.read', {
      method: 'get',
      path: '/api/plans/{year}/reports/{month}/{town}/{measure}/versions',
      summary: 'Everything that ever happened to one report, oldest first',
      request: { params: yearParam.extend({ month: isoMonth, town: townCode, measure: measureId }) },
      responses: { 200: json(z.array(versionSchema), 'versions'), ...failures(401, 403, 404) },
    }),
    async (c) => {
      const key = c.req.valid('param')
      const plan = await planOfPath(c, key.year)
      const duty = await dutyForReport(c.var.sql, plan.id, key.measure, key.town)
      if (!duty) throw new Problem('not-found', { what: `report/${key.month}/${key.town}/${key.measure}` })
      mustBeAllowed(c, 'report.read', { town: key.town, departments: duty.leads })
      return c.json(await versionsOf(c.var.sql, plan.id, key), 200)
    },
  )
  .openapi(
    route('report.write', {
      method: 'put',
      path: '/api/plans/{year}/reports',
      summary: 'Saves drafts: values and words of one or many cells, each with the version it was made on (0: none yet); all or nothing',
      request: { params: yearParam, body: { required: true, content: { 'application/json': { schema: z.object({ reports: z.array(entrySchema).min(1).max(2000) }) } } } },
      responses: { 200: json(z.array(withNextSchema), 'the reports as they are now'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => c.json(await act(c, c.req.valid('param').year, 'save', c.req.valid('json').reports), 200),
  )
  .openapi(
    route(['report.write', 'report.endorse', 'report.review'], {
      method: 'post',
      path: '/api/plans/{year}/reports/{act}',
      summary: 'Hands in, takes back, corrects, endorses, approves or returns one or many reports; all or nothing',
      description: 'Who may depends on the act, the place and who entered the value (geo/report/flow.ts); `return` and `correct` need a reason.',
      request: {
        params: yearParam.extend({ act: z.enum(['submit', 'withdraw', 'correct', 'endorse', 'approve', 'return']) }),
        body: { required: true, content: { 'application/json': { schema: z.object({ reports: z.array(entrySchema).min(1).max(2000) }) } } },
      },
      responses: { 200: json(z.array(withNextSchema), 'the reports as they are now'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const { year, act: which } = c.req.valid('param')
      return c.json(await act(c, year, which, c.req.valid('json').reports), 200)
    },
  )
