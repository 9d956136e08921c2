import type { SourceBlock, SourceRow } from '../../../geo/task-list/source.ts'
import type { Door } from './door.ts'
import { add, cell, CellBudget, paragraphs, tableBlocks } from './table.ts'

/** Tables drawn with pipes: Markdown (GFM), and what converters make of web pages. */
export const markdownDoor: Door = {
  format: 'markdown',
  recognises(look) {
    if (look.kind !== 'text') return false
    const lines = look.text.split(/\r\n?|\n/)
    if (lines.some((line, i) => isRuler(line) && lines[i - 1]?.includes('|') === true)) return true
    const filled = lines.filter((line) => line.trim() !== '')
    const piped = filled.filter((line) => cellsOf(line).length > 2)
    return piped.length >= 2 && piped.length * 3 > filled.length && !piped.some((line) => line.split('\t').length > 2)
  },
  async open(look) {
    if (look.kind !== 'text') return []
    return blocksOf(look.text.split(/\r\n?|\n/), new CellBudget())
  },
}

/** The line under the head: `|---|:-:|`. */
function isRuler(line: string): boolean {
  const cells = cellsOf(line).map((part) => part.trim())
  if (cells[0] === '') cells.shift()
  if (cells.at(-1) === '') cells.pop()
  return line.includes('|') && cells.length > 0 && cells.every((part) => /^:?-+:?$/.test(part))
}

/** Cells of a line: split at pipes that are not escaped. The part before a leading and after a closing pipe is kept, as ''. */
function cellsOf(line: string): string[] {
  return line.split(/(?<!\\)\|/)
}

function blocksOf(lines: string[], budget: CellBudget): SourceBlock[] {
  const blocks: SourceBlock[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at]!
    if (cellsOf(line).length < 2) {
      if (!/^\s*(```|~~~)/.test(line)) add(blocks, paragraphs(inline(line.replace(/^\s*(#{1,6}\s|>\s?)+/, ''))))
      at++
      continue
    }
    const start = at
    const rows: SourceRow[] = []
    const shape = shapeOf(line)
    while (at < lines.length && (cellsOf(lines[at]!).length > 1 || isRuler(lines[at]!))) {
      let row = lines[at]!
      at++
      if (isRuler(row)) continue
      // A cell with a raw line break: the row goes on until it has all its cells and its closing pipe.
      for (let more = 0; more < 100 && shape.outer && isOpen(row, shape) && goesOn(lines[at]); more++)
        row += `\n${lines[at++]!}`
      const cells = inner(row, shape)
      budget.take(cells.length)
      rows.push({ cells: cells.map((text) => cell(inline(text.trim()))) })
    }
    add(blocks, rows.length > 0 ? tableBlocks(rows, null, null) : paragraphs(lines.slice(start, at).join('\n')))
  }
  return blocks
}

const isOpen = (row: string, shape: Shape) =>
  cellsOf(row).at(-1)!.trim() !== '' && inner(row, shape).length <= shape.width
const goesOn = (line: string | undefined) => line !== undefined && line.trim() !== '' && !/^\s*\|/.test(line)

interface Shape {
  /** Whether the table has pipes at its left and right edges. */
  outer: boolean
  width: number
}

function shapeOf(head: string): Shape {
  const outer = /^\s*\|/.test(head)
  return { outer, width: inner(head, { outer, width: 0 }).length }
}

/** The cells between the edges. In a table without edges a row may still begin with a pipe: its first cell is empty. */
function inner(line: string, shape: Shape): string[] {
  const cells = cellsOf(line)
  const blank = (text: string | undefined) => text !== undefined && text.trim() === ''
  if (!shape.outer && cells.length <= shape.width) return padded(cells, shape.width)
  if (blank(cells[0])) cells.shift()
  if (blank(cells.at(-1)) && (shape.outer || cells.length > shape.width)) cells.pop()
  return padded(cells, shape.width)
}

const padded = (cells: string[], width: number) => [
  ...cells,
  ...Array.from({ length: Math.max(0, width - cells.length) }, () => ''),
]

const ENTITIES: Record<string, string> = {
  nbsp: '\u00a0',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  ensp: '\u2002',
  emsp: '\u2003',
}

/** What Markdown writes for itself, taken away: line breaks, strong marks, escapes, entities, links. Single asterisks stay: they mark leads. */
function inline(text: string): string {
  return text
    .split(/<br\s*\/?>/i)
    .map((line) => line.trim())
    .join('\n')
    .replace(/(\*\*|__)(?=\S)([^*_\n]+?)(?<=\S)\1/g, '$2')
    .replace(/\[([^[\]\n]*)\]\((?:[^()\s]*)\)/g, '$1')
    .replace(/\\([\\`*_{}[\]()#+\-.!|<>~"'$%&,/:;=?@^])/g, '$1')
    .replace(
      /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,5}));/gi,
      (whole, decimal?: string, hex?: string, name?: string) => {
        if (name !== undefined) return ENTITIES[name] ?? whole
        const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex!, 16)
        return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole
      },
    )
}
