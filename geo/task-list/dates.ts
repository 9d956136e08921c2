import { halfWidth } from '../number/written.ts'
import { chineseNumber } from '../number/chinese.ts'

/** A day that words in a list stand for, always the last one still in time. */
export interface WrittenDate {
  /** ISO date. */
  date: string
  start: number
  end: number
}

const NUM = '(?:\\d{1,2}|[一二三四五六七八九十]{1,3})'
const YEAR =
  '(?:(\\d{4}|[二〇零一三四五六七八九]{4})\\s?(?:年度?|[./-])\\s?|(?:今年|当年|本年度?|同年)\\s?|(明年|次年|翌年)\\s?)?'
const DAY = new RegExp(
  `${YEAR}(?:` +
    `(${NUM})\\s?(?:月份?|[./-](?=\\s?\\d{1,2}(?!\\d)))\\s?(?:(${NUM})\\s?[日号]?(?!\\s?月|\\d)|(上旬|中旬|下旬|月?底|末|初|中))?` +
    `|(年底|年末|全年|年内|年终|岁末)|(?:第\\s?)?([一二三四1-4])\\s?季度末?|(上半年|下半年))`,
  'g',
)
const MONTH_WORD = /月/

const lastDay = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()
const iso = (year: number, month: number, day: number): string =>
  `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
const small = (text: string): number => (/^\d/.test(text) ? Number(text) : (chineseNumber(text) ?? NaN))

/** All days written in a text, in its order: "6 月 20 日前", "11月底", "2024.12.31", "第三季度末", "年底". Years default to the plan's. */
export function datesIn(text: string, year: number): WrittenDate[] {
  const found: WrittenDate[] = []
  for (const match of halfWidth(text.slice(0, 20_000)).matchAll(DAY)) {
    const [whole, written, nextYear, month, day, part, yearEnd, quarter, half] = match
    const y = written ? small(written) : nextYear ? year + 1 : year
    const date = yearEnd
      ? iso(y, 12, 31)
      : quarter
        ? iso(y, small(quarter) * 3, lastDay(y, small(quarter) * 3))
        : half
          ? iso(y, half === '上半年' ? 6 : 12, half === '上半年' ? 30 : 31)
          : dayOf(y, small(month as string), day, part)
    if (date === null || y < 1990 || y > 2100) continue
    // "3.5" is a number unless a year or a month's name says otherwise.
    if (month && !written && !MONTH_WORD.test(whole)) continue
    found.push({ date, start: match.index, end: match.index + whole.trimEnd().length })
  }
  return found
}

function dayOf(year: number, month: number, day: string | undefined, part: string | undefined): string | null {
  if (!(month >= 1 && month <= 12)) return null
  const last = lastDay(year, month)
  if (day !== undefined) {
    const d = small(day)
    return d >= 1 && d <= last ? iso(year, month, d) : null
  }
  if (part === '上旬' || part === '初') return iso(year, month, 10)
  if (part === '中旬' || part === '中') return iso(year, month, 20)
  return iso(year, month, last)
}

const ALL_YEAR = /全年|长期|持续|常年|常态|年内|年度内|每年|每月|每季|按.{0,8}(?:要求|计划|节点|进度)|即时|适时|贯穿/

/**
 * The deadline that a cell states, as an ISO date; null when it states none that can be understood. Of several days the last one counts;
 * what goes on all year ("全年", "长期坚持", "持续推进") ends with the plan's year.
 */
export function readDeadline(text: string, year: number | null): string | null {
  const half = halfWidth(text).replace(/\s+/g, '')
  if (half === '') return null
  const explicit = /(?:20\d{2})/.exec(half)
  const base = year ?? (explicit ? Number(explicit[0]) : null)
  if (base === null) return null
  const days = datesIn(half, base).map((d) => d.date)
  if (days.length > 0) return days.reduce((a, b) => (b > a ? b : a))
  const compact = /^(20\d{2})(\d{2})(\d{2})$/.exec(half)
  if (compact) return dayOf(Number(compact[1]), Number(compact[2]), compact[3], undefined)
  const serial = /^(\d{5})$/.exec(half)
  // Spreadsheets hand dates over as days since 1899-12-30.
  if (serial && Number(serial[1]) > 36_000)
    return new Date(Date.UTC(1899, 11, 30 + Number(serial[1]))).toISOString().slice(0, 10)
  const month = /^(\d{1,2})月?份?(?:底|末)?(?:之?前)?$/.exec(half)
  if (month) return dayOf(base, Number(month[1]), undefined, undefined)
  const yearOnly = /^(20\d{2})年?(?:度|底|末)?(?:前|内)?$/.exec(half)
  if (yearOnly) return iso(Number(yearOnly[1]), 12, 31)
  return ALL_YEAR.test(half) ? iso(base, 12, 31) : null
}
