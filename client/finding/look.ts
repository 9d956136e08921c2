/** How a finding looks: its state (or that it is overdue) as a shape and a colour of its own, the same on the map and in the table. */
import type { FindingState } from '../../geo/finding/finding.ts'

export const LOOKS = ['overdue', 'hung', 'fixed', 'struck', 'checked', 'cancelled'] as const
export type Look = (typeof LOOKS)[number]

export const lookOf = ({ state, overdue }: { state: FindingState; overdue: boolean }): Look => (overdue ? 'overdue' : state)

/** Colours for the map, which reads no CSS: the lights' of client/style/tokens.css. */
export const LOOK_COLOURS: Record<Look, string> = { overdue: '#b3261e', hung: '#d29100', fixed: '#1d4f91', struck: '#1a7a4c', checked: '#1a7a4c', cancelled: '#66727d' }
export const CODE_COLOURS = { red: '#b3261e', yellow: '#d29100', green: '#1a7a4c' } as const

/** Shapes in a box of 16: as SVG paths, and for a canvas. Overdue a square, hung a triangle, put right a diamond, settled a circle. */
export const LOOK_SHAPES: Record<Look, string> = {
  overdue: 'M2.5 2.5h11v11h-11z',
  hung: 'M8 1.8 14.6 13.6H1.4z',
  fixed: 'M8 1.4 14.6 8 8 14.6 1.4 8z',
  struck: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zm0 3.6a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2z',
  checked: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8z',
  cancelled: 'M3.4 2 8 6.6 12.6 2 14 3.4 9.4 8l4.6 4.6-1.4 1.4L8 9.4 3.4 14 2 12.6 6.6 8 2 3.4z',
}
