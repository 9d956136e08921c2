import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numberEntered } from '../../../geo/report/entry.ts'

describe('a number as people enter it', () => {
  it.each([
    ['12300', '亩', 12300],
    ['12,300', '亩', 12300],
    ['1,234,567.5', '亩', 1234567.5],
    ['１２３００', '亩', 12300],
    [' 12 300 ', '亩', 12300],
    ['12300亩', '亩', 12300],
    ['1.23万亩', '亩', 12300],
    ['1.23 万', '亩', 12300],
    ['12300亩', '万亩', 1.23],
    ['1.23万', '万亩', 1.23],
    ['0.4168', '万亩', 0.4168],
    ['85%', '%', 85],
    ['８５％', '%', 85],
    ['40%', '', 40],
    ['.5', '公里', 0.5],
    ['500米', '公里', 0.5],
    ['3', '个', 3],
    ['3个', '个', 3],
    ['-5', '亩', -5],
    ['−5', '亩', -5],
    ['0', '亩', 0],
    ['', '亩', null],
    ['  ', '亩', null],
    ['—', '亩', null],
  ])('should read “%s” of %s as %s', (text, unit, value) => {
    expect(numberEntered(text, unit)).toBe(value)
  })

  it.each([
    ['abc', '亩'],
    ['12,30', '亩'],
    ['1.2.3', '亩'],
    ['3户', '亩'],
    ['3家', '户'],
    ['12亩', ''],
    ['约300', '亩'],
    ['300-400', '亩'],
    ['1e5', '亩'],
  ])('should not guess at “%s” of %s', (text, unit) => {
    expect(numberEntered(text, unit)).toBeNaN()
  })

  it('should read back every number that it is given', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 9 }), fc.integer({ min: 0, max: 4 }), (digits, places) => {
        const value = digits / 10 ** places
        expect(numberEntered(value.toFixed(places), '亩')).toBe(value)
        expect(numberEntered(value.toLocaleString('en-US', { maximumFractionDigits: 4 }), '亩')).toBe(value)
      }),
    )
  })
})
