import type { Allocation, Span } from '../plan/plan.ts'
import type { Token } from './lexer.ts'
import { type Lexicon, townsOfSet } from './towns.ts'

/** The clause that a number stands in, cut up as naming and judging need it. */
export interface Clause {
  /** The whole clause. */
  text: string
  /** From the clause's start (or the last number's end) to the number; from its unit to the next separator; from its unit to the clause's end. */
  before: string
  after: string
  rest: string
  /** `after` ends at 、, so an enumeration goes on. */
  listed: boolean
  numbersAfter: number
  /** The clause before this one in the same sentence. */
  previous: string
  /** First clause of the sentence, what the sentence is about; empty when it is this one or holds a number. */
  topic: string
  /** "每个行政村…8个", "每人…": a standard for each of things that are no towns. */
  perUnit: boolean
  /** "每月提交1篇", "每季度不少于1次": how often, not how much. */
  frequency: boolean
}

const PER_UNIT = /每(?:一)?(?:个|家|户|人|名|村|条|座|所|处|校|亩|班|行政村|自然村|村居|学期)/g
const CARRIES = /^\s?(?:至少|不少于|不低于|并|且|同时)/
const FREQUENCY = /每(?:月|季度|季|半年|年|周|两个月|个月|旬|日|天)[^，。；]{0,12}$/
const TIMES = new Set(['次', '篇', '期', '场', '条', '份', '个', '件', '例', '场次'])

export function clauseOf(tokens: readonly Token[], index: number, text: string): Clause {
  const number = tokens[index] as Token & { kind: 'number' }
  const bounds = (kinds: readonly string[]): [number, number] => {
    let from = index
    while (from > 0 && !kinds.includes((tokens[from - 1] as Token).kind)) from--
    let to = index
    while (to + 1 < tokens.length && !kinds.includes((tokens[to + 1] as Token).kind)) to++
    return [from, to]
  }
  const [from, to] = bounds(['stop', 'comma', 'colon'])
  const start = (tokens[from] as Token).start
  const end = (tokens[to] as Token).end
  // What belongs to an earlier number of the clause is not this one's.
  let own = from
  for (let i = from; i < index; i++) {
    const token = tokens[i] as Token
    if (token.kind === 'number' && !describes(token, text)) own = i + 1
  }
  const shared = own > from
  while (shared && own < index && ['text', 'item'].includes((tokens[own] as Token).kind)) {
    const isItem = (tokens[own] as Token).kind === 'item'
    own++
    if (isItem) break
  }
  // Nor is the name of the towns that the number is for.
  let place = from
  for (let i = from; i < index; i++) if (isPlace(tokens[i] as Token)) place = i + 1
  const beginning = Math.max(place, shared ? own : from)
  const before =
    beginning > from ? text.slice((tokens[beginning] as Token).start, number.start) : text.slice(start, number.start)
  let stop = index
  while (stop < to && (tokens[stop + 1] as Token).kind === 'text') stop++
  const after = text.slice(
    number.unitEnd,
    (tokens[stop] as Token).end > number.unitEnd ? (tokens[stop] as Token).end : number.unitEnd,
  )
  const [sentence] = bounds(['stop'])
  const first =
    sentence < from ? tokens.slice(sentence, from).findIndex((t) => t.kind === 'comma' || t.kind === 'colon') : -1
  const topicTokens = first > 0 ? tokens.slice(sentence, sentence + first) : []
  const topic =
    topicTokens.length > 0 && topicTokens.every((t) => t.kind === 'text' || t.kind === 'item')
      ? text.slice((topicTokens[0] as Token).start, (topicTokens.at(-1) as Token).end)
      : ''
  const clauseBefore = text.slice(start, number.start)
  let last = from
  if (from > sentence) for (last = from - 1; last > sentence && (tokens[last - 1] as Token).kind !== 'comma';) last--
  const previous = from > sentence ? text.slice((tokens[last] as Token).start, (tokens[from - 1] as Token).start) : ''
  return {
    text: text.slice(start, end),
    before,
    after,
    rest: text.slice(number.unitEnd, Math.max(end, number.unitEnd)),
    listed: tokens[stop + 1]?.kind === 'item',
    numbersAfter: tokens.slice(index + 1, to + 1).filter((t) => t.kind === 'number').length,
    previous,
    topic,
    perUnit: isPerUnit(tokens, from, text, clauseBefore, start),
    frequency: FREQUENCY.test(clauseBefore) && number.unit !== null && TIMES.has(number.unit.name),
  }
}

/** "综合机械化水平达到55%的生产面积": a share that only describes what another number counts. */
export function describes(token: Token, text: string): boolean {
  if (token.kind !== 'number' || token.unit?.dimension !== 'share') return false
  return /^(?:以上|以内)?的(?!比例|目标|要求|标准|占比|水平)/.test(text.slice(token.unitEnd, token.unitEnd + 6))
}

function isPerUnit(tokens: readonly Token[], from: number, text: string, before: string, start: number): boolean {
  if (perUnitIn(before, tokens, start)) return true
  // "每个行政村至少培养8个…，至少培育1户…": the second clause is about each village too.
  const previous = tokens[from - 1]
  if (previous?.kind !== 'comma' || !CARRIES.test(before)) return false
  let i = from - 1
  while (i > 0 && (tokens[i - 1] as Token).kind !== 'comma' && (tokens[i - 1] as Token).kind !== 'stop') i--
  const at = (tokens[i] as Token).start
  return perUnitIn(text.slice(at, previous.start), tokens, at)
}

/** 每个 before something that is no set of towns; "每个街镇新时代文明实践分中心" is each town's. */
function perUnitIn(words: string, tokens: readonly Token[], offset: number): boolean {
  const last = [...words.matchAll(PER_UNIT)].at(-1)
  if (!last) return false
  const at = offset + last.index
  return !tokens.some((t) => t.kind === 'set' && t.start <= at && at < t.end)
}

export interface Scope {
  kind: Allocation | 'ambiguous'
  towns: string[]
  span: Span | null
  /** A set of towns that cannot be resolved hands the number out. */
  vague: boolean
}

const WHOLE = /^(?:\s|年内|到|至|年底|，)*(?:全[区市县]|本[区市县])/
const NONE: Scope = { kind: 'total', towns: [], span: null, vague: false }

/** Whom a number is for: the towns named last before it in its sentence, and whether each or all of them together. */
export function scopeOf(
  tokens: readonly Token[],
  index: number,
  text: string,
  lexicon: Lexicon,
  used: ReadonlySet<Token>,
): Scope {
  let clause = index
  while (clause > 0 && !['stop', 'comma', 'colon'].includes((tokens[clause - 1] as Token).kind)) clause--
  if (WHOLE.test(text.slice((tokens[clause] as Token).start, (tokens[index] as Token).start))) return NONE
  let last = index - 1
  while (last >= 0 && !isPlace(tokens[last] as Token)) {
    if ((tokens[last] as Token).kind === 'stop') return NONE
    last--
  }
  if (last < 0 || used.has(tokens[last] as Token)) return NONE
  const group: Token[] = []
  for (let i = last; i >= 0; i--) {
    const token = tokens[i] as Token
    if (isPlace(token)) group.unshift(token)
    else if (!(
      token.kind === 'item' ||
      (token.kind === 'text' && /^(?:和|及|与|以及)$/.test(text.slice(token.start, token.end)))
    ))
      break
  }
  const towns: string[] = []
  let each = false
  let vague = false
  let counted = false
  for (const token of group) {
    if (token.kind === 'town') towns.push(token.name)
    else if (token.kind === 'region') towns.push(...token.towns)
    else if (token.kind === 'set') {
      const members = townsOfSet(token.set, lexicon)
      each ||= token.set.each
      counted ||= !token.set.each
      if (members) towns.push(...members)
      else vague = true
    }
  }
  const [first, final] = [group[0], group.at(-1)] as [Token, Token]
  const span = { start: first.start, end: final.end }
  const between = text.slice(final.end, (tokens[index] as Token).start)
  const unique = [...new Set(towns)]
  if (vague || unique.length === 0) return { ...NONE, vague: each, span }
  if (unique.length === 1 && !counted) return { kind: 'named', towns: unique, span, vague: false }
  if (each || /各(?!类|级|项|种)|均|分别/.test(between)) return { kind: 'each', towns: unique, span, vague: false }
  if (/共同|联合|合计|共计|总计|共(?!同)/.test(between) || group.some((t) => t.kind === 'region'))
    return { kind: 'together', towns: unique, span, vague: false }
  return { kind: 'ambiguous', towns: unique, span, vague: false }
}

const isPlace = (token: Token): boolean => token.kind === 'town' || token.kind === 'set' || token.kind === 'region'
