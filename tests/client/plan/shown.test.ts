import { describe, expect, it } from 'vitest'
import { planShown } from '../../../client/plan/use-plan.ts'

const plan = (year: number, reports: number) => ({ year, reports, district: '', title: '', tasks: 1, measures: 1, source: { name: '', sha256: '', storedAt: '' } })

describe('which plan is shown', () => {
  const list = [plan(2025, 0), plan(2024, 7), plan(2023, 9)]

  it('should be the newest that anybody has reported for, not next year’s that was just stored', () => {
    expect(planShown(list, null)?.year).toBe(2024)
  })

  it('should be the one that the URL names, or none where there is none', () => {
    expect(planShown(list, 2025)?.year).toBe(2025)
    expect(planShown(list, 2031)).toBeUndefined()
  })

  it('should be the newest while nobody has reported for any', () => {
    expect(planShown([plan(2024, 0), plan(2023, 0)], null)?.year).toBe(2024)
    expect(planShown([], null)).toBeUndefined()
  })
})
