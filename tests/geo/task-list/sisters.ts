import type { SourceBlock, SourceCell, SourceDocument } from '../../../geo/task-list/source.ts'

/** Lists of other districts, made up for the tests: other layouts, other towns, other wording. Town names are invented. */

const cell = (text: string): SourceCell => {
  if (text === '^') return { text: '', merged: 'above' }
  if (text === '<') return { text: '', merged: 'left' }
  return { text, merged: null }
}
const table = (rows: string[][], page: number | null = null): SourceBlock => ({
  kind: 'table',
  rows: rows.map((row) => ({ cells: row.map(cell) })),
  page,
  sheet: null,
})
const paragraph = (text: string): SourceBlock => ({ kind: 'paragraph', text, page: null, sheet: null })
const document = (name: string, ...blocks: SourceBlock[]): SourceDocument => ({ name, format: 'docx', blocks })

/**
 * As a web page gives it: no municipal number, one department column with stars, responsible towns without amounts, a line break wherever the
 * column was narrow, and the merged category cell simply missing from the rows below.
 */
export const STARRED = document(
  'list.md',
  paragraph('临江区2024年推进乡村振兴战略重点任务清单'),
  table([
    ['类别', '序号', '任务名称', '任务要求及举措', '责任部门\n（加*号为牵头部门，\n其余为参与部门）', '责任街镇', '完成时间\n节点'],
    ['（一）\n持续\n推进\n示范村\n建设', '1', '完成2023年度\n乡村振兴示范村\n建设', '完成2023年度2个乡村振兴示\n范村建设，持续提升建设水平。', '区农业农村委*、\n区发改委、\n区规资局、区水务局等', '浦汇镇', '10月底'],
    ['2', '开展市级\n美丽乡村示范村\n创建', '启动2024年度市级美丽乡村示范村创建工作，创建不少于5个。', '区农业农村委＊、区交通委', '浦汇镇、浦荣街道、\n桥湾镇、华滨镇', '12月底'],
    ['（二）\n全面\n推进\n农民\n集中\n居住', '3', '推进\n农民相对集中居住', '落实市级下达的2024年农民相对集中居住指标，完成7\n32户农户签约，推进已签约项目建设。', '*区建设管理委、\n区农业农村委、\n区财政局', '浦汇镇、浦荣街道、\n梅溪镇、颛川镇', '12月底'],
    ['4', '加强农房建设管理', '加强农房建设全过程监管，新建农房竣工验收率达到100%。', '区建设管理委*\n区农业农村委\n区规划资源\n局', '各有关镇', '12月底'],
    ['（三）\n优化\n提升\n人居\n环境', '5', '实施农村人居环境\n优化提升行动', '完成1200户生活污水设施改造，其中浦汇镇500户、桥湾镇400户、颛川镇300户。每月上报进展情况。', '区农业农村委*', '各镇、街道', '11月底'],
    ['6', '推进“四好农村路”建设', '完成农村公路提档升级15.8公里。', '区交通委*', '浦汇镇\n桥湾镇\n华滨镇', '全年'],
  ]),
) // prettier-ignore

/** Title and sections inside the table, a head of two rows, leads and partners apart, deadlines in every manner, notes below. */
export const SECTIONED = document(
  '附件1.docx',
  paragraph('附件1'),
  table([
    ['2025年滨湖区乡村振兴工作任务分解表', '<', '<', '<', '<', '<', '<'],
    ['编号', '重点任务', '工作要求', '责任单位', '<', '街镇任务量', '完成\n时限'],
    ['^', '^', '^', '牵头单位', '配合单位', '^', '^'],
    ['一、产业振兴', '<', '<', '<', '<', '<', '<'],
    ['1', '稳定粮食面积', '全年粮食播种面积稳定在８．６万亩以上。', '区农业农村局', '区统计局', '朱溪镇 1.2万亩；柳泾镇 2.4万亩；石堰镇 5万亩', '2025年10月31日前'],
    ['2', '建设高标准农田', '新建高标准农田１，２００亩。', '区农业农村局', '区规划和自然资源局、区财政局', '高标准农田建设（亩）：朱溪镇300、柳泾镇400、石堰镇500', '第三季度末'],
    ['二、生态振兴', '<', '<', '<', '<', '<', '<'],
    ['3', '河道整治', '整治河道 1 200 米。', '区水务局', '', '朱溪镇、柳泾镇各整治600米', '6月30日前'],
    ['4', '创建绿色村庄', '创建绿色村庄三个。', '区绿化市容局', '各镇', '每个镇创建1个', '2025.12.31'],
    ['5', '农村垃圾分类', '垃圾分类达标率≥95%。', '^', '区文明办', '3个镇', '长期坚持'],
    ['三、组织振兴', '<', '<', '<', '<', '<', '<'],
    ['6', '选派驻村干部', '选派一批优秀干部驻村，至少培训村干部150人次。', '区委组织部', '区委农办', '各镇', '年底'],
    ['注：带“街镇任务量”的以正式下达为准。', '<', '<', '<', '<', '<', '<'],
  ]),
) // prettier-ignore

/** One column a town, as spreadsheets have it, with the unit in the head; no category, no requirement beyond the indicator. */
export const MATRIX = document(
  '青川县2024年度指标.xlsx',
  table([
    ['序号', '指标名称', '工作内容', '单位', '牵头部门', '各镇任务量', '<', '<', '<', '完成时间'],
    ['^', '^', '^', '^', '^', '白塔镇', '云岭乡', '河口街道', '青川经济开发区', '^'],
    ['1', '粮食播种面积', '稳定粮食播种面积4300亩', '亩', '县农业农村局', '1500', '2,000', '800', '', '10月底'],
    ['2', '新建冷库', '新建冷库', '座', '县商务局', '1', '2', '', '3', '12月'],
    ['3', '农村公路养护', '完成农村公路养护', '公里', '县交通局', '10.5', '20.25', '0', '4', '11月中旬'],
  ]),
) // prettier-ignore

/** No numbers, no categories, no deadline; departments and towns in one column; everything in prose. */
export const PROSE = document(
  '清单.docx',
  paragraph('东湖市2026年乡村建设重点任务'),
  table([
    ['主要任务', '主要措施', '责任单位'],
    ['农村厕所改造', '全年改造农村户厕6000户，其中金沙镇2000户、白沙镇1500户、青山乡2500户；建成公厕十二座。', '牵头：市农业农村局；配合：市住建局、市财政局'],
    ['农村饮水安全', '金沙镇、白沙镇共同建设1座规模化水厂，农村自来水普及率不低于98%，漏损率控制在10%以内。', '市水利局、金沙镇、白沙镇'],
    ['村级道路', '新建村道约35.5公里（金沙镇12公里，白沙镇8.5公里，青山乡15公里）。', '市交通运输局，各乡镇'],
    ['乡村旅游', '打造2至3条精品线路，举办农民丰收节等活动不少于4场；支持青山乡创建1个省级旅游村。', '市文旅局'],
  ]),
) // prettier-ignore

/** An assessment table: indicator, unit and figure in columns of their own, the indicator merged down over several rows. */
export const ASSESSED = document(
  '2021年岛泗县乡村振兴任务清单.docx',
  table([
    ['考核项目', '序号', '考核指标', '考核内容', '单位', '年度目标', '责任部门', '评分部门'],
    ['农业高质高效', '1', '确保粮食供给', '农林牧渔业增加值增幅', '%', '≥2%', '县海洋与渔业局\n县农业农村局', '市农业农村局'],
    ['^', '2', '^', '粮食播种面积', '万亩', '0.07', '县农业农村局', '^'],
    ['^', '3', '^', '生猪存栏', '万头', '0', '县农业农村局', '^'],
    ['乡村宜居宜业', '4', '农村改厕', '改造卫生公厕', '座', '25', '县住建局', '市建委'],
  ]),
) // prettier-ignore

/** Sections as rows with only the first cell filled, towns among the partners, a head that names the towns in brackets. */
export const ISSUED = document(
  'x.xlsx',
  paragraph('关于印发《湖东区2025年度乡村全面振兴重点任务清单》的通知'),
  table([
    ['序号', '重点任务', '主要举措', '牵头单位', '配合单位', '各镇、街道', '完成时间'],
    ['（一）粮食安全', '', '', '', '', '', ''],
    ['1', '稳粮保供', '粮食播种面积16.8万亩；能繁母猪存栏量保持在5000头以上。', '区农业农村委', '区发展改革委、各镇', '各镇', '持续推进'],
    ['（二）乡村建设', '', '', '', '', '', ''],
    ['2', '美丽乡村', '新创建市级美丽乡村示范村10个、区级示范宅基80个。', '区农业农村委、区妇联', '', '东湖镇：市级2个、区级20个；南桥镇：市级3个、区级30个；西渡街道：市级5个、区级30个', '11月底'],
  ]),
) // prettier-ignore

/** Tab-separated text torn by line breaks in its cells. */
export const TORN = [
  '2024年望海区乡村振兴重点工作任务清单',
  '',
  '序号\t任务类别\t任务\n名称\t任务要求\n及举措\t牵头部门\t责任街镇\t完成时间',
  '1\t产业发展\t发展设施\n农业\t新建设施菜田\n350亩，其中海堰镇200亩、\n沙咀镇150亩。\t区农业\n农村委\t海堰镇\n沙咀镇\t12月底',
  '2\t\t培育农业\n龙头企业\t培育龙头企业4家。\t区农业农村委\t2个镇\t2024年\n11月底前',
  '3\t乡村建设\t村庄绿化\t村庄绿化率提高到32.5%。\t区绿化\n市容局\t望海街道\t9月底',
].join('\n')
