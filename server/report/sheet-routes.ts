import { z } from '@hono/zod-openapi'
import { MONTH_STATES } from '../../geo/month/month.ts'
import { FLOW_REFUSALS, REPORT_ACTS, REVIEW_LEVELS, type FlowRefusal, type ReportAct } from '../../geo/report/flow.ts'
import { REPORT_STATES } from '../../geo/report/report.ts'
import { REFUSALS } from '../../geo/right/right.ts'
import { SUBMISSION_KINDS, type SubmissionKind } from '../../geo/submission/submission.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { attachmentSchema } from '../attachment/schemas.ts'
import { todayOf } from '../clock.ts'
import { fieldSpanSchema, isoDate, isoMonth } from '../plan/schemas.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import { Problem } from '../problems.ts'
import { failures, json, mustBeAllowed, route, router } from '../route.ts'
import { answerSchema, townCode } from './routes.ts'
import { sheetOf, sheetSummaries } from './sheet.ts'

const actKey = z.enum(Object.keys(REPORT_ACTS) as [ReportAct, ...ReportAct[]])
const refusalKey = z.enum([...Object.keys(REFUSALS), ...Object.keys(FLOW_REFUSALS)] as [FlowRefusal, ...FlowRefusal[]])

const cellSchema = z.object({
  version: z.int().openapi({ description: '0: nothing was ever entered' }),
  state: z.enum(REPORT_STATES).nullable(),
  words: z.string(),
  reason: z.string().nullable().openapi({ description: 'why it came back, or was corrected' }),
  enteredBy: z.string().nullable(),
  enteredByName: z.string().nullable(),
  changedAt: z.iso.datetime().nullable(),
  submittedAt: z.iso.datetime().nullable(),
  approvedAt: z.iso.datetime().nullable(),
  demo: z.boolean(),
  may: z.array(actKey).openapi({ description: 'what whoever asks may do with it now' }),
  whyNot: refusalKey.nullable().openapi({ description: 'why they may not write it; null: they may' }),
  attachments: z.array(attachmentSchema),
})

const sheetSchema = z
  .object({
    year: z.int(),
    town: z.string(),
    month: z.object({ id: isoMonth, opensOn: isoDate, dueOn: isoDate, closesOn: isoDate, closedOn: isoDate.nullable(), state: z.enum(MONTH_STATES) }),
    levels: z.array(z.enum(REVIEW_LEVELS)),
    rows: z.array(
      cellSchema.extend({
        task: z.int(),
        measure: z.string(),
        target: z.number().nullable(),
        value: z.number().nullable(),
        approvedValue: z.number().nullable(),
        answers: z.array(answerSchema),
        last: z.object({ measure: z.string(), month: isoMonth, value: z.number().nullable(), words: z.string(), state: z.enum(REPORT_STATES) }).nullable(),
        returned: z.object({ by: z.string(), at: z.iso.datetime() }).nullable(),
      }),
    ),
    due: z.array(
      cellSchema.extend({
        task: z.int(),
        kind: z.enum(Object.keys(SUBMISSION_KINDS) as [SubmissionKind, ...SubmissionKind[]]),
        item: z.string(),
        town: z.string(),
        month: isoMonth,
        from: isoMonth,
        milestone: z.object({ name: z.string(), due: isoDate, share: z.number() }).nullable(),
        source: z.union([fieldSpanSchema, z.null()]),
        done: z.boolean().nullable(),
      }),
    ),
  })
  .openapi('Sheet')

const summarySchema = z
  .object({ town: z.string(), cells: z.int(), begun: z.int(), handedIn: z.int(), returned: z.int() })
  .openapi('SheetSummary', { description: 'cells to be handed in (numbers and submissions); of them drafts, handed in or further, sent back' })

const UNITS = [...QINGPU.towns.map(({ code }) => code), QINGPU.code]

export const sheetRoutes = router()
  .openapi(
    route('report.read', {
      method: 'get',
      path: '/api/plans/{year}/sheets/{month}',
      summary: 'How far the units are with a month: those that whoever asks may read',
      request: { params: yearParam.extend({ month: isoMonth }) },
      responses: { 200: json(z.array(summarySchema), 'units in the district’s order'), ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { year, month } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      return c.json(await sheetSummaries(c.var.sql, plan, month, UNITS, c.var.actor.person), 200, { 'cache-control': 'no-store' })
    },
  )
  .openapi(
    route('report.read', {
      method: 'get',
      path: '/api/plans/{year}/sheets/{month}/{town}',
      summary: 'One unit’s month as a sheet: everything that it has to report, drafts included, and what may be done with each cell',
      request: { params: yearParam.extend({ month: isoMonth, town: townCode }) },
      responses: { 200: json(sheetSchema, 'the sheet; a department gets the tasks that it leads'), ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { year, month, town } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      const sheet = await sheetOf(c.var.sql, plan, month, town, c.var.actor.person, todayOf(c.var.clock))
      if (!sheet || !UNITS.includes(town)) throw new Problem('not-found', { what: `sheet/${month}/${town}` })
      if (sheet.rows.length + sheet.due.length === 0) mustBeAllowed(c, 'report.read', { town, departments: [] })
      return c.json(sheet, 200, { 'cache-control': 'no-store' })
    },
  )
