import { describe, expect, it } from 'vitest'
import { comparable, convert, unitAt, UNITS } from '../../../geo/unit/unit.ts'

describe('units', () => {
  it.each([
    ['亩，', 0, '亩'], [' 万亩：', 0, '万亩'], ['亩次', 0, '亩次'], ['个村：', 0, '个村'], ['个村居', 0, '个'], ['个村级养老站点', 0, '个'], ['个村申报', 0, '个村'], ['人次', 0, '人次'], ['公里C级', 0, '公里'],
    ['% 以上', 0, '%'], ['个百分点', 0, '个百分点'], ['个月', 0, '个月'], ['万元', 0, '万元'],
  ])('should find the longest unit in %s', (text, at, name) => {
    expect(unitAt(text, at)?.unit.name).toBe(name)
  }) // prettier-ignore

  it('should find none where none is', () => {
    expect(unitAt('标箱', 0)).toBeNull()
    expect(unitAt('  亩', 0)).toBeNull()
    expect(unitAt('', 5)).toBeNull()
  })

  it('should know every unit that the 2023 list uses', () => {
    for (const name of [
      '个',
      '个村',
      '项',
      '亩',
      '亩次',
      '万亩',
      '公里',
      '吨',
      '次',
      '人次',
      '家',
      '户',
      '场',
      '篇',
      '条',
      '人',
      '%',
    ])
      expect(UNITS.has(name), name).toBe(true)
  })

  it('should compare what can be compared only', () => {
    expect(comparable('亩', '万亩')).toBe(true)
    expect(comparable('个', '个村')).toBe(true)
    expect(comparable('户', '万户')).toBe(true)
    expect(comparable('家', '户')).toBe(false)
    expect(comparable('亩', '亩次')).toBe(false)
    expect(comparable('人', '人次')).toBe(false)
  })

  it.each([
    [12.4, '万亩', '亩', 124_000], [591.49, '亩', '万亩', 0.059149], [1, '公顷', '亩', 15], [32.56, '公里', '米', 32_560], [600, '米', '公里', 0.6],
    [1, '平方公里', '亩', 1500], [2.5, 'km', '公里', 2.5], [1, 'km²', '平方公里', 1], [3, '个村', '个', 3], [0.5, '亿元', '万元', 5000],
  ])('should convert %d %s to %s exactly', (value, from, to, result) => {
    expect(convert(value, from, to)).toBe(result)
  }) // prettier-ignore

  it('should not convert between dimensions', () => {
    expect(convert(1, '亩', '公里')).toBeNull()
    expect(convert(1, '户', '家')).toBeNull()
    expect(convert(1, '亩', '光年')).toBeNull()
  })
})
