/** The matrix's own part of the URL: the order of rows and columns and the category; filters and the chosen cell are in the common view. */
import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { MATRIX_SORTS } from '../../geo/light/matrix.ts'
import type { MatrixOrder, MatrixSort } from '../../geo/light/matrix.ts'

const FILTERS = new Set(['light', 'department', 'q', 'category'])

export interface MatrixView {
  order: MatrixOrder
  category: number | null
}

/** What a query says about the matrix; what makes no sense is the default. */
export function parseMatrixView(query: Record<string, unknown>): MatrixView {
  const sort = (value: unknown): MatrixSort => MATRIX_SORTS.find((known) => known === value) ?? 'number'
  const rows = String(query.rows ?? '')
  return {
    order: {
      rows: /^town:[0-9A-Za-z]{6,12}$/.test(rows) ? (rows as MatrixOrder['rows']) : sort(rows),
      columns: sort(query.columns),
    },
    category: /^\d{1,3}$/.test(String(query.category ?? '')) ? Number(query.category) : null,
  }
}

export function useMatrixView(): {
  own: ComputedRef<MatrixView>
  changeOwn: (change: Partial<{ rows: MatrixOrder['rows']; columns: MatrixSort; category: number | null }>) => void
  /** Takes every filter away, those of the common view too: in one step, so that none comes back. */
  clearFilters: () => void
} {
  const route = useRoute()
  const router = useRouter()
  return {
    own: computed(() => parseMatrixView(route.query)),
    changeOwn(change) {
      const query = { ...route.query }
      for (const [name, value] of Object.entries(change)) {
        if (value === null || value === 'number') delete query[name]
        else query[name] = String(value)
      }
      void router.replace({ path: route.path, hash: route.hash, query })
    },
    clearFilters() {
      const query = Object.fromEntries(Object.entries(route.query).filter(([name]) => !FILTERS.has(name)))
      void router.replace({ path: route.path, hash: route.hash, query })
    },
  }
}
