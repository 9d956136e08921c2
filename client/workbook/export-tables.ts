/** 导出表格: the tables of a part of the screen as one workbook, written by the server, which keeps nothing of it. */
import type { Lang } from '../../geo/number/in-words.ts'
import { SHEET_LIMITS } from '../../geo/workbook/sheet.ts'
import { problemOf } from '../api.ts'
import { readTable, textOf } from './read-table.ts'

/** The nearest part of the screen around an element that has tables, and those tables. */
export function tablesNear(element: Element): { part: Element; tables: HTMLTableElement[] } | null {
  for (let part = element.parentElement; part; part = part.parentElement) {
    const tables = [...part.querySelectorAll('table')].filter((table) => table.rows.length > 0 && table.getClientRects().length > 0)
    if (tables.length) return { part, tables }
  }
  return null
}

export interface About {
  /** Without it, what the headings say. */
  title: string | null
  notes: readonly string[]
  /** ISO date; without it today. */
  asOf: string | null
  demo: boolean
  lang: Lang
}

/** @throws ProblemError */
export async function exportTables(part: Element, tables: readonly HTMLTableElement[], { title, notes, asOf, demo, lang }: About): Promise<void> {
  const screen = part.closest('main') ?? part
  const isDemo = demo || screen.querySelector('[data-demo]') !== null
  const whole = (title ?? titleOf(screen, part)).slice(0, 120)
  const sheets = tables.slice(0, SHEET_LIMITS.sheets).map((table) => {
    const caption = table.caption ? textOf(table.caption).replaceAll('\n', ' ') : ''
    const own = tables.length > 1 ? caption || headingBefore(part, table) : ''
    return {
      name: (own || whole).slice(0, 60),
      title: own && own !== whole ? `${whole} · ${own}`.slice(0, SHEET_LIMITS.title) : whole,
      notes: [...notes, ...(caption && caption !== own && caption !== whole ? [caption] : [])],
      demo: isDemo,
      ...(asOf ? { asOf } : {}),
      lang,
      paper: 'A4' as const,
      rows: readTable(table),
    }
  })
  const response = await fetch('/api/workbooks', { method: 'POST', headers: { 'content-type': 'application/json', 'accept-language': lang }, body: JSON.stringify({ name: whole, sheets }) })
  if (!response.ok) throw problemOf(response.status, (await response.json().catch(() => null)) as never)
  save(await response.blob(), `${whole.replace(/[\\/:*?"<>|]/g, ' ')}${asOf ? ` ${asOf}` : ''}.xlsx`)
}

/** The screen's own heading, and that of the part where it has another. */
function titleOf(screen: Element, part: Element): string {
  const plain = (heading: Element | null) => (heading ? textOf(withoutMarks(heading)).replaceAll('\n', ' ') : '')
  const [first, own] = [plain(screen.querySelector('h1')), plain(part.querySelector('h1, h2, h3'))]
  return [first, own === first ? '' : own].filter(Boolean).join(' · ') || document.title
}

function withoutMarks(heading: Element): Element {
  const copy = heading.cloneNode(true) as Element
  for (const mark of copy.querySelectorAll('[data-demo], button, a.button')) mark.remove()
  return copy
}

function headingBefore(part: Element, table: Element): string {
  const before = [...part.querySelectorAll('h1, h2, h3')].filter((heading) => heading.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING)
  return before.length ? textOf(withoutMarks(before.at(-1)!)).replaceAll('\n', ' ') : ''
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
