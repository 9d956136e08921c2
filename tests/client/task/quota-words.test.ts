import { describe, expect, it } from 'vitest'
import { quotaWords } from '../../../client/task/quota-words.ts'
import type { Measure, Task } from '../../../geo/plan/plan.ts'

const townText = '播种 167700 亩次：赵巷镇 300 亩次。\n产量 379900 吨：赵巷镇 500 吨。'
const at = (words: string, from = 0) => {
  const start = townText.indexOf(words, from)
  return { start, end: start + words.length }
}
const second = townText.indexOf('\n')
const measure: Measure = {
  id: '15.2',
  name: '产量',
  unit: '吨',
  kind: 'amount',
  direction: 'atLeast',
  allocation: 'named',
  target: 379900,
  targetText: '379900 吨',
  targetSource: { field: 'townText', ...at('379900 吨') },
  milestones: [],
  quotas: [
    {
      town: 'A',
      target: 500,
      source: at('500', second),
      requirementSource: null,
      townSource: { field: 'townText', ...at('赵巷镇', second) },
    },
  ],
}
const task = { no: 15, townText, requirement: '落实常年菜田。' } as Task

describe('quotaWords', () => {
  it('should give only the paragraph that the number stands in, with it marked there', () => {
    const [words, ...others] = quotaWords(task, measure, 'A')
    expect(others).toEqual([])
    expect(words!.text).toBe('产量 379900 吨：赵巷镇 500 吨。')
    expect(words!.marks.map(({ start, end }) => words!.text.slice(start, end))).toEqual(['500'])
    expect(words!.quiet.map(({ start, end }) => words!.text.slice(start, end))).toEqual(['赵巷镇', '379900 吨'])
  })

  it('should mark the total where the unit has no number of its own', () => {
    const [words] = quotaWords(task, measure, 'B')
    expect(words!.marks.map(({ start, end }) => words!.text.slice(start, end))).toEqual(['379900 吨'])
  })

  it('should give nothing where the document says nothing', () => {
    expect(quotaWords(task, { ...measure, targetSource: null, quotas: [] }, 'A')).toEqual([])
  })
})
