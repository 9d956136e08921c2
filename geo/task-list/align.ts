import type { SourceCell } from './source.ts'
import type { Column, ColumnRole } from './heads.ts'
import { squeeze } from './clean.ts'

const EMPTY: SourceCell = { text: '', merged: null }
/** Rows that are further off than this from the head are taken as they stand. */
const MAX_SHIFT = 6

/**
 * Puts the cells of a row under the head's columns. Web pages leave merged cells out of the rows below, editors cut trailing empty cells and
 * stray separators add some: of all ways to fill up (or close up) at one or two places the one whose cells look most like their columns wins.
 */
export function align(cells: readonly SourceCell[], columns: readonly Column[]): SourceCell[] {
  const wide = columns.length
  if (cells.length > wide) return closeUp(cells, columns)
  if (wide - cells.length > MAX_SHIFT || wide > 60) return [...cells, ...blanks(wide - cells.length)]
  const whole = bestFilling(cells, columns)
  // A converter that filled a short row up at its end has shifted it: what is empty there may belong to the front.
  const bare = [...cells]
  while (bare.length > 1 && wide - bare.length < MAX_SHIFT && isEmpty(bare.at(-1))) bare.pop()
  if (bare.length === cells.length) return whole.cells
  const shifted = bestFilling(bare, columns)
  return shifted.score > whole.score ? shifted.cells : whole.cells
}

const blanks = (n: number): SourceCell[] => Array.from({ length: Math.max(0, n) }, () => EMPTY)
const isEmpty = (cell: SourceCell | undefined): boolean =>
  cell !== undefined && cell.merged === null && cell.text.trim() === ''

/** How well a row can be made to fit the columns, its missing cells filled up where that suits best. */
export const bestFit = (cells: readonly SourceCell[], columns: readonly Column[]): number =>
  bestFilling(cells, columns).score

function bestFilling(cells: readonly SourceCell[], columns: readonly Column[]): { cells: SourceCell[]; score: number } {
  const missing = columns.length - cells.length
  if (missing <= 0) return { cells: [...cells], score: fit(cells, columns) }
  let best: { cells: SourceCell[]; score: number } = { cells: [], score: -Infinity }
  for (const way of fillings(cells, missing)) {
    const score = fit(way, columns)
    if (score > best.score) best = { cells: way, score }
  }
  return best
}

function* fillings(cells: readonly SourceCell[], missing: number): Generator<SourceCell[]> {
  // At the start first: it is the category's cell that is merged most often.
  for (let at = 0; at <= cells.length; at++) yield [...cells.slice(0, at), ...blanks(missing), ...cells.slice(at)]
  for (let front = 1; front < missing; front++) {
    for (let at = 1; at <= cells.length; at++) {
      yield [...blanks(front), ...cells.slice(0, at), ...blanks(missing - front), ...cells.slice(at)]
    }
  }
}

function closeUp(cells: readonly SourceCell[], columns: readonly Column[]): SourceCell[] {
  const wide = columns.length
  let rest = [...cells]
  while (rest.length > wide && (rest.at(-1) as SourceCell).text.trim() === '') rest.pop()
  if (rest.length > wide && rest.length - wide <= MAX_SHIFT) {
    const surplus = rest.length - wide
    let best = rest.slice(0, wide)
    let bestScore = fit(best, columns) - 1
    for (let at = 0; at < wide; at++) {
      const joined = {
        text: rest
          .slice(at, at + surplus + 1)
          .map((c) => c.text)
          .join(' '),
        merged: null,
      }
      const way = [...rest.slice(0, at), joined, ...rest.slice(at + surplus + 1)]
      const score = fit(way, columns)
      if (score > bestScore) [best, bestScore] = [way, score]
    }
    rest = best
  }
  return rest.slice(0, wide)
}

/** How well cells suit their columns: evidence for and against, per role. */
function fit(cells: readonly SourceCell[], columns: readonly Column[]): number {
  return columns.reduce((score, column, i) => score + cellFit(column.role, cells[i] ?? EMPTY), 0)
}

function cellFit(role: ColumnRole, cell: SourceCell): number {
  if (cell.merged !== null) return 0
  const text = squeeze(cell.text.slice(0, 160))
  if (text === '') return role === 'name' || role === 'requirement' || role === 'no' ? -1 : 0
  const weigh = WEIGHTS[role]
  return weigh ? weigh(text) : 0
}

const DEPARTMENT = /(?:委|局|办|部|院|中心|公司|府|社|会|所|集团)(?:$|[、，*＊）)])/
const department = (text: string): number => (/[。；]/.test(text) ? -2 : DEPARTMENT.test(text) ? 2 : -1)
const serial = (text: string): number => (/^[0-9０-９]{1,4}[.、．]?$/.test(text) ? 4 : -4)

const WEIGHTS: Partial<Record<ColumnRole, (text: string) => number>> = {
  no: serial,
  municipalNo: serial,
  category: (text) =>
    /^[（(]?[一二三四五六七八九十]{1,3}[)）、.]/.test(text) ? 3 : /^\d+$/.test(text) || text.length > 40 ? -3 : 0,
  name: (text) => (/^\d+$/.test(text) ? -3 : text.length > 60 || /[。，；]$/.test(text) ? -2 : 1),
  requirement: (text) =>
    text.length > 25 || /[。；，]/.test(text)
      ? 2
      : /^\d+$/.test(text) || (text.length < 12 && DEPARTMENT.test(text))
        ? -2
        : 0,
  leads: department,
  partners: department,
  departments: department,
  deadline: (text) =>
    text.length <= 24 && /[月底年季日]|长期|持续|\d[./-]\d/.test(text) && !/(?:镇|委|局)$/.test(text) ? 2 : -3,
  townText: (text) => (/镇|街道|乡|园区|农场/.test(text) ? 1 : /[委局办]$/.test(text) ? -1 : 0),
}
