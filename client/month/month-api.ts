/** The months of a plan on the server: who has reported, closing and reopening, and what was frozen. */
import type { FrozenDifference, FrozenMonth } from '../../geo/month/frozen.ts'
import type { MonthAct, MonthRefusal } from '../../geo/month/closing.ts'
import type { Month, MonthState } from '../../geo/month/month.ts'
import type { StandingCounts, UnitStanding } from '../../geo/month/standing.ts'
import { request, send } from '../api.ts'

export interface FreezeRow {
  month: string
  version: number
  at: string
  by: string
  sha256: string
}

export interface MonthOverview extends Month {
  version: number
  state: MonthState
  counts: StandingCounts
  freeze: FreezeRow | null
  refusals: { close: MonthRefusal | null; reopen: MonthRefusal | null }
}

export interface MonthDetail extends MonthOverview {
  units: UnitStanding[]
  acts: { act: MonthAct; at: string; by: string; reason: string; detail: Record<string, unknown> }[]
  freezes: FreezeRow[]
}

export interface FreezeAnswer extends FreezeRow {
  holds: boolean
  content: FrozenMonth
  since: FrozenDifference[]
}

export type MonthDates = Pick<Month, 'opensOn' | 'dueOn' | 'closesOn'>

const path = (year: number, month: string) => `/api/plans/${year}/months/${month}`

export const monthApi = {
  months: (year: number) => request<MonthOverview[]>(`/api/plans/${year}/months`),
  month: (year: number, month: string) => request<MonthDetail>(path(year, month)),
  dates: (year: number, month: string, body: MonthDates & { version: number; reason: string }) => send<MonthDetail>('PUT', path(year, month), body),
  close: (year: number, month: string, body: { version: number; missing: number; waiting: number; words: string }) => send<MonthDetail>('POST', `${path(year, month)}/close`, body),
  reopen: (year: number, month: string, body: { version: number; reason: string }) => send<MonthDetail>('POST', `${path(year, month)}/reopen`, body),
  freeze: (year: number, month: string, version: number) => request<FreezeAnswer>(`${path(year, month)}/freezes/${version}`),
  freezeFile: (year: number, month: string, version: number) => `${path(year, month)}/freezes/${version}/file`,
}
