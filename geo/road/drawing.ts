/** What of a road is done, only planned, or neither, as lines along its chainage; and where its chainage is written. Pure. */
import type { Feature, LineString, Position } from 'geojson'
import { partsOf, placeAt, stretchOf, type Line } from '../shape/along.ts'
import { lengthOfLine } from '../shape/measure.ts'
import { unionOf, withoutRanges, type Range } from './chainage.ts'

/** `done` is drawn as it is; `planned`: to be done yet; `idle`: neither. */
export const WORK_STATES = ['done', 'planned', 'idle'] as const
export type WorkState = (typeof WORK_STATES)[number]

export type WorkPiece = Feature<LineString, { state: WorkState; road: number }>

/** The stretches of a road by what is done there. Done goes before planned. */
export function workPieces(road: number, line: Line, planned: readonly Range[], done: readonly Range[]): WorkPiece[] {
  const whole: Range[] = [[0, lengthOf(line)]]
  const states: Record<WorkState, readonly Range[]> = { done: unionOf(done), planned: withoutRanges(planned, done), idle: withoutRanges(whole, [...planned, ...done]) }
  return WORK_STATES.flatMap((state) =>
    states[state].flatMap((range) => stretchOf(line, range).map((coordinates): WorkPiece => ({ type: 'Feature', geometry: { type: 'LineString', coordinates }, properties: { state, road } }))),
  )
}

export const lengthOf = (line: Line): number => partsOf(line).reduce((sum, part) => sum + lengthOfLine(part), 0)

/** Steps that people read chainage by. */
const STEPS = [20, 50, 100, 200, 500, 1000, 2000, 5000]

/** How far apart marks stand, so that there are at most so many on a road. */
export function stepFor(length: number, most: number): number {
  return STEPS.find((step) => length / step <= most) ?? STEPS.at(-1)!
}

/** The marks of a road: its start, every step, and its end. */
export function marksOf(length: number, step: number): number[] {
  const marks = Array.from({ length: Math.floor(length / step) + 1 }, (_, i) => i * step)
  // The last step and the end would lie over each other.
  if (marks.length > 1 && length - marks.at(-1)! < step / 2) marks.pop()
  return length > 0 ? [...marks, length] : marks
}

/** The same with their places. */
export function markPlaces(line: Line, step: number): { metres: number; place: Position }[] {
  return marksOf(lengthOf(line), step).map((metres) => ({ metres, place: placeAt(line, metres) }))
}
