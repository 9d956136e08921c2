import { describe, expect, it } from 'vitest'
import { EnvironmentError, readEnvironment } from '../../server/environment.ts'

describe('the environment', () => {
  it('should name what it cannot understand, and keep secrets to itself', () => {
    const read = () => readEnvironment({ PORT: 'many', OPERATOR_KEY: 'too-short', DATABASE_URL: 'mysql://me:hidden@host/x' })
    expect(read).toThrow(EnvironmentError)
    expect(read).toThrow(/PORT=many[^]*OPERATOR_KEY=…|DATABASE_URL=…[^]*PORT=many/)
    expect(read).not.toThrow(/too-short|hidden/)
  })

  it('should take the public address with or without a slash at its end', () => {
    expect(readEnvironment({ PUBLIC_ORIGIN: 'https://Xiangtu.example.gov.cn/' }).publicOrigin).toBe('https://xiangtu.example.gov.cn')
  })
})
