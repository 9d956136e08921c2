/** An import of a map file into a layer: its states, what may be chosen, what is found. */

export const IMPORT_STATES = {
  read: { zh: '待设置', en: 'to be set up' },
  checking: { zh: '试算中', en: 'dry run under way' },
  checked: { zh: '待入库', en: 'ready to be stored' },
  storing: { zh: '入库中', en: 'being stored' },
  stored: { zh: '已入库', en: 'stored' },
  undoing: { zh: '撤销中', en: 'being undone' },
  undone: { zh: '已撤销', en: 'undone' },
  failed: { zh: '未能完成', en: 'failed' },
  discarded: { zh: '已放弃', en: 'discarded' },
} as const satisfies Record<string, { zh: string; en: string }>
export type ImportState = keyof typeof IMPORT_STATES

/** States in which the server works. */
export const WORKING: readonly ImportState[] = ['checking', 'storing', 'undoing']

export const IMPORT_ACTS = ['set-up', 'check', 'store', 'undo', 'cancel', 'discard'] as const
export type ImportAct = (typeof IMPORT_ACTS)[number]

const FROM: Record<ImportAct, readonly ImportState[]> = {
  // To read the file anew, with another encoding or part.
  'set-up': ['read', 'checked', 'failed'],
  check: ['read', 'checked', 'failed'],
  store: ['checked'],
  undo: ['stored'],
  cancel: ['checking', 'storing'],
  discard: ['read', 'checked', 'failed'],
}

export function mayDo(act: ImportAct, state: ImportState): boolean {
  return FROM[act].includes(state)
}

export const IMPORT_MODES = {
  add: { zh: '追加：全部作为新要素', en: 'Add: everything as new features' },
  merge: { zh: '按标识合并：已有的更新，没有的新增', en: 'Merge by key: update what is there, add what is not' },
  replace: { zh: '整层替换：按标识更新，文件中没有的删除', en: 'Replace the layer: update by key, delete what the file does not have' },
} as const satisfies Record<string, { zh: string; en: string }>
export type ImportMode = keyof typeof IMPORT_MODES

/** Where a field of the layer gets its value: from a column of the file, or the same for all. */
export type FieldSource = { column: string } | { value: string | number | boolean }

export interface ImportChoices {
  crs: string
  /** Northing stands before easting. */
  swap: boolean
  encoding: string | null
  part: string | null
  /** Of tables: the columns with the coordinates. */
  x: string | null
  y: string | null
  fields: Record<string, FieldSource>
  /** The column whose values name a feature; features meet again by it. */
  key: string | null
  mode: ImportMode
  /** Shapes that are not valid are repaired, where that hardly changes them. */
  repair: boolean
  /** Features with errors are left out; else they keep everything from being stored. */
  leaveOut: boolean
  source: string
  licence: string
}

export const SEVERITIES = ['error', 'warning', 'note'] as const
export type Severity = (typeof SEVERITIES)[number]

/** What the dry run finds of a feature. Errors keep it out. */
export const IMPORT_FINDINGS = {
  field: { severity: 'error', zh: '字段有误：{what}', en: 'a field is wrong: {what}' },
  shape: { severity: 'error', zh: '图形有误：{what}', en: 'the shape is wrong: {what}' },
  'no-shape': { severity: 'error', zh: '没有图形', en: 'there is no shape' },
  invalid: { severity: 'error', zh: '图形无效（{what}）', en: 'the shape is not valid ({what})' },
  repaired: { severity: 'note', zh: '图形无效（{what}），可修复，面积变化 {m2} 平方米', en: 'the shape is not valid ({what}); it is repaired, which changes its area by {m2} m²' },
  'no-key': { severity: 'error', zh: '没有标识', en: 'it has no key' },
  'key-twice': { severity: 'error', zh: '标识在文件中重复：{what}', en: 'its key is in the file more than once: {what}' },
  'key-taken': { severity: 'error', zh: '图层中已有此标识：{what}', en: 'the layer has a feature of this key: {what}' },
  twice: { severity: 'warning', zh: '与文件中第 {other} 个要素图形相同', en: 'the same shape as feature {other} of the file' },
  'in-layer': { severity: 'warning', zh: '与图层中已有要素图形相同（{what}）', en: 'the layer has a feature of the same shape ({what})' },
  outside: { severity: 'warning', zh: '全部或部分在本区之外', en: 'all or a part of it lies outside the district' },
  crosses: { severity: 'warning', zh: '跨街镇边界', en: 'it crosses a town’s boundary' },
  overlaps: { severity: 'warning', zh: '与文件中第 {other} 个同类要素重叠 {m2} 平方米', en: 'overlaps feature {other} of the file, of the same class, by {m2} m²' },
  'overlaps-layer': { severity: 'warning', zh: '与图层中同类要素重叠 {m2} 平方米（{what}）', en: 'overlaps a feature of the layer, of the same class, by {m2} m² ({what})' },
  area: { severity: 'warning', zh: '申报 {declared} 亩，图上 {measured} 亩', en: '{declared} mu declared, {measured} mu on the map' },
} as const satisfies Record<string, { severity: Severity; zh: string; en: string }>
export type ImportFinding = keyof typeof IMPORT_FINDINGS

export interface Found {
  finding: ImportFinding
  params: Record<string, string | number>
  /** The same in English, where words are among them. */
  en?: Record<string, string | number>
}

export function findingText({ finding, params, en }: Found, language: 'zh' | 'en'): string {
  const given = language === 'en' ? { ...params, ...en } : params
  return IMPORT_FINDINGS[finding][language].replace(/\{(\w+)\}/g, (_, name: string) => String(given[name] ?? ''))
}

/** What the dry run says altogether. */
export interface ImportReport {
  features: number
  /** That will be stored. */
  good: number
  /** With errors. */
  faulty: number
  created: number
  changed: number
  /** Just as they are in the layer already. */
  same: number
  deleted: number
  findings: Partial<Record<ImportFinding, number>>
  /** WGS84: west, south, east, north. */
  box: [number, number, number, number] | null
  byTown: Record<string, number>
}

/** An area declared and one measured that differ by more are worth a look: more than a twentieth, and more than half a mu. */
export const AREA_TOLERANCE = { share: 0.05, mu: 0.5 } as const
/** Square metres: less is the drawing's doing. */
export const OVERLAP_TOLERANCE_M2 = 1
/** A repair that changes a shape's area by more makes another shape of it. */
export const REPAIR_TOLERANCE = { share: 0.01, m2: 1 } as const
