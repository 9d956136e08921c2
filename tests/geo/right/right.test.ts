import { describe, expect, it } from 'vitest'
import { ACTIONS, can, refusalOf, type Action } from '../../../geo/right/right.ts'
import { isGrantComplete, ROLES, type Grant, type Person, type Role } from '../../../geo/right/role.ts'

const person = (...grants: Grant[]): Person => ({ account: 'someone', name: 'Someone', grants, readOnly: false })
const OWN: Record<string, string> = { town: '310118110', department: '区水务局', district: '' }
const grantOf = (role: Role): Grant => ({ role, scope: OWN[ROLES[role].scope]! })

describe('rights', () => {
  it.each(Object.keys(ACTIONS) as Action[])('should give %s to the roles of the table and to nobody else', (action) => {
    for (const role of Object.keys(ROLES) as Role[]) {
      const granted = role in ACTIONS[action].who
      expect(can(person(grantOf(role)), action), role).toBe(granted)
      if (!granted) expect(refusalOf(person(grantOf(role)), action), role).toBe('role')
    }
  })

  it('should keep a town to itself', () => {
    const reporter = person(grantOf('reporter'))
    expect(refusalOf(reporter, 'report.write', { town: '310118110', departments: ['区建管委'] })).toBeNull()
    expect(refusalOf(reporter, 'report.write', { town: '310118105', departments: ['区建管委'] })).toBe('scope')
    expect(refusalOf(reporter, 'report.read', { town: '310118105', departments: [] })).toBe('scope')
  })

  it('should let a department review every town in its tasks, and write only what it reports for the district', () => {
    const department = person(grantOf('department'))
    expect(can(department, 'report.review', { town: '310118105', departments: ['区水务局', '区建管委'] })).toBe(true)
    expect(refusalOf(department, 'report.review', { town: '310118105', departments: ['区建管委'] })).toBe('scope')
    expect(refusalOf(department, 'report.write', { town: '310118105', departments: ['区水务局'] })).toBe('scope')
    expect(can(department, 'report.write', { town: '310118', departments: ['区水务局'] })).toBe(true)
  })

  it('should add up the roles of one person', () => {
    const both = person(grantOf('reporter'), { role: 'reporter', scope: '310118105' })
    expect(can(both, 'report.write', { town: '310118105' })).toBe(true)
    expect(refusalOf(both, 'report.write', { town: '310118106' })).toBe('scope')
  })

  it('should let who looks as somebody else see and change nothing', () => {
    for (const action of Object.keys(ACTIONS) as Action[]) {
      const roles = Object.keys(ACTIONS[action].who) as Role[]
      const looking = { ...person(...roles.map(grantOf)), readOnly: true }
      expect(refusalOf(looking, action), action).toBe('looks' in ACTIONS[action] ? null : 'looking-as')
    }
  })

  it('should let nobody do what signing in is needed for', () => {
    for (const action of Object.keys(ACTIONS) as Action[]) expect(refusalOf(null, action)).toBe('signed-out')
  })

  it('should know which roles need a place', () => {
    expect(isGrantComplete({ role: 'reporter', scope: '' })).toBe(false)
    expect(isGrantComplete({ role: 'reporter', scope: '310118110' })).toBe(true)
    expect(isGrantComplete({ role: 'leader', scope: '310118110' })).toBe(false)
  })
})
