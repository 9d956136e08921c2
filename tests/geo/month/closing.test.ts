import { describe, expect, it } from 'vitest'
import { faultOfDates, refusalOfClosing, refusalOfReopening } from '../../../geo/month/closing.ts'
import { monthsWithDates } from '../../../geo/month/month.ts'

const MONTHS = monthsWithDates(2023).map((month) => ({ ...month, closedOn: month.id < '2023-05' ? month.closesOn : null }))
const month = (id: string) => MONTHS.find((candidate) => candidate.id === id)!

describe('closing a month', () => {
  it('should be possible from its last day on, once every earlier one is closed', () => {
    expect(refusalOfClosing(month('2023-05'), MONTHS, '2023-05-30')).toBe('not-over')
    expect(refusalOfClosing(month('2023-05'), MONTHS, '2023-05-31')).toBeNull()
    expect(refusalOfClosing(month('2023-06'), MONTHS, '2023-07-10')).toBe('earlier-open')
    expect(refusalOfClosing(month('2023-04'), MONTHS, '2023-07-10')).toBe('closed')
  })

  it('should be undone only for a closed one', () => {
    expect(refusalOfReopening(month('2023-04'))).toBeNull()
    expect(refusalOfReopening(month('2023-05'))).toBe('not-closed')
  })
})

describe('the dates of a month', () => {
  it('should follow each other and not begin before the month', () => {
    expect(faultOfDates('2023-05', { opensOn: '2023-05-20', dueOn: '2023-06-05', closesOn: '2023-06-10' })).toBeNull()
    expect(faultOfDates('2023-05', { opensOn: '2023-05-20', dueOn: '2023-05-20', closesOn: '2023-05-20' })).toBeNull()
    expect(faultOfDates('2023-05', { opensOn: '2023-04-30', dueOn: '2023-06-05', closesOn: '2023-06-10' })).toBe('early')
    expect(faultOfDates('2023-05', { opensOn: '2023-05-20', dueOn: '2023-06-11', closesOn: '2023-06-10' })).toBe('order')
  })
})
