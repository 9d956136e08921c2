/**
 * A page as a list of things to draw, in millimetres from its upper left corner: what the preview, SVG, PNG, PDF and PPTX are all made of.
 * Whatever is on a page stands in here, so that no output can show what another does not.
 */
import type { BlockId } from './block.ts'

export type At = readonly [x: number, y: number]

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export interface Stroke {
  colour: string
  width: number
  /** Lengths of dash and gap. */
  dash?: readonly [number, number]
}

export type Item =
  | ({ kind: 'rect'; fill?: string; stroke?: Stroke; radius?: number } & Box)
  | { kind: 'circle'; x: number; y: number; radius: number; fill?: string; stroke?: Stroke }
  /** Lines from point to point; closed ones are filled by the even-odd rule. */
  | { kind: 'path'; lines: readonly (readonly At[])[]; closed: boolean; fill?: string; stroke?: Stroke }
  /** A picture; `href`: where it is, or itself as `data:image/png;base64,…`. */
  | ({ kind: 'image'; href: string } & Box)
  /** One line of text on its baseline. */
  | { kind: 'text'; x: number; y: number; text: string; size: number; weight: Weight; colour: string; anchor: Anchor; halo?: string }

export const WEIGHTS = [400, 700] as const
export type Weight = (typeof WEIGHTS)[number]
export const ANCHORS = ['start', 'middle', 'end'] as const
export type Anchor = (typeof ANCHORS)[number]

/** A table as rows of words, for outputs that have tables of their own. */
export interface TableContent {
  columns: readonly { title: string; anchor: Anchor; width: number }[]
  rows: readonly TableRow[]
  size: number
  /** From the block's upper edge to the table's. */
  top: number
  rowHeight: number
}

export interface TableRow {
  cells: readonly string[]
  strong: boolean
  /** Other than the table's usual one. */
  height?: number
  /** Its first cell goes over all columns: a heading within the table. */
  over?: boolean
  /** Other than the usual ink, cell by cell. */
  colours?: readonly (string | null)[]
}

/** A chart as figures, for outputs that have charts of their own: columns that stand on each other. */
export interface ChartContent extends Box {
  categories: readonly string[]
  series: readonly { name: string; colour: string; values: readonly number[] }[]
  size: number
}

export interface DrawnBlock extends Box {
  id: BlockId
  /** Nothing of it is seen outside of its box. */
  clipped: boolean
  /** It lies on the map. */
  onMap: boolean
  items: readonly Item[]
  table?: TableContent
  /** What of the items lies within its box is the chart's. */
  chart?: ChartContent
}

export interface Drawing {
  width: number
  height: number
  background: string
  blocks: readonly DrawnBlock[]
}
