import { describe, expect, it } from 'vitest'
import { inspectionOf, inspectionText, monthsAfter, NOTICE_DAYS } from '../../../geo/bridge/inspection.ts'
import { dayNumber, isoDay } from '../../../geo/month/day.ts'

const TODAY = '2023-09-15'
const lastOn = (inspectedOn: string | undefined, cycle: unknown = 36) => inspectionOf({ cycle, inspectedOn }, TODAY)

describe('the inspection of bridges', () => {
  it('should be due so many months later, on the month’s last day where there is no such day', () => {
    expect([monthsAfter('2020-08-12', 36), monthsAfter('2023-01-31', 1), monthsAfter('2020-02-29', 12), monthsAfter('2023-11-30', 3)]).toEqual(['2023-08-12', '2023-02-28', '2021-02-28', '2024-02-29'])
  })

  it.each([
    ['2022-01-01', 'green'],
    ['2020-10-16', 'green'],
    ['2020-10-15', 'yellow'],
    ['2020-09-15', 'yellow'],
    ['2020-09-14', 'red'],
    [undefined, 'red'],
    // Not known on that day.
    ['2023-10-01', 'red'],
  ])('should light a bridge that was last inspected on %s %s', (inspectedOn, light) => expect(lastOn(inspectedOn).light).toBe(light))

  it('should be grey where no cycle is given, and turn yellow exactly so many days before', () => {
    expect(lastOn('2020-08-12', null)).toEqual({ light: 'grey', due: null, days: null })
    expect(inspectionOf({ cycle: 12, inspectedOn: '2022-12-01' }, isoDay(dayNumber('2023-12-01') - NOTICE_DAYS)).light).toBe('yellow')
    expect(inspectionOf({ cycle: 12, inspectedOn: '2022-12-01' }, isoDay(dayNumber('2023-12-01') - NOTICE_DAYS - 1)).light).toBe('green')
  })

  it('should say why', () => {
    expect(inspectionText(lastOn('2020-08-12'), 'zh-CN')).toBe('应于2023年8月12日前检查，已过期 34 天')
    expect(inspectionText(lastOn('2020-08-12'), 'en')).toBe('Due by 12 Aug 2023, overdue for 34 days')
    expect(inspectionText(lastOn('2020-09-20'), 'zh-CN')).toBe('应于2023年9月20日前检查，还有 5 天')
    expect([inspectionText(lastOn(undefined), 'zh-CN'), inspectionText(lastOn(undefined, null), 'en')]).toEqual(['没有检查记录', 'No inspection cycle given'])
  })
})
