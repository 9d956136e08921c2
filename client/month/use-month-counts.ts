import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import type { LightCounts } from '../../geo/light/task-light.ts'
import type { Plan } from '../plan/plan.ts'

const later: (work: () => void) => void =
  typeof requestIdleCallback === 'function'
    ? (work) => requestIdleCallback(work, { timeout: 400 })
    : (work) => setTimeout(work, 30)

/**
 * The counts of all months, one month after the other while nothing else is to do. As the plan keeps the lights it has computed, going
 * to any month afterwards takes no computing.
 */
export function useMonthCounts(plan: () => Plan, first: () => string): ShallowRef<ReadonlyMap<string, LightCounts>> {
  const counts = shallowRef<ReadonlyMap<string, LightCounts>>(new Map())
  let round = 0
  watch(
    plan,
    (whole) => {
      const mine = ++round
      const near = whole.months.indexOf(first())
      const waiting = whole.months.toSorted(
        (a, b) => Math.abs(whole.months.indexOf(a) - near) - Math.abs(whole.months.indexOf(b) - near),
      )
      const next = () => {
        const month = waiting.shift()
        if (!month || mine !== round) return
        counts.value = new Map(counts.value).set(month, whole.lightsAt(month).counts)
        later(next)
      }
      counts.value = new Map()
      later(next)
    },
    { immediate: true },
  )
  onScopeDispose(() => round++)
  return counts
}
