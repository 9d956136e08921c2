import { describe, expect, it } from 'vitest'
import { standingOf, standingText } from '../../../client/planning/standing.ts'

describe('where a map stands', () => {
  it('should come back from a URL as it was written, to a metre and a hundredth of a zoom', () => {
    expect(standingText({ middle: [121.1234567, 31.0000004], zoom: 13.456 })).toBe('121.12346,31.00000,13.46')
    expect(standingOf('121.12346,31.00000,13.46')).toEqual({ middle: [121.12346, 31], zoom: 13.46 })
    expect(standingText({ middle: [121, 31], zoom: 12 })).toBe('121.00000,31.00000,12')
  })

  it.each([null, '', 'here', '121,31', '181,31,9', '121,86,9', '121,31,9,1', 'NaN,31,9', '121,31,-3', '1e2,31,9'])('should be nowhere for %s', (text) => {
    expect(standingOf(text)).toBeNull()
  })
})
