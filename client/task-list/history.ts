/** Undo and redo over whole states: edits are few and states share their parts, so keeping each state is the simplest thing that is right. */

export interface History<T> {
  past: readonly T[]
  present: T
  future: readonly T[]
}

/** Steps that are kept; older ones can no longer be undone. */
export const HISTORY_LIMIT = 200

export function startHistory<T>(present: T): History<T> {
  return { past: [], present, future: [] }
}

/** The state after an edit; what had been undone is given up. The same state again is no step. */
export function recordStep<T>(history: History<T>, next: T): History<T> {
  if (next === history.present) return history
  return { past: [...history.past, history.present].slice(-HISTORY_LIMIT), present: next, future: [] }
}

/** One step back, or the same history when there is none. */
export function undoStep<T>(history: History<T>): History<T> {
  const previous = history.past.at(-1)
  if (history.past.length === 0) return history
  return { past: history.past.slice(0, -1), present: previous as T, future: [history.present, ...history.future] }
}

/** One step forward again, or the same history when there is none. */
export function redoStep<T>(history: History<T>): History<T> {
  if (history.future.length === 0) return history
  const [next, ...future] = history.future
  return { past: [...history.past, history.present], present: next as T, future }
}
