import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { useDraft } from '../../../client/task-list/useDraft.ts'
import type { DraftServer, Edits } from '../../../client/task-list/useDraft.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A server of one draft, as the real one: an older version is refused. */
function server(start: { version: number } & Edits) {
  const stored = { ...start }
  const api: DraftServer = {
    async save(version, edits) {
      if (version !== stored.version) return { ok: false, reason: 'conflict' }
      Object.assign(stored, edits, { version: version + 1 })
      return { ok: true, version: stored.version }
    },
    load: async () => ({ ...stored }),
  }
  return { stored, api }
}
function shelf() {
  let text: string | null = null
  return { get: () => text, set: (t: string | null) => void (text = t) }
}
const empty = { version: 1, corrections: [], confirmed: [] }
const paths = (edits: Edits) => edits.corrections.map((c) => [c.path, c.corrected])

function open(api: DraftServer, from: { version: number } & Edits = empty, store = shelf()) {
  const scope = effectScope()
  return scope.run(() => useDraft(from, api, store))!
}

describe('a draft under review', () => {
  it('should keep what was read beside what was corrected, and save it with its version', async () => {
    const { stored, api } = server(empty)
    const draft = open(api)
    draft.correct('tasks/14/name', '读', '改', '原文有误')
    await vi.advanceTimersByTimeAsync(2000)
    expect(stored.version).toBe(2)
    expect(stored.corrections).toMatchObject([
      { path: 'tasks/14/name', read: '读', corrected: '改', reason: '原文有误' },
    ])
    expect(draft.state.value).toBe('saved')
  })

  it('should undo and redo what the server has too', async () => {
    const { stored, api } = server(empty)
    const draft = open(api)
    draft.correct('a', 1, 2, '')
    draft.confirm(['k'], true)
    draft.undo()
    draft.undo()
    draft.redo()
    await vi.advanceTimersByTimeAsync(2000)
    expect(paths(stored)).toEqual([['a', 2]])
    expect(stored.confirmed).toEqual([])
  })

  it('should not call it a correction when the value is put back to what was read', () => {
    const draft = open(server(empty).api)
    draft.correct('a', 1, 2, '')
    draft.correct('a', 1, 1, '')
    expect(draft.edits.value.corrections).toEqual([])
  })

  it('should show a conflict with what the other one did and keep both when asked to', async () => {
    const { stored, api } = server(empty)
    const [mine, theirs] = [open(api), open(api)]
    theirs.correct('theirs', 1, 2, '')
    await vi.advanceTimersByTimeAsync(2000)
    mine.correct('mine', 1, 3, '')
    await vi.advanceTimersByTimeAsync(2000)
    expect(mine.state.value).toBe('conflict')
    expect(paths(mine.conflict.value!.theirs)).toEqual([['theirs', 2]])
    mine.decide('merged')
    await vi.advanceTimersByTimeAsync(2000)
    expect(paths(stored)).toEqual([
      ['theirs', 2],
      ['mine', 3],
    ])
    expect(mine.state.value).toBe('saved')
  })

  it('should give mine up when theirs is taken, and let it be undone', async () => {
    const { stored, api } = server(empty)
    const [mine, theirs] = [open(api), open(api)]
    theirs.correct('x', 1, 2, '')
    await vi.advanceTimersByTimeAsync(2000)
    mine.correct('x', 1, 3, '')
    await vi.advanceTimersByTimeAsync(2000)
    expect(mine.conflict.value!.merge.clashes).toEqual(['x'])
    mine.decide('theirs')
    await vi.advanceTimersByTimeAsync(2000)
    expect(paths(mine.edits.value)).toEqual([['x', 2]])
    expect(paths(stored)).toEqual([['x', 2]])
    mine.undo()
    await vi.advanceTimersByTimeAsync(2000)
    expect(paths(stored)).toEqual([['x', 3]])
  })

  it('should bring back corrections that a closed window had not saved', async () => {
    const { stored, api } = server(empty)
    const store = shelf()
    open(api, empty, store).correct('a', 1, 2, '')
    const again = open(api, empty, store)
    expect(again.restore()).toBe(true)
    await vi.advanceTimersByTimeAsync(2000)
    expect(paths(stored)).toEqual([['a', 2]])
    expect(open(api, { ...stored }, store).restore()).toBe(false)
  })

  it('should ignore what is kept when it cannot be read', () => {
    const store = shelf()
    store.set('{broken')
    expect(open(server(empty).api, empty, store).restore()).toBe(false)
  })
})
