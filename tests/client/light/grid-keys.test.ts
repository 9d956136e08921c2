import { describe, expect, it } from 'vitest'
import { moveInGrid } from '../../../client/light/grid-keys.ts'

const size = { rows: 5, columns: 4 }
const at = (row: number, column: number) => ({ row, column })

describe('moveInGrid', () => {
  it.each([
    ['ArrowRight', at(1, 1), at(1, 2)],
    ['ArrowLeft', at(1, 1), at(1, 0)],
    ['ArrowUp', at(1, 1), at(0, 1)],
    ['ArrowDown', at(1, 1), at(2, 1)],
    ['Home', at(2, 3), at(2, 0)],
    ['End', at(2, 1), at(2, 3)],
    ['PageDown', at(1, 1), at(4, 1)],
    ['PageUp', at(4, 1), at(0, 1)],
  ])('should move on %s', (key, from, to) => {
    expect(moveInGrid(from, { key }, size)).toEqual(to)
  })

  it('should go to the corners with Control', () => {
    expect(moveInGrid(at(2, 2), { key: 'Home', ctrlKey: true }, size)).toEqual(at(0, 0))
    expect(moveInGrid(at(2, 2), { key: 'End', ctrlKey: true }, size)).toEqual(at(4, 3))
  })

  it('should stop at the edges', () => {
    expect(moveInGrid(at(0, 0), { key: 'ArrowUp' }, size)).toEqual(at(0, 0))
    expect(moveInGrid(at(4, 3), { key: 'ArrowRight' }, size)).toEqual(at(4, 3))
    expect(moveInGrid(at(0, 0), { key: 'End' }, { rows: 0, columns: 0 })).toEqual(at(0, 0))
  })

  it('should leave other keys and the browser’s own combinations alone', () => {
    for (const key of [
      { key: 'a' },
      { key: 'Tab' },
      { key: 'ArrowLeft', altKey: true },
      { key: 'ArrowLeft', ctrlKey: true },
    ])
      expect(moveInGrid(at(1, 1), key, size)).toBeNull()
  })
})
