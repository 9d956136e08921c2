/** Notices on the server: what the public sees, and the office's drafts, previews and answers. */
import type { FrozenNotice, NoticeDraft, NoticeFault, NoticePhase, NoticeRow, ObjectionState, RowDifference } from '../../geo/notice/notice.ts'
import type { ReportState } from '../../geo/report/report.ts'
import { request, send } from '../api.ts'

export interface NoticeSummary {
  id: number
  version: number
  title: string
  district: string
  year: number
  month: string
  publishedOn: string
  period: { from: string; until: string }
  phase: NoticePhase
  rows: number
  demo: boolean
}

export interface PublicNotice {
  notice: FrozenNotice
  publishedAt: string
  sha256: string
  holds: boolean
  phase: NoticePhase
  newest: number
  versions: { version: number; at: string; sha256: string; publishedOn: string; reason: string | null }[]
  objections: { no: number; at: string; words: string; answer: string; answeredAt: string | null }[]
}

export interface WorkingNotice {
  id: number
  year: number
  version: number
  draft: NoticeDraft
  madeBy: string
  madeAt: string
  changedAt: string
  published: number | null
  openObjections: number
}

export interface Preview {
  notice: FrozenNotice
  sha256: string
  faults: NoticeFault[]
  differences: RowDifference[]
}

export type Choice = NoticeRow & { state: ReportState; approved: boolean; waits: boolean }

export interface Objection {
  id: number
  noticeVersion: number
  at: string
  name: string
  contact: string
  words: string
  state: ObjectionState
  answer: string
  answeredBy: string | null
  answeredAt: string | null
  version: number
}

const draftPath = (id: number) => `/api/notice-drafts/${id}`

export const noticeApi = {
  published: () => request<NoticeSummary[]>('/api/notices'),
  notice: (id: number, version: number | null) => request<PublicNotice>(`/api/notices/${id}${version ? `?version=${version}` : ''}`),
  file: (id: number, version: number) => `/api/notices/${id}/file?version=${version}`,
  object: (id: number, body: { version: number; words: string; name: string; contact: string }) => send<{ id: number }>('POST', `/api/notices/${id}/objections`, body),
  objections: (id: number) => request<Objection[]>(`/api/notices/${id}/objections`),
  decide: (id: number, objection: number, body: { version: number; state: 'shown' | 'kept'; answer: string }) =>
    send<Objection[]>('POST', `/api/notices/${id}/objections/${objection}/decide`, body),
  drafts: () => request<WorkingNotice[]>('/api/notice-drafts'),
  draft: (id: number) => request<WorkingNotice>(draftPath(id)),
  begin: (year: number, draft: NoticeDraft) => send<WorkingNotice>('POST', '/api/notice-drafts', { year, draft }),
  save: (id: number, version: number, draft: NoticeDraft) => send<WorkingNotice>('PUT', draftPath(id), { version, draft }),
  giveUp: (id: number, version: number) => send<undefined>('DELETE', `${draftPath(id)}?version=${version}`),
  preview: (id: number, reason: string) => request<Preview>(`${draftPath(id)}/preview?reason=${encodeURIComponent(reason)}`),
  publish: (id: number, body: { version: number; sha256: string; reason: string }) => send<WorkingNotice>('POST', `${draftPath(id)}/publish`, body),
  figures: (year: number, month: string) => request<Choice[]>(`/api/plans/${year}/figures/${month}`),
}
