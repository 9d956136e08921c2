import type { Layer } from './layer.ts'

/** 行政村、居委会: as the statistics bureau lists them. The list has no coordinates; who knows where a village lies sets it. */
export const VILLAGES: Layer = {
  id: 'villages',
  zh: '村居',
  en: 'Villages',
  geometry: 'point',
  figure: 'count',
  inTown: true,
  title: 'name',
  fields: {
    name: { zh: '名称', en: 'Name', type: 'text', required: true },
    code: { zh: '统计代码', en: 'Statistical code', type: 'text' },
    kind: {
      zh: '类型',
      en: 'Kind',
      type: 'choice',
      required: true,
      options: { village: { zh: '行政村', en: 'Village' }, community: { zh: '居委会', en: 'Community' } },
    },
    committee: { zh: '名录中的全称', en: 'Name in the list', type: 'text' },
    households: { zh: '户数', en: 'Households', type: 'whole', unit: '户', least: 0, most: 100_000 },
  },
  legend: { field: 'kind', classes: { village: { colour: '#5b4a9c' }, community: { colour: '#8d87a8' } } },
  sees: 'reader',
  edits: 'site.edit',
  serves: [],
}
