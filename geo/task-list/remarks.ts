import type { Problem, Task } from '../plan/plan.ts'
import type { CategoryTable } from './categories.ts'
import { type CellReading, readCell } from './cell.ts'
import type { CleanRow } from './cleaned-row.ts'
import { problem } from './problems.ts'
import type { RawList } from './rows.ts'
import type { Lexicon } from './towns.ts'
import { chineseOrdinal } from './write.ts'

/** What is odd about the document as a whole: columns, rows, titles of categories. */
export function documentProblems(raw: RawList, table: CategoryTable): Problem[] {
  return [
    ...raw.problems.slice(0, 200).map(({ kind, text, place }) =>
      problem(kind, {
        params: kind === 'column-unknown' ? { head: text } : { text },
        place: place.table < 0 ? null : place,
      }),
    ),
    ...[...table.differing].map(([no, [chosen, ...others]]) =>
      problem('category-title-differs', {
        params: {
          no,
          numeral: no < 100 ? chineseOrdinal(no) : no,
          chosen: chosen as string,
          other: others.join('」「'),
        },
      }),
    ),
  ]
}

/** Numbers that no measure took up; one that both cells have is told once. */
export function leftovers(cells: readonly CellReading[]): CellReading['leftovers'] {
  const all = cells.flatMap((cell) => cell.leftovers)
  return all.filter(
    (item, i) =>
      all.findIndex(
        (other) => other.value === item.value && other.unit === item.unit && other.reason === item.reason,
      ) === i,
  )
}

/** Sets of towns that cannot be resolved, or no town at all. */
export function townProblems(task: Task, cells: readonly CellReading[], lexicon: Lexicon): Problem[] {
  const problems: Problem[] = []
  for (const cell of cells) {
    const unresolved = cell.mentions.find((mention) => mention.towns === null && mention.set !== null)
    if (!unresolved?.set || (cell.field !== 'townText' && task.towns.length > 0)) continue
    const text = cell.text.slice(unresolved.span.start, unresolved.span.end)
    const reason = unresolved.set.count === null ? 'vague' : 'count'
    problems.push(
      problem('town-missing', {
        task: task.no,
        params: { reason, text, known: lexicon.members.length },
        source: { field: cell.field, ...unresolved.span },
      }),
    )
    return problems
  }
  if (task.towns.length === 0) problems.push(problem('town-missing', { task: task.no, params: { reason: 'none' } }))
  return problems
}

/** Sets without a count, resolved from names that the document itself gives: told once for each wording. */
export function gatheredSets(rows: readonly CleanRow[], lexicon: Lexicon): Problem[] {
  if (lexicon.complete || lexicon.names.length === 0) return []
  const seen = new Map<string, number>()
  const counted = new Set<number>()
  for (const row of rows) {
    for (const mention of readCell(row.townText, 'townText', lexicon, 2000).mentions) {
      if (mention.set && mention.set.count !== null && mention.towns) counted.add(mention.towns.length)
      if (mention.set?.count === null && mention.towns)
        seen.set(row.townText.slice(mention.span.start, mention.span.end), mention.towns.length)
    }
  }
  // A count that fits elsewhere in the document ("11个街镇") confirms the names.
  return [...seen]
    .filter(([, known]) => !counted.has(known))
    .slice(0, 20)
    .map(([text, known]) => problem('town-missing', { params: { reason: 'gathered', text, known } }))
}

const ADJUSTABLE =
  /[^，。；、（）()\n]{0,20}(?:以(?:市|区|上级)?[^，。；]{0,10}(?:下达|部署|批复|通知|申报)[^，。；]{0,6}为准|动态调整|视[^，。；]{0,20}而定|需根据[^，。；]{0,24}确定|根据[^，。；]{0,20}(?:名单|批复|计划)[^，。；]{0,8}确定|后明确[^，。；]{0,16})/

/** The document itself says that a figure may change. */
export function adjustable(task: Task): Problem[] {
  for (const field of ['townText', 'requirement'] as const) {
    const match = ADJUSTABLE.exec(task[field].slice(0, 20_000))
    if (match) {
      return [
        problem('adjustable', {
          task: task.no,
          params: { text: match[0] },
          source: { field, start: match.index, end: match.index + match[0].length },
        }),
      ]
    }
  }
  return []
}

/** A number with its clause, for telling what is meant. */
export function around(text: string, span: { start: number; end: number }): string {
  let start = span.start
  while (start > 0 && span.start - start < 40 && !/[。；;，,\n]/.test(text[start - 1] as string)) start--
  let end = span.end
  while (end < text.length && end - span.end < 20 && !/[。；;，,\n]/.test(text[end] as string)) end++
  return text.slice(start, end).trim()
}
