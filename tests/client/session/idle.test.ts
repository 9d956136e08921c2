import { describe, expect, it } from 'vitest'
import { idleAt, isWorthTelling } from '../../../client/session/idle.ts'

const MINUTE = 60_000

describe('a session that nobody uses', () => {
  it('should be fine, then warn three minutes before the earliest end, and be over when the server has ended it for certain', () => {
    expect(idleAt(0, 55 * MINUTE, 60)).toEqual({ state: 'fine' })
    expect(idleAt(0, 56 * MINUTE, 60)).toEqual({ state: 'warn', secondsLeft: 180 })
    expect(idleAt(0, 59 * MINUTE, 60)).toEqual({ state: 'warn', secondsLeft: 0 })
    // Asked now, the server might still mark it as used.
    expect(idleAt(0, 60 * MINUTE, 60)).toEqual({ state: 'warn', secondsLeft: 0 })
    expect(idleAt(0, 60 * MINUTE + 1, 60)).toEqual({ state: 'over' })
  })

  it('should warn in time where the limit is a minute', () => {
    expect(idleAt(0, 29_000, 1)).toEqual({ state: 'fine' })
    expect(idleAt(0, 30_000, 1)).toEqual({ state: 'warn', secondsLeft: 15 })
  })

  it('should tell the server of who is there, and not at every key', () => {
    expect(isWorthTelling(0, 4 * MINUTE, 60)).toBe(false)
    expect(isWorthTelling(0, 5 * MINUTE + 1, 60)).toBe(true)
    expect(isWorthTelling(0, 11_000, 1)).toBe(true)
  })
})
