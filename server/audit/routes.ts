import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { todayOf } from '../clock.ts'
import { isoDate } from '../plan/schemas.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, route, router, wholeNumber, type App } from '../route.ts'
import { isStorable } from '../storable.ts'
import { auditCsv, auditWorkbook, MOST_LINES } from './export.ts'
import { audit, auditChoices, auditLines, countAuditLines, type AuditFilter, type AuditLine } from './queries.ts'

const word = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .refine((given) => isStorable(given), 'holds a NUL or half a character')
    .transform((given) => given || undefined)
    .optional()
const filterSchema = z.object({ actor: word(100), action: word(100), subject: word(300), text: word(200), from: isoDate.optional(), until: isoDate.optional() })

const lineSchema = z
  .object({
    id: z.int(),
    at: z.iso.datetime(),
    actor: z.string(),
    person: z.string().nullable(),
    looksAs: z.string().nullable(),
    origin: z.string(),
    action: z.string(),
    subject: z.string(),
    before: z.unknown(),
    after: z.unknown(),
  })
  .openapi('AuditLine')

/** Counted no further: "more than 10 000" is all that a person needs to know. */
const MOST_COUNTED = 10_000

/**
 * The lines of an export. That somebody took them out stands in the trail too.
 * @throws Problem export-too-long
 */
async function exported(c: Context<App>, filter: AuditFilter, format: 'csv' | 'xlsx'): Promise<AuditLine[]> {
  const lines = await auditLines(c.var.sql, filter, { before: null, limit: MOST_LINES + 1 })
  if (lines.length > MOST_LINES) throw new Problem('export-too-long', { limit: MOST_LINES })
  await begin(c, (tx) => audit(tx, c.var.actor, { action: 'audit.export', subject: 'audit', before: null, after: { format, lines: lines.length, ...filter } }))
  return lines
}

const attachment = (c: Context<App>, ending: string) => ({ 'content-disposition': `attachment; filename="audit-${todayOf(c.var.clock)}.${ending}"`, 'cache-control': 'no-store' })
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export const auditRoutes = router()
  .openapi(
    route('audit.read', {
      method: 'get',
      path: '/api/audit',
      summary: 'The audit trail, the newest first: by person, action, subject, words and days; `before` continues below a line',
      request: { query: filterSchema.extend({ before: wholeNumber(1).optional(), limit: wholeNumber(1, 200).default(50) }) },
      responses: {
        200: json(z.object({ lines: z.array(lineSchema), count: z.int(), more: z.boolean() }), `lines; \`count\`: how many fit in all, counted up to ${MOST_COUNTED}`),
        ...failures(400, 401, 403),
      },
    }),
    async (c) => {
      const { before, limit, ...filter } = c.req.valid('query')
      const [lines, count] = await Promise.all([
        auditLines(c.var.sql, filter, { before: before ?? null, limit: limit + 1 }),
        countAuditLines(c.var.sql, filter, MOST_COUNTED),
      ])
      return c.json({ lines: lines.slice(0, limit), count, more: lines.length > limit }, 200, { 'cache-control': 'no-store' })
    },
  )
  .openapi(
    route('audit.read', {
      method: 'get',
      path: '/api/audit/choices',
      summary: 'Actions and people that the trail speaks of, to search by',
      responses: { 200: json(z.object({ actions: z.array(z.string()), actors: z.array(z.object({ name: z.string(), person: z.string().nullable() })) }), 'choices'), ...failures(401, 403) },
    }),
    async (c) => c.json(await auditChoices(c.var.sql), 200),
  )
  .openapi(
    route('audit.read', {
      method: 'get',
      path: '/api/audit/file.csv',
      summary: 'The same as a table of comma-separated values, whole',
      request: { query: filterSchema },
      responses: { 200: { description: 'the file', content: { 'text/csv': { schema: { type: 'string' } } } }, ...failures(400, 401, 403, 422) },
    }),
    async (c) => c.body(auditCsv(await exported(c, c.req.valid('query'), 'csv')), 200, { 'content-type': 'text/csv; charset=utf-8', ...attachment(c, 'csv') }),
  )
  .openapi(
    route('audit.read', {
      method: 'get',
      path: '/api/audit/file.xlsx',
      summary: 'The same as a workbook',
      request: { query: filterSchema },
      responses: { 200: { description: 'the file', content: { [XLSX]: { schema: { type: 'string', format: 'binary' } } } }, ...failures(400, 401, 403, 422) },
    }),
    async (c) => c.body(await auditWorkbook(await exported(c, c.req.valid('query'), 'xlsx')), 200, { 'content-type': XLSX, ...attachment(c, 'xlsx') }),
  )
