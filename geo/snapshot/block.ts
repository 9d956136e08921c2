/** The blocks of a page. */

/** `locked`: says what must never be left out. `own`: its words are the maker's. */
export const BLOCKS = {
  logo: { zh: '标识', en: 'Logo' },
  title: { zh: '标题', en: 'Title' },
  subtitle: { zh: '副标题', en: 'Subtitle' },
  date: { zh: '数据截至', en: 'Date of the data' },
  marks: { zh: '演示、示意标记', en: 'Marks: demonstration, schematic', locked: true },
  summary: { zh: '亮灯总数', en: 'Counts of lights' },
  map: { zh: '地图', en: 'Map' },
  legend: { zh: '图例', en: 'Legend' },
  cards: { zh: '园区和全区', en: 'Park and district' },
  scale: { zh: '比例尺', en: 'Scale bar' },
  north: { zh: '指北针', en: 'North arrow' },
  overview: { zh: '位置图', en: 'Overview map' },
  table: { zh: '数据表', en: 'Table of numbers' },
  chart: { zh: '统计图', en: 'Chart' },
  troubles: { zh: '问题清单', en: 'List of problems' },
  notes: { zh: '备注', en: 'Notes' },
  source: { zh: '资料来源', en: 'Sources' },
  review: { zh: '审图号', en: 'Map approval number' },
  maker: { zh: '制图', en: 'Made by' },
  page: { zh: '页码', en: 'Page number' },
  qr: { zh: '二维码', en: 'QR code' },
} as const satisfies Record<string, { zh: string; en: string; locked?: true }>
export type BlockId = keyof typeof BLOCKS
export const BLOCK_IDS = Object.keys(BLOCKS) as BlockId[]

/** Blocks with a heading that can be given another name. */
export const HEADED = ['summary', 'legend', 'table', 'chart', 'troubles', 'notes', 'overview'] as const satisfies readonly BlockId[]

/** Blocks that can be made larger or smaller; the others are as large as what stands in them. */
export const SIZABLE = ['map', 'summary', 'legend', 'table', 'chart', 'troubles', 'notes', 'overview'] as const satisfies readonly BlockId[]
/** How small a block may become, in millimetres. */
export const LEAST_BLOCK = { width: 20, height: 8 } as const

export function isSizable(id: BlockId): boolean {
  return (SIZABLE as readonly BlockId[]).includes(id)
}

/** A block's size as its maker wants it: never so small that nothing is left of it, nor larger than what there is. */
export function sizeAsChanged<S extends { width: number; height: number }>(id: BlockId, size: S, changes: BlockChanges, most: { width: number; height: number }): S {
  const { dw = 0, dh = 0 } = isSizable(id) ? (changes[id] ?? {}) : {}
  const kept = (natural: number, by: number, least: number, whole: number) => (by === 0 ? natural : Math.max(Math.min(natural, least), Math.min(natural + by, whole)))
  return { ...size, width: kept(size.width, dw, LEAST_BLOCK.width, most.width), height: kept(size.height, dh, LEAST_BLOCK.height, most.height) }
}

/** What the maker of a page changes in one of its blocks. */
export interface BlockChange {
  hidden?: boolean | undefined
  /** Another heading. */
  heading?: string | undefined
  /** Moved by so many millimetres from where the template has it. */
  dx?: number | undefined
  dy?: number | undefined
  /** Wider and higher by so many millimetres than the template has it. */
  dw?: number | undefined
  dh?: number | undefined
}
export type BlockChanges = Partial<Record<BlockId, BlockChange>>

export function isLocked(id: BlockId): boolean {
  return 'locked' in BLOCKS[id]
}
