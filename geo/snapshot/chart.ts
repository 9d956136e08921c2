/** Counts of lights as columns that stand on each other: red below, yellow above, each with its number where there is room for it. */
import { HEADING, headed, headingOf, text } from './context.ts'
import type { At, Item } from './drawing.ts'
import type { Panel } from './panels.ts'
import { filledWith, markOf } from './theme.ts'
import { cut, widthOf } from './type.ts'

/** How dark the columns are in black and white. */
const SHADES = { red: 4, yellow: 1 } as const
const SERIES = ['red', 'yellow'] as const
const HEIGHT = 15

export const chart: Panel = {
  height: ({ figures, unit }) => (figures.chart.categories.length === 0 ? null : unit * HEIGHT),
  draw(context, box) {
    const { figures, theme, words, unit } = context
    const { categories, title } = figures.chart
    // What the colours mean, at the heading's right end.
    const items: Item[] = []
    let right = box.x + box.width
    for (const light of SERIES.toReversed()) {
      right -= widthOf(words.light[light], unit * 0.9)
      items.push(text(right, box.y + unit * 1.02, words.light[light], { size: unit * 0.9, colour: theme.ink2 }))
      items.push(markOf(light, right - unit * 0.75, box.y + unit * 0.7, unit * 0.8, theme))
      right -= unit * 2.2
    }
    items.unshift(...headed(context, box, headingOf(context, 'chart', title), box.x + box.width - right))
    const plot = { x: box.x, y: box.y + unit * (HEADING + 0.3), width: box.width, height: box.height - unit * (HEADING + 0.3) }
    // Names are set as large as the longest of them allows; where that is too small, they stand in two rows by turns.
    const longest = Math.max(...categories.map((name) => widthOf(name, 1)))
    const fitting = (plot.width / categories.length / longest) * 0.94
    const turns = fitting < unit * 0.72 && categories.length > 3 ? 2 : 1
    const size = Math.min(unit * 0.85, Math.max(unit * 0.6, fitting * turns))
    const foot = plot.y + plot.height - size * (0.4 + 1.3 * turns)
    const totals = categories.map((_, i) => figures.chart.red[i]! + figures.chart.yellow[i]!)
    const most = Math.max(1, ...totals)
    const room = foot - plot.y - size * 1.3
    const step = plot.width / categories.length
    const wide = Math.min(step * 0.62, unit * 4)
    for (const [i, name] of categories.entries()) {
      const middle = plot.x + step * (i + 0.5)
      let y = foot
      for (const light of SERIES) {
        const count = figures.chart[light][i]!
        if (count === 0) continue
        const height = (count / most) * room
        const column = { x: middle - wide / 2, y: y - height, width: wide, height }
        const ring: At[] = [
          [column.x, column.y],
          [column.x + wide, column.y],
          [column.x + wide, y],
          [column.x, y],
        ]
        items.push(...filledWith([ring], { colour: theme.light[light], shade: SHADES[light], texture: 'plain' }, theme, unit))
        if (theme.mono) items.push({ kind: 'rect', ...column, stroke: { colour: theme.ink, width: unit * 0.05 } })
        if (height > size * 1.25) items.push(text(middle, y - height / 2 + size * 0.36, String(count), { size, weight: 700, colour: theme.mono ? theme.ink : '#ffffff', anchor: 'middle', ...(theme.mono ? { halo: '#ffffff' } : {}) }))
        y -= height
      }
      // Nothing to stand on the line says so: an empty place could be a mistake.
      if (totals[i] === 0) items.push(text(middle, foot - size * 0.4, '0', { size, colour: theme.ink3, anchor: 'middle' }))
      items.push(text(middle, foot + size * (1.25 + 1.25 * (i % turns)), cut(name, step * turns, size), { size, colour: theme.ink2, anchor: 'middle' }))
    }
    const axis: Item = { kind: 'path', lines: [[[plot.x, foot], [plot.x + plot.width, foot]]], closed: false, stroke: { colour: theme.ink3, width: unit * 0.06 } }
    items.push(axis)
    return {
      items,
      chart: { ...plot, categories, series: SERIES.map((light) => ({ name: words.light[light], colour: theme.mono ? (light === 'red' ? '#404040' : '#8c8c8c') : theme.light[light], values: figures.chart[light] })), size },
    }
  },
}
