/** What the parts of the review share: the corrected list, the corrections by path and what may be done. Provided by the screen. */
import { inject, provide } from 'vue'
import type { ComputedRef, InjectionKey } from 'vue'
import type { TaskList } from '../../geo/plan/plan.ts'
import type { CorrectionsByTask } from './corrections-by-task.ts'
import type { ListedProblem } from './problem-groups.ts'

export interface Review {
  /** As read, never changed. */
  read: TaskList
  /** With the corrections put on. */
  list: ComputedRef<TaskList>
  /** The corrections by path: those of the whole list (title, year) and those of each task, the same map as long as nothing in it changes. */
  corrections: ComputedRef<CorrectionsByTask>
  problems: ComputedRef<readonly ListedProblem[]>
  /** The towns that quotas may be given to, as the list names them. */
  towns: readonly string[]
  /** Stored and discarded lists are only looked at. */
  readOnly: boolean
  correct(path: string, corrected: unknown, reason: string): void
  takeBack(path: string): void
  confirm(keys: readonly string[], confirmed: boolean): void
}

const key: InjectionKey<Review> = Symbol('review')

export function provideReview(review: Review): Review {
  provide(key, review)
  return review
}

export function useReview(): Review {
  const review = inject(key)
  if (!review) throw new Error('The parts of the import review need a screen that provides the review.')
  return review
}
