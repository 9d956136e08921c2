import { describe, expect, it } from 'vitest'
import { lightOf } from '../../../geo/light/lights.ts'
import { reasonText } from '../../../geo/light/reason.ts'
import type { Measure } from '../../../geo/plan/plan.ts'
import type { Point } from '../../../geo/report/report.ts'
import { input, measureOf, point, RICE_MILESTONES } from './fixture.ts'

const both = (asOf: string, points: Point[], measure: Measure) => {
  const light = lightOf(input(asOf, points, measure))
  return [light.reason, reasonText(light, 'en')]
}
const rice = measureOf({ milestones: RICE_MILESTONES }, 21600)
const yearly = (part: Partial<Measure>, target: number | null) => measureOf(part, target)

describe('the reason of a light', () => {
  it('should say what a missed milestone asked for and what it takes to be green', () => {
    expect(both('2023-06-21', [point('2023-05', 13456)], rice)).toEqual([
      '6 月 20 日节点“水稻种植”应完成 85.0%，未达到；现应完成 85.1%，已完成 62.3%（13,456/21,600 亩），落后 22.8 个百分点；再完成 4,904 亩可转绿。自 6 月 15 日起亮红灯。',
      'Milestone “水稻种植” missed: 85.0% by 20 June; now 85.1% expected, 62.3% done (13,456/21,600 mu), 22.8 points behind; 4,904 mu more make it green. Red since 15 June.',
    ])
  })

  it('should say how far behind', () => {
    expect(both('2023-09-30', [point('2023-09', 60.5)], yearly({}, 100))).toEqual([
      '应完成 74.7%，已完成 60.5%（60.5/100 亩），落后 14.2 个百分点；再完成 9.3 亩可转绿。自 9 月 30 日起亮黄灯。',
      '74.7% expected, 60.5% done (60.5/100 mu), 14.2 points behind; 9.3 mu more make it green. Yellow since 30 September.',
    ])
  })

  it('should say how far ahead, or behind within the threshold', () => {
    expect(both('2023-09-30', [point('2023-09', 80)], yearly({}, 100))[0]).toBe(
      '应完成 74.7%，已完成 80.0%（80/100 亩），超前 5.3 个百分点。自 9 月 30 日起亮绿灯。',
    )
    expect(both('2023-09-30', [point('2023-09', 72)], yearly({}, 100))[0]).toContain(
      '落后 2.7 个百分点，在 5 个百分点以内。',
    )
  })

  it('should say that it is done, and when it is more than that', () => {
    expect(both('2023-09-30', [point('2023-09', 500)], yearly({ unit: '吨' }, 500))[0]).toBe(
      '已完成：500/500 吨（100.0%）。自 9 月 30 日起亮绿灯。',
    )
    expect(both('2023-09-30', [point('2023-09', 52.5)], yearly({}, 50))).toEqual([
      '已超额完成：52.5/50 亩（105.0%）。自 9 月 30 日起亮绿灯。',
      'More than done: 52.5/50 mu (105.0%). Green since 30 September.',
    ])
  })

  it('should ask for whole things of what is counted', () => {
    expect(both('2023-09-30', [point('2023-09', 3)], yearly({ kind: 'count', unit: '个' }, 8))[0]).toContain(
      '（3/8 个），落后 37.2 个百分点；再完成 3 个可转绿。',
    )
  })

  it('should name the deadline that has passed, with the year when it is another', () => {
    expect(both('2024-01-10', [point('2023-12', 90)], yearly({}, 100))).toEqual([
      '12 月 31 日到期，已完成 90.0%（90/100 亩），落后 10.0 个百分点；再完成 10 亩可转绿。自 2024 年 1 月 1 日起亮红灯。',
      'Due on 31 December: 90.0% done (90/100 mu), 10.0 points behind; 10 mu more make it green. Red since 1 January 2024.',
    ])
  })

  it('should say that nothing was reported, and what follows', () => {
    expect(both('2023-09-30', [], yearly({ unit: '万亩' }, 0.4168))).toEqual([
      '应完成 74.7%，尚无已审核的上报，按未完成计，落后 74.7 个百分点；再完成 0.2907 万亩可转绿。自 3 月 15 日起亮红灯。',
      '74.7% expected, no approved report yet, which counts as nothing done: 74.7 points behind; 0.2907 10⁴ mu more make it green. Red since 15 March.',
    ])
  })

  it('should speak of levels where a rate is meant', () => {
    expect(both('2023-09-30', [point('2023-09', 60)], yearly({ kind: 'rate', unit: '%' }, 98))).toEqual([
      '应达到目标的 74.7%，已达到 61.2%（现为 60%，目标 98%），落后 13.5 个百分点；再提高 9 个百分点可转绿。自 9 月 30 日起亮黄灯。',
      '74.7% of the target expected, 61.2% reached (now 60%, target 98%), 13.5 points behind; 9 more percentage points make it green. Yellow since 30 September.',
    ])
  })

  it('should speak of percentages where a stage has no number', () => {
    expect(both('2023-09-30', [point('2023-09', 60)], yearly({ kind: 'stage', unit: '' }, null))[0]).toBe(
      '应完成 74.7%，已完成 60.0%，落后 14.7 个百分点；再推进 9.8 个百分点可转绿。自 9 月 30 日起亮黄灯。',
    )
  })

  it('should say what is to be kept and what must not be exceeded', () => {
    const keep = yearly({ kind: 'keep', unit: '万亩' }, 2.1634)
    expect(both('2023-09-30', [point('2023-02', 2.2), point('2023-09', 2.16)], keep)).toEqual([
      '现为 2.16 万亩，低于应保有的 2.1634 万亩；补足 0.0034 万亩可转绿。自 9 月 30 日起亮红灯。',
      'Now 2.16 10⁴ mu, below the 2.1634 10⁴ mu to be kept; 0.0034 10⁴ mu more make it green. Red since 30 September.',
    ])
    const limit = yearly({ kind: 'rate', unit: '%', direction: 'atMost' }, 5)
    expect(both('2023-09-30', [point('2023-02', 5), point('2023-09', 6.2)], limit)[0]).toBe(
      '现为 6.2%，超过上限 5%；降低 1.2 个百分点可转绿。自 9 月 30 日起亮红灯。',
    )
    expect(both('2023-09-30', [point('2023-09', 4)], limit)[1]).toBe(
      'Now 4%, within the limit of 5%. Green since 30 September.',
    )
  })

  it('should say that nothing is due, without a since', () => {
    expect(both('2023-01-01', [], yearly({}, 100))).toEqual(['尚未到期，目前没有进度要求。', 'Nothing is due yet.'])
  })
})
