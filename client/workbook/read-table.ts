/**
 * A table as it stands on the screen, read for a workbook: heads, spans, numbers as numbers, lights as colour and word. What one sees is what
 * one gets, whichever screen it is; what is only there to be pressed is left out.
 */
import { LIGHTS, type LightColour } from '../../geo/light/light.ts'
import { placeCells, SHEET_LIMITS, type RowKind, type SheetCell, type SheetRow } from '../../geo/workbook/sheet.ts'
import { cellOf } from './cell.ts'

const SIGNS: Record<LightColour, string> = { red: '■', yellow: '▲', green: '●', grey: '○' }
/** Not words: drawings, what repeats others' words for the eye, what acts. */
const LEFT_OUT = 'svg, script, style, template, [data-demo], [aria-hidden="true"], .no-export, button.button, button.link, a.button, a.file, input[type="checkbox"], input[type="radio"], input[type="file"], progress'
const ACTS = 'button, a.button, a.file, input'

interface ReadCell extends SheetCell {
  /** There was something to press in it. */
  acts: boolean
}

export function readTable(table: HTMLTableElement): SheetRow[] {
  const rows = [...table.rows].filter(isShown).slice(0, SHEET_LIMITS.rows)
  const width = Math.max(...rows.map((row) => [...row.cells].reduce((n, cell) => n + cell.colSpan, 0)), 1)
  const read = rows.map((row, i) => ({ kind: kindOf(row, i, width), cells: [...row.cells].filter(isShown).map(readCell) }))
  return withoutActs(read)
}

function kindOf(row: HTMLTableRowElement, i: number, width: number): RowKind {
  const cells = [...row.cells]
  if (row.parentElement?.tagName === 'THEAD') return 'head'
  if (row.parentElement?.tagName === 'TFOOT') return 'foot'
  if (i === 0 && cells.every(({ tagName }) => tagName === 'TH')) return 'head'
  return cells.length === 1 && width > 1 && cells[0]!.colSpan >= width - 1 ? 'group' : 'row'
}

function readCell(cell: HTMLTableCellElement): ReadCell {
  const text = (textOf(cell) || cell.getAttribute('aria-label') || '').slice(0, SHEET_LIMITS.text)
  const mark = cell.querySelector('[data-demo]')?.textContent?.trim() ?? ''
  const light = lightOf(cell, text)
  const spans = { ...(cell.colSpan > 1 ? { columns: cell.colSpan } : {}), ...(cell.rowSpan > 1 ? { rows: cell.rowSpan } : {}) }
  const isHead = cell.tagName === 'TH'
  const acts = cell.querySelector(ACTS) !== null
  if (light) return { value: text.startsWith(SIGNS[light]) ? text : `${SIGNS[light]} ${text}`.trim(), light, align: 'center', ...spans, acts }
  return { ...(isHead && !/^[\d,]+$/.test(text) ? { value: [text, mark].filter(Boolean).join(' ') || null } : cellOf(text, mark)), ...(isHead ? { strong: true } : {}), ...spans, acts }
}

/** A cell that says one light and nothing else. Counts of lights have numbers. */
function lightOf(cell: Element, text: string): LightColour | null {
  const shapes = cell.querySelectorAll('svg.shape')
  if (shapes.length !== 1 || /\d/.test(text)) return null
  return LIGHTS.find((light) => shapes[0]!.classList.contains(light)) ?? null
}

/** The words of an element as they are seen, in lines where they are. */
export function textOf(element: Element): string {
  return wordsOf(element)
    .replace(/[ \t\u00a0]+/g, ' ')
    .replace(/ *\n[\n ]*/g, '\n')
    .trim()
}

function wordsOf(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return (node.textContent ?? '').replace(/\s+/g, ' ')
  if (!(node instanceof Element) || node.matches(LEFT_OUT)) return ''
  if (node.tagName === 'BR') return '\n'
  if (node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement) return node.value
  if (node instanceof HTMLSelectElement) return node.selectedOptions[0]?.text ?? ''
  const label = node.getAttribute('role') === 'img' ? node.getAttribute('aria-label') : null
  if (label !== null) return ` ${label} `
  const { display } = getComputedStyle(node)
  if (display === 'none') return ''
  const inside = [...node.childNodes].filter((child) => !(node instanceof HTMLDetailsElement) || node.open || (child instanceof Element && child.tagName === 'SUMMARY'))
  const words = inside.map(wordsOf).join('')
  if (display === 'inline' || display === 'contents' || display === 'table-cell') return words
  // What stands side by side is parted by a space, what stands below by a line.
  const isBeside = display.startsWith('inline') || /flex|grid/.test(node.parentElement ? getComputedStyle(node.parentElement).display : '')
  return isBeside ? ` ${words} ` : `\n${words}\n`
}

function isShown(element: HTMLElement): boolean {
  return getComputedStyle(element).display !== 'none'
}

/** Columns in which there is nothing but what can be pressed go, and the cells above them grow narrower. */
function withoutActs(read: { kind: RowKind; cells: ReadCell[] }[]): SheetRow[] {
  const places = placeCells(read)
  const acts = read.flatMap(({ cells }) => cells.map((cell) => cell.acts))
  const columns = places.reduce((most, { column, columns: span = 1 }) => Math.max(most, column + span), 0)
  const gone = new Set<number>()
  for (let column = 0; column < columns; column++) {
    const own = places.flatMap((cell, i) => (cell.column === column && cell.columns === 1 && read[cell.row]!.kind !== 'head' ? [{ cell, acts: acts[i]! }] : []))
    if (own.length && own.every(({ cell }) => cell.value === null) && own.some((one) => one.acts)) gone.add(column)
  }
  let next = 0
  return read.map(({ kind, cells }) => ({
    kind,
    cells: cells.flatMap(({ acts: _, ...cell }) => {
      const { column, columns: span = 1 } = places[next++]!
      const left = Array.from({ length: span }, (_, i) => column + i).filter((c) => !gone.has(c)).length
      return left === 0 ? [] : [{ ...cell, ...(cell.columns ? { columns: left } : {}) }]
    }),
  }))
}
