import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** What is checked on the planning map, as it stands in the address: a new plot, or a check that is kept; and features that the plot is made of. */
export function useCheck() {
  const route = useRoute()
  const router = useRouter()
  const text = (name: string) => (typeof route.query[name] === 'string' ? route.query[name] : '')
  const checking = computed<'new' | number | null>(() => {
    const given = text('check')
    return given === 'new' ? 'new' : /^\d{1,9}$/.test(given) ? Number(given) : null
  })
  const picked = computed(() => text('plots').split(',').filter((one) => /^[\w-]+\/\d{1,15}$/.test(one))) // prettier-ignore
  const put = (change: Record<string, string | undefined>, replace = false) => {
    const to = { query: Object.fromEntries(Object.entries({ ...route.query, ...change }).filter(([, value]) => value)) as Record<string, string> }
    return replace ? router.replace(to) : router.push(to)
  }
  return {
    checking,
    picked,
    check: (what: 'new' | number | null) => put({ check: what === null ? undefined : String(what), plots: undefined, ...(what === null ? {} : { feature: undefined }) }),
    pick: (plots: readonly string[]) => put({ plots: plots.join(',') || undefined }, true),
  }
}
