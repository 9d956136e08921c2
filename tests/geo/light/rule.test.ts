import { describe, expect, it } from 'vitest'
import { faultOfRule, ruleAt } from '../../../geo/light/rule.ts'

const first = { version: 1, validFrom: '2023-01-01', green: 5, yellow: 20 }
const second = { version: 2, validFrom: '2023-07-01', green: 3, yellow: 15 }
const corrected = { version: 3, validFrom: '2023-07-01', green: 4, yellow: 15 }

describe('thresholds', () => {
  it.each([
    ['2022-12-31', 1],
    ['2023-06-30', 1],
    ['2023-07-01', 3],
    ['2024-01-01', 3],
  ])('should be those valid on %s: version %i', (date, version) => {
    expect(ruleAt([corrected, first, second], date).version).toBe(version)
  })

  it('should be refused where there are none', () => {
    expect(() => ruleAt([], '2023-01-01')).toThrow(RangeError)
  })

  it.each([
    [{ green: 5, yellow: 20 }, null],
    [{ green: 5, yellow: 5 }, null],
    [{ green: 20, yellow: 5 }, 'not-contiguous'],
    [{ green: -1, yellow: 5 }, 'out-of-range'],
    [{ green: 5, yellow: 101 }, 'out-of-range'],
    [{ green: NaN, yellow: 20 }, 'not-a-number'],
  ])('should find what is wrong with %j: %s', (rule, fault) => {
    expect(faultOfRule(rule)).toBe(fault)
  })
})
