import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { MONTH_STATES } from '../../geo/month/month.ts'
import { FLOW_REFUSALS, REPORT_ACTS, REVIEW_LEVELS, type FlowRefusal, type ReportAct } from '../../geo/report/flow.ts'
import { REPORT_STATES } from '../../geo/report/report.ts'
import { compareFilled, TEMPLATE_PROBLEMS, type CellChange, type StandingCell, type TemplateProblem } from '../../geo/report/template.ts'
import { REPORT_CHECKS, type ReportCheck } from '../../geo/report/check.ts'
import { REFUSALS } from '../../geo/right/right.ts'
import { SUBMISSION_KINDS, submissionOf, subjectOf, type SubmissionKind } from '../../geo/submission/submission.ts'
import type { Task } from '../../geo/plan/plan.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { fileOfForm } from '../attachment/routes.ts'
import { attachmentSchema } from '../attachment/schemas.ts'
import { audit } from '../audit/queries.ts'
import { instantOf, todayOf } from '../clock.ts'
import { fieldSpanSchema, isoDate, isoMonth } from '../plan/schemas.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import { tasksOf } from '../plan/queries.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, mustBeAllowed, route, router, type App } from '../route.ts'
import { actOnSubmissions } from '../submission/store.ts'
import { readFilled } from './filled.ts'
import { answerSchema, townCode } from './routes.ts'
import { sheetOf, sheetSummaries, type Sheet } from './sheet.ts'
import { actOnReports } from './store.ts'
import { templateOf } from './template.ts'

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
        ledger: z
          .object({ found: z.int(), cleared: z.int(), left: z.int(), overdue: z.int(), words: z.string() })
          .nullable()
          .openapi({ description: 'of a search for findings, what the ledger says of the period so far' }),
      }),
    ),
  })
  .openapi('Sheet')

const summarySchema = z
  .object({ town: z.string(), cells: z.int(), begun: z.int(), handedIn: z.int(), returned: z.int() })
  .openapi('SheetSummary', { description: 'cells to be handed in (numbers and submissions); of them drafts, handed in or further, sent back' })

const UNITS = [...QINGPU.towns.map(({ code }) => code), QINGPU.code]

/**
 * The sheet of a path as whoever asks may see it.
 * @throws Problem not-found, not-allowed
 */
async function sheetOfPath(c: Context<App>, { year, month, town }: { year: number; month: string; town: string }) {
  const plan = await planOfPath(c, year)
  const sheet = await sheetOf(c.var.sql, plan, month, town, c.var.actor.person, todayOf(c.var.clock))
  if (!sheet || !UNITS.includes(town)) throw new Problem('not-found', { what: `sheet/${month}/${town}` })
  if (sheet.rows.length + sheet.due.length === 0) mustBeAllowed(c, 'report.read', { town, departments: [] })
  return { plan, sheet }
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

const contentSchema = z.object({ value: z.number().nullable(), said: z.boolean().nullable(), words: z.string() })
const filledSchema = z
  .object({
    changes: z.array(z.object({ cell: z.string(), subject: z.string(), version: z.int(), before: contentSchema, after: contentSchema.extend({ answers: z.array(answerSchema) }) })),
    same: z.int().openapi({ description: 'rows that say what is there already' }),
    problems: z.array(
      z.object({
        cell: z.string().openapi({ description: 'as Excel names it, e.g. G12' }),
        subject: z.string(),
        content: z.string(),
        problem: z.enum([...TEMPLATE_PROBLEMS, ...Object.keys(REPORT_CHECKS)] as [TemplateProblem | ReportCheck, ...(TemplateProblem | ReportCheck)[]]),
        severity: z.enum(['error', 'warning']),
      }),
    ),
    written: z.boolean(),
  })
  .openapi('FilledTemplate')

/** A sheet as a filled template is compared with. */
function standingOf(sheet: Sheet, tasks: readonly Task[]): StandingCell[] {
  const measures = new Map(tasks.flatMap((task) => task.measures.map((measure) => [measure.id, measure])))
  const common = (row: { version: number; may: readonly string[]; words: string }) => ({ version: row.version, writable: row.may.includes('save'), words: row.words })
  return [
    ...sheet.rows.map((row) => ({
      subject: row.measure,
      ...common(row),
      number: { measure: measures.get(row.measure)!, target: row.target, last: row.last?.value ?? null, value: row.value, answers: row.answers },
      said: null,
      asksYesOrNo: false,
    })),
    ...sheet.due.map((row) => ({ subject: subjectOf(row), ...common(row), number: null, said: row.done, asksYesOrNo: SUBMISSION_KINDS[row.kind].asks === 'done' })),
  ]
}

/** Writes what a filled template changes as drafts, all of it or nothing. */
async function writeFilled(c: Context<App>, plan: Awaited<ReturnType<typeof planOfPath>>, { month, town }: { month: string; town: string }, changes: readonly CellChange[], name: string) {
  const context = { plan, actor: c.var.actor, now: instantOf(c.var.clock), today: todayOf(c.var.clock) }
  const numbers = changes.filter(({ subject }) => submissionOf(subject) === null)
  const others = changes.flatMap((change) => {
    const key = submissionOf(change.subject)
    return key ? [{ ...key, town, month, version: change.version, done: change.after.said, words: change.after.words }] : []
  })
  await begin(c, async (tx) => {
    await actOnReports(
      tx,
      context,
      'save',
      // An empty column of reasons takes no reason away.
      numbers.map(({ subject, version, after }) => ({
        measure: subject,
        town,
        month,
        version,
        value: after.value,
        words: after.words,
        ...(after.answers.length ? { answers: after.answers } : {}),
      })),
    )
    await actOnSubmissions(tx, context, 'save', others)
    await audit(tx, c.var.actor, { action: 'sheet.import', subject: `sheet/${plan.year}/${month}/${town}`, before: null, after: { file: name.slice(0, 200), cells: changes.map(({ subject }) => subject) } })
  })
}

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
      const { sheet } = await sheetOfPath(c, c.req.valid('param'))
      return c.json(sheet, 200, { 'cache-control': 'no-store' })
    },
  )
  .openapi(
    route('report.read', {
      method: 'get',
      path: '/api/plans/{year}/sheets/{month}/{town}/file',
      summary: 'The same sheet as an Excel template: own rows only, with what is filled in already',
      request: { params: yearParam.extend({ month: isoMonth, town: townCode }) },
      responses: { 200: { description: 'an .xlsx file', content: { [XLSX]: { schema: z.any() } } }, ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { plan, sheet } = await sheetOfPath(c, c.req.valid('param'))
      const name = [...QINGPU.towns, QINGPU].find(({ code }) => code === sheet.town)!.name
      const bytes = await templateOf(sheet, await tasksOf(c.var.sql, plan.id), name)
      const file = encodeURIComponent(`${sheet.month.id} ${name} 填报.xlsx`)
      return c.body(new Uint8Array(bytes), 200, { 'content-type': XLSX, 'content-disposition': `attachment; filename*=UTF-8''${file}`, 'cache-control': 'no-store' }) as never
    },
  )
  .openapi(
    route('report.write', {
      method: 'post',
      path: '/api/plans/{year}/sheets/{month}/{town}/file',
      summary: 'A filled template: tried without writing, with what it changes and what is wrong by cell; `commit=true` writes drafts, all or nothing',
      request: {
        params: yearParam.extend({ month: isoMonth, town: townCode }),
        query: z.object({ commit: z.enum(['true', 'false']).default('false') }),
        body: { content: { 'multipart/form-data': { schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } } } },
      },
      responses: { 200: json(filledSchema, 'what it changes'), ...failures(400, 401, 403, 404, 409, 413, 422) },
    }),
    async (c) => {
      const { month, town } = c.req.valid('param')
      const { plan, sheet } = await sheetOfPath(c, c.req.valid('param'))
      // Who may write nothing here makes the server open no file.
      if (!sheet.rows.some((row) => row.may.includes('save')) && !sheet.due.some((row) => row.may.includes('save'))) mustBeAllowed(c, 'report.write', { town, departments: [] })
      const upload = await fileOfForm(c)
      const file = await readFilled(upload)
      if (file.month !== month || file.town !== town) {
        throw new Problem('sheet-file-foreign', { why: `它是 ${file.month} ${file.town} 的`, whyEn: `it is of ${file.month} ${file.town}` }, 'file')
      }
      const { changes, same, problems } = compareFilled(file, standingOf(sheet, await tasksOf(c.var.sql, plan.id)))
      const commit = c.req.valid('query').commit === 'true'
      const errors = problems.filter(({ severity }) => severity === 'error').length
      if (commit && errors) throw new Problem('sheet-file-invalid', { count: errors, problems }, 'file')
      if (commit && changes.length) await writeFilled(c, plan, { month, town }, changes, upload.name)
      return c.json({ changes, same, problems, written: commit && changes.length > 0 }, 200, { 'cache-control': 'no-store' })
    },
  )
