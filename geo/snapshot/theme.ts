/** Colours of a page: the screens' own, or black and white, where hatching and shapes say what colours say elsewhere. */
import type { LightColour } from '../light/light.ts'
import type { At, Item, Stroke } from './drawing.ts'
import { hatchOf, type Rings } from './projection.ts'

export interface Theme {
  mono: boolean
  ink: string
  ink2: string
  ink3: string
  line: string
  frame: string
  accent: string
  /** Behind the map. */
  ground: string
  zebra: string
  light: Record<LightColour, string>
}

export const COLOUR: Theme = {
  mono: false,
  ink: '#17212c',
  ink2: '#44515e',
  ink3: '#626e7a',
  line: '#dfe4e9',
  frame: '#c8d0d7',
  accent: '#1d4f91',
  ground: '#f5f7f9',
  zebra: '#f7f9fa',
  light: { red: '#b3261e', yellow: '#c68600', green: '#1a7a4c', grey: '#66727d' },
}

export const MONO: Theme = {
  mono: true,
  ink: '#000000',
  ink2: '#1c1c1c',
  ink3: '#3a3a3a',
  line: '#9a9a9a',
  frame: '#000000',
  accent: '#000000',
  ground: '#ffffff',
  zebra: '#ffffff',
  light: { red: '#000000', yellow: '#000000', green: '#000000', grey: '#000000' },
}

/** A light's mark, with its shape: square, triangle, disc, ring. */
export function markOf(light: LightColour, x: number, y: number, size: number, theme: Theme): Item {
  const colour = theme.light[light]
  const half = size / 2
  if (light === 'red') return { kind: 'rect', x: x - half * 0.9, y: y - half * 0.9, width: size * 0.9, height: size * 0.9, fill: colour }
  if (light === 'yellow') {
    const triangle: At[] = [
      [x, y - half * 1.02],
      [x + half * 1.12, y + half * 0.88],
      [x - half * 1.12, y + half * 0.88],
    ]
    return { kind: 'path', lines: [triangle], closed: true, fill: theme.mono ? '#ffffff' : colour, stroke: { colour, width: size * 0.1 } }
  }
  if (light === 'green') return { kind: 'circle', x, y, radius: half, fill: colour }
  return { kind: 'circle', x, y, radius: half * 0.82, fill: '#ffffff', stroke: { colour, width: size * 0.18 } }
}

export interface Filling {
  colour: string
  shade: number
  texture: 'plain' | 'hatched' | 'blank'
}

/** A shape filled: with its colour; with hatching where there are no data, and for everything in black and white. */
export function filledWith(rings: Rings, { colour, shade, texture }: Filling, theme: Theme, unit: number): Item[] {
  const flat = (fill: string): Item => ({ kind: 'path', lines: rings, closed: true, fill })
  const lines = (gap: number, angle: number, stroke: Stroke): Item => ({ kind: 'path', lines: hatchOf(rings, gap, angle), closed: false, stroke })
  if (texture === 'hatched') return [flat('#ffffff'), lines(unit * 0.9, -45, { colour: theme.mono ? '#000000' : '#96a3af', width: unit * 0.09, dash: theme.mono ? [unit * 0.5, unit * 0.5] : undefined! })]
  if (!theme.mono) return [flat(colour)]
  if (texture === 'blank') return [flat('#ffffff')]
  const fine: Stroke = { colour: '#000000', width: unit * 0.05 }
  const levels: Item[][] = [
    [flat('#ffffff')],
    [flat('#ffffff'), lines(unit * 1.7, 45, fine)],
    [flat('#ffffff'), lines(unit * 0.85, 45, fine)],
    [flat('#ffffff'), lines(unit * 0.8, 45, fine), lines(unit * 0.8, -45, fine)],
    [flat('#d0d0d0'), lines(unit * 0.5, 45, fine), lines(unit * 0.5, -45, fine)],
  ]
  return levels[Math.min(shade, 4)]!
}

/** A colour towards white, for what stands back. */
export function faded(colour: string, share: number): string {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  return `#${channels.map((channel) => Math.round(channel + (255 - channel) * share).toString(16).padStart(2, '0')).join('')}`
}
