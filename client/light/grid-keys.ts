/** Where the focus goes in a grid on a key, as the ARIA grid pattern asks. Row 0 is the head, column 0 the rows' heads. */

export interface GridPlace {
  row: number
  column: number
}

export interface GridKey {
  key: string
  ctrlKey?: boolean
  metaKey?: boolean
  altKey?: boolean
  shiftKey?: boolean
}

/** Rows that PageUp and PageDown go. */
export const PAGE_ROWS = 10

/** The new place, or null when the key is not one of the grid's (so that it is left to the browser). Stays within rows × columns. */
export function moveInGrid(from: GridPlace, key: GridKey, size: { rows: number; columns: number }): GridPlace | null {
  if (key.altKey || key.shiftKey) return null
  const corner = key.ctrlKey || key.metaKey
  const step = STEPS[key.key]
  if (!step || (corner && key.key.startsWith('Arrow'))) return null
  const to = step(from, corner ?? false, size)
  return {
    row: Math.min(Math.max(to.row, 0), Math.max(size.rows - 1, 0)),
    column: Math.min(Math.max(to.column, 0), Math.max(size.columns - 1, 0)),
  }
}

type Step = (from: GridPlace, corner: boolean, size: { rows: number; columns: number }) => GridPlace

const STEPS: Record<string, Step> = {
  ArrowLeft: ({ row, column }) => ({ row, column: column - 1 }),
  ArrowRight: ({ row, column }) => ({ row, column: column + 1 }),
  ArrowUp: ({ row, column }) => ({ row: row - 1, column }),
  ArrowDown: ({ row, column }) => ({ row: row + 1, column }),
  Home: ({ row }, corner) => ({ row: corner ? 0 : row, column: 0 }),
  End: ({ row }, corner, { rows, columns }) => ({ row: corner ? rows - 1 : row, column: columns - 1 }),
  PageUp: ({ row, column }) => ({ row: row - PAGE_ROWS, column }),
  PageDown: ({ row, column }) => ({ row: row + PAGE_ROWS, column }),
}
