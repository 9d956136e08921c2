import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { faultOfMechanisms, MECHANISM_FAULTS } from '../../geo/plan/mechanism.ts'
import { SETTLEMENTS } from '../../geo/task-list/draft.ts'
import { audit } from '../audit/queries.ts'
import { cachedJson } from '../cache.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, route, router, wholeNumber, type App } from '../route.ts'
import { bumpRevision, planOf, plans, problemsOf, tasksOf, updateMechanisms, type PlanRow } from './queries.ts'
import { mechanismSchema, problemSchema, taskSchema } from './schemas.ts'

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
  .openapi(
    route('mechanism.edit', {
      method: 'put',
      path: '/api/plans/{year}/tasks/{no}/mechanisms',
      summary: 'Gives a task other mechanisms: submissions, inspections and findings with their periods and the words that ask for them',
      request: {
        params: yearParam.extend({ no: wholeNumber(1) }),
        body: {
          required: true,
          content: { 'application/json': { schema: z.object({ before: z.array(mechanismSchema).max(20), mechanisms: z.array(mechanismSchema).max(20) }) } },
        },
      },
      responses: { 200: json(z.array(mechanismSchema), 'as they are now'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const { year, no } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      const { before, mechanisms } = c.req.valid('json')
      const task = (await tasksOf(c.var.sql, plan.id)).find((one) => one.no === no)
      if (!task) throw new Problem('not-found', { what: `task/${year}/${no}` }, 'no')
      const fault = faultOfMechanisms(task, mechanisms)
      if (fault) throw new Problem('mechanism-invalid', { fault, why: MECHANISM_FAULTS[fault].zh, whyEn: MECHANISM_FAULTS[fault].en }, '/mechanisms')
      await begin(c, async (tx) => {
        if (!(await updateMechanisms(tx, plan.id, no, before, mechanisms))) throw new Problem('version-conflict', { current: '—', given: '—', key: `task/${no}` }, '/before')
        await bumpRevision(tx, plan.id)
        await audit(tx, c.var.actor, { action: 'mechanism.edit', subject: `task/${year}/${no}`, before, after: mechanisms })
      })
      return c.json(mechanisms, 200)
    },
  )
