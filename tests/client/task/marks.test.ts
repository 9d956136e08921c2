import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutByMarks } from '../../../client/task/marks.ts'

const mark = (start: number, end: number, target = 'x') => ({ start, end, target, kind: 'quota' })

describe('cutByMarks', () => {
  it('should put the number and the words around it in pieces of their own', () => {
    expect(cutByMarks('赵巷镇 3950 亩、徐泾镇', [mark(4, 8)])).toEqual([
      { text: '赵巷镇 ', start: 0, marks: [] },
      { text: '3950', start: 4, marks: [mark(4, 8)] },
      { text: ' 亩、徐泾镇', start: 8, marks: [] },
    ])
  })

  it('should name the innermost mark first where marks lie on each other', () => {
    const [outer, inner] = [mark(0, 6, 'outer'), mark(2, 4, 'inner')]
    expect(cutByMarks('123456', [outer, inner]).map((p) => [p.text, p.marks.map((m) => m.target)])).toEqual([
      ['12', ['outer']],
      ['34', ['inner', 'outer']],
      ['56', ['outer']],
    ])
  })

  it('should give the whole text back whatever the marks', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.tuple(fc.integer({ min: -5, max: 40 }), fc.integer({ min: -5, max: 40 }))),
        (text, spans) => {
          const pieces = cutByMarks(
            text,
            spans.map(([a, b]) => mark(a, b)),
          )
          expect(pieces.map((p) => p.text).join('')).toBe(text)
          for (const piece of pieces)
            for (const m of piece.marks) expect(piece.start >= m.start && piece.start < m.end).toBe(true)
        },
      ),
    )
  })
})
