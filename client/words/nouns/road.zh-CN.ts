/** Road works by chainage, and bridges that are due. */
export default {
  legend: '路段图例',
  state: { done: '已完成', planned: '计划未完成', idle: '未列计划' },
  strip: '直线图',
  stripLabel: '直线图。计划：{planned}；完成：{done}',
  row: { planned: '计划', done: '完成', findings: '问题', photos: '照片' },
  doneOf: '已完成 {done} 米 / 计划 {planned} 米',
  union: '合计 {metres} 米',
  ofLength: '占全长 {length} 米的 {share}',
  overlaps: '重叠 {n} 米只计一次',
  pastEnd: '{range} 超出路段终点 {end}（图上长 {length} 米）',
  pick: '在图上点两处添加',
  pickFirst: '请在路段上点起点',
  pickSecond: '起点 {from}，请再点终点',
  pickStop: '不再添加',
  tooFar: '离路段太远，请点在线上',
} as const
