import { describe, expect, it } from 'vitest'
import { amountsByTown, differencesOf } from '../../../geo/past/difference.ts'
import { readInstant, stoodAt } from '../../../geo/past/instant.ts'

const NOW = '2023-07-05T02:00:00.000Z'

describe('the instant that a text names', () => {
  it('should be the end of a day by China’s clock', () => {
    expect(readInstant('2023-06-30', NOW)).toEqual({ at: '2023-06-30T23:59:59.999999+08:00', day: '2023-06-30' })
    expect(readInstant('2024-02-29', '2025-01-01T00:00:00Z')).toMatchObject({ day: '2024-02-29' })
  })

  it('should be now of the day that is not over yet', () => {
    expect(readInstant('2023-07-05', NOW)).toEqual({ at: NOW, day: '2023-07-05' })
    // In China the 6th has begun when it is still the 5th in Greenwich.
    expect(readInstant('2023-07-06', '2023-07-05T16:30:00Z')).toEqual({ at: '2023-07-05T16:30:00Z', day: '2023-07-06' })
  })

  it('should be an instant as it is written, in the day that it lies in', () => {
    expect(readInstant('2023-06-30T20:00:00Z', NOW)).toEqual({ at: '2023-06-30T20:00:00Z', day: '2023-07-01' })
    expect(readInstant('2023-06-30T20:00:00.5+08:00', NOW)).toEqual({ at: '2023-06-30T20:00:00.5+08:00', day: '2023-06-30' })
  })

  it.each(['', 'x', '2023', '2023-06', '2023-6-1', '2023-02-30', '2023-13-01', '0000-01-01', '9999-01-01', '2023-06-30T12:00', '2023-06-30T25:00Z', '2023-02-30T12:00Z', '2023-06-30 12:00Z'])('should be none for “%s”', (text) =>
    expect(readInstant(text, NOW)).toBe('form'),
  )

  it.each(['2023-07-06', '2024-01-01', '2023-07-05T10:00:01+08:00'])('should not be one that is yet to come: %s', (text) => expect(readInstant(text, NOW)).toBe('future'))
})

describe('what stood at an instant', () => {
  const versions = [
    { version: 1, at: '2023-02-10T04:00:00.000Z', act: 'create' },
    { version: 2, at: '2023-03-10T04:00:00.000Z', act: 'change' },
    { version: 3, at: '2023-04-10T04:00:00.000Z', act: 'delete' },
    { version: 4, at: '2023-05-10T04:00:00.000Z', act: 'restore' },
  ] as const
  it.each([
    ['2023-02-10T11:59:59+08:00', null],
    ['2023-02-10T12:00:00+08:00', 1],
    ['2023-03-09T23:59:59.999999+08:00', 1],
    ['2023-03-10T23:59:59.999999+08:00', 2],
    ['2023-04-10T04:00:00Z', null],
    ['2023-05-09T23:59:59.999999+08:00', null],
    ['2030-01-01T00:00:00Z', 4],
  ])('should be at %s version %s', (at, version) => expect(stoodAt(versions, at)?.version ?? null).toBe(version))
})

describe('differences', () => {
  const amount = (town: string | null, features: number, areaM2 = 0) => ({ town, features, areaM2, lengthM: features * 10 })
  it('should be told by town, in the towns’ order, with what lies in none at the end', () => {
    const left = [amount('a', 2, 20), amount('a', 1, 5), amount(null, 1), amount('z', 4)]
    const right = [amount('b', 7), amount('a', 1, 30)]
    const rows = (figure: 'count' | 'area' | 'length') => differencesOf(amountsByTown(left, figure), amountsByTown(right, figure), ['c', 'b', 'a'])
    expect(rows('count')).toEqual([
      { town: 'b', left: 0, right: 7 },
      { town: 'a', left: 3, right: 1 },
      { town: 'z', left: 4, right: 0 },
      { town: null, left: 1, right: 0 },
    ])
    expect(rows('area').find(({ town }) => town === 'a')).toEqual({ town: 'a', left: 25, right: 30 })
    expect(rows('length')[0]).toEqual({ town: 'b', left: 0, right: 70 })
  })
})
