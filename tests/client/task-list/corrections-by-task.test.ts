import { describe, expect, it } from 'vitest'
import { correctionsByTask } from '../../../client/task-list/corrections-by-task.ts'

const c = (path: string, corrected: unknown = 1) => ({ path, read: null, corrected, reason: '', at: '' })

describe('correctionsByTask', () => {
  it('should give each task its own, and the list what is about the whole', () => {
    const byTask = correctionsByTask([c('title'), c('tasks/1/name'), c('tasks/14/name'), c('tasks/14/leads')])
    expect([...byTask.list.keys()]).toEqual(['title'])
    expect([...byTask.of(14).keys()]).toEqual(['tasks/14/name', 'tasks/14/leads'])
    expect(byTask.of(2).size).toBe(0)
  })

  it('should keep a task’s map while nothing of it changes', () => {
    const [one, two, three] = [c('tasks/1/name'), c('tasks/2/name'), c('tasks/2/name', 2)]
    const before = correctionsByTask([one, two])
    const after = correctionsByTask([one, three], before)
    expect(after.of(1)).toBe(before.of(1))
    expect(after.of(2)).not.toBe(before.of(2))
    expect(after.of(3)).toBe(before.of(3))
    expect(correctionsByTask([one], before).of(2).size).toBe(0)
  })
})
