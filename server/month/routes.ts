import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { lightsOf } from '../../geo/light/lights.ts'
import { refusalOfClosing, refusalOfReopening } from '../../geo/month/closing.ts'
import { differencesOf, readFrozen } from '../../geo/month/frozen.ts'
import { monthEnd, monthState } from '../../geo/month/month.ts'
import { standingsOf, sumStandings } from '../../geo/month/standing.ts'
import { cachedJson } from '../cache.ts'
import { instantOf, todayOf } from '../clock.ts'
import { frozenFile, holds } from '../frozen/frozen.ts'
import { tasksOf, type PlanRow } from '../plan/queries.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import { isoDate, isoMonth } from '../plan/schemas.ts'
import { Problem } from '../problems.ts'
import { progressOf } from '../report/queries.ts'
import { begin, failures, json, route, router, wholeNumber, type App } from '../route.ts'
import { isStorable } from '../storable.ts'
import { submissionPoints } from '../submission/queries.ts'
import { freezeOf, freezesOf, freezeStamp, monthActs, monthRows } from './queries.ts'
import { freezeSchema, monthDetailSchema, monthSchema } from './schemas.ts'
import { closeMonth, reopenMonth, setDates, type MonthContext } from './store.ts'

const monthParam = yearParam.extend({ month: isoMonth })
const freezeParam = monthParam.extend({ version: wholeNumber(1) })
const reason = z.string().trim().max(1000).refine((text) => isStorable(text), 'holds a NUL or half a character')
const body = <S extends z.ZodType>(schema: S) => ({ required: true, content: { 'application/json': { schema } } })

/** All months of a plan as the office sees them, with who has reported. */
async function overview(c: Context<App>, plan: PlanRow) {
  const { sql } = c.var
  const today = todayOf(c.var.clock)
  const [rows, freezes, tasks, progress, submissions] = await Promise.all([
    monthRows(sql, plan.id),
    freezesOf(sql, plan.id),
    tasksOf(sql, plan.id),
    progressOf(sql, plan),
    submissionPoints(sql, plan.id),
  ])
  return rows.map((row) => {
    const units = standingsOf(tasks, progress, submissions, row.id)
    return {
      ...row,
      state: monthState(row, today),
      counts: sumStandings(units),
      freeze: freezes.findLast(({ month }) => month === row.id) ?? null,
      refusals: { close: refusalOfClosing(row, rows, today), reopen: refusalOfReopening(row) },
      units,
      freezes: freezes.filter(({ month }) => month === row.id),
    }
  })
}

/** @throws Problem not-found */
async function detail(c: Context<App>, plan: PlanRow, month: string) {
  const found = (await overview(c, plan)).find(({ id }) => id === month)
  if (!found) throw new Problem('not-found', { what: `month/${month}` }, 'month')
  return { ...found, acts: await monthActs(c.var.sql, plan.id, month) }
}

async function frozen(c: Context<App>, { year, month, version }: { year: number; month: string; version: number }) {
  const plan = await planOfPath(c, year)
  const row = await freezeOf(c.var.sql, plan.id, month, version)
  if (!row) throw new Problem('not-found', { what: `month/${month}/freezes/${version}` }, 'version')
  return { plan, row }
}

const contextOf = (c: Context<App>, plan: PlanRow): MonthContext => ({ plan, actor: c.var.actor, now: instantOf(c.var.clock), today: todayOf(c.var.clock) })

export const monthRoutes = router()
  .openapi(
    route('plan.read', {
      method: 'get',
      path: '/api/plans/{year}/months',
      summary: 'The months of a plan: dates, state, how many reports have come, and what was frozen',
      request: { params: yearParam },
      responses: { 200: json(z.array(monthSchema), 'months'), ...failures(401, 403, 404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      return c.json((await overview(c, plan)).map(({ units: _units, freezes: _freezes, ...month }) => month), 200)
    },
  )
  .openapi(
    route('plan.read', {
      method: 'get',
      path: '/api/plans/{year}/months/{month}',
      summary: 'One month: which unit has not reported what, and everything that was done to the month',
      request: { params: monthParam },
      responses: { 200: json(monthDetailSchema, 'the month'), ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { year, month } = c.req.valid('param')
      return c.json(await detail(c, await planOfPath(c, year), month), 200)
    },
  )
  .openapi(
    route('month.close', {
      method: 'put',
      path: '/api/plans/{year}/months/{month}',
      summary: 'Sets an open month’s dates; opening it today opens it now',
      request: { params: monthParam, body: body(z.object({ version: z.int(), opensOn: isoDate, dueOn: isoDate, closesOn: isoDate, reason: reason.default('') })) },
      responses: { 200: json(monthDetailSchema, 'the month'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const { year, month } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      await begin(c, (tx) => setDates(tx, contextOf(c, plan), month, c.req.valid('json')))
      return c.json(await detail(c, plan, month), 200)
    },
  )
  .openapi(
    route('month.close', {
      method: 'post',
      path: '/api/plans/{year}/months/{month}/close',
      summary: 'Closes a month and freezes its values, submissions, lights, rules and boundaries with a hash',
      description: '`missing` and `waiting` are what the caller saw; if there are more or fewer now, nothing is closed. With any of them, `words` must say why.',
      request: { params: monthParam, body: body(z.object({ version: z.int(), missing: z.int().min(0), waiting: z.int().min(0), words: reason.default('') })) },
      responses: { 200: json(monthDetailSchema, 'the month'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const { year, month } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      await begin(c, (tx) => closeMonth(tx, contextOf(c, plan), month, c.req.valid('json')))
      return c.json(await detail(c, plan, month), 200)
    },
  )
  .openapi(
    route('month.close', {
      method: 'post',
      path: '/api/plans/{year}/months/{month}/reopen',
      summary: 'Reopens a closed month, with a reason; what was frozen stays',
      request: { params: monthParam, body: body(z.object({ version: z.int(), reason })) },
      responses: { 200: json(monthDetailSchema, 'the month'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const { year, month } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      await begin(c, (tx) => reopenMonth(tx, contextOf(c, plan), month, c.req.valid('json')))
      return c.json(await detail(c, plan, month), 200)
    },
  )
  .openapi(
    route('plan.read', {
      method: 'get',
      path: '/api/plans/{year}/months/{month}/freezes/{version}',
      summary: 'A month exactly as it was closed, with its hash computed anew and what has become of it since',
      request: { params: freezeParam },
      responses: { 200: json(freezeSchema, 'the frozen month'), ...failures(401, 403, 404) },
    }),
    async (c) => {
      const asked = c.req.valid('param')
      const plan = await planOfPath(c, asked.year)
      const stamp = await freezeStamp(c.var.sql, plan.id, asked.month, asked.version)
      // Made once: it changes only when somebody wrote over what is frozen (then the hash tells), or with the plan, which it is compared with.
      return cachedJson(c, c.var.sql, `freeze/${plan.id}/${plan.revision}/${asked.month}/${asked.version}/${stamp}`, async () => {
        const { row } = await frozen(c, asked)
        const { month, version, at, by, sha256 } = row
        const content = readFrozen(row.content)
        const [tasks, progress] = await Promise.all([tasksOf(c.var.sql, plan.id), progressOf(c.var.sql, plan)])
        const since = differencesOf(content.lights, lightsOf(tasks, progress, monthEnd(month), { history: false }))
        return { month, version, at, by, sha256, holds: holds(row), content, since }
      }) as never
    },
  )
  .openapi(
    route('plan.read', {
      method: 'get',
      path: '/api/plans/{year}/months/{month}/freezes/{version}/file',
      summary: 'The bytes that the hash of a frozen month is of, for keeping and checking elsewhere',
      request: { params: freezeParam },
      responses: { 200: { description: 'canonical JSON', content: { 'application/json': { schema: z.unknown() } } }, ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { row } = await frozen(c, c.req.valid('param'))
      return frozenFile(c, row, `month-${row.month}-v${row.version}.json`) as never
    },
  )
