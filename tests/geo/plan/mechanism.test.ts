import { describe, expect, it } from 'vitest'
import { faultOfMechanisms, findWords } from '../../../geo/plan/mechanism.ts'
import type { TaskMechanism } from '../../../geo/plan/plan.ts'

const quota: TaskMechanism = { mechanism: 'quota', period: null, source: null }
const task = { name: '长江禁渔', requirement: '每月上报排查结果，挂账销账。', leads: ['区农业农村委'], townText: '各街镇落实', deadlineText: '12月底', mechanisms: [quota] }
const submission: TaskMechanism = { mechanism: 'submission', period: { every: 1, unit: 'month' }, source: { field: 'requirement', start: 0, end: 8 } }
const fault = (...edited: TaskMechanism[]) => faultOfMechanisms(task, edited)

describe('mechanisms as edited', () => {
  it('should be added and taken away, with a period and the words that ask for them', () => {
    expect(fault(quota, submission)).toBeNull()
    expect(fault(quota, { ...submission, period: null, source: null })).toBeNull()
    expect(faultOfMechanisms({ ...task, mechanisms: [quota, submission] }, [quota])).toBeNull()
  })

  it('should keep to what is possible', () => {
    expect(fault(quota, submission, submission)).toBe('repeated')
    expect(fault(submission)).toBe('numbers-changed')
    expect(fault(quota, { mechanism: 'milestone', period: null, source: null })).toBe('numbers-changed')
    for (const every of [0, 1.5, 51]) expect(fault(quota, { ...submission, period: { every, unit: 'month' } })).toBe('period-out-of-range')
    for (const [start, end] of [[5, 5], [0, 99], [-1, 3]] as const) expect(fault(quota, { ...submission, source: { field: 'requirement', start, end } })).toBe('words-outside')
  })

  it('should find the words where they stand', () => {
    expect(findWords(task, ' 每月上报 ')).toEqual({ field: 'requirement', start: 0, end: 4 })
    expect(findWords(task, '各街镇')).toEqual({ field: 'townText', start: 0, end: 3 })
    expect(findWords(task, '每季度')).toBeNull()
    expect(findWords(task, ' ')).toBeNull()
  })
})
