import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { ATTACHMENT_TYPES } from '../../geo/attachment/attachment.ts'
import { can } from '../../geo/right/right.ts'
import { namesOfAccounts } from '../account/queries.ts'
import { instantOf, todayOf } from '../clock.ts'
import { isoMonth } from '../plan/schemas.ts'
import { planById, tasksOf } from '../plan/queries.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import { Problem } from '../problems.ts'
import { townCode } from '../report/routes.ts'
import { begin, failures, json, mustBeAllowed, route, router, wholeNumber, type App } from '../route.ts'
import { attachmentById, attachmentsOf, bytesOfAttachment } from './queries.ts'
import { readAttachment } from './read.ts'
import { attachmentSchema } from './schemas.ts'
import { attach, takeAway } from './store.ts'

const subject = z.string().regex(/^(\d{1,9}\.\d{1,4}|\d{1,9}\/(submission|inspection|finding)|\d{1,9}\/milestone\/\d{1,9}\.\d{1,4}\/\d{1,4})$/, 'must be a measure (14.1) or a submission (17/finding)')
const idParam = z.object({ id: wholeNumber(1) })

/** The file of a form. @throws Problem file-missing */
export async function fileOfForm(c: Context): Promise<{ name: string; bytes: Uint8Array }> {
  const form = await c.req.parseBody().catch(() => ({}) as Record<string, never>)
  const file = (form as Record<string, unknown>).file
  if (!(file instanceof File)) throw new Problem('file-missing', {}, 'file')
  return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
}

/** The attachment of a path, if whoever asks may read the sheet that it hangs on. @throws Problem not-found, not-allowed */
async function readable(c: Context<App>, id: number) {
  const row = await attachmentById(c.var.sql, id)
  if (!row) throw new Problem('not-found', { what: `attachment/${id}` }, 'id')
  const task = (await tasksOf(c.var.sql, row.planId)).find(({ no }) => no === row.task)
  mustBeAllowed(c, 'report.read', { town: row.town, departments: task?.leads ?? [] })
  return row
}

const placedSchema = z
  .object({
    type: z.literal('FeatureCollection'),
    features: z.array(
      z.object({
        type: z.literal('Feature'),
        id: z.int(),
        geometry: z.object({ type: z.literal('Point'), coordinates: z.array(z.number()) }),
        properties: z.object({ task: z.int(), town: z.string(), month: isoMonth, subject: z.string(), name: z.string(), takenAt: z.string().nullable(), addedBy: z.string(), addedByName: z.string(), addedAt: z.iso.datetime(), demo: z.boolean() }),
      }),
    ),
  })
  .openapi('Photos')

export const attachmentRoutes = router()
  .openapi(
    route('report.read', {
      method: 'get',
      path: '/api/plans/{year}/photos',
      summary: 'Photos that say where they were taken, as GeoJSON points: those that whoever asks may see',
      request: { params: yearParam, query: z.object({ month: isoMonth.optional(), town: townCode.optional(), task: wholeNumber(1).optional() }) },
      responses: { 200: json(placedSchema, 'points in WGS84'), ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const plan = await planOfPath(c, c.req.valid('param').year)
      const leads = new Map((await tasksOf(c.var.sql, plan.id)).map((task) => [task.no, task.leads]))
      const rows = await attachmentsOf(c.var.sql, plan.id, { ...c.req.valid('query'), placed: true })
      const { person } = c.var.actor
      const seen = rows.filter(({ task, town }) => can(person, 'report.read', { town, departments: leads.get(task) ?? [] }))
      const names = await namesOfAccounts(c.var.sql, seen.map(({ addedBy }) => addedBy))
      const features = seen.map(({ id, place, task, town, month, subject: about, name, takenAt, addedBy, addedAt, demo }) => ({
        type: 'Feature' as const,
        id,
        geometry: { type: 'Point' as const, coordinates: [...place!] },
        properties: { task, town, month, subject: about, name, takenAt, addedBy, addedByName: names.get(addedBy) ?? addedBy, addedAt, demo },
      }))
      return c.json({ type: 'FeatureCollection' as const, features }, 200, { 'cache-control': 'no-store' })
    },
  )
  .openapi(
    route('report.write', {
      method: 'post',
      path: '/api/plans/{year}/attachments/{month}/{town}',
      summary: 'Attaches a photo or file (multipart `file`) to a cell of a sheet; what it is, its content says',
      request: {
        params: yearParam.extend({ month: isoMonth, town: townCode }),
        query: z.object({ subject }),
        body: { content: { 'multipart/form-data': { schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } } } },
      },
      responses: { 201: json(attachmentSchema, 'attached'), ...failures(400, 401, 403, 404, 409, 413, 422) },
    }),
    async (c) => {
      const { year, month, town } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      const context = { plan, actor: c.var.actor, now: instantOf(c.var.clock), today: todayOf(c.var.clock) }
      // The right comes before the reading: nobody makes the server open files for a town that is not theirs.
      const task = (await tasksOf(c.var.sql, plan.id)).find(({ no, measures }) => {
        const about = c.req.valid('query').subject
        return about.includes('/') ? no === Number(about.split('/')[0]) : measures.some(({ id }) => id === about)
      })
      if (!task) throw new Problem('not-found', { what: `${month}/${town}/${c.req.valid('query').subject}` }, 'subject')
      mustBeAllowed(c, 'report.write', { town, departments: task.leads })
      const file = readAttachment(await fileOfForm(c))
      const row = await begin(c, (tx) => attach(tx, context, { town, month, subject: c.req.valid('query').subject }, file))
      const { id, subject: about, name, type, size, takenAt, place, addedBy, addedAt, demo } = row
      return c.json({ id, subject: about, name, type, size, takenAt, place, addedBy, addedAt, demo }, 201)
    },
  )
  .openapi(
    route('report.read', {
      method: 'get',
      path: '/api/attachments/{id}/file',
      summary: 'The photo or file itself',
      request: { params: idParam },
      responses: { 200: { description: 'the bytes, as what they are' }, ...failures(401, 403, 404) },
    }),
    async (c) => {
      const row = await readable(c, c.req.valid('param').id)
      const etag = `"${row.sha256.slice(0, 32)}"`
      const { media, photo } = ATTACHMENT_TYPES[row.type]
      const headers = {
        etag,
        'cache-control': 'private, no-cache',
        'content-type': media,
        'x-content-type-options': 'nosniff',
        'content-disposition': `${photo ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(row.name)}`,
      }
      if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers) as never
      return c.body(new Uint8Array(await bytesOfAttachment(c.var.sql, row.id)), 200, headers) as never
    },
  )
  .openapi(
    route('report.write', {
      method: 'delete',
      path: '/api/attachments/{id}',
      summary: 'Takes an attachment away, as long as its cell may be changed; it stays on record',
      request: { params: idParam },
      responses: { 204: { description: 'taken away' }, ...failures(401, 403, 404, 409) },
    }),
    async (c) => {
      const row = await readable(c, c.req.valid('param').id)
      const plan = (await planById(c.var.sql, row.planId))!
      const context = { plan, actor: c.var.actor, now: instantOf(c.var.clock), today: todayOf(c.var.clock) }
      await begin(c, (tx) => takeAway(tx, context, row))
      return c.body(null, 204)
    },
  )
