import { describe, expect, it } from 'vitest'
import { HISTORY_LIMIT, recordStep, redoStep, startHistory, undoStep } from '../../../client/task-list/history.ts'

describe('undo and redo', () => {
  it('should go back and forth over the same states', () => {
    let history = startHistory('a')
    history = recordStep(recordStep(history, 'b'), 'c')
    history = undoStep(history)
    expect(history.present).toBe('b')
    history = undoStep(undoStep(history))
    expect(history.present).toBe('a')
    history = redoStep(redoStep(redoStep(history)))
    expect(history.present).toBe('c')
  })

  it('should give up what was undone once something new is done', () => {
    let history = recordStep(startHistory('a'), 'b')
    history = recordStep(undoStep(history), 'c')
    expect(redoStep(history).present).toBe('c')
    expect(undoStep(history).present).toBe('a')
  })

  it('should not count an edit that changes nothing', () => {
    const history = startHistory('a')
    expect(recordStep(history, 'a')).toBe(history)
  })

  it('should forget the oldest steps beyond the limit', () => {
    let history = startHistory(0)
    for (let i = 1; i <= HISTORY_LIMIT + 5; i++) history = recordStep(history, i)
    expect(history.past).toHaveLength(HISTORY_LIMIT)
    expect(history.past[0]).toBe(5)
  })
})
