/** What can be asked of any record of pages, whichever kind it is of: how far it is, its files, its pages; and calling it off. */
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { lightsOf } from '../../geo/light/lights.ts'
import { differencesOf } from '../../geo/month/frozen.ts'
import { can, type Action } from '../../geo/right/right.ts'
import type { Person } from '../../geo/right/role.ts'
import type { Drawing } from '../../geo/snapshot/drawing.ts'
import type { FrozenSnapshot } from '../../geo/snapshot/frozen.ts'
import type { FileFormat, SnapshotKind } from '../../geo/snapshot/request.ts'
import { svgOf, svgText } from '../../geo/snapshot/svg.ts'
import { audit } from '../audit/queries.ts'
import { holds } from '../frozen/frozen.ts'
import { planById, tasksOf } from '../plan/queries.ts'
import { Problem } from '../problems.ts'
import { progressOf } from '../report/queries.ts'
import { begin, failures, mustBeAllowed, route, wholeNumber, type App } from '../route.ts'
import { outlined } from './outline.ts'
import { cancelSnapshot, drawingsOf, fileOf, formatsOf, snapshotOf, type SnapshotRow } from './queries.ts'

export const idParam = z.object({ id: wholeNumber(1) })
export const TYPES: Record<FileFormat | 'svg', string> = {
  png: 'image/png',
  pdf: 'application/pdf',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  zip: 'application/zip',
  svg: 'image/svg+xml',
}

const EVERYWHERE = { town: '*', departments: [] }

/** Those of the rights that somebody does not have everywhere. */
export function lacks(person: Person | null, needs: readonly Action[]): Action[] {
  return needs.filter((action) => !can(person, action, EVERYWHERE))
}

/** @throws Problem not-found, not-allowed */
async function existing(c: Context<App>, kind: SnapshotKind, id: number): Promise<SnapshotRow> {
  const row = await snapshotOf(c.var.sql, kind, id)
  if (!row) throw new Problem('not-found', { what: `${kind}/${id}` }, 'id')
  // What shows more than everybody may see is for whoever may see all of that, and for its maker.
  const [lacking] = row.madeBy === c.var.actor.name ? [] : lacks(c.var.actor.person, row.needs)
  if (lacking) mustBeAllowed(c, lacking, EVERYWHERE)
  return row
}

export async function detail(c: Context<App>, kind: SnapshotKind, id: number) {
  const { sql } = c.var
  const row = await existing(c, kind, id)
  const content = JSON.parse(row.content) as FrozenSnapshot
  const plan = row.planId === null || row.status === 'queued' || row.status === 'running' ? null : await planById(sql, row.planId)
  const now = plan ? lightsOf(await tasksOf(sql, plan.id), await progressOf(sql, plan), content.asOf, { history: false }) : []
  const { planId: _plan, content: _content, needs: _needs, sha256, ...rest } = row
  return {
    ...rest,
    hash: sha256,
    formats: await formatsOf(sql, id),
    holds: holds(row),
    mine: row.madeBy === c.var.actor.name,
    content,
    since: differencesOf(content.lights, now),
  }
}

/** @throws Problem not-found, snapshot-not-ready */
export async function file(c: Context<App>, kind: SnapshotKind, id: number, format: FileFormat | 'svg'): Promise<Response> {
  const row = await existing(c, kind, id)
  const bytes = format === 'svg' ? await svgFile(c, id) : await fileOf(c.var.sql, id, format)
  if (!bytes) throw new Problem('snapshot-not-ready', { format, status: row.status })
  const name = encodeURIComponent(`${row.title.replace(/[\\/:*?"<>|\s]+/g, ' ')}.${format}`)
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: {
      'content-type': TYPES[format],
      'content-disposition': `${c.req.query('inline') === undefined ? 'attachment' : 'inline'}; filename="${kind}-${id}.${format}"; filename*=UTF-8''${name}`,
      etag: `"${row.sha256.slice(0, 32)}-${id}-${format}"`,
      'cache-control': 'private, no-cache',
    },
  })
}

async function svgFile(c: Context<App>, id: number): Promise<Uint8Array | null> {
  const drawings = await drawingsOf(c.var.sql, id)
  if (!drawings) return null
  const [first] = JSON.parse(drawings) as { drawing: Drawing }[]
  return new TextEncoder().encode(svgText(outlined(svgOf(first!.drawing))))
}

export async function cancel(c: Context<App>, kind: SnapshotKind, id: number) {
  const row = await existing(c, kind, id)
  if (row.madeBy !== c.var.actor.name && !can(c.var.actor.person, 'snapshot.cancel')) mustBeAllowed(c, 'snapshot.cancel')
  await begin(c, async (tx) => {
    if (await cancelSnapshot(tx, id)) await audit(tx, c.var.actor, { action: `${kind}.cancel`, subject: `${kind}/${id}`, before: { status: row.status }, after: { status: 'cancelled' } })
  })
  return detail(c, kind, id)
}

/**
 * One page as it was drawn.
 * @throws Problem not-found
 */
export async function pageOf(c: Context<App>, kind: SnapshotKind, id: number, page: number): Promise<{ name: string; drawing: Drawing }> {
  await existing(c, kind, id)
  const found = (JSON.parse((await drawingsOf(c.var.sql, id)) ?? '[]') as { name: string; drawing: Drawing }[])[page - 1]
  if (!found) throw new Problem('not-found', { what: `${kind}/${id}/pages/${page}` }, 'page')
  return found
}

export const fileRoute = <const P extends string>(right: Action, path: P, type: string, summary: string) =>
  route(right, {
    method: 'get',
    path,
    summary,
    description: 'With `?inline` it is shown in place of being saved.',
    request: { params: idParam, query: z.object({ inline: z.string().optional() }) },
    responses: { 200: { description: 'the file', content: { [type]: { schema: { type: 'string' as const, format: 'binary' } } } }, ...failures(401, 403, 404, 409) },
  })
