import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useView } from '../view/use-view.ts'
import { featureOfQuery } from './figures.ts'
import type { LayerAnswer } from './layer-api.ts'
import { standingOf, standingText, type Standing } from './standing.ts'

/** What is seen first: everything that has a place. */
const isSeenFirst = ({ figures }: LayerAnswer) => figures.some(({ located }) => located > 0)

/** What the planning screen shows, read from the URL and written to it: layers seen, where the map stands, the layer whose features are listed, the feature chosen. */
export function usePlanning(layers: () => readonly LayerAnswer[]) {
  const route = useRoute()
  const router = useRouter()
  const { view } = useView()
  const text = (name: string) => (typeof route.query[name] === 'string' ? route.query[name] : null)
  const seen = computed(() => {
    const given = text('layers')
    const names = given === null ? layers().filter(isSeenFirst).map(({ id }) => id) : given.split(',')
    return new Set(layers().map(({ id }) => id).filter((id) => names.includes(id))) // prettier-ignore
  })
  const listed = computed(() => layers().find(({ id }) => id === text('list')) ?? null)
  const feature = computed(() => featureOfQuery(route.query.feature))
  /** One change after the other: a second one would cancel the first while that is under way, and the map writes its place at any time. */
  let under: Promise<unknown> = Promise.resolve()
  const put = (change: Record<string, string | null>, replace = false) => {
    const next = under.then(() => {
      const query = Object.fromEntries(Object.entries({ ...route.query, ...change }).filter(([, value]) => value !== null))
      return replace ? router.replace({ query }) : router.push({ query })
    })
    // What failed is told to whoever asked for it; the next change is none the worse.
    under = next.catch(() => {})
    return next
  }
  return {
    view,
    seen,
    listed,
    feature,
    toggle(layer: string) {
      const next = new Set(seen.value)
      if (!next.delete(layer)) next.add(layer)
      void put({ layers: layers().map(({ id }) => id).filter((id) => next.has(id)).join(',') }, true) // prettier-ignore
    },
    /** Where the map stood when the link was made; null: nowhere in particular. */
    standing: computed(() => standingOf(text('map'))),
    stand: (standing: Standing) => put({ map: standingText(standing) }, true),
    list: (layer: string | null) => put({ list: layer, q: null }),
    /** A feature that is chosen is also seen. */
    choose(layer: string | null, id?: number) {
      const isHidden = layer !== null && !seen.value.has(layer)
      return put({ feature: layer === null ? null : `${layer}/${id}`, ...(isHidden ? { layers: [...seen.value, layer].join(',') } : {}) })
    },
  }
}
