import { createHash } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { OWN_LIMITS } from '../../geo/snapshot/own.ts'
import { tidyChanges } from '../../geo/snapshot/request.ts'
import { TEMPLATE_IDS } from '../../geo/snapshot/template.ts'
import { fileOfForm } from '../attachment/routes.ts'
import { audit } from '../audit/queries.ts'
import { instantOf } from '../clock.ts'
import { Problem } from '../problems.ts'
import { begin, failures, json, route, router, wholeNumber, type App } from '../route.ts'
import { changesSchema, paperSchema } from '../snapshot/schemas.ts'
import { isStorable } from '../storable.ts'
import { LOGO_FAULTS, LogoError } from './fault.ts'
import { holdTemplate, insertLogo, insertTemplate, isNameTaken, logoOf, logos, markLogo, markTemplate, templates, updateTemplate, type GivenTemplate, type TemplateRow } from './queries.ts'

const name = z.string().trim().min(1).max(OWN_LIMITS.name).refine((text) => isStorable(text), 'holds a NUL or half a character')
const givenSchema = z
  .object({ name, template: z.enum(TEMPLATE_IDS), paper: paperSchema, blocks: changesSchema, logo: z.int().min(1).nullable() })
  .openapi('PageTemplateGiven')
const templateSchema = z
  .object({ id: z.int(), version: z.int(), name: z.string(), template: z.enum(TEMPLATE_IDS), paper: z.string(), blocks: z.record(z.string(), z.looseObject({})), logo: z.int().nullable() })
  .openapi('PageTemplate')
const logoSchema = z.object({ id: z.int(), name: z.string(), width: z.int(), height: z.int() }).openapi('PageLogo')
const idParam = z.object({ id: wholeNumber(1) })
const body = <S extends z.ZodType>(schema: S) => ({ required: true, content: { 'application/json': { schema } } })
const versionSchema = z.object({ version: z.int() })

const entryOf = (c: Context<App>) => ({ by: c.var.actor.name, at: instantOf(c.var.clock) })
const list = async (c: Context<App>) => (await templates(c.var.sql)) as never

/** @throws Problem not-found, version-conflict */
function mustBe(row: TemplateRow | null, id: number, version: number, removed: boolean): TemplateRow {
  if (!row || row.removed !== removed) throw new Problem('not-found', { what: `page-template/${id}` }, 'id')
  if (row.version !== version) throw new Problem('version-conflict', { current: row.version, given: version }, '/version')
  return row
}

/** @throws Problem template-name-taken, not-found (the logo) */
async function mustBeSound(tx: Parameters<typeof holdTemplate>[0], given: Pick<GivenTemplate, 'name' | 'logo'>, id: number | null): Promise<void> {
  if (await isNameTaken(tx, given.name, id)) throw new Problem('template-name-taken', { name: given.name }, '/name')
  if (given.logo !== null && !(await logoOf(tx, given.logo))) throw new Problem('not-found', { what: `page-logo/${given.logo}` }, '/logo')
}

const shown = ({ name: called, template, paper, blocks, logo }: GivenTemplate) => ({ name: called, template, paper, blocks, logo })
const tidy = (given: z.output<typeof givenSchema>): GivenTemplate => ({ ...given, blocks: tidyChanges(given.blocks) })

export const pageTemplateRoutes = router()
  .openapi(
    route('snapshot.read', {
      method: 'get',
      path: '/api/page-templates',
      summary: 'The district’s own templates, in the order of their making',
      responses: { 200: json(z.array(templateSchema), 'templates'), ...failures(401, 403) },
    }),
    async (c) => c.json(await list(c), 200),
  )
  .openapi(
    route('template.edit', {
      method: 'post',
      path: '/api/page-templates',
      summary: 'Keeps the places, headings and hidden blocks of a page, its paper and logo, under a name',
      request: { body: body(givenSchema) },
      responses: { 201: json(z.object({ id: z.int() }), 'kept'), ...failures(400, 401, 403, 404, 409) },
    }),
    async (c) => {
      const given = tidy(c.req.valid('json'))
      const id = await begin(c, async (tx) => {
        await mustBeSound(tx, given, null)
        if ((await templates(tx)).length >= OWN_LIMITS.templates) throw new Problem('too-many-templates', { limit: OWN_LIMITS.templates })
        const made = await insertTemplate(tx, given, entryOf(c))
        await audit(tx, c.var.actor, { action: 'template.add', subject: `page-template/${made}`, before: null, after: given })
        return made
      })
      return c.json({ id }, 201)
    },
  )
  .openapi(
    route('template.edit', {
      method: 'put',
      path: '/api/page-templates/{id}',
      summary: 'Changes or renames an own template; pages that were made by it stay as they are',
      request: { params: idParam, body: body(givenSchema.extend({ version: z.int() })) },
      responses: { 200: json(z.array(templateSchema), 'all templates'), ...failures(400, 401, 403, 404, 409) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const { version, ...asked } = c.req.valid('json')
      const given = tidy(asked)
      await begin(c, async (tx) => {
        const row = mustBe(await holdTemplate(tx, id), id, version, false)
        await mustBeSound(tx, given, id)
        await updateTemplate(tx, id, given, entryOf(c))
        await audit(tx, c.var.actor, { action: 'template.change', subject: `page-template/${id}`, before: shown(row), after: given })
      })
      return c.json(await list(c), 200)
    },
  )
  .openapi(
    route('template.edit', {
      method: 'post',
      path: '/api/page-templates/{id}/remove',
      summary: 'Takes an own template out of the gallery; it can be brought back',
      request: { params: idParam, body: body(versionSchema) },
      responses: { 200: json(z.array(templateSchema), 'those that are left'), ...failures(400, 401, 403, 404, 409) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await begin(c, async (tx) => {
        const row = mustBe(await holdTemplate(tx, id), id, c.req.valid('json').version, false)
        await markTemplate(tx, id, true, entryOf(c))
        await audit(tx, c.var.actor, { action: 'template.remove', subject: `page-template/${id}`, before: shown(row), after: null })
      })
      return c.json(await list(c), 200)
    },
  )
  .openapi(
    route('template.edit', {
      method: 'post',
      path: '/api/page-templates/{id}/restore',
      summary: 'Brings back an own template that was removed',
      request: { params: idParam, body: body(versionSchema) },
      responses: { 200: json(z.array(templateSchema), 'all templates'), ...failures(400, 401, 403, 404, 409) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await begin(c, async (tx) => {
        const row = mustBe(await holdTemplate(tx, id), id, c.req.valid('json').version, true)
        await mustBeSound(tx, row, id)
        await markTemplate(tx, id, false, entryOf(c))
        await audit(tx, c.var.actor, { action: 'template.restore', subject: `page-template/${id}`, before: null, after: shown(row) })
      })
      return c.json(await list(c), 200)
    },
  )
  .openapi(
    route('snapshot.read', {
      method: 'get',
      path: '/api/page-logos',
      summary: 'The district’s logos',
      responses: { 200: json(z.array(logoSchema), 'logos'), ...failures(401, 403) },
    }),
    async (c) => c.json(await logos(c.var.sql), 200),
  )
  .openapi(
    route('template.edit', {
      method: 'post',
      path: '/api/page-logos',
      summary: 'Takes a logo (multipart `file`: PNG, or SVG of plain shapes) and keeps it as a picture drawn anew',
      request: { body: { content: { 'multipart/form-data': { schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } } } } },
      responses: { 201: json(z.array(logoSchema), 'all logos, the new one last'), ...failures(401, 403, 409, 413, 422) },
    }),
    async (c) => {
      const file = await fileOfForm(c)
      const { drawLogo } = await import('./logo.ts')
      let drawn
      try {
        drawn = drawLogo(file.bytes)
      } catch (error) {
        if (!(error instanceof LogoError)) throw error
        const { zh: why, en: whyEn } = LOGO_FAULTS[error.fault]
        throw new Problem('logo-refused', { fault: error.fault, why, whyEn }, 'file')
      }
      const called = file.name.replace(/\.[^.]*$/, '').replace(/\p{C}/gu, '').trim().slice(0, OWN_LIMITS.name) || 'logo'
      const sha256 = createHash('sha256').update(drawn.bytes).digest('hex')
      await begin(c, async (tx) => {
        if ((await logos(tx)).length >= OWN_LIMITS.logos) throw new Problem('too-many-templates', { limit: OWN_LIMITS.logos })
        const id = await insertLogo(tx, { name: called, sha256, ...drawn }, entryOf(c))
        await audit(tx, c.var.actor, { action: 'logo.add', subject: `page-logo/${id}`, before: null, after: { name: called, sha256, width: drawn.width, height: drawn.height } })
      })
      return c.json(await logos(c.var.sql), 201)
    },
  )
  .openapi(
    route('template.edit', {
      method: 'delete',
      path: '/api/page-logos/{id}',
      summary: 'Offers a logo no more; pages that have it keep it',
      request: { params: idParam },
      responses: { 200: json(z.array(logoSchema), 'those that are left'), ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      await begin(c, async (tx) => {
        if (!(await markLogo(tx, id, instantOf(c.var.clock)))) throw new Problem('not-found', { what: `page-logo/${id}` }, 'id')
        await audit(tx, c.var.actor, { action: 'logo.remove', subject: `page-logo/${id}`, before: { id }, after: null })
      })
      return c.json(await logos(c.var.sql), 200)
    },
  )
  .openapi(
    route('snapshot.read', {
      method: 'get',
      path: '/api/page-logos/{id}/file.png',
      summary: 'A logo as a picture',
      request: { params: idParam },
      responses: { 200: { description: 'the picture', content: { 'image/png': { schema: { type: 'string' as const, format: 'binary' } } } }, ...failures(401, 403, 404) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const logo = await logoOf(c.var.sql, id)
      if (!logo) throw new Problem('not-found', { what: `page-logo/${id}` }, 'id')
      return new Response(logo.bytes as Uint8Array<ArrayBuffer>, { headers: { 'content-type': 'image/png', etag: `"${logo.sha256.slice(0, 32)}"`, 'cache-control': 'private, max-age=86400', 'x-content-type-options': 'nosniff' } }) as never
    },
  )
