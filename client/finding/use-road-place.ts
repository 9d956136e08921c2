/** A finding that hangs on a road: the road, the chainage as it is typed, and the place that follows; a click beside the road is brought onto it. */
import { useQuery } from '@tanstack/vue-query'
import { computed, reactive, watch } from 'vue'
import { chainageOf, chainageWords, slackOf } from '../../geo/road/chainage.ts'
import { alongOf, placeAt, type Line } from '../../geo/shape/along.ts'
import { queryClient } from '../api.ts'
import { layerApi } from '../planning/layer-api.ts'

export interface RoadPlace {
  feature: number
  chainage: number
}

export function useRoadPlace(first: RoadPlace | null, road: number | null, take: (place: [number, number]) => void) {
  const hung = reactive({ feature: first?.feature ?? road, chainage: first ? chainageWords(first.chainage) : '' })
  const query = useQuery(computed(() => ({ queryKey: ['feature', 'roads', hung.feature], queryFn: () => layerApi.feature('roads', hung.feature!), enabled: hung.feature !== null, shallow: true as const })), queryClient)
  const line = computed<Line | null>(() => {
    const shape = hung.feature === null ? null : (query.data.value?.geometry ?? null)
    return shape?.type === 'LineString' || shape?.type === 'MultiLineString' ? shape : null
  })
  const name = computed(() => (query.data.value && hung.feature !== null ? String(query.data.value.properties.name) : ''))
  const length = computed(() => query.data.value?.about.lengthM ?? 0)
  const chainage = computed(() => chainageOf(hung.chainage))
  const isPast = computed(() => line.value !== null && chainage.value !== null && chainage.value > length.value + slackOf(length.value))
  const rounded = (degrees: number) => Math.round(degrees * 1e7) / 1e7
  watch([line, chainage], () => {
    if (!line.value || chainage.value === null || isPast.value) return
    const [lon, lat] = placeAt(line.value, chainage.value)
    take([rounded(lon!), rounded(lat!)])
  })
  return {
    hung,
    /** The road, to be seen on the map; null: none is chosen. */
    line,
    name,
    length,
    chainage,
    isPast,
    /** What is stored; null: it hangs on no road. */
    value: computed<RoadPlace | null>(() => (hung.feature !== null && chainage.value !== null ? { feature: hung.feature, chainage: chainage.value } : null)),
    /** Takes a place of the map for its chainage. @returns whether there is a road to take it */
    near(place: [number, number]): boolean {
      if (!line.value) return false
      hung.chainage = chainageWords(Math.round(alongOf(line.value, place).metres))
      return true
    },
    leave: () => void Object.assign(hung, { feature: null, chainage: '' }),
  }
}
