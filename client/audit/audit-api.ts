/** The audit trail, as the server searches it. */
import { request } from '../api.ts'

export interface AuditLine {
  id: number
  at: string
  actor: string
  person: string | null
  looksAs: string | null
  origin: string
  action: string
  subject: string
  before: unknown
  after: unknown
}
export interface AuditPage {
  lines: AuditLine[]
  /** How many fit in all, counted up to COUNTED. */
  count: number
  more: boolean
}
export interface AuditFilter {
  actor: string
  action: string
  subject: string
  text: string
  from: string
  until: string
}
export const COUNTED = 10_000

/** The filter as a query of the API; empty fields left out. */
export function queryOf(filter: AuditFilter, more: Record<string, string> = {}): string {
  const given = Object.entries({ ...filter, ...more }).filter(([, value]) => value !== '')
  return given.length ? `?${new URLSearchParams(given).toString()}` : ''
}

export const loadAudit = (filter: AuditFilter, before: number | null) => request<AuditPage>(`/api/audit${queryOf(filter, before === null ? {} : { before: String(before) })}`)
export const loadChoices = () => request<{ actions: string[]; actors: { name: string; person: string | null }[] }>('/api/audit/choices')
