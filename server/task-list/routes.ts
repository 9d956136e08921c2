import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { comparePlans } from '../../geo/task-list/changes.ts'
import { CorrectionError, applyCorrections } from '../../geo/task-list/corrections.ts'
import { QINGPU } from '../../geo/town/qingpu.ts'
import { audit } from '../audit/queries.ts'
import { asTaskList, planBefore } from '../plan/queries.ts'
import { problemSchema, taskSchema } from '../plan/schemas.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, route, router, wholeNumber, type App } from '../route.ts'
import { seedDemo } from '../seed.ts'
import { isStorable } from '../storable.ts'
import { fileOf, taskListForUpdate, taskListOf, taskLists, updateCorrections, updateStatus, type TaskListRow } from './queries.ts'
import { correctionSchema, draftSchema, summarySchema } from './schemas.ts'
import { keepDraft, readFile, settledProblems, storePlan, type ListFile } from './store.ts'

const idParam = z.object({ id: wholeNumber(1) })
/** Plain OpenAPI schemas, so that nothing parses the body before the door does: what is broken gets the door's answer, 422. */
const fileBody = {
  description: 'the file as multipart field `file`, or the list as text (field `text`, or a text body)',
  content: {
    'multipart/form-data': { schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' }, text: { type: 'string' } } } },
    'application/json': { schema: { type: 'object', properties: { text: { type: 'string' } } } },
    'text/plain': { schema: { type: 'string' } },
  },
} as const

/** Files that may be read at once, or wait for it. Anybody may send one, and each takes its memory while it waits. */
const MOST_READINGS = 8
let readings = 0

/**
 * Reads the list that a request brings.
 * @throws Problem too-busy, and what readFile throws
 */
async function readRequest(c: Context) {
  if (readings >= MOST_READINGS) {
    c.header('retry-after', '5')
    throw new Problem('too-busy')
  }
  readings++
  try {
    const file = await fileOfRequest(c)
    return { file, read: await readFile(file, QINGPU) }
  } finally {
    readings--
  }
}

/**
 * The list that a request brings, in whichever of the ways.
 * @throws Problem file-missing
 */
async function fileOfRequest(c: Context): Promise<ListFile> {
  const type = c.req.header('content-type') ?? ''
  if (/^multipart\/form-data/i.test(type)) {
    const form = await c.req.parseBody().catch(() => {
      throw new Problem('file-missing', {}, 'file')
    })
    const { file, text } = form
    if (file instanceof File) return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
    const pasted = typeof text === 'string' ? text : typeof file === 'string' ? file : null
    if (pasted == null) throw new Problem('file-missing', {}, 'file')
    return { name: 'pasted.txt', bytes: new TextEncoder().encode(pasted) }
  }
  if (/^application\/json/i.test(type)) {
    const body: unknown = await c.req.json().catch(() => null)
    const text = (body as { text?: unknown } | null)?.text
    if (typeof text !== 'string') throw new Problem('file-missing', {}, 'text')
    return { name: 'pasted.txt', bytes: new TextEncoder().encode(text) }
  }
  const bytes = new Uint8Array(await c.req.arrayBuffer())
  return { name: 'pasted.txt', bytes }
}

/** A draft with everything that its screen shows. */
async function draftView(c: Context<App>, row: TaskListRow) {
  const { problems, plan } = settledProblems(row, QINGPU)
  const before = plan.year == null ? null : await planBefore(c.var.sql, plan.year)
  const changes = before ? comparePlans(await asTaskList(c.var.sql, before), { ...plan, problems: [] }) : null
  const { source, reading, ...rest } = row
  return {
    ...rest,
    list: reading,
    document: source,
    problems: problems.map(({ key, problem, settled }) => ({ ...problem, key, settled })),
    open: problems.filter(({ settled }) => settled == null).length,
    changes,
    comparedWith: before?.year ?? null,
  }
}

async function existing(c: Context<App>, id: number): Promise<TaskListRow> {
  const row = await taskListOf(c.var.sql, id)
  if (!row) throw new Problem('not-found', { what: `task-list/${id}` }, 'id')
  return row
}

export const taskListRoutes = router()
  .openapi(
    route('anyone', {
      method: 'post',
      path: '/api/task-lists/read',
      summary: 'Reads a task list and gives what it says, storing nothing',
      request: { body: fileBody },
      responses: {
        200: json(
          z.object({
            title: z.string().nullable(),
            year: z.int().nullable(),
            district: z.string().nullable(),
            tasks: z.array(taskSchema),
            problems: z.array(problemSchema),
          }),
          'the list, with town names as written',
        ),
        ...failures(413, 422, 429),
      },
    }),
    async (c) => {
      const { read } = await readRequest(c)
      return c.json(read.reading, 200)
    },
  )
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/task-lists',
      summary: 'Lists that were read: drafts, stored and discarded, newest first',
      responses: { 200: json(z.array(summarySchema.extend({ tasks: z.int(), title: z.string().nullable() })), 'lists') },
    }),
    async (c) => c.json(await taskLists(c.var.sql), 200),
  )
  .openapi(
    route('list.import', {
      method: 'post',
      path: '/api/task-lists',
      summary: 'Reads a task list and keeps it as a draft',
      request: { body: fileBody },
      responses: { 201: json(draftSchema, 'the draft'), ...failures(401, 403, 413, 422, 429) },
    }),
    async (c) => {
      const { file, read } = await readRequest(c)
      const id = await begin(c, (tx) => keepDraft(tx, c.var.actor, file, read))
      return c.json((await draftView(c, await existing(c, id))) as never, 201, { location: `/api/task-lists/${id}` })
    },
  )
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/task-lists/{id}',
      summary: 'One list: the document, what was read, what was corrected, what is open, what changed against the stored plan',
      request: { params: idParam },
      responses: { 200: json(draftSchema, 'the list'), ...failures(404) },
    }),
    async (c) => c.json((await draftView(c, await existing(c, c.req.valid('param').id))) as never, 200),
  )
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/task-lists/{id}/file',
      summary: 'The file as it was handed in',
      request: { params: idParam },
      responses: { 200: { description: 'the file', content: { 'application/octet-stream': { schema: z.any() } } }, ...failures(404) },
    }),
    async (c) => {
      const file = await fileOf(c.var.sql, c.req.valid('param').id)
      if (!file) throw new Problem('not-found', { what: 'task-list' }, 'id')
      return c.body(new Uint8Array(file.bytes), 200, {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}`,
      })
    },
  )
  .openapi(
    route('list.import', {
      method: 'put',
      path: '/api/task-lists/{id}/corrections',
      summary: 'Saves the corrections and confirmations of a draft; needs the version that they were made on',
      request: {
        params: idParam,
        body: {
          required: true,
          content: {
            'application/json': {
              schema: z
                .object({
                  version: z.int(),
                  corrections: z.array(correctionSchema).max(5000),
                  confirmed: z.array(z.string().max(500)).max(5000),
                })
                .refine((given) => isStorable(given), 'holds a NUL, half a character, or something nested too deep'),
            },
          },
        },
      },
      responses: { 200: json(draftSchema, 'the draft in its new version'), ...failures(401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const given = c.req.valid('json')
      await begin(c, async (tx) => {
        const row = await taskListForUpdate(tx, id)
        if (!row) throw new Problem('not-found', { what: `task-list/${id}` }, 'id')
        if (row.status !== 'draft') throw new Problem('state-conflict', { state: row.status })
        if (row.version !== given.version) throw new Problem('version-conflict', { current: row.version, given: given.version }, 'version')
        try {
          applyCorrections(row.reading, given.corrections)
        } catch (error) {
          if (error instanceof CorrectionError) throw new Problem('correction-invalid', { path: error.path, why: error.why }, error.path)
          throw error
        }
        await updateCorrections(tx, id, given.corrections, given.confirmed)
        await audit(tx, c.var.actor, {
          action: 'task-list.correct',
          subject: `task-list/${id}`,
          before: { version: row.version, corrections: row.corrections, confirmed: row.confirmed },
          after: { version: row.version + 1, corrections: given.corrections, confirmed: given.confirmed },
        })
      })
      return c.json((await draftView(c, await existing(c, id))) as never, 200)
    },
  )
  .openapi(
    route('list.import', {
      method: 'post',
      path: '/api/task-lists/{id}/store',
      summary: 'Makes the draft the plan of its year, all or nothing; every warning must be confirmed or corrected first',
      request: { params: idParam, body: { required: true, content: { 'application/json': { schema: z.object({ version: z.int() }) } } } },
      responses: { 200: json(z.object({ year: z.int(), tasks: z.int() }), 'stored'), ...failures(401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const { version } = c.req.valid('json')
      const stored = await begin(c, async (tx) => {
        const plan = await storePlan(tx, c.var.actor, c.req.valid('param').id, { version, district: QINGPU, unattended: false })
        if (plan.hadDemo) await seedDemo(tx, c.var.actor, plan.planId)
        return plan
      })
      return c.json({ year: stored.year, tasks: stored.tasks.length }, 200)
    },
  )
  .openapi(
    route('list.import', {
      method: 'delete',
      path: '/api/task-lists/{id}',
      summary: 'Discards a draft; it stays on record',
      request: { params: idParam },
      responses: { 204: { description: 'discarded' }, ...failures(401, 403, 404, 409) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await begin(c, async (tx) => {
        const row = await taskListForUpdate(tx, id)
        if (!row) throw new Problem('not-found', { what: `task-list/${id}` }, 'id')
        if (row.status !== 'draft') throw new Problem('state-conflict', { state: row.status })
        await updateStatus(tx, id, 'discarded')
        await audit(tx, c.var.actor, { action: 'task-list.discard', subject: `task-list/${id}`, before: row.status, after: 'discarded' })
      })
      return c.body(null, 204)
    },
  )
