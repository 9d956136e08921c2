/** The state of the review screen: the chosen tab, filter and report (all in the URL), the list, and what is ticked. */
import { useQuery } from '@tanstack/vue-query'
import { computed, ref, watch, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { queryClient } from '../api.ts'
import type { UsePlan } from '../plan/use-plan.ts'
import { useView } from '../view/use-view.ts'
import { reviewsQuery, type Review } from './review-api.ts'
import { isMine, keyOf, listOf, REVIEW_TABS, rowsOf, type ReviewTab, type RowFilter } from './review-rows.ts'

export function useReviews({ plan, month: monthShown }: UsePlan) {
  const route = useRoute()
  const router = useRouter()
  const { view, change } = useView()

  /** Names of the query that are this screen's own: the month of a report is not the month that the map shows. */
  const own = (part: Record<string, string | null>) =>
    void router.replace({ query: { ...route.query, ...Object.fromEntries(Object.entries(part).map(([name, value]) => [name, value ?? undefined])) } })
  const text = (name: string) => (typeof route.query[name] === 'string' ? route.query[name] : null)

  const tab = computed<ReviewTab>({
    get: () => REVIEW_TABS.find((one) => one === text('list')) ?? 'mine',
    set: (to) => own({ list: to === 'mine' ? null : to, of: null, report: null }),
  })
  const month = computed(() => (/^\d{4}-\d\d$/.test(text('of') ?? '') ? text('of') : tab.value === 'decided' ? monthShown.value : null))
  const filter = computed<RowFilter>(() => ({ tab: tab.value, month: month.value, task: view.value.task, town: view.value.town, over: text('over') === 'yes' }))
  function narrow(part: Partial<Omit<RowFilter, 'tab'>>): void {
    if ('month' in part) own({ of: part.month ?? null })
    if ('over' in part) own({ over: part.over ? 'yes' : null })
    if ('task' in part) change({ task: part.task ?? null }, { replace: true })
    if ('town' in part) change({ town: part.town ?? null }, { replace: true })
  }
  const widen = () => {
    const { task: _, measure: __, town: ___, of: ____, over: _____, ...rest } = route.query
    void router.replace({ query: rest })
  }

  const query = useQuery(
    computed(() => ({
      ...reviewsQuery(plan.value?.year ?? 0, listOf(tab.value), month.value),
      enabled: plan.value !== null,
    })),
    queryClient,
  )
  const answer = computed(() => query.data.value ?? null)
  const all = computed<Review[]>(() => answer.value?.reviews ?? [])
  /** Of the tab, whatever the filter. */
  const ofTab = computed(() => rowsOf(all.value, { tab: tab.value, month: null, task: null, town: null, over: false }))
  const rows = computed(() => rowsOf(all.value, filter.value))

  const chosenKey = computed({ get: () => text('report'), set: (report) => own({ report }) })
  const chosen = computed(() => rows.value.find((review) => keyOf(review) === chosenKey.value) ?? null)

  const ticked: Ref<ReadonlySet<string>> = ref(new Set<string>())
  const tickedRows = computed(() => rows.value.filter((review) => isMine(review) && ticked.value.has(keyOf(review))))
  watch(tab, () => (ticked.value = new Set()))

  return { tab, filter, narrow, widen, query, answer, all, ofTab, rows, chosenKey, chosen, ticked, tickedRows }
}
