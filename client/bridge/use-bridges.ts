/**
 * Bridges and when they are to be inspected, as the planning map shows them: on the last day of the month in the address, or today; on a past day that is
 * looked at, what was on record by its end, judged by that day.
 */
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Inspection } from '../../geo/bridge/inspection.ts'
import { monthEnd } from '../../geo/month/month.ts'
import { queryClient, request } from '../api.ts'
import { useView } from '../view/use-view.ts'

export interface BridgeInspection extends Inspection {
  id: number
  name: string
  town: string | null
  place: [number, number] | null
  demo: boolean
}

export function useBridges(version: () => number, enabled: () => boolean = () => true) {
  const route = useRoute()
  const router = useRouter()
  const { view } = useView()
  const on = computed(() => (view.value.month ? monthEnd(view.value.month) : null))
  const query = useQuery(
    computed(() => ({
      queryKey: ['bridges', version(), view.value.at, on.value],
      queryFn: () => request<{ on: string; bridges: BridgeInspection[] }>(`/api/bridges/inspections${view.value.at ? `?at=${view.value.at}` : on.value ? `?on=${on.value}` : ''}`),
      enabled: enabled(),
      shallow: true as const,
    })),
    queryClient,
  )
  /** Whether the list shows only those that are due. */
  const onlyDue = computed({
    get: () => route.query.inspection === 'due',
    set: (now) => void router.replace({ query: Object.fromEntries(Object.entries({ ...route.query, inspection: now ? 'due' : undefined }).filter(([, value]) => value !== undefined)) as Record<string, string> }),
  })
  const bridges = computed(() => query.data.value?.bridges ?? [])
  return { on: computed(() => query.data.value?.on ?? null), bridges, onlyDue, isPending: query.isPending }
}
