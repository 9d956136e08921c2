/** Presenting: the map and its reasons alone, in large type. It stands in the address like everything chosen, beside the view. */
import type { Query } from './view.ts'

export const PRESENT = 'present'

export const isPresenting = (query: Query) => query[PRESENT] === '1'

/** What of an address is the view that is saved: all but how it is shown, and the language, which belongs to whoever looks. */
export function savedQuery(query: Query): string {
  const kept = Object.entries(query).filter(([name, value]) => name !== PRESENT && name !== 'lang' && typeof value === 'string' && value !== '')
  return new URLSearchParams(kept.sort(([a], [b]) => a.localeCompare(b)) as [string, string][]).toString()
}

/** The query of a saved view, in the language and manner of now. */
export function queryOfSaved(saved: string, now: Query, presenting: boolean): Record<string, string> {
  return { ...Object.fromEntries(new URLSearchParams(saved)), ...(typeof now.lang === 'string' ? { lang: now.lang } : {}), ...(presenting ? { [PRESENT]: '1' } : {}) }
}
