/** What of the ledger is shown, as it stands in the address: town, task and words are the view's own, the rest is named here. */
import { FINDING_SOURCES, FINDING_STATES, SAFETY_CODES, type FindingSource, type FindingState, type SafetyCode } from '../../geo/finding/finding.ts'
import type { Query, View } from '../view/view.ts'

export interface FindingFilter {
  /** `open`: hung or put right. */
  state: FindingState | 'open' | null
  code: SafetyCode | null
  source: FindingSource | null
  overdue: boolean
  order: 'due' | 'found' | 'no'
  page: number
  show: 'ledger' | 'counts'
}

const ORDERS = ['due', 'found', 'no'] as const
export const PAGE_ROWS = 50

export function filterOfQuery(query: Query): FindingFilter {
  const among = <K extends string>(name: string, keys: readonly K[]): K | null => keys.find((key) => key === query[name]) ?? null
  return {
    state: among('state', [...(Object.keys(FINDING_STATES) as FindingState[]), 'open']),
    code: among('code', Object.keys(SAFETY_CODES) as SafetyCode[]),
    source: among('source', Object.keys(FINDING_SOURCES) as FindingSource[]),
    overdue: query.overdue === '1',
    order: among('order', ORDERS) ?? 'due',
    page: typeof query.page === 'string' && /^\d{1,5}$/.test(query.page) ? Math.max(1, Number(query.page)) : 1,
    show: query.show === 'counts' ? 'counts' : 'ledger',
  }
}

/** The same as an address has it; what is the default stands for nothing. */
export function queryOfFilter(filter: FindingFilter): Record<string, string | undefined> {
  return {
    state: filter.state ?? undefined,
    code: filter.code ?? undefined,
    source: filter.source ?? undefined,
    overdue: filter.overdue ? '1' : undefined,
    order: filter.order === 'due' ? undefined : filter.order,
    page: filter.page > 1 ? String(filter.page) : undefined,
    show: filter.show === 'counts' ? 'counts' : undefined,
  }
}

/** The conditions as the server takes them, without page and order. */
export function conditionsOf(filter: FindingFilter, view: Pick<View, 'town' | 'task' | 'q'>): string {
  const search = new URLSearchParams()
  if (view.town) search.set('town', view.town)
  if (view.task) search.set('task', String(view.task))
  if (view.q) search.set('q', view.q)
  if (filter.state) search.set('state', filter.state === 'open' ? 'hung,fixed' : filter.state)
  if (filter.code) search.set('code', filter.code)
  if (filter.source) search.set('source', filter.source)
  if (filter.overdue) search.set('overdue', 'true')
  return search.toString()
}

export function isFiltered(filter: FindingFilter, view: Pick<View, 'town' | 'task' | 'q'>): boolean {
  return conditionsOf(filter, view) !== ''
}
