import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { ProblemError } from './api.ts'
import { useView } from './view/use-view.ts'

export interface Attempts {
  /** One is under way. */
  busy: Ref<boolean>
  /** Why the last one was refused, in the language of the screen; '' where it was not. */
  failure: ComputedRef<string>
  /** Does the work, and gives whether it was done. What the server refuses is told by `failure`; whatever else goes wrong is thrown on. */
  attempt: (work: () => Promise<unknown>) => Promise<boolean>
  /** A refusal that is no longer about what is on the screen. */
  forget: () => void
}

/** What a form asks of the server: whether it is at it, and what the server said when it would not. */
export function useAttempt(): Attempts {
  const { view } = useView()
  const busy = ref(false)
  const refusal = ref<ProblemError | null>(null)
  const failure = computed(() => refusal.value?.words(view.value.lang) ?? '')
  const forget = () => void (refusal.value = null)
  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    busy.value = true
    forget()
    try {
      await work()
      return true
    } catch (thrown) {
      if (!(thrown instanceof ProblemError)) throw thrown
      refusal.value = thrown
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, failure, attempt, forget }
}
