import { z } from '@hono/zod-openapi'
import { REPORT_STATES } from '../../geo/report/report.ts'
import { cachedJson } from '../cache.ts'
import { isoMonth, isoDate } from '../plan/schemas.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import { failures, json, route, router, wholeNumber } from '../route.ts'
import { progressOf, reportsOf } from './queries.ts'

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
    months: z.array(z.object({ id: isoMonth, opensOn: isoDate, dueOn: isoDate, closedOn: isoDate.nullable() })),
    rules: z.array(z.object({ version: z.int(), validFrom: isoDate, green: z.number(), yellow: z.number() })),
    series: z.array(z.object({ measure: z.string(), town: z.string(), points: z.array(pointSchema) })),
  })
  .openapi('Progress')

const reportSchema = pointSchema.extend({ id: z.int(), measure: z.string(), town: z.string(), words: z.string() }).openapi('Report')

export const reportRoutes = router()
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/api/plans/{year}/progress',
      summary: 'A year of reported values, with months and light rules: all that lights are computed from',
      request: { params: yearParam },
      responses: { 200: json(progressSchema, 'progress'), ...failures(404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      return cachedJson(c, c.var.sql, `progress/${plan.id}/${plan.revision}`, () => progressOf(c.var.sql, plan)) as never
    },
  )
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/api/plans/{year}/reports',
      summary: 'Reports with their words, filtered by task, measure, town or month',
      request: {
        params: yearParam,
        query: z.object({
          task: wholeNumber(1).optional(),
          measure: z.string().regex(/^\d{1,9}\.\d{1,4}$/, 'must be a measure, e.g. 15.2').optional(),
          town: z.string().regex(/^\w{6,12}$/, 'must be a code, e.g. 310118105').optional(),
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
