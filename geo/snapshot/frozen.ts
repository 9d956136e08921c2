/**
 * What a snapshot keeps: the figures it shows, each with its report, the rules and boundaries that held, the view and how it was laid out.
 * Who made it and when stands beside, not in it: the same question put to the same data has the same hash. Pure.
 */
import type { FigureChart } from './figures.ts'
import type { LayerWay } from './layers.ts'
import type { AtlasPer, SnapshotKind, SnapshotRequest } from './request.ts'
import { tidyChanges } from './request.ts'
import type { Light, LightRule } from '../light/light.ts'
import { ruleAt } from '../light/rule.ts'
import type { FrozenBoundaries } from '../month/frozen.ts'
import type { PackFacts } from '../pack/pack.ts'

/** The report whose approved value a light was computed from. */
export interface ReportMark {
  id: number
  version: number
  month: string
}

export interface FrozenSnapshot {
  kind: 'xiangtu.snapshot'
  format: 1
  as: SnapshotKind
  /** Of an atlas: one page for each. */
  per: AtlasPer | null
  /** Of an atlas by task: which. */
  tasks: number[] | null
  plan: { year: number; districtCode: string; district: string; title: string; listSha256: string }
  asOf: string
  request: SnapshotRequest
  rule: LightRule
  boundaries: FrozenBoundaries | null
  /** `report` is null where nothing was ever approved. */
  lights: (Light & { report: ReportMark | null })[]
  /** The columns of each page's chart. Records from before pages had charts have none. */
  charts?: FigureChart[]
  /** The hash of the logo that it has. */
  logo?: string
  /** The layers that it shows: which data, and the hash of what is drawn; `town` null: as the district shows them. */
  layers?: { id: string; town: string | null; version: string; way: LayerWay; features: number; sha256: string }[]
  /** Of a month's dispatch pack: what it shows besides. */
  pack?: PackFacts
  demo: boolean
}

export interface SnapshotFreezing {
  as: SnapshotKind
  per: AtlasPer | null
  tasks: readonly number[] | null
  plan: FrozenSnapshot['plan']
  asOf: string
  request: SnapshotRequest
  rules: readonly LightRule[]
  boundaries: FrozenBoundaries | null
  lights: readonly Light[]
  /** By `measure|town`. */
  reports: ReadonlyMap<string, ReportMark>
  charts: readonly FigureChart[]
  logo?: string
  layers?: NonNullable<FrozenSnapshot['layers']>
  pack?: PackFacts
  demo: boolean
}

export function frozenSnapshotOf({ rules, lights, reports, request, tasks, charts, ...given }: SnapshotFreezing): FrozenSnapshot {
  return {
    kind: 'xiangtu.snapshot',
    format: 1,
    ...given,
    tasks: tasks && [...tasks],
    charts: [...charts],
    request: { ...request, title: request.title.trim(), subtitle: request.subtitle.trim(), notes: request.notes.trim(), reviewNo: request.reviewNo.trim(), blocks: tidyChanges(request.blocks) },
    rule: ruleAt(rules, given.asOf),
    lights: lights.map((light) => ({ ...light, report: reports.get(`${light.measure}|${light.town}`) ?? null })),
  }
}

/** What is left of a hash on paper: enough to find the record, short enough to be typed. */
export const SHORT_HASH = 12
