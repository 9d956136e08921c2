import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { ATTACHMENT_TYPES } from '../../geo/attachment/attachment.ts'
import { hasReached, type Layer } from '../../geo/layer/layer.ts'
import { LAYERS } from '../../geo/layer/layers.ts'
import { amountInUnit, reconcile, type Reconciliation } from '../../geo/reconciliation/reconciliation.ts'
import { reconciliationText } from '../../geo/reconciliation/words.ts'
import { isDistrict } from '../../geo/right/right.ts'
import { cachedJson } from '../cache.ts'
import { layerVersions } from '../layer/queries.ts'
import { maySee } from '../layer/routes.ts'
import { tasksOf, type PlanRow } from '../plan/queries.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import { isoMonth } from '../plan/schemas.ts'
import { Problem } from '../problems.ts'
import { progressOf } from '../report/queries.ts'
import { failures, json, route, router, type App } from '../route.ts'
import { reconciliationRuleOf } from '../rule/queries.ts'
import { countedWorks, drawnOf } from './drawn.ts'
import { reconciliationWorkbook } from './export.ts'
import { featuresBehind, roadWorks, type BehindRow } from './queries.ts'
import { behindSchema, reconciliationsSchema } from './schemas.ts'

const XLSX = ATTACHMENT_TYPES.xlsx.media
/** A list to look through; the map shows all. */
const MOST_BEHIND = 200
const monthParam = yearParam.extend({ month: isoMonth })

/** Layers that whoever asks may see, with what their features are drawn for in a year. */
const layersSeen = (c: Context<App>, year: number) => LAYERS.filter((layer) => layer.serves.some((service) => service.year === year) && maySee(c, layer))

/** @throws Problem request-invalid where the month is not of the plan's year */
function mustBeOfYear({ year }: PlanRow, month: string): void {
  if (!month.startsWith(`${year}-`)) throw new Problem('request-invalid', { field: 'month', why: `must lie in ${year}` }, 'month')
}

const withText = (row: Reconciliation) => ({ ...row, text: reconciliationText(row, 'zh-CN'), textEn: reconciliationText(row, 'en') })

/** Every row of a month, by the reports as they stand and the features as they stand. */
async function rowsOf(c: Context<App>, plan: PlanRow, month: string, layers: readonly Layer[]) {
  const { sql } = c.var
  const measures = layers.flatMap(({ serves }) => serves.flatMap((service) => (service.year === plan.year ? service.measure : [])))
  const [tasks, { series }, drawn, rule, versions] = await Promise.all([
    tasksOf(sql, plan.id),
    progressOf(sql, plan, null, measures),
    drawnOf(sql, layers, plan.year),
    reconciliationRuleOf(sql, plan.id),
    layerVersions(sql),
  ])
  const rows = reconcile({ tasks, series, layers, drawn, year: plan.year, month, district: plan.districtCode, rule })
  const counted = Object.fromEntries(layers.map(({ id }) => [id, versions.get(id) ?? 0]))
  return { tasks, answer: { year: plan.year, month, tolerance: rule.tolerance, joins: rule.joins, versions: counted, rows } }
}

/** The layer and the service of a measure. @throws Problem not-found */
function servedBy(layers: readonly Layer[], plan: PlanRow, measure: string) {
  const layer = layers.find(({ serves }) => serves.some((service) => service.year === plan.year && service.measure === measure))
  if (!layer) throw new Problem('not-found', { what: `reconciliation/${plan.year}/${measure}` }, 'measure')
  return { layer, service: layer.serves.find((service) => service.year === plan.year && service.measure === measure)! }
}

export const reconciliationRoutes = router()
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/reconciliation/{year}/{month}',
      summary: 'What is reported held against what is drawn (账图核对), for every measure that a layer draws, unit by unit',
      description: 'Reports count as the lights take them: approved, at the month’s end. Features count as they stand now, for the unit that they name, else for the town that most of them lies in.',
      request: { params: monthParam },
      responses: { 200: json(reconciliationsSchema, 'rows in the list’s order; a measure’s total or district first'), 304: { description: 'unchanged' }, ...failures(400, 401, 404) },
    }),
    async (c) => {
      const { year, month } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      mustBeOfYear(plan, month)
      const layers = layersSeen(c, year)
      const versions = await layerVersions(c.var.sql)
      const key = `reconciliation/${plan.id}/${plan.revision}/${month}/${layers.map(({ id }) => `${id}:${versions.get(id) ?? 0}`).join()}`
      return cachedJson(c, c.var.sql, key, async () => {
        const { answer } = await rowsOf(c, plan, month, layers)
        return { ...answer, rows: answer.rows.map(withText) }
      }) as never
    },
  )
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/reconciliation/{year}/{month}/file',
      summary: 'The same as an Excel file',
      request: {
        params: monthParam,
        query: z.object({ town: z.string().regex(/^\w{6,12}$/).optional(), layer: z.string().max(60).optional(), only: z.enum(['flagged']).optional() }),
      },
      responses: { 200: { description: 'the file', content: { [XLSX]: { schema: z.any() } } }, ...failures(400, 401, 404) },
    }),
    async (c) => {
      const { year, month } = c.req.valid('param')
      const { town, layer, only } = c.req.valid('query')
      const plan = await planOfPath(c, year)
      mustBeOfYear(plan, month)
      const { tasks, answer } = await rowsOf(c, plan, month, layersSeen(c, year))
      const rows = answer.rows.filter((row) => (!town || row.town === town) && (!layer || row.layer === layer) && (!only || row.flagged))
      const title = `${plan.district} ${month} 账图核对（允差 ${answer.tolerance}%）`
      const headers = { 'content-type': XLSX, 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`${title}.xlsx`)}`, 'cache-control': 'no-store' }
      return c.body(await reconciliationWorkbook(rows, tasks, title), 200, headers) as never
    },
  )
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/reconciliation/{year}/{month}/{measure}/{town}',
      summary: 'One row with the features behind it, those that want a look first; the district’s code: of all units',
      request: { params: monthParam.extend({ measure: z.string().regex(/^\d{1,4}\.\d{1,3}$/), town: z.string().regex(/^\w{6,12}$/) }) },
      responses: { 200: json(behindSchema, 'the row and its features'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const { year, month, measure, town } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      mustBeOfYear(plan, month)
      const { layer, service } = servedBy(layersSeen(c, year), plan, measure)
      const { answer } = await rowsOf(c, plan, month, [layer])
      const row = answer.rows.find((one) => one.measure === measure && one.town === town)
      if (!row) throw new Problem('not-found', { what: `reconciliation/${year}/${month}/${measure}/${town}` }, 'town')
      const found = await featuresBehind(c.var.sql, layer.id, service, isDistrict(town) ? null : town, MOST_BEHIND + 1)
      const works = new Map((service.ranges ? countedWorks(await roadWorks(c.var.sql, layer.id, [service])) : []).map((one) => [one.id, one]))
      const onWire = ({ id, properties, areaM2, lengthM, ...about }: BehindRow) => {
        const { metres, overlap = 0, beyond = 0, twice = 0 } = works.get(id) ?? {}
        const counts = hasReached(service, properties)
        const size = layer.figure === 'count' ? 1 : layer.figure === 'area' ? areaM2 : service.ranges ? (metres ?? null) : lengthM
        const amount = size === null ? null : amountInUnit(layer.figure, size, row.unit)
        const whole = { id, layer: layer.id, title: String(properties[layer.title] ?? id), ...about, located: layer.geometry === 'line' ? lengthM !== null : layer.geometry === 'polygon' ? areaM2 !== null : about.towns.length > 0 }
        return { ...whole, amount: counts ? amount : 0, counts, overlap, beyond, twice }
      }
      const answered = { row: withText(row), cut: found.length > MOST_BEHIND, features: found.slice(0, MOST_BEHIND).map(onWire) }
      return c.json(answered, 200)
    },
  )
