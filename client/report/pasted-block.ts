/**
 * A block of cells as spreadsheets put it on the clipboard: rows by line, columns by tab, and what holds a tab, a line or a quote in quotes.
 */

/** The cells of a pasted text; the line end after the last row is none. */
export function pastedBlock(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let at = 0
  const endCell = () => {
    row.push(cell)
    cell = ''
  }
  const endRow = () => {
    endCell()
    rows.push(row)
    row = []
  }
  while (at < text.length) {
    const character = text[at]!
    if (character === '"' && cell === '') {
      const quoted = quotedAt(text, at)
      if (quoted) {
        cell = quoted.text
        at = quoted.end
        continue
      }
    }
    if (character === '\t') endCell()
    else if (character === '\n' || character === '\r') {
      if (character === '\r' && text[at + 1] === '\n') at++
      endRow()
    } else cell += character
    at++
  }
  if (cell !== '' || row.length > 0) endRow()
  return rows
}

/** A cell in quotes, doubled ones inside standing for one; null where the quote is just a character: nothing, or no cell's end, follows its pair. */
function quotedAt(text: string, start: number): { text: string; end: number } | null {
  let inside = ''
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== '"') inside += text[at]
    else if (text[at + 1] === '"') {
      inside += '"'
      at++
    } else {
      const next = text[at + 1]
      return next === undefined || next === '\t' || next === '\n' || next === '\r' ? { text: inside, end: at + 1 } : null
    }
  }
  return null
}

/** Is it more than one cell? One cell is pasted as text, as everywhere. */
export function isBlock(rows: readonly (readonly string[])[]): boolean {
  return rows.length > 1 || (rows[0]?.length ?? 0) > 1
}
