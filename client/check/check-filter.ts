/** What of the checks is shown, as it stands in the address: town and words are the view's own, the rest is named here. */
import { VERDICTS, type Verdict } from '../../geo/check/check.ts'
import { CHECK_CHANGES, CHECK_STATES, type CheckChange, type CheckState } from '../../geo/check/record.ts'
import type { Query, View } from '../view/view.ts'

export interface CheckFilter {
  state: CheckState | null
  verdict: Verdict | null
  /** Only those that a later run found different: all of them, or only what was (not) acknowledged. */
  change: 'any' | Exclude<CheckChange, 'none'> | null
  page: number
}

export const PAGE_ROWS = 50

export function filterOfQuery(query: Query): CheckFilter {
  const among = <K extends string>(name: string, table: Record<K, unknown>): K | null => (Object.keys(table) as K[]).find((key) => key === query[name]) ?? null
  return {
    state: among('state', CHECK_STATES),
    verdict: among('verdict', VERDICTS),
    change: query.changed === '1' ? 'any' : changeIn(query.changed),
    page: typeof query.page === 'string' && /^\d{1,5}$/.test(query.page) ? Math.max(1, Number(query.page)) : 1,
  }
}

const changeIn = (given: unknown) => (Object.keys(CHECK_CHANGES) as CheckChange[]).filter((one) => one !== 'none').find((one) => one === given) ?? null

/** The same as an address has it; what is the default stands for nothing. */
export function queryOfFilter({ state, verdict, change, page }: CheckFilter): Record<string, string | undefined> {
  return { state: state ?? undefined, verdict: verdict ?? undefined, changed: change === 'any' ? '1' : (change ?? undefined), page: page > 1 ? String(page) : undefined }
}

/** The question as the server takes it. */
export function searchOf({ state, verdict, change, page }: CheckFilter, { town, q }: Pick<View, 'town' | 'q'>): string {
  const search = new URLSearchParams({ limit: String(PAGE_ROWS), offset: String((page - 1) * PAGE_ROWS) })
  if (state) search.set('state', state)
  if (verdict) search.set('verdict', verdict)
  if (change === 'any') search.set('changed', 'true')
  else if (change) search.set('change', change)
  if (town) search.set('town', town)
  if (q) search.set('q', q.slice(0, 60))
  return search.toString()
}

export function isFiltered({ state, verdict, change }: CheckFilter, { town, q }: Pick<View, 'town' | 'q'>): boolean {
  return Boolean(state ?? verdict ?? change ?? town) || q !== ''
}
