import { describe, expect, it } from 'vitest'
import { align } from '../../../geo/task-list/align.ts'
import { categoryTitle, readCategories } from '../../../geo/task-list/categories.ts'
import { clean } from '../../../geo/task-list/clean.ts'
import { datesIn, readDeadline } from '../../../geo/task-list/dates.ts'
import { readDepartments } from '../../../geo/task-list/departments.ts'
import { readHead, roleOf } from '../../../geo/task-list/heads.ts'
import { nameOf, short } from '../../../geo/task-list/naming.ts'
import { documentFromText } from '../../../geo/task-list/text.ts'
import { readTitle } from '../../../geo/task-list/title.ts'
import { lexiconOf, townSetAt, townsOfSet } from '../../../geo/task-list/towns.ts'
import { chineseOrdinal } from '../../../geo/task-list/write.ts'
import { QINGPU } from '../../../geo/town/qingpu.ts'

const cells = (...texts: string[]) => texts.map((text) => ({ text, merged: null }))

describe('heads', () => {
  it.each([
    ['序号', 'no'], ['编 号', 'no'], ['区级序号', 'no'], ['市级序号', 'municipalNo'], ['任务名称', 'name'], ['工作任务', 'name'], ['重点\n任务', 'name'],
    ['主要任务', 'name'], ['任务要求及举措', 'requirement'], ['具体内容', 'requirement'], ['主要措施', 'requirement'], ['工作要求', 'requirement'],
    ['牵头部门', 'leads'], ['区级牵头部门', 'leads'], ['牵头单位（*）', 'leads'], ['配合单位', 'partners'], ['责任部门', 'departments'],
    ['责任部门（加*号为牵头部门，其余为参与部门）', 'departments'], ['街镇任务量', 'townText'], ['责任街镇', 'townText'], ['镇（街道）任务', 'townText'],
    ['完成时限', 'deadline'], ['完成时间\n节点', 'deadline'], ['时间节点', 'deadline'], ['类别', 'category'], ['板块', 'category'], ['领域', 'category'],
    ['备注', 'remark'], ['天气', 'unknown'],
  ])('should take %s for the column of %s', (head, role) => {
    expect(roleOf(head)).toBe(role)
  }) // prettier-ignore

  it.each([
    [
      '序号 重点领域 重点任务 任务内容 牵头单位 责任单位 完成时限',
      'no category name requirement leads partners deadline',
    ],
    ['一级任务 二级任务 三级任务 牵头部门 配合部门 时限', 'category name requirement leads partners deadline'],
    ['序号 目标任务 工作举措 责任部门 时间节点', 'no name requirement departments deadline'],
    ['市级序号 序号 任务 要求 市级牵头部门 区级牵头部门 街镇', 'municipalNo no name requirement remark leads townText'],
    ['序号 工作任务 任务名称 工作内容 责任部门', 'no category name requirement departments'],
    ['序号 项目名称 建设内容 建设规模 实施主体 完成时间', 'no name requirement requirement departments deadline'],
    ['序号 重点任务 具体任务 责任单位 完成时限', 'no name requirement departments deadline'],
    ['序号 任务名称 要求 牵头部门 牵头区领导 责任街镇 备注', 'no name requirement leads remark townText remark'],
    ['任务 措施 责任单位 白塔镇 云岭乡 河口街道', 'name requirement departments town town town'],
  ])('should read the head %s', (heads, roles) => {
    expect(
      readHead(cells(...heads.split(' ')))
        ?.map((c) => c.role)
        .join(' '),
    ).toBe(roles)
  })

  it('should not take a row of the list for a head', () => {
    expect(
      readHead(cells('（一）产业', '1', '稳定粮食生产', '全年粮食播种面积8万亩。', '区农业农村委', '各镇', '12月底')),
    ).toBeNull()
    expect(readHead(cells('类别', '序号', '任务名称', '工作要求', '牵头部门', '责任街镇', '完成时限'))).toHaveLength(7)
  })

  it('should put short rows under the right heads', () => {
    const columns = readHead(cells('类别', '序号', '任务名称', '工作要求', '牵头部门', '责任街镇', '完成时限')) ?? []
    const texts = (...row: string[]): string[] => align(cells(...row), columns).map((cell) => cell.text)
    expect(texts('2', '河道整治', '整治河道3公里，确保达标。', '区水务局', '各镇', '12月底')).toEqual([
      '',
      '2',
      '河道整治',
      '整治河道3公里，确保达标。',
      '区水务局',
      '各镇',
      '12月底',
    ])
    expect(texts('（二）生态', '2', '河道整治', '整治河道3公里，确保达标。', '区水务局')).toEqual([
      '（二）生态',
      '2',
      '河道整治',
      '整治河道3公里，确保达标。',
      '区水务局',
      '',
      '',
    ])
    expect(texts('', '2', '河道整治', '整治河道3公里，', '确保达标。', '区水务局', '各镇', '12月底')).toEqual([
      '',
      '2',
      '河道整治',
      '整治河道3公里， 确保达标。',
      '区水务局',
      '各镇',
      '12月底',
    ])
  })
})

describe('deadlines', () => {
  it.each([
    ['10月底', '2023-10-31'], ['2月底', '2023-02-28'], ['12月', '2023-12-31'], ['6月30日前', '2023-06-30'], ['2024年12月底前', '2024-12-31'], ['2024.12.31', '2024-12-31'],
    ['2024-11-05', '2024-11-05'], ['２０２４年６月', '2024-06-30'], ['全年', '2023-12-31'], ['长期坚持', '2023-12-31'], ['持续推进', '2023-12-31'], ['第三季度末', '2023-09-30'],
    ['三季度', '2023-09-30'], ['上半年', '2023-06-30'], ['年底', '2023-12-31'], ['11月中旬', '2023-11-20'], ['十一月底', '2023-11-30'], ['6月底前启动，10月底完成', '2023-10-31'],
    ['明年6月底', '2024-06-30'], ['2023年', '2023-12-31'], ['45291', '2023-12-31'], ['12', '2023-12-31'], ['20231130', '2023-11-30'], ['2月30日', null], ['13月', null], ['待定', null], ['', null],
  ])('should read %s as %s', (text, date) => {
    expect(readDeadline(text, 2023)).toBe(date)
  }) // prettier-ignore

  it('should need a year', () => {
    expect(readDeadline('10月底', null)).toBeNull()
    expect(readDeadline('2024年10月底', null)).toBe('2024-10-31')
  })

  it('should find days in prose and leave numbers alone', () => {
    expect(
      datesIn('6 月 20 日前完成水稻种植 85% 以上、11 月底前完成，1-2条、3.5亩、3个月', 2023).map((d) => d.date),
    ).toEqual(['2023-06-20', '2023-11-30'])
  })
})

describe('departments', () => {
  it.each([
    ['区委农办、区委组织部', ['区委农办', '区委组织部'], []],
    ['区发改委（金融办）、区财政局', ['区发改委（金融办）', '区财政局'], []],
    ['区农业农村委*、区财政局、区水务局等', ['区农业农村委'], ['区财政局', '区水务局']],
    ['＊区建管委，区规划资源局', ['区建管委'], ['区规划资源局']],
    ['区农业\n农村委*\n区绿化\n市容局', ['区农业农村委'], ['区绿化市容局']],
    ['牵头：区水务局；配合：区财政局、区审计局', ['区水务局'], ['区财政局', '区审计局']],
    ['区农业农村委 区民政局', ['区农业农村委', '区民政局'], []],
    ['公安青浦分局', ['公安青浦分局'], []],
    ['', [], []],
  ])('should part %s', (text, leads, partners) => {
    const read = readDepartments(text)
    expect([read.leads, read.partners]).toEqual([leads, partners])
  })

  it('should set towns apart', () => {
    expect(readDepartments('区农业农村委、各镇、朱泾镇')).toEqual({
      leads: ['区农业农村委'],
      partners: [],
      towns: ['各镇', '朱泾镇'],
    })
  })
})

describe('cleaning', () => {
  it('should take out tags, entities and the line breaks of narrow columns', () => {
    expect(clean('<p>蔬菜&nbsp;产量</p> <p>第二段</p>')).toMatchObject({ text: '蔬菜 产量\n第二段', tagged: true })
    expect(clean('完成7\n32户农户\n签约。\n另起一句').text).toBe('完成732户农户签约。\n另起一句')
    expect(clean('新改建农村公路\n12.5公里，\n共\n3.2万亩').text).toBe('新改建农村公路12.5公里，共3.2万亩')
    expect(clean('一是排查\n1.建立台账\n2.2023年底前整改').text).toBe('一是排查\n1.建立台账\n2.2023年底前整改')
    expect(clean('赵巷镇\n徐泾镇', true).text).toBe('赵巷镇\n徐泾镇')
    expect(clean('朱家\n角镇', true).text).toBe('朱家角镇')
    expect(clean('a < b &lt; c').text).toBe('a < b < c')
  })

  it('should lead every character back to where it stood', () => {
    const raw = '<p>完成 7\n32 户</p>\r\n <b>农户</b>'
    const { text, offsets } = clean(raw)
    expect(offsets).toHaveLength(text.length + 1)
    for (const [i, char] of [...text].entries()) if (!/\s/.test(char)) expect(raw[offsets[i] as number]).toBe(char)
  })
})

describe('categories', () => {
  it.each([
    ['(三)优化提升人居环境', 3, '优化提升人居环境'], ['（十一） 增强保障', 11, '增强保障'], ['一、产业振兴', 1, '产业振兴'], ['第二部分 生态', 2, '生态'], ['产业', null, '产业'],
  ])('should read %s', (text, no, name) => {
    expect(categoryTitle(text)).toEqual({ no, name })
  }) // prettier-ignore

  it('should choose the title that three in four say, or whose words the document uses', () => {
    const title = (appearances: string[], corpus: string): string | undefined =>
      readCategories(appearances, corpus).categories[0]?.name
    expect(title(['(一)强化乡村', '(一)强化多村', '(一)强化多村'], '乡村振兴，乡村建设')).toBe('强化乡村')
    expect(title(['(一)强化山村', '(一)强化乡村', '(一)强化乡村', '(一)强化乡村'], '山村')).toBe('强化乡村')
    expect(title(['(一)甲乙', '(一)丙丁'], '')).toBe('甲乙')
  })

  it('should number categories without numerals in their order', () => {
    expect(readCategories(['产业', '产业', '生态', '产业'], '').categories).toEqual([{ no: 1, name: '产业' }, { no: 2, name: '生态' }]) // prettier-ignore
  })

  it('should write the numerals that it reads', () => {
    for (let no = 1; no < 40; no++) expect(categoryTitle(`(${chineseOrdinal(no)})甲`).no).toBe(no)
  })
})

describe('sets of towns', () => {
  const lexicon = lexiconOf({ listed: [], prose: [], heads: [] }, QINGPU)
  const size = (text: string): number | null => {
    const found = townSetAt(text, 0)
    return found ? (townsOfSet(found.set, lexicon)?.length ?? -1) : null
  }
  it.each([
    ['11个街镇', 11], ['11 个街镇', 11], ['各街镇', 11], ['8 个镇', 8], ['各镇', 8], ['每个街镇', 11], ['全区各街镇', 11], ['三个街道', 3], ['各镇、街道', 11],
    ['各镇（街道）', 11], ['12个街镇', 12], ['9个镇', -1], ['有关镇', -1], ['4个乡村振兴固定观察点', null], ['1个镇', null], ['镇', null], ['8个镇级站点', null],
  ])('should take %s for %s towns', (text, count) => {
    expect(size(text)).toBe(count)
  }) // prettier-ignore

  it('should gather names from a document and leave common words alone', () => {
    const found = lexiconOf(
      {
        listed: [
          '服务指导朱溪镇、柳泾镇、石堰街道做好工作',
          '朱溪镇3个、柳泾镇 5 个、滨海工业区2个',
          '各镇、有关街镇',
          '全国文明镇',
          '朱溪镇、柳泾镇',
        ],
        prose: [
          '结合城镇建设，打造特色小镇、示范村镇和农业产业强镇，加强街镇联动，推进乡镇改革',
          '在试点镇、石堰街道开展',
        ],
        heads: [],
      },
      null,
    )
    expect(found.names.toSorted()).toEqual(['朱溪镇', '柳泾镇', '石堰街道', '滨海工业区'].toSorted())
  })
})

describe('names of towns that look like common words', () => {
  const names = [
    '奉城镇',
    '青村镇',
    '陈家镇',
    '堡镇',
    '庙镇',
    '向化镇',
    '建设镇',
    '新村乡',
    '嘉定镇街道',
    '川沙新镇',
    '泥城镇',
    '南汇新城镇',
    '城桥镇',
    '三星镇',
    '海湾旅游区',
    '莘庄工业区',
    '江川路街道',
    '大团镇',
    '新场镇',
  ]

  it('should be gathered from lists all the same', () => {
    const found = lexiconOf(
      {
        listed: [
          names.slice(0, 10).join('、'),
          names
            .slice(10)
            .map((n) => `${n} 3 个`)
            .join('；'),
        ],
        prose: [],
        heads: [],
      },
      null,
    )
    expect(found.names).toEqual(names)
  })
})

describe('names of measures', () => {
  it.each([
    ['全区落实粮食生产任务 ', '：', '粮食生产任务'], ['推进', '水产健康养殖示范场创建，', '水产健康养殖示范场创建'], ['培育高素质农民', '', '培育高素质农民'],
    ['计划新建高标准农田不少于', '。', '新建高标准农田'], ['主导品种覆盖率达到', '以上', '主导品种覆盖率'], ['全年累计新建“平安屋”', '并正式投入运作', '新建“平安屋”'],
    ['对', '资质到期的示范场进行复审', '资质到期的示范场复审'],
  ])('should call %s…%s %s', (before, after, name) => {
    expect(short(nameOf(before, after))).toBe(name)
  }) // prettier-ignore
})

describe('title, year and district', () => {
  it.each([
    [['附件', '2023 年上海市青浦区乡村振兴重点任务清单'], 'x.txt', 2023, '青浦区'],
    [['松江区2024年度推进乡村振兴重点任务分解表'], 'x.docx', 2024, '松江区'],
    [['关于印发《2025年崇明区乡村振兴工作要点》的通知'], 'x', 2025, '崇明区'],
    [['二〇二二年工作任务清单'], '奉贤区.docx', 2022, '奉贤区'],
    [[], '昆山市2026年任务.xlsx', 2026, '昆山市'],
    [['浦东新区2023年乡村振兴重点任务'], 'x', 2023, '浦东新区'],
    [['任务清单'], 'x', null, null],
  ])('should read %j', (lines, name, year, district) => {
    const title = readTitle(lines, name)
    expect([title.year, title.district]).toEqual([year, district])
  })
})

describe('tab-separated text', () => {
  it('should part paragraphs and tables at empty lines', () => {
    const document = documentFromText('标题\n\na\tb\n1\t2\n\nc\td\n', 'x.txt')
    expect(document.blocks.map((b) => (b.kind === 'table' ? b.rows.length : b.text))).toEqual(['标题', 2, 1])
  })

  it('should read quoted cells with tabs, line breaks and quotation marks', () => {
    const [block] = documentFromText('a\t"b\n""c""\td"\te\r\nf\tg\th\r\n', 'x').blocks
    expect(block?.kind === 'table' && block.rows.map((row) => row.cells.map((cell) => cell.text))).toEqual([['a', 'b\n"c"\td', 'e'], ['f', 'g', 'h']]) // prettier-ignore
  })
})
