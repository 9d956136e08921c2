import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import { WORKING } from '../../geo/import/import.ts'
import { importApi, type ImportAnswer } from './import-api.ts'

/** One import, kept up to date while the server works on it: also after the page was loaded anew. */
export function useImport(id: () => number) {
  const row = shallowRef<ImportAnswer | null>(null)
  const error = shallowRef<unknown>(null)
  /** Something was asked of the server and is not answered yet. */
  const busy = ref(false)
  let source: EventSource | null = null
  const stop = () => {
    source?.close()
    source = null
  }
  function take(answer: ImportAnswer): void {
    row.value = answer
    if (!WORKING.includes(answer.state)) return stop()
    if (source) return
    source = new EventSource(`/api/imports/${answer.id}/stream`)
    source.addEventListener('import', (event) => take(JSON.parse((event as MessageEvent<string>).data) as ImportAnswer))
    // A stream that ends is opened again by the browser; one that cannot be, is asked for once more by hand.
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return
      stop()
      setTimeout(() => void load(), 2000)
    }
  }
  /** Does something and takes what the server answers; tells whether it could. */
  async function ask(work: () => Promise<ImportAnswer>): Promise<boolean> {
    busy.value = true
    error.value = null
    try {
      take(await work())
      return true
    } catch (problem) {
      error.value = problem
      return false
    } finally {
      busy.value = false
    }
  }
  const load = () => ask(() => importApi.one(id()))
  watch(
    id,
    () => {
      stop()
      row.value = null
      void load()
    },
    { immediate: true },
  )
  onScopeDispose(stop)
  return { row, error, busy, ask, load }
}
