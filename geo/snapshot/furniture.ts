/** What lies on any map: the bar of its scale, and where north is. */
import { formatNumber } from '../number/format.ts'
import { text, type PageContext } from './context.ts'
import type { At, Box, Item } from './drawing.ts'
import { barOf } from './projection.ts'

export function scaleBar({ theme, unit }: Pick<PageContext, 'theme' | 'unit'>, box: Box, scale: number): Item[] {
  const { metres, length } = barOf(scale, unit * 9.5)
  const [x, y] = [box.x + unit * 0.6, box.y + unit * 1.55]
  const half = length / 2
  const shown = metres >= 1000 ? `${formatNumber(metres / 1000)} km` : `${formatNumber(metres)} m`
  const small = { size: unit * 0.85, colour: theme.ink2, halo: theme.ground }
  return [
    { kind: 'rect', x, y, width: half, height: unit * 0.36, fill: theme.ink2 },
    { kind: 'rect', x: x + half, y, width: half, height: unit * 0.36, fill: '#ffffff' },
    { kind: 'rect', x, y, width: length, height: unit * 0.36, stroke: { colour: theme.ink2, width: unit * 0.06 } },
    text(x, y - unit * 0.4, '0', small),
    text(x + length, y - unit * 0.4, shown, { ...small, anchor: 'middle' }),
    text(x, y + unit * 1.45, `1:${formatNumber(roundScale(scale), 0)}`, small),
  ]
}

export function northArrow({ theme, unit, words }: Pick<PageContext, 'theme' | 'unit' | 'words'>, box: Box): Item[] {
  const x = box.x + box.width / 2
  const top = box.y + unit * 1.35
  const arrow = (side: 1 | -1): At[] => [
    [x, top],
    [x + side * unit * 0.75, top + unit * 2.5],
    [x, top + unit * 1.9],
  ]
  return [
    text(x, box.y + unit * 1.05, words.north, { size: unit, weight: 700, colour: theme.ink2, anchor: 'middle', halo: theme.ground }),
    { kind: 'path', lines: [arrow(-1)], closed: true, fill: theme.ink2, stroke: { colour: theme.ink2, width: unit * 0.06 } },
    { kind: 'path', lines: [arrow(1)], closed: true, fill: '#ffffff', stroke: { colour: theme.ink2, width: unit * 0.06 } },
  ]
}

/** A scale as it is said: three figures. */
export function roundScale(scale: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(scale)) - 2)
  return Math.round(scale / power) * power
}
