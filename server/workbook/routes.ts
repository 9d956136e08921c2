import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { ATTACHMENT_TYPES } from '../../geo/attachment/attachment.ts'
import { LIGHTS } from '../../geo/light/light.ts'
import { MATRIX_SORTS, type MatrixOrder } from '../../geo/light/matrix.ts'
import { LANGS } from '../../geo/number/in-words.ts'
import { todayOf } from '../clock.ts'
import { askedDate } from '../light/routes.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import type { PlanRow } from '../plan/queries.ts'
import { failures, route, router, wholeNumber, type App } from '../route.ts'
import { listWorkbook, matrixWorkbook } from './plan.ts'
import { workbookSchema } from './schemas.ts'
import { workbookOf } from './write.ts'

const XLSX = ATTACHMENT_TYPES.xlsx.media
const file = { description: 'the file', content: { [XLSX]: { schema: z.any() } } }
const dayQuery = z.object({
  asOf: askedDate.optional().openapi({ description: 'the date; without it the last day of the plan’s year, or today if that is earlier' }),
  knownAt: askedDate.optional(),
  lang: z.enum(LANGS).default('zh-CN'),
})
const sortQuery = z.enum(MATRIX_SORTS).default('number')

export const workbookRoutes = router()
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/plans/{year}/tasks/file.xlsx',
      summary: 'The district’s own list as it is handed round: the document’s columns, with progress and lights beside, as an Excel file',
      request: { params: yearParam, query: dayQuery },
      responses: { 200: file, ...failures(400, 401, 404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const day = dayOf(c, plan, c.req.valid('query'))
      return sent(c, await listWorkbook(c.var.sql, plan, day), `${plan.title} ${day.asOf}`)
    },
  )
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/plans/{year}/lights/file.xlsx',
      summary: 'The light matrix as an Excel file, with the filters and the order of the screen',
      request: {
        params: yearParam,
        query: dayQuery.extend({
          light: z.enum(LIGHTS).optional(),
          department: z.string().max(100).optional(),
          category: wholeNumber(1, 9999).optional(),
          tasks: z.string().regex(/^(\d{1,5}(,\d{1,5}){0,999})?$/, 'must be numbers of tasks, with commas').optional().openapi({ description: 'only these tasks, e.g. what a search has found' }),
          rows: z.union([sortQuery, z.string().regex(/^town:\w{6,12}$/)]).default('number'),
          columns: sortQuery,
        }),
      },
      responses: { 200: file, ...failures(400, 401, 404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const { light = null, department = null, category = null, tasks, rows, columns, ...asked } = c.req.valid('query')
      const day = dayOf(c, plan, asked)
      const shown = tasks === undefined ? null : tasks.split(',').filter(Boolean).map(Number)
      const bytes = await matrixWorkbook(c.var.sql, plan, day, { filter: { light, department, category }, tasks: shown, order: { rows: rows as MatrixOrder['rows'], columns } })
      return sent(c, bytes, `${plan.title} ${day.lang === 'en' ? 'lights' : '亮灯矩阵'} ${day.asOf}`)
    },
  )
  .openapi(
    route('reader', {
      method: 'post',
      path: '/api/workbooks',
      summary: 'Makes an Excel file of tables that the caller has before their eyes; stores nothing',
      description: 'What is written into it the caller brings along. One writer for all tables: title, date and the mark 演示 on top, heads on every page, fitted to the paper; texts that a spreadsheet would compute are kept as text.',
      request: { body: { required: true, content: { 'application/json': { schema: workbookSchema } } } },
      responses: { 200: file, ...failures(400, 401, 413) },
    }),
    async (c) => {
      const { name, sheets } = c.req.valid('json')
      const today = todayOf(c.var.clock)
      return sent(c, await workbookOf(sheets.map(({ asOf = today, ...sheet }) => ({ ...sheet, asOf }))), name)
    },
  )

function dayOf(c: Context<App>, plan: PlanRow, { asOf, knownAt, lang }: z.infer<typeof dayQuery>) {
  const today = todayOf(c.var.clock)
  return { asOf: asOf ?? (plan.endsOn < today ? plan.endsOn : today), knownAt, lang }
}

function sent(c: Context<App>, bytes: Uint8Array<ArrayBuffer>, name: string): never {
  const headers = { 'content-type': XLSX, 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`${name}.xlsx`)}`, 'cache-control': 'no-store' }
  return c.body(bytes, 200, headers) as never
}
