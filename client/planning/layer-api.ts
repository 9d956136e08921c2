/** What the planning map asks the server. */
import type { Geometry } from 'geojson'
import type { FeatureAct, FeatureProperties, Layer } from '../../geo/layer/layer.ts'
import { request } from '../api.ts'

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
  town: string | null
}

export const LAYERS_QUERY = { queryKey: ['layers'], queryFn: () => request<LayerAnswer[]>('/api/layers'), shallow: true as const }

/** How many features the list shows at a time. */
export const PAGE = 60

export const layerApi = {
  features: (layer: string, { town, q, after }: { town: string | null; q: string; after: number }) => {
    const query = new URLSearchParams({ limit: String(PAGE), after: String(after), ...(town ? { town } : {}), ...(q.trim() ? { q: q.trim().slice(0, 100) } : {}) })
    return request<FeaturePage>(`/api/layers/${layer}/features?${query.toString()}`)
  },
  feature: (layer: string, id: number) => request<LayerFeature>(`/api/layers/${layer}/features/${id}`),
  versions: (layer: string, id: number) => request<FeatureVersion[]>(`/api/layers/${layer}/features/${id}/versions`),
}
