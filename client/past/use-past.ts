import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { queryClient } from '../api.ts'
import { layersQuery, type LayerAnswer } from '../planning/layer-api.ts'

/** Today by China's clock. */
export const todayHere = (): string => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date())

/**
 * The layers as they were at the end of a day. On the way to another day the ones before stay; `shownAt` is the day that `layers` are of, so that
 * nothing is told of another day than it is shown of.
 */
export function useLayersThen(at: () => string | null): {
  query: ReturnType<typeof useQuery<LayerAnswer[]>>
  layers: ComputedRef<readonly LayerAnswer[]>
  shownAt: ShallowRef<string | null>
} {
  const query = useQuery(computed(() => ({ ...layersQuery(at()), placeholderData: keepPreviousData })), queryClient) // prettier-ignore
  const shownAt = shallowRef(at())
  watch(
    () => [at(), query.data.value, query.isPlaceholderData.value] as const,
    ([day, data, isFromBefore]) => {
      if (data && !isFromBefore) shownAt.value = day
    },
  )
  return { query: query as never, layers: computed(() => query.data.value ?? []), shownAt }
}
