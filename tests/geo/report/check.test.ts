import { describe, expect, it } from 'vitest'
import { checksOf, openChecks } from '../../../geo/report/check.ts'

const rice = { kind: 'amount', unit: '亩', direction: 'atLeast' } as const
const villages = { kind: 'count', unit: '个', direction: 'atLeast' } as const
const rate = { kind: 'rate', unit: '%', direction: 'atLeast' } as const
const stage = { kind: 'stage', unit: '', direction: 'atLeast' } as const
const kept = { kind: 'keep', unit: '万亩', direction: 'atLeast' } as const

describe('what is odd about a value', () => {
  it.each([
    ['nothing about a plain one', { measure: rice, target: 12300, value: 8000, last: 6000 }, []],
    ['nothing where nothing is entered', { measure: rice, target: 12300, value: null, last: 6000 }, []],
    ['that it fell', { measure: rice, target: 12300, value: 5000, last: 6000 }, ['below-last']],
    ['that it is far over the quota', { measure: rice, target: 12300, value: 15000, last: 6000 }, ['over-quota']],
    ['nothing at 120 % of the quota', { measure: rice, target: 10000, value: 12000, last: null }, []],
    ['万亩 for 亩', { measure: rice, target: 12300, value: 1.23, last: null }, ['unit-scale']],
    ['亩 for 万亩', { measure: kept, target: 1.9, value: 19000, last: null }, ['unit-scale']],
    ['one village of many is no wrong unit', { measure: villages, target: 1500, value: 1, last: null }, []],
    ['a rate over 100', { measure: rate, target: 95, value: 101, last: null }, ['over-hundred']],
    ['a rate may fall', { measure: rate, target: 95, value: 90, last: 96 }, []],
    ['a stage over 100', { measure: stage, target: null, value: 120, last: null }, ['over-hundred']],
    ['a stage that fell', { measure: stage, target: null, value: 20, last: 40 }, ['below-last']],
    ['half a village', { measure: villages, target: 3, value: 2.5, last: null }, ['not-whole']],
    ['a negative value', { measure: rice, target: 12300, value: -1, last: null }, ['negative']],
    ['no number', { measure: rice, target: 12300, value: Number.NaN, last: null }, ['not-a-number']],
    ['a level below what is to be kept', { measure: kept, target: 1.9, value: 1.8, last: 1.9 }, ['below-keep']],
  ] as const)('should see %s', (_, input, found) => {
    expect(checksOf(input)).toEqual(found)
  })

  it('should let a warning pass with a reason, and an error never', () => {
    const fell = { measure: rice, target: 12300, value: 5000, last: 6000 }
    expect(openChecks(fell, '', [])).toEqual(['below-last'])
    expect(openChecks(fell, '', [{ check: 'below-last', reason: ' ' }])).toEqual(['below-last'])
    expect(openChecks(fell, '', [{ check: 'below-last', reason: '上月误报' }])).toEqual([])
    expect(openChecks({ ...fell, value: -1 }, '', [{ check: 'negative', reason: 'x' }])).toEqual(['negative'])
  })

  it('should let words be handed in without a number, and not nothing', () => {
    const none = { measure: stage, target: null, value: null, last: null }
    expect(openChecks(none, '已开工', [])).toEqual([])
    expect(openChecks(none, ' ', [])).toEqual(['value-missing'])
  })
})
