/**
 * Live inboxes: every open stream is told when something new came or was read. Any process may have written it and the embedded database
 * cannot call (LISTEN), so each process looks once every two seconds, with one query for all its streams, while it has any.
 */
import type { Sql } from '../database/connect.ts'
import { inboxStates } from './queries.ts'

const LOOK_MS = 2000

export interface InboxState {
  unread: number
  newest: number
}

type Listener = (state: InboxState) => void

interface Hub {
  listeners: Map<string, Set<Listener>>
  last: Map<string, InboxState>
  timer: NodeJS.Timeout | null
}

/** One for each database of the process. */
const hubs = new WeakMap<Sql, Hub>()
/** What ends the streams of this process. */
const enders = new Set<() => void>()

/** Calls back now, and whenever the inbox of the account changes, until what it gives back is called. */
export function watchInbox(sql: Sql, account: string, listener: Listener): () => void {
  let hub = hubs.get(sql)
  if (!hub) hubs.set(sql, (hub = { listeners: new Map(), last: new Map(), timer: null }))
  const its = hub.listeners.get(account) ?? new Set()
  its.add(listener)
  hub.listeners.set(account, its)
  const known = hub.last.get(account)
  if (known) listener(known)
  void look(sql, hub)
  hub.timer ??= setInterval(() => void look(sql, hub), LOOK_MS).unref()
  return () => {
    its.delete(listener)
    if (its.size) return
    hub.listeners.delete(account)
    hub.last.delete(account)
    if (hub.listeners.size || !hub.timer) return
    clearInterval(hub.timer)
    hub.timer = null
  }
}

async function look(sql: Sql, hub: Hub): Promise<void> {
  // A database that is away for a moment is no news; the next look asks again.
  const states = await inboxStates(sql, [...hub.listeners.keys()]).catch(() => null)
  for (const [account, state] of states ?? []) {
    const before = hub.last.get(account)
    if (before?.unread === state.unread && before.newest === state.newest) continue
    hub.last.set(account, state)
    for (const listener of hub.listeners.get(account) ?? []) listener(state)
  }
}

/** Lets a stream be ended when the server stops; gives back what forgets it. */
export function endWithServer(end: () => void): () => void {
  enders.add(end)
  return () => void enders.delete(end)
}

/** Ends all streams: a server that stops does not wait for them. */
export function endStreams(): void {
  for (const end of [...enders]) end()
}
