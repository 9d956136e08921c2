import { describe, expect, it } from 'vitest'
import type { Task, TaskList } from '../../../geo/plan/plan.ts'
import { readTaskList } from '../../../geo/task-list/read.ts'
import type { SourceDocument } from '../../../geo/task-list/source.ts'

/**
 * Wording that other districts might use, written down with what a person would read out of it before the rules were tried on it. One row a
 * case; the towns of the invented district are named in the first row.
 */
const ALL = '廊桥镇、吕港镇、枫溪镇、亭湖镇、漕塘镇、张桥街道、石湾街道、滨江工业区'

function read(
  requirement: string,
  townText: string,
  more: { name?: string; leads?: string; deadline?: string } = {},
): { task: Task; list: TaskList } {
  const rows = [
    ['序号', '工作任务', '工作要求', '责任部门', '责任街镇', '完成时限'],
    ['1', '名单', '各单位名单如下。', '区府办', ALL, '全年'],
    ['2', more.name ?? '推进某项工作', requirement, more.leads ?? '区农业农村委', townText, more.deadline ?? '12月底'],
  ]
  const document: SourceDocument = {
    name: '江滨区2024年重点任务.docx',
    format: 'docx',
    blocks: [
      {
        kind: 'table',
        page: null,
        sheet: null,
        rows: rows.map((cells) => ({ cells: cells.map((text) => ({ text, merged: null })) })),
      },
    ],
  }
  const list = readTaskList(document)
  return { task: list.tasks[1] as Task, list }
}

const figures = (task: Task): string[] =>
  task.measures
    .filter((m) => m.kind !== 'stage')
    .map(
      (m) =>
        `${m.name} ${m.target}${m.unit}${m.direction === 'atMost' ? ' ≤' : ''}${m.allocation === 'total' || m.allocation === 'together' ? ` ${m.allocation}` : `: ${m.quotas.map((q) => `${q.town}${q.target}`).join(' ')}`}`,
    )

describe('numbers handed out to towns', () => {
  it.each([
    ['全年完成农村生活垃圾分类达标村创建48个，其中廊桥镇12个、吕港镇10个、枫溪镇14个、亭湖镇12个。', '', ['农村生活垃圾分类达标村创建 48个: 廊桥镇12 吕港镇10 枫溪镇14 亭湖镇12']],
    ['', '廊桥镇：新建绿道3公里、改造绿道2.5公里；吕港镇：新建绿道1公里、改造绿道4公里。', ['新建绿道 4公里: 廊桥镇3 吕港镇1', '改造绿道 6.5公里: 廊桥镇2.5 吕港镇4']],
    ['', '种植绿肥：（1）廊桥镇120亩；（2）吕港镇80亩；（3）枫溪镇200亩。合计400亩。', ['种植绿肥 400亩: 廊桥镇120 吕港镇80 枫溪镇200']],
    ['完成危房改造。', '危房改造任务：\n1.廊桥镇 3 户\n2.吕港镇 5 户\n3.漕塘镇 2 户', ['危房改造任务 10户: 廊桥镇3 吕港镇5 漕塘镇2']],
    ['建设高标准农田0.5万亩。', '廊桥镇2000亩，吕港镇1500亩，亭湖镇1500亩', ['建设高标准农田 5000亩: 廊桥镇2000 吕港镇1500 亭湖镇1500']],
    ['创建绿色食品基地。', '绿色食品基地：廊桥镇、吕港镇各2个，枫溪镇3个', ['绿色食品基地 7个: 廊桥镇2 吕港镇2 枫溪镇3']],
    ['创建美丽乡村示范点。', '美丽乡村示范点：廊桥镇（2个）、吕港镇（1个）、亭湖镇（3个）', ['美丽乡村示范点 6个: 廊桥镇2 吕港镇1 亭湖镇3']],
    ['', '创建休闲农业园2个（廊桥镇、吕港镇各1个）', ['创建休闲农业园 2个: 廊桥镇1 吕港镇1']],
    ['新增村级为老服务设施不少于10处（廊桥镇3处，吕港镇2处，枫溪镇5处）。', '', ['新增村级为老服务设施 10处: 廊桥镇3 吕港镇2 枫溪镇5']],
    ['', '水肥一体化：廊桥镇1，250.5 亩、吕港镇 ８００亩', ['水肥一体化 2050.5亩: 廊桥镇1250.5 吕港镇800']],
    ['', '培育家庭农场：廊桥镇五家、吕港镇十二家', ['培育家庭农场 17家: 廊桥镇5 吕港镇12']],
    ['', '培训高素质农民：廊桥镇三百人、吕港镇一百二十人', ['培训高素质农民 420人: 廊桥镇300 吕港镇120']],
    ['', '疏浚河道：廊桥镇3.5km、吕港镇5km', ['疏浚河道 8.5km: 廊桥镇3.5 吕港镇5']],
    ['', '新建公厕（座）：廊桥镇2、吕港镇3', ['新建公厕 5座: 廊桥镇2 吕港镇3']],
    ['', '秋播绿肥 3000 亩，廊桥镇 1000 亩，吕港镇 2000 亩。', ['秋播绿肥 3000亩: 廊桥镇1000 吕港镇2000']],
    ['', '廊桥3家、吕港2家', ['某项工作 5家: 廊桥镇3 吕港镇2']],
    ['', '廊桥镇建设2个冷库、吕港镇建设1个冷库', ['建设冷库 3个: 廊桥镇2 吕港镇1']],
    ['在廊桥镇新建1座垃圾中转站。', '', ['新建垃圾中转站 1座: 廊桥镇1']],
    ['支持亭湖镇、漕塘镇分别改造2座泵站。', '', ['改造泵站 4座: 亭湖镇2 漕塘镇2']],
  ])('should read %s %s', (requirement, townText, expected) => {
    const { task } = read(requirement, townText)
    expect(figures(task)).toEqual(expected)
    for (const q of task.measures.flatMap((m) => m.quotas)) {
      const text = q.source ? task.townText.slice(q.source.start, q.source.end) : q.requirementSource ? task.requirement.slice(q.requirementSource.start, q.requirementSource.end) : null
      if (text !== null) expect(text).toMatch(/^[0-9０-９，.．一二三四五六七八九十百]+$/)
    }
  }) // prettier-ignore
})

describe('both cells of a row together', () => {
  it.each([
    [
      '新增农村生活污水处理设施改造1500户，改造提升中小河道12.5公里，打造生态清洁小流域2个。', '廊桥镇：污水改造800户，河道5公里；吕港镇：污水改造700户，河道7.5公里',
      ['污水改造 1500户: 廊桥镇800 吕港镇700', '改造提升中小河道 12.5公里: 廊桥镇5 吕港镇7.5', '打造生态清洁小流域 2个 total'], ['total-without-split'],
    ],
    [
      '建成区级家庭农场示范场5家、合作社示范社3家，培育产业化联合体1个。', '廊桥镇家庭农场2家、合作社1家；吕港镇家庭农场3家、合作社2家、联合体1个',
      ['家庭农场 5家: 廊桥镇2 吕港镇3', '合作社 3家: 廊桥镇1 吕港镇2', '联合体 1个: 吕港镇1'], [],
    ],
    [
      '粮食播种面积20.5万亩（其中水稻17万亩），总产量10.8万吨。', '粮食播种面积：廊桥镇8万亩，吕港镇12.5万亩；粮食产量：廊桥镇4.2万吨，吕港镇6.6万吨',
      ['粮食播种面积 20.5万亩: 廊桥镇8 吕港镇12.5', '粮食产量 10.8万吨: 廊桥镇4.2 吕港镇6.6'], [],
    ],
    [
      '全年组织各类培训20期1200人次。', '廊桥镇6期360人次、吕港镇14期840人次',
      ['各类培训（期） 20期: 廊桥镇6 吕港镇14', '各类培训（人次） 1200人次: 廊桥镇360 吕港镇840'], [],
    ],
    ['消除集体经济薄弱村10个以上。', '廊桥镇4个、吕港镇3个、枫溪镇3个', ['消除集体经济薄弱村 10个: 廊桥镇4 吕港镇3 枫溪镇3'], []],
    ['年内招引农业项目不少于10个。', '每个镇不少于1个', ['招引农业项目 10个: 廊桥镇1 吕港镇1 枫溪镇1 亭湖镇1 漕塘镇1'], ['statements-differ']],
    ['评选“最美庭院”100户。', '廊桥镇、吕港镇、枫溪镇各评选30户', ['评选“最美庭院” 100户: 廊桥镇30 吕港镇30 枫溪镇30'], ['statements-differ']],
    ['', '设施菜田：廊桥镇300亩、吕港镇0.02万亩', ['设施菜田 500亩: 廊桥镇300 吕港镇200'], ['unit-scale']],
    ['建设设施菜田5万亩。', '廊桥镇2亩、吕港镇3亩', ['建设设施菜田 50000亩: 廊桥镇2 吕港镇3'], ['statements-differ']],
    ['', '改造粮田 500 万亩：廊桥镇 300 亩、吕港镇 200 亩', ['改造粮田 5000000亩: 廊桥镇300 吕港镇200'], ['unit-scale']],
    ['', '廊桥镇红星村、东风村2个村，吕港镇前进村1个村', ['某项工作 3个村: 廊桥镇2 吕港镇1'], []],
  ])('should read %s | %s', (requirement, townText, expected, problems) => {
    const { task, list } = read(requirement, townText)
    expect(figures(task)).toEqual(expected)
    expect(list.problems.filter((p) => p.task === 2).map((p) => p.kind)).toEqual(problems)
  }) // prettier-ignore
})

describe('standards for each and works in common', () => {
  it.each([
    ['', '各镇举办农民丰收节活动不少于2场，各街道不少于1场。', ['举办农民丰收节活动 10场: 廊桥镇2 吕港镇2 枫溪镇2 亭湖镇2 漕塘镇2', '举办农民丰收节活动 2场: 张桥街道1 石湾街道1']],
    ['', '每镇不少于1个示范点', ['示范点 5个: 廊桥镇1 吕港镇1 枫溪镇1 亭湖镇1 漕塘镇1']],
    ['', '每个街镇至少创建2个示范点', ['创建示范点 14个: 廊桥镇2 吕港镇2 枫溪镇2 亭湖镇2 漕塘镇2 张桥街道2 石湾街道2']],
    ['', '廊桥镇、吕港镇联合打造1条精品线路', ['打造精品线路 1条 together']],
    ['', '廊桥镇、滨江工业区共建2个产业园', ['产业园 2个 together']],
  ])('should read %s %s', (requirement, townText, expected) => {
    const got = figures(read(requirement, townText).task).map((f) => f.replace(/（\d）/, ''))
    expect(got).toEqual(expected)
  }) // prettier-ignore
})

describe('totals, rates and what is no number of the plan', () => {
  it.each([
    ['水质优良率达到85%以上，生活污水处理率达90%，投诉率低于3%。', ['水质优良率 85% total', '生活污水处理率 90% total', '投诉率 3% ≤ total']],
    ['力争农村居民人均可支配收入增长8%左右。', ['农村居民人均可支配收入增长 8% total']],
    ['投入资金1.2亿元，建设项目15个。', ['投入资金 1.2亿元 total', '建设项目 15个 total']],
    ['培训新型职业农民800人次。', ['培训新型职业农民 800人次 total']],
    ['新建5G基站20个，建立“1+8+N”体系。', ['新建5G基站 20个 total']],
    ['落实沪农委〔2024〕15号文件，24小时值班，推进“一网通办”和“百千万”工程，开展第三次普查。', []],
    ['巩固一批示范村，聚焦三农，做到两不愁三保障，推进一体化。', []],
    ['常住人口约3万人，区域面积60平方公里。', []],
    ['化肥使用量下降2%，农药包装废弃物回收率≥99%。', ['化肥使用量下降 2% total', '农药包装废弃物回收率 99% total']],
    ['全区耕地保有量不低于5.6万亩，永久基本农田保护面积稳定在4.8万亩。', ['耕地保有量 5.6万亩 total', '永久基本农田保护面积 4.8万亩 total']],
    ['新建、改建村级活动室30间、健身点12处。', ['新建、改建村级活动室 30间 total', '健身点 12处 total']],
    ['每半年报送1篇信息，每季度召开1次推进会。', []],
    ['每村配备2名信息员。', []],
    ['联系电话：59721234，邮编201799。', []],
  ])('should read %s', (requirement, expected) => {
    expect(figures(read(requirement, '各镇').task)).toEqual(expected)
  }) // prettier-ignore

  it('should keep what must not fall', () => {
    const { task } = read('全区耕地保有量不低于5.6万亩，永久基本农田保护面积稳定在4.8万亩。', '各镇')
    expect(task.measures.slice(0, 2).map((m) => m.kind)).toEqual(['keep', 'keep'])
  })
})

describe('towns without numbers', () => {
  it.each([
    ['廊桥镇勤丰村、吕港镇白漾村', ['廊桥镇', '吕港镇']],
    ['廊桥、吕港、枫溪', ['廊桥镇', '吕港镇', '枫溪镇']],
    ['廊桥镇\n吕港镇\n滨江工业区', ['廊桥镇', '吕港镇', '滨江工业区']],
    ['廊桥镇 吕港镇 石湾街道', ['廊桥镇', '吕港镇', '石湾街道']],
    ['5个镇', ['廊桥镇', '吕港镇', '枫溪镇', '亭湖镇', '漕塘镇']],
    ['各镇、张桥街道、滨江工业区', ['廊桥镇', '吕港镇', '枫溪镇', '亭湖镇', '漕塘镇', '张桥街道', '滨江工业区']],
    ['除张桥街道外的各街镇', ['廊桥镇', '吕港镇', '枫溪镇', '亭湖镇', '漕塘镇', '石湾街道']],
    ['各相关街镇', []],
    ['按区下达计划执行', []],
    ['9个镇', []],
  ])('should take %s for %j', (townText, towns) => {
    expect(read('推进工作。', townText).task.towns).toEqual(towns)
  })
})

describe('departments and days', () => {
  it.each([
    ['区农业农村委（牵头）、区水务局、区财政局（配合）', ['区农业农村委'], ['区水务局', '区财政局']],
    ['牵头单位：区水务局\n配合单位：区财政局、区审计局', ['区水务局'], ['区财政局', '区审计局']],
    ['区农业农村委★ 区水务局', ['区农业农村委'], ['区水务局']],
    ['区委组织部\n区农业农村委', ['区委组织部', '区农业农村委'], []],
  ])('should part %s', (leads, lead, partners) => {
    const { task } = read('推进工作。', '各镇', { leads })
    expect([task.leads, task.partners]).toEqual([lead, partners])
  })

  it('should date steps so that shares never fall', () => {
    const { task } = read('6月底前完成方案编制，9月底前完成50%，12月底前全部完成。', '廊桥镇')
    expect(task.measures[0]?.milestones.map((m) => [m.due, m.share])).toEqual([['2024-06-30', 0.25], ['2024-09-30', 0.5], ['2024-12-31', 1]]) // prettier-ignore
  })

  it('should take the last day for the deadline', () => {
    expect(read('推进。', '各镇', { deadline: '6月底前完成方案，11月15日前完成建设' }).task.deadline).toBe('2024-11-15')
  })
})
