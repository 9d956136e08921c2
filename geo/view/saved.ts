/** Saved views: what a person shows in a meeting, one after the other. Pure. */

/** As many as anybody pages through; the first nine have a key of their own. */
export const MOST_SAVED_VIEWS = 60

export interface SavedView {
  id: number
  name: string
  /** As in the address after the question mark: `month=2023-09&town=310118110`. */
  query: string
}

/** The ids in the order asked for; null: these are not exactly the ones that there are (somebody added or removed one meanwhile). */
export function reordered(present: readonly number[], asked: readonly number[]): number[] | null {
  const same = present.length === asked.length && new Set(asked).size === asked.length && asked.every((id) => present.includes(id))
  return same ? [...asked] : null
}

/** The view so many steps on, and around at the ends; from outside of the row the first or the last. */
export function stepFrom<V>(views: readonly V[], at: number, by: number): V | undefined {
  if (views.length === 0) return undefined
  if (at < 0) return by > 0 ? views[0] : views.at(-1)
  return views[(at + by + views.length) % views.length]
}
