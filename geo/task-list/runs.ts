import type { Span } from '../plan/plan.ts'
import { comparable } from '../unit/unit.ts'
import type { NumberToken, Token } from './lexer.ts'

/** A town or several in a row, and the numbers that follow. */
export interface Entry {
  towns: { name: string; span: Span }[]
  numbers: { number: NumberToken; label: string }[]
  /** each: 各, 均; together: 共同; null: no word says it. */
  cue: 'each' | 'together' | null
  /** Words between towns and first number, and after the last number. */
  gap: string
  tail: string
}

/** Entries one after the other ("赵巷镇 1 个、重固镇 1 个"), with what stands before and a total declared before or after. */
export interface Run {
  entries: Entry[]
  /** Token indices: first and one past the last. */
  from: number
  to: number
}

const MAX_GAP = 14
const EACH = /各(?!类|级|项)|均|分别|每/
const TOGETHER = /共同|联合|合力|合计|共计|总计|(?<!公)共/
const AND = /^(?:和|及|与|以及|、)$/

/** All runs of towns with numbers in a stream of tokens. */
export function findRuns(tokens: readonly Token[], text: string): Run[] {
  const runs: Run[] = []
  let i = 0
  while (i < tokens.length) {
    const first = entryAt(tokens, text, i)
    if (!first) {
      i++
      continue
    }
    const run: Run = { entries: [first.entry], from: i, to: first.next }
    for (;;) {
      const next = afterSeparators(tokens, text, run)
      const more = next === null ? null : entryAt(tokens, text, next)
      if (!more || !fits(run, more.entry)) break
      run.entries.push(more.entry)
      run.to = more.next
    }
    runs.push(run)
    i = run.to
  }
  return runs
}

/** Numbers without a unit are quotas only in company: a run whose units all are missing, or that has one. */
function fits(run: Run, entry: Entry): boolean {
  const last = run.entries.at(-1) as Entry
  // A list of towns with a verb of its own is a statement of its own, not one more entry.
  return (
    (entry.towns.length === 1 && last.towns.length === 1) || entry.cue !== null || last.cue !== null || entry.gap === ''
  )
}

function afterSeparators(tokens: readonly Token[], text: string, run: Run): number | null {
  let i = run.to
  let full = false
  while (i < tokens.length && i - run.to < 3) {
    const token = tokens[i] as Token
    if (token.kind === 'town') {
      // A full stop ends a run unless the entries are bare pairs.
      const last = run.entries.at(-1) as Entry
      return full && (last.tail !== '' || last.gap !== '') ? null : i
    }
    if (token.kind === 'stop') full ||= text[token.start] === '。'
    else if (token.kind === 'text' && !AND.test(text.slice(token.start, token.end))) return null
    else if (token.kind !== 'item' && token.kind !== 'comma' && token.kind !== 'text') return null
    i++
  }
  return null
}

function entryAt(tokens: readonly Token[], text: string, at: number): { entry: Entry; next: number } | null {
  const towns: Entry['towns'] = []
  let i = at
  for (;;) {
    const token = tokens[i]
    if (token?.kind !== 'town' || towns.length >= 100) break
    towns.push({ name: token.name, span: { start: token.start, end: token.end } })
    i++
    let j = i
    while (j < tokens.length && j - i < 2 && isListing(tokens[j] as Token, text)) j++
    if (tokens[j]?.kind === 'town') i = j
    else break
  }
  if (towns.length === 0) return null
  const colon = tokens[i]?.kind === 'colon'
  if (colon) i++
  i = pastVillages(tokens, text, i)
  const gapFrom = i
  while (tokens[i]?.kind === 'text' || tokens[i]?.kind === 'date') i++
  const number = tokens[i]
  if (number?.kind !== 'number') return null
  const gap = i > gapFrom ? text.slice((tokens[gapFrom] as Token).start, (tokens[i - 1] as Token).end) : ''
  if (gap.length > MAX_GAP || !counts(number, text, gap) || /每(?!个?(?:街镇|镇|街道|乡))/.test(gap)) return null
  const sole = colon || (towns.length === 1 && isAlone(tokens, i))
  const numbers = [{ number, label: colon ? gap : '' }]
  i++
  let tail = ''
  for (;;) {
    const extra = moreNumbers(tokens, text, i, sole)
    if (extra) {
      numbers.push(extra.found)
      i = extra.next
    } else if (tokens[i]?.kind === 'text' && tail === '') {
      const token = tokens[i] as Token
      const words = text.slice(token.start, token.end)
      if (AND.test(words) && tokens[i + 1]?.kind === 'town') break
      tail = words
      i++
    } else break
  }
  // "家庭农场2家、合作社1家": what the first figure counts stands before it too.
  if (!colon && numbers.some(({ label }) => label !== '')) (numbers[0] as Entry['numbers'][number]).label = gap
  const cue = TOGETHER.test(gap) ? 'together' : EACH.test(gap) ? 'each' : null
  return { entry: { towns, numbers, cue, gap, tail }, next: i }
}

/** Villages behind a town ("浦汇镇红星村、东风村2个村") are where, not what. */
function pastVillages(tokens: readonly Token[], text: string, at: number): number {
  let i = at
  while (tokens[i]?.kind === 'text' && VILLAGE.test(text.slice(tokens[i]?.start, tokens[i]?.end))) {
    i++
    if (
      tokens[i]?.kind === 'item' &&
      tokens[i + 1]?.kind === 'text' &&
      VILLAGE.test(text.slice(tokens[i + 1]?.start, tokens[i + 1]?.end))
    )
      i++
    else break
  }
  return i
}

const VILLAGE = /^[\u3400-\u9fff]{1,6}(?:村|社区|居委会?)$/

/** Whether no other town follows in the same sentence: what is counted after a comma there is this town's too. */
function isAlone(tokens: readonly Token[], at: number): boolean {
  for (let i = at; i < tokens.length && i - at < 60; i++) {
    const kind = (tokens[i] as Token).kind
    if (kind === 'stop') return true
    if (kind === 'town' || kind === 'set' || kind === 'region') return false
  }
  return true
}

const isListing = (token: Token, text: string): boolean =>
  token.kind === 'item' ||
  token.kind === 'comma' ||
  (token.kind === 'stop' && text[token.start] === '\n') ||
  (token.kind === 'text' && AND.test(text.slice(token.start, token.end)))

const counts = (number: NumberToken, text: string, gap: string): boolean => {
  if (number.unit) return number.unit.dimension !== 'time' && number.unit.dimension !== 'order'
  // Without a unit only right after the town and right before a separator.
  return gap === '' && /^\s?(?:$|[、，,；;。\n）)])/.test(text.slice(number.end, number.end + 2))
}

/** A second number of the same town: right behind the first ("1项2.3公里"), or an item of a sentence that is this town's alone ("A镇：新建2个、改造3个"). */
function moreNumbers(
  tokens: readonly Token[],
  text: string,
  at: number,
  sole: boolean,
): { found: { number: NumberToken; label: string }; next: number } | null {
  const next = tokens[at]
  if (next?.kind === 'number' && next.unit && counts(next, text, 'x'))
    return { found: { number: next, label: '' }, next: at + 1 }
  if (!sole || (next?.kind !== 'item' && next?.kind !== 'comma')) return null
  const label = tokens[at + 1]
  const number = tokens[at + 2]
  if (label?.kind !== 'text' || number?.kind !== 'number' || !number.unit || label.end - label.start > MAX_GAP)
    return null
  const words = text.slice(label.start, label.end)
  if (!counts(number, text, words) || /^(?:共|合计|总)/.test(words)) return null
  return { found: { number, label: words }, next: at + 3 }
}

const TOTAL_AFTER = /^(?:以上)?(?:合计|共计|总计|总共|共|计|累计|全[区县市]共?计?)$/

/** A total right after a run: "…、盈浦街道 2 项，共 5 项". */
export function totalAfter(
  tokens: readonly Token[],
  text: string,
  run: Run,
  unit: string,
): { number: NumberToken; index: number } | null {
  let i = run.to
  while (i < tokens.length && i - run.to < 2 && ['item', 'comma', 'stop'].includes((tokens[i] as Token).kind)) i++
  const words = tokens[i]
  const number = tokens[i + 1]
  if (words?.kind !== 'text' || number?.kind !== 'number' || !TOTAL_AFTER.test(text.slice(words.start, words.end)))
    return null
  return number.unit && comparable(number.unit.name, unit) ? { number, index: i + 1 } : null
}
