/** Numbers with their units, and dates, in both languages: the only place where that is decided, for screens and pages alike. */
import { formatNumber } from './format.ts'
import { unitInEnglish } from '../unit/english.ts'

export const LANGS = ['zh-CN', 'en'] as const
export type Lang = (typeof LANGS)[number]

export function unitWord(unit: string, lang: Lang): string {
  return lang === 'en' ? unitInEnglish(unit) : unit
}

/** A value with its unit: `3,950 亩`, `62.3%`; a stage's value is a percentage. Null is a dash, never a zero. */
export function formatValue(value: number | null, unit: string, lang: Lang): string {
  if (value === null) return '—'
  const word = unitWord(unit, lang)
  if (word === '%') return `${formatNumber(value)}%`
  return word ? `${formatNumber(value)} ${word}` : formatNumber(value)
}

/**
 * A share (0…1) in whole percent, for maps and other narrow places: 62%. Just short of the whole is said to the hundredth, cut off and not rounded:
 * 99.99 % of the farmland is neither 100 % nor a loss of one in a hundred.
 */
export function formatPercent(share: number): string {
  const percent = share * 100
  if (percent > 99 && percent < 100) return `${formatNumber(Math.floor(percent * 100 + 1e-6) / 100)}%`
  return `${formatNumber(Math.round(percent), 0)}%`
}

/** `2023-09-30` → 2023年9月30日, 30 Sep 2023. */
export function formatDate(date: string, lang: Lang): string {
  const [year, month, day] = date.slice(0, 10).split('-').map(Number) as [number, number, number]
  return lang === 'en' ? `${day} ${MONTHS_EN[month - 1]} ${year}` : `${year}年${month}月${day}日`
}

/** `2023-09-30` → 9月30日, 30 Sep. */
export function formatDay(date: string, lang: Lang): string {
  const [, month, day] = date.slice(0, 10).split('-').map(Number) as [number, number, number]
  return lang === 'en' ? `${day} ${MONTHS_EN[month - 1]}` : `${month}月${day}日`
}

/** `2023-09` → 2023年9月, September 2023. */
export function formatMonth(month: string, lang: Lang): string {
  const [year, m] = month.split('-').map(Number) as [number, number]
  return lang === 'en' ? `${MONTHS_EN[m - 1]} ${year}` : `${year}年${m}月`
}

/** `2023-09` → 9月, Sep. */
export function formatMonthShort(month: string, lang: Lang): string {
  const m = Number(month.slice(5, 7))
  return lang === 'en' ? MONTHS_EN[m - 1]! : `${m}月`
}

const MONTHS_EN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const
