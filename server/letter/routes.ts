import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { ATTACHMENT_TYPES } from '../../geo/attachment/attachment.ts'
import { exampleOf, LETTER_FAULTS, LETTER_KINDS, LETTERS, TEMPLATE_ACTS, type LetterFault, type LetterField, type LetterKind, type TemplateAct } from '../../geo/letter/letter.ts'
import { bulletinValues, noticeValues, orderValues } from '../../geo/letter/values.ts'
import type { FrozenNotice } from '../../geo/notice/notice.ts'
import { orderTarget } from '../../geo/order/order.ts'
import { unitNames } from '../../geo/town/names.ts'
import { namesOfAccounts } from '../account/queries.ts'
import { fileOfForm } from '../attachment/routes.ts'
import { dayInChina, instantOf, todayOf } from '../clock.ts'
import { versionsOfNotice } from '../notice/queries.ts'
import { orderEvents, orderOf } from '../order/queries.ts'
import { tasksOf } from '../plan/queries.ts'
import { planOfPath, yearParam } from '../plan/routes.ts'
import { isoMonth } from '../plan/schemas.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, mustBeAllowed, route, router, wholeNumber, type App } from '../route.ts'
import { isStorable } from '../storable.ts'
import { planSources } from '../workbook/plan.ts'
import { templateVersions } from './queries.ts'
import { faultsOfFile, letterOf, restoreTemplate, templateOf, uploadTemplate } from './store.ts'
import { fillTemplate, textOfLetter } from './template.ts'

const DOCX = ATTACHMENT_TYPES.docx.media
const file = { description: 'the Word file', content: { [DOCX]: { schema: z.any() } } }
const kindParam = z.object({ kind: z.enum(LETTER_KINDS as [LetterKind, ...LetterKind[]]) })
const form = { content: { 'multipart/form-data': { schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } } } } as const
const words = z.string().trim().max(500).refine((given) => isStorable(given), 'holds a NUL or half a character')

const versionSchema = z.object({
  version: z.int(),
  act: z.enum(Object.keys(TEMPLATE_ACTS) as [TemplateAct, ...TemplateAct[]]),
  at: z.iso.datetime(),
  by: z.string(),
  byName: z.string().nullable(),
  name: z.string(),
  words: z.string(),
  sha256: z.string().nullable(),
})
const letterSchema = z
  .object({
    kind: kindParam.shape.kind,
    version: z.int().openapi({ description: 'the newest version; 0: the built-in template counts and nobody ever put another in its place' }),
    isBuiltIn: z.boolean(),
    versions: z.array(versionSchema),
    fields: z.array(z.object({ names: z.array(z.string()), loop: z.string().nullable(), zh: z.string(), en: z.string(), example: z.string() })),
  })
  .openapi('Letter')
const faultSchema = z.object({ fault: z.enum(Object.keys(LETTER_FAULTS) as [LetterFault, ...LetterFault[]]), name: z.string(), place: z.string(), text: z.string() })

/** Fields in one list, those of a loop after it. */
function fieldList(fields: Record<string, LetterField>, loop: string | null = null): z.infer<typeof letterSchema>['fields'] {
  return Object.entries(fields).flatMap(([key, { zh, en, example = '', fields: inside }]) => [{ names: [zh, key], loop, zh, en, example }, ...(inside ? fieldList(inside, zh) : [])])
}

async function lettersOf(c: Context<App>) {
  const all = await templateVersions(c.var.sql)
  return LETTER_KINDS.map((kind) => {
    const versions = all.filter((one) => one.kind === kind).map(({ kind: _, ...one }) => one)
    return { kind, version: versions[0]?.version ?? 0, isBuiltIn: (versions[0]?.act ?? 'reset') === 'reset', versions, fields: fieldList(LETTERS[kind].fields) }
  })
}

function sent(c: Context<App>, bytes: Uint8Array<ArrayBuffer>, name: string): never {
  const headers = { 'content-type': DOCX, 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`${name}.docx`)}`, 'cache-control': 'no-store' }
  return c.body(bytes, 200, headers) as never
}

export const letterRoutes = router()
  .openapi(
    route('letter.edit', {
      method: 'get',
      path: '/api/letters',
      summary: 'The letters that are made from Word templates: what counts now, every version, and the fields that a template may have',
      responses: { 200: json(z.array(letterSchema), 'letters'), ...failures(401, 403) },
    }),
    async (c) => c.json(await lettersOf(c), 200),
  )
  .openapi(
    route('letter.edit', {
      method: 'get',
      path: '/api/letters/{kind}/template/file.docx',
      summary: 'A template, to be edited in Word: the one that counts, or a version (0: the built-in one)',
      request: { params: kindParam, query: z.object({ version: wholeNumber(0).optional() }) },
      responses: { 200: file, ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const { kind } = c.req.valid('param')
      const newest = (await templateVersions(c.var.sql, kind))[0]
      const version = c.req.valid('query').version ?? (newest && newest.act !== 'reset' ? newest.version : 0)
      return sent(c, await templateOf(c.var.sql, kind, version), `${LETTERS[kind].zh}模板${version ? ` 第${version}版` : ''}`)
    },
  )
  .openapi(
    route('letter.edit', {
      method: 'get',
      path: '/api/letters/{kind}/example/file.docx',
      summary: 'The letter with examples in its fields, by the template that counts',
      request: { params: kindParam },
      responses: { 200: file, ...failures(401, 403) },
    }),
    async (c) => {
      const { kind } = c.req.valid('param')
      return sent(c, await letterOf(c.var.sql, kind, exampleOf(LETTERS[kind].fields)), `${LETTERS[kind].zh}示例`)
    },
  )
  .openapi(
    route('letter.edit', {
      method: 'post',
      path: '/api/letters/{kind}/try',
      summary: 'Looks a template through (multipart `file`): what is wrong with it and where, and how it reads with examples; stores nothing',
      request: { params: kindParam, body: form },
      responses: { 200: json(z.object({ faults: z.array(faultSchema), text: z.array(z.string()) }), 'faults; without any, the text'), ...failures(401, 403, 413, 422) },
    }),
    async (c) => {
      const { kind } = c.req.valid('param')
      const { bytes } = await fileOfForm(c)
      const faults = faultsOfFile(kind, bytes)
      return c.json({ faults, text: faults.length ? [] : textOfLetter(fillTemplate(kind, bytes, exampleOf(LETTERS[kind].fields))) }, 200)
    },
  )
  .openapi(
    route('letter.edit', {
      method: 'post',
      path: '/api/letters/{kind}/template',
      summary: 'Puts an edited template in the place of the one that counts (multipart `file`)',
      request: { params: kindParam, query: z.object({ version: wholeNumber(0).openapi({ description: 'the newest version that the caller knows of' }), words: words.default('') }), body: form },
      responses: { 201: json(versionSchema, 'the version'), ...failures(400, 401, 403, 409, 413, 422) },
    }),
    async (c) => {
      const { kind } = c.req.valid('param')
      const given = await fileOfForm(c)
      const { kind: _, ...row } = await begin(c, (tx) => uploadTemplate(tx, c.var.actor, kind, { ...given, name: given.name.slice(0, 200) }, c.req.valid('query'), instantOf(c.var.clock)))
      return c.json(row, 201)
    },
  )
  .openapi(
    route('letter.edit', {
      method: 'post',
      path: '/api/letters/{kind}/restore',
      summary: 'Brings an earlier version back, as a new one; 0: the built-in template',
      request: { params: kindParam, body: { required: true, content: { 'application/json': { schema: z.object({ of: z.int().min(0), version: z.int().min(0), words: words.default('') }) } } } },
      responses: { 201: json(versionSchema, 'the version'), ...failures(400, 401, 403, 404, 409, 422) },
    }),
    async (c) => {
      const { kind } = c.req.valid('param')
      const { of, ...step } = c.req.valid('json')
      const { kind: _, ...row } = await begin(c, (tx) => restoreTemplate(tx, c.var.actor, kind, of, step, instantOf(c.var.clock)))
      return c.json(row, 201)
    },
  )
  .openapi(
    route('reader', {
      method: 'get',
      path: '/api/plans/{year}/months/{month}/bulletin/file.docx',
      summary: 'The month’s bulletin (通报) as a Word file; of a month that is closed, as it was known when it was closed',
      request: { params: yearParam.extend({ month: isoMonth }) },
      responses: { 200: file, ...failures(400, 401, 404) },
    }),
    async (c) => {
      const { year, month } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      const whole = await planSources(c.var.sql, plan, null)
      const found = whole.progress.months.find(({ id }) => id === month)
      if (!found) throw new Problem('not-found', { what: `month/${month}` }, 'month')
      const knownAt = found.closedOn
      const sources = knownAt ? await planSources(c.var.sql, plan, knownAt) : whole
      const values = bulletinValues({ ...sources, year }, { month, knownAt, issuedOn: knownAt ?? todayOf(c.var.clock) })
      return sent(c, await letterOf(c.var.sql, 'bulletin', values), `${plan.district}${month} 乡村振兴重点任务进展通报`)
    },
  )
  .openapi(
    route('order.read', {
      method: 'get',
      path: '/api/plans/{year}/orders/{id}/file.docx',
      summary: 'A supervision order as a Word file',
      request: { params: yearParam.extend({ id: wholeNumber(1) }) },
      responses: { 200: file, ...failures(400, 401, 403, 404) },
    }),
    async (c) => {
      const { year, id } = c.req.valid('param')
      const plan = await planOfPath(c, year)
      const order = await orderOf(c.var.sql, plan.id, id)
      if (!order) throw new Problem('not-found', { what: `order/${year}/${id}` }, 'id')
      mustBeAllowed(c, 'order.read', orderTarget(order, 'order.read'))
      const events = await orderEvents(c.var.sql, id)
      const names = await namesOfAccounts(c.var.sql, [order.issuedBy, ...events.map(({ by }) => by)])
      const nameOf = (account: string) => names.get(account) ?? (account === 'escalation' ? '系统按亮灯规则' : account)
      const task = order.task === null ? undefined : (await tasksOf(c.var.sql, plan.id)).find(({ no }) => no === order.task)
      const values = orderValues({
        ...order,
        district: plan.district,
        owner: order.ownerTown ? unitNames(order.ownerTown).zh : (order.ownerDepartment ?? ''),
        issuedOn: dayInChina(order.issuedAt),
        issuer: nameOf(order.issuedBy),
        task: task ? { no: task.no, name: task.name } : null,
        town: order.town && unitNames(order.town).zh,
        answeredOn: order.answeredAt && dayInChina(order.answeredAt),
        events: events.map(({ at, act, by, words: said, dueOn }) => ({ on: dayInChina(at), act, by: nameOf(by), words: said, dueOn })),
      })
      return sent(c, await letterOf(c.var.sql, 'order', values), `督办单〔${year}〕${order.no}号 ${order.title}`.slice(0, 100))
    },
  )
  .openapi(
    route('anyone', {
      method: 'get',
      path: '/api/notices/{id}/file.docx',
      summary: 'A notice exactly as it was published, as a Word file',
      request: { params: z.object({ id: wholeNumber(1) }), query: z.object({ version: wholeNumber(1).optional().openapi({ description: 'an earlier version; without it the one that counts' }) }) },
      responses: { 200: file, ...failures(400, 404) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { version } = c.req.valid('query')
      const versions = await versionsOfNotice(c.var.sql, id)
      const row = version === undefined ? versions.at(-1) : versions.find((one) => one.version === version)
      if (!row) throw new Problem('not-found', { what: `notice/${id}` }, 'id')
      const notice = JSON.parse(row.content) as FrozenNotice
      return sent(c, await letterOf(c.var.sql, 'notice', noticeValues(notice, row.sha256)), `${notice.title} 第${row.version}版`.slice(0, 100))
    },
  )
