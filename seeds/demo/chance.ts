/**
 * Chance that is the same every time: the demonstration year must not change from one installation to the next. A series' chance depends
 * on its own name only, so that another measure more or less in the plan leaves all others as they were.
 */

export interface Chance {
  /** Evenly from `low` to below `high`. */
  between(low: number, high: number): number
  /** A whole number from `low` to `high`, both possible. */
  whole(low: number, high: number): number
  /** True in so many cases of one. */
  happens(share: number): boolean
}

/** The chance that belongs to a name. Numbers by mulberry32, seeded with the FNV-1a hash of the name. */
export function chanceOf(name: string): Chance {
  let state = 0x811c9dc5
  for (let i = 0; i < name.length; i++) state = Math.imul(state ^ name.charCodeAt(i), 0x01000193)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    between: (low, high) => low + (high - low) * next(),
    whole: (low, high) => low + Math.floor((high - low + 1) * next()),
    happens: (share) => next() < share,
  }
}
