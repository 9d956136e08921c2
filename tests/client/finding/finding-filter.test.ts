import { describe, expect, it } from 'vitest'
import { conditionsOf, filterOfQuery, isFiltered, queryOfFilter } from '../../../client/finding/finding-filter.ts'
import { lookOf } from '../../../client/finding/look.ts'

const NOTHING = { town: null, task: null, q: '' }

describe('what of the ledger is shown', () => {
  it('should stand in the address and come back from it', () => {
    const query = { state: 'hung', code: 'red', source: 'public', overdue: '1', order: 'no', page: '3', show: 'counts' }
    expect(queryOfFilter(filterOfQuery(query))).toEqual(query)
    expect(Object.values(queryOfFilter(filterOfQuery({}))).filter((value) => value !== undefined)).toEqual([])
    expect(filterOfQuery({ state: 'lost', code: ['red'], overdue: 'yes', order: 'x', page: '-1' })).toEqual(filterOfQuery({}))
  })

  it('should be asked of the server by the names that it knows', () => {
    const filter = filterOfQuery({ state: 'open', overdue: '1', page: '2' })
    expect(conditionsOf(filter, { town: '310118110', task: 17, q: '地笼 & 网' })).toBe('town=310118110&task=17&q=%E5%9C%B0%E7%AC%BC+%26+%E7%BD%91&state=hung%2Cfixed&overdue=true')
    expect(isFiltered(filterOfQuery({ page: '2', order: 'no' }), NOTHING)).toBe(false)
    expect(isFiltered(filter, NOTHING)).toBe(true)
  })

  it('should look overdue before anything else', () => {
    expect(lookOf({ state: 'hung', overdue: true })).toBe('overdue')
    expect(lookOf({ state: 'struck', overdue: false })).toBe('struck')
  })
})
