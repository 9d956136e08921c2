/** What the planning map asks the server. */
import type { Geometry } from 'geojson'
import type { FeatureAct, FeatureProperties, Layer } from '../../geo/layer/layer.ts'
import { request, send } from '../api.ts'

/** How much there is of a layer, by class and town. */
export interface LayerFigure {
  class: string | null
  town: string | null
  features: number
  located: number
  demo: number
  areaM2: number
  lengthM: number
}
export type LayerAnswer = Layer & { version: number; figures: LayerFigure[] }

export interface LayerFeature {
  id: number
  geometry: Geometry | null
  properties: FeatureProperties
  about: {
    layer: string
    version: number
    key: string | null
    areaM2: number | null
    lengthM: number | null
    town: string | null
    towns: string[]
    outside: boolean
    unit: string | null
    source: string
    licence: string
    demo: boolean
    changedBy: string
    changedAt: string
    measures: string[]
  }
}
export interface FeaturePage {
  numberMatched: number
  next: number | null
  features: LayerFeature[]
}
export interface FeatureVersion {
  version: number
  at: string
  by: string
  person: string | null
  act: FeatureAct
  reason: string
  properties: FeatureProperties
  geometry: Geometry | null
  town: string | null
  unit: string | null
}
/** The features as they are after edits. */
export interface Edited {
  added: LayerFeature[]
  changed: LayerFeature[]
  restored: LayerFeature[]
  removed: number[]
}

/** The layers as they were at the end of a day; null: as they are. */
export const layersQuery = (at: string | null) => ({ ...LAYERS_QUERY, ...(at ? { queryKey: ['layers', at], queryFn: () => request<LayerAnswer[]>(`/api/layers?at=${at}`) } : {}) })

export const LAYERS_QUERY = { queryKey: ['layers'], queryFn: () => request<LayerAnswer[]>('/api/layers'), shallow: true as const }

/** How many features the list shows at a time. */
export const PAGE = 60

/** What of a layer is shown: by town, or by the unit it counts for; by name; by fields (`kind:grain`); within a box (west, south, east, north). */
export interface Shown {
  town: string | null
  q: string
  where?: string | null
  counts?: string | null
  box?: readonly number[] | null
}

function filterOf({ town, q, where, counts, box }: Shown): Record<string, string> {
  return {
    ...(counts ? { counts } : town ? { town } : {}),
    ...(where ? { filter: where } : {}),
    ...(q.trim() ? { q: q.trim().slice(0, 100) } : {}),
    ...(box ? { bbox: box.map((one) => one.toFixed(6)).join() } : {}),
  }
}

export const layerApi = {
  features: (layer: string, { after, at = null, ...shown }: Shown & { after: number; at?: string | null }) => {
    const query = new URLSearchParams({ limit: String(PAGE), after: String(after), ...filterOf(shown), ...(at ? { at } : {}) })
    return request<FeaturePage>(`/api/layers/${layer}/features?${query.toString()}`)
  },
  /** How many features there are of what is shown. */
  count: async (layer: string, shown: Shown) => (await request<FeaturePage>(`/api/layers/${layer}/features?${new URLSearchParams({ limit: '1', ...filterOf(shown) }).toString()}`)).numberMatched,
  /** Where the file of what is shown is taken from. */
  file: (layer: string, shown: Shown, options: { format: string; crs: string }) => `/api/layers/${layer}/file?${new URLSearchParams({ ...options, ...filterOf(shown) }).toString()}`,
  /** What lies in a box: not more than a pointer can be caught by. */
  around: (layer: string, box: readonly number[], at: string | null = null) => request<FeaturePage>(`/api/layers/${layer}/features?limit=1000&bbox=${box.map((one) => one.toFixed(6)).join()}${at ? `&at=${at}` : ''}`),
  edit: (layer: string, edits: object) => send<Edited>('POST', `/api/layers/${layer}/edits`, edits),
  feature: (layer: string, id: number, at: string | null = null) => request<LayerFeature>(`/api/layers/${layer}/features/${id}${at ? `?at=${at}` : ''}`),
  versions: (layer: string, id: number) => request<FeatureVersion[]>(`/api/layers/${layer}/features/${id}/versions`),
}
