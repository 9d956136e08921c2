import { describe, expect, it } from 'vitest'
import type { LightRecord } from '../../../geo/light/record.ts'
import { changesOfLight, monthsLater, redsForOrders, type StandingRed } from '../../../geo/light/record.ts'
import type { Light } from '../../../geo/light/light.ts'
import { monthsWithDates } from '../../../geo/month/month.ts'
import { calendarOf } from '../../../geo/month/workday.ts'
import { missingSubmissions } from '../../../geo/reminder/missing.ts'
import { isRunning, remindersOf, type ReminderInput } from '../../../geo/reminder/reminders.ts'
import { faultOfReminderRule, FIRST_REMINDER_RULE, isQuiet } from '../../../geo/reminder/rule.ts'
import { digestLines, messageText } from '../../../geo/message/words.ts'
import { pauseAfter, stateAfterTry } from '../../../geo/message/message.ts'
import type { ReportState } from '../../../geo/report/report.ts'
import { measureOf, quotaOf } from '../light/fixture.ts'

const BAIHE = '310118110'
const input = (change: Partial<ReminderInput> = {}): ReminderInput => ({
  year: 2023,
  today: '2023-07-03',
  calendar: calendarOf([]),
  rule: FIRST_REMINDER_RULE,
  months: monthsWithDates(2023),
  missing: new Map([['2023-06', [{ task: 14, subject: '14.1', town: BAIHE }, { task: 15, subject: '15.1', town: BAIHE }, { task: 25, subject: '25.1', town: '310118' }]]]),
  tasks: [{ no: 14, name: '水稻', leads: ['区农业农村委'] }, { no: 25, name: '医疗', leads: ['区卫生健康委'] }],
  reds: [],
  orders: [],
  waiting: [],
  unitName: (code) => ({ zh: code, en: code }),
  ...change,
})
const keys = (change: Partial<ReminderInput>) => remindersOf(input(change)).map(({ key }) => key)

describe('reminders of a month', () => {
  it('should go out some working days before it is due, to whoever reports, and not earlier', () => {
    // Due on Wednesday 5 July; two working days before is Monday.
    expect(keys({ today: '2023-07-02' })).toEqual([])
    const told = remindersOf(input())
    expect(told.map(({ kind, to, params }) => [kind, to, params.missing])).toEqual([
      ['report-due', [{ role: 'reporter', scope: BAIHE }], 2],
      ['report-due', [{ role: 'department', scope: '区卫生健康委' }], 1],
    ])
    expect(keys({ today: '2023-07-05' })).toEqual(keys({}))
  })

  it('should come again while they are overdue, and reach the approver from the second time on', () => {
    const first = remindersOf(input({ today: '2023-07-06' }))[0]!
    expect(first).toMatchObject({ kind: 'report-overdue', key: `report-overdue/2023/2023-06/${BAIHE}/0`, params: { days: 1 }, to: [{ role: 'reporter' }] })
    expect(keys({ today: '2023-07-10' })[0]).toBe(first.key)
    const second = remindersOf(input({ today: '2023-07-11' }))[0]!
    expect(second).toMatchObject({ key: `report-overdue/2023/2023-06/${BAIHE}/1`, params: { days: 4 } })
    expect(second.to).toContainEqual({ role: 'approver', scope: BAIHE })
  })

  it('should end when the month is closed', () => {
    const months = monthsWithDates(2023).map((month) => (month.id === '2023-06' ? { ...month, closedOn: '2023-07-10' } : month))
    expect(keys({ today: '2023-07-11', months })).toEqual([])
  })

  it('should be for submissions too, each about its own month, of whatever had not left its town or came back', () => {
    const task = { no: 17, deadline: null, measures: [measureOf({ quotas: [quotaOf(1, BAIHE), quotaOf(1, '310118103')] })], mechanisms: [{ mechanism: 'finding' as const, period: null, source: null }] }
    const handed = (town: string, month: string, state: ReportState) => ({ task: 17, kind: 'finding' as const, item: '', town, month, state })
    const missing = (...points: ReturnType<typeof handed>[]) => missingSubmissions([task], points, '2023-06').map(({ town }) => town)
    expect(missing()).toEqual([BAIHE, '310118103'])
    expect(missing(handed(BAIHE, '2023-07', 'approved'), handed('310118103', '2023-06', 'submitted'))).toEqual([BAIHE])
    expect(missing(handed(BAIHE, '2023-06', 'returned'), handed('310118103', '2023-06', 'endorsed'))).toEqual([BAIHE])
    const both = new Map(['2023-05', '2023-06'].map((month) => [month, [{ task: 17, subject: '17/finding', town: BAIHE }]]))
    expect(keys({ missing: both })).toEqual([`report-overdue/2023/2023-05/${BAIHE}/6`, `report-due/2023/2023-06/${BAIHE}`])
  })

  it('should be for plans that run only', () => {
    const plan = { startsOn: '2023-01-01', endsOn: '2023-12-31' }
    expect(['2022-12-31', '2023-01-01', '2024-03-30', '2024-03-31'].map((day) => isRunning(plan, day))).toEqual([false, true, true, false])
  })
})

describe('reminders of lights, orders and reviews', () => {
  const red: LightRecord = { task: 14, measure: '14.1', town: BAIHE, day: '2023-07-01', light: 'red', before: 'yellow', reasonKey: 'behind', reasonParams: { kind: 'amount', unit: '亩', year: 2023, expected: 0.5, done: 0.2, gap: 30, value: 20, target: 100, need: 25, green: 5 }, cause: 'night', demo: true }

  it('should tell town and department of a red light once, in both languages, and that it is a demonstration', () => {
    const told = remindersOf(input({ missing: new Map(), reds: [red, { ...red, measure: '14.2' }] }))
    expect(told).toHaveLength(1)
    expect(told[0]!.to).toEqual([{ role: 'reporter', scope: BAIHE }, { role: 'approver', scope: BAIHE }, { role: 'department', scope: '区农业农村委' }])
    expect(messageText('light-red', told[0]!.params, 'zh-CN')).toMatch(/^〔演示〕.*任务 14“水稻”转为红灯：.*再完成 25 亩可转绿/)
    expect(messageText('light-red', told[0]!.params, 'en')).toContain('25 mu more make it green')
  })

  it('should tell of an order before and after its due day, and of no answered one', () => {
    const order = { id: 3, no: 7, title: '整改', state: 'issued' as const, dueOn: '2023-07-05', ownerTown: BAIHE, ownerDepartment: null, demo: false }
    const only = (today: string, state: 'issued' | 'answered' = 'issued') => keys({ today, missing: new Map(), orders: [{ ...order, state }] })
    expect(only('2023-06-30')).toEqual([])
    expect(only('2023-07-03')).toEqual(['order-due/3/2023-07-05'])
    expect(only('2023-07-06')).toEqual(['order-overdue/3/2023-07-05/0'])
    expect(only('2023-07-11')).toEqual(['order-overdue/3/2023-07-05/1'])
    expect(only('2023-07-11', 'answered')).toEqual([])
  })

  it('should remind a department, or a town’s approver, of what waits longer than the set days', () => {
    const waiting = (since: string, desk: 'town' | 'department' = 'department', scope = '区农业农村委') => keys({ missing: new Map(), waiting: [{ month: '2023-05', desk, scope, count: 4, since }] })
    expect(waiting('2023-06-28')).toEqual([])
    expect(waiting('2023-06-27')).toEqual(['review-waiting/2023/2023-05/区农业农村委/2023-06-27/0'])
    expect(waiting('2023-06-27', 'town', BAIHE)).toEqual([`review-waiting/2023/2023-05/${BAIHE}/2023-06-27/0`])
  })
})

describe('records of lights', () => {
  const light = (change: Partial<Light>) => ({ task: 1, measure: '1.1', town: BAIHE, light: 'red', reasonKey: 'behind', reasonParams: {}, demo: false, ...change }) as Light
  const standing = (change: Partial<StandingRed>): StandingRed => ({ task: 1, measure: '1.1', town: BAIHE, since: '2023-04-30', reasonKey: 'behind', reasonParams: {}, demo: false, ...change })

  it('should hold changes only, and no first grey', () => {
    expect(changesOfLight([light({ light: 'grey' })], new Map(), '2023-01-01', 'night')).toEqual([])
    expect(changesOfLight([light({})], new Map([[`1.1|${BAIHE}`, 'red']]), '2023-01-02', 'night')).toEqual([])
    expect(changesOfLight([light({})], new Map([[`1.1|${BAIHE}`, 'yellow']]), '2023-01-02', 'report')).toMatchObject([{ before: 'yellow', light: 'red', day: '2023-01-02', cause: 'report' }])
    expect(changesOfLight([light({ light: 'grey' })], new Map([[`1.1|${BAIHE}`, 'red']]), '2023-01-03', 'night')).toMatchObject([{ before: 'red', light: 'grey' }])
  })

  it('should make an order of what is red for months: one for a task and unit', () => {
    expect(redsForOrders([standing({})], 2, '2023-06-29')).toEqual([])
    expect(redsForOrders([standing({}), standing({ measure: '1.2', since: '2023-03-01' })], 2, '2023-06-30')).toMatchObject([{ measure: '1.2' }])
    expect(redsForOrders([standing({})], 0, '2023-12-31')).toEqual([])
    expect(monthsLater('2023-12-31', 2)).toBe('2024-02-29')
    expect(monthsLater('2023-03-31', -1)).toBe('2023-02-28')
  })
})

describe('quiet hours, tries and words', () => {
  it('should be quiet over midnight', () => {
    expect(['19:59', '20:00', '23:00', '07:59', '08:00'].map((time) => isQuiet(FIRST_REMINDER_RULE, time))).toEqual([false, true, true, true, false])
    expect(isQuiet({ quietFrom: '08:00', quietUntil: '08:00' }, '08:00')).toBe(false)
    expect(isQuiet({ quietFrom: '12:00', quietUntil: '13:30' }, '12:30')).toBe(true)
  })

  it('should refuse settings out of their limits', () => {
    expect(faultOfReminderRule(FIRST_REMINDER_RULE)).toBeNull()
    expect(faultOfReminderRule({ ...FIRST_REMINDER_RULE, orderDays: 0 })).toBe('orderDays')
    expect(faultOfReminderRule({ ...FIRST_REMINDER_RULE, quietFrom: '24:00' })).toBe('quietFrom')
  })

  it('should send again in doubt only where the channel can tell', () => {
    const unsure = { is: 'unsure', why: '' } as const
    expect(stateAfterTry(unsure, 'email')).toBe('waiting')
    for (const kind of ['wecom', 'dingtalk', 'feishu'] as const) expect(stateAfterTry(unsure, kind)).toBe('unsure')
    expect(stateAfterTry({ is: 'refused', why: '' }, 'email')).toBe('failed')
    expect(stateAfterTry({ is: 'away', why: '' }, 'feishu')).toBe('waiting')
    expect([1, 2, 3, 4, 5, 50].map(pauseAfter)).toEqual([1, 2, 4, 8, 15, 15])
  })

  it('should gather a day by kinds, and cut long lists', () => {
    const entry = { kind: 'note' as const, params: { zh: '甲', en: 'a' } }
    const due = { kind: 'report-due' as const, params: { unit: '白鹤镇', unitEn: 'Baihe', month: '2023-06', missing: 2, dueOn: '2023-07-05' } }
    expect(digestLines([entry, due, entry, entry], 'zh-CN', 2)).toEqual(['【临近报送】1', '· 白鹤镇 2023 年 6 月还有 2 项未报送，截止 2023-07-05。', '【通知】3', '· 甲', '· 甲', '· 另有 1 条'])
    expect(digestLines([due], 'en')[1]).toBe('· Baihe: 2 reports for 2023-06 are still missing; due 2023-07-05.')
  })
})
