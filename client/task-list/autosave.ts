/**
 * Saves what changes a little after it changed, one request at a time, with the version that was read: the server refuses an older one.
 * Knows no screen and no server: `save` does the work and says how it went.
 */

export const SAVE_STATES = ['saved', 'waiting', 'saving', 'failed', 'conflict'] as const
export type SaveState = (typeof SAVE_STATES)[number]

export type SaveResult = { ok: true; version: number } | { ok: false; reason: 'conflict' | 'failed' }

export interface Autosave<T> {
  /** Says that there is something to save. While a conflict is open it only remembers it. */
  change(value: T): void
  /** Saves what waits, now; resolves once nothing is under way. */
  flush(): Promise<void>
  /** Goes on from `version`: after a conflict is decided, `value` is what is to be saved (null: nothing, theirs was taken). */
  settle(version: number, value: T | null): void
  stop(): void
  readonly version: number
  readonly state: SaveState
}

/** Milliseconds of quiet before a change is saved, and before a failed save is tried again. */
export const SAVE_DELAY = 700
export const RETRY_DELAY = 5000

export function createAutosave<T>(options: {
  version: number
  save: (version: number, value: T) => Promise<SaveResult>
  onState: (state: SaveState, version: number) => void
  delay?: number
  retryDelay?: number
}): Autosave<T> {
  let version = options.version
  let state: SaveState = 'saved'
  let waiting: { value: T } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | null = null
  let stopped = false

  const become = (next: SaveState) => {
    state = next
    options.onState(state, version)
  }
  const plan = (delay: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => void run(), delay)
  }

  async function run(): Promise<void> {
    clearTimeout(timer)
    if (running) return running
    if (!waiting || state === 'conflict') return
    const { value } = waiting
    waiting = null
    become('saving')
    running = options.save(version, value).then(
      (result) => {
        running = null
        if (result.ok) {
          version = result.version
          become(waiting ? 'waiting' : 'saved')
          if (waiting && !stopped) plan(0)
          return
        }
        // What was not saved still waits, unless something newer does.
        waiting ??= { value }
        become(result.reason)
        if (result.reason === 'failed' && !stopped) plan(options.retryDelay ?? RETRY_DELAY)
      },
      () => {
        running = null
        waiting ??= { value }
        become('failed')
        if (!stopped) plan(options.retryDelay ?? RETRY_DELAY)
      },
    )
    return running
  }

  return {
    change(value) {
      waiting = { value }
      if (state === 'conflict') return
      if (!running) become('waiting')
      plan(options.delay ?? SAVE_DELAY)
    },
    async flush() {
      while (running || (waiting && state !== 'conflict' && state !== 'failed')) await run()
    },
    settle(next, value) {
      version = next
      waiting = value === null ? null : { value }
      become(waiting ? 'waiting' : 'saved')
      if (waiting) plan(0)
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
    get version() {
      return version
    },
    get state() {
      return state
    },
  }
}
