import { readFileSync } from 'node:fs'
import { documentFromText } from '../../../../geo/task-list/text.ts'

/** One page of the real list: its head and its rows; an empty category belongs to the category above it, where there is one on the page. */
export interface ListPage {
  head: string[]
  rows: string[][]
}

export interface RealList {
  title: string[]
  pages: ListPage[]
}

export const SEED = new URL('../../../../seeds/task-lists/2023-310118.txt', import.meta.url)

/** The list of 2023 as given, page by page. */
export function realList(): RealList {
  const { blocks } = documentFromText(readFileSync(SEED, 'utf8'), 'seed')
  return {
    title: blocks.flatMap((block) => (block.kind === 'paragraph' ? [block.text] : [])),
    pages: blocks.flatMap((block) => {
      if (block.kind !== 'table') return []
      const [head, ...rows] = block.rows.map(({ cells }) => cells.map(({ text }) => text))
      return [{ head: head!, rows }]
    }),
  }
}

/** How many rows each category cell of a page spans; 0 for the rows that it covers. */
export function categorySpans(rows: string[][]): number[] {
  const spans = rows.map(() => 1)
  let start = -1
  rows.forEach(([category], i) => {
    if (category !== '' || start < 0) start = category !== '' ? i : -1
    else {
      spans[start]!++
      spans[i] = 0
    }
  })
  return spans
}
