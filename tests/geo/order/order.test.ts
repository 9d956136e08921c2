import { describe, expect, it } from 'vitest'
import { isOrderOpen, isOrderOverdue, nextOrderActs, orderStateAfter, orderTarget, refusalOfOrder, type FlowOrder } from '../../../geo/order/order.ts'
import type { Grant, Person } from '../../../geo/right/role.ts'

const person = (...grants: Grant[]): Person => ({ account: 'a', name: 'a', grants, readOnly: false })
const OFFICE = person({ role: 'office', scope: '' })
const LEADER = person({ role: 'leader', scope: '' })
const TOWN = person({ role: 'reporter', scope: '310118110' })
const LEAD = person({ role: 'department', scope: '区农业农村委' })
const order = (change: Partial<FlowOrder> = {}): FlowOrder => ({
  state: 'issued',
  ownerTown: '310118110',
  ownerDepartment: null,
  departments: ['区农业农村委'],
  dueOn: '2023-10-20',
  ...change,
})

describe('a supervision order', () => {
  it('should be answered by its owner only, and closed by who may issue', () => {
    expect(nextOrderActs(order(), TOWN)).toEqual(['answer'])
    expect(nextOrderActs(order(), OFFICE)).toEqual(['extend', 'close', 'cancel'])
    expect(nextOrderActs(order({ state: 'answered' }), LEADER)).toEqual(['return', 'close', 'cancel'])
    expect(refusalOfOrder('answer', order(), person({ role: 'reporter', scope: '310118105' }))).toBe('scope')
    expect(refusalOfOrder('answer', order(), LEAD)).toBe('scope')
    expect(refusalOfOrder('answer', order({ ownerTown: null, ownerDepartment: '区农业农村委' }), LEAD)).toBeNull()
    expect(refusalOfOrder('answer', order({ ownerTown: null, ownerDepartment: '区水务局' }), TOWN)).toBe('scope')
    expect(refusalOfOrder('close', order(), TOWN)).toBe('role')
  })

  it('should be read by its owner and by the departments that lead its task', () => {
    expect(orderTarget(order(), 'order.read')).toEqual({ town: '310118110', departments: ['区农业农村委'] })
    expect(orderTarget(order(), 'order.answer')).toEqual({ town: '310118110', departments: [] })
  })

  it.each(['closed', 'cancelled'] as const)('should be over once it is %s', (state) => {
    for (const who of [OFFICE, TOWN]) expect(nextOrderActs(order({ state }), who)).toEqual([])
    expect(isOrderOpen({ state })).toBe(false)
    expect(isOrderOverdue(order({ state }), '2024-01-01')).toBe(false)
  })

  it('should be open again when the answer is returned, and overdue on the day after its due day', () => {
    expect(orderStateAfter('return')).toBe('issued')
    expect(isOrderOverdue(order(), '2023-10-20')).toBe(false)
    expect(isOrderOverdue(order(), '2023-10-21')).toBe(true)
    expect(isOrderOverdue(order({ state: 'answered' }), '2023-10-21')).toBe(false)
  })
})
