import type { Door } from './door.ts'
import { cell, CellBudget, tableBlocks } from './table.ts'

/** Tables with a separator and quoted cells, as spreadsheets write them. */
export const csvDoor: Door = {
  format: 'csv',
  recognises: (look, file) => look.kind === 'text' && separatorOf(look.text, file.name) !== null,
  async open(look, file) {
    if (look.kind !== 'text') return []
    const budget = new CellBudget()
    const rows = records(body(look.text), separatorOf(look.text, file.name) ?? ',')
    return tableBlocks(
      rows.map((fields) => {
        budget.take(fields.length)
        return { cells: fields.map(cell) }
      }),
      null,
      null,
    )
  },
}

/** Excel understands a first line `sep=;` and writes it at times. */
const body = (text: string) => text.replace(/^sep=.\r?\n/i, '')

/** The separator that gives the most rows the same number of cells (two at least), or null where none makes a table. */
function separatorOf(text: string, name: string): string | null {
  const stated = /^sep=(.)\r?\n/i.exec(text)?.[1]
  if (stated !== undefined) return stated
  const sample = text.slice(0, 200_000)
  // Lines apart by tabs are the text door's, which knows paragraphs around them, unless the file calls itself CSV.
  const tabs = /\.(csv|tsv)$/i.test(name) ? ['\t'] : []
  let best: { separator: string; score: number } | null = null
  for (const separator of [',', ';', ...tabs]) {
    const counts = new Map<number, number>()
    const rows = (
      split(sample, separator, sample.length < text.length ? 'cut' : true) ??
      split(sample, separator, false) ??
      []
    ).filter((fields) => fields.some((field) => field.trim() !== ''))
    for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1)
    const [width, times] = [...counts]
      .filter(([columns]) => columns > 1)
      .reduce((most, one) => (one[1] > most[1] ? one : most), [0, 0])
    const score = times < 2 || times * 2 < rows.length ? 0 : (times / rows.length) * Math.min(width, 8)
    if (score > (best?.score ?? 0)) best = { separator, score }
  }
  if (best !== null && best.separator !== '\t' && isTabbed(sample)) return null
  return best?.separator ?? null
}

/** Most lines with at least two tabs: then commas are only commas. */
function isTabbed(text: string): boolean {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  return lines.filter((line) => line.split('\t').length > 2).length * 2 > lines.length
}

/** Records by RFC 4180, tolerantly: a quote inside an unquoted field is a character; a quote that is never closed makes all of them characters. */
export function records(text: string, separator: string): string[][] {
  return split(text, separator, true) ?? split(text, separator, false) ?? []
}

/** `cut` says that the text is only the beginning, where a quote may well be open at the end. */
function split(text: string, separator: string, quotes: boolean | 'cut'): string[][] | null {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  const next = new RegExp(
    `[${separator === '\t' ? '\\t' : `\\u${separator.charCodeAt(0).toString(16).padStart(4, '0')}`}\\r\\n]`,
    'g',
  )
  while (at <= text.length) {
    let field = ''
    if (quotes !== false && text[at] === '"') {
      const end = closingQuote(text, at + 1)
      if (end < 0) return quotes === 'cut' ? rows : null
      field = text.slice(at + 1, end).replaceAll('""', '"')
      at = end + 1
    }
    next.lastIndex = at
    const end = next.exec(text)?.index ?? text.length
    row.push((field + text.slice(at, end)).replace(/\r\n?/g, '\n'))
    at = end + 1
    if (text[end] === separator) continue
    rows.push(row)
    row = []
    if (text[end] === '\r' && text[at] === '\n') at++
    if (at >= text.length) break
  }
  return rows
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at
}
