import type { SourceBlock, SourceDocument, SourceRow } from './source.ts'
import { readHead } from './heads.ts'
import { blocksFromPipes, isPipeStream } from './pipes.ts'

/** Longer documents are no task lists; what is over is not read. */
export const MAX_TEXT = 4_000_000

interface Line {
  text: string
  cells: string[]
}

/**
 * A document from tab-separated text: lines with tabs are rows, lines without are paragraphs, an empty line ends a table. Cells in double
 * quotes may hold tabs and line breaks, as spreadsheets copy them; rows that unquoted line breaks tore apart are joined again where the head
 * says how many cells a row has. Tables whose cells are parted by lines with a pipe are read too. Pure; never throws.
 */
export function documentFromText(text: string, name: string): SourceDocument {
  const plain = text.replace(/^\ufeff/, '').slice(0, MAX_TEXT)
  const whole = plain.split(/\r\n?|\n/)
  if (isPipeStream(whole)) return { name, format: 'text', blocks: blocksFromPipes(whole) }
  const blocks: SourceBlock[] = []
  let group: Line[] = []
  const close = (): void => {
    blocks.push(...blocksOf(group))
    group = []
  }
  for (const line of split(plain)) {
    if (line.text.trim() === '') close()
    else group.push(line)
  }
  close()
  return { name, format: 'text', blocks }
}

const paragraphOf = (line: Line): SourceBlock => ({ kind: 'paragraph', text: line.text, page: null, sheet: null })

/** Paragraphs and at most a few tables out of lines without an empty one between. */
function blocksOf(lines: readonly Line[]): SourceBlock[] {
  const first = lines.findIndex((line) => line.cells.length > 1)
  if (first < 0) return lines.map(paragraphOf)
  const blocks = lines.slice(0, first).map(paragraphOf)
  const wide = widthOf(lines.slice(first).map((line) => line.cells))
  let rows: string[][] = []
  let filled = 0
  const close = (): void => {
    if (rows.length > 0) blocks.push({ kind: 'table', rows: joinTorn(rows, wide).map(toRow), page: null, sheet: null })
    rows = []
  }
  for (const [i, line] of lines.entries()) {
    if (i < first) continue
    const single = line.cells.length === 1
    if (single && (rows.length === 0 || !belongs(line.text, filled < wide, rows.at(-1)?.at(-1) ?? '', lines[i + 1]))) {
      close()
      blocks.push(paragraphOf(line))
      filled = 0
      continue
    }
    // How far the row in hand has got, counting pieces of torn rows together.
    filled = filled >= wide || filled === 0 ? line.cells.length : filled + line.cells.length - 1
    rows.push(line.cells)
  }
  close()
  return blocks
}

const toRow = (cells: string[]): SourceRow => ({ cells: cells.map((text) => ({ text, merged: null })) })

/** Lines of cells; a quoted cell ("…", doubled quotes inside) may run over tabs and line ends. */
function split(text: string): Line[] {
  const lines: Line[] = []
  let cells: string[] = []
  let start = 0
  let at = 0
  const end = (): void => {
    lines.push({ text: text.slice(start, at).replace(/\r$/, ''), cells })
    cells = []
  }
  while (at <= text.length) {
    const quoted = text[at] === '"' ? quotedCell(text, at) : null
    let value: string
    if (quoted) {
      value = quoted.value
      at = quoted.end
    } else {
      let stop = at
      while (stop < text.length && text[stop] !== '\t' && text[stop] !== '\n') stop++
      value = text.slice(at, stop).replace(/\r$/, '')
      at = stop
    }
    cells.push(value)
    if (text[at] !== '\t') {
      end()
      start = at + 1
    }
    at++
  }
  return lines
}

const MAX_QUOTED = 20_000

function quotedCell(text: string, at: number): { value: string; end: number } | null {
  let value = ''
  for (let i = at + 1; i < text.length && i - at < MAX_QUOTED; i++) {
    if (text[i] !== '"') value += text[i]
    else if (text[i + 1] === '"') value += text[i++]
    else {
      const next = text[i + 1] === '\r' ? text[i + 2] : text[i + 1]
      return next === undefined || next === '\t' || next === '\n'
        ? { value, end: i + 1 + (text[i + 1] === '\r' ? 1 : 0) }
        : null
    }
  }
  return null
}

const SECTION = /^\s*(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|第[一二三四五六七八九十]{1,3}[章节部])/
const NOTE = /^\s*(?:注|备注|说明|附注|附件|附表|来源|共\s?\d+\s?页|第\s?\d+\s?页|[-—]\s?\d+\s?[-—])/

/** Whether a line without tabs belongs to the table above it: a section title, or the rest of a row that is still short of cells. */
function belongs(text: string, short: boolean, last: string, next: Line | undefined): boolean {
  if (NOTE.test(text)) return false
  if (SECTION.test(text) && text.length < 60) return (next?.cells.length ?? 0) > 1
  return short || continues(last, text)
}

/** A complete row's last cell goes on in the next line: "2024年" / "11月底前", "赵巷镇、" / "徐泾镇". */
const continues = (last: string, text: string): boolean =>
  text.length <= 30 && (/[年、，和及]\s*$/.test(last) || /^\s*\d{0,2}[月日底前]/.test(text))

/** How well cells read as a head: heads understood, less strange ones; 0 when it is none. */
function headOf(cells: readonly string[]): number {
  const columns = readHead(cells.map((text) => ({ text, merged: null }))) ?? []
  const strange = columns.filter((column) => column.role === 'unknown' && column.head !== '').length
  return columns.length === 0
    ? 0
    : Math.max(0, columns.filter((column) => column.role !== 'unknown').length - 2 * strange)
}

/** Cells of a row: as many as the head has, the head itself being put together first if it was torn; without a head, the longest row's. */
function widthOf(rows: readonly string[][]): number {
  let best = 0
  let wide = 0
  for (let from = 0; from < Math.min(rows.length, 12); from++) {
    let joined = rows[from] as string[]
    for (let to = from; to < Math.min(rows.length, from + 24) && joined.length < 200; to++) {
      if (to > from) joined = glue(joined, rows[to] as string[])
      const known = headOf(joined)
      if (known > best) [best, wide] = [known, joined.length]
    }
    if (best > 0) return wide
  }
  return rows.reduce((most, cells) => Math.max(most, cells.length), 0)
}

const glue = (row: readonly string[], next: readonly string[]): string[] => [
  ...row.slice(0, -1),
  `${row.at(-1)}\n${next[0]}`,
  ...next.slice(1),
]

/** Joins rows that line breaks in cells tore into several lines: as many as together make exactly one row of the head's width. */
function joinTorn(rows: readonly string[][], wide: number): string[][] {
  const out: string[][] = []
  for (let i = 0; i < rows.length; i++) {
    const whole = rows[i] as string[]
    if (whole.length >= wide || (whole.length === 1 && SECTION.test(whole[0] as string))) {
      let row = whole
      while (
        row.length === wide &&
        rows[i + 1]?.length === 1 &&
        continues(row.at(-1) as string, rows[i + 1]?.[0] as string)
      )
        row = glue(row, rows[++i] as string[])
      out.push(row)
      continue
    }
    let joined = whole
    let taken = i
    for (let j = i + 1; j < rows.length && joined.length < wide && j - i < 60; j++) {
      const next = rows[j] as string[]
      if (joined.length + next.length - 1 > wide) break
      joined = glue(joined, next)
      taken = j
    }
    const complete = joined.length === wide && taken > i
    while (complete && rows[taken + 1]?.length === 1 && !SECTION.test(rows[taken + 1]?.[0] as string))
      joined = glue(joined, rows[++taken] as string[])
    out.push(complete ? joined : whole)
    if (complete) i = taken
  }
  return out
}
