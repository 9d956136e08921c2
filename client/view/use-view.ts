import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter, type RouteLocationRaw } from 'vue-router'
import { changeView, parseView, viewQuery, type View } from './view.ts'

/** Names of the query that a screen keeps for itself (a sort order, say); they are left alone. */
const OWN = new Set(['plan', 'month', 'at', 'task', 'measure', 'town', 'by', 'light', 'department', 'due', 'q', 'lang'])

/** Screens that show a past day: it travels between them, and to no other. */
const OF_PAST = new Set(['/', '/lights', '/planning'])

export interface UseView {
  view: ComputedRef<View>
  /**
   * Changes what is chosen. A step of its own in the history (the back button undoes it), unless `replace`: for what changes many times
   * in a row, like typing or dragging.
   */
  change: (change: Partial<View>, options?: { replace?: boolean }) => void
  /** Where a link to another screen goes: plan, month and language travel with it, and what `change` names. */
  link: (path: string, change?: Partial<View>) => RouteLocationRaw
}

/** The chosen view, read from the URL and written to it; nothing else remembers it. */
export function useView(): UseView {
  const route = useRoute()
  const router = useRouter()
  const view = computed(() => parseView(route.query))
  return {
    view,
    change(change, { replace = false } = {}) {
      const others = Object.fromEntries(Object.entries(route.query).filter(([name]) => !OWN.has(name)))
      const to = {
        path: route.path,
        hash: route.hash,
        query: { ...others, ...viewQuery(changeView(view.value, change)) },
      }
      void (replace ? router.replace(to) : router.push(to))
    },
    link(path, change = {}) {
      const { plan, month, lang } = view.value
      const at = OF_PAST.has(path) ? view.value.at : null
      return { path, query: viewQuery(changeView({ ...parseView({}), plan, month, at, lang }, change)) }
    },
  }
}
