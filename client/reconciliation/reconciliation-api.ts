/** Reported held against drawn, as the screens ask for it. */
import type { LocationQueryRaw, RouteLocationRaw } from 'vue-router'
import type { Layer, Service } from '../../geo/layer/layer.ts'
import { LAYERS } from '../../geo/layer/layers.ts'
import type { Reconciliation } from '../../geo/reconciliation/reconciliation.ts'
import type { ReconciliationRule } from '../../geo/reconciliation/rule.ts'
import { isDistrict } from '../../geo/right/right.ts'
import { queryClient, request, send } from '../api.ts'
import type { Signed } from '../rule/rule-api.ts'
import type { View } from '../view/view.ts'

export interface Reconciliations {
  year: number
  month: string
  tolerance: number
  joins: boolean
  rows: Reconciliation[]
}
/** A feature behind a row. */
export interface BehindFeature {
  id: number
  layer: string
  title: string
  town: string | null
  towns: string[]
  outside: boolean
  unit: string | null
  amount: number | null
  counts: boolean
  located: boolean
  overlap: number
  beyond: number
  twice: number
  demo: boolean
}

export const reconciliationQuery = (year: number, month: string) => ({
  queryKey: ['reconciliation', year, month],
  queryFn: () => request<Reconciliations>(`/api/reconciliation/${year}/${month}`),
  shallow: true as const,
})
export const behindQuery = (year: number, month: string, measure: string, town: string) => ({
  queryKey: ['reconciliation', year, month, measure, town],
  queryFn: () => request<{ row: Reconciliation; cut: boolean; features: BehindFeature[] }>(`/api/reconciliation/${year}/${month}/${measure}/${town}`),
  shallow: true as const,
})
export const reconciliationRulesQuery = (year: number) => ({
  queryKey: ['rules', year, 'reconciliation'],
  queryFn: () => request<(ReconciliationRule & Signed)[]>(`/api/plans/${year}/rules/reconciliation`),
})
export async function saveReconciliationRule(year: number, rule: ReconciliationRule & { reason: string }): Promise<void> {
  await send('POST', `/api/plans/${year}/rules/reconciliation`, rule)
  await Promise.all([queryClient.invalidateQueries({ queryKey: ['rules', year] }), queryClient.invalidateQueries({ queryKey: ['reconciliation'] })])
}

/** The layer that draws a measure, and what of it; undefined: none does. */
export function drawnBy(year: number, measure: string): { layer: Layer; service: Service } | undefined {
  return LAYERS.flatMap((layer) => layer.serves.flatMap((service) => (service.year === year && service.measure === measure ? { layer, service } : [])))[0]
}

/** `kind:demonstration,year:2022`: as the address and the server's filter have it. */
export const whereText = ({ where }: Pick<Service, 'where'>) => Object.entries(where).map(([field, value]) => `${field}:${value}`).join() // prettier-ignore

/** The planning map with the features that count for a unit in a measure, and the way back in the address. */
export function mapOf(link: (path: string, change?: Partial<View>) => RouteLocationRaw, row: Pick<Reconciliation, 'measure' | 'layer' | 'town'>, year: number, month: string, feature?: BehindFeature): RouteLocationRaw {
  const { service } = drawnBy(year, row.measure)!
  const all = isDistrict(row.town)
  const { query } = link('/planning', { plan: year, month, measure: row.measure, town: all ? null : row.town }) as { query: LocationQueryRaw }
  const own = { layers: row.layer, list: row.layer, where: whereText(service), counts: all ? undefined : row.town, feature: feature && `${feature.layer}/${feature.id}` }
  return { path: '/planning', query: { ...query, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) } }
}

