/**
 * What a layer of the planning map is: declared once, one file a layer and one line in the index (layers.ts). Storage, API, tiles, legend and
 * form come from the declaration.
 */
import type { Action } from '../right/right.ts'

export const GEOMETRIES = {
  point: { zh: '点', en: 'points', types: ['Point', 'MultiPoint'] },
  line: { zh: '线', en: 'lines', types: ['LineString', 'MultiLineString'] },
  polygon: { zh: '面', en: 'areas', types: ['Polygon', 'MultiPolygon'] },
} as const satisfies Record<string, { zh: string; en: string; types: readonly string[] }>
export type LayerGeometry = keyof typeof GEOMETRIES

/** What is counted of a layer's features: how many, how long (on the ellipsoid), or how large. */
export const FIGURES = ['count', 'length', 'area'] as const
export type Figure = (typeof FIGURES)[number]

/** `ranges`: pieces of a road in metres from its start, `[[0, 350], [900, 1200]]`; `choices`: any number of the options. */
export const FIELD_TYPES = ['text', 'number', 'whole', 'date', 'choice', 'choices', 'yes-no', 'ranges'] as const
export type FieldType = (typeof FIELD_TYPES)[number]

/** One of the values that a field of choices can have. */
export interface Option {
  zh: string
  en: string
}

export interface Field {
  zh: string
  en: string
  type: FieldType
  /** As it stands behind the number: 亩, 米. */
  unit?: string
  required?: true
  options?: Record<string, Option>
  least?: number
  most?: number
}

/** How features of a class look. */
export interface LegendClass {
  colour: string
  /** Drawn as an outline over what lies beneath: a designation, not a use. */
  outline?: true
}

/** The classes are the options of one field of choice. */
export interface Legend {
  field: string
  classes: Record<string, LegendClass>
}

/** A measure of a year's list that the layer's features are drawn for: those that `where` fits, by the figure of the layer. */
export interface Service {
  year: number
  measure: string
  where: Record<string, string | number>
  /** The field whose ranges count, instead of the whole feature. */
  ranges?: string
  /** Only features that have come so far count by now: those whose field has one of these values. The others are plans. */
  reached?: { field: string; among: readonly string[] }
}

export interface Layer {
  id: string
  zh: string
  en: string
  geometry: LayerGeometry
  figure: Figure
  /** Whether each feature lies in a town. */
  inTown: boolean
  fields: Record<string, Field>
  /** The field that a feature is called by. */
  title: string
  legend: Legend
  /** `reader`: whoever may read the plan. */
  sees: 'reader' | Action
  /** Who may change it; where a role's right reaches only its own, then only what lies in its town. */
  edits: Action
  serves: readonly Service[]
}

export const FEATURE_ACTS = {
  create: { zh: '新增', en: 'added' },
  change: { zh: '修改', en: 'changed' },
  delete: { zh: '删除', en: 'deleted' },
  restore: { zh: '恢复', en: 'restored' },
} as const satisfies Record<string, { zh: string; en: string }>
/** What happens to a feature; each stays in its history. */
export type FeatureAct = keyof typeof FEATURE_ACTS

/** What a feature says of itself, by the fields of its layer; a field without a value is left out. */
export type FeatureProperties = Record<string, unknown>

/** The measures that a feature is drawn for. */
export function servicesOf(layer: Layer, properties: FeatureProperties): Service[] {
  return layer.serves.filter(({ where }) => Object.entries(where).every(([field, value]) => properties[field] === value))
}

/** The class of the legend that a feature belongs to; undefined: none of them. */
export function classOf({ legend }: Layer, properties: FeatureProperties): string | undefined {
  const value = properties[legend.field]
  return typeof value === 'string' && value in legend.classes ? value : undefined
}

/** Whether a feature has come so far that it counts. */
export function hasReached({ reached }: Service, properties: FeatureProperties): boolean {
  return !reached || reached.among.includes(String(properties[reached.field]))
}

/** From this zoom on each feature is drawn by itself. From further away a crowd of areas is drawn as the cells of a grid that it covers, numbered 0. */
export const EACH_BY_ITSELF = 14
