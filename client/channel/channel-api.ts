/** The ways that messages leave by. */
import type { ChannelKind, MessageState } from '../../geo/message/message.ts'
import { request } from '../api.ts'

export interface Channel {
  id: number
  kind: ChannelKind
  name: string
  host: string
  hasSecret: boolean
  sender: string | null
  enabled: boolean
  locked: boolean
  version: number
  downSince: string | null
  tries: number
  retryAt: string | null
  error: string | null
}

export interface OutgoingMessage {
  id: number
  account: string | null
  address: string | null
  day: string
  state: MessageState
  tries: number
  sentAt: string | null
  error: string | null
}

export const CHANNELS = { queryKey: ['channels'], queryFn: () => request<{ hosts: string[]; channels: Channel[] }>('/api/channels') }
export const messagesQuery = (channel: number) => ({ queryKey: ['channels', channel, 'messages'], queryFn: () => request<OutgoingMessage[]>(`/api/channels/${channel}/messages`) })
