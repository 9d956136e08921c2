/** Two people at once: what I changed since I last saw the draft, put onto what the other one saved meanwhile. */

/** What a review changes: corrections by path and the keys of the problems confirmed as read. */
export interface ReviewEdits<C extends { path: string } = { path: string }> {
  corrections: readonly C[]
  confirmed: readonly string[]
}

export interface Merge<C extends { path: string }> {
  merged: { corrections: C[]; confirmed: string[] }
  /** Paths that both changed, to different values: mine is in `merged`. */
  clashes: string[]
}

/**
 * Three ways: `base` is what both started from. What only one side added, changed or took back holds; where both changed the same path, mine
 * holds and the path is named. Corrections keep theirs' order, then mine.
 */
export function mergeEdits<C extends { path: string }>(
  base: ReviewEdits<C>,
  mine: ReviewEdits<C>,
  theirs: ReviewEdits<C>,
): Merge<C> {
  const [was, my, their] = [base, mine, theirs].map((edits) => new Map(edits.corrections.map((c) => [c.path, c])))
  const changed = (side: Map<string, C>, path: string) => !same(side.get(path), was!.get(path))
  const merged = new Map(their)
  const clashes: string[] = []
  for (const path of new Set([...was!.keys(), ...my!.keys()])) {
    if (!changed(my!, path)) continue
    if (changed(their!, path) && !same(my!.get(path), their!.get(path))) clashes.push(path)
    const mineNow = my!.get(path)
    if (mineNow) merged.set(path, mineNow)
    else merged.delete(path)
  }
  const confirmed = new Set(theirs.confirmed)
  for (const key of mine.confirmed) if (!base.confirmed.includes(key)) confirmed.add(key)
  for (const key of base.confirmed) if (!mine.confirmed.includes(key)) confirmed.delete(key)
  return { merged: { corrections: [...merged.values()], confirmed: [...confirmed] }, clashes }
}

/** Same correction: the same value for the same reason; when it was made does not matter. */
function same(a: { path: string } | undefined, b: { path: string } | undefined): boolean {
  return (
    JSON.stringify({ ...a, at: null }) === JSON.stringify({ ...b, at: null }) && (a === undefined) === (b === undefined)
  )
}
