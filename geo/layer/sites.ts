import type { Layer } from './layer.ts'

const KINDS = {
  'safe-house': { zh: '平安屋', en: 'Safe house' },
  clinic: { zh: '村卫生室', en: 'Village clinic' },
  'health-station': { zh: '社区卫生服务站', en: 'Community health station' },
  guesthouse: { zh: '星级乡村民宿', en: 'Starred guest house' },
  retail: { zh: '零售终端网点', en: 'Retail point' },
  'fish-farm': { zh: '水产健康养殖示范场', en: 'Healthy aquaculture farm' },
  'fish-farm-review': { zh: '示范场复审', en: 'Aquaculture farm under review' },
  machines: { zh: '“机器换人”基地', en: 'Base for machines in place of hands' },
  agriculture: { zh: '都市现代农业项目', en: 'Modern agriculture project' },
  land: { zh: '乡村振兴用地项目', en: 'Project that needs land' },
  watershed: { zh: '生态清洁小流域', en: 'Clean watershed' },
  schooling: { zh: '劳动教育实践基地', en: 'Base for work at school' },
  civility: { zh: '新时代文明实践特色站点', en: 'Civic practice station' },
  other: { zh: '其他', en: 'Other' },
} as const

/** What is built counts when it stands. */
const DONE = { field: 'stage', among: ['done'] }

/** 项目点: everything else that has a place. */
export const SITES: Layer = {
  id: 'sites',
  zh: '项目点',
  en: 'Project sites',
  geometry: 'point',
  figure: 'count',
  inTown: true,
  title: 'name',
  fields: {
    name: { zh: '名称', en: 'Name', type: 'text', required: true },
    kind: { zh: '类型', en: 'Kind', type: 'choice', required: true, options: KINDS },
    stage: {
      zh: '阶段',
      en: 'Stage',
      type: 'choice',
      options: { planned: { zh: '计划', en: 'Planned' }, building: { zh: '建设中', en: 'Being built' }, done: { zh: '已完成', en: 'Done' } },
    },
    operator: { zh: '实施主体', en: 'Run by', type: 'text' },
    startedOn: { zh: '开工', en: 'Started', type: 'date' },
    finishedOn: { zh: '完工', en: 'Finished', type: 'date' },
    open: { zh: '已投用', en: 'In use', type: 'yes-no' },
    note: { zh: '备注', en: 'Note', type: 'text' },
  },
  legend: {
    field: 'kind',
    classes: {
      'safe-house': { colour: '#b0413e' },
      clinic: { colour: '#c2457e' },
      'health-station': { colour: '#8c2f62' },
      guesthouse: { colour: '#8a5fb0' },
      retail: { colour: '#c07a10' },
      'fish-farm': { colour: '#1d6f91' },
      'fish-farm-review': { colour: '#4a8fb0' },
      machines: { colour: '#5d7a1e' },
      agriculture: { colour: '#2f7d5b' },
      land: { colour: '#7a5a3a' },
      watershed: { colour: '#00797d' },
      schooling: { colour: '#3d5fb0' },
      civility: { colour: '#a0522d' },
      other: { colour: '#626e7a' },
    } satisfies Record<keyof typeof KINDS, { colour: string }>,
  },
  sees: 'reader',
  edits: 'site.edit',
  serves: [
    { year: 2023, measure: '12.1', where: { kind: 'watershed' }, reached: DONE },
    { year: 2023, measure: '21.2', where: { kind: 'fish-farm' }, reached: DONE },
    { year: 2023, measure: '21.3', where: { kind: 'fish-farm-review' }, reached: DONE },
    { year: 2023, measure: '28.1', where: { kind: 'machines' }, reached: DONE },
    { year: 2023, measure: '29.1', where: { kind: 'agriculture' }, reached: DONE },
    { year: 2023, measure: '33.1', where: { kind: 'guesthouse' }, reached: DONE },
    { year: 2023, measure: '41.1', where: { kind: 'safe-house' }, reached: DONE },
    { year: 2023, measure: '45.3', where: { kind: 'civility' }, reached: DONE },
    { year: 2023, measure: '47.1', where: { kind: 'clinic' }, reached: DONE },
    { year: 2023, measure: '47.2', where: { kind: 'health-station' }, reached: DONE },
    { year: 2023, measure: '49.1', where: { kind: 'schooling' } },
    { year: 2023, measure: '50.1', where: { kind: 'land' } },
  ],
}
