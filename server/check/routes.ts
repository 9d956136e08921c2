import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { MultiPolygon, Polygon } from 'geojson'
import { MOST_SLIVER_MU, resultOf, SLIVER_MU, sliverShape, VERDICTS } from '../../geo/check/check.ts'
import type { CheckContent } from '../../geo/check/content.ts'
import { CHECK_CHANGES, CHECK_STATES, changeOf, checkNumber, checkSightOf, isInSight, nextCheckActs } from '../../geo/check/record.ts'
import { crsOf } from '../../geo/crs/crs.ts'
import { FARMLAND } from '../../geo/layer/farmland.ts'
import { LANGS } from '../../geo/number/in-words.ts'
import { polygonArea } from '../../geo/town/area.ts'
import { M2_PER_MU } from '../../geo/unit/unit.ts'
import { namesOfAccounts } from '../account/queries.ts'
import { instantOf, todayOf } from '../clock.ts'
import { readPlots } from '../format/isolated.ts'
import { preview } from '../import/routes.ts'
import { invalidReason } from '../layer/queries.ts'
import { mustBeShape } from '../layer/store.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, route, router, wholeNumber, type App } from '../route.ts'
import type { FilePlot } from './plots.ts'
import { acknowledgementsOf, checksOf, countChecks, frozenRun, overlayOf, runsOf, type CheckRow } from './queries.ts'
import { sheetPdf } from './sheet.ts'
import { acknowledgeSchema, actSchema, checkResultSchema, checkSchema, keepSchema, keyOf, plotSchema, plotsSchema, text, wholeCheckSchema } from './schemas.ts'
import { acknowledge, changeState, existingCheck, keepAgain, keepCheck, mustMake, takeAgain, takeCheck, tidyPlot } from './store.ts'

const MOST_A_PAGE = 200
const toleranceSchema = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,4})?$/, 'must be 亩 from 0 to 5')
  .transform(Number)
  .refine((mu) => mu <= MOST_SLIVER_MU, 'must be 亩 from 0 to 5')
  .optional()
  .openapi({ type: 'number', minimum: 0, maximum: MOST_SLIVER_MU, description: `parts below so many 亩 are slivers; ${SLIVER_MU} unless given` })
const yesNo = z.enum(['true', 'false']).transform((given) => given === 'true').openapi({ type: 'string', enum: ['true', 'false'] })
const idParam = z.object({ id: wholeNumber(1) })
const runQuery = z.object({ run: wholeNumber(1).optional().openapi({ description: 'left out: the newest' }) })

/** As the description of the API has shapes. */
type Wire = z.output<typeof checkResultSchema>['touched']

/**
 * The area that was sent, if it is one.
 * @throws Problem feature-invalid
 */
async function plotOfBody(c: Context<App>, sent: z.output<typeof plotSchema>): Promise<Polygon | MultiPolygon> {
  const plot = (sent.type === 'Feature' ? sent.geometry : sent) as unknown as Polygon | MultiPolygon
  await mustBeShape(c.var.sql, FARMLAND, plot)
  return { type: plot.type, coordinates: plot.coordinates } as Polygon
}

/** A check that whoever asks may see; another's is not there. @throws Problem not-found */
async function seen(c: Context<App>, id: number): Promise<CheckRow> {
  const check = await existingCheck(c.var.sql, id)
  if (!isInSight(check, checkSightOf(c.var.actor.person))) throw new Problem('not-found', { what: `check/${id}` }, 'id')
  return check
}

async function onWire(c: Context<App>, checks: readonly CheckRow[]) {
  const names = await namesOfAccounts(c.var.sql, checks.map(({ madeBy }) => madeBy)) // prettier-ignore
  return checks.map((check) => ({ ...check, number: checkNumber(check), change: changeOf(check), madeByName: names.get(check.madeBy) ?? check.madeBy, next: nextCheckActs(check, c.var.actor.person) }))
}

/** A check with its runs, and what one of them froze. @throws Problem not-found */
async function wholeOf(c: Context<App>, check: CheckRow, run: number) {
  const frozen = await frozenRun(c.var.sql, check.id, run)
  if (!frozen) throw new Problem('not-found', { what: `check/${check.id}/runs/${run}` }, 'run')
  const [runs, acknowledgements] = [await runsOf(c.var.sql, check.id), await acknowledgementsOf(c.var.sql, check.id)]
  const names = await namesOfAccounts(c.var.sql, [...runs, ...acknowledgements].map(({ by }) => by)) // prettier-ignore
  const named = <T extends { by: string }>(one: T) => ({ ...one, byName: names.get(one.by) ?? one.by })
  const [record] = await onWire(c, [check])
  return { ...record!, runs: runs.map(named), acknowledgements: acknowledgements.map(named), shown: run, content: JSON.parse(frozen.content) as CheckContent }
}
const answerOf = async (c: Context<App>, id: number) => {
  const check = await existingCheck(c.var.sql, id)
  return (await wholeOf(c, check, check.run)) as never
}

const fileBody = { content: { 'multipart/form-data': { schema: { type: 'object' as const, properties: { file: { type: 'string' as const, format: 'binary' } } } } } }
const named = z.string().min(1).max(200).optional()

/** A plot of a file with what the database finds wrong with its shape, and how large it is. */
async function looked(c: Context<App>, plot: FilePlot) {
  const reason = plot.geometry && (await invalidReason(c.var.sql, plot.geometry))
  const faults = reason ? [...plot.faults, { 'zh-CN': `图形无效：${reason}`, en: `the shape is not valid: ${reason}` }] : plot.faults
  return { ...plot, faults, areaMu: plot.geometry && !reason ? polygonArea(plot.geometry) / M2_PER_MU : null }
}

export const checkRoutes = router()
  .openapi(
    route('reader', {
      method: 'post',
      path: '/api/checks/farmland',
      summary: 'Holds a plot against the farmland: area in 亩 by kind, town and parcel, what is permanent basic farmland, and the plot that avoids it. Stores nothing',
      request: { query: z.object({ tolerance: toleranceSchema }), body: { required: true, content: { 'application/json': { schema: plotSchema } } } },
      responses: { 200: json(checkResultSchema, 'the check'), ...failures(400, 401, 422) },
    }),
    async (c) => {
      const plot = await plotOfBody(c, c.req.valid('json'))
      const { tolerance = SLIVER_MU } = c.req.valid('query')
      const { touched, remaining, remainingM2, dataVersion, towns, fingerprint: _, ...overlay } = await overlayOf(c.var.sql, plot, tolerance)
      const result = resultOf(overlay, tolerance)
      const shapes = { touched: touched as Wire, sliverShapes: sliverShape(overlay, result) as Wire, remaining: remaining as Wire }
      return c.json({ ...result, ...shapes, remainingMu: remainingM2 / M2_PER_MU, dataVersion, towns }, 200)
    },
  )
  .openapi(
    route('reader', {
      method: 'post',
      path: '/api/checks/plots',
      summary: 'The areas in a map file (GeoJSON, KML, Shapefile, DXF, GeoPackage …), to choose from what is checked. Stores nothing',
      request: {
        query: z.object({ crs: named, swap: yesNo.optional(), encoding: named, part: named, x: named, y: named }),
        body: { description: 'the file as multipart field `file`', ...fileBody },
      },
      responses: { 200: json(plotsSchema, 'how the file was read, and its areas'), ...failures(400, 401, 413, 422, 429) },
    }),
    async (c) => {
      const { crs: asked, swap: turned, ...options } = c.req.valid('query')
      const form = await c.req.parseBody().catch(() => ({}) as Record<string, unknown>)
      if (!(form.file instanceof File)) throw new Problem('file-missing', {}, 'file')
      const file = { name: form.file.name, bytes: new Uint8Array(await form.file.arrayBuffer()) }
      if (asked !== undefined && (!crsOf(asked) || (asked === 'local' && !c.var.environment.localCrs))) throw new Problem('request-invalid', { field: 'crs', why: asked }, 'crs')
      const read = await preview(c, file, options)
      const [best] = read.guesses
      const crs = asked ?? best?.crs ?? null
      const swap = asked === undefined ? (best?.swap ?? false) : (turned ?? false)
      const found = crs === null ? { plots: [], more: 0 } : await readPlots(file, { options, crs, swap, local: c.var.environment.localCrs })
      const plots = []
      for (const plot of found.plots) plots.push(await looked(c, plot))
      return c.json({ ...read, crs, swap, plots, more: found.more } as never, 200)
    },
  )
  .openapi(
    route('check.read', {
      method: 'get',
      path: '/api/checks',
      summary: 'Farmland checks that are kept (核查记录), in pages: those that whoever asks may see',
      request: {
        query: z.object({
          state: keyOf(CHECK_STATES).optional(),
          verdict: keyOf(VERDICTS).optional(),
          town: z.string().regex(/^\w{6,12}$/).optional(),
          changed: yesNo.optional().openapi({ description: 'whether a later run found something else' }),
          change: keyOf(CHECK_CHANGES).optional().openapi({ description: 'the same, and whether somebody has acknowledged it' }),
          q: text(60).optional().openapi({ description: 'in applicant, purpose or number' }),
          limit: wholeNumber(1, MOST_A_PAGE).default(50),
          offset: wholeNumber(0).default(0),
        }),
      },
      responses: {
        200: json(z.object({ total: z.int(), open: z.int(), changed: z.int(), unacknowledged: z.int(), checks: z.array(checkSchema) }).openapi('FarmlandCheckRecords'), 'a page, the newest first, and how many there are in all'),
        ...failures(400, 401, 403),
      },
    }),
    async (c) => {
      const { limit, offset, q, ...filter } = c.req.valid('query')
      const sight = checkSightOf(c.var.actor.person)
      const wanted = { ...filter, text: q || undefined }
      const [counts, checks] = await Promise.all([countChecks(c.var.sql, sight, wanted), checksOf(c.var.sql, sight, wanted, { limit, offset })])
      return c.json({ ...counts, checks: await onWire(c, checks) }, 200, { 'cache-control': 'no-store' })
    },
  )
  .openapi(
    route('check.make', {
      method: 'post',
      path: '/api/checks',
      summary: 'Holds a plot against the farmland and keeps the result under the year’s next number; an open check is run again when farmland data change',
      request: { body: { required: true, content: { 'application/json': { schema: keepSchema } } } },
      responses: { 201: json(wholeCheckSchema, 'the check'), ...failures(400, 401, 403, 422) },
    }),
    async (c) => {
      const { plot: sent, tolerance = SLIVER_MU, departments, ...said } = c.req.valid('json')
      const plot = tidyPlot(await plotOfBody(c, sent))
      await mustBeShape(c.var.sql, FARMLAND, plot)
      const taken = await takeCheck(c.var.sql, plot, tolerance, instantOf(c.var.clock))
      const id = await begin(c, (tx) => keepCheck(tx, c.var.actor, { ...said, departments }, taken, todayOf(c.var.clock)))
      return c.json(await answerOf(c, id), 201, { location: `/api/checks/${id}` })
    },
  )
  .openapi(
    route('check.read', {
      method: 'get',
      path: '/api/checks/{id}',
      summary: 'One check: its runs with what changed, and what one of them froze',
      request: { params: idParam, query: runQuery },
      responses: { 200: json(wholeCheckSchema, 'the check'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const check = await seen(c, c.req.valid('param').id)
      return c.json((await wholeOf(c, check, c.req.valid('query').run ?? check.run)) as never, 200, { 'cache-control': 'no-store' })
    },
  )
  .openapi(
    route('check.read', {
      method: 'get',
      path: '/api/checks/{id}/file.pdf',
      summary: 'The sheet of a check (核查单) to be printed: map, areas, verdict, as a run found them',
      request: { params: idParam, query: runQuery.extend({ lang: z.enum(LANGS).default('zh-CN') }) },
      responses: { 200: { description: 'the sheet', content: { 'application/pdf': { schema: z.any() } } }, ...failures(400, 401, 403, 404, 429) },
    }),
    async (c) => {
      const check = await seen(c, c.req.valid('param').id)
      const { run: asked, lang } = c.req.valid('query')
      const { runs, acknowledgements, content, shown } = await wholeOf(c, check, asked ?? check.run)
      const { no, cause, differences, byName } = runs.find((run) => run.no === shown)!
      const pdf = await sheetPdf({ ...check, run: { no, cause, differences }, newest: check.run, runs, acknowledgements, maker: byName }, content, lang)
      const name = encodeURIComponent(`${checkNumber(check)}${shown > 1 ? `-${shown}` : ''}.pdf`)
      return c.body(pdf, 200, { 'content-type': 'application/pdf', 'content-disposition': `inline; filename*=UTF-8''${name}`, 'cache-control': 'no-store' })
    },
  )
  .openapi(
    route('check.make', {
      method: 'post',
      path: '/api/checks/{id}/acknowledgements',
      summary: 'Keeps that somebody has seen what later runs of a check found, and which run’s verdict stands from now on (已知悉)',
      request: { params: idParam, body: { required: true, content: { 'application/json': { schema: acknowledgeSchema } } } },
      responses: { 200: json(wholeCheckSchema, 'the check as it is now'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      mustMake(c.var.actor, await seen(c, id))
      await begin(c, (tx) => acknowledge(tx, c.var.actor, id, c.req.valid('json'), instantOf(c.var.clock)))
      return c.json(await answerOf(c, id), 200)
    },
  )
  .openapi(
    route('check.make', {
      method: 'post',
      path: '/api/checks/{id}/{act}',
      summary: 'Runs an open check again, closes it, or opens it again',
      request: {
        params: idParam.extend({ act: z.enum(['again', 'close', 'reopen']) }),
        body: { required: true, content: { 'application/json': { schema: actSchema } } },
      },
      responses: { 200: json(wholeCheckSchema, 'the check as it is now'), ...failures(400, 401, 403, 404, 409) },
    }),
    async (c) => {
      const { id, act } = c.req.valid('param')
      const { version, words } = c.req.valid('json')
      const check = await seen(c, id)
      mustMake(c.var.actor, check)
      const at = instantOf(c.var.clock)
      if (act !== 'again') await begin(c, (tx) => changeState(tx, c.var.actor, id, act, { version, words }, at))
      else {
        if (check.state === 'closed') throw new Problem('state-conflict', { state: CHECK_STATES.closed.zh })
        const input = await takeAgain(c.var.sql, check, at)
        await begin(c, (tx) => keepAgain(tx, c.var.actor, input, 'hand'))
      }
      return c.json(await answerOf(c, id), 200)
    },
  )
