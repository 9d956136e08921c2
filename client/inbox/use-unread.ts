import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { queryClient } from '../api.ts'
import { INBOX } from './inbox-api.ts'

/**
 * How much is unread in the inbox of whoever is signed in, live; null while nobody is, or nothing is known yet. A page in the background lets go
 * of its stream: browsers keep few connections to one server.
 */
export function useUnread(account: () => string | null): Ref<number | null> {
  const unread = ref<number | null>(null)
  const shown = ref(!document.hidden)
  const look = () => (shown.value = !document.hidden)
  let source: EventSource | null = null
  const close = () => {
    source?.close()
    source = null
  }
  watch(
    () => [account(), shown.value] as const,
    ([name, visible], before) => {
      close()
      if (name !== before?.[0]) unread.value = null
      if (name === null || !visible) return
      source = new EventSource('/api/inbox/stream')
      source.addEventListener('inbox', (event) => {
        const state = JSON.parse((event as MessageEvent<string>).data) as { unread: number }
        unread.value = state.unread
        void queryClient.invalidateQueries({ queryKey: INBOX.queryKey })
      })
    },
    { immediate: true },
  )
  document.addEventListener('visibilitychange', look)
  onScopeDispose(() => {
    close()
    document.removeEventListener('visibilitychange', look)
  })
  return unread
}
