import { describe, expect, it } from 'vitest'
import { compareFilled, yesOrNo, type FilledFile, type FilledRow, type StandingCell } from '../../../geo/report/template.ts'

const rice: StandingCell = {
  subject: '14.1', version: 2, writable: true, said: null, asksYesOrNo: false, words: '',
  number: { measure: { kind: 'amount', unit: '亩', direction: 'atLeast' }, target: 10000, last: 4000, value: null, answers: [] },
} // prettier-ignore
const finding: StandingCell = { subject: '17/finding', version: 0, writable: true, number: null, said: null, asksYesOrNo: true, words: '' }
const closed: StandingCell = { ...rice, subject: '14.2', writable: false }
const row = (subject: string, value: string, more: Partial<FilledRow> = {}): FilledRow => ({ row: 5, subject, value, words: '', reason: '', version: subject === '17/finding' ? '0' : '2', ...more })
const file = (...rows: FilledRow[]): FilledFile => ({ month: '2023-06', town: '310118110', letters: { value: 'G', words: 'H', reason: 'I' }, rows })
const compare = (...rows: FilledRow[]) => compareFilled(file(...rows), [rice, finding, closed])
const problems = (...rows: FilledRow[]) => compare(...rows).problems.map(({ cell, problem, severity }) => `${cell} ${problem} ${severity}`)

describe('a filled template', () => {
  it('should say what it changes and leave the rest', () => {
    const found = compare(row('14.1', '5,000', { words: '已插秧' }), row('17/finding', '是'), row('14.2', ''))
    expect(found.problems).toEqual([])
    expect(found.same).toBe(1)
    expect(found.changes.map(({ subject, after }) => [subject, after.value, after.said, after.words])).toEqual([
      ['14.1', 5000, null, '已插秧'],
      ['17/finding', null, true, ''],
    ])
  })

  it('should name every error by its cell', () => {
    expect(problems(row('14.1', '五千'))).toEqual(['G5 not-a-number error'])
    expect(problems(row('14.1', '-1', { row: 9 }))).toEqual(['G9 negative error'])
    expect(problems(row('14.1', '5000', { version: '1' }))).toEqual(['G5 version-changed error'])
    expect(problems(row('14.2', '5000'))).toEqual(['G5 not-writable error'])
    expect(problems(row('99.1', '5000'))).toEqual(['G5 row-unknown error'])
    expect(problems(row('99.1', ''))).toEqual([])
    expect(problems(row('14.1', '5000'), row('14.1', '6000', { row: 6 }))).toEqual(['G6 row-twice error'])
    expect(problems(row('17/finding', '也许'))).toEqual(['G5 yes-or-no error'])
    expect(problems(row('14.1', '5000', { words: 'x'.repeat(5001) }))).toEqual(['H5 words-too-long error'])
  })

  it('should show a doubt, and take the reason for its answer', () => {
    expect(problems(row('14.1', '3000'))).toEqual(['G5 below-last warning'])
    const found = compare(row('14.1', '3000', { reason: '上月误报' }))
    expect(found.problems).toEqual([])
    expect(found.changes[0]!.after.answers).toEqual([{ check: 'below-last', reason: '上月误报' }])
  })

  it('should change nothing twice: what is there already is the same', () => {
    const standing = { ...rice, words: '已插秧', number: { ...rice.number!, value: 3000, answers: [{ check: 'below-last' as const, reason: '上月误报' }] } }
    const found = compareFilled(file(row('14.1', '3000', { words: '已插秧', reason: '上月误报' })), [standing])
    expect(found).toMatchObject({ changes: [], same: 1, problems: [] })
  })

  it('should read a yes and a no in the ways that people write them', () => {
    for (const text of ['是', ' 有 ', '已完成', 'Yes', '√']) expect(yesOrNo(text)).toBe(true)
    for (const text of ['否', '无', 'NO', '×']) expect(yesOrNo(text)).toBe(false)
    expect(yesOrNo(' ')).toBeNull()
    expect(yesOrNo('也许')).toBeUndefined()
  })
})
