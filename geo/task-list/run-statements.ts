import type { Span, TaskField } from '../plan/plan.ts'
import { comparable, convert, UNITS } from '../unit/unit.ts'
import type { NumberToken, Token } from './lexer.ts'
import { nameBefore, nameOf, short } from './naming.ts'
import { type Entry, type Run, totalAfter } from './runs.ts'
import { boundOf, directionOf, kindOf, type Share, type Statement } from './statements.ts'

/** What a run says: one statement for each unit (and label) in it. */
export function statementsOfRun(
  tokens: readonly Token[],
  run: Run,
  { field, text }: { field: TaskField; text: string },
  headUnit: string | null,
  used: Set<Token>,
): Statement[] {
  const groups = new Map<string, { unit: string; label: string; rows: { entry: Entry; number: NumberToken }[] }>()
  const header = headerOf(tokens, run, text, used)
  for (const entry of run.entries) {
    for (const { number, label } of entry.numbers) {
      const unit = number.unit?.name ?? header.unit ?? headUnit ?? header.number?.unit?.name ?? ''
      const known = [...groups.values()].find((g) => g.label === label && (g.unit === unit || comparable(g.unit, unit)))
      const group = known ?? { unit, label, rows: [] }
      if (!known) groups.set(`${label}|${unit}`, group)
      group.rows.push({ entry, number })
    }
  }
  return [...groups.values()].map((group) => {
    const first = group.rows[0] as { entry: Entry; number: NumberToken }
    const after = totalAfter(tokens, text, run, group.unit)
    const fitting = header.number?.unit && comparable(header.number.unit.name, group.unit) ? header.number : null
    const totalNumber = fitting ?? after?.number ?? null
    if (totalNumber) used.add(totalNumber)
    const context = header.words + group.label + first.entry.gap + first.entry.tail
    const several = first.entry.towns.length > 1
    const allocation = group.rows.length === 1 && several ? (first.entry.cue === 'each' ? 'each' : 'together') : 'named'
    const unit = UNITS.get(group.unit)
    const name = short(runName(header, group.label, first.entry, several, fitting, text)) || nameAfter(tokens, run, text)
    const kind = kindOf(unit?.dimension ?? 'things', context, name)
    return {
      field,
      name,
      context,
      unit: group.unit,
      kind,
      direction: directionOf(boundOf(text, first.number), kind, context),
      bound: totalNumber ? boundOf(text, totalNumber) : boundOf(text, first.number),
      allocation,
      shares: group.rows.flatMap(({ entry, number }) => sharesOf(entry, number, group.unit, allocation === 'together')),
      total: totalNumber
        ? {
            value: totalNumber.value,
            unit: totalNumber.unit?.name ?? group.unit,
            span: spanOf(totalNumber),
            textSpan: { start: totalNumber.start, end: totalNumber.unitEnd },
          }
        : null,
      mixed: [...new Set(group.rows.map(({ number }) => number.unit?.name ?? group.unit))],
      ambiguous: group.rows.some(({ entry }) => entry.towns.length > 1 && entry.cue === null),
      upper: first.number.upper,
      textSpan: { start: first.number.start, end: first.number.unitEnd },
      towns: group.rows.flatMap(({ entry }) => entry.towns.map((t) => t.name)),
      at: first.number.start,
    } satisfies Statement
  })
}

function sharesOf(entry: Entry, number: NumberToken, unit: string, together: boolean): Share[] {
  const span = spanOf(number)
  const value = number.unit ? (convert(number.value, number.unit.name, unit) ?? number.value) : number.value
  if (!together) return entry.towns.map((town) => ({ town: town.name, value, span, townSpan: town.span }))
  const [first, last] = [entry.towns[0], entry.towns.at(-1)]
  return [{ town: null, value, span, townSpan: first && last ? { start: first.span.start, end: last.span.end } : null }]
}

/** The characters that are the number; of a range its lower bound, which is the one that counts. */
export const spanOf = (token: NumberToken): Span => ({ start: token.start, end: token.lowerEnd })

interface Header {
  /** Words of the clause that the run belongs to. */
  words: string
  clauseStart: number
  clauseEnd: number
  number: NumberToken | null
  /** A unit in brackets right before the run: "高标准农田建设（亩）：". */
  unit: string | null
  colon: boolean
}

const UNIT_IN_BRACKETS = /[（(](?:单位\s?[:：]\s?)?([^（）()\s]{1,5})[)）]\s?[:：]?\s?$/

const ONLY_LINK =
  /^(?:[\s，,：:、。；]|[（(]?\d{1,2}[)）.．、]|[①-⑳]|其中|分别为?|分别是|具体为?|具体是|包括|即|如下|任务分解|各街镇任务|涉及|为)*$/

/** What stands before a run in its sentence: the clause that names the measure, and the last number in it. */
function headerOf(tokens: readonly Token[], run: Run, text: string, used: ReadonlySet<Token>): Header {
  let i = run.from - 1
  const colon = tokens[i]?.kind === 'colon' || (tokens[i]?.kind === 'stop' && tokens[i - 1]?.kind === 'colon')
  let onlyItems = true
  const start = tokens[run.from]?.start ?? 0
  const unit = UNIT_IN_BRACKETS.exec(text.slice(Math.max(0, start - 14), start))?.[1]
  let number: NumberToken | null = null
  let clauseEnd = tokens[run.from]?.start ?? 0
  let clauseStart = clauseEnd
  let named = false
  for (; i >= 0; i--) {
    const token = tokens[i] as Token
    if (used.has(token)) break
    if (token.kind === 'stop' && !(text[token.start] === '\n' && onlyItems && tokens[i - 1]?.kind === 'colon')) break
    if (token.kind === 'number' && number === null && token.unit && !['time', 'order'].includes(token.unit.dimension)) {
      number = token
      // The clause with the total names the measure.
      named = false
      clauseEnd = Math.max(token.unitEnd, textEndAfter(tokens, i))
    }
    if ((token.kind === 'comma' || token.kind === 'colon') && !named) {
      const words = text.slice(token.end, clauseEnd)
      if (ONLY_LINK.test(words)) clauseEnd = token.start
      else named = true
    }
    if (!named) clauseStart = token.start
    onlyItems &&= token.kind === 'item' || token.kind === 'stop'
  }
  return {
    words: text.slice(clauseStart, clauseEnd).trim(),
    clauseStart,
    clauseEnd,
    number,
    unit: unit && UNITS.has(unit) ? unit : null,
    colon,
  }
}

function textEndAfter(tokens: readonly Token[], at: number): number {
  return (tokens[textTokenAfter(tokens, at)] as Token).end
}

/** "赵巷镇1项，重固镇2项，共32.56公里提档升级农村公路改造": what a run without words before it counts is named with its total in another unit. */
function nameAfter(tokens: readonly Token[], run: Run, text: string): string {
  const [comma, words, number] = tokens.slice(run.to, run.to + 3)
  if (comma?.kind !== 'comma' || words?.kind !== 'text' || number?.kind !== 'number') return ''
  if (!/^(?:合计|总计|共计|共)$/.test(text.slice(words.start, words.end).trim())) return ''
  const last = tokens[textTokenAfter(tokens, run.to + 2)]
  return last ? short(nameOf('', text.slice(number.unitEnd, last.end))) : ''
}

/** Index of the last text token in a row behind a token; its own where none follows. */
function textTokenAfter(tokens: readonly Token[], at: number): number {
  let i = at
  while (tokens[i + 1]?.kind === 'text') i++
  return i
}

function runName(
  header: Header,
  label: string,
  entry: Entry,
  several: boolean,
  total: NumberToken | null,
  text: string,
): string {
  const gap = entry.gap.replace(/^各(?!类|项|级)|共同|共建|均|联合/, '')
  const own = entry.tail !== '' ? nameOf(gap, entry.tail) : nameBefore(gap)
  const inHeader =
    header.number && header.number.start >= header.clauseStart && header.number.end <= header.clauseEnd
      ? header.number
      : null
  const said = inHeader
    ? nameOf(text.slice(header.clauseStart, inHeader.start), text.slice(inHeader.unitEnd, header.clauseEnd))
    : nameBefore(header.words)
  if (label !== '') return `${said.length <= 8 ? said : ''}${nameBefore(label)}`
  if ((several || (!header.colon && !total)) && own.length >= 4) return own
  return said.length >= 3 ? said : own
}
