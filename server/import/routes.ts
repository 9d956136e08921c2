import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { IMPORT_FINDINGS, findingText, type ImportChoices, type ImportFinding } from '../../geo/import/import.ts'
import { guessFields, guessKey } from '../../geo/import/mapping.ts'
import { layerOf } from '../../geo/layer/layers.ts'
import type { Layer } from '../../geo/layer/layer.ts'
import { instantOf } from '../clock.ts'
import type { MapFile } from '../format/format.ts'
import { previewFile } from '../format/isolated.ts'
import type { Jobs } from '../jobs.ts'
import { layerOfPath } from '../layer/routes.ts'
import { Problem, problemDocument, type ProblemKey } from '../problems.ts'
import { begin, failures, json, route, router, wholeNumber, type App } from '../route.ts'
import { streamImport } from './live.ts'
import { askToCancel, groundOfDistrict, importBytes, importOf, imports, stagedFindings, type ImportRow } from './queries.ts'
import { choicesSchema, importSchema, importSummarySchema, stagedSchema } from './schemas.ts'
import { askForCheck, askForStoring, askForUndo, discardImport, importToChange, keepImport, setUp } from './store.ts'

const idParam = z.object({ id: wholeNumber(1) })
const versionBody = { required: true, content: { 'application/json': { schema: z.object({ version: z.int() }) } } }
const MOST_LISTED = 100

/** Files that may be read at once, or wait for it: each takes its memory while it waits. */
const MOST_READINGS = 6
let readings = 0

function onWire(row: ImportRow) {
  const { failure, origin: _, ...rest } = row
  const layer = layerOf(row.layer)
  const columns = row.preview.columns.map(({ name }) => name)
  return {
    ...rest,
    suggested: { fields: layer ? guessFields(layer, columns) : {}, key: layer ? guessKey(layer, columns) : null },
    failure: failure && { key: failure.key, words: problemDocument(new Problem(failure.key as ProblemKey, failure.params), 'zh-CN').words },
  }
}

/** @throws Problem not-found */
async function existing(c: Context<App>, id: number): Promise<ImportRow> {
  const row = await importOf(c.var.sql, id)
  if (!row) throw new Problem('not-found', { what: `import/${id}` }, 'id')
  return row
}

const answerOf = async (c: Context<App>, id: number) => onWire(await existing(c, id)) as never

/**
 * The file and the layer of an upload.
 * @throws Problem file-missing, not-found, not-allowed
 */
async function uploadOf(c: Context<App>): Promise<{ file: MapFile; layer: Layer }> {
  const form = await c.req.parseBody().catch(() => {
    throw new Problem('file-missing', {}, 'file')
  })
  const { file, layer: name } = form
  if (!(file instanceof File)) throw new Problem('file-missing', {}, 'file')
  const layer = layerOfPath(c, typeof name === 'string' ? name : '')
  return { file: { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }, layer }
}

/** What a file holds; a few are read at a time. @throws Problem of the file, too-busy */
export async function preview(c: Context<App>, file: MapFile, options: Parameters<typeof previewFile>[1]) {
  if (readings >= MOST_READINGS) {
    c.header('retry-after', '5')
    throw new Problem('too-busy')
  }
  readings++
  try {
    return await previewFile(file, options, { ground: await groundOfDistrict(c.var.sql), local: c.var.environment.localCrs })
  } finally {
    readings--
  }
}

const fileBody = {
  description: 'the file as multipart field `file`, the layer’s name as field `layer`',
  content: { 'multipart/form-data': { schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' }, layer: { type: 'string' } } } } },
} as const

/** Imports of map files into layers. */
export function importRoutes(jobs: Pick<Jobs, 'wake'>) {
  const wake = () => void jobs.wake?.('imports').catch(() => {})
  return router()
    .openapi(
      route('layer.import', {
        method: 'get',
        path: '/api/imports',
        summary: 'Imports, the newest first',
        responses: { 200: json(z.array(importSummarySchema), 'imports'), ...failures(401, 403) },
      }),
      async (c) => {
        const rows = await imports(c.var.sql, MOST_LISTED)
        return c.json(rows.map((row) => { const { preview: { format, features }, suggested: _s, choices: _c, ...rest } = onWire(row); return { ...rest, format, features } }) as never, 200) // prettier-ignore
      },
    )
    .openapi(
      route('layer.import', {
        method: 'post',
        path: '/api/imports',
        summary: 'Reads a map file for a layer and keeps it: columns, encoding, where its coordinates may lie. Nothing is stored in the layer yet',
        request: { body: fileBody },
        responses: { 201: json(importSchema, 'the import'), ...failures(401, 403, 404, 413, 422, 429) },
      }),
      async (c) => {
        const { file, layer } = await uploadOf(c)
        const read = await preview(c, file, {})
        const id = await begin(c, (tx) => keepImport(tx, c.var.actor, layer.id, file, read, instantOf(c.var.clock)))
        return c.json(await answerOf(c, id), 201, { location: `/api/imports/${id}` })
      },
    )
    .openapi(
      route('layer.import', {
        method: 'get',
        path: '/api/imports/{id}',
        summary: 'One import: what was read, what was chosen, how far it is, what the dry run says',
        request: { params: idParam },
        responses: { 200: json(importSchema, 'the import'), ...failures(400, 401, 403, 404) },
      }),
      async (c) => c.json(await answerOf(c, c.req.valid('param').id), 200),
    )
    .openapi(
      route('layer.import', {
        method: 'put',
        path: '/api/imports/{id}/reading',
        summary: 'Reads the file anew: in another encoding, from another part or other columns, or for another layer',
        request: {
          params: idParam,
          body: {
            required: true,
            content: {
              'application/json': {
                schema: z.object({
                  version: z.int(),
                  layer: z.string().max(60).optional(),
                  encoding: z.string().max(40).nullable().optional(),
                  part: z.string().max(200).nullable().optional(),
                  x: z.string().max(200).nullable().optional(),
                  y: z.string().max(200).nullable().optional(),
                }),
              },
            },
          },
        },
        responses: { 200: json(importSchema, 'the import'), ...failures(400, 401, 403, 404, 409, 422, 429) },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        const { version, layer: name, encoding, part, x, y } = c.req.valid('json')
        const row = await existing(c, id)
        const layer = layerOfPath(c, name ?? row.layer)
              const bytes = await importBytes(c.var.sql, id)
        if (!bytes) throw new Problem('state-conflict', { state: row.state })
        const options = { encoding: encoding ?? undefined, part: part ?? undefined, x: x ?? undefined, y: y ?? undefined }
        const read = await preview(c, { name: row.fileName, bytes }, options)
        await begin(c, async (tx) => setUp(tx, c.var.actor, await importToChange(tx, id, 'set-up', version), { layer: layer.id, preview: read }, instantOf(c.var.clock)))
        return c.json(await answerOf(c, id), 200)
      },
    )
    .openapi(
      route('layer.import', {
        method: 'post',
        path: '/api/imports/{id}/check',
        summary: 'Has every feature looked at with these choices (a dry run): goes on by itself, see the stream',
        request: { params: idParam, body: { required: true, content: { 'application/json': { schema: z.object({ version: z.int(), choices: choicesSchema }) } } } },
        responses: { 202: json(importSchema, 'the import'), ...failures(400, 401, 403, 404, 409, 422) },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        const { version, choices } = c.req.valid('json')
        await existing(c, id)
        await begin(c, async (tx) => askForCheck(tx, c.var.actor, await importToChange(tx, id, 'check', version), choices as ImportChoices, c.var.environment.localCrs, instantOf(c.var.clock)))
        wake()
        return c.json(await answerOf(c, id), 202)
      },
    )
    .openapi(
      route('layer.import', {
        method: 'post',
        path: '/api/imports/{id}/store',
        summary: 'Stores what was checked, all or nothing',
        request: { params: idParam, body: versionBody },
        responses: { 202: json(importSchema, 'the import'), ...failures(400, 401, 403, 404, 409) },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        await existing(c, id)
        await begin(c, async (tx) => askForStoring(tx, c.var.actor, await importToChange(tx, id, 'store', c.req.valid('json').version), instantOf(c.var.clock)))
        wake()
        return c.json(await answerOf(c, id), 202)
      },
    )
    .openapi(
      route('layer.import', {
        method: 'post',
        path: '/api/imports/{id}/undo',
        summary: 'Puts every feature back to what it was before the import; not once one of them was changed again',
        request: { params: idParam, body: versionBody },
        responses: { 202: json(importSchema, 'the import'), ...failures(400, 401, 403, 404, 409) },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        await existing(c, id)
        await begin(c, async (tx) => askForUndo(tx, c.var.actor, await importToChange(tx, id, 'undo', c.req.valid('json').version), instantOf(c.var.clock)))
        wake()
        return c.json(await answerOf(c, id), 202)
      },
    )
    .openapi(
      route('layer.import', {
        method: 'post',
        path: '/api/imports/{id}/cancel',
        summary: 'Stops the dry run or the storing; nothing of it stays',
        request: { params: idParam },
        responses: { 202: json(importSchema, 'the import'), ...failures(400, 401, 403, 404, 409) },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        await existing(c, id)
        await begin(c, async (tx) => {
          await importToChange(tx, id, 'cancel', null)
          await askToCancel(tx, id, instantOf(c.var.clock))
        })
        return c.json(await answerOf(c, id), 202)
      },
    )
    .openapi(
      route('layer.import', {
        method: 'delete',
        path: '/api/imports/{id}',
        summary: 'Gives an import up that is not stored; that it was there stays on record',
        request: { params: idParam },
        responses: { 204: { description: 'gone' }, ...failures(400, 401, 403, 404, 409) },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        await existing(c, id)
        await begin(c, async (tx) => discardImport(tx, c.var.actor, await importToChange(tx, id, 'discard', null), instantOf(c.var.clock)))
        return c.body(null, 204)
      },
    )
    .openapi(
      route('layer.import', {
        method: 'get',
        path: '/api/imports/{id}/features',
        summary: 'Features of the file in which the dry run has found something, a page at a time',
        request: {
          params: idParam,
          query: z.object({ finding: z.enum(Object.keys(IMPORT_FINDINGS) as [ImportFinding, ...ImportFinding[]]).optional(), after: wholeNumber(0).optional() }),
        },
        responses: { 200: json(z.array(stagedSchema), 'features'), ...failures(400, 401, 403, 404) },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        const { finding, after = 0 } = c.req.valid('query')
        const { layer } = await existing(c, id)
        const rows = await stagedFindings(c.var.sql, id, layerOf(layer)?.title ?? '', finding ?? null, { after, limit: 50 })
        const told = rows.map((row) => ({
          ...row,
          findings: row.findings.map((found) => ({ finding: found.finding, severity: IMPORT_FINDINGS[found.finding].severity, words: { 'zh-CN': findingText(found, 'zh'), en: findingText(found, 'en') } })),
        }))
        return c.json(told as never, 200)
      },
    )
    .openapi(
      route('layer.import', {
        method: 'get',
        path: '/api/imports/{id}/stream',
        summary: 'Server-sent events `import`: the import whenever it has changed, until nothing is under way',
        request: { params: idParam },
        responses: { 200: { description: 'events', content: { 'text/event-stream': { schema: z.string() } } }, ...failures(400, 401, 403, 404) },
      }),
      async (c) => streamImport(c, await existing(c, c.req.valid('param').id), onWire) as never,
    )
}
