import type { FieldSpan, Measure, Milestone, Problem, Quota } from '../plan/plan.ts'
import { sum } from '../number/decimal.ts'
import { comparable, convert } from '../unit/unit.ts'
import type { CellReading } from './cell.ts'
import { isGeneric, short, similarity, stripLeading } from './naming.ts'
import { problem } from './problems.ts'
import type { Statement } from './statements.ts'

/** A measure being put together: what one cell says, and what the other says of the same thing. */
export interface Draft {
  statement: Statement
  /** The same number, or another one, elsewhere. */
  echoes: Statement[]
  /** A total that only the other cell declares. */
  declared: Statement | null
  milestones: Milestone[]
}

/** Another number about the same thing. */
export interface Differing {
  draft: Draft
  problem: Problem
}

/** The total that a statement makes of its shares, or declares, in its own unit. */
export function totalOf(statement: Statement): number {
  if (statement.total)
    return convert(statement.total.value, statement.total.unit, statement.unit) ?? statement.total.value
  return sumOf(statement)
}

export function sumOf(statement: Statement): number {
  const values = statement.shares.map((share) => share.value)
  return statement.kind === 'rate' ? (values[0] ?? 0) : sum(values)
}

const isSplit = (statement: Statement): boolean => statement.allocation === 'named' || statement.allocation === 'each'

/**
 * Puts the statements of a row's cells together: those of the towns' cell first, then the requirement's that say something new. The same
 * number said twice is one measure; another number about the same thing is a problem, unless it is a floor (or ceiling) that is kept.
 */
export function draftMeasures(
  cells: readonly CellReading[],
  task: number,
  taskName: string,
): { drafts: Draft[]; differing: Differing[] } {
  const drafts: Draft[] = []
  const differing: Differing[] = []
  for (const cell of cells) {
    const own: Draft[] = []
    for (const statement of cell.statements) {
      const twin = own.find((d) => sameWithin(d.statement, statement))
      if (twin) {
        twin.echoes.push(statement)
        continue
      }
      const sole = cell.statements.filter((s) => comparable(s.unit, statement.unit)).length === 1
      const match = bestMatch(drafts, statement, taskName, sole)
      if (match) join(match, statement, cells, task, differing)
      else own.push({ statement, echoes: [], declared: null, milestones: [] })
    }
    drafts.push(...own)
  }
  return { drafts, differing }
}

const sameWithin = (a: Statement, b: Statement): boolean =>
  a.unit === b.unit &&
  a.name === b.name &&
  a.allocation === b.allocation &&
  totalOf(a) === totalOf(b) &&
  a.shares.length === b.shares.length

function bestMatch(drafts: readonly Draft[], statement: Statement, taskName: string, sole: boolean): Draft | null {
  let best: Draft | null = null
  let bestScore = 0
  for (const draft of drafts) {
    const other = draft.statement
    if (other.field === statement.field) continue
    // A bare list of towns and figures is about the task itself, in the unit that its total has.
    const bare = other.name === ''
    if (bare && other.unit === '' && sumOf(other) === totalOf(statement)) {
      draft.statement = { ...other, unit: statement.unit, kind: statement.kind }
      return draft
    }
    if (!comparable(other.unit, statement.unit)) continue
    const [name, context] = bare ? [taskName, taskName] : [other.name, other.context]
    const alike = Math.max(
      similarity(name, statement.name),
      similarity(context, statement.context),
      similarity(name, statement.name, true) - 0.15,
    )
    const equal = agrees(draft, statement)
    // Bare figures and the only number of their unit can be about nothing else.
    const only = bare && sole && drafts.filter((d) => comparable(d.statement.unit, statement.unit)).length === 1
    const fits = equal ? bare || alike >= 0.15 : (only || alike >= 0.5) && isNear(draft, statement)
    if (!fits) continue
    const score = alike + (equal ? 0.5 : only ? 0.1 : 0)
    if (score > bestScore) [best, bestScore] = [draft, score]
  }
  return best
}

/** "累计创建 11.36 万亩" counts earlier years too and is not what this year's 16393.94 亩 contradict; nor do numbers of another order. */
function isNear(draft: Draft, statement: Statement): boolean {
  const cumulative = (s: Statement): boolean => /(?<!全年|年内|当年)累计/.test(s.context)
  if (cumulative(draft.statement) !== cumulative(statement)) return false
  const [a, b] = [totalOf(draft.statement), convert(totalOf(statement), statement.unit, draft.statement.unit) ?? 0]
  const ratio = Math.max(a, b) / Math.min(a, b)
  // A slip of the unit (5 亩 for 5 万亩) is a contradiction all the more.
  return ratio <= 4 || ratio === 10_000
}

/** Whether a statement gives the number that a draft already has: its total, its sum, or the share of each. */
function agrees(draft: Draft, statement: Statement): boolean {
  const other = draft.statement
  const value = convert(totalOf(statement), statement.unit, other.unit)
  if (value === null) return false
  if (value === totalOf(other) || value === sumOf(other)) return true
  return (
    other.allocation === 'each' &&
    statement.shares.length === 1 &&
    value === other.shares[0]?.value &&
    statement.allocation !== 'total'
  )
}

function join(
  draft: Draft,
  statement: Statement,
  cells: readonly CellReading[],
  task: number,
  differing: Differing[],
): void {
  const other = draft.statement
  draft.echoes.push(statement)
  if (agrees(draft, statement)) {
    if (isSplit(statement) && !isSplit(other)) swap(draft, statement)
    else if (other.total === null && isSplit(other) && !isSplit(statement)) draft.declared = statement
    return
  }
  const value = convert(totalOf(statement), statement.unit, other.unit) as number
  const kept =
    (statement.bound === 'floor' && totalOf(other) >= value && other.bound !== 'ceiling') ||
    (statement.bound === 'ceiling' && totalOf(other) <= value && statement.kind !== 'rate')
  if (kept && statement.kind !== 'rate') return
  if (other.total === null && isSplit(other) && !isSplit(statement) && statement.kind !== 'rate')
    draft.declared = statement
  const params = { name: other.name, first: words(statement, cells), second: words(other, cells) }
  differing.push({
    draft,
    problem: problem('statements-differ', { task, params, source: { field: statement.field, ...statement.textSpan } }),
  })
}

/** A split in the requirement is worth more than a bare total in the towns' cell. */
function swap(draft: Draft, split: Statement): void {
  const total = draft.statement
  draft.statement = { ...split, name: split.name || total.name }
  if (split.total === null) draft.declared = total
}

/** A statement in the document's words: "600 人次", or "11 × 60 = 660 人次". */
function words(statement: Statement, cells: readonly CellReading[]): string {
  const text = cells.find((cell) => cell.field === statement.field)?.text ?? ''
  const span = statement.total?.textSpan ?? statement.textSpan
  if (statement.allocation === 'each') {
    return `${statement.shares.length} × ${statement.shares[0]?.value ?? 0} = ${sumOf(statement)} ${statement.unit}`
  }
  if (statement.total || statement.shares.length === 1) return text.slice(span.start, span.end)
  return `${sumOf(statement)} ${statement.unit}`
}

/** The measure that a draft stands for. `district` is the unit of totals. */
export function toMeasure(
  draft: Draft,
  id: string,
  taskName: string,
  district: string,
  cells: readonly CellReading[],
): Measure {
  const { statement, declared } = draft
  const field = statement.field
  const total =
    statement.total ??
    (declared
      ? { value: totalOf(declared), unit: declared.unit, span: declared.textSpan, textSpan: declared.textSpan }
      : null)
  const totalField = statement.total ? field : (declared?.field ?? field)
  const single = statement.shares.length === 1 || statement.allocation === 'each'
  const targetSpan = total?.textSpan ?? (single ? statement.textSpan : null)
  const text = cells.find((cell) => cell.field === totalField)?.text ?? ''
  return {
    id,
    name: nameFor(draft, taskName),
    unit: statement.unit,
    kind: statement.kind,
    direction: statement.direction,
    allocation: statement.allocation,
    target: total ? (convert(total.value, total.unit, statement.unit) ?? total.value) : sumOf(statement),
    targetText: total ? text.slice(total.textSpan.start, total.textSpan.end) : null,
    targetSource: targetSpan ? { field: totalField, ...targetSpan } : null,
    milestones: draft.milestones,
    quotas: statement.shares.map((share): Quota => ({
      town: share.town ?? district,
      target: share.value,
      source: field === 'townText' ? share.span : null,
      requirementSource: field === 'requirement' ? share.span : null,
      townSource: share.townSpan ? { field, ...share.townSpan } : null,
    })),
  }
}

/** The statement's own name; a shorter one from the other cell that says the same; else what the task is called. */
function nameFor(draft: Draft, taskName: string): string {
  const others = [...(draft.declared ? [draft.declared] : []), ...draft.echoes].map((s) => s.name)
  const own = draft.statement.name
  const said = (name: string): boolean => name.length >= 3 && !isGeneric(name)
  if (said(own))
    return (
      others.find((name) => name.length >= 6 && name.length < own.length && similarity(name, own, true) >= 0.8) ?? own
    )
  return others.find(said) ?? (short(stripLeading(taskName)) || short(taskName) || own || '任务量')
}

/** Two measures of a task must not read alike: the unit tells them apart, then a number. */
export function distinctNames(measures: Measure[]): void {
  for (const measure of measures) {
    const twins = measures.filter((m) => m.name === measure.name)
    if (twins.length < 2) continue
    const units = new Set(twins.map((m) => m.unit))
    const base = measure.name
    for (const [i, twin] of twins.entries())
      twin.name = units.size === twins.length ? `${base}（${twin.unit}）` : `${base}（${i + 1}）`
  }
}

/** The stage measure of a task: one quota without a number for each unit that no numbered measure reaches. */
export function stageMeasure(
  id: string,
  units: readonly { town: string; townSource: FieldSpan | null }[],
  milestones: Milestone[],
): Measure {
  return {
    id,
    name: '推进情况',
    unit: '',
    kind: 'stage',
    direction: 'atLeast',
    allocation: 'each',
    target: null,
    targetText: null,
    targetSource: null,
    milestones,
    quotas: units.map(({ town, townSource }) => ({
      town,
      target: null,
      source: null,
      requirementSource: null,
      townSource,
    })),
  }
}
