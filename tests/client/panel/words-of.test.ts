import { describe, expect, it } from 'vitest'
import { wordsOf } from '../../../client/panel/words-of.ts'
import { measureOf, taskOf } from '../plan/fixture.ts'

const townText = '全区 12.4 万亩：白鹤镇 12300 亩、金泽镇 26200 亩。'
const span = (text: string) => ({ start: townText.indexOf(text), end: townText.indexOf(text) + text.length })
const measure = measureOf('14.1', {}, {
  targetSource: { field: 'townText', ...span('12.4 万亩') },
  quotas: [
    { town: '310118110', target: 12300, source: span('12300'), requirementSource: null, townSource: { field: 'townText', ...span('白鹤镇') } },
    { town: '310118104', target: 26200, source: span('26200'), requirementSource: null, townSource: { field: 'townText', ...span('金泽镇') } },
  ],
}) // prettier-ignore
const task = taskOf(14, [measure], { townText, requirement: '确保完成。' })
const said = (town: string | null) =>
  wordsOf(task, [measure], town).map(({ field, text, marks, quiet }) => [
    field,
    marks.map((m) => text.slice(m.start, m.end)),
    quiet.map((m) => text.slice(m.start, m.end)),
  ])

describe('the words of the list', () => {
  it('should have the unit’s number and name marked', () => {
    expect(said('310118104')).toEqual([
      ['townText', ['26200'], ['金泽镇']],
      ['requirement', [], []],
    ])
  })

  it('should have all numbers marked for the whole task, and the declared total', () => {
    expect(said(null)[0]).toEqual(['townText', ['12300', '26200'], ['白鹤镇', '金泽镇', '12.4 万亩']])
  })

  it('should begin with the cell that the number stands in', () => {
    const inProse = { ...measure.quotas[0]!, source: null, requirementSource: { start: 0, end: 2 }, townSource: null }
    expect(wordsOf(task, [{ ...measure, quotas: [inProse], targetSource: null }], null)[0]!.field).toBe('requirement')
  })
})
