import { useQuery } from '@tanstack/vue-query'
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { useRoute } from 'vue-router'
import { monthBefore } from '../../geo/month/month.ts'
import { api, ProblemError, queryClient, type PlanSummary } from '../api.ts'
import { useView } from '../view/use-view.ts'
import { createPlan, type MonthLights, type Plan } from './plan.ts'

/** Plans already put together, by the answers they are made of: all screens share one and its lights. */
let made: { from: unknown[]; plan: Plan } | null = null

/**
 * Asks for everything before any screen is there. Called first thing in main.ts: by the time that a screen asks, the answers are on their way.
 * Failures are left for the screens to show.
 */
export function preloadPlan(year: number | null): void {
  void queryClient.prefetchQuery(TOWNS)
  void queryClient.prefetchQuery(DISTRICT)
  const ask = (y: number) => {
    void queryClient.prefetchQuery(tasksQuery(y))
    void queryClient.prefetchQuery(progressQuery(y))
  }
  const plans = queryClient.fetchQuery(PLANS)
  if (year) ask(year)
  plans.then(
    (list) => {
      const first = planShown(list, null)
      if (year === null && first) ask(first.year)
    },
    () => {},
  )
}

/** The plan that the URL names; without one the newest that anybody has reported for: next year's list may be stored long before it counts. */
export function planShown(list: readonly PlanSummary[], year: number | null): PlanSummary | undefined {
  if (year !== null) return list.find((plan) => plan.year === year)
  return list.find(({ reports }) => reports > 0) ?? list[0]
}

/** Shallow: the answers are large and never changed; deep proxies would make every light several times as dear. */
const SHALLOW = { shallow: true, structuralSharing: false } as const
const PLANS = { queryKey: ['plans'], queryFn: api.plans, shallow: true as const }
const TOWNS = { queryKey: ['towns'], queryFn: api.towns, ...SHALLOW }
const DISTRICT = { queryKey: ['district'], queryFn: api.district, ...SHALLOW }
const tasksQuery = (year: number) => ({
  queryKey: ['tasks', year],
  queryFn: () => api.tasks(year),
  ...SHALLOW,
})
const progressQuery = (year: number, at: string | null = null) => ({
  queryKey: at ? ['progress', year, at] : ['progress', year],
  queryFn: () => api.progress(year, at),
  ...SHALLOW,
})
/** The towns with the boundaries that were in use on a past day. */
export const townsQuery = (at: string | null) => ({ ...TOWNS, ...(at ? { queryKey: ['towns', at], queryFn: () => api.townsThen(at) } : {}) })
/** Screens whose figures are those of the past day that the URL names. */
const OF_PAST = new Set(['/', '/lights'])

export const PLAN_STATES = ['loading', 'ready', 'none', 'failed'] as const
/** `none`: there is no plan at all (or not the one that the URL names). */
export type PlanState = (typeof PLAN_STATES)[number]

export interface UsePlan {
  state: ComputedRef<PlanState>
  /** Null until it is ready. Never deeply reactive: it is replaced as a whole. */
  plan: ShallowRef<Plan | null>
  /** All stored plans, newest first. */
  plans: ComputedRef<readonly PlanSummary[]>
  error: ComputedRef<ProblemError | null>
  retry: () => void
  /** The month shown: the URL's, or the newest with reports. */
  month: ComputedRef<string>
  /** Lights of the month shown and of the one before; null until the plan is ready (and for January's before). */
  now: ComputedRef<MonthLights | null>
  before: ComputedRef<MonthLights | null>
}

/** The plan that the URL names, with its year of progress, and the lights of the chosen month. */
export function usePlan(): UsePlan {
  const { view } = useView()
  const plans = useQuery(PLANS, queryClient)
  const summary = computed(() => planShown(plans.data.value ?? [], view.value.plan))
  const year = computed(() => summary.value?.year ?? 0)
  const route = useRoute()
  const at = computed(() => (OF_PAST.has(route.path) ? view.value.at : null))
  const enabled = computed(() => year.value > 0)
  const tasks = useQuery(
    computed(() => ({ ...tasksQuery(year.value), enabled: enabled.value })),
    queryClient,
  )
  const progress = useQuery(
    computed(() => ({ ...progressQuery(year.value, at.value), enabled: enabled.value })),
    queryClient,
  )
  const towns = useQuery(computed(() => townsQuery(at.value)), queryClient) // prettier-ignore
  const district = useQuery(DISTRICT, queryClient)
  const all = [plans, tasks, progress, towns, district]

  const plan = shallowRef<Plan | null>(null)
  watch(
    () => [summary.value, tasks.data.value, progress.data.value, towns.data.value, district.data.value, at.value] as const,
    (from) => {
      const [s, t, p, shapes, d, day] = from
      // On the way to another day the plan stays as it is; to another plan, it goes.
      if (!s || !t || !p || !shapes || !d) return void (s && plan.value?.summary === s ? 0 : (plan.value = null))
      if (!made || made.from.some((part, i) => part !== from[i]))
        made = {
          from: [...from],
          plan: createPlan(
            { summary: s, tasks: t, progress: p, shapes, district: day ? { ...d, boundary: shapes.boundary ?? d.boundary } : d },
            new Date().toISOString().slice(0, 10),
            day,
          ),
        }
      plan.value = made.plan
    },
    { immediate: true },
  )

  const error = computed(() => {
    const failed = all.find((query) => query.isError.value)?.error.value
    if (!failed || plan.value) return null
    if (failed instanceof ProblemError) return failed
    throw failed
  })
  const month = computed(() => {
    const chosen = view.value.month
    if (!plan.value) return chosen ?? ''
    return chosen && plan.value.months.includes(chosen) ? chosen : plan.value.newestMonth
  })
  return {
    plan,
    plans: computed(() => plans.data.value ?? []),
    error,
    month,
    state: computed(() => {
      if (plan.value) return 'ready'
      if (error.value) return 'failed'
      return plans.data.value && !summary.value ? 'none' : 'loading'
    }),
    retry: () => all.forEach((query) => query.isError.value && void query.refetch()),
    now: computed(() => plan.value?.lightsAt(month.value) ?? null),
    before: computed(() => {
      const last = monthBefore(month.value || '2000-01')
      return plan.value?.months.includes(last) ? plan.value.lightsAt(last) : null
    }),
  }
}
