import { describe, expect, it } from 'vitest'
import type { Task, TaskList } from '../../../geo/plan/plan.ts'
import { readTaskList } from '../../../geo/task-list/read.ts'
import type { SourceDocument } from '../../../geo/task-list/source.ts'
import { documentFromText } from '../../../geo/task-list/text.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'
import { ASSESSED, ISSUED, MATRIX, PROSE, SECTIONED, STARRED, TORN } from './sisters.ts'

const rows = (list: TaskList): unknown[] =>
  list.tasks.map((t) => [
    t.no,
    t.category.no,
    t.name,
    t.leads.join('、'),
    t.partners.join('、'),
    t.deadline,
    t.towns.join('、'),
  ])
const figures = (task: Task): string[] =>
  task.measures
    .filter((m) => m.kind !== 'stage')
    .map(
      (m) =>
        `${m.name} ${m.target}${m.unit} ${m.allocation}${m.allocation === 'named' || m.allocation === 'each' ? ` ${m.quotas.map((q) => `${q.town}${q.target}`).join(' ')}` : ''}`,
    )
const all = (list: TaskList): string[][] => list.tasks.map(figures)
const kinds = (list: TaskList): string[] => list.problems.map((p) => `${p.task ?? '-'} ${p.kind}`)

/** Every number stands where its quota says. */
function spansHold(list: TaskList): void {
  for (const t of list.tasks) {
    for (const q of t.measures.flatMap((m) => m.quotas)) {
      const text = q.source
        ? t.townText.slice(q.source.start, q.source.end)
        : q.requirementSource
          ? t.requirement.slice(q.requirementSource.start, q.requirementSource.end)
          : null
      if (text === null) expect(q.target).toBeNull()
      else expect(text).toMatch(/^[0-9０-９一二三四五六七八九十].*/)
    }
  }
}

describe('a list with starred departments and towns without amounts, narrow columns and merged cells left out', () => {
  const list = readTaskList(STARRED)

  it('should find rows, leads by their star, partners, deadlines and towns', () => {
    expect([list.year, list.district]).toEqual([2024, '临江区'])
    expect(list.categories.map((c) => c.name)).toEqual([
      '持续推进示范村建设',
      '全面推进农民集中居住',
      '优化提升人居环境',
    ])
    expect(rows(list)).toEqual([
      [1, 1, '完成2023年度乡村振兴示范村建设', '区农业农村委', '区发改委、区规资局、区水务局', '2024-10-31', '浦汇镇'],
      [
        2,
        1,
        '开展市级美丽乡村示范村创建',
        '区农业农村委',
        '区交通委',
        '2024-12-31',
        '浦汇镇、浦荣街道、桥湾镇、华滨镇',
      ],
      [
        3,
        2,
        '推进农民相对集中居住',
        '区建设管理委',
        '区农业农村委、区财政局',
        '2024-12-31',
        '浦汇镇、浦荣街道、梅溪镇、颛川镇',
      ],
      [4, 2, '加强农房建设管理', '区建设管理委', '区农业农村委、区规划资源局', '2024-12-31', ''],
      [
        5,
        3,
        '实施农村人居环境优化提升行动',
        '区农业农村委',
        '',
        '2024-11-30',
        '浦汇镇、浦荣街道、桥湾镇、华滨镇、梅溪镇、颛川镇',
      ],
      [6, 3, '推进“四好农村路”建设', '区交通委', '', '2024-12-31', '浦汇镇、桥湾镇、华滨镇'],
    ])
  })

  it('should find the numbers in the prose, over line breaks, and give them to a town that is alone', () => {
    expect(all(list)).toEqual([
      ['乡村振兴示范村建设 2个 named 浦汇镇2'],
      ['2024年度市级美丽乡村示范村创建 5个 total'],
      ['农户签约 732户 total'],
      ['新建农房竣工验收率 100% total'],
      ['生活污水设施改造 1200户 named 浦汇镇500 桥湾镇400 颛川镇300'],
      ['农村公路提档升级 15.8公里 total'],
    ])
    spansHold(list)
    expect(list.tasks[2]?.requirement).toContain('完成732户农户签约')
  })

  it('should say what cannot be told', () => {
    expect(kinds(list)).toEqual([
      '2 total-without-split',
      '3 total-without-split',
      '4 town-missing',
      '6 total-without-split',
      '- town-missing',
    ])
  })

  it('should not take the towns of another district that it happens to know', () => {
    expect(readTaskList(STARRED, { district: QINGPU })).toEqual(list)
  })
})

describe('the same list as web pages and converters hand it over', () => {
  const rowsOf = (d: SourceDocument): string[][] =>
    d.blocks.flatMap((b) => (b.kind === 'table' ? b.rows.map((r) => r.cells.map((c) => c.text)) : []))
  const title = '临江区2024年推进乡村振兴战略重点任务清单'
  const expected = readTaskList(STARRED)

  it('should cut a stream of cells with a pipe on a line of its own into the same rows', () => {
    const text = `${title}\n\n${rowsOf(STARRED)
      .flat()
      .map((cell) => `${cell}\n|\n`)
      .join('')}`
    expect(rows(readTaskList(documentFromText(text, 'page.txt')))).toEqual(rows(expected))
    expect(all(readTaskList(documentFromText(text, 'page.txt')))).toEqual(all(expected))
  })

  it('should not mind short rows that were filled up at the wrong end, nor line breaks that became spaces', () => {
    const padded: SourceDocument = {
      ...STARRED,
      blocks: [
        { kind: 'paragraph', text: title, page: null, sheet: null },
        {
          kind: 'table',
          page: null,
          sheet: null,
          rows: rowsOf(STARRED).map((cells) => ({
            cells: [...cells, ...Array<string>(7 - cells.length).fill('')].map((text) => ({
              text: text.replace(/([\u3400-\u9fff])\n([\u3400-\u9fff])/g, '$1 $2'),
              merged: null,
            })),
          })),
        },
      ],
    }
    expect(rows(readTaskList(padded))).toEqual(rows(expected))
  })
})

describe('a list with sections, a head of two rows, notes and deadlines in every manner', () => {
  const list = readTaskList(SECTIONED)

  it('should find rows, leads, partners, deadlines and towns', () => {
    expect([list.title, list.year, list.district]).toEqual(['2025年滨湖区乡村振兴工作任务分解表', 2025, '滨湖区'])
    expect(list.categories).toEqual([{ no: 1, name: '产业振兴' }, { no: 2, name: '生态振兴' }, { no: 3, name: '组织振兴' }]) // prettier-ignore
    expect(rows(list)).toEqual([
      [1, 1, '稳定粮食面积', '区农业农村局', '区统计局', '2025-10-31', '朱溪镇、柳泾镇、石堰镇'],
      [2, 1, '建设高标准农田', '区农业农村局', '区规划和自然资源局、区财政局', '2025-09-30', '朱溪镇、柳泾镇、石堰镇'],
      [3, 2, '河道整治', '区水务局', '', '2025-06-30', '朱溪镇、柳泾镇'],
      [4, 2, '创建绿色村庄', '区绿化市容局', '', '2025-12-31', '朱溪镇、柳泾镇、石堰镇'],
      [5, 2, '农村垃圾分类', '区绿化市容局', '区文明办', '2025-12-31', '朱溪镇、柳泾镇、石堰镇'],
      [6, 3, '选派驻村干部', '区委组织部', '区委农办', '2025-12-31', '朱溪镇、柳泾镇、石堰镇'],
    ])
  })

  it('should join what requirement and towns say, full width, with separators and in Chinese characters', () => {
    expect(all(list)).toEqual([
      ['粮食播种面积 8.6万亩 named 朱溪镇1.2 柳泾镇2.4 石堰镇5'],
      ['高标准农田建设 1200亩 named 朱溪镇300 柳泾镇400 石堰镇500'],
      ['整治河道 1200米 each 朱溪镇600 柳泾镇600'],
      ['创建绿色村庄 3个 each 朱溪镇1 柳泾镇1 石堰镇1'],
      ['垃圾分类达标率 95% total'],
      ['培训村干部 150人次 total'],
    ])
    spansHold(list)
    expect(list.tasks[1]?.measures[0]?.targetText).toBe('１，２００亩')
    expect(list.problems.filter((p) => p.severity !== 'info')).toEqual([])
  })
})

describe('a matrix with a column for each town', () => {
  const list = readTaskList(MATRIX)

  it('should take the figures under the towns, with the unit of its column', () => {
    expect([list.year, list.district]).toEqual([2024, '青川县'])
    expect(all(list)).toEqual([
      ['稳定粮食播种面积 4300亩 named 白塔镇1500 云岭乡2000 河口街道800'],
      ['新建冷库 6座 named 白塔镇1 云岭乡2 青川经济开发区3'],
      ['农村公路养护 34.75公里 named 白塔镇10.5 云岭乡20.25 青川经济开发区4'],
    ])
    expect(list.tasks.map((t) => t.deadline)).toEqual(['2024-10-31', '2024-12-31', '2024-11-20'])
    spansHold(list)
    expect(kinds(list)).toEqual([])
  })
})

describe('a list of three columns in prose', () => {
  const list = readTaskList(PROSE)

  it('should number the rows and part leads, partners and towns', () => {
    expect(rows(list)).toEqual([
      [1, 0, '农村厕所改造', '市农业农村局', '市住建局、市财政局', null, '金沙镇、白沙镇、青山乡'],
      [2, 0, '农村饮水安全', '市水利局', '', null, '金沙镇、白沙镇'],
      [3, 0, '村级道路', '市交通运输局', '', null, '金沙镇、白沙镇、青山乡'],
      [4, 0, '乡村旅游', '市文旅局', '', null, '青山乡'],
    ])
  })

  it('should read splits, shared works, limits and ranges out of sentences', () => {
    expect(all(list)).toEqual([
      ['改造农村户厕 6000户 named 金沙镇2000 白沙镇1500 青山乡2500', '建成公厕 12座 total'],
      ['建设规模化水厂 1座 together', '农村自来水普及率 98% total', '漏损率 10% total'],
      ['新建村道 35.5公里 named 金沙镇12 白沙镇8.5 青山乡15'],
      ['打造精品线路 2条 total', '举办农民丰收节等活动 4场 total', '创建省级旅游村 1个 named 青山乡1'],
    ])
    expect(list.tasks[1]?.measures[2]?.direction).toBe('atMost')
    spansHold(list)
    expect(kinds(list)).toEqual(['- number-missing', '1 total-without-split', '4 range'])
  })
})

describe('an assessment table with figures in a column', () => {
  it('should put figure and unit behind what they count, and name merged rows by it', () => {
    const list = readTaskList(ASSESSED)
    expect(list.categories.map((c) => c.name)).toEqual(['农业高质高效', '乡村宜居宜业'])
    expect(list.tasks.map((t) => [t.no, t.category.no, t.name, t.leads.join('、'), ...figures(t)])).toEqual([
      [1, 1, '确保粮食供给', '县海洋与渔业局、县农业农村局', '农林牧渔业增加值增幅 2% total'],
      [2, 1, '粮食播种面积', '县农业农村局', '粮食播种面积 0.07万亩 total'],
      [3, 1, '生猪存栏', '县农业农村局'],
      [4, 2, '农村改厕', '县住建局', '改造卫生公厕 25座 total'],
    ])
    expect(list.problems.find((p) => p.kind === 'column-unknown')?.params).toEqual({ head: '评分部门' })
    spansHold(list)
  })
})

describe('a list with section rows and several figures a town', () => {
  it('should match the figures of both cells', () => {
    const list = readTaskList(ISSUED)
    expect([list.year, list.district, list.categories.map((c) => c.name)]).toEqual([
      2025,
      '湖东区',
      ['粮食安全', '乡村建设'],
    ])
    expect(all(list)).toEqual([
      ['粮食播种面积 16.8万亩 total', '能繁母猪存栏量 5000头 total'],
      [
        '新创建市级美丽乡村示范村 10个 named 东湖镇2 南桥镇3 西渡街道5',
        '区级示范宅基 80个 named 东湖镇20 南桥镇30 西渡街道30',
      ],
    ])
    expect(list.tasks[0]).toMatchObject({
      leads: ['区农业农村委'],
      partners: ['区发展改革委'],
      towns: ['东湖镇', '南桥镇'],
      deadline: '2025-12-31',
    })
    spansHold(list)
  })
})

describe('tab-separated text torn by line breaks', () => {
  const list = readTaskList(documentFromText(TORN, 't.txt'))

  it('should put the rows together again', () => {
    expect(rows(list)).toEqual([
      [1, 1, '发展设施农业', '区农业农村委', '', '2024-12-31', '海堰镇、沙咀镇'],
      [2, 1, '培育农业龙头企业', '区农业农村委', '', '2024-11-30', '海堰镇、沙咀镇'],
      [3, 2, '村庄绿化', '区绿化市容局', '', '2024-09-30', '望海街道'],
    ])
    expect(all(list)).toEqual([
      ['新建设施菜田 350亩 named 海堰镇200 沙咀镇150'],
      ['培育龙头企业 4家 total'],
      ['村庄绿化率 32.5% total'],
    ])
    spansHold(list)
  })
})
