/**
 * What the map's colours mean: one table a question, read by the map, the cards, the legend and the print alike. The same tones as in
 * style/tokens.css, as WebGL reads no CSS. In every scale darker is more of what is asked, so that it holds in grey print.
 */
import type { LightColour } from '../light/light.ts'

/** Areas of a light: softer than its mark, as they are large. */
export const LIGHT_AREAS: Record<LightColour, string> = {
  grey: '#e4e8eb',
  green: '#b4dcc4',
  yellow: '#f1c75b',
  red: '#d65a48',
}

/** A class of a scale: from `from` (inclusive) to the next class's `from`. */
export interface ScaleClass {
  from: number
  colour: string
}

/** Tasks behind in a town. */
export const BEHIND_CLASSES: readonly ScaleClass[] = [
  { from: 0, colour: '#eef3ee' },
  { from: 1, colour: '#fae3da' },
  { from: 3, colour: '#f0bca9' },
  { from: 6, colour: '#e08f78' },
  { from: 10, colour: '#c9614a' },
]

/** Completion as a share; 1 and more is done. */
export const COMPLETION_CLASSES: readonly ScaleClass[] = [
  { from: 0, colour: '#edf2f8' },
  { from: 0.25, colour: '#cfdff0' },
  { from: 0.5, colour: '#a3c3e2' },
  { from: 0.75, colour: '#6f9fd0' },
  { from: 1, colour: '#3c74b4' },
]

/** Under the hatching of "nothing approved", and the plain paper of "not assigned". */
export const NO_DATA = '#ffffff'
export const NO_QUOTA = '#f7f8f9'

/** The last class that a value reaches. */
export function classOf(classes: readonly ScaleClass[], value: number): ScaleClass {
  return classes.findLast(({ from }) => value >= from) ?? classes[0]!
}
