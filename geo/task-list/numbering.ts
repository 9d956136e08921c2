import type { Problem } from '../plan/plan.ts'
import { writtenNumber } from '../number/written.ts'
import { squeeze } from './clean.ts'
import type { CleanRow } from './cleaned-row.ts'
import { problem } from './problems.ts'

/**
 * Serial numbers as written; missing ones counted on, repeated ones given a free number, gaps told. `numbered` says that the list has a column
 * of numbers, so that a missing one is more than a note.
 */
export function numberRows(rows: readonly CleanRow[], numbered: boolean): { numbers: number[]; problems: Problem[] } {
  const problems: Problem[] = []
  const written = rows.map(
    (row) => serial(row.raw.cells.no) ?? (row.raw.cells.no === undefined ? serial(row.raw.cells.municipalNo) : null),
  )
  const hasOwn = rows.some((row) => serial(row.raw.cells.no) !== null)
  const taken = new Set(written.filter((no) => no !== null))
  const seen = new Set<number>()
  let last = 0
  let unnumbered = 0
  const numbers = written.map((no, i) => {
    const place = { table: rows[i]?.raw.place.table ?? 0, row: rows[i]?.raw.place.rows[0] ?? 0, column: null }
    if (no !== null && !seen.has(no)) {
      seen.add(no)
      last = no
      return no
    }
    let free = last + 1
    while (seen.has(free) || taken.has(free)) free++
    seen.add(free)
    last = free
    if (no !== null) problems.push(problem('number-repeated', { task: free, params: { no, given: free }, place }))
    else unnumbered++
    return free
  })
  if (unnumbered > 0)
    problems.push(
      problem('number-missing', {
        params: { missing: '', rows: unnumbered, column: 'no' },
        severity: numbered ? 'warning' : 'info',
      }),
    )
  const gaps = unnumbered === rows.length ? [] : gapsIn(numbers)
  if (gaps.length > 0) problems.push(problem('number-missing', { params: { missing: gaps.join('、'), column: 'no' } }))
  if (hasOwn) {
    // The city's list has tasks of other districts too: a gap there is worth a look, no more.
    const municipal = gapsIn(rows.map((row) => serial(row.raw.cells.municipalNo)).filter((no) => no !== null))
    if (municipal.length > 0)
      problems.push(
        problem('number-missing', { params: { missing: municipal.join('、'), column: 'municipal' }, severity: 'info' }),
      )
  }
  return { numbers, problems }
}

/** A serial number's cell as a whole number, or null. */
export function serial(text: string | undefined): number | null {
  if (text === undefined) return null
  const number = writtenNumber(squeeze(text).replace(/[.．、]$/, ''))
  return number !== null && Number.isInteger(number) && number > 0 && number < 10_000 ? number : null
}

function gapsIn(numbers: readonly number[]): number[] {
  const set = new Set(numbers)
  const highest = Math.max(0, ...numbers)
  const lowest = Math.min(highest, ...numbers)
  const gaps: number[] = []
  for (let no = lowest; no < highest && gaps.length < 20; no++) if (!set.has(no)) gaps.push(no)
  return gaps
}
