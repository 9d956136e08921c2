/** What the review screen asks the server, and what it sends. */
import type { AttachmentType } from '../../geo/attachment/attachment.ts'
import type { Answer, ReportCheck } from '../../geo/report/check.ts'
import type { FlowRefusal, ReportAct, ReviewLevel } from '../../geo/report/flow.ts'
import type { ReportState } from '../../geo/report/report.ts'
import type { ChangedPart, ReviewList, ReviewSettings } from '../../geo/review/review.ts'
import { queryClient, request, send } from '../api.ts'

export interface Who {
  account: string
  name: string
}

/** A report as a reviewer sees it. */
export interface Review {
  id: number
  task: number
  leads: string[]
  measure: string
  town: string
  month: string
  version: number
  state: ReportState
  value: number | null
  words: string
  answers: Answer[]
  target: number | null
  enteredBy: Who
  changedAt: string
  submittedAt: string | null
  approvedAt: string | null
  approvedValue: number | null
  approvedVersion: number | null
  demo: boolean
  attachments: { id: number; name: string; type: AttachmentType; size: number; takenAt: string | null; place: [number, number] | null; demo: boolean }[]
  last: { month: string; value: number } | null
  decided: { version: number; act: ReportAct; at: string; by: Who; reason: string | null; value: number | null; words: string; answers: Answer[]; attachments: { id: number; name: string }[] } | null
  correction: { at: string; by: Who; reason: string | null } | null
  checks: ReportCheck[]
  changed: ChangedPart[] | null
  desk: ReviewLevel | null
  since: string | null
  days: number | null
  over: boolean
  next: ReportAct[]
  refusal: FlowRefusal | null
}

export interface ReviewAnswer {
  today: string
  settings: ReviewSettings
  counts: { waiting: number; returned: number }
  reviews: Review[]
  more: boolean
}

/** One version of a report: who did what, when and why. */
export interface Version {
  version: number
  at: string
  by: string
  name: string
  act: ReportAct
  state: ReportState
  value: number | null
  words: string
  answers: Answer[]
  reason: string | null
}

/** Decided ones are many: a month at a time. */
export function reviewsQuery(year: number, list: ReviewList, month: string | null) {
  const of = list === 'decided' && month ? `&month=${month}` : ''
  return {
    queryKey: ['reviews', year, list, of],
    queryFn: () => request<ReviewAnswer>(`/api/plans/${year}/reviews?list=${list}${of}`),
    // Others work at the same time: what waits is looked at anew more often than the plan.
    staleTime: 10_000,
    refetchInterval: 60_000,
  }
}

export function versionsQuery(year: number, { month, town, measure, version }: Pick<Review, 'month' | 'town' | 'measure' | 'version'>) {
  return {
    queryKey: ['versions', year, month, town, measure, version],
    queryFn: () => request<Version[]>(`/api/plans/${year}/reports/${month}/${town}/${measure}/versions`),
  }
}

export type Change = Pick<Review, 'measure' | 'town' | 'month' | 'version'> & { value?: number | null; words?: string; answers?: Answer[]; reason?: string }

/**
 * Does one act to one or many reports, all or none, and has every screen ask anew.
 * @throws ProblemError
 */
export async function actOn(year: number, act: ReportAct, reports: Change[]): Promise<void> {
  await send('POST', `/api/plans/${year}/reports/${act}`, { reports })
  await refresh()
}

/** @throws ProblemError version-conflict */
export async function changeLevels(year: number, settings: Pick<ReviewSettings, 'levels' | 'version'>): Promise<void> {
  await send('PUT', `/api/plans/${year}/review-settings`, settings)
  await refresh()
}

/** Reviews light the map: whoever goes back to it sees what was approved. */
export async function refresh(): Promise<void> {
  for (const key of ['progress', 'reports', 'versions']) void queryClient.invalidateQueries({ queryKey: [key] })
  await queryClient.invalidateQueries({ queryKey: ['reviews'] })
}
