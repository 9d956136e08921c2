import { z } from '@hono/zod-openapi'
import { lightsOf } from '../../geo/light/lights.ts'
import { LIGHTS, REASON_KEYS } from '../../geo/light/light.ts'
import { LIGHT_CAUSES, type LightCause } from '../../geo/light/record.ts'
import { cachedJson } from '../cache.ts'
import { todayOf } from '../clock.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import { tasksOf } from '../plan/queries.ts'
import { isoDate } from '../plan/schemas.ts'
import { progressOf } from '../report/queries.ts'
import { failures, json, route, router, wholeNumber } from '../route.ts'
import { lightRecords } from './queries.ts'

/** Dates that a plan can be asked about: the centuries that `yearParam` takes. */
export const askedDate = isoDate.refine((date) => date >= '1900' && date < '3000', 'must lie between 1900 and 2999')

const lightSchema = z
  .object({
    task: z.int(),
    measure: z.string(),
    town: z.string(),
    light: z.enum(LIGHTS),
    expected: z.number(),
    done: z.number().nullable(),
    claimed: z.number().nullable(),
    value: z.number().nullable(),
    target: z.number().nullable(),
    gap: z.number().nullable(),
    reasonKey: z.enum(REASON_KEYS),
    reasonParams: z.record(z.string(), z.union([z.string(), z.number()])),
    reason: z.string(),
    since: isoDate.nullable(),
    wasRed: z.boolean(),
    late: z.boolean(),
    demo: z.boolean(),
  })
  .openapi('Light')

const recordSchema = lightSchema
  .pick({ task: true, measure: true, town: true, light: true, reasonKey: true, reasonParams: true, demo: true })
  .extend({ day: isoDate, before: z.enum(LIGHTS).nullable(), cause: z.enum(Object.keys(LIGHT_CAUSES) as [LightCause, ...LightCause[]]) })
  .openapi('LightRecord')

export const lightRoutes = router().openapi(
  route('reader', {
    method: 'get',
    path: '/api/plans/{year}/lights',
    summary: 'The light of every measure × unit that has a quota, at a date, with the reason',
    description:
      'Values count from the month that they are reported for, once approved. `knownAt` asks what was known then: only what had been approved by that day.',
    request: {
      params: yearParam,
      query: z.object({
        asOf: askedDate.optional().openapi({ description: 'the date; without it the last day of the plan’s year, or today if that is earlier' }),
        knownAt: askedDate.optional(),
      }),
    },
    responses: { 200: json(z.array(lightSchema), 'lights'), ...failures(400, 404) },
  }),
  async (c) => {
    const plan = await planOfPath(c, c.req.valid('param').year)
    const { asOf = earlier(plan.endsOn, todayOf(c.var.clock)), knownAt } = c.req.valid('query')
    return cachedJson(c, c.var.sql, `lights/${plan.id}/${plan.revision}/${asOf}/${knownAt ?? ''}`, async () => {
      const [tasks, progress] = await Promise.all([tasksOf(c.var.sql, plan.id), progressOf(c.var.sql, plan, knownAt ?? null)])
      return lightsOf(tasks, progress, asOf, { knownAt })
    }) as never
  },
)
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/plans/{year}/light-records',
      summary: 'Each change of a light as it was recorded on its day, with its reason and its cause, oldest first',
      request: { params: yearParam, query: z.object({ task: wholeNumber(1).optional(), town: z.string().regex(/^\w{6,12}$/, 'must be a code, e.g. 310118105').optional() }) },
      responses: { 200: json(z.array(recordSchema), 'records'), ...failures(400, 404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      return c.json(await lightRecords(c.var.sql, plan.id, c.req.valid('query')), 200)
    },
  )

function earlier(a: string, b: string): string {
  return a < b ? a : b
}
