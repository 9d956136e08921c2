import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

const WHERE = /^[a-zA-Z]{1,40}:[\w-]{1,40}(,[a-zA-Z]{1,40}:[\w-]{1,40}){0,9}$/
const CODE = /^\w{6,12}$/

/** To which features the planning map's list is narrowed, as the address says: those of a kind (`where`) that count for a unit (`counts`). */
export function useNarrowing() {
  const route = useRoute()
  const router = useRouter()
  const fitting = (name: string, form: RegExp) => (typeof route.query[name] === 'string' && form.test(route.query[name]) ? route.query[name] : null)
  const narrowing = computed(() => ({ where: fitting('where', WHERE), counts: fitting('counts', CODE) }))
  /** The same as a layer's own condition on its class; null where there is none. */
  const shownClass = (layer: { id: string; legend: { field: string } }): string | null =>
    (route.query.list === layer.id && narrowing.value.where?.split(',').map((pair) => pair.split(':')).find(([field]) => field === layer.legend.field)?.[1]) || null // prettier-ignore
  const clear = () => {
    const { where: _where, counts: _counts, measure: _measure, ...query } = route.query
    void router.push({ query })
  }
  return { narrowing, shownClass, clear }
}
