import { computed, onScopeDispose, ref, type ComputedRef, type Ref } from 'vue'

export const SPEEDS = ['0.5', '1', '2'] as const
export type Speed = (typeof SPEEDS)[number]

/** Milliseconds a step; slower where motion is not wanted: the picture then changes rarely enough to be no motion. */
const BEAT = matchMedia('(prefers-reduced-motion: reduce)').matches ? 2500 : 1100

export interface Play {
  playing: ComputedRef<boolean>
  speed: Ref<Speed>
  /** Plays on, from the beginning where it is at the end; or stops. */
  toggle: () => void
  stop: () => void
}

/**
 * Goes from step to step by itself until the last one. `go` says whether there was one to go to; `ready` is waited for before each, so that no step
 * is passed over before it was seen.
 */
export function usePlay({ atEnd, restart, go, ready }: { atEnd: () => boolean; restart: () => void; go: () => boolean; ready?: () => Promise<void> | void }): Play {
  const speed = ref<Speed>('1')
  const timer = ref<ReturnType<typeof setTimeout> | null>(null)
  function stop() {
    if (timer.value !== null) clearTimeout(timer.value)
    timer.value = null
  }
  function beat() {
    const own = setTimeout(() => {
      void Promise.resolve(ready?.()).then(() => {
        // Stopped meanwhile.
        if (timer.value !== own) return
        if (go()) beat()
        else stop()
      })
    }, BEAT / Number(speed.value))
    timer.value = own
  }
  onScopeDispose(stop)
  return {
    playing: computed(() => timer.value !== null),
    speed,
    stop,
    toggle() {
      if (timer.value !== null) return stop()
      if (atEnd()) restart()
      beat()
    },
  }
}
