import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sum } from '../../../geo/number/decimal.ts'
import type { Measure, Task, TaskList } from '../../../geo/plan/plan.ts'
import { applyCorrections } from '../../../geo/task-list/corrections.ts'
import { readTaskList } from '../../../geo/task-list/read.ts'
import { toPlan } from '../../../geo/task-list/resolve.ts'
import type { SourceDocument } from '../../../geo/task-list/source.ts'
import { documentFromText } from '../../../geo/task-list/text.ts'
import { writeTaskList } from '../../../geo/task-list/write.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'
import { MATRIX, PROSE, SECTIONED, STARRED, TORN } from './sisters.ts'

const source = readFileSync(new URL('../../../seeds/task-lists/2023-310118.txt', import.meta.url), 'utf8')

const TOWNS = [
  '朱溪镇',
  '柳泾镇',
  '石堰镇',
  '白塔乡',
  '桥湾街道',
  '浦荣街道',
  '滨海工业园区',
  '大泖镇',
  '小昆镇',
  '青柘镇',
]
const DEPARTMENTS = [
  '区农业农村委',
  '区建管委',
  '区规划资源局',
  '区发改委（金融办）',
  '区委农办',
  '公安滨湖分局',
  '区文明办',
  '区水务局',
  '区总工会',
]
const THINGS = ['高标准农田', '美丽庭院', '农村公路', '水肥一体化', '冷链仓库', '农业机械库房', '绿色食品基地', '村级养老站点', '生态廊道', '田间道路', '观察点位', '健身步道'] // prettier-ignore
const RATES = ['秸秆综合利用率', '农药利用率', '家庭医生签约率', '垃圾分类达标率', '耕地流转率']
const CATEGORIES = ['产业振兴', '人居环境提升', '农村改革', '公共服务', '“两个示范村”建设', '乡村治理', '科技支撑', '文化繁荣', '人才培育', '生态保护', '组织保障', '资金投入'] // prettier-ignore
const VERBS = ['推进', '加强', '完善', '开展', '提升']
const COUNTED = ['个', '家', '户', '项', '场', '座'] as const
const MEASURED = ['亩', '万亩', '公里', '吨', '人次', '亩次'] as const

const figure = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 9999 }) },
  fc.integer({ min: 1, max: 99_999_999 }).map((n) => n / 10_000),
  fc.integer({ min: 1, max: 9_999_999 }).map((n) => n / 100),
)
const someTowns = (least: number): fc.Arbitrary<string[]> =>
  fc.subarray(TOWNS, { minLength: least, maxLength: TOWNS.length })

interface Made {
  name: string
  unit: string
  kind: Measure['kind']
  direction: Measure['direction']
  allocation: Measure['allocation']
  target: number
  declared: boolean
  quotas: [string, number][]
}

const madeMeasure = (thing: string): fc.Arbitrary<Made> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ towns: someTowns(1), unit: fc.constantFrom(...MEASURED), figures: fc.array(figure, { minLength: 10, maxLength: 10 }), declared: fc.boolean() }).map(({ towns, unit, figures, declared }) => {
      const quotas = towns.map((town, i) => [town, figures[i] as number] as [string, number])
      return { name: `${thing}建设`, unit, kind: unit === '公里' ? 'length' : 'amount', direction: 'atLeast', allocation: 'named', target: sum(quotas.map(([, v]) => v)), declared, quotas } as Made
    }) },
    fc.record({ towns: someTowns(2), unit: fc.constantFrom(...COUNTED), each: fc.integer({ min: 1, max: 500 }) }).map(({ towns, unit, each }) => ({ name: `${thing}建设`, unit, kind: 'count', direction: 'atLeast', allocation: 'each', target: each * towns.length, declared: false, quotas: towns.map((town) => [town, each]) }) as Made),
    fc.record({ unit: fc.constantFrom(...COUNTED), target: fc.integer({ min: 1, max: 5000 }) }).map(({ unit, target }) => ({ name: `${thing}建设`, unit, kind: 'count', direction: 'atLeast', allocation: 'total', target, declared: false, quotas: [['滨湖区', target]] }) as Made),
  ) // prettier-ignore

const madeRate = fc.record({ name: fc.constantFrom(...RATES), target: fc.integer({ min: 1, max: 1000 }).map((n) => n / 10), atMost: fc.boolean() }).map(
  ({ name, target, atMost }) => ({ name, unit: '%', kind: 'rate', direction: atMost ? 'atMost' : 'atLeast', allocation: 'total', target, declared: false, quotas: [['滨湖区', target]] }) as Made,
) // prettier-ignore

const toMeasure = (made: Made, id: string): Measure => ({
  id,
  name: made.name,
  unit: made.unit,
  kind: made.kind,
  direction: made.direction,
  allocation: made.allocation,
  target: made.target,
  targetText: made.declared ? 'x' : null,
  targetSource: null,
  milestones: [],
  quotas: made.quotas.map(([town, target]) => ({
    town,
    target,
    source: null,
    requirementSource: null,
    townSource: null,
  })),
})

const madeTask = (things: string[]): fc.Arbitrary<Omit<Task, 'no' | 'category'>> =>
  fc
    .record({
      verb: fc.constantFrom(...VERBS),
      measures: fc.tuple(...things.slice(1, 3).map(madeMeasure)).chain((ms) => fc.subarray(ms)),
      rate: fc.option(madeRate),
      leads: fc.subarray(DEPARTMENTS, { minLength: 1, maxLength: 3 }),
      partners: fc.subarray(DEPARTMENTS, { maxLength: 3 }),
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 28 }),
      municipal: fc.option(fc.integer({ min: 1, max: 99 })),
      stage: someTowns(1),
    })
    .map(({ verb, measures, rate, leads, partners, month, day, municipal, stage }) => {
      // A single town responsible would take the totals: with splits there are always several, or none.
      const all = [
        ...measures.filter((m) => m.allocation !== 'total'),
        ...measures.filter((m) => m.allocation === 'total'),
        ...(rate ? [rate] : []),
      ]
      const made = all.map((m, i) => toMeasure(m, `${i}`))
      const stageOnly: Measure = {
        ...toMeasure(
          {
            name: '推进情况',
            unit: '',
            kind: 'stage',
            direction: 'atLeast',
            allocation: 'each',
            target: 0,
            declared: false,
            quotas: stage.map((t) => [t, 0]),
          },
          '0',
        ),
        target: null,
      }
      return {
        municipalNo: municipal,
        name: `${verb}${things[0]}`,
        requirement: '',
        leads,
        partners: partners.filter((p) => !leads.includes(p)),
        deadline: `2025-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
        deadlineText: '',
        townText: '',
        towns: [],
        mechanisms: [],
        measures: made.length > 0 ? made : [stageOnly],
        place: { table: 0, rows: [0], page: null },
      }
    })

const madeList: fc.Arbitrary<TaskList> = fc
  .record({
    categories: fc.subarray(CATEGORIES, { minLength: 1, maxLength: CATEGORIES.length }),
    things: fc.array(fc.shuffledSubarray(THINGS, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 12 }),
  })
  .chain(({ categories, things }) =>
    fc.tuple(...things.map(madeTask)).map((made) => {
      const named = categories.map((name, i) => ({ no: i + 1, name }))
      const tasks = made.map((task, i): Task => ({
        ...task,
        no: i + 1,
        category: named[Math.floor((i * named.length) / made.length)] as Task['category'],
      }))
      const used = new Set(tasks.map((t) => t.category.no))
      return {
        title: '2025年滨湖区乡村振兴重点任务清单',
        year: 2025,
        district: '滨湖区',
        categories: named.filter((c) => used.has(c.no)),
        tasks,
        problems: [],
      }
    }),
  )

/** What a list says, as far as its words can: no ids, no spans. */
const said = (list: TaskList): unknown => ({
  title: list.title,
  year: list.year,
  district: list.district,
  categories: list.categories,
  tasks: list.tasks.map((t) => ({
    no: t.no,
    municipalNo: t.municipalNo,
    category: t.category,
    name: t.name,
    leads: t.leads,
    partners: t.partners,
    deadline: t.deadline,
    measures: t.measures
      .filter((m) => m.kind !== 'stage' || t.measures.length === 1)
      .map((m) => [
        m.name,
        m.unit,
        m.kind,
        m.direction,
        m.allocation,
        m.target,
        m.quotas.map((q) => [q.town, m.kind === 'stage' ? null : q.target]),
      ])
      .toSorted((a, b) => (String(a) < String(b) ? -1 : 1)),
  })),
})

describe('writing a list and reading it back', () => {
  it('should give the same plan for any plan', () => {
    fc.assert(
      fc.property(madeList, (list) => {
        // A lone town takes totals for its own: not what was meant here.
        fc.pre(
          list.tasks.every(
            (t) =>
              new Set(t.measures.flatMap((m) => m.quotas.map((q) => q.town))).size !== 2 || t.measures.length === 1,
          ),
        )
        expect(said(readTaskList(documentFromText(writeTaskList(list), 'x.txt')))).toEqual(said(list))
      }),
      { numRuns: 300 },
    )
  })

  it('should give the same list for the real one and for the sisters', () => {
    const plain = (list: TaskList): unknown => ({
      ...list,
      problems: [],
      tasks: list.tasks.map((t) => ({ ...t, place: null })),
    })
    const real = readTaskList(documentFromText(source, 'x.txt'), { district: QINGPU })
    expect(plain(readTaskList(documentFromText(writeTaskList(real), 'x.txt'), { district: QINGPU }))).toEqual(
      plain(real),
    )
    for (const sister of [STARRED, SECTIONED, documentFromText(TORN, 'x')]) {
      const list = readTaskList(sister)
      expect(said(readTaskList(documentFromText(writeTaskList(list), 'x.txt')))).toEqual(said(list))
    }
  })
})

/** Damage of every sort that copying, scanning, converting and malice do to a document. */
const ODD = ['', ' ', '\t', '\n', '\t\t\t\t\t\t\t\t\t\t', '"', '<p>', '</p', '<', '>', '&nbsp;', '（', '）', '“', '》', '：', '、', '。', '各', '每个', '共', '11个街镇', '9'.repeat(400), '１', '万', '亩', '%', '1-', '-1', '0.0.0', '\u0000', '\ufeff', '\ud800', '👩‍🌾', 'ا', '第', '镇', '街道', '十百千万', '2月30日', '99月99日', '一、', '(一)', '注：', '序号\t任务名称\t工作要求\t责任部门', '其中：', '\r', '\u2028'] // prettier-ignore

const texts = [source, TORN, writeTaskList(readTaskList(STARRED)), writeTaskList(readTaskList(PROSE))]
const mutated = fc
  .record({
    base: fc.constantFrom(...texts),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 0, max: 2000 }),
    edits: fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 40 }),
        fc.constantFrom(...ODD),
        fc.integer({ min: 1, max: 6 }),
      ),
      { maxLength: 12 },
    ),
    shuffle: fc.boolean(),
  })
  .map(({ base, from, length, edits, shuffle }) => {
    const start = Math.floor(from * base.length)
    let text = base.slice(start, start + length)
    for (const [at, cut, odd, times] of edits) {
      const i = Math.floor(at * text.length)
      text = text.slice(0, i) + odd.repeat(times) + text.slice(i + cut)
    }
    return shuffle ? text.split('\t').reverse().join('\t') : text
  })

/** Far above what any takes (a few ms), far below a hang; of the processor's time, not the clock's, which others slow down. */
const LIMIT_MS = 2000

function survives(document: SourceDocument): void {
  const before = process.cpuUsage()
  const list = readTaskList(document, { district: QINGPU })
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(LIMIT_MS)
  for (const t of list.tasks) {
    expect(t.measures.length).toBeGreaterThan(0)
    for (const m of t.measures) {
      expect(m.quotas.length).toBeGreaterThan(0)
      for (const q of m.quotas) if (q.source) expect(t.townText.slice(q.source.start, q.source.end)).not.toBe('')
    }
  }
  toPlan(list, QINGPU)
  JSON.stringify(list)
}

describe('whatever comes', () => {
  it('should neither throw nor hang on 10,000 mutated documents', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(mutated, (text) => survives(documentFromText(text, 'x.txt'))),
      { numRuns: 10_000 },
    )
  })

  it('should neither throw nor hang on tables of any cells', { timeout: 120_000 }, () => {
    const cell = fc.record({
      text: fc.oneof(
        fc.constantFrom(
          ...ODD,
          '序号',
          '任务名称',
          '工作要求',
          '牵头部门',
          '街镇任务量',
          '完成时限',
          '赵巷镇3个',
          '12月底',
        ),
        fc.string(),
      ),
      merged: fc.constantFrom(null, 'above' as const, 'left' as const),
    })
    const block = fc.record({
      kind: fc.constant('table' as const),
      rows: fc.array(fc.record({ cells: fc.array(cell, { maxLength: 12 }) }), { maxLength: 12 }),
      page: fc.constant(null),
      sheet: fc.constant(null),
    })
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), (blocks) => survives({ name: 'x', format: 'xlsx', blocks })),
      { numRuns: 1500 },
    )
  })

  it.each([
    ['a cell of 100,000 characters', '赵巷镇3个、'.repeat(17_000)],
    ['digits without end', '1'.repeat(100_000)],
    ['separators without end', '、'.repeat(100_000)],
    ['spaces without end', ' '.repeat(100_000)],
    ['brackets without end', '（'.repeat(100_000)],
    ['quotation marks without end', '“'.repeat(100_000)],
    ['tags never closed', '<p'.repeat(50_000)],
    ['a town name that never ends', '赵'.repeat(100_000) + '镇'],
    [
      'towns without end',
      Array.from({ length: 20_000 }, (_, i) => `${String.fromCharCode(0x4e00 + i)}里镇`).join('、'),
    ],
    ['each without end', '每个'.repeat(50_000)],
    ['at least without end', '不少于'.repeat(33_000)],
    ['Chinese numerals without end', '一百'.repeat(50_000)],
    ['dates without end', '6月20日前完成1个，'.repeat(10_000)],
    ['line breaks without end', '赵\n'.repeat(50_000)],
    ['phrases of how and when', '持续推进进一步全面加快'.repeat(9_000)],
  ])('should read on after %s', (_, text) => {
    for (const at of [3, 4, 5, 6, 7]) {
      const row = ['(一)产业', '1', '1', '稳定粮食', '完成3亩。', '区水务局', '各镇', '12月底']
      row[at] = text
      survives({
        name: 'x',
        format: 'text',
        blocks: [
          {
            kind: 'table',
            page: null,
            sheet: null,
            rows: [
              ['类别', '市级序号', '区级序号', '任务名称', '任务要求', '牵头部门', '街镇任务量', '完成时限'],
              row,
            ].map((r) => ({ cells: r.map((t) => ({ text: t, merged: null })) })),
          },
        ],
      })
    }
    survives(documentFromText(text, 'x'))
    survives(documentFromText(`${source}\n${text}`, 'x'))
  })

  it('should read on with thousands of tabs, rows and lines', () => {
    survives(documentFromText('\t'.repeat(200_000), 'x'))
    survives(documentFromText(`序号\t任务名称\t工作要求\t牵头部门\n${'1\t甲\n'.repeat(30_000)}`, 'x'))
    survives(documentFromText(`序号\t任务名称\t工作要求\t牵头部门\n${'甲乙丙\n'.repeat(30_000)}`, 'x'))
    survives(documentFromText(source.repeat(20), 'x'))
    survives(MATRIX)
    survives(SECTIONED)
  })

  it('should refuse corrections with an error of its own only', () => {
    const list = readTaskList(documentFromText(source, 'x.txt'), { district: QINGPU })
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            'tasks',
            '14',
            'measures',
            '14.1',
            'quotas',
            '赵巷镇',
            'target',
            'name',
            'year',
            '',
            '__proto__',
          ),
          { maxLength: 8 },
        ),
        fc.anything(),
        (parts, corrected) => {
          try {
            applyCorrections(list, [{ path: parts.join('/'), read: null, corrected, reason: '', at: '' }])
          } catch (error) {
            expect((error as Error).constructor.name).toBe('CorrectionError')
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
