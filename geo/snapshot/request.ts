/** What is asked for when a snapshot or an atlas is made. */
import { BLOCK_IDS, isLocked, isSizable, type BlockChanges } from './block.ts'
import type { Paper } from './paper.ts'
import type { TemplateId } from './template.ts'
import type { By } from '../map/question.ts'
import type { Lang } from '../number/in-words.ts'

/** What a page shows: a view of the map, the matrix, a task or a town. */
export interface SnapshotView {
  /** The plan's year. */
  plan: number
  /** ISO month. */
  month: string
  task: number | null
  measure: string | null
  town: string | null
  by: By
  lang: Lang
  /** Whether the map shows the district or the town alone. */
  extent: Extent
  /** The denominator of a fixed scale; null: as large as it fits. */
  scale: number | null
  /** Layers of the planning map that are shown in place of the tasks' colours; left out: none. */
  layers?: string[]
}

export const EXTENTS = ['district', 'town'] as const
export type Extent = (typeof EXTENTS)[number]

/** What is written on the page besides the figures. */
export interface PageTexts {
  /** Empty: the template's own. */
  title: string
  subtitle: string
  notes: string
  /** 审图号. */
  reviewNo: string
}

export interface SnapshotRequest extends PageTexts {
  view: SnapshotView
  paper: Paper
  dpi: number
  template: TemplateId
  blocks: BlockChanges
  /** One of the district's logos; left out: none. */
  logo?: number | undefined
}

export const PAGE_LIMITS = { title: 60, subtitle: 80, notes: 300, reviewNo: 40, heading: 20, move: 500 } as const
export const SCALES = { least: 1_000, most: 2_000_000 } as const

export const ATLAS_PER = ['town', 'task'] as const
/** One page for each town, or for each task. */
export type AtlasPer = (typeof ATLAS_PER)[number]

/** How far a snapshot's files are: they wait, are being made, are there; something failed; somebody called it off. */
export const SNAPSHOT_STATUSES = ['queued', 'running', 'ready', 'failed', 'cancelled'] as const
export type SnapshotStatus = (typeof SNAPSHOT_STATUSES)[number]

/** One page of its own, the same view many times, or the month's dispatch pack. */
export const SNAPSHOT_KINDS = ['snapshot', 'atlas', 'pack'] as const
export type SnapshotKind = (typeof SNAPSHOT_KINDS)[number]

/** The changes without those that change nothing, in the blocks' order: two requests that ask for the same are the same. */
export function tidyChanges(changes: BlockChanges): BlockChanges {
  const tidy: BlockChanges = {}
  for (const id of BLOCK_IDS) {
    const change = changes[id]
    if (!change) continue
    const kept = {
      ...(change.hidden && !isLocked(id) ? { hidden: true } : {}),
      ...(change.heading?.trim() ? { heading: change.heading.trim() } : {}),
      ...(change.dx ? { dx: change.dx } : {}),
      ...(change.dy ? { dy: change.dy } : {}),
      ...(change.dw && isSizable(id) ? { dw: change.dw } : {}),
      ...(change.dh && isSizable(id) ? { dh: change.dh } : {}),
    }
    if (Object.keys(kept).length > 0) tidy[id] = kept
  }
  return tidy
}

/** The files that are made and kept; SVG is written when it is asked for. */
export const FILE_FORMATS = ['png', 'pdf', 'pptx', 'xlsx', 'zip'] as const
export type FileFormat = (typeof FILE_FORMATS)[number]
/** What there is of each kind, in the order of making. An atlas' zip is of its pages as pictures, a pack's of its other files. */
export const FORMATS_OF = { snapshot: ['png', 'pdf', 'pptx'], atlas: ['pdf', 'pptx', 'zip'], pack: ['pdf', 'pptx', 'xlsx', 'zip'] } as const satisfies Record<SnapshotKind, readonly FileFormat[]>
