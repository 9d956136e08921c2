import { readFileSync } from 'node:fs'
import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson'
import { describe, expect, it } from 'vitest'
import { countsBetween, ledgerDay, ledgerWords, monthlyCounts, sumCounts, type FindingDays } from '../../../geo/finding/counts.ts'
import { codeUseOf, dueDayOf, FINDING_STATES, isFindingOverdue, nextFindingActs, refusalOfFinding, stepsFrom, type FindingState, type FlowFinding } from '../../../geo/finding/finding.ts'
import { dayWritten, letterOf, readLedger } from '../../../geo/finding/import.ts'
import { degreesOf, townOfPlace } from '../../../geo/finding/place.ts'
import { findingReminders } from '../../../geo/finding/reminders.ts'
import { messageText } from '../../../geo/message/words.ts'
import { calendarOf } from '../../../geo/month/workday.ts'
import type { Grant, Person } from '../../../geo/right/role.ts'
import { unitNames } from '../../../geo/town/names.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'
import { demoFindings, demoLedger } from '../../../seeds/demo/findings.ts'

const BAIHE = '310118110'
const ZHAOXIANG = '310118105'
const LEAD = '区农业农村委'
const who = (...grants: Grant[]): Person => ({ account: 'x', name: 'x', grants, readOnly: false })
const TOWN = who({ role: 'reporter', scope: BAIHE })
const LEADS = who({ role: 'department', scope: LEAD })
const OFFICE = who({ role: 'office', scope: '' })
const in_ = (state: FindingState): FlowFinding => ({ state, town: BAIHE, departments: [LEAD] })
const none = calendarOf([])

describe('the way of a finding', () => {
  it.each([
    ['hung', ['edit', 'fix'], ['edit', 'cancel'], ['edit', 'fix', 'cancel']],
    ['fixed', ['edit'], ['edit', 'strike', 'return', 'cancel'], ['edit', 'strike', 'return', 'cancel']],
    ['struck', [], [], ['check', 'return']],
    ['checked', [], [], []],
    ['cancelled', [], [], []],
  ] as const)('should lead on from %s as town, department and office may', (state, town, department, office) => {
    expect([TOWN, LEADS, OFFICE].map((person) => nextFindingActs(in_(state), person))).toEqual([town, department, office])
  })

  it('should be nobody else’s, and say why', () => {
    const other = who({ role: 'reporter', scope: ZHAOXIANG })
    const elsewhere = who({ role: 'department', scope: '区建管委' })
    expect(refusalOfFinding('fix', in_('hung'), other)).toBe('scope')
    expect(refusalOfFinding('strike', in_('fixed'), elsewhere)).toBe('scope')
    expect(refusalOfFinding('strike', in_('fixed'), TOWN)).toBe('role')
    expect(refusalOfFinding('strike', in_('hung'), LEADS)).toBe('state')
    expect(refusalOfFinding('return', in_('struck'), LEADS)).toBe('role')
    expect(refusalOfFinding('fix', in_('hung'), null)).toBe('signed-out')
    expect(refusalOfFinding('fix', in_('hung'), { ...TOWN, readOnly: true })).toBe('looking-as')
    for (const role of ['leader', 'planner', 'auditor', 'admin'] as const) expect(nextFindingActs(in_('hung'), who({ role, scope: '' }))).toEqual([])
    expect((Object.keys(FINDING_STATES) as FindingState[]).map(stepsFrom)).toEqual([['fix', 'cancel'], ['strike', 'return', 'cancel'], ['check', 'return'], [], []])
  })

  it('should be overdue the day after its due day, until it is put right', () => {
    expect(isFindingOverdue({ state: 'hung', dueOn: '2023-06-20' }, '2023-06-20')).toBe(false)
    expect(isFindingOverdue({ state: 'hung', dueOn: '2023-06-20' }, '2023-06-21')).toBe(true)
    expect(isFindingOverdue({ state: 'fixed', dueOn: '2023-06-20' }, '2023-06-21')).toBe(false)
  })

  it('should be due by its code, on a working day', () => {
    expect(dueDayOf('2023-06-02', 'red', none)).toBe('2023-06-09')
    expect(dueDayOf('2023-06-03', 'red', none)).toBe('2023-06-12')
    expect(dueDayOf('2023-06-01', 'green', calendarOf([{ day: '2023-07-01', working: true }]))).toBe('2023-07-01')
    expect(dueDayOf('2023-06-01', null, none)).toBe('2023-06-16')
  })

  it('should have a safety code where the document speaks of it', () => {
    expect(codeUseOf({ name: '自建房排查整治', requirement: '房屋“红黄绿”安全码动态管理' })).toBe('asked')
    expect(codeUseOf({ name: '村内路桥', requirement: '临河有安全隐患路段的局部整治' })).toBe('possible')
    expect(codeUseOf({ name: '长江禁渔', requirement: '挂账销账' })).toBe('none')
  })
})

describe('counts for 动态清零', () => {
  const one = (foundOn: string, dueOn: string, fixedOn: string | null, clearedOn: string | null, more: Partial<FindingDays> = {}): FindingDays => ({ task: 17, town: BAIHE, foundOn, dueOn, fixedOn, clearedOn, count: 1, demo: false, ...more })
  const days = [
    one('2023-05-10', '2023-05-25', '2023-05-20', '2023-05-31'),
    one('2023-05-11', '2023-05-26', '2023-06-05', '2023-06-08', { count: 2 }),
    one('2023-06-30', '2023-07-15', null, null),
    one('2023-06-01', '2023-06-16', null, null, { town: ZHAOXIANG }),
  ]

  it.each([
    ['2023-05-01', '2023-05-30', { found: 3, cleared: 0, left: 3, overdue: 2 }],
    ['2023-05-01', '2023-05-31', { found: 3, cleared: 1, left: 2, overdue: 2 }],
    ['2023-06-01', '2023-06-05', { found: 1, cleared: 0, left: 3, overdue: 0 }],
    ['2023-06-01', '2023-06-30', { found: 2, cleared: 2, left: 2, overdue: 1 }],
    ['2023-04-01', '2023-04-30', { found: 0, cleared: 0, left: 0, overdue: 0 }],
    ['2023-07-16', '2023-07-16', { found: 0, cleared: 0, left: 2, overdue: 2 }],
  ])('should say of %s to %s what was found, cleared and left', (from, to, counts) => {
    expect(countsBetween(days, from, to)).toEqual(counts)
  })

  it('should go by month, task and town, up to the day', () => {
    const counts = monthlyCounts(days, ['2023-04', '2023-05', '2023-06', '2023-07'], '2023-06-16')
    expect(counts.map(({ month, town, found, cleared, left, overdue }) => [month, town, found, cleared, left, overdue])).toEqual([
      ['2023-05', BAIHE, 3, 1, 2, 2],
      ['2023-06', BAIHE, 0, 2, 0, 0],
      ['2023-06', ZHAOXIANG, 1, 0, 1, 0],
    ])
    expect(sumCounts(counts.filter(({ month }) => month === '2023-06'))).toEqual({ found: 1, cleared: 2, left: 1, overdue: 0 })
  })

  it('should be said in words, and looked at on the right day', () => {
    expect(ledgerWords({ found: 0, cleared: 0, left: 0, overdue: 0 })).toBe('已排查，未发现新问题，台账已清零。')
    expect(ledgerWords({ found: 3, cleared: 1, left: 2, overdue: 1 })).toBe('本期发现 3 处，销账 1 处，期末在账 2 处（逾期 1 处）。')
    expect(ledgerWords({ found: 1, cleared: 2, left: 0, overdue: 0 })).toContain('动态清零')
    const plan = { startsOn: '2023-01-01', endsOn: '2023-12-31' }
    expect(['2023-06-01', '2024-02-01', '2026-11-25'].map((today) => ledgerDay(plan, today))).toEqual(['2023-06-01', '2024-02-01', '2023-12-31'])
  })
})

describe('the place of a finding', () => {
  const bounded = new Set([BAIHE, ZHAOXIANG])
  const near = [{ town: BAIHE, metres: 0 }, { town: ZHAOXIANG, metres: 420 }]

  it('should say whose it is', () => {
    expect(townOfPlace(near, null, bounded)).toEqual({ town: BAIHE, border: false })
    expect(townOfPlace(near, ZHAOXIANG, bounded)).toEqual({ town: ZHAOXIANG, border: true })
    expect(townOfPlace(near.slice(0, 1), ZHAOXIANG, bounded)).toEqual({ problem: 'town-other', towns: [BAIHE] })
    expect(townOfPlace(near, '310118P01', bounded)).toEqual({ town: '310118P01', border: false })
    expect(townOfPlace(near.slice(1), null, bounded)).toEqual({ town: ZHAOXIANG, border: true })
    expect(townOfPlace([], '310118P01', bounded)).toEqual({ problem: 'outside', towns: [] })
  })

  it.each([
    ['121.135', 121.135],
    ['31.2426667°', 31.2426667],
    ['121°08′06″', 121.135],
    ['N 31° 14\' 33.6"', 31.2426667],
    ['121度8分6秒', 121.135],
    ['121°61′00″', null],
    ['590684', null],
    ['一二一', null],
    ['', null],
  ])('should be read from %s', (text, degrees) => {
    expect(degreesOf(text)).toBe(degrees)
  })
})

describe('a ledger from Excel', () => {
  const task = (no: number, requirement: string, ledger = true) => ({ no, name: `任务${no}`, requirement, mechanisms: ledger ? [{ mechanism: 'finding' as const, period: null, source: null }] : [] })
  const context = { tasks: [task(13, '“红黄绿”安全码'), task(17, '挂账销账'), task(1, '', false)], district: QINGPU, calendar: none, today: '2023-06-30', startsOn: '2023-01-01' }
  const HEAD = ['编号', '任务*', '街镇', '问题', '经度', '纬度', '安全码', '来源', '发现日期', '整改期限']
  const read = (...rows: string[][]) => readLedger({ rows: [['2023 年台账'], HEAD, ...rows] }, context)!
  const GOOD = ['A1', '13 自建房', '白鹤', '擅自加层', '121.135', '31.2427', '红', '群众反映', '2023年6月2日', '']

  it('should become findings, each with its due day', () => {
    const { rows, problems } = read(GOOD, Array<string>(10).fill(''), ['', '17', '', '地笼网', '121°08′06″', '31.2', '', '', '2023/6/5', '2023-06-08'])
    expect(problems).toEqual([])
    expect(rows).toMatchObject([
      { row: 3, ref: 'A1', task: 13, town: BAIHE, title: '擅自加层', place: [121.135, 31.2427], code: 'red', source: 'public', foundOn: '2023-06-02', dueOn: '2023-06-09' },
      { row: 5, ref: null, task: 17, town: null, place: [121.135, 31.2], code: null, source: 'self', foundOn: '2023-06-05', dueOn: '2023-06-08' },
    ])
  })

  it.each([
    [1, '99', 'B3', 'task-unknown'],
    [1, '1', 'B3', 'task-without-ledger'],
    [2, '朱泾镇', 'C3', 'town-unknown'],
    [3, '', 'D3', 'title-missing'],
    [3, '长'.repeat(121), 'D3', 'text-too-long'],
    [4, '590684.1', 'E3', 'degrees-invalid'],
    [5, '', 'F3', 'degrees-invalid'],
    [6, '紫', 'G3', 'code-unknown'],
    [6, '', 'G3', 'code-missing'],
    [7, '电话', 'H3', 'source-unknown'],
    [8, '2023-02-30', 'I3', 'day-invalid'],
    [8, '2023-07-01', 'I3', 'day-in-future'],
    [8, '2022-12-31', 'I3', 'day-before-plan'],
    [9, '2023-06-01', 'J3', 'due-before-found'],
  ])('should be told of column %i “%s” that %s is %s', (column, content, cell, problem) => {
    const { rows, problems } = read(GOOD.map((text, i) => (i === column ? content : text)))
    expect(rows).toEqual([])
    expect(problems.map((one) => [`${one.letter}${one.row}`, one.problem])).toEqual([[cell, problem]])
  })

  it('should tell a number that is there twice, a code where there is none, and a column that is missing', () => {
    expect(read(GOOD, GOOD).problems).toMatchObject([{ row: 4, column: 'ref', letter: 'A', problem: 'ref-repeated' }])
    expect(read(GOOD.with(1, '17')).problems).toMatchObject([{ column: 'code', problem: 'code-needless' }])
    expect(readLedger({ rows: [['任务', '问题', '发现日期'], ['13', '加层', '2023-06-01']] }, context)!.problems.map(({ column }) => column)).toEqual(['lon', 'lat'])
    expect(readLedger({ rows: [['姓名', '电话']] }, context)).toBeNull()
    expect([0, 25, 26, 701, 702].map(letterOf)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA'])
    expect(dayWritten('2023.6.8')).toBe('2023-06-08')
  })
})

describe('reminders of findings', () => {
  const input = { year: 2023, today: '2023-06-20', calendar: none, rule: { orderBefore: 2, overdueEvery: 3 }, tasks: [{ no: 17, name: '禁渔', leads: [LEAD] }], unitName: unitNames }
  const hung = (dueOn: string, count = 1) => ({ task: 17, town: BAIHE, dueOn, count, demo: true })

  it('should tell the town before the due day, and from it on again and further up', () => {
    expect(findingReminders({ ...input, hung: [hung('2023-06-23')] })).toEqual([])
    const [soon] = findingReminders({ ...input, hung: [hung('2023-06-22', 2)] })
    expect(soon).toMatchObject({ kind: 'finding-due', to: [{ role: 'reporter', scope: BAIHE }], params: { count: 2, demo: true } })
    const [first] = findingReminders({ ...input, hung: [hung('2023-06-19'), hung('2023-06-16', 2)] })
    expect(first).toMatchObject({ kind: 'finding-overdue', key: `finding-overdue/2023/17/${BAIHE}/2023-06-16/0`, to: [{ role: 'reporter', scope: BAIHE }], params: { count: 3, days: 2 } })
    const [second] = findingReminders({ ...input, today: '2023-06-23', hung: [hung('2023-06-16')] })
    expect(second!.to).toEqual([{ role: 'reporter', scope: BAIHE }, { role: 'approver', scope: BAIHE }, { role: 'department', scope: LEAD }])
    expect(messageText('finding-overdue', first!.params, 'zh-CN')).toBe('〔演示〕白鹤镇任务 17“禁渔”有 3 处台账问题逾期未整改（最早期限 2023-06-16，已逾期 2 个工作日）。')
    expect(messageText('finding-overdue', first!.params, 'en')).toContain('3 findings are overdue')
  })
})

describe('the demonstration’s ledger', () => {
  const { features } = JSON.parse(readFileSync(new URL('../../../seeds/towns.geojson', import.meta.url), 'utf8')) as FeatureCollection<Polygon | MultiPolygon, { code: string }>
  const shapes = features.map(({ properties, geometry }) => ({ code: properties.code, geometry }))
  const measure = { id: '13.1', quotas: [BAIHE, ZHAOXIANG, '310118P01'].map((town) => ({ town, target: 1 })) }
  const tasks = [
    { no: 13, name: '推进农村自建房安全隐患排查整治', requirement: '“红黄绿”安全码', deadline: '2023-06-30', mechanisms: [{ mechanism: 'finding' as const, period: null, source: null }], measures: [measure] },
    { no: 14, name: '粮食生产', requirement: '', deadline: null, mechanisms: [], measures: [measure] },
  ] as unknown as Parameters<typeof demoFindings>[1]
  const plan = { startsOn: '2023-01-01', endsOn: '2023-12-31' }
  const made = demoFindings(plan, tasks, shapes, none)

  it('should be the same every time, of tasks with a ledger only, within the year, and go its way in order', () => {
    expect(demoFindings(plan, tasks, shapes, none)).toEqual(made)
    expect(made.length).toBeGreaterThanOrEqual(3)
    for (const { task, foundOn, code, words, steps } of made) {
      expect(task).toBe(13)
      expect(foundOn <= '2023-06-30' && foundOn >= '2023-01-01').toBe(true)
      expect(code).not.toBeNull()
      expect(words).toMatch(/^演示数据/)
      expect(steps.map(({ day }) => day)).toEqual(steps.map(({ day }) => day).toSorted())
      steps.slice(1).forEach((step, i) => expect(nextFindingActs({ ...in_(steps[i]!.state), departments: [LEAD] }, OFFICE)).toContain(step.act))
    }
  })

  it('should be counted as its steps say', () => {
    const counts = demoLedger(made, 13, BAIHE, '2023-01-01', '2023-12-31')
    const its = made.filter(({ town }) => town === BAIHE)
    expect(counts.found).toBe(its.length)
    expect(counts.cleared + counts.left).toBe(its.length)
  })
})
