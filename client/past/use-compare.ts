import { computed, type ComputedRef, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export interface Compare<T> {
  /** Null: nothing is compared. */
  sides: ComputedRef<{ left: T; right: T } | null>
  /** Where the divider stands, in hundredths of the width. */
  share: WritableComputedRef<number>
  /** Compares; null: not any more. A step of its own in the history, unless only a side changes. */
  put: (sides: { left: T; right: T } | null) => void
}

/** What is compared, read from the URL and written to it; `right`: what stands there whatever the URL says of it. */
export function useCompare<T>({ parse, print, right: own }: { parse: (text: unknown) => T | null; print: (side: T) => string; right?: () => T }): Compare<T> {
  const route = useRoute()
  const router = useRouter()
  const sides = computed(() => {
    const [left, right] = [parse(route.query.left), own ? own() : parse(route.query.right)]
    return left && right ? { left, right } : null
  })
  const write = (change: Record<string, string | undefined>, replace: boolean) => {
    const query = Object.fromEntries(Object.entries({ ...route.query, ...change }).filter(([, value]) => value !== undefined))
    void (replace ? router.replace({ query }) : router.push({ query }))
  }
  return {
    sides,
    share: computed({
      get: () => (/^\d{1,3}$/.test(String(route.query.swipe)) ? Math.min(Number(route.query.swipe), 100) : 50),
      set: (share) => write({ swipe: share === 50 ? undefined : String(share) }, true),
    }),
    put: (next) => write(next ? { left: print(next.left), right: own ? undefined : print(next.right) } : { left: undefined, right: undefined, swipe: undefined }, Boolean(next && sides.value)),
  }
}
