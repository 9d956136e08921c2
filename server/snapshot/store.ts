import { atlasPages, atlasViews, snapshotPage, type DrawnPage } from '../../geo/snapshot/atlas.ts'
import { basisOf, faultOfView, VIEW_FAULTS, type PageBasis } from '../../geo/snapshot/figures.ts'
import { frozenSnapshotOf, SHORT_HASH } from '../../geo/snapshot/frozen.ts'
import type { AtlasPer, SnapshotKind, SnapshotRequest } from '../../geo/snapshot/request.ts'
import { monthEnd } from '../../geo/month/month.ts'
import { audit } from '../audit/queries.ts'
import type { Tx } from '../database/connect.ts'
import { freeze } from '../frozen/frozen.ts'
import { listSha256 } from '../month/queries.ts'
import type { PlanRow } from '../plan/queries.ts'
import { Problem } from '../problems.ts'
import type { Actor } from '../route.ts'
import { codeOf } from './code.ts'
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

/**
 * Freezes what the view shows now and puts it into the queue.
 * @throws Problem view-unknown, too-many-snapshots
 */
export async function makeSnapshot(tx: Tx, { plan, actor, now, origin }: SnapshotMaking, kind: SnapshotKind, asked: AskedSnapshot, per: AtlasPer | null, tasks: readonly number[] | null): Promise<{ id: number; sha256: string }> {
  if ((await waitingOf(tx, actor.name)) >= MOST_WAITING) throw new Problem('too-many-snapshots', { limit: MOST_WAITING })
  const { sources, boundaries } = await pageSources(tx, plan)
  const view = { ...asked.view, month: asked.view.month ?? newestMonth(sources.progress) }
  const request: SnapshotRequest = { ...asked, view }
  const fault = faultOfView(sources, view)
  if (fault) throw new Problem('view-unknown', { why: VIEW_FAULTS[fault].zh, whyEn: VIEW_FAULTS[fault].en }, `/view/${fault}`)
  const basis = basisOf(sources, view.month)
  if (per && atlasViews(basis, view, per, tasks).length === 0) throw new Problem('view-unknown', { why: VIEW_FAULTS.task.zh, whyEn: VIEW_FAULTS.task.en }, '/tasks')
  // The hash is of what is shown; the page then carries the way back to it.
  const draw = (link: { text: string; modules: string[] } | null): DrawnPage[] => {
    const making = { maker: actor.person?.name || actor.name, link }
    return per ? atlasPages(basis, request, per, tasks, making) : [snapshotPage(basis, request, making)]
  }
  const lights = lightsShown(basis, request, per, tasks)
  const reports = await reportMarks(tx, plan.id, view.month)
  const { year, districtCode, district, title } = plan
  const frozen = freeze(
    frozenSnapshotOf({
      as: kind,
      per,
      tasks,
      plan: { year, districtCode, district, title, listSha256: await listSha256(tx, plan.taskListId) },
      asOf: monthEnd(view.month),
      request,
      rules: sources.progress.rules,
      boundaries,
      lights,
      reports,
      demo: lights.some(({ demo }) => demo),
    }),
  )
  const address = `${origin}/s/${frozen.sha256.slice(0, SHORT_HASH)}`
  const pages = draw({ text: address, modules: codeOf(address) })
  const id = await insertSnapshot(tx, {
    ...frozen,
    kind,
    planId: plan.id,
    title: titleOf(pages[0]!, request, per),
    pages: pages.length,
    madeBy: actor.name,
    maker: actor.person?.name || actor.name,
    madeAt: now,
    drawings: JSON.stringify(pages.map(({ name, drawing }) => ({ name, drawing }))),
  })
  await audit(tx, actor, { action: `${kind}.make`, subject: `${kind}/${id}`, before: null, after: { sha256: frozen.sha256, pages: pages.length, view, paper: request.paper, dpi: request.dpi, template: request.template } })
  return { id, sha256: frozen.sha256 }
}

/** All that some page of it shows. */
function lightsShown(basis: PageBasis, request: SnapshotRequest, per: AtlasPer | null, tasks: readonly number[] | null) {
  const { now } = basis
  const { task, town } = request.view
  if (per === 'task') return now.lights.filter((light) => !tasks || tasks.includes(light.task))
  if (task !== null) return now.lights.filter((light) => light.task === task)
  // The map of a town's page shows its neighbours too; a district's shows everything.
  void town
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
