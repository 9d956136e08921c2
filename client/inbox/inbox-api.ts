/** One’s own inbox. */
import type { MessageKind, MessageParams } from '../../geo/message/message.ts'
import type { Topic } from '../../geo/message/subscription.ts'
import { queryClient, request, send } from '../api.ts'

export interface InboxItem {
  id: number
  kind: MessageKind
  params: MessageParams
  path: string
  at: string
  readAt: string | null
}

export interface Inbox {
  unread: number
  items: InboxItem[]
}

export const INBOX = { queryKey: ['inbox'], queryFn: () => request<Inbox>('/api/inbox') }

export const olderItems = (before: number) => request<Inbox>(`/api/inbox?before=${before}`)

/** Marks entries as read; null: all. */
export async function markRead(ids: number[] | null): Promise<void> {
  await send('POST', '/api/inbox/read', { ids })
  await queryClient.invalidateQueries({ queryKey: INBOX.queryKey })
}

/** What one asked to be sent. */
export const SUBSCRIPTIONS = { queryKey: ['subscriptions'], queryFn: () => request<{ topics: Topic[] }>('/api/me/subscriptions') }
export const subscribe = (topic: Topic, wanted: boolean) => send<{ topics: Topic[] }>('PUT', '/api/me/subscriptions', { topic, wanted })
