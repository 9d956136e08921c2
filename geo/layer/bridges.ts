import type { Layer } from './layer.ts'

/** 桥梁: with the cycle in which their structure is looked at (at least once in three years, task 9). */
export const BRIDGES: Layer = {
  id: 'bridges',
  zh: '桥梁',
  en: 'Bridges',
  geometry: 'point',
  figure: 'count',
  inTown: true,
  title: 'name',
  fields: {
    name: { zh: '名称', en: 'Name', type: 'text', required: true },
    grade: {
      zh: '技术等级',
      en: 'Grade',
      type: 'choice',
      required: true,
      options: { '1': { zh: '一类', en: 'Grade 1' }, '2': { zh: '二类', en: 'Grade 2' }, '3': { zh: '三类', en: 'Grade 3' }, '4': { zh: '四类', en: 'Grade 4' }, '5': { zh: '五类', en: 'Grade 5' } },
    },
    span: { zh: '桥长', en: 'Length', type: 'number', unit: '米', least: 0, most: 5000 },
    cycle: { zh: '检查周期', en: 'Inspection cycle', type: 'whole', unit: '月', least: 1, most: 36, required: true },
    inspectedOn: { zh: '上次检查', en: 'Last inspected', type: 'date' },
    keeper: { zh: '管护单位', en: 'Kept by', type: 'text' },
    note: { zh: '备注', en: 'Note', type: 'text' },
  },
  legend: { field: 'grade', classes: { '1': { colour: '#1a7a4c' }, '2': { colour: '#4f8f3a' }, '3': { colour: '#a97900' }, '4': { colour: '#c05a1c' }, '5': { colour: '#b3261e' } } },
  sees: 'reader',
  edits: 'layer.edit',
  serves: [],
}
