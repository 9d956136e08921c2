/** Templates: where the blocks of a page stand, for any paper. */
import type { BlockId } from './block.ts'
import type { Box } from './drawing.ts'
import { COLOUR, MONO, type Theme } from './theme.ts'

export interface Frame {
  /** What is left for the blocks between head and foot. */
  body: Box
  unit: number
  portrait: boolean
  /** A block's natural height in a width; null: hidden, or nothing to show. */
  height: (id: BlockId, width: number) => number | null
}

/** The boxes of the map and of the panels beside it. */
export type Arrangement = Partial<Record<BlockId, Box>>

interface TemplateRow {
  zh: string
  en: string
  zhHint: string
  enHint: string
  theme: Theme
  /** Size of the text against the paper's usual one. */
  scale: number
  /** White title on a band of ink. */
  banded: boolean
  /** Panels that lie on the map instead of beside it. */
  onMap: readonly BlockId[]
  arrange: (frame: Frame) => Arrangement
}

/** Panels that give way when there is too little room, the first ones first, and to how much. */
const YIELDING = [
  ['chart', 10],
  ['troubles', 9],
  ['notes', 4],
  ['table', 11],
] as const satisfies readonly (readonly [BlockId, number])[]
/** What an optional panel has to have at least, or it is left out. */
const LEAST = 12

/** Panels one below the other; `optional` ones only where room is left over. */
function stack({ height, unit }: Frame, box: Box, ids: readonly BlockId[], optional: readonly BlockId[] = []): Arrangement {
  const gap = unit * 1.1
  const heights = new Map<BlockId, number>()
  for (const id of ids) {
    const natural = height(id, box.width)
    if (natural !== null) heights.set(id, natural)
  }
  // A table of many rows is cut before anything else: its first rows are the ones that matter.
  const long = heights.get('table') ?? 0
  const used = () => [...heights.values()].reduce((sum, n) => sum + n + gap, -gap)
  for (const [id, least] of [...(long > unit * 32 ? [['table', 18] as const] : []), ...YIELDING]) {
    const natural = heights.get(id)
    if (natural !== undefined && used() > box.height) heights.set(id, Math.max(Math.min(natural, unit * least), natural - (used() - box.height)))
  }
  for (const id of optional) {
    const natural = height(id, box.width)
    const room = box.height - used() - gap
    if (natural !== null && room >= Math.min(natural, unit * LEAST)) heights.set(id, Math.min(natural, room))
  }
  // The table breathes with what is left over; nothing else is pulled apart.
  const table = heights.get('table')
  if (table !== undefined) heights.set('table', table + Math.min(table * 0.28, Math.max(0, box.height - used())))
  const arranged: Arrangement = {}
  let y = box.y
  for (const [id, wanted] of heights) {
    const left = Math.min(wanted, box.y + box.height - y)
    if (left < unit * 3) break
    arranged[id] = { x: box.x, y, width: box.width, height: left }
    y += left + gap
  }
  return arranged
}

function columns(box: Box, gap: number, share: number): [Box, Box] {
  const left = (box.width - gap) * share
  return [
    { ...box, width: left },
    { ...box, x: box.x + left + gap, width: box.width - left - gap },
  ]
}

function rows(box: Box, gap: number, share: number): [Box, Box] {
  const top = (box.height - gap) * share
  return [
    { ...box, height: top },
    { ...box, y: box.y + top + gap, height: box.height - top - gap },
  ]
}

const briefing = (frame: Frame): Arrangement => {
  const { body, unit, portrait } = frame
  // Much wider than high, as a slide is: what is behind stands in a column of its own.
  if (body.width > body.height * 2.1 && frame.height('troubles', body.width) !== null) {
    const [left, rest] = columns(body, unit * 2, 0.45)
    const [middle, right] = columns(rest, unit * 2, 0.5)
    return { map: left, ...stack(frame, middle, ['summary', 'legend', 'table']), ...stack(frame, right, ['troubles', 'notes'], ['chart']) }
  }
  if (!portrait) {
    const [left, right] = columns(body, unit * 2, 0.62)
    return { map: left, ...stack(frame, right, ['summary', 'legend', 'table', 'troubles', 'notes'], ['chart']) }
  }
  const [top, below] = rows(body, unit * 1.6, 0.52)
  const [left, right] = columns(below, unit * 2, 0.58)
  const figures = stack(frame, left, ['summary', 'table'], ['chart'])
  return { map: top, ...figures, ...stack(frame, right, ['legend', 'troubles', 'notes'], figures.chart ? [] : ['chart']) }
}

export const TEMPLATES = {
  briefing: {
    zh: '会议简报',
    en: 'Briefing',
    zhHint: '地图为主，右侧是总数、图例、数据和问题',
    enHint: 'the map, with counts, legend, figures and problems beside it',
    theme: COLOUR,
    scale: 1,
    banded: false,
    onMap: [],
    arrange: briefing,
  },
  wide: {
    zh: '大图',
    en: 'Wide map',
    zhHint: '整页地图，图例和总数放在空白处',
    enHint: 'a map over the whole page, legend and counts where it is empty',
    theme: COLOUR,
    scale: 1.05,
    banded: false,
    onMap: ['legend', 'summary'],
    arrange(frame) {
      const { body, unit, height } = frame
      const notes = height('notes', body.width)
      return notes === null ? { map: body } : { map: { ...body, height: body.height - notes - unit * 1.2 }, notes: { ...body, y: body.y + body.height - notes, height: notes } }
    },
  },
  figures: {
    zh: '数据表',
    en: 'Figures',
    zhHint: '完整的数据表在前，地图和问题在旁',
    enHint: 'the whole table first, with the map and the problems beside it',
    theme: COLOUR,
    scale: 1,
    banded: false,
    onMap: ['legend'],
    arrange(frame) {
      const { body, unit, portrait } = frame
      if (portrait) {
        const [top, below] = rows(body, unit * 1.6, 0.4)
        return { map: top, ...stack(frame, below, ['summary', 'table', 'troubles', 'notes'], ['chart']) }
      }
      const [left, right] = columns(body, unit * 2.2, 0.48)
      const alone = frame.height('troubles', right.width) === null && frame.height('notes', right.width) === null
      if (alone) return { map: right, ...stack(frame, left, ['summary', 'table'], ['chart']) }
      const [top, below] = rows(right, unit * 1.4, 0.62)
      return { map: top, ...stack(frame, left, ['summary', 'table'], ['chart']), ...stack(frame, below, ['troubles', 'notes']) }
    },
  },
  problems: {
    zh: '问题清单',
    en: 'Problems',
    zhHint: '逐条写明滞后在哪里、为什么，地图作索引',
    enHint: 'what is behind and why, one by one, with the map as index',
    theme: COLOUR,
    scale: 1,
    banded: false,
    onMap: [],
    arrange(frame) {
      const { body, unit, portrait } = frame
      if (portrait) {
        const [top, below] = rows(body, unit * 1.6, 0.36)
        const [map, aside] = columns(top, unit * 2, 0.62)
        return { map, ...stack(frame, aside, ['summary', 'legend', 'notes']), ...stack(frame, below, ['troubles'], ['table', 'chart']) }
      }
      const [left, right] = columns(body, unit * 2.4, 0.47)
      const [top, below] = rows(left, unit * 1.4, 0.74)
      const [one, other] = columns(below, unit * 2, 0.56)
      return { map: top, ...stack(frame, one, ['summary', 'notes']), ...stack(frame, other, ['legend']), ...stack(frame, right, ['troubles'], ['table', 'chart']) }
    },
  },
  mono: {
    zh: '黑白打印',
    en: 'Black and white',
    zhHint: '用线纹和形状区分亮灯，复印后仍可读',
    enHint: 'hatching and shapes in place of colours: it survives the photocopier',
    theme: MONO,
    scale: 1,
    banded: false,
    onMap: [],
    arrange: briefing,
  },
  slide: {
    zh: '投影',
    en: 'Slide',
    zhHint: '大字，适合会议室投影',
    enHint: 'large type for the projector in the meeting room',
    theme: COLOUR,
    scale: 1.28,
    banded: true,
    onMap: ['legend'],
    arrange(frame) {
      const { body, unit, portrait } = frame
      const [left, right] = portrait ? rows(body, unit * 1.4, 0.58) : columns(body, unit * 2, 0.6)
      // Large type has room for one of them; what the maker wrote comes first.
      const notes = frame.height('notes', right.width)
      return { map: left, ...stack(frame, right, ['summary', ...(notes === null ? (['chart'] as const) : []), 'troubles', 'notes'], ['table']) }
    },
  },
} as const satisfies Record<string, TemplateRow>
export type TemplateId = keyof typeof TEMPLATES
export const TEMPLATE_IDS = Object.keys(TEMPLATES) as [TemplateId, ...TemplateId[]]
export function templateOf(id: TemplateId): TemplateRow {
  return TEMPLATES[id]
}
