/** How the review screens name reports, values, people's acts and why something is not possible. */
import { useI18n } from 'vue-i18n'
import { FLOW_REFUSALS, type FlowRefusal } from '../../geo/report/flow.ts'
import { REFUSALS } from '../../geo/right/right.ts'
import type { Measure } from '../../geo/plan/plan.ts'
import { ProblemError } from '../api.ts'
import { formatMonth, formatValue } from '../number/format.ts'
import type { Plan } from '../plan/plan.ts'
import { unitName } from '../town/unit-name.ts'
import { useView } from '../view/use-view.ts'
import type { Review } from './review-api.ts'
import { keyOf } from './review-rows.ts'

export function useReviewWords(plan: () => Plan) {
  const { t } = useI18n()
  const { view } = useView()
  const measureOf = (id: string): Measure => plan().measure(id)!
  /** A stage's value is a percentage. */
  const unitOf = (id: string) => (measureOf(id).kind === 'stage' ? '%' : measureOf(id).unit)
  const townOf = (code: string) => {
    const unit = plan().town(code)
    return unit ? unitName(unit, view.value.lang) : code
  }
  const nameOf = (review: Pick<Review, 'town' | 'month' | 'measure'>) =>
    [townOf(review.town), formatMonth(review.month, view.value.lang), measureOf(review.measure).name].join(view.value.lang === 'en' ? ', ' : ' ')
  return {
    measureOf,
    townOf,
    nameOf,
    valueOf: (measure: string, value: number | null) => formatValue(value, unitOf(measure), view.value.lang),
    refusalWords: (refusal: FlowRefusal) => ({ ...REFUSALS, ...FLOW_REFUSALS })[refusal][view.value.lang === 'en' ? 'en' : 'zh'],
    /** People by name; what the installation did by itself is said in the reader's language. */
    personOf: (name: string) => (name === 'first start' ? t('review.firstStart') : name),
    /** A failure in words, with the report that stopped the others by its name. */
    failureOf(error: unknown, reviews: readonly Review[]): string {
      if (!(error instanceof ProblemError)) throw error
      const at = reviews.find((review) => keyOf(review) === error.problem.params.key)
      const words = error.words(view.value.lang)
      return at ? t('review.failedAt', { name: nameOf(at), words }) : words
    },
  }
}
