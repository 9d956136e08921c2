import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createAutosave, RETRY_DELAY, SAVE_DELAY } from '../../../client/task-list/autosave.ts'
import type { SaveResult, SaveState } from '../../../client/task-list/autosave.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setUp(answers: SaveResult[] = []) {
  const saved: { version: number; value: string }[] = []
  const states: SaveState[] = []
  let serverVersion = 1
  const autosave = createAutosave<string>({
    version: 1,
    save: async (version, value) => {
      const answer = answers.shift() ?? { ok: true, version: ++serverVersion }
      if (answer.ok) saved.push({ version, value })
      await new Promise((done) => setTimeout(done, 50))
      return answer
    },
    onState: (state) => void states.push(state),
  })
  return { autosave, saved, states }
}

describe('autosave', () => {
  it('should save once after a pause, with the last value and the version it read', async () => {
    const { autosave, saved } = setUp()
    autosave.change('a')
    await vi.advanceTimersByTimeAsync(SAVE_DELAY - 100)
    autosave.change('b')
    await vi.advanceTimersByTimeAsync(SAVE_DELAY + 100)
    expect(saved).toEqual([{ version: 1, value: 'b' }])
    expect([autosave.version, autosave.state]).toEqual([2, 'saved'])
  })

  it('should never have two saves under way, and send what came meanwhile with the new version', async () => {
    const { autosave, saved } = setUp()
    autosave.change('a')
    await vi.advanceTimersByTimeAsync(SAVE_DELAY + 10)
    autosave.change('b')
    expect(saved).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(5 * SAVE_DELAY)
    expect(saved).toEqual([
      { version: 1, value: 'a' },
      { version: 2, value: 'b' },
    ])
  })

  it('should stop at a conflict and keep what was not saved until it is decided', async () => {
    const { autosave, saved } = setUp([{ ok: false, reason: 'conflict' }])
    autosave.change('mine')
    await vi.advanceTimersByTimeAsync(2 * SAVE_DELAY)
    expect(autosave.state).toBe('conflict')
    autosave.change('mine again')
    await vi.advanceTimersByTimeAsync(10 * RETRY_DELAY)
    expect(saved).toEqual([])
    autosave.settle(7, 'merged')
    await vi.advanceTimersByTimeAsync(SAVE_DELAY)
    expect(saved).toEqual([{ version: 7, value: 'merged' }])
  })

  it('should take theirs without saving anything', async () => {
    const { autosave, saved } = setUp([{ ok: false, reason: 'conflict' }])
    autosave.change('mine')
    await vi.advanceTimersByTimeAsync(2 * SAVE_DELAY)
    autosave.settle(9, null)
    await vi.advanceTimersByTimeAsync(10 * SAVE_DELAY)
    expect(saved).toEqual([])
    expect([autosave.version, autosave.state]).toEqual([9, 'saved'])
  })

  it('should say that a save failed and try again by itself', async () => {
    const { autosave, saved, states } = setUp([{ ok: false, reason: 'failed' }])
    autosave.change('a')
    await vi.advanceTimersByTimeAsync(2 * SAVE_DELAY)
    expect(autosave.state).toBe('failed')
    await vi.advanceTimersByTimeAsync(RETRY_DELAY + 100)
    expect(saved).toEqual([{ version: 1, value: 'a' }])
    expect(states).toEqual(['waiting', 'saving', 'failed', 'saving', 'saved'])
  })

  it('should save at once when asked to', async () => {
    const { autosave, saved } = setUp()
    autosave.change('a')
    const flushed = autosave.flush()
    await vi.advanceTimersByTimeAsync(100)
    await flushed
    expect(saved).toEqual([{ version: 1, value: 'a' }])
  })
})
