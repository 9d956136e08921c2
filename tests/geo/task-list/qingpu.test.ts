import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Measure, Task } from '../../../geo/plan/plan.ts'
import { readTaskList } from '../../../geo/task-list/read.ts'
import { toPlan } from '../../../geo/task-list/resolve.ts'
import { documentFromText } from '../../../geo/task-list/text.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'
import { CATEGORIES, ELEVEN, PROBLEMS, TASKS, TOWN_SPLIT } from './qingpu-table.ts'

const source = readFileSync(new URL('../../../seeds/task-lists/2023-310118.txt', import.meta.url), 'utf8')
const document = documentFromText(source, '2023-310118.txt')
const list = readTaskList(document, { district: QINGPU })
const task = (no: number): Task => list.tasks.find((t) => t.no === no) as Task
const measure = (no: number, name: string): Measure => {
  const found = task(no).measures.find((m) => m.name === name)
  if (!found)
    throw new Error(
      `task ${no} has no measure ${name}, only ${task(no)
        .measures.map((m) => m.name)
        .join(', ')}`,
    )
  return found
}
const mechanisms = (no: number): string[] => task(no).mechanisms.map((m) => m.mechanism)

describe('the 2023 list of Qingpu', () => {
  it('should say whose list of which year it is', () => {
    expect([list.title, list.year, list.district]).toEqual(['2023 年上海市青浦区乡村振兴重点任务清单', 2023, '青浦区'])
  })

  it('should have 11 categories under their right titles in spite of three typos', () => {
    expect(list.categories).toEqual(CATEGORIES.map((name, i) => ({ no: i + 1, name })))
  })

  it('should have 56 tasks with numbers, category, name, leads, deadline and towns', () => {
    expect(list.tasks).toHaveLength(56)
    const read = list.tasks.map((t) => [
      t.no,
      t.municipalNo,
      t.category.no,
      t.name,
      t.leads.join('、'),
      t.deadline,
      t.towns.length > 0 && t.towns.length <= 3 ? t.towns.join('、') : t.towns.length,
    ])
    expect(read).toEqual(TASKS)
    expect(new Set(list.tasks.flatMap((t) => t.leads)).size).toBe(19)
    expect(list.tasks.every((t) => t.partners.length === 0)).toBe(true)
  })

  it('should split exactly 21 measures by town, with 133 figures, exactly as written and where they are written', () => {
    expect(TOWN_SPLIT.flatMap((m) => Object.keys(m.quotas))).toHaveLength(133)
    for (const hand of TOWN_SPLIT) {
      const read = measure(hand.task, hand.name)
      expect([read.unit, read.kind, read.allocation, read.target, read.targetText]).toEqual([
        hand.unit,
        hand.kind,
        hand.allocation,
        hand.target,
        hand.targetText,
      ])
      expect(read.quotas.map((q) => [q.town, q.target])).toEqual(
        Object.entries(hand.quotas).map(([town, figure]) => [town, Number(figure)]),
      )
      for (const quota of read.quotas) {
        const { townText } = task(hand.task)
        expect(townText.slice(quota.source?.start, quota.source?.end)).toBe(hand.quotas[quota.town])
        expect(townText.slice(quota.townSource?.start, quota.townSource?.end)).toBe(quota.town)
      }
    }
    const named = list.tasks.flatMap((t) =>
      t.measures.filter((m) => m.allocation === 'named').map((m) => `${t.no} ${m.name}`),
    )
    expect(named).toEqual(TOWN_SPLIT.filter((m) => m.allocation === 'named').map((m) => `${m.task} ${m.name}`))
  })

  it('should keep every span on its words', () => {
    for (const t of list.tasks) {
      const cell = {
        name: t.name,
        requirement: t.requirement,
        townText: t.townText,
        deadline: t.deadlineText,
        leads: t.leads.join('、'),
      }
      for (const m of t.measures) {
        if (m.targetText !== null && m.targetSource)
          expect(cell[m.targetSource.field].slice(m.targetSource.start, m.targetSource.end)).toBe(m.targetText)
        for (const q of m.quotas) {
          const text = q.source
            ? t.townText.slice(q.source.start, q.source.end)
            : q.requirementSource
              ? t.requirement.slice(q.requirementSource.start, q.requirementSource.end)
              : null
          if (text !== null) expect(Number((/^[\d.]+/.exec(text) as RegExpExecArray)[0])).toBe(q.target)
          else expect(q.target).toBeNull()
        }
      }
      for (const m of t.mechanisms)
        if (m.source)
          expect(cell[m.source.field].slice(m.source.start, m.source.end).length).toBe(m.source.end - m.source.start)
    }
  })

  it('should give every town that a task names a quota, and every task without towns one for the district', () => {
    for (const t of list.tasks) {
      const reached = new Set(t.measures.flatMap((m) => m.quotas.map((q) => q.town)))
      for (const town of t.towns) expect(reached.has(town), `${t.no} ${town}`).toBe(true)
      if (t.towns.length === 0) expect([...reached]).toEqual(['青浦区'])
      for (const m of t.measures)
        if (m.allocation === 'total' || m.allocation === 'together')
          expect(m.quotas.map((q) => q.town)).toEqual(['青浦区'])
      expect(t.measures.map((m) => m.id)).toEqual(t.measures.map((_, i) => `${t.no}.${i + 1}`))
    }
    expect(task(46).measures.at(-1)).toMatchObject({
      kind: 'stage',
      target: null,
      quotas: [{ town: '重固镇', target: null, source: null }],
    })
    expect(
      task(50)
        .measures.at(-1)
        ?.quotas.map((q) => q.town),
    ).toEqual(['赵巷镇', '徐泾镇', '盈浦街道', '香花桥街道'])
  })

  it('should give names to measures that read well in a table and differ within a task', () => {
    for (const t of list.tasks) {
      const names = t.measures.map((m) => m.name)
      expect(new Set(names).size).toBe(names.length)
      for (const name of names) {
        expect(name.length).toBeGreaterThanOrEqual(3)
        expect(name.length).toBeLessThanOrEqual(18)
        expect(name).not.toMatch(/[，。；：]|不少于|不低于|达到$/)
      }
    }
  })

  it.each([
    [39, '上报村居', '个', 1],
    [44, '上报盘活案例', '个', 1],
    [45, '“三下乡”等活动数', '场', 6],
    [45, '六个我践行文明实践志愿服务活动品牌数', '个', 3],
    [48, '培训社会体育指导员', '人次', 60],
    [49, '推荐劳动教育实践基地', '个', 2],
  ])('should read in task %i that each of 11 towns has to deliver: %s', (no, name, unit, each) => {
    const read = measure(no, name)
    expect([read.allocation, read.unit]).toEqual(['each', unit])
    expect(read.quotas.map((q) => [q.town, q.target])).toEqual(ELEVEN.map((town) => [town, each]))
  })

  it.each([
    [9, 'C级较差道路', 'length', 9, '公里', 'total'],
    [9, '临河有安全隐患路段的局部整治', 'length', 4, '公里', 'total'],
    [10, '农村低收入户危旧房改造', 'count', 16, '户', 'total'],
    [11, '提档升级农村公路改造（公里）', 'length', 32.56, '公里', 'total'],
    [14, '病虫害危害损失率', 'rate', 5, '%', 'total'],
    [15, '常年菜田基本保有量总面积', 'keep', 4.1, '万亩', 'total'],
    [19, '绿色田园先行片区建设', 'count', 1, '个', 'together'],
    [22, '秸秆综合利用率', 'rate', 98, '%', 'total'],
    [23, '监督抽查中农兽药残留不合格率', 'rate', 1, '%', 'total'],
    [27, '新建高标准农田', 'amount', 1000, '亩', 'total'],
    [30, '培育高素质农民', 'count', 426, '人', 'total'],
    [33, '发展市星级乡村民宿', 'count', 2, '家', 'together'],
    [41, '新建“平安屋”', 'count', 66, '个', 'total'],
    [42, '招商项目', 'count', 1, '个', 'together'],
    [47, '村卫生室', 'count', 50, '家', 'total'],
    [47, '社区卫生服务站标准化建设', 'count', 3, '家', 'total'],
    [47, '常住人口家庭医生签约率', 'rate', 40, '%', 'total'],
    [47, '乡村医生岗位培训', 'amount', 200, '人次', 'total'],
    [54, '乡村振兴固定观察点建设', 'count', 4, '个', 'total'],
  ] as const)('should read in task %i for the whole district: %s', (no, name, kind, target, unit, allocation) => {
    const read = measure(no, name)
    expect([read.kind, read.target, read.unit, read.allocation]).toEqual([kind, target, unit, allocation])
    expect(read.quotas).toHaveLength(1)
  })

  it('should turn limits round', () => {
    expect(measure(14, '病虫害危害损失率').direction).toBe('atMost')
    expect(measure(23, '监督抽查中农兽药残留不合格率').direction).toBe('atMost')
    expect(measure(22, '秸秆综合利用率').direction).toBe('atLeast')
  })

  it('should date the steps of tasks 3, 13 and 14, and of no other', () => {
    const dated = list.tasks.flatMap((t) =>
      t.measures
        .filter((m) => m.milestones.length > 0)
        .map((m) => [t.no, m.milestones.map((s) => [s.name, s.due, s.share])]),
    )
    expect(dated).toEqual([
      [3, [['正式申报', '2023-09-30', 1 / 2]]],
      [13, [['非经营性自建房排查', '2023-04-30', 1 / 3], ['隐患整治', '2023-05-31', 2 / 3], ['验收销项', '2023-06-30', 1]]],
      [14, [['水稻种植', '2023-06-20', 0.85], ['水稻收割', '2023-11-30', 1]]],
    ]) // prettier-ignore
    const [planted] = measure(14, '粮食生产任务').milestones
    expect(task(14).townText.slice(planted?.source?.start, planted?.source?.end)).toBe(
      '6 月 20 日前完成水稻种植 85% 以上',
    )
  })

  it('should see which mechanisms each task asks for', () => {
    for (const no of [7, 9, 10, 13, 17, 20, 23, 24, 44]) expect(mechanisms(no), `finding ${no}`).toContain('finding')
    for (const no of [8, 9, 17, 23, 38]) expect(mechanisms(no), `inspection ${no}`).toContain('inspection')
    for (const no of [7, 16, 17, 29, 35, 42, 43, 50, 54])
      expect(mechanisms(no), `submission ${no}`).toContain('submission')
    for (const no of [1, 2, 12, 22, 34, 36]) expect(mechanisms(no), `plain ${no}`).toEqual(['quota'])
    const found = (no: number, mechanism: string): unknown => {
      const entry = task(no).mechanisms.find((m) => m.mechanism === mechanism)
      const text = entry?.source
        ? task(no)[entry.source.field as 'requirement'].slice(entry.source.start, entry.source.end)
        : ''
      return [entry?.period, text]
    }
    expect(found(9, 'inspection')).toEqual([{ every: 3, unit: 'year' }, '不少于三年一轮'])
    expect(found(17, 'submission')).toEqual([{ every: 1, unit: 'month' }, '每月上报排查结果'])
    expect(found(17, 'finding')).toEqual([null, '挂账销账'])
    expect(found(54, 'submission')).toEqual([{ every: 1, unit: 'month' }, '每月提交1篇有质量的案例素材'])
  })

  it('should report what is odd, and nothing that is not', () => {
    expect(list.problems.map((p) => `${p.task ?? '-'} ${p.kind}`).toSorted()).toEqual([...PROBLEMS].toSorted())
    const about = (no: number, kind: string): string[] =>
      list.problems.filter((p) => p.task === no && p.kind === kind).map((p) => p.message)
    expect(about(11, 'statements-differ')).toEqual(['「提档升级农村公路改造（公里）」两处数字不一致：32公里 与 32.56公里'])
    expect(about(48, 'statements-differ')).toEqual([
      '「培训社会体育指导员」两处数字不一致：600 人次 与 11 × 60 = 660 人次',
    ])
    expect(about(21, 'statements-differ')).toEqual(['「水产健康养殖示范场创建」两处数字不一致：1家 与 2家'])
    expect(about(50, 'category-unlikely')[0]).toContain('增强乡村振兴保障力度')
    expect(about(42, 'each-or-together')).toEqual([
      '「白鹤镇、朱家角镇、练塘镇、金泽镇完成1个招商项目」未说明是各自完成还是共同完成，按共同完成处理',
    ])
  })

  it('should say exactly by how much a sum is off', () => {
    const off = readTaskList(documentFromText(source.replace('赵巷镇 3950 亩', '赵巷镇 3950.1 亩'), 'x.txt'), {
      district: QINGPU,
    })
    expect(off.problems.filter((p) => p.kind === 'sum-differs').map((p) => [p.task, p.params])).toEqual([
      [14, { name: '粮食生产任务', sum: 124000.1, total: 124000, unit: '亩', difference: 0.1 }],
    ])
  })

  it('should take tags out of cells and count spans in what is left', () => {
    expect(task(15).townText).not.toMatch(/[<>]/)
    expect(task(15).townText.split('\n')).toHaveLength(3)
  })

  it('should read the same quotas without knowing the district, regions excepted', () => {
    const stranger = readTaskList(document)
    const figures = (l: typeof list): unknown =>
      l.tasks
        .filter((t) => t.no !== 33 && t.no !== 55)
        .map((t) =>
          t.measures.map((m) => [m.name, m.unit, m.target, m.quotas.map((q) => `${q.town} ${q.target}`).toSorted()]),
        )
    expect(figures(stranger)).toEqual(figures(list))
  })

  it('should become a plan with codes', () => {
    const { list: plan, problems } = toPlan(list, QINGPU)
    expect(problems).toEqual([])
    const units = plan.tasks.flatMap((t) => [...t.towns, ...t.measures.flatMap((m) => m.quotas.map((q) => q.town))])
    expect([...new Set(units)].toSorted()).toEqual([QINGPU.code, ...QINGPU.towns.map((t) => t.code)].toSorted())
    expect(plan.tasks[13]?.measures[0]?.quotas.at(-1)).toMatchObject({ town: '310118P01', target: 3350 })
    expect(plan.tasks[32]?.towns).toEqual(['310118102', '310118103', '310118104'])
  })

  it('should name towns that the district does not have', () => {
    const strange = readTaskList(
      documentFromText(source.replace('重固镇 1 个、练塘镇', '洞泾镇 1 个、练塘镇'), 'x.txt'),
      { district: QINGPU },
    )
    const { list: plan, problems } = toPlan(strange, QINGPU)
    expect(problems.map((p) => [p.task, p.kind, p.severity, p.params])).toEqual([
      [1, 'town-unknown', 'error', { town: '洞泾镇' }],
    ])
    expect(plan.tasks[0]?.towns).toEqual(['310118105', '洞泾镇', '310118103'])
  })

  const FIGURES = '(?= ?[亩吨])'
  const NEXT_TOWN = '、(?=[\\u4e00-\\u9fff]{2,4}(?:镇|街道) ?\\d)'
  it.each<[string, (text: string) => string]>([
    [
      'full width',
      (text) =>
        text.replace(new RegExp(`(?<=[\\u4e00-\\u9fff ])\\d+(?:\\.\\d+)?${FIGURES}`, 'g'), (d) =>
          d.replace(/[0-9.]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
        ),
    ],
    ['without spaces', (text) => text.replaceAll(' ', '')],
    ['with non-breaking spaces', (text) => text.replaceAll(' ', '\u00a0')],
    ['with thousands separators', (text) => text.replace(new RegExp(`\\b(\\d{1,3})(\\d{3})${FIGURES}`, 'g'), '$1,$2')],
    ['with other line ends', (text) => text.replaceAll('\n', '\r\n')],
    ['with semicolons between towns', (text) => text.replace(new RegExp(NEXT_TOWN, 'g'), '；')],
    ['with commas between towns', (text) => text.replace(new RegExp(NEXT_TOWN, 'g'), '，')],
    ['with a tab at each row’s end', (text) => text.replace(/^(.*\t.*)$/gm, '$1\t')],
    ['in one table with one head', (text) => text.replace(/\n\n类别.*\n/g, (m, at: number) => (at < 100 ? m : '\n'))],
  ])('should give the same figures written %s', (_, edit) => {
    const figures = (from: typeof list): unknown =>
      from.tasks.map((t) => [
        t.no,
        t.category.no,
        t.leads,
        t.deadline,
        t.towns,
        t.measures.map((m) => [m.unit, m.kind, m.target, m.quotas.map((q) => [q.town, q.target])]),
      ])
    const changed = edit(source)
    expect(changed).not.toBe(source)
    expect(figures(readTaskList(documentFromText(changed, 'x.txt'), { district: QINGPU }))).toEqual(figures(list))
  })
})
