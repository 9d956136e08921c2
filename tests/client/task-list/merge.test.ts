import { describe, expect, it } from 'vitest'
import { mergeEdits } from '../../../client/task-list/merge.ts'

const c = (path: string, corrected: unknown, at = '2023-01-01') => ({ path, corrected, at })
const edits = (corrections: ReturnType<typeof c>[], confirmed: string[] = []) => ({ corrections, confirmed })

describe('mergeEdits', () => {
  it('should keep what each side did', () => {
    const { merged, clashes } = mergeEdits(
      edits([c('a', 1)]),
      edits([c('a', 1), c('mine', 2)], ['p1']),
      edits([c('a', 1), c('theirs', 3)], ['p2']),
    )
    expect(merged.corrections.map((x) => x.path).sort()).toEqual(['a', 'mine', 'theirs'])
    expect(merged.confirmed.sort()).toEqual(['p1', 'p2'])
    expect(clashes).toEqual([])
  })

  it('should let mine hold where both changed the same place, and name it', () => {
    const { merged, clashes } = mergeEdits(edits([]), edits([c('x', 'mine')]), edits([c('x', 'theirs')]))
    expect(merged.corrections).toEqual([c('x', 'mine')])
    expect(clashes).toEqual(['x'])
  })

  it('should not call it a clash when both did the same, whenever they did it', () => {
    expect(mergeEdits(edits([]), edits([c('x', 1, 'monday')]), edits([c('x', 1, 'tuesday')])).clashes).toEqual([])
  })

  it('should carry on what I took back, and not bring back what they took back', () => {
    const base = edits([c('a', 1), c('b', 1)], ['p1', 'p2'])
    const { merged } = mergeEdits(base, edits([c('b', 1)], ['p2']), edits([c('a', 1)], ['p1']))
    expect(merged).toEqual({ corrections: [], confirmed: [] })
  })

  it('should be theirs when I did nothing', () => {
    const theirs = edits([c('x', 2), c('y', 3)], ['k'])
    expect(mergeEdits(edits([c('x', 1)]), edits([c('x', 1)]), theirs).merged).toEqual(theirs)
  })
})
