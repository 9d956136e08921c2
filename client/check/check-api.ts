/** What the check asks the server. */
import { keepPreviousData } from '@tanstack/vue-query'
import type { MultiPolygon, Polygon } from 'geojson'
import type { CheckResult } from '../../geo/check/check.ts'
import type { CheckContent } from '../../geo/check/content.ts'
import type { Acknowledgement, CheckAct, CheckChange, CheckSource, CheckState, Differences, RunCause } from '../../geo/check/record.ts'
import { queryClient, request, send } from '../api.ts'
import type { ImportAnswer } from '../import/import-api.ts'

/** What a check has found, whether it is kept or not. */
export type CheckFound = CheckResult & { touched: MultiPolygon | null; sliverShapes: MultiPolygon | null; remaining: MultiPolygon | null; remainingMu: number; dataVersion: number }
export type CheckAnswer = CheckFound & { towns: string[] }
export type Plot = Polygon | MultiPolygon

/** A check that is kept, as the list has it. */
export interface KeptCheck {
  id: number
  number: string
  year: number
  no: number
  applicant: string
  purpose: string
  source: CheckSource
  sourceWords: string
  areaMu: number
  toleranceMu: number
  town: string | null
  towns: string[]
  departments: string[]
  state: CheckState
  stateWords: string
  /** The newest, and what it found. */
  run: number
  verdict: CheckResult['verdict']
  permanentMu: number
  change: CheckChange
  acknowledgedRun: number
  /** The run whose verdict is the check's. */
  standingRun: number
  standingVerdict: CheckResult['verdict']
  standingMu: number
  dataVersion: number
  version: number
  madeBy: string
  madeByName: string
  madeAt: string
  changedAt: string
  demo: boolean
  next: CheckAct[]
}
export interface CheckRun {
  no: number
  at: string
  by: string
  byName: string
  cause: RunCause
  dataVersion: number
  verdict: CheckResult['verdict']
  permanentMu: number
  differences: Differences | null
  sha256: string
}
export type WholeCheck = KeptCheck & { runs: CheckRun[]; acknowledgements: (Acknowledgement & { byName: string })[]; shown: number; content: CheckContent }
export interface CheckPage {
  total: number
  open: number
  changed: number
  unacknowledged: number
  checks: KeptCheck[]
}

/** The areas of a file, and how it was read. */
export type FilePlots = ImportAnswer['preview'] & {
  crs: string | null
  swap: boolean
  plots: { no: number; name: string; geometry: Plot | null; faults: { 'zh-CN': string; en: string }[]; areaMu: number | null }[]
  more: number
}
/** How a file is to be read; what is left out is guessed. */
export interface PlotReading {
  crs?: string
  swap?: string
  encoding?: string
  part?: string
}

export const checkFarmland = (plot: Plot, toleranceMu: number) => send<CheckAnswer>('POST', `/api/checks/farmland?tolerance=${toleranceMu}`, plot)

export const isPlot = (shape: { type: string } | null | undefined): shape is Plot => shape?.type === 'Polygon' || shape?.type === 'MultiPolygon'

/** What a run froze, as a check that was just made has it. */
export const foundOf = ({ result, touched, sliverShapes, remaining, remainingMu, dataVersion }: CheckContent): CheckFound => ({ ...result, touched, sliverShapes, remaining, remainingMu, dataVersion })

export function readPlots(file: File, reading: PlotReading): Promise<FilePlots> {
  const form = new FormData()
  form.set('file', file)
  const query = new URLSearchParams(Object.entries(reading).filter(([, value]) => value)).toString()
  return request<FilePlots>(`/api/checks/plots?${query}`, { method: 'POST', body: form })
}

export const checkPageQuery = (search: string) => ({ queryKey: ['checks', 'page', search], queryFn: () => request<CheckPage>(`/api/checks?${search}`), placeholderData: keepPreviousData })
export const checkQuery = (id: number, run: number | null) => ({
  queryKey: ['checks', id, run],
  queryFn: () => request<WholeCheck>(`/api/checks/${id}${run === null ? '' : `?run=${run}`}`),
  shallow: true as const,
})
export const refreshChecks = () => queryClient.invalidateQueries({ queryKey: ['checks'] })
export const sheetPath = (id: number, run: number, lang: string) => `/api/checks/${id}/file.pdf?run=${run}&lang=${lang}`

export interface CheckToKeep {
  plot: Plot
  tolerance: number
  applicant: string
  purpose: string
  source: CheckSource
  sourceWords: string
}
export async function keepCheck(check: CheckToKeep): Promise<WholeCheck> {
  const kept = await send<WholeCheck>('POST', '/api/checks', check)
  await refreshChecks()
  return kept
}

/** Does something to a check; what is shown is as the server has it afterwards, also when somebody else was quicker. */
export async function actOnCheck({ id, version }: Pick<KeptCheck, 'id' | 'version'>, act: Exclude<CheckAct, 'acknowledge'>, words: string): Promise<WholeCheck> {
  try {
    return await send<WholeCheck>('POST', `/api/checks/${id}/${act}`, { version, words })
  } finally {
    await refreshChecks()
  }
}

/** Keeps that what later runs found was seen, and which run's verdict stands; what is shown is as the server has it afterwards, also when somebody else was quicker. */
export async function acknowledgeCheck({ id, version }: Pick<KeptCheck, 'id' | 'version'>, stands: number, words: string): Promise<WholeCheck> {
  try {
    return await send<WholeCheck>('POST', `/api/checks/${id}/acknowledgements`, { version, stands, words })
  } finally {
    await refreshChecks()
  }
}
