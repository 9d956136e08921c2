/** The list of a reviewer as rows: which belong to the chosen tab, filtered, by measure. Pure. */
import type { ReviewList } from '../../geo/review/review.ts'
import type { Plan } from '../plan/plan.ts'
import type { Review } from './review-api.ts'

/** The tabs: what waits is told apart by whether it waits for the reader. */
export const REVIEW_TABS = ['mine', 'others', 'returned', 'decided'] as const
export type ReviewTab = (typeof REVIEW_TABS)[number]

export function listOf(tab: ReviewTab): ReviewList {
  return tab === 'mine' || tab === 'others' ? 'waiting' : tab
}

/** May the reader decide on it now? */
export function isMine({ next }: Pick<Review, 'next'>): boolean {
  return next.includes('approve') || next.includes('endorse')
}

export interface RowFilter {
  tab: ReviewTab
  month: string | null
  task: number | null
  town: string | null
  /** Only what waits too long. */
  over: boolean
}

export function rowsOf(reviews: readonly Review[], { tab, month, task, town, over }: RowFilter): Review[] {
  return reviews.filter(
    (review) =>
      (tab === 'mine' ? isMine(review) : tab === 'others' ? !isMine(review) : true) &&
      (month === null || review.month === month) &&
      (task === null || review.task === task) &&
      (town === null || review.town === town) &&
      (!over || review.over),
  )
}

export interface RowGroup {
  task: number
  measure: string
  rows: Review[]
}

/** By measure in the list's order; within, by town in the district's order and by month. */
export function groupsOf(rows: readonly Review[], plan: Pick<Plan, 'tasks' | 'units'>): RowGroup[] {
  const order = new Map(plan.units.map(({ code }, i) => [code, i]))
  const byMeasure = Map.groupBy(rows, ({ measure }) => measure)
  return plan.tasks.flatMap((task) =>
    task.measures.flatMap(({ id }) => {
      const own = byMeasure.get(id)
      if (!own) return []
      const sorted = [...own].sort((a, b) => (order.get(a.town) ?? 0) - (order.get(b.town) ?? 0) || (a.month < b.month ? -1 : 1))
      return [{ task: task.no, measure: id, rows: sorted }]
    }),
  )
}

/** A report's name in the URL, and for keeping what is ticked while the list is loaded anew. */
export function keyOf({ month, town, measure }: Pick<Review, 'month' | 'town' | 'measure'>): string {
  return `${month}/${town}/${measure}`
}
