/** What is pasted becomes a file like any other: text as it is, a table copied from Word, Excel or a web page as CSV, which keeps its cells. */

/** Rows of cells as CSV; cells with separators, quotes or line breaks are quoted, so that nothing in them moves. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return rows
    .map((row) => row.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(','))
    .join('\r\n')
}

/** The rows of every table in copied HTML, merged cells spread out (their text in the first place only); null when it has no table. */
export function tableRowsOf(html: string, parse: (html: string) => Document = parseHtml): string[][] | null {
  const tables = [...parse(html).querySelectorAll('table')].filter((table) => !table.parentElement?.closest('table'))
  if (tables.length === 0) return null
  return tables.flatMap((table) => spreadRows([...table.rows]))
}

function spreadRows(tableRows: readonly HTMLTableRowElement[]): string[][] {
  const grid: (string | undefined)[][] = tableRows.map(() => [])
  tableRows.forEach((row, r) => {
    let c = 0
    for (const cell of row.cells) {
      while (grid[r]![c] !== undefined) c++
      const [down, right] = [Math.max(1, cell.rowSpan), Math.max(1, cell.colSpan)]
      for (let i = 0; i < down && r + i < grid.length; i++) for (let j = 0; j < right; j++) grid[r + i]![c + j] = ''
      grid[r]![c] = textOf(cell)
      c += right
    }
  })
  return grid.map((row) => Array.from(row, (cell) => cell ?? ''))
}

function textOf(cell: HTMLTableCellElement): string {
  for (const br of cell.querySelectorAll('br')) br.replaceWith('\n')
  const paragraphs = [...cell.querySelectorAll('p')]
  const text = paragraphs.length > 0 ? paragraphs.map((p) => p.textContent ?? '').join('\n') : (cell.textContent ?? '')
  return text.replace(/[ \t]*\n[ \t]*/g, '\n').trim()
}

function parseHtml(html: string): Document {
  return new DOMParser().parseFromString(html, 'text/html')
}

/** The file to read from what was pasted, or null when it is empty. */
export function fileOfPaste(
  paste: { html: string; text: string },
  name: string,
  parse?: (html: string) => Document,
): File | null {
  const rows = paste.html ? tableRowsOf(paste.html, parse) : null
  if (rows && rows.some((row) => row.length > 1))
    return new File(['\uFEFF', csvOf(rows)], `${name}.csv`, { type: 'text/csv' })
  if (paste.text.trim() === '') return null
  return new File([paste.text], `${name}.txt`, { type: 'text/plain' })
}
