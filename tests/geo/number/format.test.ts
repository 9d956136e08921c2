import { describe, expect, it } from 'vitest'
import { decimalsOf, formatNumber, formatShare } from '../../../geo/number/format.ts'

describe('numbers', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [124000, '124,000'],
    [1234567.5, '1,234,567.5'],
    [591.49, '591.49'],
    [0.4168, '0.4168'],
    [16393.94, '16,393.94'],
    [0.1 + 0.2, '0.3'],
    [1 / 3, '0.3333'],
    [-1500, '−1,500'],
    [-0.00001, '0'],
  ])('should write %f as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })

  it('should know how many decimals a number has', () => {
    expect([3950, 258.5, 333.49, 1.17, 0.4168].map(decimalsOf)).toEqual([0, 1, 2, 2, 4])
  })

  it('should write shares with one decimal', () => {
    expect([0, 0.6229, 1, 1.064].map(formatShare)).toEqual(['0.0%', '62.3%', '100.0%', '106.4%'])
  })
})
