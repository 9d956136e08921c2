import { useQuery } from '@tanstack/vue-query'
import { computed, type ComputedRef } from 'vue'
import { REFUSALS, refusalOf, type Action, type Target } from '../../geo/right/right.ts'
import type { Person } from '../../geo/right/role.ts'
import { queryClient } from '../api.ts'
import { useView } from '../view/use-view.ts'
import { SESSION, type Session } from './session-api.ts'

export interface UseSession {
  /** Undefined until the server has answered. */
  session: ComputedRef<Session | undefined>
  person: ComputedRef<Person | null>
  /** May whoever is signed in do this there? The same rule as the server's. */
  can: (action: Action, target?: Target) => boolean
  /** Why not, in the reader's language, for the button that cannot be pressed; undefined when they may. */
  why: (action: Action, target?: Target) => string | undefined
}

/** Who is signed in and what they may do. */
export function useSession(): UseSession {
  const query = useQuery({ ...SESSION, staleTime: 60_000 }, queryClient)
  const { view } = useView()
  const person = computed(() => query.data.value?.person ?? null)
  return {
    session: computed(() => query.data.value),
    person,
    can: (action, target) => refusalOf(person.value, action, target) === null,
    why: (action, target) => {
      const refusal = refusalOf(person.value, action, target)
      return refusal ? REFUSALS[refusal][view.value.lang === 'en' ? 'en' : 'zh'] : undefined
    },
  }
}
