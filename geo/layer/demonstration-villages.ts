import type { Layer } from './layer.ts'

/** 示范村: villages that are built up as examples, with the year, how far they are, and what has been seen to. */
export const DEMONSTRATION_VILLAGES: Layer = {
  id: 'demonstration-villages',
  zh: '示范村',
  en: 'Demonstration villages',
  geometry: 'point',
  figure: 'count',
  inTown: true,
  title: 'name',
  fields: {
    name: { zh: '名称', en: 'Name', type: 'text', required: true },
    kind: {
      zh: '类型',
      en: 'Kind',
      type: 'choice',
      required: true,
      options: {
        demonstration: { zh: '乡村振兴示范村', en: 'Rural revitalisation demonstration village' },
        beautiful: { zh: '市级美丽乡村示范村', en: 'Municipal beautiful village' },
        consolidation: { zh: '全域土地综合整治试点村', en: 'Village of the land consolidation pilot' },
      },
    },
    village: { zh: '村代码', en: 'Village code', type: 'text' },
    year: { zh: '创建年度', en: 'Year', type: 'whole', least: 2018, most: 2100, required: true },
    stage: {
      zh: '阶段',
      en: 'Stage',
      type: 'choice',
      options: {
        declared: { zh: '申报', en: 'Declared' },
        designed: { zh: '村庄设计', en: 'Village design' },
        building: { zh: '建设中', en: 'Being built' },
        accepted: { zh: '已验收', en: 'Accepted' },
      },
    },
    checklist: {
      zh: '建设清单',
      en: 'Checklist',
      type: 'choices',
      options: {
        design: { zh: '村庄设计完成', en: 'Village design done' },
        projects: { zh: '建设项目清单形成', en: 'List of projects made' },
        environment: { zh: '人居环境整治完成', en: 'Surroundings put in order' },
        industry: { zh: '主导产业落地', en: 'Leading industry settled' },
        maintenance: { zh: '管护机制建立', en: 'Maintenance arranged' },
      },
    },
    note: { zh: '备注', en: 'Note', type: 'text' },
  },
  legend: { field: 'kind', classes: { demonstration: { colour: '#b0413e' }, beautiful: { colour: '#2f7d5b' }, consolidation: { colour: '#a06a12' } } },
  sees: 'reader',
  edits: 'site.edit',
  serves: [
    { year: 2023, measure: '1.1', where: { kind: 'demonstration', year: 2022 }, reached: { field: 'stage', among: ['accepted'] } },
    { year: 2023, measure: '2.1', where: { kind: 'demonstration', year: 2023 } },
    { year: 2023, measure: '3.1', where: { kind: 'beautiful' }, reached: { field: 'stage', among: ['accepted'] } },
    { year: 2023, measure: '6.1', where: { kind: 'consolidation' }, reached: { field: 'stage', among: ['designed', 'building', 'accepted'] } },
  ],
}
