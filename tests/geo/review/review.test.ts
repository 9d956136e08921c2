import { describe, expect, it } from 'vitest'
import { calendarOf } from '../../../geo/month/workday.ts'
import { attachmentsChanged, changesSince, daysWaited, deskOf, waitsTooLong } from '../../../geo/review/review.ts'

const TOWN = '310118110'
const DISTRICT = '310118'

describe('whose turn it is', () => {
  it('should be the department’s at once where the plan has one level', () => {
    expect(deskOf('submitted', { town: TOWN, levels: ['department'] })).toBe('department')
  })
  it('should be the town’s first and then the department’s where it has two', () => {
    expect(deskOf('submitted', { town: TOWN, levels: ['town', 'department'] })).toBe('town')
    expect(deskOf('endorsed', { town: TOWN, levels: ['town', 'department'] })).toBe('department')
  })
  it('should be the department’s for the district’s own figures, which no town stands behind', () => {
    expect(deskOf('submitted', { town: DISTRICT, levels: ['town', 'department'] })).toBe('department')
  })
  it('should be the department’s for what a town endorsed before that level was taken out', () => {
    expect(deskOf('endorsed', { town: TOWN, levels: ['department'] })).toBe('department')
  })
  it.each(['draft', 'returned', 'approved', 'published'] as const)('should be nobody’s in state %s', (state) => {
    expect(deskOf(state, { town: TOWN, levels: ['town', 'department'] })).toBeNull()
  })
})

describe('the reviewer’s clock', () => {
  const PLAIN = calendarOf([])
  it('should count days by China’s calendar, not by hours', () => {
    expect(daysWaited(PLAIN, '2023-12-05T15:59:00Z', '2023-12-05')).toBe(0)
    expect(daysWaited(PLAIN, '2023-12-05T16:01:00Z', '2023-12-06')).toBe(0)
    expect(daysWaited(PLAIN, '2023-12-05T15:59:00Z', '2023-12-06')).toBe(1)
  })
  it('should count working days only, with holidays and days worked for them', () => {
    expect(daysWaited(PLAIN, '2023-12-28T02:00:00Z', '2024-01-03')).toBe(4)
    expect(daysWaited(calendarOf([{ day: '2024-01-01', working: false }]), '2023-12-28T02:00:00Z', '2024-01-03')).toBe(3)
    expect(daysWaited(calendarOf([{ day: '2023-12-30', working: true }]), '2023-12-28T02:00:00Z', '2024-01-03')).toBe(5)
  })
  it('should never be negative, whatever clocks say', () => {
    expect(daysWaited(PLAIN, '2024-01-05T02:00:00Z', '2024-01-03')).toBe(0)
  })
  it('should be in time on the last of the days and late on the next', () => {
    expect(waitsTooLong(5, 5)).toBe(false)
    expect(waitsTooLong(6, 5)).toBe(true)
  })
})

describe('what changed since the last decision', () => {
  const before = { value: 10, words: '收割过半', answers: [{ check: 'below-last' as const, reason: '复核' }], attachments: [{ id: 3 }, { id: 7 }] }
  it('should be nothing when only blanks did', () => {
    expect(changesSince(before, { ...before, words: '收割过半 ', answers: [{ check: 'below-last', reason: ' 复核' }] })).toEqual([])
  })
  it('should name each part that did', () => {
    expect(changesSince(before, { ...before, value: 11 })).toEqual(['value'])
    expect(changesSince(before, { value: null, words: '', answers: [], attachments: [] })).toEqual(['value', 'words', 'answers', 'attachments'])
  })
  it('should tell photos and files that came from those that went', () => {
    expect(changesSince(before, { ...before, attachments: [{ id: 7 }, { id: 3 }] })).toEqual([])
    expect(changesSince(before, { ...before, attachments: [{ id: 3 }, { id: 8 }] })).toEqual(['attachments'])
    expect(attachmentsChanged(before.attachments, [{ id: 3 }, { id: 8 }])).toEqual({ added: [{ id: 8 }], removed: [{ id: 7 }] })
  })
  it('should tell nought from nothing', () => {
    expect(changesSince({ ...before, value: 0 }, { ...before, value: null })).toEqual(['value'])
  })
})
