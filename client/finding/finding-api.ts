/** The findings ledger as the screens ask for it. */
import { keepPreviousData } from '@tanstack/vue-query'
import type { FeatureCollection, Point } from 'geojson'
import type { AttachmentType } from '../../geo/attachment/attachment.ts'
import type { MonthCounts } from '../../geo/finding/counts.ts'
import type { FindingAct, FindingSource, FindingState, FindingStep, LaterAct, PhotoStage, SafetyCode } from '../../geo/finding/finding.ts'
import type { CellProblem } from '../../geo/finding/import.ts'
import { queryClient, request, send } from '../api.ts'

export interface Finding {
  id: number
  no: number
  ref: string | null
  task: number
  town: string
  atBorder: boolean
  title: string
  words: string
  address: string
  source: FindingSource
  code: SafetyCode | null
  place: [number, number]
  foundOn: string
  dueOn: string
  state: FindingState
  stepWords: string
  fixedOn: string | null
  struckOn: string | null
  checkedOn: string | null
  version: number
  changedAt: string
  demo: boolean
  photos: number
  departments: string[]
  overdue: boolean
  /** The road that it hangs on; without a name, the road is gone. */
  road: { feature: number; chainage: number; name: string | null } | null
}

export interface FindingVersion {
  version: number
  at: string
  by: string
  byName: string
  act: FindingAct
  state: FindingState
  words: string
  dueOn: string
  code: SafetyCode | null
  changed: Record<string, [unknown, unknown]> | null
}

export interface FindingPhoto {
  id: number
  stage: PhotoStage
  name: string
  type: AttachmentType
  size: number
  takenAt: string | null
  place: [number, number] | null
  demo: boolean
}

export type WholeFinding = Finding & { enteredByName: string; next: LaterAct[]; history: FindingVersion[]; files: FindingPhoto[] }

export interface FindingPage {
  total: number
  open: number
  overdue: number
  /** What is overdue is so on this day. */
  day: string
  findings: Finding[]
}

export interface PointProperties {
  no: number
  task: number
  town: string
  title: string
  code: SafetyCode | null
  state: FindingState
  dueOn: string
  overdue: boolean
  demo: boolean
}
export type FindingPoints = FeatureCollection<Point, PointProperties> & { cut: boolean }

export interface LedgerTry {
  rows: number
  towns: { town: string; count: number }[]
  problems: CellProblem[]
  written: boolean
}

export interface FindingContent {
  task: number
  town: string | null
  title: string
  words: string
  address: string
  source: FindingSource
  code: SafetyCode | null
  place: [number, number]
  road: { feature: number; chainage: number } | null
  foundOn: string
  dueOn: string | null
}

const root = (year: number) => `/api/plans/${year}/findings`

/** `search` is a query without its question mark: the server knows the same names as the screen's address. */
export const pageQuery = (year: number, search: string) => ({ queryKey: ['findings', year, 'page', search], queryFn: () => request<FindingPage>(`${root(year)}?${search}`), placeholderData: keepPreviousData })
export const pointsQuery = (year: number, search: string) => ({
  queryKey: ['findings', year, 'points', search],
  queryFn: () => request<FindingPoints>(`${root(year)}/points?${search}`),
  placeholderData: keepPreviousData,
  shallow: true as const,
})
export const findingQuery = (year: number, id: number) => ({ queryKey: ['findings', year, id], queryFn: () => request<WholeFinding>(`${root(year)}/${id}`) })
export const countsQuery = (year: number, search: string) => ({
  queryKey: ['findings', year, 'counts', search],
  queryFn: () => request<{ asOf: string; counts: MonthCounts[] }>(`${root(year)}/counts?${search}`),
  placeholderData: keepPreviousData,
})

export const filePath = (year: number, search: string, format: 'xlsx' | 'geojson') => `${root(year)}/file?${search}${search ? '&' : ''}format=${format}`
export const templatePath = (year: number) => `${root(year)}/template/file`
export const importPath = (year: number, commit: boolean) => `${root(year)}/import?commit=${commit}`
export const photoFile = (id: number) => `/api/finding-photos/${id}/file`
export const photosPath = (year: number, id: number, stage: PhotoStage) => `${root(year)}/${id}/photos?stage=${stage}`

/** What is shown is asked for anew: the list, the map, the counts, the one in view. */
export const refreshFindings = () => queryClient.invalidateQueries({ queryKey: ['findings'] })

export async function hang(year: number, content: FindingContent): Promise<WholeFinding> {
  return send<WholeFinding>('POST', root(year), content)
}

/** Does something to a finding; what is shown is as the server has it afterwards, also when somebody else was quicker. */
export async function takeStep(year: number, finding: Finding, step: FindingStep, given: { words: string; dueOn?: string; code?: SafetyCode }): Promise<void> {
  try {
    await send('POST', `${root(year)}/${finding.id}/${step}`, { version: finding.version, ...given })
  } finally {
    await refreshFindings()
  }
}

export async function edit(year: number, finding: Finding, change: Partial<FindingContent>): Promise<void> {
  try {
    await send('PUT', `${root(year)}/${finding.id}`, { version: finding.version, ...change })
  } finally {
    await refreshFindings()
  }
}

export const removePhoto = (id: number) => send<void>('DELETE', `/api/finding-photos/${id}`)
