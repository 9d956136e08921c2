import { describe, expect, it } from 'vitest'
import { formatDate, formatDay, formatMonth, formatPercent, formatValue } from '../../../client/number/format.ts'

describe('numbers and dates on the screens', () => {
  it('should write values with their unit in both languages, 万亩 as the document has it', () => {
    expect(formatValue(3950, '亩', 'zh-CN')).toBe('3,950 亩')
    expect(formatValue(0.4168, '万亩', 'zh-CN')).toBe('0.4168 万亩')
    expect(formatValue(0.4168, '万亩', 'en')).toBe('0.4168 10⁴ mu')
    expect(formatValue(98, '%', 'en')).toBe('98%')
    expect(formatValue(3, '头', 'en')).toBe('3 头')
  })

  it('should tell no data from zero', () => {
    expect(formatValue(null, '亩', 'zh-CN')).toBe('—')
    expect(formatValue(0, '亩', 'zh-CN')).toBe('0 亩')
  })

  it('should not say 100% of what is just short of it', () => {
    expect(formatPercent(0.9999)).toBe('99.99%')
    expect(formatPercent(1)).toBe('100%')
    expect(formatPercent(1.204)).toBe('120%')
  })

  it('should write dates and months as each language does', () => {
    expect([formatDate('2023-09-30', 'zh-CN'), formatDate('2023-09-30', 'en')]).toEqual([
      '2023年9月30日',
      '30 Sep 2023',
    ])
    expect([formatDay('2023-06-20', 'zh-CN'), formatMonth('2023-06', 'en')]).toEqual(['6月20日', 'Jun 2023'])
  })
})
