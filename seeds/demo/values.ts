/** The twelve values of one series: what is usual for the subject, what is the town's own, and what its stories make of it. */

import type { Chance } from './chance.ts'
import type { Story } from './stories.ts'
import { characterOf, isDown, leadIn, tempoOf, usualShare } from './tempo.ts'
import type { Character, Tempo } from './tempo.ts'
import { decimalsOf, MAX_DECIMALS } from '../../geo/number/format.ts'
import type { Measure } from '../../geo/plan/plan.ts'

export interface SeriesToFill {
  task: { name: string }
  measure: Measure
  /** In the measure's unit; 100 for `stage`. */
  target: number
  /** Expected share at each month's end. */
  expected: readonly number[]
  /** Share that each month's report must show, as milestones pass before the next one counts. */
  needed: readonly number[]
  stories: readonly Story[]
  chance: Chance
}

/** One value a month, in the measure's unit. */
export function valuesOf(series: SeriesToFill): number[] {
  const { measure, stories, expected } = series
  if (measure.direction === 'atMost') return limitValues(series)
  if (measure.kind === 'keep') return keepValues(series)
  if (measure.kind === 'rate') return rateValues(series)
  const usual = measure.kind === 'count' ? countShares(series) : usualShares(series)
  const shares = neverFalling(played(stories, expected, makeRoom(stories, expected, usual)))
  const round = measure.kind === 'count' ? Math.round : roundTo(stepDecimals(series.target, measure.kind))
  return neverFalling(shares.map((share) => round(share * series.target)))
}

/**
 * Cumulative shares along the schedule; done in the month in which the whole is expected, save for who is in a dip then. Where milestones
 * stand the usual town meets them: whom they pass by is told in a story.
 */
function usualShares({ task, measure, expected, needed, chance }: SeriesToFill): number[] {
  const tempo = tempoOf(task.name + measure.name)
  const drawn = characterOf(chance)
  const character = measure.milestones.length ? { ...drawn, dip: null } : drawn
  const surplus = measure.kind === 'amount' && chance.happens(0.25) ? chance.between(0.002, 0.03) : 0
  return expected.map((due, month) => {
    const share = usualShare(tempo, due) + leadIn(character, month) + chance.between(-0.01, 0.01)
    if (due >= 1 && !isDown(character, month)) return 1 + surplus
    const met = needed[month] ? needed[month] + chance.between(0.012, 0.05) : 0
    return Math.min(1, Math.max(0, share, met))
  })
}

/**
 * Things come one by one: the k-th of n when the schedule passes (k − δ) / n, δ being how long beforehand. A single one early in the year
 * or, for some towns, late; of many, evenly.
 */
function countShares(series: SeriesToFill): number[] {
  const { task, measure, target, expected, chance } = series
  const tempo: Tempo = tempoOf(task.name + measure.name)
  const character: Character = characterOf(chance)
  const late = target <= 2 && chance.happens(0.22)
  const before = late ? chance.between(0, 0.7) : target <= 4 ? chance.between(0.86, 0.96) : chance.between(0.5, 0.95)
  return expected.map((due, month) => {
    if (due >= 1 && !isDown(character, month)) return 1
    const lead = late ? 0 : leadIn(character, month)
    const pace = due <= 0 ? 0 : usualShare(tempo, due) + lead
    return Math.min(1, Math.max(0, Math.floor(pace * target + before)) / target)
  })
}

/** A level that starts below its target and reaches it in the course of the year; percentages end at 100. */
function rateValues({ measure, target, expected, stories, chance }: SeriesToFill): number[] {
  const start = chance.between(0.8, 0.97)
  const character = characterOf(chance)
  const end = Math.min(1 + chance.between(0.002, 0.02), measure.unit === '%' ? 100 / target : Infinity)
  const shares = expected.map((due, month) => {
    if (due >= 1) return end
    return Math.min(end, start + (end - start) * due + Math.min(0, leadIn(character, month)) * 0.3)
  })
  return played(stories, expected, shares).map((share) => roundTo(Math.max(1, decimalsOf(target)))(share * target))
}

/** What is kept stays as it is, or grows by a little once. */
function keepValues({ target, expected, stories, chance }: SeriesToFill): number[] {
  const grownFrom = chance.happens(0.3) ? chance.whole(3, 9) : Infinity
  const growth = chance.between(0.0005, 0.002)
  const shares = expected.map((_, month) => (month >= grownFrom ? 1 + growth : 1))
  const digits = Math.max(decimalsOf(target), 0)
  return played(stories, expected, shares).map((share) => roundTo(digits)(share * target))
}

/** Well within a limit. */
function limitValues({ target, expected, chance }: SeriesToFill): number[] {
  const level = chance.between(0.4, 0.8)
  return expected.map((due) => roundTo(Math.max(1, decimalsOf(target)))(target * level * (0.6 + 0.4 * due)))
}

/** What the stories make of the shares: a lag holds against the schedule, named shares as they are. */
function played(stories: readonly Story[], expected: readonly number[], shares: readonly number[]): number[] {
  const result = [...shares]
  for (const { happening } of stories) {
    if (happening.kind !== 'lag' && happening.kind !== 'shares') continue
    happening.shares.forEach((share, i) => {
      const month = happening.from - 1 + i
      result[month] = happening.kind === 'lag' ? Math.max(0, (expected[month] ?? 1) - share) : share
    })
  }
  return result
}

/** What is cumulative cannot fall: before a story sets in, nothing is more than at its worst. */
function makeRoom(stories: readonly Story[], expected: readonly number[], shares: readonly number[]): number[] {
  const told = played(
    stories,
    expected,
    shares.map(() => Infinity),
  )
  return shares.map((share, month) => Math.min(share, ...told.slice(month)))
}

function neverFalling(values: readonly number[]): number[] {
  let most = 0
  return values.map((value) => (most = Math.max(most, value)))
}

/** Decimals as the quota has them, and enough that one step is no more than a fiftieth of it. */
function stepDecimals(target: number, kind: Measure['kind']): number {
  if (kind === 'stage') return 0
  const fine = Math.ceil(Math.log10(50 / target))
  return Math.min(MAX_DECIMALS, Math.max(decimalsOf(target), fine, 0))
}

function roundTo(decimals: number): (value: number) => number {
  const scale = 10 ** decimals
  return (value) => Math.round(value * scale + 1e-9) / scale
}
