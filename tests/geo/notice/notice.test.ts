import { describe, expect, it } from 'vitest'
import { faultsOfNotice, periodOf, phaseOf, rowDifferences, type FrozenNotice, type NoticeDraft, type NoticeRow } from '../../../geo/notice/notice.ts'

const FIGURE = { measure: '14.1', town: '310118105' }
const DRAFT: NoticeDraft = { title: '公示', words: '', contact: '区乡村振兴办', month: '2023-11', days: 7, figures: [FIGURE] }
const GOOD = { ...FIGURE, approved: true, waits: false }
const row = (town: string, value: number, target = 100) => ({ task: 14, measure: '14.1', town, value, target }) as NoticeRow
const notice = (rows: NoticeRow[], part: Partial<FrozenNotice> = {}) => ({ title: '公示', words: '', contact: '', month: '2023-11', rows, ...part }) as FrozenNotice

describe('the period of a notice', () => {
  it('should count the day of publishing, and end with its last day', () => {
    expect(periodOf('2023-12-28', 7)).toEqual({ from: '2023-12-28', until: '2024-01-03' })
    expect(phaseOf({ until: '2024-01-03' }, '2024-01-03')).toBe('open')
    expect(phaseOf({ until: '2024-01-03' }, '2024-01-04')).toBe('over')
  })
})

describe('a draft', () => {
  it('should be publishable with a title, a contact and approved figures', () => {
    expect(faultsOfNotice(DRAFT, [GOOD], null)).toEqual([])
    expect(faultsOfNotice({ ...DRAFT, title: ' ', contact: '' }, [], null)).toEqual(['title-missing', 'contact-missing', 'figures-missing'])
    expect(faultsOfNotice(DRAFT, [{ ...GOOD, approved: false }], null)).toEqual(['figure-not-approved'])
    expect(faultsOfNotice(DRAFT, [{ ...GOOD, waits: true }], null)).toEqual(['figure-waits'])
  })

  it('should say why it corrects a published one, and change something', () => {
    const before = notice([row('a', 1)])
    expect(faultsOfNotice(DRAFT, [GOOD], { before, after: notice([row('a', 2)]), reason: '复核' })).toEqual([])
    expect(faultsOfNotice(DRAFT, [GOOD], { before, after: notice([row('a', 2)]), reason: ' ' })).toEqual(['reason-missing'])
    expect(faultsOfNotice(DRAFT, [GOOD], { before, after: before, reason: '复核' })).toEqual(['nothing-changed'])
    expect(faultsOfNotice(DRAFT, [GOOD], { before, after: { ...before, words: '补充说明' }, reason: '复核' })).toEqual([])
  })
})

describe('two versions', () => {
  it('should differ in rows that are new, gone, or of another value or target', () => {
    const before = [row('a', 1), row('b', 2), row('c', 3), row('e', 5)]
    const after = [row('a', 1), row('b', 4), row('d', 6), row('e', 5, 200)]
    expect(rowDifferences(before, after).map(({ town, before: was, after: is }) => [town, was, is])).toEqual([
      ['b', 2, 4],
      ['d', null, 6],
      ['e', 5, 5],
      ['c', 3, null],
    ])
  })
})
