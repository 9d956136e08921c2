/**
 * When the wall asks for its figures, and how old they are. It keeps no time of its own: whoever owns the clock says what time it is, so that
 * there is one timer in all, and a test can let a week pass.
 */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { ProblemError, type ProblemDocument } from '../api.ts'
import { builtEntry, loadWall, loadWallDue, servedEntry, type Wall, type WallDue } from './wall-api.ts'

/** Figures change a few times an hour at most. */
const REFRESH_MS = 3 * 60_000
/** Older than this is said on the screen: one question missed, and the tries after it. */
const STALE_MS = 5 * 60_000
/** After a failure soon again, then less and less often. */
const RETRY_MS = 5_000
/** A question without an answer for so long is given up. */
const GIVE_UP_MS = 30_000
const RELOADED = 'wall-reloaded-for'

export interface Feed {
  /** Null: nothing came yet, or it may not be shown any more. */
  wall: ShallowRef<Wall | null>
  due: ShallowRef<WallDue | null>
  /** When the figures last came, in milliseconds. */
  freshAt: Ref<number | null>
  /** The last question's failure; null: it was answered. */
  problem: ShallowRef<ProblemDocument | null>
  /** The token will not do, or nobody is signed in any more. */
  refused: Ref<boolean>
  /** To be called often, with the time. */
  tick: (now: number) => void
  stop: () => void
}

export const isStale = (freshAt: number | null, now: number) => freshAt !== null && now - freshAt > STALE_MS

export function createFeed(plan: () => number | null, token: () => string | null): Feed {
  const wall = shallowRef<Wall | null>(null)
  const due = shallowRef<WallDue | null>(null)
  const freshAt = ref<number | null>(null)
  const problem = shallowRef<ProblemDocument | null>(null)
  const refused = ref(false)
  let next = 0
  let failures = 0
  let asking: { since: number; stop: AbortController } | null = null

  async function ask(now: number): Promise<void> {
    const stop = new AbortController()
    const mine = (asking = { since: now, stop })
    try {
      const [figures, more] = await Promise.all([loadWall(plan(), token(), stop.signal), loadWallDue(plan(), token(), stop.signal)])
      if (asking !== mine) return
      wall.value = figures
      due.value = more
      freshAt.value = now
      problem.value = null
      refused.value = false
      failures = 0
      next = now + REFRESH_MS
      await reloadIfNew(stop.signal)
    } catch (error) {
      // Given up, and the next one is on its way; or what follows the figures failed, which is no loss.
      if (asking !== mine || failures === 0 && freshAt.value === now) return
      failed(now, error)
    } finally {
      if (asking === mine) asking = null
    }
  }

  function failed(now: number, error: unknown): void {
    problem.value = error instanceof ProblemError ? error.problem : null
    refused.value = problem.value?.status === 401 || problem.value?.status === 403
    // What may not be seen any more does not stay on a wall.
    if (refused.value) wall.value = due.value = null
    next = now + Math.min(REFRESH_MS, RETRY_MS * 2 ** Math.min(failures, 10))
    failures++
  }

  /** A new version was put in place: the page loads itself anew, once for each. */
  async function reloadIfNew(signal: AbortSignal): Promise<void> {
    const [built, served] = [builtEntry(), await servedEntry(signal)]
    if (!built || !served || built === served || sessionStorage.getItem(RELOADED) === served) return
    sessionStorage.setItem(RELOADED, served)
    location.reload()
  }

  return {
    wall,
    due,
    freshAt,
    problem,
    refused,
    tick(now) {
      if (asking && now - asking.since > GIVE_UP_MS) {
        asking.stop.abort()
        asking = null
        failed(now, new ProblemError(SILENT))
      }
      // A clock that was put back must not keep the wall waiting.
      if (!asking && (now >= next || next - now > REFRESH_MS)) void ask(now)
    },
    stop() {
      asking?.stop.abort()
      asking = null
    },
  }
}

const SILENT: ProblemDocument = {
  type: '/problems/unreachable',
  title: '服务没有应答',
  status: 0,
  detail: '服务没有应答',
  words: { 'zh-CN': '服务没有应答', en: 'The server does not answer' },
  params: {},
  field: null,
}
