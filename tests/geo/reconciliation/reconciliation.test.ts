import { describe, expect, it } from 'vitest'
import { FARMLAND } from '../../../geo/layer/farmland.ts'
import { ROADS } from '../../../geo/layer/roads.ts'
import { SITES } from '../../../geo/layer/sites.ts'
import { amountInUnit, reconcile, verdictOf, type Drawn } from '../../../geo/reconciliation/reconciliation.ts'
import { FIRST_RECONCILIATION_RULE, isFaultyTolerance } from '../../../geo/reconciliation/rule.ts'
import { flagText, reconciliationText } from '../../../geo/reconciliation/words.ts'
import { M2_PER_MU } from '../../../geo/unit/unit.ts'
import { measureOf, point, quotaOf } from '../light/fixture.ts'

const [A, B, DISTRICT] = ['310118105', '310118110', '310118'] as const
const drawn = (measure: string, town: string | null, amount: number, more: Partial<Drawn> = {}): Drawn => ({
  measure,
  town,
  amount,
  features: 1,
  counted: 1,
  unlocated: 0,
  crossing: 0,
  outside: 0,
  elsewhere: 0,
  into: 0,
  overlap: 0,
  beyond: 0,
  twice: 0,
  demo: false,
  ...more,
})
const MEASURES = [
  measureOf({ id: '9.1', name: 'C级较差道路', unit: '公里', kind: 'length', quotas: [quotaOf(9, DISTRICT)] }),
  measureOf({ id: '14.1', quotas: [quotaOf(100, A), quotaOf(200, B)] }),
  measureOf({ id: '24.1', unit: '万亩', kind: 'keep', quotas: [quotaOf(0.4168, A)] }),
  measureOf({ id: '21.2', unit: '家', kind: 'count', quotas: [quotaOf(2, A)] }),
  measureOf({ id: '99.1' }),
]
const base = { tasks: [{ no: 1, measures: MEASURES }], layers: [FARMLAND, ROADS, SITES], year: 2023, month: '2023-09', district: DISTRICT, rule: FIRST_RECONCILIATION_RULE }
const rowsOf = (more: Partial<Parameters<typeof reconcile>[0]>) => reconcile({ ...base, series: [], drawn: [], ...more })

describe('reported held against drawn', () => {
  it('should compare in the measure’s own unit', () => {
    expect(amountInUnit('area', 4168 * M2_PER_MU, '万亩')).toBe(0.4168)
    expect(amountInUnit('length', 3200.4, '公里')).toBe(3.2)
    expect(amountInUnit('count', 3, '家')).toBe(3)
    expect([amountInUnit('area', 1, '公里'), amountInUnit('count', 1, '亩')]).toEqual([null, null])
  })

  it.each([
    [100, 97, 'agrees', false],
    [100, 95, 'agrees', false],
    [100, 94.9, 'more-reported', true],
    [100, 106, 'more-drawn', true],
    [0, 0, 'agrees', false],
    [0, 4, 'more-drawn', true],
  ])('should hold %d against %d: %s', (reported, amount, verdict, flagged) => expect(verdictOf(reported, amount, 1, 'unit', 5)).toMatchObject({ verdict, flagged }))

  it('should tell nothing drawn, nothing reported and nothing at all apart', () => {
    expect(verdictOf(3, 0, 0, 'unit', 5)).toMatchObject({ verdict: 'not-drawn', flagged: true, difference: 3, share: 1 })
    expect(verdictOf(null, 3, 2, 'unit', 5)).toMatchObject({ verdict: 'not-reported', flagged: false, difference: null })
    expect(verdictOf(null, 0, 0, 'unit', 5)).toMatchObject({ verdict: 'nothing', flagged: false })
    // Planned only: it is drawn, and counts for nothing yet.
    expect(verdictOf(2, 0, 2, 'unit', 5)).toMatchObject({ verdict: 'more-reported', flagged: true })
  })

  it('should take the approved value at the month’s end, keep what waits apart, and say of which month it is', () => {
    const series = [{ measure: '14.1', town: A, points: [point('2023-07', 80), point('2023-09', 95, 'submitted'), point('2023-10', 99)] }]
    const row = rowsOf({ series, drawn: [drawn('14.1', A, 80 * M2_PER_MU)] }).find(({ town }) => town === A)!
    expect(row).toMatchObject({ reported: 80, reportedFor: '2023-07', claimed: 95, drawn: 80, verdict: 'agrees' })
    expect(reconciliationText(row, 'zh-CN')).toBe('上报 80 亩，图上 80 亩，完全一致；待审 95 亩；上报值为 2023年7月 所报')
  })

  it('should put the total of all units first, and name who is silent', () => {
    const series = [{ measure: '14.1', town: A, points: [point('2023-09', 100)] }]
    const rows = rowsOf({ series, drawn: [drawn('14.1', A, 80 * M2_PER_MU), drawn('14.1', B, 40 * M2_PER_MU), drawn('14.1', '310118P01', 10 * M2_PER_MU)] }).filter(({ measure }) => measure === '14.1')
    expect(rows.map(({ town, scope, verdict }) => [town, scope, verdict])).toEqual([[DISTRICT, 'total', 'more-drawn'], [A, 'unit', 'more-reported'], [B, 'unit', 'not-reported'], ['310118P01', 'unit', 'not-reported']]) // prettier-ignore
    expect(rows[0]).toMatchObject({ reported: 100, drawn: 130, explanations: [{ note: 'silent', n: 1 }] })
    expect(rows[3]!.explanations).toEqual([{ note: 'unquoted' }])
  })

  it('should show a town’s part of what only the district reports, and explain what was left out', () => {
    const series = [{ measure: '9.1', town: DISTRICT, points: [point('2023-09', 3.2)] }]
    const rows = rowsOf({ series, drawn: [drawn('9.1', A, 1600, { crossing: 2, overlap: 120, twice: 30.4 }), drawn('9.1', B, 1000, { beyond: 55 }), drawn('9.1', null, 0, { unlocated: 1 })] })
    const [all, a] = rows.filter(({ measure }) => measure === '9.1')
    expect(all).toMatchObject({ town: DISTRICT, scope: 'unit', reported: 3.2, drawn: 2.6, difference: 0.6, verdict: 'more-reported', flagged: true, features: 3 })
    expect(reconciliationText(all!, 'zh-CN')).toBe(
      '上报 3.2 公里，图上 2.6 公里，差 0.6 公里（18.8%）；2 个要素跨镇，全部计入主要所在的街镇；1 个要素尚未定位；桩号重叠 120 米，只计一次；桩号超出路段终点 55 米，未计；与其他路段重复绘制 30 米，只计一次',
    )
    expect(flagText(all!, 'zh-CN')).toBe('账图不符（账多图少）：上报 3.2 公里，图上 2.6 公里，差 0.6 公里（18.8%）。')
    expect(flagText(all!, 'en')).toBe('Map: more reported, reported 3.2 km, drawn 2.6 km, 0.6 km (18.8%) apart.')
    expect(a).toMatchObject({ town: A, scope: 'part', reported: null, drawn: 1.6, verdict: 'unsplit', flagged: false })
  })

  it('should say how many have come so far, and leave measures alone that nothing is drawn for', () => {
    const rows = rowsOf({ series: [{ measure: '21.2', town: A, points: [point('2023-09', 2)] }], drawn: [drawn('21.2', A, 1, { features: 2, counted: 1 })] })
    expect(rows.filter(({ measure }) => measure === '99.1')).toEqual([])
    expect(reconciliationText(rows.find(({ measure, town }) => measure === '21.2' && town === A)!, 'en')).toMatch(/^reported 2, drawn 1, 1 \(50.0%\) apart; 1 of 2 features have come so far that they count$/)
    expect([5, 0, 50].some(isFaultyTolerance)).toBe(false)
    expect([-1, 51, Number.NaN].every(isFaultyTolerance)).toBe(true)
  })
})
