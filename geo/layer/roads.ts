import type { Layer } from './layer.ts'

/** 路段: pieces of rural roads that are built, mended or looked after. Works are given in metres from the segment's start (桩号). */
export const ROADS: Layer = {
  id: 'roads',
  zh: '路段',
  en: 'Road segments',
  geometry: 'line',
  figure: 'length',
  inTown: true,
  title: 'name',
  fields: {
    name: { zh: '名称', en: 'Name', type: 'text', required: true },
    works: {
      zh: '工程',
      en: 'Works',
      type: 'choice',
      required: true,
      options: {
        upgrade: { zh: '农村公路提档升级', en: 'Rural road upgrade' },
        'grade-c': { zh: 'C级较差道路改造', en: 'Grade C road repair' },
        waterside: { zh: '临河隐患路段整治', en: 'Waterside hazard repair' },
        none: { zh: '日常管护', en: 'Maintenance only' },
      },
    },
    class: {
      zh: '等级',
      en: 'Class',
      type: 'choice',
      options: { county: { zh: '县道', en: 'County road' }, township: { zh: '乡道', en: 'Township road' }, village: { zh: '村道', en: 'Village road' }, inner: { zh: '村内道路', en: 'Road within a village' } },
    },
    state: {
      zh: '技术状况',
      en: 'State',
      type: 'choice',
      options: { A: { zh: 'A 级', en: 'A' }, B: { zh: 'B 级', en: 'B' }, C: { zh: 'C 级', en: 'C' }, D: { zh: 'D 级', en: 'D' } },
    },
    chief: { zh: '路长', en: 'Road chief', type: 'text' },
    year: { zh: '年度', en: 'Year', type: 'whole', least: 2000, most: 2100 },
    planned: { zh: '计划桩号', en: 'Planned chainage', type: 'ranges', unit: '米' },
    done: { zh: '完成桩号', en: 'Done chainage', type: 'ranges', unit: '米' },
    note: { zh: '备注', en: 'Note', type: 'text' },
  },
  legend: { field: 'works', classes: { upgrade: { colour: '#1d4f91' }, 'grade-c': { colour: '#b0512b' }, waterside: { colour: '#00797d' }, none: { colour: '#626e7a' } } },
  sees: 'reader',
  edits: 'layer.edit',
  serves: [
    { year: 2023, measure: '11.2', where: { works: 'upgrade' }, ranges: 'done' },
    { year: 2023, measure: '9.1', where: { works: 'grade-c' }, ranges: 'done' },
    { year: 2023, measure: '9.2', where: { works: 'waterside' }, ranges: 'done' },
  ],
}
