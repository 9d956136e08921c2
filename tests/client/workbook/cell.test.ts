import { describe, expect, it } from 'vitest'
import { formatNumber, formatShare } from '../../../geo/number/format.ts'
import { formatDate, formatValue } from '../../../geo/number/in-words.ts'
import { cellOf } from '../../../client/workbook/cell.ts'

describe('texts of the screen as cells', () => {
  it.each([
    [formatNumber(124000), { value: 124000, number: { decimals: 0 } }],
    [formatNumber(-591.49), { value: -591.49, number: { decimals: 2 } }],
    [formatShare(0.6231), { value: 0.623, number: { decimals: 1, percent: true } }],
    [formatValue(3950, '亩', 'zh-CN'), { value: 3950, number: { decimals: 0, unit: '亩' } }],
    [formatValue(4.1, '万亩', 'zh-CN'), { value: 4.1, number: { decimals: 1, unit: '万亩' } }],
    ['14', { value: 14 }],
    ['0', { value: 0 }],
    ['+480', { value: 480 }],
  ])('should take %s for the number that it is', (text, cell) => expect(cellOf(text)).toEqual(cell))

  it.each(['310118110', '007', '1.2.3', '3 / 5', '9月30日', '14.1 粮食', '1e5', '—', '2023-13-40', '12,34'])('should leave %s as text', (text) =>
    expect(cellOf(text)).toEqual({ value: text }),
  )

  it('should keep the mark 演示 beside a number that stays one', () => {
    expect(cellOf('5,597 亩次', '演示')).toEqual({ value: 5597, number: { decimals: 0, unit: '亩次 演示' } })
    expect(cellOf('62.3%', '演示')).toMatchObject({ value: 0.623, number: { percent: true, unit: '演示' } })
    expect(cellOf('文化建设', '演示')).toEqual({ value: '文化建设 演示' })
  })

  it('should tell days and minutes in both languages, and nothing from nought', () => {
    expect(cellOf(formatDate('2023-09-30', 'zh-CN'))).toEqual({ value: '2023-09-30', time: 'day' })
    expect(cellOf(formatDate('2023-09-05', 'en'))).toEqual({ value: '2023-09-05', time: 'day' })
    expect(cellOf('2023年9月5日 14:05')).toEqual({ value: '2023-09-05T14:05', time: 'minute' })
    expect(cellOf('')).toEqual({ value: null })
  })
})
