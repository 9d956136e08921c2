import type { Span, TaskField } from '../plan/plan.ts'
import { lex, type NumberToken, type Token } from './lexer.ts'
import { spanOf, statementsOfRun } from './run-statements.ts'
import { findRuns } from './runs.ts'
import { type Lexicon, townsOfSet, type TownSet } from './towns.ts'
import { isGeneric, nameBefore, nameOf, short } from './naming.ts'
import { boundOf, directionOf, isTarget, kindOf, type Leftover, type Share, type Statement } from './statements.ts'
import { datedSteps, type DatedStep } from './milestones.ts'
import { type Clause, clauseOf, describes, scopeOf } from './scope.ts'

/** Towns that a cell names, with the words that do; null: a set that cannot be resolved. */
export interface Mention {
  towns: string[] | null
  set: TownSet | null
  span: Span
}

export interface CellReading {
  field: TaskField
  text: string
  statements: Statement[]
  leftovers: Leftover[]
  mentions: Mention[]
  /** Days by which something has to be done. */
  steps: DatedStep[]
}

const MAX_STATEMENTS = 200

/** Reads the numbers and the towns of one cleaned cell. `headUnit` is the unit that the column's head gives ("任务量（亩）"). */
export function readCell(
  text: string,
  field: TaskField,
  lexicon: Lexicon,
  year: number,
  headUnit: string | null = null,
): CellReading {
  const all = lex(text, lexicon, year)
  const within = placesWithin(all)
  const reading: CellReading = {
    field,
    text,
    statements: [],
    leftovers: [],
    mentions: mentionsOf(all, within, text, lexicon),
    steps: datedSteps(all, text),
  }
  const tokens = mainStream(all.filter((token) => !within.has(token)))
  const used = new Set<Token>()
  // "6月20日前完成水稻种植85%以上" is a milestone, not a rate.
  for (const step of reading.steps) if (step.share !== null && step.number) used.add(step.number)
  for (const run of findRuns(tokens, text)) {
    if (reading.statements.length >= MAX_STATEMENTS) break
    for (const statement of statementsOfRun(tokens, run, reading, headUnit, used)) reading.statements.push(statement)
    for (const token of tokens.slice(run.from, run.to)) used.add(token)
  }
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== 'number' || used.has(token) || reading.statements.length >= MAX_STATEMENTS) continue
    readLoose(tokens, i, token, reading, lexicon, used)
  }
  reading.statements.sort((a, b) => a.at - b.at)
  return reading
}

/**
 * What stands in a bracket right behind a town's figure and names none of the towns that have it: where in the town that is ("杨泖镇2座（石桥镇）": two
 * bridges of 杨泖镇, at what used to be 石桥镇). It hands out nothing, and whom it names has nothing to report.
 */
function placesWithin(tokens: readonly Token[]): Set<Token> {
  const within = new Set<Token>()
  for (const [i, open] of tokens.entries()) {
    const number = tokens[i - 1]
    if (open.kind !== 'open' || number?.kind !== 'number' || !number.unit || ['time', 'order'].includes(number.unit.dimension)) continue
    const outer = townsBefore(tokens, i - 1)
    let end = i + 1
    while (end < tokens.length && (tokens[end] as Token).depth > open.depth) end++
    const inside = tokens.slice(i + 1, end)
    const towns = inside.filter((token) => token.kind === 'town')
    if (outer.length && towns.length && !towns.some(({ name }) => outer.includes(name))) for (const token of inside) within.add(token)
  }
  return within
}

/** The towns that a figure is of: those right before it, with no more than a few words or an earlier figure between. */
function townsBefore(tokens: readonly Token[], number: number): string[] {
  const towns: string[] = []
  for (let i = number - 1; i >= 0 && number - i < 40; i--) {
    const token = tokens[i] as Token
    if (token.kind === 'town') towns.push(token.name)
    else if (towns.length ? token.kind !== 'item' && token.kind !== 'text' : token.kind !== 'text' && token.kind !== 'number' && token.kind !== 'colon') break
  }
  return towns
}

const EXCEPT = /除([^。；除]{2,60}?)(?:以外|之外|外)/g

/** Towns that are left out: "除张桥街道外的各街镇". */
function exceptions(tokens: readonly Token[], text: string): Set<string> {
  const left = new Set<string>()
  for (const match of text.slice(0, 20_000).matchAll(EXCEPT)) {
    for (const token of tokens)
      if (token.kind === 'town' && token.start > match.index && token.end <= match.index + match[0].length)
        left.add(token.name)
  }
  return left
}

function mentionsOf(tokens: readonly Token[], within: ReadonlySet<Token>, text: string, lexicon: Lexicon): Mention[] {
  const mentions: Mention[] = []
  const left = exceptions(tokens, text)
  const without = (towns: string[] | null): string[] | null => towns?.filter((town) => !left.has(town)) ?? null
  for (const token of tokens) {
    const span = { start: token.start, end: token.end }
    if (token.kind === 'town' && (left.has(token.name) || within.has(token))) continue
    if (token.kind === 'town') mentions.push({ towns: [token.name], set: null, span })
    else if (token.kind === 'region') mentions.push({ towns: token.towns, set: null, span })
    else if (token.kind === 'set')
      mentions.push({ towns: without(townsOfSet(token.set, lexicon)), set: token.set, span })
  }
  return mentions
}

/**
 * The words outside brackets. A bracket that hands numbers out to towns ("（赵巷镇 3 个、重固镇 2 个）") is part of them, as if a colon
 * stood before it.
 */
function mainStream(tokens: readonly Token[]): Token[] {
  const main: Token[] = []
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token
    if (token.kind !== 'open') {
      if (token.kind !== 'close') main.push(token)
      continue
    }
    let end = i + 1
    while (end < tokens.length && (tokens[end] as Token).depth > token.depth) end++
    const inside = tokens.slice(i + 1, end)
    if (main.at(-1)?.kind === 'town' && inside[0]?.kind === 'number' && inside[0].unit && inside.length <= 2) {
      // "廊桥镇（2个）": the bracket is the town's figure.
      main.push(inside[0])
      i = end - (tokens[end]?.kind === 'close' ? 0 : 1)
      continue
    }
    const splits = inside.some(
      (t, j) =>
        t.kind === 'town' &&
        inside
          .slice(j + 1, j + 4)
          .some((n) => n.kind === 'number' && (n.unit === null || !['time', 'order'].includes(n.unit.dimension))),
    )
    if (splits) {
      main.push({ kind: 'colon', start: token.start, end: token.end, depth: token.depth })
      main.push(...inside)
    }
    i = end - (tokens[end]?.kind === 'close' ? 0 : 1)
    const close = tokens[end]
    if (splits && close?.kind === 'close')
      main.push({ kind: 'comma', start: close.start, end: close.end, depth: close.depth })
  }
  return main
}

/** A number outside runs: a total, a standard for each of a set, a rate – or no target at all. */
function readLoose(
  tokens: readonly Token[],
  index: number,
  token: NumberToken,
  reading: CellReading,
  lexicon: Lexicon,
  used: ReadonlySet<Token>,
): void {
  const { text, field } = reading
  const unit = token.unit
  if (!unit || unit.dimension === 'time' || unit.dimension === 'order') return
  const clause = clauseOf(tokens, index, text)
  if (clause.frequency || (clause.numbersAfter > 0 && describes(token, text))) return
  const bound = boundOf(text, token)
  const leftover = (reason: Leftover['reason']): void => {
    reading.leftovers.push({
      field,
      reason,
      text: text.slice(token.start, token.unitEnd),
      unit: unit.name,
      value: token.value,
      span: spanOf(token),
    })
  }
  if (clause.perUnit) return leftover('per-unit')
  // Nothing to do is no target.
  if (token.value === 0) return leftover('context')
  if (!isTarget(clause.text, clause.before, bound, unit.dimension)) return leftover('context')
  const scope = scopeOf(tokens, index, text, lexicon, used)
  if (scope.vague) leftover('vague-towns')
  const last = reading.statements.at(-1)
  const own = short(looseName(clause, unit.dimension === 'share'))
  // "各镇举办活动不少于2场，各街道不少于1场": the second clause counts what the first one did.
  // Of "培训20期1200人次" both figures are about the same.
  const gap = last && last.at < token.start ? text.slice(last.textSpan.end, token.start) : null
  const same =
    last !== undefined && gap !== null && (gap.trim() === '' || (last.unit === unit.name && !/[。；\n]/.test(gap)))
  const name = own === '' && same ? last.name : own
  const kind = kindOf(unit.dimension, clause.text, name)
  const span = spanOf(token)
  const shares: Share[] =
    scope.kind === 'each' || scope.kind === 'named'
      ? scope.towns.map((town) => ({ town, value: token.value, span, townSpan: scope.span }))
      : [{ town: null, value: token.value, span, townSpan: scope.span }]
  reading.statements.push({
    field,
    name,
    context: clause.text,
    unit: unit.name,
    kind,
    direction: directionOf(bound, kind, `${clause.before}${name}`),
    bound,
    allocation: scope.kind === 'ambiguous' ? 'together' : scope.kind,
    shares,
    total: null,
    mixed: [unit.name],
    ambiguous: scope.kind === 'ambiguous',
    upper: token.upper,
    textSpan: { start: token.start, end: token.unitEnd },
    towns: scope.towns,
    at: token.start,
  })
}

function looseName(clause: Clause, share: boolean): string {
  const direct = nameOf(clause.before, clause.after, share)
  if (clause.listed && clause.numbersAfter === 0 && clause.rest.includes('的')) {
    // "2-3 个课程完善、管理细致、场地多样的实践基地": the noun comes at the end.
    const noun = clause.rest.slice(clause.rest.lastIndexOf('的') + 1)
    if (noun.length >= 4) return nameOf(clause.before, noun)
  }
  if (/^(?:相比|较|比)(?:上|去)/.test(direct)) {
    // "…的项目储备数量，相比上年度增长率…": what grows stands in the clause before.
    const what = nameBefore(clause.previous.slice(clause.previous.lastIndexOf('的') + 1))
    if (what.length >= 2 && what.length <= 14) return `${what}${direct.replace(/^(?:相比|较|比)(?:上一?|去)年度?/, '')}`
  }
  if (direct.length >= 4 && !isGeneric(direct)) return direct
  const topic = nameBefore(clause.topic)
  if (topic.length < 4 || topic.length > 24 || isGeneric(topic)) return direct
  return direct.length >= 2 && !isGeneric(direct) && !topic.includes(direct) ? `${topic}${direct}` : topic
}
