import { setImmediate } from 'node:timers/promises'
import { atlasViews, coverFirst, pagesOfAtlas, snapshotPage, type DrawnPage } from '../../geo/snapshot/atlas.ts'
import { basisOf, faultOfView, figuresOf, VIEW_FAULTS, type PageBasis, type PageSources } from '../../geo/snapshot/figures.ts'
import { frozenSnapshotOf, SHORT_HASH } from '../../geo/snapshot/frozen.ts'
import { drawableOf, type PageLayer } from '../../geo/snapshot/layers.ts'
import type { AtlasPer, SnapshotKind, SnapshotRequest, SnapshotView } from '../../geo/snapshot/request.ts'
import type { Action } from '../../geo/right/right.ts'
import { monthEnd } from '../../geo/month/month.ts'
import { audit } from '../audit/queries.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { freeze } from '../frozen/frozen.ts'
import { listSha256 } from '../month/queries.ts'
import { logoOf } from '../page-template/queries.ts'
import type { PlanRow } from '../plan/queries.ts'
import { Problem } from '../problems.ts'
import type { Actor } from '../route.ts'
import { layerMark, layersSeenBy, pageLayers } from './layers.ts'
import { insertSnapshot, reportMarks, waitingOf } from './queries.ts'
import { pageSources } from './sources.ts'

export interface SnapshotMaking {
  plan: PlanRow
  actor: Actor
  /** ISO instant. */
  now: string
  /** Where the short link leads: the origin that people reach the server by. */
  origin: string
}

/** How many one person may have waiting. */
const MOST_WAITING = 10

/** What is asked for, with a month or without one. */
export type AskedSnapshot = Omit<SnapshotRequest, 'view'> & { view: Omit<SnapshotRequest['view'], 'month'> & { month: string | null } }

/** A page that is ready to be kept. */
export type DrawnSnapshot = Omit<Parameters<typeof insertSnapshot>[1], 'madeBy' | 'maker' | 'madeAt'> & { facts: object; /** As it stands on the page, where that is not the person’s name. */ maker?: string }

/** @throws Problem too-many-snapshots */
export async function mustNotHaveTooMany(sql: Sql, { name }: Pick<Actor, 'name'>): Promise<void> {
  if ((await waitingOf(sql, name)) >= MOST_WAITING) throw new Problem('too-many-snapshots', { limit: MOST_WAITING })
}

/**
 * Freezes what the view shows now and draws it. Outside of a transaction, as the pages of an atlas take their time.
 * @throws Problem view-unknown, too-many-snapshots
 */
export async function drawSnapshot(
  sql: Sql,
  { plan, actor, origin }: Omit<SnapshotMaking, 'now'>,
  kind: SnapshotKind,
  asked: AskedSnapshot,
  per: AtlasPer | null,
  tasks: readonly number[] | null,
): Promise<DrawnSnapshot> {
  await mustNotHaveTooMany(sql, actor)
  const { sources: plain, boundaries } = await pageSources(sql, plan)
  const { layers: wanted = [], ...given } = asked.view
  const seen = layersSeenBy(actor.person, wanted, true)
  const view: SnapshotView = { ...given, ...(seen.length ? { layers: seen } : {}), month: given.month ?? newestMonth(plain.progress) }
  const sources: PageSources = { ...plain, layers: await layersOfPages(sql, plan, actor, plain, view, per) }
  const request: SnapshotRequest = { ...asked, view }
  const fault = faultOfView(sources, view)
  if (fault) throw new Problem('view-unknown', { why: VIEW_FAULTS[fault].zh, whyEn: VIEW_FAULTS[fault].en }, `/view/${fault}`)
  const logo = asked.logo === undefined ? null : await logoOfPage(sql, asked.logo)
  const basis = basisOf(sources, view.month)
  if (per && atlasViews(basis, view, per, tasks).length === 0) throw new Problem('view-unknown', { why: VIEW_FAULTS.task.zh, whyEn: VIEW_FAULTS.task.en }, '/tasks')
  const lights = lightsShown(basis, request, per, tasks)
  const [reports, list] = await Promise.all([reportMarks(sql, plan.id, view.month), listSha256(sql, plan.taskListId)])
  const { year, districtCode, district, title } = plan
  const frozen = freeze(
    frozenSnapshotOf({
      as: kind,
      per,
      tasks,
      plan: { year, districtCode, district, title, listSha256: list },
      asOf: monthEnd(view.month),
      request,
      rules: sources.progress.rules,
      boundaries,
      lights,
      reports,
      ...(logo ? { logo: logo.sha256 } : {}),
      ...(seen.length ? { layers: [...sources.layers!].flatMap(([town, its]) => its.map((layer) => layerMark(town || null, layer))) } : {}),
      charts: (per ? atlasViews(basis, view, per, tasks) : [view]).map((one) => figuresOf(basis, one).chart),
      demo: lights.some(({ demo }) => demo) || [...sources.layers!.values()].flat().some(({ demo }) => demo),
    }),
  )
  // The hash is of what is shown; the page then carries the way back to it.
  // Loaded when it is first needed, like everything else that only pages need: a server starts without them.
  const { codeOf } = await import('./code.ts')
  const address = `${origin}/s/${frozen.sha256.slice(0, SHORT_HASH)}`
  const making = { maker: actor.person?.name || actor.name, link: { text: address, modules: codeOf(address) }, logo: logo && { ...logo.size, href: `data:image/png;base64,${Buffer.from(logo.bytes).toString('base64')}` } }
  const pages = per ? await drawnOneByOne(pagesOfAtlas(basis, request, per, tasks, making)) : [snapshotPage(basis, request, making)]
  return {
    ...frozen,
    kind,
    planId: plan.id,
    title: titleOf(pages[0]!, request, per),
    pages: pages.length,
    needs: seen.flatMap((id) => (drawableOf(id).sees === 'reader' ? [] : [drawableOf(id).sees as Action])),
    drawings: JSON.stringify(pages.map(({ name, drawing }) => ({ name, drawing }))),
    facts: { sha256: frozen.sha256, pages: pages.length, view, paper: request.paper, dpi: request.dpi, template: request.template },
  }
}

/** @throws Problem not-found */
async function logoOfPage(sql: Sql, id: number): Promise<{ size: { width: number; height: number }; sha256: string; bytes: Uint8Array }> {
  const logo = await logoOf(sql, id)
  if (!logo || logo.removed) throw new Problem('not-found', { what: `page-logo/${id}` }, '/logo')
  const { width, height, sha256, bytes } = logo
  return { size: { width, height }, sha256, bytes }
}

/** The layers that the pages show: of the district, and of each town that is shown alone. */
async function layersOfPages(sql: Sql, plan: PlanRow, { person }: Actor, sources: PageSources, view: SnapshotView, per: AtlasPer | null): Promise<Map<string, PageLayer[]>> {
  const found = new Map<string, PageLayer[]>()
  if (!view.layers?.length) return found
  const views = per === 'town' ? [{ ...view, town: null, extent: 'district' as const }, ...atlasViews({ sources }, view, 'town', null)] : [view]
  for (const { town, extent } of views) {
    const key = extent === 'town' && town ? town : ''
    if (!found.has(key)) found.set(key, await pageLayers(sql, plan.id, person, view.layers, key || null))
  }
  return found
}

/** Other requests are answered between two pages. */
async function drawnOneByOne(drawing: Iterable<DrawnPage>): Promise<DrawnPage[]> {
  const pages: DrawnPage[] = []
  for (const page of drawing) {
    pages.push(page)
    await setImmediate()
  }
  return coverFirst(pages)
}

/** Puts it into the queue, in the caller's transaction. */
export async function keepSnapshot(tx: Tx, { actor, now }: Pick<SnapshotMaking, 'actor' | 'now'>, { facts, maker, ...drawn }: DrawnSnapshot): Promise<number> {
  const id = await insertSnapshot(tx, { ...drawn, madeBy: actor.name, maker: maker ?? (actor.person?.name || actor.name), madeAt: now })
  await audit(tx, actor, { action: `${drawn.kind}.make`, subject: `${drawn.kind}/${id}`, before: null, after: facts })
  return id
}

/** All that some page of it shows. */
function lightsShown(basis: PageBasis, request: SnapshotRequest, per: AtlasPer | null, tasks: readonly number[] | null) {
  const { now } = basis
  const { task, layers } = request.view
  // A page of layers says nothing of lights; nor does the cover of their atlas.
  if (layers?.length) return []
  if (per === 'task') return now.lights.filter((light) => !tasks || tasks.includes(light.task))
  if (task !== null) return now.lights.filter((light) => light.task === task)
  // The map of a town's page shows its neighbours too; a district's shows everything.
  return now.lights
}

function titleOf(first: DrawnPage, request: SnapshotRequest, per: AtlasPer | null): string {
  if (per) return `${first.figures.title}${request.view.lang === 'en' ? ', ' : ' · '}${first.figures.subtitle}`
  return request.title.trim() || first.figures.title
}

/** The last month that anything was approved for, as the screens begin with. */
function newestMonth(progress: { months: { id: string }[]; series: { points: { month: string; approvedAt: string | null }[] }[] }): string {
  const approved = progress.series.flatMap(({ points }) => points.flatMap(({ month, approvedAt }) => (approvedAt === null ? [] : [month])))
  return approved.reduce((a, b) => (a > b ? a : b), progress.months[0]?.id ?? '')
}
