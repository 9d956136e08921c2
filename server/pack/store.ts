import { setImmediate } from 'node:timers/promises'
import { monthEnd } from '../../geo/month/month.ts'
import type { Lang } from '../../geo/number/in-words.ts'
import { packPages, packTitle } from '../../geo/pack/pages.ts'
import type { PackFacts } from '../../geo/pack/pack.ts'
import { packSheets } from '../../geo/pack/sheets.ts'
import { atlasViews, type DrawnPage } from '../../geo/snapshot/atlas.ts'
import { basisOf, faultOfView, figuresOf, VIEW_FAULTS } from '../../geo/snapshot/figures.ts'
import { frozenSnapshotOf, SHORT_HASH } from '../../geo/snapshot/frozen.ts'
import { DPI, type Paper } from '../../geo/snapshot/paper.ts'
import type { SnapshotRequest } from '../../geo/snapshot/request.ts'
import type { Sql } from '../database/connect.ts'
import { freeze } from '../frozen/frozen.ts'
import { listSha256 } from '../month/queries.ts'
import type { PlanRow } from '../plan/queries.ts'
import { Problem } from '../problems.ts'
import type { Actor } from '../route.ts'
import { reportMarks } from '../snapshot/queries.ts'
import { pageSources } from '../snapshot/sources.ts'
import { mustNotHaveTooMany, type DrawnSnapshot } from '../snapshot/store.ts'
import { packOrders } from './queries.ts'

export interface AskedPack {
  month: string
  paper: Paper
  lang: Lang
  /** Empty: the usual one. */
  title: string
}

export interface PackMaking {
  plan: PlanRow
  actor: Actor
  /** ISO date: as of when the orders stand. */
  today: string
  /** Where the code on the pages leads; null: there is none, as nobody has said by what address the server is reached. */
  origin: string | null
}

/**
 * Freezes what the month shows now and draws the pack. Outside of a transaction, as the pages take their time.
 * @throws Problem view-unknown, too-many-snapshots
 */
export async function drawPack(sql: Sql, { plan, actor, today, origin }: PackMaking, { month, paper, lang, title }: AskedPack): Promise<DrawnSnapshot> {
  await mustNotHaveTooMany(sql, actor)
  const { sources, boundaries } = await pageSources(sql, plan)
  const request: SnapshotRequest = {
    view: { plan: plan.year, month, task: null, measure: null, town: null, by: 'lights', lang, extent: 'district', scale: null },
    paper,
    dpi: DPI.usual,
    template: 'figures',
    title: title.trim(),
    subtitle: '',
    notes: '',
    reviewNo: '',
    blocks: {},
  }
  const fault = faultOfView(sources, request.view)
  if (fault) throw new Problem('view-unknown', { why: VIEW_FAULTS[fault].zh, whyEn: VIEW_FAULTS[fault].en }, `/${fault}`)
  const basis = basisOf(sources, month)
  const { now, before } = basis
  const [reports, list, orders] = await Promise.all([reportMarks(sql, plan.id, month), listSha256(sql, plan.taskListId), packOrders(sql, plan.id)])
  const facts: PackFacts = { day: today, orders, before: before && before.lights.map(({ measure, town, light, done }) => ({ measure, town, light, done })) }
  const { year, districtCode, district } = plan
  const frozen = freeze(
    frozenSnapshotOf({
      as: 'pack',
      per: null,
      tasks: null,
      plan: { year, districtCode, district, title: plan.title, listSha256: list },
      asOf: monthEnd(month),
      request,
      rules: sources.progress.rules,
      boundaries,
      lights: now.lights,
      reports,
      charts: [request.view, ...atlasViews(basis, request.view, 'town', null)].map((view) => figuresOf(basis, view).chart),
      pack: facts,
      demo: now.lights.some(({ demo }) => demo) || orders.some(({ demo }) => demo),
    }),
  )
  const { codeOf } = await import('../snapshot/code.ts')
  const address = origin && `${origin}/s/${frozen.sha256.slice(0, SHORT_HASH)}`
  const maker = actor.person?.name || MAKER_BY_SCHEDULE[lang]
  const making = { maker, link: address ? { text: address, modules: codeOf(address) } : null }
  const pages: DrawnPage[] = []
  for (const page of packPages(basis, request, facts, making)) {
    pages.push(page)
    // Other requests are answered between two pages.
    await setImmediate()
  }
  return {
    ...frozen,
    kind: 'pack',
    maker,
    planId: plan.id,
    title: packTitle(request),
    pages: pages.length,
    drawings: JSON.stringify(pages.map(({ name, drawing }) => ({ name, drawing }))),
    sheets: JSON.stringify(packSheets(basis, facts, lang)),
    facts: { sha256: frozen.sha256, pages: pages.length, month, paper },
  }
}

/** What stands on the page as its maker where no person asked for it. */
const MAKER_BY_SCHEDULE: Record<Lang, string> = { 'zh-CN': '系统（关账后自动生成）', en: 'the system, at closing' }
