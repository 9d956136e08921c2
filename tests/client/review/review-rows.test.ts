import { describe, expect, it } from 'vitest'
import type { Review } from '../../../client/review/review-api.ts'
import { groupsOf, isMine, keyOf, listOf, rowsOf, type RowFilter } from '../../../client/review/review-rows.ts'

const review = (part: Partial<Review>) => ({ task: 14, measure: '14.1', town: 'b', month: '2023-12', next: ['approve'], over: false, ...part }) as Review
const ALL: RowFilter = { tab: 'mine', month: null, task: null, town: null, over: false }
const PLAN = {
  tasks: [
    { no: 2, measures: [{ id: '2.2' }, { id: '2.1' }] },
    { no: 14, measures: [{ id: '14.1' }] },
  ],
  units: [{ code: 'b' }, { code: 'a' }],
} as never

describe('a reviewer’s rows', () => {
  const rows = [review({}), review({ town: 'a', next: ['endorse', 'return'], over: true }), review({ next: [], measure: '2.1', task: 2 })]

  it('should tell what waits for the reader from what waits for others', () => {
    expect(rows.map(isMine)).toEqual([true, true, false])
    expect(rowsOf(rows, ALL)).toEqual(rows.slice(0, 2))
    expect(rowsOf(rows, { ...ALL, tab: 'others' })).toEqual(rows.slice(2))
    expect([listOf('mine'), listOf('others'), listOf('returned')]).toEqual(['waiting', 'waiting', 'returned'])
  })

  it('should keep to month, task, town and what waits too long', () => {
    expect(rowsOf(rows, { ...ALL, over: true })).toEqual([rows[1]])
    expect(rowsOf(rows, { ...ALL, town: 'a' })).toEqual([rows[1]])
    expect(rowsOf(rows, { ...ALL, task: 2 })).toEqual([])
    expect(rowsOf(rows, { ...ALL, month: '2023-11' })).toEqual([])
  })

  it('should stand by measure in the list’s order, towns in the district’s, months in time', () => {
    const some = [review({ town: 'a' }), review({}), review({ month: '2023-11' }), review({ measure: '2.1' }), review({ measure: '2.2' })]
    expect(groupsOf(some, PLAN).map((group) => `${group.measure}: ${group.rows.map(keyOf).join(' ')}`)).toEqual([
      '2.2: 2023-12/b/2.2',
      '2.1: 2023-12/b/2.1',
      '14.1: 2023-11/b/14.1 2023-12/b/14.1 2023-12/a/14.1',
    ])
  })
})
