/** Which features of a file are held against each other. */
import { describe, expect, it } from 'vitest'
import { Boxes, MOST_PAIRS_OF_ONE, type Span } from '../../../geo/import/span.ts'

type Box = [number, number, number, number]
const pairsOf = (isArea: boolean, features: [Box | null, string?][]) => {
  const boxes = new Boxes(isArea)
  for (const [box, ofClass = ''] of features) boxes.add(box, ofClass)
  const spans = [...boxes.spans()]
  return { spans, pairs: spans.flatMap(({ ones, others }) => ones.map((one, i) => [one, others[i]!])) }
}

describe('spans of a file', () => {
  it('should pair areas of one class that lie over each other with the earlier ones, and not those side by side', () => {
    const { pairs } = pairsOf(true, [
      [[0, 0, 2, 2]],
      [[2, 0, 4, 2]],
      [[1, 1, 3, 3]],
      [[0.5, 0.5, 1, 1]],
      [[9, 9, 10, 10]],
    ])
    expect(pairs).toEqual([[3, 1], [3, 2], [4, 1]]) // prettier-ignore
  })

  it('should pair areas of two classes, lines and points only where they may be the same', () => {
    const crossing: [Box, string?][] = [[[0, 0, 2, 2], 'a'], [[1, 1, 3, 3], 'b'], [[0, 0, 2, 2], 'b']] // prettier-ignore
    expect(pairsOf(true, crossing).pairs).toEqual([[3, 1], [3, 2]]) // prettier-ignore
    expect(pairsOf(false, crossing).pairs).toEqual([[3, 1]])
    expect(pairsOf(false, [[[5, 5, 5, 5]], [[5, 5, 5, 5]], [[5, 5, 5, 6]]]).pairs).toEqual([[2, 1]])
  })

  it('should go over every feature once, also those without a shape, in spans of bounded length', () => {
    const features = Array.from({ length: 25_001 }, (_, i): [Box | null] => [i % 3 ? [i, 0, i + 0.5, 1] : null])
    const { spans, pairs } = pairsOf(true, features)
    expect(pairs).toEqual([])
    const ends = spans.map(({ from, until }: Span) => [from, until])
    expect(ends[0]![0]).toBe(0)
    expect(ends.at(-1)![1]).toBe(25_001)
    for (let i = 1; i < ends.length; i++) expect(ends[i]![0]).toBe(ends[i - 1]![1])
    expect(spans.length).toBeGreaterThan(1)
    expect(pairsOf(true, []).spans).toEqual([])
    expect(pairsOf(true, [[null]]).spans).toEqual([{ from: 0, until: 1, ones: [], others: [] }])
  })

  it('should not grow with the square of what lies in one place', () => {
    const { spans, pairs } = pairsOf(true, Array.from({ length: 1000 }, (): [Box] => [[0, 0, 1, 1]]))
    const each = Map.groupBy(pairs, ([one]) => one)
    expect(each.get(1000)!.length).toBe(MOST_PAIRS_OF_ONE)
    expect(each.get(11)!.map(([, other]) => other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(Math.max(...spans.map(({ ones }) => ones.length))).toBeLessThan(20_000 + MOST_PAIRS_OF_ONE)
  })
})
