import { describe, expect, it } from 'vitest'
import { harmless, linesIn, placeCells, widthOf } from '../../../geo/workbook/sheet.ts'

describe('tables for workbooks', () => {
  it('should place cells as browsers do, with spans over rows and columns', () => {
    const placed = placeCells([
      { kind: 'head', cells: [{ value: 'a', rows: 2 }, { value: 'b', columns: 2 }, { value: 'c' }] },
      { kind: 'head', cells: [{ value: 'd' }, { value: 'e' }, { value: 'f' }] },
      { kind: 'row', cells: [{ value: 'g', columns: 4, rows: 9 }] },
    ])
    expect(placed.map(({ value, row, column, rows, columns }) => [value, row, column, rows, columns])).toEqual([
      ['a', 0, 0, 2, 1], ['b', 0, 1, 1, 2], ['c', 0, 3, 1, 1], ['d', 1, 1, 1, 1], ['e', 1, 2, 1, 1], ['f', 1, 3, 1, 1], ['g', 2, 0, 1, 4],
    ]) // prettier-ignore
  })

  it('should never let a span run into another cell', () => {
    const placed = placeCells([
      { kind: 'row', cells: [{ value: 'a' }, { value: 'b', rows: 2 }] },
      { kind: 'row', cells: [{ value: 'c', columns: 3 }] },
    ])
    expect(placed.at(-1)).toMatchObject({ value: 'c', column: 0, columns: 1 })
  })

  it('should keep as text what a spreadsheet would compute', () => {
    for (const text of ['=1', '+1', '-1', '@A1', '\t=1', '\r=1', '=\n1']) expect(harmless(text)).toBe(`'${text}`)
    for (const text of ['—', '-', '1-2', 'a=1', '', '−3']) expect(harmless(text)).toBe(text)
  })

  it('should reckon Chinese characters as two', () => {
    expect(widthOf('白鹤镇 12300 亩')).toBe(15)
    expect(linesIn('白鹤镇赵巷镇\n1', 6)).toBe(3)
  })
})
