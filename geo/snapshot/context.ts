/** What the parts of a page share while it is drawn. */
import type { BlockChanges, BlockId } from './block.ts'
import type { Box, Item, Weight, Anchor } from './drawing.ts'
import type { Figures } from './figures.ts'
import type { PageTexts } from './request.ts'
import type { Theme } from './theme.ts'
import { cut } from './type.ts'
import type { PageWords } from './words.ts'

/** What is written on the page by and for its maker. */
export interface PageOptions extends PageTexts {
  /** Who makes it. */
  maker: string
  blocks: BlockChanges
  /** The way back to the record: in words, and as the rows of a QR code (`1` is dark); null: there is none yet. */
  link: { text: string; modules: readonly string[] } | null
  page: { no: number; of: number }
  logo?: PageLogo | null
}

/** A logo as it comes onto a page. */
export interface PageLogo {
  href: string
  width: number
  height: number
}

export interface PageContext {
  figures: Figures
  options: PageOptions
  theme: Theme
  words: PageWords
  /** Size of the running text, in millimetres: everything else is measured by it. */
  unit: number
  /** White on a band of ink. */
  banded: boolean
}

/** A block's heading, as the maker renamed it. */
export function headingOf({ options }: PageContext, id: BlockId, usual: string): string {
  return options.blocks[id]?.heading || usual
}

interface TextStyle {
  size: number
  weight?: Weight
  colour: string
  anchor?: Anchor
  halo?: string
}

export function text(x: number, y: number, words: string, { size, weight = 400, colour, anchor = 'start', halo }: TextStyle): Item {
  return { kind: 'text', x, y, text: words, size, weight, colour, anchor, ...(halo ? { halo } : {}) }
}

/** The heading with its rule beneath; blocks begin with it. `aside`: width at the heading's right end that is somebody else's. */
export function headed({ theme, unit }: PageContext, box: Box, words: string, aside = 0): Item[] {
  const size = unit * 1.08
  return [
    text(box.x, box.y + size * 0.95, cut(words, box.width - aside, size, 700), { size, weight: 700, colour: theme.ink }),
    { kind: 'path', lines: [[[box.x, box.y + unit * 1.65], [box.x + box.width, box.y + unit * 1.65]]], closed: false, stroke: { colour: theme.frame, width: unit * 0.06 } },
  ]
}
export const HEADING = 2.1
