import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { SETTLEMENTS } from '../../geo/task-list/draft.ts'
import { cachedJson } from '../cache.ts'
import { Problem } from '../problems.ts'
import { failures, json, route, router, wholeNumber, type App } from '../route.ts'
import { planOf, plans, problemsOf, tasksOf, type PlanRow } from './queries.ts'
import { problemSchema, taskSchema } from './schemas.ts'

export const yearParam = z.object({ year: wholeNumber(1900, 2999) })

/**
 * The plan that a path names.
 * @throws Problem plan-unknown
 */
export async function planOfPath(c: Context<App>, year: number): Promise<PlanRow> {
  const plan = await planOf(c.var.sql, year)
  if (!plan) throw new Problem('plan-unknown', { year }, 'year')
  return plan
}

export const planRoutes = router()
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/plans',
      summary: 'The stored plans, newest first',
      responses: {
        200: json(
          z.array(
            z.object({
              year: z.int(),
              district: z.string(),
              title: z.string(),
              tasks: z.int(),
              measures: z.int(),
              reports: z.int().openapi({ description: 'how many reports there are; a plan just stored has none' }),
              source: z.object({ name: z.string(), sha256: z.string(), storedAt: z.string() }),
            }),
          ),
          'plans',
        ),
      },
    }),
    async (c) => {
      const rows = await plans(c.var.sql)
      return c.json(
        rows.map(({ source, sha256, storedAt, ...plan }) => ({ ...plan, source: { name: source, sha256, storedAt } })),
        200,
      )
    },
  )
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/plans/{year}/tasks',
      summary: 'All tasks of a plan with measures, quotas and where each number was read',
      request: { params: yearParam },
      responses: { 200: json(z.array(taskSchema), 'tasks in the order of the list'), ...failures(404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      return cachedJson(c, c.var.sql, `tasks/${plan.id}/${plan.revision}`, () => tasksOf(c.var.sql, plan.id)) as never
    },
  )
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/plans/{year}/problems',
      summary: 'What the reader found odd in the document, and how it was settled',
      request: { params: yearParam },
      responses: {
        200: json(z.array(problemSchema.extend({ key: z.string(), settled: z.enum(SETTLEMENTS) })), 'problems'),
        ...failures(404),
      },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      return cachedJson(c, c.var.sql, `problems/${plan.id}/${plan.revision}`, () => problemsOf(c.var.sql, plan.id)) as never
    },
  )
