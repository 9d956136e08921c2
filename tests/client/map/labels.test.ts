import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { neighbour, placeLabels, type LabelBox } from '../../../client/map/labels.ts'

const box = (id: string, x: number, y: number, weight = 1): LabelBox => ({
  id,
  x,
  y,
  width: 60,
  height: 34,
  lowHeight: 18,
  weight,
})

describe('placing names on the map', () => {
  it('should leave names alone that have room', () => {
    expect(placeLabels([box('a', 100, 100), box('b', 300, 100)])).toEqual([
      { id: 'a', x: 100, y: 100, crowded: false },
      { id: 'b', x: 300, y: 100, crowded: false },
    ])
  })

  it('should move the smaller of two that would cover each other', () => {
    const [small, large] = placeLabels([box('small', 100, 110, 1), box('large', 100, 100, 9)])
    expect(large).toEqual({ id: 'large', x: 100, y: 100, crowded: false })
    expect(small!.crowded).toBe(false)
    expect(Math.abs(small!.y - large!.y)).toBeGreaterThanOrEqual(34)
  })

  it('should never let two names cover each other unless one says that it is crowded', () => {
    const boxes = fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 500 })), {
      minLength: 2,
      maxLength: 14,
    })
    fc.assert(
      fc.property(boxes, (places) => {
        const placed = placeLabels(places.map(([x, y], i) => box(String(i), x, y, i)))
        for (const [i, a] of placed.entries())
          for (const b of placed.slice(i + 1)) {
            if (a.crowded || b.crowded) continue
            expect(Math.abs(a.x - b.x) >= 60 || Math.abs(a.y - b.y) >= 34).toBe(true)
          }
      }),
    )
  })
})

describe('going from name to name by arrow keys', () => {
  const places = placeLabels([
    box('west', 0, 200),
    box('middle', 200, 200),
    box('east', 400, 210),
    box('north', 210, 20),
  ])

  it('should go to the nearest name in the direction of the arrow', () => {
    expect(neighbour(places, 'middle', 'ArrowRight')).toBe('east')
    expect(neighbour(places, 'middle', 'ArrowLeft')).toBe('west')
    expect(neighbour(places, 'middle', 'ArrowUp')).toBe('north')
    expect(neighbour(places, 'north', 'ArrowDown')).toBe('middle')
  })

  it('should stay where there is nothing further', () => {
    expect(neighbour(places, 'east', 'ArrowRight')).toBeNull()
    expect(neighbour(places, 'north', 'ArrowUp')).toBeNull()
  })
})
