/** A district's own templates: one of the house's with the places, headings and hidden blocks that it wants, its paper, and its logo. */
import type { BlockChanges } from './block.ts'
import type { Paper } from './paper.ts'
import type { TemplateId } from './template.ts'

export interface OwnTemplate {
  id: number
  /** Grows with every change: what somebody decided on an older one is refused. */
  version: number
  name: string
  template: TemplateId
  paper: Paper
  blocks: BlockChanges
  logo: number | null
}

/** A logo as it is kept: drawn anew as a picture, whatever was uploaded. */
export interface Logo {
  id: number
  name: string
  width: number
  height: number
}

export const OWN_LIMITS = { name: 30, templates: 60, logos: 30 } as const
/** Of an uploaded file; `side`: what it is drawn to at most, in pixels. */
export const LOGO_LIMITS = { bytes: 1_000_000, pixels: 2500, svgBytes: 200_000, elements: 2000, depth: 30, side: 480, ratio: 8 } as const
