/** When a session that nobody uses ends, and when to say so beforehand. Pure; the server decides in the end. */

/** The server marks a session as used at most once a minute: it may count from a minute before. */
const MARK_MS = 60_000
/** How long before the end it is said; of short limits a quarter. */
const WARN_MS = 3 * 60_000

export type Idle = { state: 'fine' } | { state: 'warn'; secondsLeft: number } | { state: 'over' }

/**
 * `over` only when the server has ended the session for certain: asking it a moment earlier would begin the time anew.
 * @param used when the server was last asked on the person's behalf, in ms
 */
export function idleAt(used: number, now: number, idleMinutes: number): Idle {
  const limit = idleMinutes * 60_000
  if (now > used + limit) return { state: 'over' }
  const left = used + limit - Math.min(MARK_MS, limit / 4) - now
  return left <= Math.min(WARN_MS, limit / 4) ? { state: 'warn', secondsLeft: Math.max(0, Math.ceil(left / 1000)) } : { state: 'fine' }
}

/** Whether what somebody does here is worth telling the server, so that who reads or writes for long is not signed out. */
export function isWorthTelling(used: number, now: number, idleMinutes: number): boolean {
  return now - used > Math.min(5 * 60_000, (idleMinutes * 60_000) / 6)
}
