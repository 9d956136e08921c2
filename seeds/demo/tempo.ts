/** Tempo: how work of a kind usually runs against its schedule, and how a single town deviates from that. All in shares of the target. */

import type { Chance } from './chance.ts'

/** How a subject runs over the year: a bow above (early) or below (late) the even schedule, deepest in the middle. */
export const TEMPOS = {
  even: 0,
  early: 0.03,
  late: -0.035,
} as const
export type Tempo = keyof typeof TEMPOS

/** Subjects by the words of their task or measure; the first that matches counts. */
const SUBJECTS: { words: RegExp; tempo: Tempo }[] = [
  { words: /蔬菜|粮食|产量|播种|保有/, tempo: 'even' },
  { words: /培训|配送|排查|监管|保险/, tempo: 'early' },
  { words: /建设|创建|改造|整治|示范|推进|发展/, tempo: 'late' },
]

/** The tempo of a subject, by what its task and measure are called. */
export function tempoOf(name: string): Tempo {
  return SUBJECTS.find(({ words }) => words.test(name))?.tempo ?? 'even'
}

/** The usual share at an expected share: on the schedule at both ends, bowed in between. */
export function usualShare(tempo: Tempo, expected: number): number {
  return expected + TEMPOS[tempo] * Math.sin(Math.PI * expected)
}

/** A stretch of months in which a town falls behind: first month (0…11), how many, how deep in shares. */
interface Dip {
  first: number
  months: number
  depth: number
}

export interface Character {
  /** Share ahead (or behind) all year. */
  lead: number
  dip: Dip | null
}

/** Most towns run a little ahead; one in five has some weak months, one in twenty bad ones. */
export function characterOf(chance: Chance): Character {
  const lead = chance.between(-0.01, 0.07)
  const roll = chance.between(0, 1)
  const first = chance.whole(1, 11)
  if (roll < 0.045) return { lead, dip: { first, months: chance.whole(2, 4), depth: chance.between(0.26, 0.36) } }
  if (roll < 0.22) return { lead, dip: { first, months: chance.whole(1, 3), depth: chance.between(0.1, 0.17) } }
  return { lead, dip: null }
}

/** Is a town in the midst of its dip in a month? Then it does not finish, either. */
export function isDown({ dip }: Character, month: number): boolean {
  return dip !== null && month >= dip.first && month < dip.first + dip.months
}

/** How far ahead a town is in a month (0…11): it slides into its dip and climbs out of it within a month. */
export function leadIn({ lead, dip }: Character, month: number): number {
  if (!dip) return lead
  const [before, last] = [dip.first - 1, dip.first + dip.months - 1]
  if (month < before || month > last + 1) return lead
  return lead - (month < dip.first || month > last ? dip.depth / 3 : dip.depth)
}
