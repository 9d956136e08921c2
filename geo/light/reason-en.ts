/** Reasons in English, units too. */

import type { LightColour } from './light.ts'
import { isPercent, named, ofTarget, points, shown, withUnit } from './reason-words.ts'
import type { ReasonParams, ReasonWords, Sentence } from './reason-words.ts'
import { formatNumber, formatPoints } from '../number/format.ts'

const COLOURS_EN: Record<LightColour, string> = { grey: 'Not due', green: 'Green', yellow: 'Yellow', red: 'Red' }
const MONTHS_EN = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

const doneEn: Sentence = (p) => {
  if (p.value === undefined) return 'no approved report yet'
  if (p.kind === 'stage') return `${shown(p.done)} done`
  if (p.kind === 'rate')
    return `${shown(p.done)} reached (now ${withUnit(p.value, p.unit)}, target ${withUnit(p.target ?? 0, p.unit)})`
  return `${shown(p.done)} done (${ofTarget(p)})`
}
const expectedEn: Sentence = (p) =>
  p.kind === 'rate' ? `${shown(p.expected)} of the target expected` : `${shown(p.expected)} expected`
const needEn: Sentence = (p) => {
  if (p.need === undefined) return ''
  if (p.kind === 'stage') return `; ${formatPoints(p.need)} more points make it green`
  if (p.kind === 'rate' && isPercent(p)) return `; ${formatNumber(p.need)} more percentage points make it green`
  return `; ${withUnit(p.need, p.unit)} more make it green`
}
const behindEn: Sentence = (p) => `${points(p.gap)} points behind${needEn(p)}.`

export const EN: ReasonWords = {
  day: (date, planYear) => {
    const [year, month, day] = date.split('-').map(Number) as [number, number, number]
    return `${day} ${MONTHS_EN[month - 1]}${year === planYear ? '' : ` ${year}`}`
  },
  since: (light, day) => ` ${COLOURS_EN[light]} since ${day}.`,
  reasons: {
    done: (p) => {
      if (p.kind === 'stage') return 'Done.'
      if (p.kind === 'rate')
        return `Reached: now ${withUnit(p.value ?? 0, p.unit)}, target ${withUnit(p.target ?? 0, p.unit)}.`
      return `${(p.done ?? 0) > 1 ? 'More than done' : 'Done'}: ${ofTarget(p)} (${shown(p.done)}).`
    },
    'on-schedule': (p) => `${expectedEn(p)}, ${doneEn(p)}, ${paceEn(p)}.`,
    behind: (p) => `${expectedEn(p)}, ${doneEn(p)}, ${behindEn(p)}`,
    'deadline-passed': (p) => `Due on ${EN.day(p.missedOn!, p.year)}: ${doneEn(p)}, ${behindEn(p)}`,
    'milestone-passed': (p) =>
      `Milestone ${named(p.milestone)} missed: ${shown(p.missedShare)} by ${EN.day(p.missedOn!, p.year)}; now ${expectedEn(p)}, ${doneEn(p)}, ${behindEn(p)}`,
    'below-keep': (p) =>
      `Now ${withUnit(p.value ?? 0, p.unit)}, below the ${withUnit(p.target ?? 0, p.unit)} to be kept; ${withUnit(p.need ?? 0, p.unit)} more make it green.`,
    'above-limit': (p) =>
      `Now ${withUnit(p.value ?? 0, p.unit)}, above the limit of ${withUnit(p.target ?? 0, p.unit)}; ${isPercent(p) ? `${formatNumber(p.need ?? 0)} percentage points` : withUnit(p.need ?? 0, p.unit)} less make it green.`,
    'keep-held': (p) =>
      `Now ${withUnit(p.value ?? 0, p.unit)}, not below the ${withUnit(p.target ?? 0, p.unit)} to be kept.`,
    'within-limit': (p) =>
      `Now ${withUnit(p.value ?? 0, p.unit)}, within the limit of ${withUnit(p.target ?? 0, p.unit)}.`,
    'not-due': () => 'Nothing is due yet.',
    'no-quota': () => 'No quota.',
    'no-report': (p) =>
      `${p.missedOn ? `${p.milestone ? `Milestone ${named(p.milestone)} of` : 'Due on'} ${EN.day(p.missedOn, p.year)}${p.milestone ? ' has passed' : ''}: ` : ''}${expectedEn(p)}, no approved report yet, which counts as nothing done: ${points(p.gap)} points behind${needEn(p)}.`,
  },
}

function paceEn(p: ReasonParams): string {
  const gap = p.gap ?? 0
  if (Math.abs(gap) < 0.05) return 'on schedule'
  return gap < 0
    ? `${points(gap)} points ahead`
    : `${points(gap)} points behind, within ${formatNumber(p.green)} points`
}
