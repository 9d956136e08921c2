import { type Unit, unitAt } from '../unit/unit.ts'
import { numberAt } from '../number/written.ts'
import { datesIn } from './dates.ts'
import { type Lexicon, type TownSet, townSetAt } from './towns.ts'

interface At {
  start: number
  end: number
  /** Brackets around it; what stands in brackets is an aside. */
  depth: number
}

export interface NumberToken extends At {
  kind: 'number'
  value: number
  upper: number | null
  chinese: boolean
  unit: Unit | null
  /** End of the unit; the number's own end without one. */
  unitEnd: number
  /** Where the number that counts ends: a range's lower bound. */
  lowerEnd: number
}
export type Token =
  | (At & { kind: 'town'; name: string })
  | (At & { kind: 'set'; set: TownSet })
  | (At & { kind: 'region'; towns: string[] })
  | (At & { kind: 'date'; date: string; before: boolean })
  | NumberToken
  /** `stop` ends a sentence, `comma` a clause, `item` an item of an enumeration. */
  | (At & { kind: 'stop' | 'comma' | 'item' | 'colon' | 'open' | 'close' })
  | (At & { kind: 'text' })

/** Longer cells are read up to here: no real one has a tenth of it. */
export const MAX_LEXED = 20_000
const MAX_TOKENS = 6000

const SEPARATORS: Record<string, 'stop' | 'comma' | 'item' | 'colon' | 'open' | 'close'> = {
  '。': 'stop', '；': 'stop', ';': 'stop', '！': 'stop', '!': 'stop', '？': 'stop', '\n': 'stop', '，': 'comma', ',': 'comma', '、': 'item',
  '：': 'colon', ':': 'colon', '（': 'open', '(': 'open', '【': 'open', '）': 'close', ')': 'close', '】': 'close',
} // prettier-ignore
const CLOSING: Record<string, string> = { '“': '”', '《': '》', '「': '」', '"': '"', '〈': '〉' }
const BETWEEN = /[\s、，,；;：:。（(）)0-9０-９和及与]/
const LATIN = /[A-Za-z]/

/** Splits a text into town names, sets of towns, dates, numbers with units, separators and the words between them. */
export function lex(text: string, lexicon: Lexicon, year: number): Token[] {
  const scanned = text.slice(0, MAX_LEXED)
  // "全年", "年内" are no dates here but words of a measure's name (蔬菜全年播种面积).
  const dates = new Map(
    datesIn(scanned, year)
      .filter((d) => /[月季半]|[./-]/.test(scanned.slice(d.start, d.end)))
      .map((d) => [d.start, d]),
  )
  const longest = Math.max(1, ...[...lexicon.spellings.keys(), ...lexicon.regions.keys()].map((s) => s.length))
  const tokens: Token[] = []
  let depth = 0
  let words = -1
  const flush = (end: number): void => {
    if (words >= 0 && end > words) tokens.push({ kind: 'text', start: words, end, depth })
    words = -1
  }
  let at = 0
  while (at < scanned.length && tokens.length < MAX_TOKENS) {
    const found = tokenAt(scanned, at, depth, lexicon, longest, dates)
    if (!found) {
      if (words < 0 && scanned[at] !== ' ') words = at
      at++
      continue
    }
    if (found === 'skip') {
      const end = quoteEnd(scanned, at)
      if (words < 0) words = at
      at = end
      continue
    }
    flush(trimmed(scanned, at))
    if (found.kind === 'close') depth = Math.max(0, depth - 1)
    tokens.push(found.kind === 'close' ? { ...found, depth } : found)
    if (found.kind === 'open') depth++
    at = found.kind === 'number' ? found.unitEnd : found.end
  }
  flush(trimmed(scanned, at))
  return tokens
}

const trimmed = (text: string, end: number): number => (text[end - 1] === ' ' ? end - 1 : end)

/** Longer quotations than this are unclosed marks. */
const MAX_QUOTE = 80

function quoteEnd(text: string, at: number): number {
  const close = CLOSING[text[at] as string]
  const end = close ? text.slice(at + 1, at + MAX_QUOTE).indexOf(close) : -1
  return end >= 0 ? at + end + 2 : at + 1
}

/** Only these can begin a number, or a set of towns: everything else is passed over quickly. */
const NUMERAL = /[0-9０-９零〇一二两三四五六七八九十百千]/
const SET_START = /[各每所全本有相部]/

const ENUMERATOR_START = /[0-9（(①-⑳]/
const ENUMERATOR = /^(?:\d{1,2}[.．)）](?!\d)|\d{1,2}、(?=[\u3400-\u9fff])|[（(]\d{1,2}[)）]|[①-⑳])\s?/

/** Length of the number of a list's item at a place ("1.", "（2）", "③"), at the start of a line or sentence only; 0 when none stands there. */
function enumeratorAt(text: string, at: number): number {
  const before = text.slice(Math.max(0, at - 2), at).trimEnd()
  if (at > 0 && !/[\n；;。：:]$/.test(text[at - 1] === '\n' ? '\n' : before)) return 0
  return ENUMERATOR.exec(text.slice(at, at + 6))?.[0].length ?? 0
}

type Dates = Map<number, { date: string; start: number; end: number }>

function tokenAt(
  text: string,
  at: number,
  depth: number,
  lexicon: Lexicon,
  longest: number,
  dates: Dates,
): Token | 'skip' | null {
  const char = text[at] as string
  if (char in CLOSING) return quoteEnd(text, at) > at + 1 ? 'skip' : null
  const enumerator = ENUMERATOR_START.test(char) ? enumeratorAt(text, at) : 0
  if (enumerator > 0) return { kind: 'item', start: at, end: at + enumerator, depth }
  const date = dates.get(at)
  if (date) {
    const end = date.end
    return {
      kind: 'date',
      date: date.date,
      start: at,
      end,
      depth,
      before: /^\s?(?:之?前|以前)/.test(text.slice(end, end + 4)),
    }
  }
  const numeral = NUMERAL.test(char)
  const years =
    numeral && /^(?:20\d{2}\s?[-－–—~～至到]\s?20\d{2}\s?年?|20\d{2}\s?年(?:度)?)/.exec(text.slice(at, at + 16))
  if (years) return { kind: 'text', start: at, end: at + years[0].length, depth }
  const set = numeral || SET_START.test(char) ? townSetAt(text, at) : null
  if (set) return { kind: 'set', set: set.set, start: at, end: set.end, depth }
  const town = lexicon.initials.has(char) ? townAt(text, at, depth, lexicon, longest) : null
  if (town) return town
  const separator = SEPARATORS[char]
  if (separator) return { kind: separator, start: at, end: at + 1, depth }
  return numeral ? numberToken(text, at, depth) : null
}

function townAt(text: string, at: number, depth: number, lexicon: Lexicon, longest: number): Token | null {
  for (let length = Math.min(longest, text.length - at); length >= 2; length--) {
    const word = text.slice(at, at + length)
    const end = at + length
    const region = lexicon.regions.get(word)
    if (region) return { kind: 'region', towns: region, start: at, end, depth }
    const spelling = lexicon.spellings.get(word)
    if (!spelling) continue
    // Short names are words too (金泽, 新场): only where a list would have them.
    if (
      spelling.short &&
      !(
        (at === 0 || BETWEEN.test(text[at - 1] as string)) &&
        (end === text.length || BETWEEN.test(text[end] as string))
      )
    )
      continue
    return { kind: 'town', name: spelling.name, start: at, end, depth }
  }
  return null
}

function numberToken(text: string, at: number, depth: number): Token | null {
  const number = numberAt(text, at)
  if (!number) return null
  const before = text[at - 1] ?? ''
  // "第三批", "C4级", "前三年": no amounts.
  if (LATIN.test(before) || before === '第' || before === '第 ')
    return number.chinese ? null : skipNumber(number, depth)
  const found = unitAt(text, number.end)
  // 5G, 32000-A: not a number of anything.
  if (!found && LATIN.test(text[number.end] ?? '')) return number.chinese ? null : skipNumber(number, depth)
  if (number.chinese && !countsInChinese(text, number.start, found)) return null
  return {
    kind: 'number',
    value: number.value,
    upper: number.upper,
    chinese: number.chinese,
    unit: found?.unit ?? null,
    start: number.start,
    end: number.end,
    lowerEnd: number.lowerEnd,
    unitEnd: found?.end ?? number.end,
    depth,
  }
}

const skipNumber = (number: { start: number; end: number }, depth: number): Token => ({
  kind: 'text',
  start: number.start,
  end: number.end,
  depth,
})

const CHINESE_UNITS = new Set([
  '个',
  '个村',
  '家',
  '户',
  '项',
  '条',
  '场',
  '座',
  '处',
  '所',
  '件',
  '篇',
  '套',
  '公里',
  '亩',
  '万亩',
  '吨',
  '人次',
  '名',
])

/**
 * Chinese characters for numbers stand in a hundred words that count nothing (一批, 三农, 一体). They are read as numbers only right before a
 * plain unit, 一 only after "至少", "不少于" and the like.
 */
function countsInChinese(text: string, at: number, found: { unit: Unit; start: number; end: number } | null): boolean {
  if (!found) return false
  // "三百人", "二十次" count; "三人小组", "二次供水" do not.
  if (/^[人次]$/.test(found.unit.name)) return found.start - at > 1
  if (!CHINESE_UNITS.has(found.unit.name)) return false
  if (!text.startsWith('一', at) || found.start - at > 1) return true
  return /(?:至少|不少于|不低于|新增|各)\s?[\u3400-\u9fff]{0,4}$/.test(text.slice(Math.max(0, at - 10), at))
}
