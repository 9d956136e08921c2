import { describe, expect, it } from 'vitest'
import { nextActs, refusalOfAct, stateAfter, type FlowPlace, type FlowReport } from '../../../geo/report/flow.ts'
import type { Grant, Person } from '../../../geo/right/role.ts'

const person = (account: string, ...grants: Grant[]): Person => ({ account, name: account, grants, readOnly: false })
const reporter = person('reporter', { role: 'reporter', scope: '310118110' })
const approver = person('approver', { role: 'approver', scope: '310118110' })
const department = person('department', { role: 'department', scope: '区水务局' })
const office = person('office', { role: 'office', scope: '' })
const place: FlowPlace = { town: '310118110', departments: ['区水务局'], levels: ['department'], month: 'open' }
const twoLevels: FlowPlace = { ...place, levels: ['town', 'department'] }
const report = (state: FlowReport['state'], more: Partial<FlowReport> = {}): FlowReport => ({ state, enteredBy: 'reporter', hasApproved: false, ...more })

describe('the way of a report', () => {
  it.each([
    [null, reporter, place, ['save']],
    ['draft', reporter, place, ['save', 'submit']],
    ['submitted', reporter, place, ['withdraw']],
    ['returned', reporter, place, ['save', 'submit']],
    ['approved', reporter, place, ['correct']],
    ['published', reporter, place, ['correct']],
    ['submitted', department, place, ['approve', 'return']],
    ['approved', department, place, []],
    ['submitted', approver, place, []],
    ['submitted', approver, twoLevels, ['endorse', 'return']],
    ['submitted', department, twoLevels, []],
    ['endorsed', department, twoLevels, ['approve', 'return']],
    ['endorsed', approver, twoLevels, []],
    ['approved', office, place, ['correct', 'publish']],
    ['submitted', person('other', { role: 'department', scope: '区建管委' }), place, []],
  ] as const)('should offer from %s what comes next', (state, who, where, acts) => {
    expect(nextActs(report(state), where, who)).toEqual(acts)
  })

  it('should let nobody approve what they entered', () => {
    const district: FlowPlace = { ...place, town: '310118' }
    expect(refusalOfAct('approve', report('submitted', { enteredBy: 'department' }), district, department)).toBe('own-entry')
    expect(refusalOfAct('approve', report('submitted', { enteredBy: 'department' }), district, office)).toBeNull()
    const both = person('reporter', { role: 'reporter', scope: '310118110' }, { role: 'approver', scope: '310118110' })
    expect(refusalOfAct('endorse', report('submitted'), twoLevels, both)).toBe('own-entry')
  })

  it('should not wait for a town where the department itself reports', () => {
    expect(refusalOfAct('approve', report('submitted', { enteredBy: 'x' }), { ...twoLevels, town: '310118' }, department)).toBeNull()
  })

  it('should take nothing before a month opens, and only corrections once it is closed', () => {
    expect(refusalOfAct('save', report(null), { ...place, month: 'unopened' }, reporter)).toBe('unopened')
    const closed: FlowPlace = { ...place, month: 'closed' }
    expect(refusalOfAct('save', report(null), closed, reporter)).toBe('closed')
    expect(refusalOfAct('correct', report('approved', { hasApproved: true }), closed, reporter)).toBeNull()
    expect(refusalOfAct('save', report('returned', { hasApproved: true }), closed, reporter)).toBeNull()
    // What was handed in before the closing is still reviewed.
    expect(refusalOfAct('approve', report('submitted'), closed, department)).toBeNull()
  })

  it('should keep a returned report in sight while it is mended', () => {
    expect(stateAfter('save', 'returned')).toBe('returned')
    expect(stateAfter('save', null)).toBe('draft')
    expect(stateAfter('submit', 'returned')).toBe('submitted')
    expect(stateAfter('correct', 'published')).toBe('submitted')
  })
})
