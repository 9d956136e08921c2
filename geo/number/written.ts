import { chineseNumber, CHINESE_NUMERALS } from './chinese.ts'
import { decimal, toNumber } from './decimal.ts'

/** A number as it stands in a text. */
export interface WrittenNumber {
  value: number
  /** UTF-16 units of the number itself, without unit or spaces around it. */
  start: number
  end: number
  /** "2-3 个": the upper bound; `value` is the lower one. */
  upper: number | null
  /** Where the lower bound ends; the same as `end` without a range. */
  lowerEnd: number
  chinese: boolean
}

const DIGIT = '[0-9０-９]'
/** Thousands separated by commas or single spaces, or plain digits; then decimals. Every part is bounded: no backtracking to speak of. */
const ARABIC = `(?:${DIGIT}{1,3}(?:[,，]${DIGIT}{3})+(?!${DIGIT})|${DIGIT}{1,3}(?:[ \u00a0]${DIGIT}{3})+(?!${DIGIT})|${DIGIT}{1,40})(?:[.．]${DIGIT}{1,20})?`
const ARABIC_AT = new RegExp(ARABIC, 'y')
const RANGE_AT = new RegExp(`\\s?[-－–—~～至到]\\s?(${ARABIC})`, 'y')
const CHINESE_AT = new RegExp(`[${CHINESE_NUMERALS}]{1,8}`, 'y')
const CHINESE_RANGE_AT = new RegExp(`[-－–—~～至到]([${CHINESE_NUMERALS}]{1,8})`, 'y')

/** The number written at a place in a text (Arabic, full width, with separators, or Chinese), or null when none stands there. */
export function numberAt(text: string, at: number): WrittenNumber | null {
  return arabicAt(text, at) ?? chineseAt(text, at)
}

function arabicAt(text: string, at: number): WrittenNumber | null {
  ARABIC_AT.lastIndex = at
  const match = ARABIC_AT.exec(text)
  if (!match) return null
  const value = plain(match[0])
  if (value === null) return null
  const end = at + match[0].length
  RANGE_AT.lastIndex = end
  const range = RANGE_AT.exec(text)
  const upper = range ? plain(range[1] as string) : null
  if (range && upper !== null && upper > value)
    return { value, start: at, end: RANGE_AT.lastIndex, lowerEnd: end, upper, chinese: false }
  return { value, start: at, end, lowerEnd: end, upper: null, chinese: false }
}

function chineseAt(text: string, at: number): WrittenNumber | null {
  CHINESE_AT.lastIndex = at
  const match = CHINESE_AT.exec(text)
  const value = match ? chineseNumber(match[0]) : null
  if (!match || value === null) return null
  const end = at + match[0].length
  CHINESE_RANGE_AT.lastIndex = end
  const range = CHINESE_RANGE_AT.exec(text)
  const upper = range ? chineseNumber(range[1] as string) : null
  if (range && upper !== null && upper > value)
    return { value, start: at, end: CHINESE_RANGE_AT.lastIndex, lowerEnd: end, upper, chinese: true }
  return { value, start: at, end, lowerEnd: end, upper: null, chinese: true }
}

/** Full-width digits and signs to half width; everything else as it is, length kept. */
export function halfWidth(text: string): string {
  return text.replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, ' ')
}

function plain(written: string): number | null {
  const exact = decimal(halfWidth(written).replace(/[,\s]/g, ''))
  return exact ? toNumber(exact) : null
}

/** The value of a text that is nothing but one number ("１，２００", "三十", "12.4"), or null. */
export function writtenNumber(text: string): number | null {
  const trimmed = text.trim()
  const found = numberAt(trimmed, 0)
  return found && found.end === trimmed.length && found.upper === null ? found.value : null
}
