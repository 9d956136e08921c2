/** The pack's cover: what it is on a field of ink, how the district stands and what is inside beside it. Pure. */
import { text, type PageContext, type PageOptions } from '../snapshot/context.ts'
import type { Box, DrawnBlock, Drawing, Item } from '../snapshot/drawing.ts'
import type { Figures } from '../snapshot/figures.ts'
import { footHeight, footIn, unitOf } from '../snapshot/page.ts'
import { sizeOf, type Paper } from '../snapshot/paper.ts'
import { summary, table } from '../snapshot/panels.ts'
import { COLOUR } from '../snapshot/theme.ts'
import { lines, widthOf } from '../snapshot/type.ts'
import { PAGE_WORDS } from '../snapshot/words.ts'
import { PACK_WORDS } from './words.ts'

export function coverPage(figures: Figures, title: string, contents: readonly { name: string; page: number }[], paper: Paper, options: PageOptions): Drawing {
  const { width, height } = sizeOf(paper, 96)
  const unit = unitOf(paper, width, height)
  const { lang } = figures.view
  const words = PACK_WORDS[lang]
  const own: Figures = {
    ...figures,
    table: {
      columns: [
        { title: words.content, anchor: 'start', grow: 1 },
        { title: PAGE_WORDS[lang].pageColumn, anchor: 'end', grow: 0 },
      ],
      rows: contents.map(({ name, page }) => ({ cells: [{ text: name }, { text: String(page) }], strong: false })),
    },
  }
  const context: PageContext = { figures: own, options: { ...options, blocks: { table: { heading: words.contents } } }, theme: COLOUR, words: PAGE_WORDS[lang], unit, banded: false }
  const portrait = height > width
  const margin = Math.max(unit * 4, 10)
  const field: Box = portrait ? { x: 0, y: 0, width, height: height * 0.42 } : { x: 0, y: 0, width: width * 0.46, height }
  const blocks: DrawnBlock[] = []
  const add = (id: DrawnBlock['id'], box: Box, items: readonly Item[], more: Partial<DrawnBlock> = {}) => blocks.push({ id, ...box, clipped: false, onMap: false, items, ...more })

  const inside = field.width - margin * 2
  const size = unit * 3.1
  const told = lines(title, inside, size, 700, 4)
  const top = field.y + field.height * (portrait ? 0.3 : 0.36)
  add('title', { x: margin, y: top, width: inside, height: told.length * size * 1.32 }, [
    { kind: 'rect', ...field, fill: COLOUR.accent },
    { kind: 'rect', x: margin, y: top - unit * 1.6, width: unit * 6, height: unit * 0.35, fill: '#ffffff' },
    ...told.map((line, i) => text(margin, top + size * (1.02 + i * 1.32), line, { size, weight: 700, colour: '#ffffff' })),
  ])
  let y = top + told.length * size * 1.32 + unit * 1.2
  add('subtitle', { x: margin, y, width: inside, height: unit * 1.9 }, [text(margin, y + unit * 1.3, figures.district.name, { size: unit * 1.3, colour: '#dbe6f3' })])
  y += unit * 2.2
  add('date', { x: margin, y, width: inside, height: unit * 1.9 }, [text(margin, y + unit * 1.3, figures.date, { size: unit * 1.2, colour: '#dbe6f3' })])
  y += unit * 2.8
  const marks = [...(figures.demo ? [context.words.demo] : []), ...(figures.schematic ? [context.words.schematic] : [])]
  if (marks.length) {
    const items: Item[] = []
    let x = margin
    for (const mark of marks) {
      const wide = widthOf(mark, unit * 0.95, 700) + unit * 1.1
      items.push({ kind: 'rect', x, y, width: wide, height: unit * 1.75, radius: unit * 0.25, fill: COLOUR.accent, stroke: { colour: '#ffffff', width: unit * 0.09 } })
      items.push(text(x + wide / 2, y + unit * 1.22, mark, { size: unit * 0.95, weight: 700, colour: '#ffffff', anchor: 'middle' }))
      x += wide + unit * 0.5
    }
    add('marks', { x: margin, y, width: inside, height: unit * 1.75 }, items)
  }

  const side: Box = portrait ? { x: margin, y: field.height + margin, width: width - margin * 2, height: height - field.height - margin * 2 } : { x: field.width + margin, y: margin, width: width - field.width - margin * 2, height: height - margin * 2 }
  const foot = footHeight(context, side.width, () => true)
  const list = table.height(context, side.width)! * 1.15
  const counts = summary.height(context, side.width)!
  const gap = unit * 2.6
  // In the middle of what is left, a little above it.
  const start = portrait ? side.y : side.y + Math.max(0, (side.height - foot - list - counts - gap) * 0.42)
  const summaryBox = { x: side.x, y: start, width: side.width, height: counts }
  add('summary', summaryBox, summary.draw(context, summaryBox).items)
  const tableBox = { x: side.x, y: start + counts + gap, width: side.width, height: list }
  const drawn = table.draw(context, tableBox)
  add('table', tableBox, drawn.items, drawn.table ? { table: drawn.table } : {})
  for (const { id, box, items } of footIn(context, { x: side.x, y: side.y + side.height - foot, width: side.width, height: foot }, () => true, '')) add(id, box, items)
  return { width, height, background: '#ffffff', blocks }
}
